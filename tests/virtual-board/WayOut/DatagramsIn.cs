// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using VirtualBoard.Forward;
using VirtualBoard.Packets;

namespace VirtualBoard.WayOut;

/// <summary>
/// Datagrams to a port of 127.0.0.1 go to a port of the board. Each program on the PC gets a port of the gateway for its own, so that the
/// board's answers find back.
/// </summary>
internal sealed class DatagramsIn : IDisposable
{
    private const int MostPrograms = 64;
    private const int FirstPort = 40_000;
    private const int LastPort = 48_999;

    private readonly WireInterface _wire;
    private readonly BoardWatch _board;
    private readonly uint _ours;
    private readonly int _boardPort;
    private readonly Action<Action> _post;
    private readonly Socket _socket;
    private readonly Dictionary<int, EndPoint> _programs = [];
    private readonly Dictionary<EndPoint, int> _ports = [];
    private readonly Queue<int> _order = new();
    private int _nextPort = FirstPort;

    /// <summary>Takes the PC's port.</summary>
    /// <exception cref="SetupException">It cannot be had.</exception>
    public DatagramsIn(WireInterface wire, BoardWatch board, uint ours, UdpForward ports, Action<Action> post)
    {
        _wire = wire;
        _board = board;
        _ours = ours;
        _boardPort = ports.BoardPort;
        _post = post;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Bind(new IPEndPoint(IPAddress.Loopback, ports.PcPort));
        }
        catch (SocketException e)
        {
            _socket.Dispose();
            string why = e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "is used by another program",
                SocketError.AccessDenied => "may not be used by this user",
                _ => "cannot be opened: " + e.Message,
            };
            throw new SetupException($"UDP port {ports.PcPort} of 127.0.0.1 {why}. Choose another with --udp PORT:{ports.BoardPort}.", e);
        }

        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        _ = ReceiveAsync();
    }

    /// <summary>The port on the PC.</summary>
    public int Port { get; }

    /// <summary>Takes a datagram of the board, if it is an answer to a program on the PC.</summary>
    /// <returns>Whether it is.</returns>
    public bool Take(ReadOnlySpan<byte> frame, in IPv4Packet packet)
    {
        if (packet.Destination != _ours || packet.SourcePort != _boardPort || !_programs.TryGetValue(packet.DestinationPort, out EndPoint? program))
        {
            return false;
        }

        if (packet.TryGetData(frame, out ReadOnlySpan<byte> data))
        {
            try
            {
                _socket.SendTo(data, program);
            }
            catch (SocketException)
            {
                // the program has gone
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (true)
        {
            try
            {
                SocketReceiveFromResult received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0)).ConfigureAwait(false);
                byte[] data = buffer[..received.ReceivedBytes];
                _post(() => Deliver(received.RemoteEndPoint, data));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
            {
                // Windows tells of a program that did not wait for its answer
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Deliver(EndPoint program, byte[] data)
    {
        if (data.Length <= PacketWriter.MostData && _board.Station is Station board)
        {
            _wire.SendFrame(PacketWriter.Datagram(_wire.Station(_ours), PortOf(program), board, _boardPort, data));
        }
    }

    private int PortOf(EndPoint program)
    {
        if (_ports.TryGetValue(program, out int port))
        {
            return port;
        }

        if (_order.Count == MostPrograms)
        {
            // the oldest gives way
            int oldest = _order.Dequeue();
            _ports.Remove(_programs[oldest]);
            _programs.Remove(oldest);
        }

        do
        {
            _nextPort = _nextPort == LastPort ? FirstPort : _nextPort + 1;
        }
        while (_programs.ContainsKey(_nextPort));

        _programs.Add(_nextPort, program);
        _ports.Add(program, _nextPort);
        _order.Enqueue(_nextPort);
        return _nextPort;
    }
}
