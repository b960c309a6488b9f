// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Sockets;

namespace HostTests.Stack.Arp;

/// <summary>What those who send notice of ARP: who is told, who waits, and what many of them may cause (RFC 1122 section 2.3.2).</summary>
public sealed class ResolutionTests : StackTest
{
    private static readonly uint StrangerIp = Wire.Address("192.168.1.33");

    [Fact]
    public void A14_at_most_one_request_a_second_for_a_destination()
    {
        // more strangers than the table has rows, none of whom is there: were the least recently asked forgotten for the next,
        // each packet in their names would be worth a request
        TestNetwork net = Begin();
        for (int i = 0; i < 2000; i++)
        {
            TestHost nobody = new(0x020000000033, StrangerIp + (uint)(i % 20));
            net.Deliver(net.EchoRequest(i, new byte[8], nobody));
            net.Advance(5);
        }

        Assert.NotEmpty(net.Arps);
        foreach (IGrouping<uint, SeenFrame> requests in net.Arps.GroupBy(a => a.ArpTargetIp))
        {
            Assert.All(requests.Zip(requests.Skip(1)), pair => Assert.True(
                pair.Second.Time - pair.First.Time >= 1000, $"{pair.First.Time - net.Start} and {pair.Second.Time - net.Start}"));
        }

        // and somebody who is there is asked within a second
        net.Packets.Clear();
        net.Deliver(net.EchoRequest());
        net.Advance(1000);
        Assert.Single(net.Packets);
        net.Packets.Clear();
        net.AssertAlive();
    }

    [Theory]
    [InlineData(-1000)]
    [InlineData(-20)]
    [InlineData(0)]
    [InlineData(999)]
    public void A_stack_that_has_asked_for_nobody_may_ask_at_once_whatever_the_clock_says(int start)
    {
        TestNetwork net = Begin(start: start);
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, 9);
        net.Poll();
        Assert.Single(net.Arps);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A16_a_datagram_that_waits_makes_the_stack_ask_to_be_polled()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        int socket = net.Sockets.Socket(SocketType.Datagram);
        net.Advance(10_000);
        Assert.False(net.Stack.NeedsPoll);
        net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, 9);
        Assert.True(net.Stack.NeedsPoll);
        Assert.Equal(1000, net.Poll());
        Assert.False(net.Stack.NeedsPoll);
        net.Sockets.Close(socket);
    }

    [Fact]
    public void A16_a_connected_datagram_socket_is_told_that_its_peer_does_not_answer()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        net.Gateway.AnswersArp = false;
        int near = net.Sockets.Socket(SocketType.Datagram);
        int far = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Connect(near, net.Client.Ip, 9);
        net.Sockets.Connect(far, net.Far.Ip, 9);
        Assert.Equal(1, net.Sockets.Write(near, [1], 0, 1));
        net.Advance(3500);
        Assert.Equal((int)SocketError.HostUnreachable, net.Sockets.ReceiveFrom(near, new byte[1], 0, 1, new DatagramSource()));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(near, new byte[1], 0, 1, new DatagramSource()));
        Assert.Equal(1, net.Sockets.Write(far, [1], 0, 1));
        net.Advance(3500);
        Assert.Equal((int)SocketError.HostUnreachable, net.Sockets.Write(far, [1], 0, 1));
        net.Sockets.Close(near);
        net.Sockets.Close(far);
    }

    [Fact]
    public void A24_with_the_link_down_nothing_is_parked_or_asked_for_and_a_connect_outlives_it()
    {
        TestNetwork net = Begin();
        int stream = net.Sockets.Socket();
        int datagram = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(stream, net.Client.Ip, 80));
        net.Interface.IsLinkUp = false;
        net.Poll();
        Assert.Equal((int)SocketError.NetworkDown, net.Sockets.SendTo(datagram, [1], 0, 1, net.Far.Ip, 9));
        Assert.Equal((int)SocketError.NetworkDown, net.Sockets.SendTo(datagram, [1], 0, 1, Wire.Address("239.1.2.3"), 9));
        net.Advance(10_000);
        Assert.Equal(0u, net.Stack.Arp.Counters.Parked);
        Assert.All(Enumerable.Range(0, net.Stack.Arp.EntryCount), row => Assert.Equal(ArpEntryState.Free, net.Stack.Arp.GetState(row)));
        Assert.Equal(4u, net.Stack.Ethernet.Counters.LinkDown);
        Assert.Equal(net.Stack.Pool.Free, Enumerable.Range(0, net.Stack.Pool.Classes).Sum(net.Stack.Pool.Total));
        Assert.Empty(net.Arps);

        net.Interface.IsLinkUp = true;
        net.Advance(100);
        Assert.Equal(SeenFrame.Syn, Assert.Single(net.Packets).Flags);
        net.Sockets.Close(stream);
        net.Sockets.Close(datagram);
    }

    [Fact]
    public void A13_neighbours_that_are_heard_and_not_used_for_a_month_make_room_and_are_not_asked()
    {
        // their last use is so long ago that the difference to now has changed its sign
        TestNetwork net = Begin(configure: c => c.ArpEntries = 2);
        for (int i = 0; i < 30 * 24 * 60; i++)
        {
            net.Deliver(Says(1, StrangerIp));
            net.Deliver(Says(1, StrangerIp + 1));
            net.Advance(60_000 - 1);
            net.Arps.RemoveAll(a => a.ArpOperation == 2);
            Assert.Empty(net.Arps);
        }

        net.AssertAlive();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    [InlineData(2_000_000_000)]
    public void A17_a_neighbour_that_was_never_asked_is_asked_when_it_says_that_it_has_moved(int wait)
    {
        TestNetwork net = Begin();
        net.Advance(wait);
        net.Deliver(Says(1, StrangerIp));
        net.Arps.Clear();
        net.Deliver(Says(2, StrangerIp));
        Assert.Equal(1, Assert.Single(net.Arps).ArpOperation);
    }

    /// <summary>A neighbour asks for us, or says from another MAC address where it is.</summary>
    private static byte[] Says(int operation, uint ip)
    {
        ulong mac = 0x020000000033 + (ulong)operation;
        return FrameBuilder.Arp(
            operation == 1 ? TestHost.BroadcastMac : TestNetwork.StackMac, mac, operation, mac, ip, operation == 1 ? 0 : TestNetwork.StackMac, TestNetwork.StackIp);
    }
}
