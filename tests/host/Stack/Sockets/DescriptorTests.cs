// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Sockets;

/// <summary>Descriptors are tickets with a generation, and each misuse of a call has a name.</summary>
public sealed class DescriptorTests : StackTest
{
    [Fact]
    public void A_stale_descriptor_is_refused_by_every_call_even_when_its_place_is_taken_again()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 1);
        int old = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Close(old));
        int fresh = net.Sockets.Socket();
        Assert.NotEqual(old, fresh);
        foreach (int bad in new[] { old, -1, int.MinValue, int.MaxValue, fresh + 1, fresh ^ 0x40 })
        {
            AssertBad(net.Sockets, bad);
        }

        Assert.Equal(0, net.Sockets.Bind(fresh, 80));
    }

    [Fact]
    public void Generations_differ_over_many_lives()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 2);
        HashSet<int> seen = [];
        for (int i = 0; i < 5000; i++)
        {
            int socket = net.Sockets.Socket();
            Assert.True(socket >= 0);
            Assert.True(seen.Add(socket));
            net.Sockets.Close(socket);
        }
    }

    [Fact]
    public void After_close_the_descriptor_is_gone_although_the_connection_lives_on()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "last");
        Assert.Equal(0, net.Sockets.Close(socket));
        AssertBad(net.Sockets, socket);
        peer.Expect("FPA", text: "last");
    }

    [Fact]
    public void The_table_has_an_end()
    {
        TestNetwork net = Begin(configure: c => c.TcpSockets = 3);
        int[] sockets = [net.Sockets.Socket(), net.Sockets.Socket(), net.Sockets.Socket()];
        Assert.Equal(3, sockets.Distinct().Count());
        Assert.Equal((int)SocketError.TooManyOpenSockets, net.Sockets.Socket());
        net.Sockets.Close(sockets[1]);
        Assert.True(net.Sockets.Socket() >= 0);
    }

    [Fact]
    public void Bind_and_listen_name_what_is_wrong()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(socket, -1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(socket, 65536));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal(0, net.Sockets.Bind(socket, 65535));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 80));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Listen(socket, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Listen(socket, -1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Accept(socket));
        Assert.Equal(0, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(socket));
        int other = net.Sockets.Socket();
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(other, 65535));
        net.Sockets.Close(socket);
        Assert.Equal(0, net.Sockets.Bind(other, 65535));
    }

    [Fact]
    public void Calls_on_a_fresh_socket_say_NotConnected()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        Assert.Equal(TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        Assert.Equal((int)SocketError.NotConnected, net.ReadResult(socket));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Write(socket, new byte[1], 0, 1));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Shutdown(socket));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Peek(socket, new ReceivedView()));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, 1));
    }

    [Fact]
    public void Calls_on_a_listener_say_that_it_is_not_connected()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        Assert.Equal((int)SocketError.NotConnected, net.ReadResult(listener));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Write(listener, new byte[1], 0, 1));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Shutdown(listener));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Connect(listener, net.Client.Ip, 7));
    }

    [Fact]
    public void Connect_twice_says_IsConnected_and_after_a_failure_InvalidState()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(port: 7);
        int socket = peer.OpenFrom();
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.Connect(socket, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 80));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Accept(socket));
        peer.Send("R");
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Connect(socket, net.Client.Ip, 7));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    public void Connect_to_an_impossible_port_is_an_invalid_argument(int port)
    {
        TestNetwork net = Begin();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Connect(net.Sockets.Socket(), net.Client.Ip, port));
    }

    [Fact]
    public void A_second_connection_with_the_same_two_ends_is_refused()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer(stackPort: 5000, port: 7);
        int first = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(first, 5000));
        net.Sockets.Connect(first, net.Client.Ip, 7);
        peer.Expect("S");
        peer.Send("SA");
        peer.Expect("A");
        int second = net.Sockets.Socket();
        if (net.Sockets.Bind(second, 5000) == 0)
        {
            Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Connect(second, net.Client.Ip, 7));
        }

        peer.ExpectNothing();
    }

    [Fact]
    public void A_bound_port_may_speak_to_two_different_peers()
    {
        TestNetwork net = Begin();
        TcpPeer seven = net.Peer(stackPort: 5000, port: 7);
        TcpPeer eight = net.Peer(stackPort: 5000, port: 8);
        foreach (TcpPeer peer in new[] { seven, eight })
        {
            int socket = net.Sockets.Socket();
            Assert.Equal(0, net.Sockets.Bind(socket, 5000));
            Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, peer.Port));
            peer.Expect("S");
        }
    }

    [Fact]
    public void Buffers_that_do_not_fit_are_invalid_arguments()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        byte[] buffer = new byte[10];
        (int, int)[] ranges = [(-1, 5), (0, 11), (10, 1), (11, 0), (5, -1), (int.MaxValue, 1), (1, int.MaxValue), (0, int.MinValue)];
        foreach ((int offset, int count) in ranges)
        {
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, buffer, offset, count));
            Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, buffer, offset, count));
        }

        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, (byte[])null!, 0, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, null!, 0, 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, (WordBuffer)null!, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, new WordBuffer("abcd", WordOrder.LowByteFirst), 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, new WordBuffer("abcd", WordOrder.LowByteFirst), 6));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Peek(socket, null!));
        Assert.Equal(0, net.Sockets.Write(socket, buffer, 10, 0));
        peer.ExpectNothing();
    }

    [Fact]
    public void The_table_can_be_listed_like_netstat()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        int socket = peer.OpenTo(listener);
        peer.Send("PA", length: 100);
        net.Write(socket, new byte[50]);
        SocketStatus status = new();
        List<string> rows = [];
        for (int row = 0; row < net.Sockets.Count; row++)
        {
            if (net.Sockets.GetStatus(row, status))
            {
                string ends = $"{status.LocalPort} {status.RemoteAddress:X8}:{status.RemotePort}";
                rows.Add($"{status.State} {ends} {status.ReceiveQueueBytes} {status.SendQueueBytes}");
            }
        }

        Assert.Equal(["Listen 80 00000000:0 0 0", "Established 80 C0A8010A:40000 100 50"], rows);
    }

    [Fact]
    public void The_table_lists_connections_that_peers_are_opening()
    {
        TestNetwork net = Begin();
        net.Listen();
        SocketStatus status = new();
        int first = net.Sockets.RowCount - net.Configuration.TcpSynQueue;
        Assert.False(net.Sockets.GetStatus(first, status));
        TcpPeer peer = net.Peer();
        peer.Send("S", mss: 1460, win: 5000);
        SeenFrame answer = peer.Expect("SA");
        net.Advance(1200);
        peer.TakeAll();
        Assert.True(net.Sockets.GetStatus(first, status));
        Assert.Equal((SocketType.Stream, TcpState.SynReceived), (status.Type, status.State));
        Assert.Equal((80, net.Client.Ip, peer.Port), (status.LocalPort, status.RemoteAddress, status.RemotePort));
        Assert.Equal((answer.Seq, answer.Seq + 1, peer.Iss + 1), (status.SendUnacknowledged, status.SendNext, status.ReceiveNext));
        Assert.Equal((2920, 5000, 1, 1800), (status.ReceiveWindow, status.SendWindow, status.Retransmissions, status.RetransmissionTimer));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Close(status.Descriptor));
        peer.Send("A");
        Assert.False(net.Sockets.GetStatus(first, status));
    }

    [Fact]
    public void The_table_lists_datagram_sockets_behind_the_streams()
    {
        TestNetwork net = Begin();
        SocketStatus status = new();
        int streams = net.Configuration.TcpSockets;
        Assert.Equal(streams + net.Configuration.UdpSockets + net.Configuration.EchoSockets + net.Configuration.TcpSynQueue, net.Sockets.RowCount);
        Assert.False(net.Sockets.GetStatus(-1, status));
        Assert.False(net.Sockets.GetStatus(net.Sockets.RowCount, status));
        int open = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(open, 5353);
        int connected = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(connected, net.Client.Ip, 53);
        foreach (int length in new[] { 100, 0, 23 })
        {
            byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 9, 5353, new byte[length]);
            net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram));
        }

        // fill it first from a connection with much to tell: nothing of that may stay
        int stream = net.Peer().OpenTo(net.Listen());
        net.Write(stream, new byte[50]);
        Assert.True(net.Sockets.GetStatus(stream & 0x7F, status));
        Assert.Equal(SocketType.Stream, status.Type);

        Assert.True(net.Sockets.GetStatus(streams, status));
        Assert.Equal(open, status.Descriptor);
        Assert.Equal(SocketType.Datagram, status.Type);
        Assert.Equal((TcpState.Closed, 5353, 0u, 0), (status.State, status.LocalPort, status.RemoteAddress, status.RemotePort));
        Assert.Equal((123, 3), (status.ReceiveQueueBytes, status.ReceiveQueueFrames));
        foreach (PropertyInfo property in typeof(SocketStatus).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.Name.EndsWith("Timer", StringComparison.Ordinal))
            {
                Assert.Equal(SocketStatus.NotRunning, property.GetValue(status));
            }
            else if (property.Name is not (nameof(status.Descriptor) or nameof(status.Type) or nameof(status.State)
                or nameof(status.LocalPort) or nameof(status.ReceiveQueueBytes) or nameof(status.ReceiveQueueFrames)))
            {
                Assert.Equal(0L, Convert.ToInt64(property.GetValue(status)));
            }
        }

        Assert.True(net.Sockets.GetStatus(streams + 1, status));
        Assert.Equal((net.Client.Ip, 53), (status.RemoteAddress, status.RemotePort));
        net.Sockets.Close(connected);
        Assert.False(net.Sockets.GetStatus(streams + 1, status));
        net.Sockets.Close(open);
    }

    [Fact]
    public void A_row_shows_sequence_numbers_windows_queues_and_timers()
    {
        TestNetwork net = Begin(configure: c => c.TcpMinimumRto = 500);
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        int socket = peer.OpenTo(listener);
        SocketStatus status = new();
        int row = socket & 0x7F;
        Assert.True(net.Sockets.GetStatus(listener & 0x7F, status));
        Assert.Equal((TcpState.Listen, 0u, 0, 0, 0), (status.State, status.ReceiveNext, status.CongestionWindow, status.RetransmissionTimeout, status.MaximumSegmentSize));

        net.Sockets.GetStatus(row, status);
        uint first = peer.StackIss + 1;
        Assert.Equal((first, first, peer.Iss + 1), (status.SendUnacknowledged, status.SendNext, status.ReceiveNext));
        Assert.Equal((1460, 8192, net.Configuration.TcpReceiveWindow), (status.MaximumSegmentSize, status.SendWindow, status.ReceiveWindow));
        Assert.InRange(status.CongestionWindow, 1460, 4 * 1460);
        Assert.True(status.SlowStartThreshold >= status.SendWindow);
        Assert.Equal(
            [-1, -1, -1, -1, -1, -1],
            [status.RetransmissionTimer, status.LossDetectionTimer, status.PersistTimer, status.DelayedAckTimer, status.KeepAliveTimer, status.StateTimer]);

        // under way, with its timer; something read late and something early
        net.Write(socket, new byte[100]);
        net.Poll();
        peer.Send("PA", length: 30);
        peer.Send("PA", seq: 41, length: 5);
        net.Advance(40);
        net.Sockets.GetStatus(row, status);
        Assert.Equal((first, first + 100, peer.Iss + 31), (status.SendUnacknowledged, status.SendNext, status.ReceiveNext));
        Assert.Equal((100, 1, 30, 1, 5, 1), (status.SendQueueBytes, status.SendQueueFrames, status.ReceiveQueueBytes, status.ReceiveQueueFrames, status.OutOfOrderBytes, status.OutOfOrderFrames));
        Assert.Equal(status.RetransmissionTimeout - 40, status.RetransmissionTimer);
        Assert.Equal(SocketStatus.NotRunning, status.LossDetectionTimer);

        // all there and acknowledged: only the delayed acknowledgment is left, and the keep-alive
        peer.TakeAll();
        net.Sockets.SetKeepAlive(socket, 5000);
        peer.Send("PA", seq: 31, ack: 101, length: 10);
        net.Advance(20);
        peer.Send("PA", seq: 46, ack: 101, length: 10);
        net.Advance(20);
        net.Sockets.GetStatus(row, status);
        Assert.Equal((first + 100, peer.Iss + 56, 55, 0), (status.SendUnacknowledged, status.ReceiveNext, status.ReceiveQueueBytes, status.OutOfOrderFrames));
        Assert.Equal(SocketStatus.NotRunning, status.RetransmissionTimer);
        Assert.InRange(status.DelayedAckTimer, 1, net.Configuration.TcpDelayedAck);
        Assert.InRange(status.KeepAliveTimer, 4900, 5000);

        // a closed window
        peer.Send("A", seq: 56, ack: 101, win: 0);
        net.Write(socket, new byte[10]);
        net.Advance(10);
        net.Sockets.GetStatus(row, status);
        Assert.Equal(0, status.SendWindow);
        Assert.Equal(status.RetransmissionTimeout - 10, status.PersistTimer);

        // both sides close: the state itself ends
        peer.Send("A", seq: 56, ack: 101, win: 1000);
        net.Poll();
        net.Sockets.Shutdown(socket);
        net.Poll();
        peer.Send("FA", seq: 56, ack: 112);
        net.Sockets.GetStatus(row, status);
        Assert.Equal(TcpState.TimeWait, status.State);
        Assert.Equal(net.Configuration.TcpTimeWait, status.StateTimer);
    }

    [Fact]
    public void A_row_shows_the_timer_of_loss_detection_where_the_peer_acknowledges_selectively()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        peer.Send("S", options: [2, 4, 5, 0xB4, 4, 2, 0, 0]);
        peer.Expect("SA");
        peer.Send("A", seq: 1, ack: 1);
        int socket = net.Accept(listener);
        net.Write(socket, new byte[100]);
        net.Poll();
        SocketStatus status = new();
        Assert.True(net.Sockets.GetStatus(socket & 0x7F, status));
        int left = status.LossDetectionTimer;
        Assert.InRange(left, 2, status.RetransmissionTimeout);
        net.Advance(1);
        net.Sockets.GetStatus(socket & 0x7F, status);
        Assert.Equal(left - 1, status.LossDetectionTimer);
        peer.Send("R");
    }

    private static void AssertBad(SocketLayer sockets, int descriptor)
    {
        const int Bad = (int)SocketError.BadDescriptor;
        byte[] buffer = new byte[4];
        Assert.Equal(Bad, sockets.Bind(descriptor, 80));
        Assert.Equal(Bad, sockets.Listen(descriptor, 1));
        Assert.Equal(Bad, sockets.Accept(descriptor));
        Assert.Equal(Bad, sockets.Connect(descriptor, Wire.Address("192.168.1.10"), 80));
        Assert.Equal(Bad, sockets.Write(descriptor, buffer, 0, 4));
        Assert.Equal(Bad, sockets.Write(descriptor, new WordBuffer("x", WordOrder.LowByteFirst), 0));
        Assert.Equal(Bad, sockets.Read(descriptor, buffer, 0, 4));
        Assert.Equal(Bad, sockets.Peek(descriptor, new ReceivedView()));
        Assert.Equal(Bad, sockets.Consume(descriptor, 0));
        Assert.Equal(Bad, sockets.Shutdown(descriptor));
        Assert.Equal(Bad, sockets.Close(descriptor));
        Assert.Equal(Bad, sockets.Abort(descriptor));
        Assert.Equal(Bad, sockets.SetNoDelay(descriptor, true));
        Assert.Equal(SocketError.BadDescriptor, sockets.GetError(descriptor));
        Assert.Equal(TcpState.Closed, sockets.GetState(descriptor));
    }
}
