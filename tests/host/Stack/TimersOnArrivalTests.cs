// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack;

/// <summary>What arrives may set a timer: the poll that takes it in says when it is due.</summary>
public sealed class TimersOnArrivalTests : StackTest
{
    [Theory, BothOrders]
    public void A_query_asks_for_a_report_within_its_time(WordOrder order)
    {
        TestNetwork net = Begin(order, c => c.MulticastGroups = 1);
        int socket = net.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        Assert.Equal(0, net.Sockets.JoinGroup(socket, Wire.Address("239.1.2.3")));
        net.Advance(60_000);
        net.DeliverToGroup(net.Gateway, Wire.Address("224.0.0.1"), 2, FrameBuilder.Igmp(0x11, 10, 0));
        Assert.InRange(net.Stack.Poll(net.Now), 1, 1000);
    }

    [Theory, BothOrders]
    public void A_fragment_waits_for_the_rest_for_as_long_as_it_may(WordOrder order)
    {
        TestNetwork net = Begin(order);
        net.Advance(60_000);
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, new byte[64]);
        packet[6] = 0x20;
        FrameBuilder.Repair(packet);
        byte[] frame = FrameBuilder.Ethernet(TestNetwork.StackMac, net.Client.Mac, 0x0800, packet);
        FrameBuilder.Repair(frame);
        net.Interface.Deliver(frame);
        Assert.Equal(60_000, net.Stack.Poll(net.Now));
        Assert.Equal(1u, net.Stack.IPv4.Counters.Fragments);
    }

    [Theory, BothOrders]
    public void A_SYN_is_answered_again_after_a_second(WordOrder order)
    {
        TestNetwork net = Begin(order);
        net.Listen();
        net.Advance(60_000);
        TcpPeer peer = net.Peer();
        peer.Send("S", mss: 1460, poll: false);
        Assert.InRange(net.Stack.Poll(net.Now), 1, 1000);
        net.Poll();
        peer.Expect("SA");
    }
}
