// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Sockets;

namespace HostTests.Stack.Udp;

/// <summary>Datagrams: RFC 768, RFC 1122 section 4.1.</summary>
public sealed class UdpSocketTests : StackTest
{
    private readonly byte[] _buffer = new byte[2000];
    private readonly DatagramSource _source = new();

    [Theory, BothOrders]
    public void Datagrams_go_both_ways_whatever_their_length(WordOrder order)
    {
        TestNetwork net = Begin(order);
        int socket = Bound(net, 7);
        foreach (int length in new[] { 0, 1, 2, 3, 18, 19, 47, 512, 1471, 1472 })
        {
            byte[] data = Wire.PatternBytes(length, length);
            Deliver(net, net.Client, 4000, 7, data);
            Assert.Equal(length, net.Sockets.ReceiveFrom(socket, _buffer, 3, 1900, _source));
            Assert.Equal(data, _buffer[3..(3 + length)]);
            Assert.Equal(net.Client.Ip, _source.Address);
            Assert.Equal(4000, _source.Port);
            Assert.Equal(length, _source.Length);
            Assert.False(_source.IsTruncated);

            Assert.Equal(length, net.Sockets.SendTo(socket, _buffer, 3, length, net.Client.Ip, 4000));
            SeenFrame sent = Sent(net);
            Assert.Equal((7, 4000), (sent.SourcePort, sent.DestinationPort));
            Assert.Equal(data, sent.Text);
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_datagram_that_just_fills_the_buffer_is_not_cut_off()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Deliver(net, net.Client, 4000, 7, [1, 2, 3]);
        Assert.Equal(3, net.Sockets.ReceiveFrom(socket, new byte[3], 0, 3, _source));
        Assert.False(_source.IsTruncated);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A15_the_first_datagram_waits_for_the_address_and_is_not_lost()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(3, net.Sockets.SendTo(socket, [1, 2, 3], 0, 3, net.Client.Ip, 9));
        SeenFrame sent = Sent(net);
        Assert.Equal([1, 2, 3], sent.Text);
        Assert.InRange(sent.SourcePort, 49152, 65535);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C20_a_length_that_lies_is_dropped_and_bytes_behind_the_datagram_are_ignored()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        byte[] data = [1, 2, 3, 4, 5, 6, 7, 8];
        foreach (int length in new[] { 0, 7, 17, 65535 })
        {
            Deliver(net, FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, data, length));
        }

        Assert.Equal(4u, net.Stack.Udp.Counters.BadLength);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));

        byte[] inner = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, data);
        Deliver(net, [.. inner, 9, 9, 9]);
        Assert.Equal(8, Receive(net, socket));
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C21_a_wrong_checksum_is_dropped_and_none_is_accepted()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, [1, 2, 3]);
        datagram[9] ^= 1;
        Deliver(net, datagram);
        Assert.Equal(1u, net.Stack.Udp.Counters.BadChecksum);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        Wire.Put16(datagram, 6, 0);
        Deliver(net, datagram);
        Assert.Equal(3, Receive(net, socket));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C22_a_checksum_that_comes_out_as_0_is_sent_as_FFFF()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        byte[] data = new byte[2];

        // the two bytes that make the sum all ones, found by trying
        for (int value = 0; value < 65536; value++)
        {
            Wire.Put16(data, 0, value);
            byte[] datagram = FrameBuilder.Udp(TestNetwork.StackIp, net.Client.Ip, 7, 9, data);
            Wire.Put16(datagram, 6, 0);
            if (Wire.Sum(datagram, 0, datagram.Length, Wire.PseudoHeader(TestNetwork.StackIp, net.Client.Ip, 17, datagram.Length)) == 0xFFFF)
            {
                break;
            }
        }

        net.Sockets.SendTo(socket, data, 0, 2, net.Client.Ip, 9);
        Assert.Equal(0xFFFF, Wire.Get16(Sent(net).IpPayload, 6));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B24_without_a_gateway_a_far_host_is_unreachable_and_nobody_is_asked()
    {
        TestNetwork net = Begin();
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        net.Poll();
        net.Arps.Clear();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        foreach (int length in new[] { 1, 2000 })
        {
            Assert.Equal((int)SocketError.NetworkUnreachable, net.Sockets.SendTo(socket, _buffer, 0, length, net.Far.Ip, 9));
        }

        net.Advance(100);
        Assert.Empty(net.Arps);
        Assert.Empty(net.Packets);
        net.AssertPoolWhole();
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C24_port_0_is_nobodys_and_a_sender_without_a_port_is_heard()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Deliver(net, net.Client, 4000, 0, [1]);
        Assert.Equal(1u, net.Stack.Udp.Counters.BadPort);
        Assert.Empty(net.Packets);
        Deliver(net, net.Client, 0, 7, [1]);
        Assert.Equal(1, Receive(net, socket));
        Assert.Equal(0, _source.Port);
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendTo(socket, _buffer, 0, 1, net.Client.Ip, 0));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C25_a_datagram_that_is_larger_than_the_buffer_is_cut_off_and_says_so()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Deliver(net, net.Client, 4000, 7, Encoding.ASCII.GetBytes("first one"));
        Deliver(net, net.Client, 4000, 7, Encoding.ASCII.GetBytes("second"));
        Assert.Equal(5, net.Sockets.ReceiveFrom(socket, _buffer, 0, 5, _source));
        Assert.Equal("first", Encoding.ASCII.GetString(_buffer, 0, 5));
        Assert.True(_source.IsTruncated);
        Assert.Equal(9, _source.Length);

        // the rest is gone: what follows is the next datagram
        Assert.Equal(6, Receive(net, socket));
        Assert.False(_source.IsTruncated);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C26_a_connected_socket_comes_before_one_that_takes_anybodys()
    {
        TestNetwork net = Begin();
        int anybody = Bound(net, 7);
        int connected = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(connected, net.Client.Ip, 4000));
        Assert.Equal(2, net.Sockets.Write(connected, [1, 2], 0, 2));
        int port = Sent(net).SourcePort;
        Deliver(net, net.Client, 4000, port, [1]);
        Assert.Equal(1, Receive(net, connected));

        // another port of the same host is not the peer
        Deliver(net, net.Client, 4001, port, [1]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, connected));
        Assert.Equal(1u, net.Stack.Udp.Counters.NoSocket);
        Deliver(net, net.Client, 4001, 7, [1, 2, 3]);
        Assert.Equal(3, Receive(net, anybody));
        net.Sockets.Close(anybody);
        net.Sockets.Close(connected);
    }

    [Fact]
    public void C27_a_broadcast_needs_leave_and_goes_to_all_stations()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 67);
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendTo(socket, [1], 0, 1, 0xFFFFFFFF, 68));
        Assert.Equal(0, net.Sockets.SetBroadcast(socket, true));
        foreach (uint address in new[] { 0xFFFFFFFF, TestNetwork.SubnetBroadcast })
        {
            Assert.Equal(1, net.Sockets.SendTo(socket, [1], 0, 1, address, 68));
            SeenFrame sent = Sent(net);
            Assert.Equal(TestHost.BroadcastMac, sent.Destination);
            Assert.Equal(address, sent.IpDestination);
        }

        Assert.DoesNotContain(net.Arps, arp => arp.ArpTargetIp != TestNetwork.StackIp);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_broadcast_is_received_and_never_answered_with_an_error()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 68);
        foreach (int port in new[] { 68, 69 })
        {
            byte[] packet = FrameBuilder.Ip(net.Client.Ip, 0xFFFFFFFF, 17, FrameBuilder.Udp(net.Client.Ip, 0xFFFFFFFF, 67, port, [5]));
            net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        }

        Assert.Equal(1, Receive(net, socket));
        Assert.Empty(net.Packets);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A_full_queue_drops_the_newest_and_counts_it()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        for (int i = 0; i < 5; i++)
        {
            Deliver(net, net.Client, 4000, 7, [(byte)i]);
        }

        Assert.Equal(2u, net.Stack.Udp.Counters.ReceiveQueueFull);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(1, Receive(net, socket));
            Assert.Equal(i, _buffer[0]);
        }

        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(3, SocketError.ConnectionRefused)]
    [InlineData(1, SocketError.HostUnreachable)]
    [InlineData(0, SocketError.NetworkUnreachable)]
    public void An_ICMP_error_reaches_the_connected_socket_once(int code, SocketError error)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(socket, net.Client.Ip, 9);
        net.Sockets.Write(socket, [1], 0, 1);
        byte[] body = new byte[32];
        Sent(net).Bytes.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, code, body)));
        Assert.Equal((int)error, net.Sockets.Write(socket, [1], 0, 1));
        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C11_an_ICMP_error_about_another_peer_or_port_reaches_nobody()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(socket, net.Client.Ip, 9);
        net.Sockets.Write(socket, [1], 0, 1);
        byte[] quote = Sent(net).Bytes[14..42];

        // source, destination, our port, the peer's port
        foreach (int place in new[] { 15, 19, 21, 23 })
        {
            byte[] bad = quote.ToArray();
            bad[place] ^= 1;
            net.DeliverIp(net.Client, FrameBuilder.Ip(
                net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, 3, [0, 0, 0, 0, .. bad])));
        }

        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1));
        Assert.Equal(0u, net.Stack.Udp.Counters.ErrorsTaken);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Misuse_gets_a_named_error()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        int other = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.TooManyOpenSockets, net.Sockets.Socket(SocketType.Datagram));
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(other, 7));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Bind(socket, 8));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Bind(other, 65536));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Write(other, _buffer, 0, 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendTo(other, _buffer, 0, 1, TestNetwork.SubnetBroadcast, 7));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.SendTo(other, _buffer, 0, 2001, net.Client.Ip, 7));
        int largest = net.Stack.Udp.LargestData;
        Assert.Equal(2040, largest);
        Assert.Equal((int)SocketError.MessageTooLong, net.Sockets.SendTo(other, new byte[largest + 1], 0, largest + 1, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Connect(other, TestNetwork.SubnetBroadcast, 7));
        Assert.Equal(0, net.Sockets.Connect(other, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.SendTo(other, _buffer, 0, 1, net.Client.Ip, 7));

        // a stream's calls are not for datagrams, nor the other way round
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Listen(socket, 1));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Accept(socket));
        int stream = net.Sockets.Socket(SocketType.Stream);
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.SendTo(stream, _buffer, 0, 1, net.Client.Ip, 7));

        Assert.Equal(0, net.Sockets.Close(socket));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Close(socket));
        int again = net.Sockets.Socket(SocketType.Datagram);
        Assert.NotEqual(socket, again);
        Assert.Equal((int)SocketError.BadDescriptor, Receive(net, socket));
        net.Sockets.Close(again);
        net.Sockets.Close(other);
    }

    [Fact]
    public void A_socket_may_be_given_another_peer_and_hears_no_more_of_the_first()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 9));
        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1));
        SeenFrame sent = Sent(net);
        byte[] body = new byte[32];
        sent.Bytes.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, 3, body)));
        Assert.Equal(SocketError.ConnectionRefused, net.Sockets.GetError(socket));

        // the same one once more, and then another
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 9));
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 10));
        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1));
        Assert.Equal(10, Sent(net).DestinationPort);
        Deliver(net, net.Client, 9, sent.SourcePort, [1]);
        Assert.Equal((int)SocketError.WouldBlock, Receive(net, socket));
        Deliver(net, net.Client, 10, sent.SourcePort, [1, 2]);
        Assert.Equal(2, Receive(net, socket));

        // one that another socket with that port has it does not get, and keeps its own
        int other = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.SetReuseAddress(socket, true);
        net.Sockets.SetReuseAddress(other, true);
        Assert.Equal(0, net.Sockets.Bind(other, sent.SourcePort));
        Assert.Equal(0, net.Sockets.Connect(other, net.Client.Ip, 11));
        net.Sockets.SetReuseAddress(socket, false);
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Connect(socket, net.Client.Ip, 11));
        Assert.Equal(10, net.Sockets.GetRemotePort(socket));
        net.Sockets.Close(socket);
        net.Sockets.Close(other);
    }

    /// <summary>Neither goes by way of the gateway.</summary>
    [Theory]
    [InlineData(0xE00000FB)]
    [InlineData(0xFFFFFFFF)]
    public void A_peer_that_is_many_is_sent_to_whether_the_gateway_answers_or_not(uint peer)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.SetBroadcast(socket, true);
        Assert.Equal(0, net.Sockets.Connect(socket, peer, 7));
        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1));
        Assert.Equal(peer, Sent(net).IpDestination);
        net.Gateway.AnswersArp = false;
        int far = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(far, net.Far.Ip, 9);
        net.Sockets.Write(far, [1], 0, 1);
        net.Advance(3500);
        Assert.Equal(SocketError.HostUnreachable, net.Sockets.GetError(far));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        net.Sockets.Close(socket);
        net.Sockets.Close(far);
    }

    [Fact]
    public void Unread_datagrams_go_back_to_the_pool_with_the_socket()
    {
        TestNetwork net = Begin();
        int socket = Bound(net, 7);
        Deliver(net, net.Client, 4000, 7, new byte[1000]);
        Deliver(net, net.Client, 4000, 7, new byte[10]);
        net.Sockets.Close(socket);
        net.AssertPoolWhole();
    }

    private static int Bound(TestNetwork net, int port)
    {
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, port));
        return socket;
    }

    private static void Deliver(TestNetwork net, TestHost from, int sourcePort, int port, byte[] data)
    {
        net.DeliverIp(from, FrameBuilder.Ip(from.Ip, TestNetwork.StackIp, 17, FrameBuilder.Udp(from.Ip, TestNetwork.StackIp, sourcePort, port, data)));
    }

    private static void Deliver(TestNetwork net, byte[] datagram)
    {
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram));
    }

    private static SeenFrame Sent(TestNetwork net)
    {
        net.Poll();
        SeenFrame frame = Assert.Single(net.Packets);
        net.Packets.Clear();
        Assert.True(frame.IsUdp);
        return frame;
    }

    private int Receive(TestNetwork net, int socket) => net.Sockets.ReceiveFrom(socket, _buffer, 0, _buffer.Length, _source);
}
