// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using TcpIp.Dhcp;
using VirtualBoard.Services;
using VirtualBoard.WayOut;
using BoardError = TcpIp.SocketError;
using BoardSocketType = TcpIp.Sockets.SocketType;
using SocketError = System.Net.Sockets.SocketError;

namespace HostTests.EndToEnd.Gateway;

/// <summary>The PC as the board's router: an address, names, the time, and a way out through the PC's own sockets.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class GatewayTests : IDisposable
{
    private readonly WireStation _station = new(new GatewayOptions { Udp = new UdpForward(0, 7) });

    public void Dispose() => _station.Dispose();

    [Fact]
    public void An_address_comes_with_all_that_goes_with_it_and_is_given_back()
    {
        DhcpLease lease = _station.Dhcp.Lease;
        Assert.Equal("192.168.1.50", IPv4Address.ToString(lease.Address));
        Assert.Equal(0xFFFFFF00u, lease.Netmask);
        Assert.Equal("192.168.1.1", IPv4Address.ToString(lease.Router));
        Assert.Equal(lease.Router, lease.GetDnsServer(0));
        Assert.Equal(lease.Router, lease.GetNtpServer(0));
        Assert.Equal("home.arpa", Encoding.ASCII.GetString(lease.Domain, 0, lease.DomainLength));
        Assert.Equal(3600u, lease.Time);

        DhcpServer server = _station.Forwarder.Gateway!.Dhcp;
        Assert.Equal(lease.Address, server.FindName("BOARD"));
        _station.Dhcp.Renew();
        _station.RunUntil(() => _station.Dhcp.Counters.Acks == 2);
        _station.Dhcp.Release();
        _station.RunUntil(() => server.Releases == 1);
        Assert.Equal(0u, server.FindName("board"));
        DhcpCounters c = _station.Dhcp.Counters;
        Assert.Equal(0u, c.BadHeader + c.BadLength + c.BadOptions + c.BadPort + c.BadAddress + c.BadLease + c.BadNetmask + c.BadRouter + c.NoServer + c.Naks);
    }

    [Fact]
    public async Task A_connection_reaches_a_server_of_the_PC_and_ends_as_it_should()
    {
        byte[] sent = new byte[100_000];
        new Random(5).NextBytes(sent);
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task echo = Task.Run(async () =>
        {
            using Socket peer = await listener.AcceptSocketAsync();
            using NetworkStream stream = new(peer);
            await stream.CopyToAsync(stream);
            peer.Shutdown(SocketShutdown.Send);
        });

        int socket = _station.Connect(_station.Gateway, PortOf(listener));
        Assert.True(socket >= 0, $"{(BoardError)socket}");
        byte[] received = new byte[sent.Length];
        int written = 0;
        int read = 0;
        int last = -1;
        _station.RunUntil(() =>
        {
            written += Math.Max(0, written == sent.Length ? 0 : _station.Sockets.Write(socket, sent, written, sent.Length - written));
            if (written == sent.Length)
            {
                _station.Sockets.Shutdown(socket);
            }

            last = _station.Sockets.Read(socket, received, read, received.Length - read);
            read += Math.Max(0, last);
            return read == received.Length;
        });
        Assert.Equal(sent, received);
        _station.RunUntil(() => _station.Sockets.Read(socket, new byte[1], 0, 1) == 0);
        _station.Sockets.Close(socket);
        await echo;
        _station.RunUntil(() => _station.Forwarder.Gateway!.Connections.Open == 0);
        _station.RunUntil(() => _station.Forwarder.Stack.Pool.Free == ForwardedBoard.TotalFrames(_station.Forwarder.Stack.Pool));
        Assert.Equal(1, _station.Forwarder.Gateway!.Connections.Total);
    }

    [Fact]
    public void Many_connections_at_once_are_kept_apart()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        for (int round = 0; round < 5; round++)
        {
            int[] sockets = [.. Enumerable.Range(0, 3).Select(_ => _station.Connect(_station.Gateway, PortOf(listener)))];
            Socket[] peers = [.. sockets.Select(_ => listener.AcceptSocket())];
            for (int i = 0; i < sockets.Length; i++)
            {
                Assert.Equal(1, _station.Sockets.Write(sockets[i], [(byte)('a' + i)], 0, 1));
                peers[i].Send(Encoding.ASCII.GetBytes($"{i}"));
            }

            byte[] buffer = new byte[8];
            List<string> pairs = [];
            for (int i = 0; i < sockets.Length; i++)
            {
                _station.RunUntil(() => peers[i].Available == 1);
                peers[i].Receive(buffer);
                pairs.Add($"{(char)buffer[0]}");
                _station.RunUntil(() => _station.Sockets.Read(sockets[i], buffer, 0, 8) == 1);
                pairs.Add($"{(char)buffer[0]}");
            }

            // each peer heard one socket, and each socket one peer; which belongs to which is the PC's order
            Assert.Equal(["0", "1", "2", "a", "b", "c"], pairs.Order());
            foreach (int socket in sockets)
            {
                _station.Sockets.Abort(socket);
            }

            // a reset of the board is one for the PC
            Assert.All(peers, peer => Assert.Equal(SocketError.ConnectionReset, ErrorOf(peer)));
            Array.ForEach(peers, peer => peer.Dispose());
        }
    }

    [Fact]
    public void A_port_where_nobody_listens_refuses()
    {
        int port;
        using (TcpListener listener = new(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = PortOf(listener);
        }

        Assert.Equal(BoardError.ConnectionRefused, (BoardError)_station.Connect(_station.Gateway, port));

        // and so for datagrams
        int socket = _station.Sockets.Socket(BoardSocketType.Datagram);
        _station.Sockets.Connect(socket, _station.Gateway, port);
        _station.RunUntil(() =>
        {
            int result = _station.Sockets.Write(socket, [1], 0, 1);
            return result == (int)BoardError.ConnectionRefused || _station.Sockets.GetError(socket) == BoardError.ConnectionRefused;
        });
    }

    [Fact]
    public void Beyond_the_PC_nothing_is_reached_unless_it_is_allowed()
    {
        Assert.Equal(BoardError.ConnectionRefused, (BoardError)_station.Connect(IPv4Address.Parse("198.51.100.7"), 80));
        int socket = _station.Sockets.Socket(BoardSocketType.Datagram);
        _station.Sockets.Connect(socket, IPv4Address.Parse("198.51.100.7"), 9);
        _station.Sockets.Write(socket, [1], 0, 1);
        _station.RunUntil(() => _station.Sockets.GetError(socket) == BoardError.HostUnreachable);
        Assert.True(_station.Forwarder.TryTakeNotice(out string? notice));
        Assert.Contains("198.51.100.7", notice, StringComparison.Ordinal);
        Assert.Contains("--outside", notice, StringComparison.Ordinal);
        Assert.False(_station.Forwarder.TryTakeNotice(out _));
    }

    [Fact]
    public void With_outside_other_addresses_are_themselves()
    {
        IPAddress? own = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(a));
        if (own is null || own.ToString().StartsWith("192.168.1.", StringComparison.Ordinal))
        {
            // a PC without a network has nothing beyond itself
            return;
        }

        using WireStation station = new(new GatewayOptions { Outside = true });
        using TcpListener listener = new(own, 0);
        listener.Start();
        int socket = station.Connect(IPv4Address.Parse(own.ToString()), PortOf(listener));
        Assert.True(socket >= 0, $"{(BoardError)socket}");
        using Socket peer = listener.AcceptSocket();
        Assert.Equal(own, ((IPEndPoint)peer.RemoteEndPoint!).Address);
    }

    [Fact]
    public void Datagrams_find_a_server_of_the_PC_and_the_way_back()
    {
        using Socket server = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        int socket = _station.Sockets.Socket(BoardSocketType.Datagram);
        _station.Sockets.Connect(socket, _station.Gateway, ((IPEndPoint)server.LocalEndPoint!).Port);
        byte[] buffer = new byte[2000];
        foreach (int length in new[] { 0, 1, 500, 1472 })
        {
            byte[] sent = [.. Enumerable.Range(0, length).Select(i => (byte)i)];
            _station.Sockets.Write(socket, sent, 0, length);
            _station.RunUntil(() => server.Poll(0, SelectMode.SelectRead));
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            Assert.Equal(length, server.ReceiveFrom(buffer, ref from));
            Assert.Equal(sent, buffer[..length]);
            server.SendTo(sent.Reverse().ToArray(), from);
            int read = -1;
            _station.RunUntil(() => (read = _station.Sockets.Read(socket, buffer, 0, buffer.Length)) >= 0);
            Assert.Equal(sent.Reverse(), buffer[..read]);
        }
    }

    [Fact]
    public void Datagrams_to_the_forwarded_port_reach_the_board_and_its_answers_each_program()
    {
        int socket = _station.Sockets.Socket(BoardSocketType.Datagram);
        Assert.Equal(0, _station.Sockets.Bind(socket, 7));
        using Socket one = Program();
        using Socket other = Program();
        byte[] buffer = new byte[100];
        TcpIp.Sockets.DatagramSource source = new();
        foreach (Socket program in new[] { one, other, one })
        {
            program.Send([1, 2, 3]);
            int length = -1;
            _station.RunUntil(() => (length = _station.Sockets.ReceiveFrom(socket, buffer, 0, buffer.Length, source)) >= 0);
            Assert.Equal([1, 2, 3], buffer[..length]);
            Assert.Equal(_station.Gateway, source.Address);
            Assert.Equal(2, _station.Sockets.SendTo(socket, [4, 5], 0, 2, source.Address, source.Port));
            _station.RunUntil(() => program.Available > 0);
            Assert.Equal(2, program.Receive(buffer));
        }

        Assert.Equal(0, one.Available + other.Available);
    }

    [Fact]
    public void Names_of_the_PC_and_of_the_board_are_known_and_others_only_with_outside()
    {
        Assert.Equal((0, "192.168.1.1"), Lookup(_station, "pc"));
        Assert.Equal((0, "192.168.1.1"), Lookup(_station, "PC.home.arpa"));
        Assert.Equal((0, "192.168.1.50"), Lookup(_station, "board.home.arpa"));
        Assert.Equal((3, string.Empty), Lookup(_station, "nobody"));
        Assert.Equal((3, string.Empty), Lookup(_station, "nobody.home.arpa"));
        Assert.Equal((5, string.Empty), Lookup(_station, "www.example.org"));
        Assert.True(_station.Forwarder.TryTakeNotice(out string? notice));
        Assert.Contains("www.example.org", notice, StringComparison.Ordinal);

        // an IPv6 address is asked for: there is the name, and no such address
        byte[] answer = _station.Ask(53, Question("pc", 28));
        Assert.Equal(0, answer[3] & 0xF);
        Assert.Equal(0, answer[7]);
    }

    [Fact]
    public void The_time_is_the_PCs()
    {
        byte[] question = new byte[48];
        question[0] = 0x23;
        BinaryPrimitives.WriteUInt64BigEndian(question.AsSpan(40), 0x1122334455667788);
        byte[] answer = _station.Ask(123, question);
        Assert.Equal(48, answer.Length);
        Assert.Equal(0x24, answer[0]);
        Assert.InRange(answer[1], 1, 15);
        Assert.Equal(0x1122334455667788u, BinaryPrimitives.ReadUInt64BigEndian(answer.AsSpan(24)));
        DateTime time = new DateTime(1900, 1, 1).AddSeconds(BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(40)));
        Assert.InRange(Math.Abs((DateTime.UtcNow - time).TotalSeconds), 0, 10);
    }

    private static int PortOf(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static (int Code, string Address) Lookup(WireStation station, string name)
    {
        byte[] question = Question(name, 1);
        byte[] answer = station.Ask(53, question);
        Assert.Equal(question[..2], answer[..2]);
        Assert.Equal(0x80, answer[2] & 0xF8);
        return (answer[3] & 0xF, answer[7] == 0 ? string.Empty : new IPAddress(answer[^4..]).ToString());
    }

    private static byte[] Question(string name, byte type) =>
        [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Split('.').SelectMany(l => new[] { (byte)l.Length }.Concat(Encoding.ASCII.GetBytes(l))), 0, 0, type, 0, 1];

    private SocketError ErrorOf(Socket peer)
    {
        byte[] buffer = new byte[8];
        SocketError error = SocketError.Success;
        peer.Blocking = false;
        _station.RunUntil(() =>
        {
            peer.Receive(buffer, SocketFlags.None, out error);
            return error != SocketError.WouldBlock;
        });
        return error;
    }

    private Socket Program()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, _station.Forwarder.UdpPort);
        return socket;
    }
}
