// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using TcpIp.Sockets;
using VirtualBoard.Forward;
using VirtualBoard.Packets;
using PcError = System.Net.Sockets.SocketError;

namespace VirtualBoard.WayOut;

/// <summary>
/// Connections that the board opens leave through the PC's sockets. The PC's end of each is our own stack, which knows one address only:
/// so destinations are translated on the way to it, and back on the way to the board, to a port for each connection.
/// </summary>
/// <param name="wire">The PC's place on the wire.</param>
/// <param name="sockets">The calls of the PC's stack.</param>
/// <param name="ours">The address of the PC's stack.</param>
/// <param name="destinations">Where things are.</param>
/// <param name="post">Runs something on the thread that owns all this.</param>
/// <param name="wake">Wakes that thread.</param>
internal sealed class ConnectionsOut(WireInterface wire, SocketLayer sockets, uint ours, Destinations destinations, Action<Action> post, Action wake)
    : IDisposable
{
    private const int MostConnections = 48;
    private const int LingerFor = 60_000;
    private const int HostUnreachable = 1;

    // below those that our stack's own sockets get
    private const int FirstPort = 10_000;
    private const int LastPort = 39_999;

    private readonly Dictionary<Flow, ConnectionOut> _byFlow = [];
    private readonly Dictionary<int, ConnectionOut> _byPort = [];
    private int _nextPort = FirstPort;

    /// <summary>Connections so far.</summary>
    public long Total { get; private set; }

    /// <summary>Connections that are not over.</summary>
    public int Open => _byFlow.Values.Count(c => c.OverSince is null);

    /// <summary>Takes a segment of the board, or translates it for our stack.</summary>
    /// <returns>Whether it was taken.</returns>
    public bool Take(Span<byte> frame, in IPv4Packet packet)
    {
        Flow flow = Flow.Of(packet);
        _byFlow.TryGetValue(flow, out ConnectionOut? connection);
        if (connection is { OverSince: not null } && packet.IsOpening)
        {
            // the board has begun anew
            Remove(connection);
            connection = null;
        }

        if (connection is not null)
        {
            if (connection.IsListening)
            {
                packet.SetDestination(frame, ours, connection.Port);
            }

            // while the PC is not connected yet, a repeated SYN has to wait like the first
            return !connection.IsListening;
        }

        if (packet.IsOpening)
        {
            Begin(frame, packet, flow);
            return true;
        }

        return false;
    }

    /// <summary>Translates a segment that our stack sends, if it belongs to one of these connections.</summary>
    public void Leaving(Span<byte> frame)
    {
        if (IPv4Packet.TryRead(frame, out IPv4Packet packet)
            && packet.Protocol == IPv4Packet.Tcp
            && _byPort.TryGetValue(packet.SourcePort, out ConnectionOut? connection))
        {
            packet.SetSource(frame, connection.Flow.Destination, connection.Flow.DestinationPort);
        }
    }

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Step(int now)
    {
        bool moved = false;
        foreach (ConnectionOut connection in _byFlow.Values)
        {
            moved |= connection.Step(now);
            if (connection.OverSince is long since && Environment.TickCount64 - since > LingerFor)
            {
                Remove(connection);
            }
        }

        return moved;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ConnectionOut connection in _byFlow.Values)
        {
            connection.Dispose();
        }
    }

    private void Begin(ReadOnlySpan<byte> syn, in IPv4Packet packet, Flow flow)
    {
        IPEndPoint? peer = destinations.Find(packet.Destination, packet.DestinationPort);
        if (peer is null)
        {
            // refused, as by a firewall: of an ICMP error the board would think that it may pass
            wire.SendFrame(PacketWriter.Refusal(wire.Station(ours).Mac, syn));
        }
        else if (Open < MostConnections)
        {
            Total++;
            ConnectionOut connection = new(sockets, flow, PickPort(), syn.ToArray(), peer, (c, e) => post(() => Connected(c, e)), wake);
            _byFlow.Add(flow, connection);
            _byPort.Add(connection.Port, connection);
        }
    }

    private void Connected(ConnectionOut connection, PcError? error)
    {
        if (connection.OverSince is not null)
        {
            return;
        }

        if (error is null && connection.Listen())
        {
            wire.Arrive(connection.Syn);
            return;
        }

        bool refused = error is PcError.ConnectionRefused or PcError.ConnectionReset or null;
        wire.SendFrame(refused
            ? PacketWriter.Refusal(wire.Station(ours).Mac, connection.Syn)
            : PacketWriter.NotReachable(wire.Station(ours), HostUnreachable, connection.Syn));
        Remove(connection);
    }

    private int PickPort()
    {
        do
        {
            _nextPort = _nextPort == LastPort ? FirstPort : _nextPort + 1;
        }
        while (_byPort.ContainsKey(_nextPort));

        return _nextPort;
    }

    private void Remove(ConnectionOut connection)
    {
        connection.Dispose();
        _byFlow.Remove(connection.Flow);
        _byPort.Remove(connection.Port);
    }
}
