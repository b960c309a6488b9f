// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Udp;

namespace HostTests.Stack.Udp;

/// <summary>Datagrams that are written into the frame that goes out, and read out of the frame that came in.</summary>
public sealed class UdpViewTests : StackTest
{
    private readonly SendView _out = new();
    private readonly ReceivedView _in = new();
    private readonly DatagramSource _source = new();

    [Theory, BothOrders]
    public void Datagrams_are_laid_out_in_frames(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int socket = Bound(net, 7);
        foreach (int length in new[] { 0, 1, 2, 47, 48, 511, 1471, 1472 })
        {
            byte[] data = Wire.PatternBytes(length, length);
            Assert.Equal(length, net.Sockets.Reserve(socket, length, _out));
            Assert.Equal(length, _out.Write(data, 0, length));
            Assert.Equal(length, net.Sockets.CommitTo(socket, length, net.Client.Ip, 4000));
            SeenFrame sent = Sent(net);
            Assert.Equal((7, 4000), (sent.SourcePort, sent.DestinationPort));
            Assert.Equal(data, sent.Text);
        }

        // less than was reserved
        net.Sockets.Reserve(socket, 1000, _out);
        _out.WriteByte(42);
        Assert.Equal(1, net.Sockets.CommitTo(socket, _out.Written, net.Client.Ip, 4000));
        Assert.Equal([42], Sent(net).Text);
        Assert.Equal(9u, net.Stack.Udp.Counters.DatagramsSent);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_connected_socket_commits_to_its_peer_and_hears_of_errors_first()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(3, net.Sockets.Reserve(socket, 3, _out));
        _out.Write([1, 2, 3], 0, 3);
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Commit(socket, 3));
        net.Sockets.Connect(socket, net.Client.Ip, 9);
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.CommitTo(socket, 3, net.Client.Ip, 9));
        Assert.Equal(3, net.Sockets.Commit(socket, 3));
        SeenFrame sent = Sent(net);
        Assert.Equal([1, 2, 3], sent.Text);

        byte[] body = new byte[32];
        sent.Bytes.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, 3, body)));
        net.Sockets.Reserve(socket, 3, _out);
        Assert.Equal((int)SocketError.ConnectionRefused, net.Sockets.Commit(socket, 3));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 3));
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void What_cannot_be_sent_is_refused()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Assert.Equal((int)SocketError.MessageTooLong, net.Sockets.Reserve(socket, UdpLayer.MaximumData + 1, _out));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Reserve(socket, -1, _out));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Reserve(socket, 1, null));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.CommitTo(socket, 1, net.Client.Ip, 9));
        Assert.Equal(5, net.Sockets.Reserve(socket, 5, _out));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.CommitTo(socket, 6, net.Client.Ip, 9));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.CommitTo(socket, 5, net.Client.Ip, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.CommitTo(socket, 5, IPv4Address.Broadcast, 9));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.CommitTo(net.Sockets.Socket(), 5, net.Client.Ip, 9));
        net.Sockets.SetBroadcast(socket, true);
        Assert.Equal(5, net.Sockets.CommitTo(socket, 5, IPv4Address.Broadcast, 9));

        // closing gives the room back
        net.Sockets.Reserve(socket, 5, _out);
        net.Sockets.Close(socket);
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.CommitTo(socket, 5, net.Client.Ip, 9));
        Assert.Equal((int)SocketError.InvalidState, _out.WriteByte(1));
    }

    [Fact]
    public void Without_an_address_or_a_route_the_room_is_given_up()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        net.Sockets.Reserve(socket, 5, _out);
        Assert.Equal((int)SocketError.NetworkUnreachable, net.Sockets.CommitTo(socket, 5, net.Far.Ip, 9));
        net.Poll();
        net.Stack.Configure(0, 0, 0);
        net.Sockets.Reserve(socket, 5, _out);
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.CommitTo(socket, 5, net.Far.Ip, 9));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.CommitTo(socket, 5, net.Far.Ip, 9));
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void To_ourselves_it_takes_no_wire()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        foreach (uint ourselves in new[] { Wire.Address("127.0.0.1"), TestNetwork.StackIp })
        {
            net.Sockets.Reserve(socket, 5, _out);
            _out.WriteUInt16(0x1234);
            Assert.Equal(2, net.Sockets.CommitTo(socket, 2, ourselves, 7));
            net.Poll();
            Assert.Empty(net.Packets);
            Assert.Equal(2, net.Sockets.Peek(socket, _in, _source));
            Assert.Equal((TestNetwork.StackIp, 0x1234), (_source.Address, _in.GetUInt16(0)));
            net.Sockets.Consume(socket, 2);
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void With_no_frame_left_it_says_so()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        List<Frame> all = net.DrainPool();

        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Reserve(socket, 5, _out));
        Assert.Equal(1u, net.Stack.Udp.Counters.NoFrame);
        all.ForEach(net.Stack.Pool.Return);
        net.Sockets.Close(socket);
    }

    [Theory, BothOrders]
    public void Datagrams_are_read_where_they_lie(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int socket = Bound(net, 7);
        byte[] copy = new byte[20];
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Peek(socket, _in, _source));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, 0));
        Deliver(net, 4001, [1, 2, 3, 4, 5]);
        Deliver(net, 4002, []);
        Assert.Equal(5, net.Sockets.GetAvailable(socket));
        Assert.Equal(5, net.Sockets.Peek(socket, _in, _source));
        Assert.Equal((net.Client.Ip, 4001, 5, false), (_source.Address, _source.Port, _source.Length, _source.IsTruncated));
        Assert.Equal(5, _in.Length);
        Assert.Equal([1, 2, 3, 4, 5], Enumerable.Range(0, 5).Select(_in.GetByte));
        Assert.Equal([0x102, 0x203, 0x304, 0x405], Enumerable.Range(0, 4).Select(_in.GetUInt16));
        Assert.Equal(3, _in.CopyTo(1, copy, 10, 3));
        Assert.Equal([0, 2, 3, 4, 0], copy[9..14]);
        Assert.Equal(0, _in.CopyTo(5, copy, 20, 0));

        // seen, not taken
        Assert.Equal(5, net.Sockets.Peek(socket, _in));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, 6));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, -1));

        // a datagram goes as a whole, however much of it was wanted
        Assert.Equal(0, net.Sockets.Consume(socket, 2));
        Assert.Equal(0, net.Sockets.Peek(socket, _in, _source));
        Assert.Equal((4002, 0), (_source.Port, _source.Length));
        Assert.Equal(0, net.Sockets.Consume(socket, 0));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Peek(socket, _in));
        Assert.Equal(0, net.Sockets.GetAvailable(socket));
        net.Sockets.Close(socket);
        net.AssertPoolWhole();
    }

    [Fact]
    public void A_look_beyond_the_end_is_refused()
    {
        byte[] copy = new byte[4];
        Assert.Equal(0, _in.Length);
        Assert.Equal((int)SocketError.InvalidArgument, _in.GetByte(0));
        Assert.Equal((int)SocketError.InvalidArgument, _in.GetUInt16(0));
        Assert.Equal((int)SocketError.InvalidArgument, _in.CopyTo(0, copy, 0, 1));

        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Deliver(net, 4001, [1, 2, 3]);
        net.Sockets.Peek(socket, _in);
        Assert.Equal((int)SocketError.InvalidArgument, _in.GetByte(-1));
        Assert.Equal((int)SocketError.InvalidArgument, _in.GetByte(3));
        Assert.Equal((int)SocketError.InvalidArgument, _in.GetUInt16(2));
        Assert.Equal((int)SocketError.InvalidArgument, _in.GetUInt16(-1));
        Assert.Equal((int)SocketError.InvalidArgument, _in.CopyTo(0, copy, 0, 4));
        Assert.Equal((int)SocketError.InvalidArgument, _in.CopyTo(1, copy, 0, 3));
        Assert.Equal((int)SocketError.InvalidArgument, _in.CopyTo(0, copy, 2, 3));
        Assert.Equal((int)SocketError.InvalidArgument, _in.CopyTo(0, null, 0, 0));
        Assert.Equal((int)SocketError.InvalidArgument, _in.CopyTo(-1, copy, 0, 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Peek(socket, null));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Peek(socket, _in, null));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Peek(12345, _in));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Peek(12345, _in, _source));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Consume(12345, 0));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.GetAvailable(12345));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void An_ARP_request_that_a_datagram_causes_is_repeated_in_time()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        int socket = Bound(net, 7);
        net.Advance(100);
        net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, 9);

        // the last poll knew of nothing: who sleeps for as long as it said would sleep too long
        Assert.True(net.Stack.NeedsPoll);
        net.Poll();
        Assert.False(net.Stack.NeedsPoll);
        net.Advance(1500);
        Assert.Equal(2, net.Arps.Count);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_view_that_no_call_has_set_shows_nothing()
    {
        ReceivedView view = new();
        Assert.Null(view.Words);
        Assert.Equal(0, view.Length);
        Assert.Equal(0, view.Offset);
        Assert.False(view.LowByteFirst);
        Assert.Equal((int)SocketError.InvalidArgument, view.GetByte(0));
        Assert.Equal((int)SocketError.InvalidArgument, view.GetUInt16(0));
        Assert.Equal(0, view.CopyTo(0, new byte[1], 0, 0));
    }

    private static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }

    private static void Deliver(TestNetwork net, int port, byte[] data)
    {
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, port, 7, data);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram));
    }

    private static SeenFrame Sent(TestNetwork net)
    {
        net.Poll();
        SeenFrame sent = Assert.Single(net.Packets);
        net.Packets.Clear();
        return sent;
    }
}
