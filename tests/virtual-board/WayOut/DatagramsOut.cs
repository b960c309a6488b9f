// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using VirtualBoard.Forward;
using VirtualBoard.Packets;

namespace VirtualBoard.WayOut;

/// <summary>Datagrams that the board sends leave through the PC's sockets, and what comes back goes to the board.</summary>
/// <param name="wire">The PC's place on the wire.</param>
/// <param name="destinations">Where things are.</param>
/// <param name="post">Runs something on the thread that owns all this.</param>
internal sealed class DatagramsOut(WireInterface wire, Destinations destinations, Action<Action> post) : IDisposable
{
    private const int MostFlows = 64;
    private const int IdleLimit = 60_000;
    private const int HostUnreachable = 1;
    private const int PortUnreachable = 3;

    private readonly Dictionary<Flow, DatagramFlow> _flows = [];

    /// <summary>Answers that were too large for one packet, which is all that is made here.</summary>
    public long TooLarge { get; private set; }

    /// <summary>Takes a datagram of the board.</summary>
    public void Take(ReadOnlySpan<byte> frame, in IPv4Packet packet)
    {
        if (!packet.TryGetData(frame, out ReadOnlySpan<byte> data))
        {
            return;
        }

        Flow key = Flow.Of(packet);
        if (!_flows.TryGetValue(key, out DatagramFlow? flow))
        {
            IPEndPoint? peer = destinations.Find(packet.Destination, packet.DestinationPort);
            flow = peer is null ? null : Open(key, peer, PacketWriter.SenderOf(frame, packet));
            if (flow is null)
            {
                int code = peer is null ? Destinations.Prohibited : HostUnreachable;
                wire.SendFrame(PacketWriter.NotReachable(wire.Station(packet.Destination), code, frame));
                return;
            }
        }

        flow.UsedAt = Environment.TickCount64;
        flow.LastFrame = frame.ToArray();
        flow.Send(data);
    }

    /// <summary>Closes what nobody has used for a while.</summary>
    public void Step()
    {
        long now = Environment.TickCount64;
        foreach ((Flow key, DatagramFlow flow) in _flows)
        {
            if (now - flow.UsedAt > IdleLimit)
            {
                Close(key);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DatagramFlow flow in _flows.Values)
        {
            flow.Dispose();
        }

        _flows.Clear();
    }

    private DatagramFlow? Open(Flow key, IPEndPoint peer, Station board)
    {
        if (_flows.Count == MostFlows)
        {
            Close(_flows.MinBy(f => f.Value.UsedAt).Key);
        }

        try
        {
            DatagramFlow flow = new(peer, data => post(() => Deliver(key, board, data)), () => post(() => Refuse(key)));
            _flows.Add(key, flow);
            return flow;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private void Deliver(Flow key, Station board, byte[] data)
    {
        if (data.Length > PacketWriter.MostData)
        {
            TooLarge++;
        }
        else if (_flows.TryGetValue(key, out DatagramFlow? flow))
        {
            flow.UsedAt = Environment.TickCount64;
            wire.SendFrame(PacketWriter.Datagram(wire.Station(key.Destination), key.DestinationPort, board, key.SourcePort, data));
        }
    }

    private void Refuse(Flow key)
    {
        if (_flows.TryGetValue(key, out DatagramFlow? flow))
        {
            wire.SendFrame(PacketWriter.NotReachable(wire.Station(key.Destination), PortUnreachable, flow.LastFrame));
            Close(key);
        }
    }

    private void Close(Flow key)
    {
        if (_flows.Remove(key, out DatagramFlow? flow))
        {
            flow.Dispose();
        }
    }
}
