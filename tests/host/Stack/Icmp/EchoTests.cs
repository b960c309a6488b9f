// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Icmp;

/// <summary>Echoes that we ask for: ping and traceroute (RFC 792, RFC 1122 section 3.2.2.6).</summary>
public sealed class EchoTests : StackTest
{
    private readonly EchoResult _result = new();

    [Theory, BothOrders]
    public void C1_an_echo_that_we_ask_for_tells_bytes_round_trip_and_TTL(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int socket = net.Sockets.Socket(SocketType.Echo);
        HashSet<uint> seen = [];
        foreach (int length in new[] { 0, 1, 2, 56, 57, 1472, 1473, 2039, 2040 })
        {
            Assert.Equal(0, net.Sockets.SendEcho(socket, net.Client.Ip, length, 5000));
            Assert.True(net.Stack.NeedsPoll);
            Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveEcho(socket, _result));
            SeenFrame request = Sent(net);
            Assert.Equal((8, 0), (request.IcmpType, request.IcmpCode));
            Assert.Equal(Enumerable.Range(0, length).Select(i => (byte)i), request.IcmpData);
            Assert.True(seen.Add(Wire.Get32(request.IpPayload, 4)));
            net.Advance(37);
            Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveEcho(socket, _result));
            Reply(net, request, ttl: 61);
            Assert.Equal(length, net.Sockets.ReceiveEcho(socket, _result));
            Assert.Equal(
                (net.Client.Ip, 37, length, 61, 0, 0),
                (_result.Address, _result.RoundTripTime, _result.Length, _result.TimeToLive, _result.ErrorType, _result.ErrorCode));

            // it is told once
            Assert.Equal((int)SocketError.InvalidState, net.Sockets.ReceiveEcho(socket, _result));
        }

        Assert.Equal(9u, net.Stack.Icmp.Counters.EchoRequestsSent);
        Assert.Equal(9u, net.Stack.Icmp.Counters.EchoRepliesReceived);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C11_only_the_reply_that_was_asked_for_counts()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        net.Sockets.SendEcho(socket, net.Client.Ip, 20, 5000);
        SeenFrame request = Sent(net);
        TestHost other = net.AddHost(0x020000000077, Wire.Address("192.168.1.77"));
        byte[] bad = request.IpPayload.ToArray();
        bad[5] ^= 1;
        Reply(net, request, payload: bad);
        bad = request.IpPayload.ToArray();
        bad[7] ^= 1;
        Reply(net, request, payload: bad);
        Reply(net, request, from: other);
        Assert.Equal(3u, net.Stack.Icmp.Counters.EchoRepliesIgnored);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveEcho(socket, _result));
        Reply(net, request);
        Reply(net, request);
        Assert.Equal(4u, net.Stack.Icmp.Counters.EchoRepliesIgnored);
        Assert.Equal(20, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
        Reply(net, request);
        Assert.Equal(5u, net.Stack.Icmp.Counters.EchoRepliesIgnored);
        Assert.Empty(net.Packets);
    }

    [Fact]
    public void An_echo_that_nobody_answers_times_out_when_it_was_asked_to()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        net.AssertAlive();
        net.Sockets.SendEcho(socket, net.Client.Ip, 20, 700);
        SeenFrame request = Sent(net);
        net.Advance(699);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveEcho(socket, _result));
        net.Advance(1);
        Assert.Equal((int)SocketError.TimedOut, net.Sockets.ReceiveEcho(socket, _result));
        Assert.Equal((net.Client.Ip, 700), (_result.Address, _result.RoundTripTime));

        // what comes now is too late
        Reply(net, request);
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(11, 0, SocketError.TimeToLiveExceeded)]
    [InlineData(11, 1, SocketError.TimeToLiveExceeded)]
    [InlineData(3, 0, SocketError.NetworkUnreachable)]
    [InlineData(3, 1, SocketError.HostUnreachable)]
    [InlineData(3, 13, SocketError.HostUnreachable)]
    public void An_error_tells_which_router_sent_it_as_traceroute_needs(int type, int code, SocketError error)
    {
        TestNetwork net = Begin();
        net.TimesToLive.Add(2);
        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal(0, net.Sockets.SetTimeToLive(socket, 2));
        net.Sockets.SendEcho(socket, net.Far.Ip, 32, 5000);
        SeenFrame request = Sent(net);
        Assert.Equal(2, request.Ttl);
        net.Advance(12);
        uint router = Wire.Address("198.51.100.1");
        Error(net, router, type, code, request.Bytes[14..42]);
        Assert.Equal((int)error, net.Sockets.ReceiveEcho(socket, _result));
        Assert.Equal((router, 12, type, code), (_result.Address, _result.RoundTripTime, _result.ErrorType, _result.ErrorCode));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C11_an_error_about_what_was_not_asked_has_no_effect()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        net.Sockets.SendEcho(socket, net.Far.Ip, 32, 5000);
        byte[] quote = Sent(net).Bytes[14..42];
        foreach (int place in new[] { 12, 19, 20, 25, 27 })
        {
            byte[] bad = quote.ToArray();
            bad[place] ^= 4;
            Error(net, net.Gateway.Ip, 11, 0, bad);
        }

        Error(net, net.Gateway.Ip, 11, 0, quote[..27]);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveEcho(socket, _result));
        Error(net, net.Gateway.Ip, 11, 0, quote);
        Assert.Equal((int)SocketError.TimeToLiveExceeded, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(56)]
    [InlineData(2000)]
    public void A16_a_neighbour_that_does_not_answer_ARP_is_unreachable(int length)
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        int socket = net.Sockets.Socket(SocketType.Echo);
        net.Sockets.SendEcho(socket, net.Client.Ip, length, 60000);
        net.Advance(2900);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveEcho(socket, _result));
        net.Advance(200);
        Assert.Equal((int)SocketError.HostUnreachable, net.Sockets.ReceiveEcho(socket, _result));
        Assert.Equal((TestNetwork.StackIp, 0), (_result.Address, _result.ErrorType));

        // and it is remembered for a while
        net.Sockets.SendEcho(socket, net.Client.Ip, length, 60000);
        net.Poll();
        Assert.Equal((int)SocketError.HostUnreachable, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData("192.168.1.50", 56)]
    [InlineData("192.168.1.50", 2040)]
    [InlineData("127.0.0.1", 1473)]
    public void B26_a_ping_to_ourselves_is_answered(string address, int length)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal(0, net.Sockets.SendEcho(socket, Wire.Address(address), length, 100));
        net.Poll();
        Assert.Equal(length, net.Sockets.ReceiveEcho(socket, _result));
        Assert.Equal((TestNetwork.StackIp, 64), (_result.Address, _result.TimeToLive));
        Assert.Empty(net.Packets);
        Assert.Empty(net.Arps);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void With_no_frame_free_a_request_waits_for_one()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        List<Frame> taken = [];
        while (net.Stack.Pool.Free > 0)
        {
            taken.Add(net.Stack.Pool.Rent(60)!);
        }

        int socket = net.Sockets.Socket(SocketType.Echo);
        net.Sockets.SendEcho(socket, net.Client.Ip, 20, 700);
        net.Poll();
        Assert.Empty(net.Packets);
        taken.ForEach(net.Stack.Pool.Return);
        Reply(net, Sent(net));
        Assert.Equal(20, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Several_echo_sockets_wait_side_by_side()
    {
        TestNetwork net = Begin(configure: c => c.EchoSockets = 3);
        int[] sockets = [.. Enumerable.Range(0, 3).Select(_ => net.Sockets.Socket(SocketType.Echo))];
        Assert.Equal(3, sockets.Distinct().Count());
        Assert.Equal((int)SocketError.TooManyOpenSockets, net.Sockets.Socket(SocketType.Echo));
        net.AssertAlive();
        for (int i = 0; i < 3; i++)
        {
            net.Sockets.SendEcho(sockets[i], net.Client.Ip, 10 + i, 5000);
        }

        net.Poll();
        SeenFrame[] requests = [.. net.Packets];
        net.Packets.Clear();
        for (int i = 2; i >= 0; i--)
        {
            Reply(net, requests[i]);
            Assert.Equal(10 + i, net.Sockets.ReceiveEcho(sockets[i], _result));
        }

        foreach (int socket in sockets)
        {
            Assert.Equal(0, net.Sockets.Close(socket));
        }
    }

    [Fact]
    public void Misuse_gets_a_named_error()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        uint ip = net.Client.Ip;
        Assert.Equal(2040, net.Sockets.LargestEcho);
        Assert.Equal((int)SocketError.MessageTooLong, net.Sockets.SendEcho(socket, ip, 2041, 100));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendEcho(socket, ip, -1, 100));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendEcho(socket, ip, 1, 0));
        foreach (uint address in new[] { 0u, 0xFFFFFFFF, TestNetwork.SubnetBroadcast, 0xE0000001, 0xF0000001 })
        {
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendEcho(socket, address, 1, 100));
        }

        Assert.Equal((int)SocketError.InvalidState, net.Sockets.ReceiveEcho(socket, _result));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.ReceiveEcho(socket, null!));
        Assert.Equal(0, net.Sockets.SendEcho(socket, ip, 1, 100));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.SendEcho(socket, ip, 1, 100));
        net.Advance(200);
        net.Packets.Clear();
        Assert.Equal((int)SocketError.TimedOut, net.Sockets.ReceiveEcho(socket, _result));
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        Assert.Equal((int)SocketError.NetworkUnreachable, net.Sockets.SendEcho(socket, net.Far.Ip, 1, 100));
        net.Stack.Configure(0, TestNetwork.Netmask, 0);
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.SendEcho(socket, ip, 1, 100));
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);

        // calls of other kinds of sockets
        int datagram = net.Sockets.Socket(SocketType.Datagram);
        int stream = net.Sockets.Socket();
        foreach (int other in new[] { datagram, stream, -1, int.MaxValue })
        {
            SocketError error = other == datagram || other == stream ? SocketError.OperationNotSupported : SocketError.BadDescriptor;
            Assert.Equal((int)error, net.Sockets.SendEcho(other, ip, 1, 100));
            Assert.Equal((int)error, net.Sockets.ReceiveEcho(other, _result));
        }

        byte[] buffer = new byte[4];
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Write(socket, buffer, 0, 1));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Bind(socket, 1));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Connect(socket, ip, 1));
        net.Sockets.Close(datagram);

        // a stale descriptor does not fit the next owner's block
        Assert.Equal(0, net.Sockets.Close(socket));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Close(socket));
        int again = net.Sockets.Socket(SocketType.Echo);
        Assert.NotEqual(socket, again);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SendEcho(socket, ip, 1, 100));
        Assert.Equal(0, net.Sockets.Close(again));
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Datagram)]
    [InlineData(SocketType.Echo)]
    public void B8_the_time_to_live_is_settable_per_socket_and_never_0(SocketType type)
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        int socket = net.Sockets.Socket(type);
        foreach (int wrong in new[] { 0, -1, 256, int.MinValue })
        {
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SetTimeToLive(socket, wrong));
        }

        Assert.Equal(0, net.Sockets.SetTimeToLive(socket, 255));
        Assert.Equal(0, net.Sockets.SetTimeToLive(socket, 1));
        net.TimesToLive.Clear();
        net.TimesToLive.Add(1);
        Send(net, socket, type);
        net.Poll();
        Assert.Equal(1, Assert.Single(net.Packets).Ttl);
        net.Sockets.Close(socket);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.SetTimeToLive(socket, 5));

        // the next owner of the block begins with 64 again
        net.TimesToLive.Clear();
        net.TimesToLive.Add(64);
        net.Packets.Clear();
        socket = net.Sockets.Socket(type);
        Send(net, socket, type);
        net.Poll();
        Assert.Equal(64, Assert.Single(net.Packets).Ttl);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B8_a_connection_has_its_listeners_time_to_live()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        Assert.Equal(0, net.Sockets.SetTimeToLive(listener, 7));
        net.TimesToLive.Add(7);
        TcpPeer peer = net.Peer();
        peer.Send("S");
        Assert.Equal(7, peer.Expect("SA").Ttl);
        peer.Send("A");
        int socket = net.Accept(listener);
        Assert.Equal(0, net.Sockets.SetTimeToLive(socket, 64));
        net.Write(socket, "x");
        net.Poll();
        Assert.Equal(64, peer.Expect("PA").Ttl);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void A_request_that_was_asked_for_does_not_leave_after_our_address_is_gone()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal(0, net.Sockets.SendEcho(socket, net.Far.Ip, 10, 1000));
        net.Stack.Configure(0, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Advance(100);
        Assert.Empty(net.Packets);
        Assert.Empty(net.Arps);
        Assert.Equal((int)SocketError.NetworkUnreachable, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
    }

    [Fact]
    public void A_request_that_waits_for_a_MAC_address_keeps_nobody_awake()
    {
        TestNetwork net = Begin();
        TestHost silent = net.AddHost(0x020000000077, Wire.Address("192.168.1.77"));
        silent.AnswersArp = false;
        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal(0, net.Sockets.SendEcho(socket, silent.Ip, 2000, 5000));
        Assert.True(net.Stack.NeedsPoll);
        Assert.InRange(net.Poll(), 1, 1000);
        Assert.False(net.Stack.NeedsPoll);
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.SendEcho(socket, silent.Ip, 2000, 5000));

        // it answers in the end
        net.Advance(500);
        silent.AnswersArp = true;
        net.Advance(1000);
        Assert.Equal(2000, Assert.Single(net.Packets).IcmpData.Length);
        net.Packets.Clear();
        net.Advance(5000);
        Assert.Equal((int)SocketError.TimedOut, net.Sockets.ReceiveEcho(socket, _result));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_request_that_waits_for_frames_leaves_soon_after_there_are_some()
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        List<Frame> taken = [];
        while (net.Stack.Pool.Free > 0)
        {
            taken.Add(net.Stack.Pool.Rent(64)!);
        }

        int socket = net.Sockets.Socket(SocketType.Echo);
        Assert.Equal(0, net.Sockets.SendEcho(socket, net.Client.Ip, 100, 5000));
        net.Poll();
        Assert.False(net.Stack.NeedsPoll);
        taken.ForEach(net.Stack.Pool.Return);
        net.Advance(100);
        Assert.Single(net.Packets);
        net.Packets.Clear();
        net.Advance(5000);
        net.Sockets.Close(socket);
    }

    private static void Send(TestNetwork net, int socket, SocketType type)
    {
        switch (type)
        {
            case SocketType.Stream:
                net.Sockets.Connect(socket, net.Client.Ip, 9);
                break;
            case SocketType.Datagram:
                net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, 9);
                break;
            default:
                net.Sockets.SendEcho(socket, net.Client.Ip, 1, 100);
                break;
        }
    }

    private static SeenFrame Sent(TestNetwork net)
    {
        net.Poll();
        SeenFrame frame = Assert.Single(net.Packets);
        net.Packets.Clear();
        Assert.True(frame.IsIcmp);
        return frame;
    }

    private static void Reply(TestNetwork net, SeenFrame request, byte[]? payload = null, TestHost? from = null, int ttl = 64)
    {
        TestHost host = from ?? net.Client;
        byte[] message = FrameBuilder.Icmp(0, 0, (payload ?? request.IpPayload)[4..]);
        for (int offset = 0; offset < message.Length; offset += 1480)
        {
            int length = Math.Min(1480, message.Length - offset);
            int flags = (offset + length < message.Length ? 0x2000 : 0) | (offset / 8);
            net.DeliverIp(host, FrameBuilder.Ip(
                host.Ip, TestNetwork.StackIp, 1, message[offset..(offset + length)], ttl: ttl, flagsAndOffset: flags, id: request.Id));
        }
    }

    private static void Error(TestNetwork net, uint router, int type, int code, byte[] quote)
    {
        byte[] message = FrameBuilder.Icmp(type, code, [0, 0, 0, 0, .. quote]);
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(router, TestNetwork.StackIp, 1, message));
    }
}
