// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack;

/// <summary>
/// The pool is empty just when something without a connection must be sent. What TCP does then is in the ladders of shortage.
/// </summary>
public sealed class NoFrameTests : StackTest
{
    [Fact]
    public void A_datagram_for_which_there_is_no_frame_is_refused_and_counted()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 7));
        List<Frame> taken = net.DrainPool(0);
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Write(socket, new byte[8], 0, 8));
        Assert.Equal(1u, net.Stack.Udp.Counters.NoFrame);
        taken.ForEach(net.Stack.Pool.Return);
        Assert.Equal(8, net.Sockets.Write(socket, new byte[8], 0, 8));
        net.Poll();
        Assert.Single(net.Packets, p => p.IsUdp);
    }

    [Fact]
    public void A14_with_no_frame_for_the_ARP_request_the_neighbour_is_asked_a_second_later()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(socket, net.Client.Ip, 7));
        List<Frame> taken = net.DrainPool(1);
        Assert.Equal(8, net.Sockets.Write(socket, new byte[8], 0, 8));
        net.Poll();
        Assert.Equal(1u, net.Stack.Arp.Counters.NoFrame);
        Assert.Empty(net.Arps);
        taken.ForEach(net.Stack.Pool.Return);
        net.Advance(1000);
        Assert.Single(net.Arps);

        // the datagram could not wait for the answer, in a pool that is empty; the next one goes
        Assert.DoesNotContain(net.Packets, p => p.IsUdp);
        Assert.Equal(8, net.Sockets.Write(socket, new byte[8], 0, 8));
        net.Poll();
        Assert.Single(net.Packets, p => p.IsUdp);
    }

    [Fact]
    public void An_ICMP_error_for_which_there_is_no_frame_is_dropped_and_counted()
    {
        TestNetwork net = Begin(configure: c => c.ReceiveReserve = 0);
        net.AssertAlive();
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 9, new byte[8]);
        List<Frame> taken = net.DrainPool(1);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 17, datagram));
        Assert.Empty(net.Packets);
        Assert.Equal(1u, net.Stack.Icmp.Counters.NoFrame);

        // an echo leaves in the frame in which it came, and needs no other
        net.AssertAlive();
        taken.ForEach(net.Stack.Pool.Return);
    }
}
