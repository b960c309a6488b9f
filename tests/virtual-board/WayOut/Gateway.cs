// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using VirtualBoard.Forward;
using VirtualBoard.Packets;
using VirtualBoard.Services;

namespace VirtualBoard.WayOut;

/// <summary>
/// The PC as the board's router: the DHCP, DNS and NTP servers of its network, and the way out. It sees each frame before the PC's stack
/// does, and what the stack sends before the wire does.
/// </summary>
internal sealed class Gateway : IFrameFilter, IDisposable
{
    // as many as a class of boards needs
    private const int Leases = 50;

    private readonly WireInterface _wire;
    private readonly uint _ours;
    private readonly Action<Action> _post;
    private readonly Destinations _destinations;
    private readonly ConnectionsOut _connections;
    private readonly DatagramsOut _datagrams;
    private readonly DatagramsIn? _datagramsIn;
    private readonly DhcpServer _dhcp = new(BoardSubnet.Gateway, BoardSubnet.Netmask, BoardSubnet.Board, Leases);
    private readonly DnsServer _dns;

    /// <summary>Begins to serve.</summary>
    /// <param name="wire">The PC's place on the wire.</param>
    /// <param name="sockets">The calls of the PC's stack.</param>
    /// <param name="board">Knows where the board is.</param>
    /// <param name="options">What the board may do.</param>
    /// <param name="post">Runs something on the thread that owns all this.</param>
    /// <param name="wake">Wakes that thread.</param>
    /// <param name="tell">Tells the user something.</param>
    /// <exception cref="SetupException">A port cannot be had.</exception>
    public Gateway(
        WireInterface wire, SocketLayer sockets, BoardWatch board, GatewayOptions options, Action<Action> post, Action wake, Action<string> tell)
    {
        _wire = wire;
        _ours = BoardSubnet.Gateway;
        _post = post;
        _destinations = new Destinations(_ours, options.Outside, tell);
        _connections = new ConnectionsOut(wire, sockets, _ours, _destinations, post, wake);
        _datagrams = new DatagramsOut(wire, _destinations, post);
        _dns = new DnsServer(_ours, _dhcp.FindName, options.Outside, tell);
        if (options.Udp is not null)
        {
            _datagramsIn = new DatagramsIn(wire, board, _ours, options.Udp, post);
        }
    }

    /// <summary>The DHCP server.</summary>
    public DhcpServer Dhcp => _dhcp;

    /// <summary>Connections that the board has opened.</summary>
    public ConnectionsOut Connections => _connections;

    /// <summary>The PC's port whose datagrams go to the board, or 0.</summary>
    public int UdpPort => _datagramsIn?.Port ?? 0;

    /// <inheritdoc/>
    public bool Take(Span<byte> frame)
    {
        if (!IPv4Packet.TryRead(frame, out IPv4Packet packet))
        {
            return false;
        }

        if (packet.Protocol == IPv4Packet.Udp)
        {
            return TakeDatagram(frame, packet);
        }

        if (packet.Protocol == IPv4Packet.Tcp)
        {
            return _connections.Take(frame, packet);
        }

        if (packet.Destination == _ours || !IsBeyond(packet.Destination))
        {
            return false;
        }

        // a ping, say: only connections and datagrams have a way out
        _destinations.Find(packet.Destination, 0);
        _wire.SendFrame(PacketWriter.NotReachable(_wire.Station(_ours), Destinations.Prohibited, frame));
        return true;
    }

    /// <inheritdoc/>
    public void Leaving(Span<byte> frame) => _connections.Leaving(frame);

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Step(int now)
    {
        _datagrams.Step();
        return _connections.Step(now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connections.Dispose();
        _datagrams.Dispose();
        _datagramsIn?.Dispose();
    }

    private static bool IsBeyond(uint address) =>
        ((address ^ BoardSubnet.Gateway) & BoardSubnet.Netmask) != 0 && TcpIp.IPv4Address.IsUnicast(address);

    private bool TakeDatagram(ReadOnlySpan<byte> frame, in IPv4Packet packet)
    {
        if (packet.DestinationPort == DhcpMessage.ServerPort && packet.SourcePort == DhcpMessage.ClientPort)
        {
            AnswerDhcp(frame, packet);
            return true;
        }

        if (packet.Destination != _ours && !IsBeyond(packet.Destination))
        {
            return false;
        }

        if (packet.Destination == _ours && packet.DestinationPort is DnsQuestion.Port or NtpServer.Port)
        {
            AnswerService(frame, packet);
            return true;
        }

        if (_datagramsIn?.Take(frame, packet) != true)
        {
            _datagrams.Take(frame, packet);
        }

        return true;
    }

    /// <summary>RFC 2131 section 4.1: where the answer goes follows from what the client has and wants.</summary>
    private void AnswerDhcp(ReadOnlySpan<byte> frame, in IPv4Packet packet)
    {
        if (!packet.TryGetData(frame, out ReadOnlySpan<byte> data) || DhcpMessage.Read(data) is not DhcpMessage message)
        {
            return;
        }

        DhcpMessage? answer = _dhcp.Answer(message);
        if (answer is null)
        {
            return;
        }

        bool toAll = answer.Type == DhcpMessage.Nak || (message.ClientAddress == 0 && message.WantsBroadcast);
        uint address = message.ClientAddress != 0 ? message.ClientAddress : answer.GivenAddress;
        Station client = toAll ? Station.All : new Station(message.Client, address);
        _wire.SendFrame(PacketWriter.Datagram(_wire.Station(_ours), DhcpMessage.ServerPort, client, DhcpMessage.ClientPort, answer.Bytes));
    }

    private void AnswerService(ReadOnlySpan<byte> frame, in IPv4Packet packet)
    {
        if (!packet.TryGetData(frame, out ReadOnlySpan<byte> data))
        {
            return;
        }

        Station client = PacketWriter.SenderOf(frame, packet);
        int servicePort = packet.DestinationPort;
        int clientPort = packet.SourcePort;
        if (servicePort == NtpServer.Port)
        {
            Send(NtpServer.Answer(data, DateTime.UtcNow));
        }
        else
        {
            _dns.Answer(data, answer => _post(() => Send(answer)));
        }

        void Send(byte[]? answer)
        {
            if (answer is not null)
            {
                _wire.SendFrame(PacketWriter.Datagram(_wire.Station(_ours), servicePort, client, clientPort, answer));
            }
        }
    }
}
