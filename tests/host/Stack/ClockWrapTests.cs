// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack;

/// <summary>
/// The clock counts milliseconds in 32 bits: what happened more than 24.8 days ago looks as if it were still to come. That must not keep
/// anything from happening again.
/// </summary>
public sealed class ClockWrapTests : StackTest
{
    private const ulong Stranger = 0x020000000666;

    [Fact]
    public void A_conflict_is_answered_again_after_four_weeks_of_peace()
    {
        TestNetwork net = Begin(configure: c => c.YieldAddress = true);
        net.Advance(10_000);
        Conflict(net);
        net.Announcements.Clear();
        PassFourWeeks(net);
        Conflict(net);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        Assert.Single(net.Announcements);
        net.AssertAlive();
    }

    [Fact]
    public void Errors_are_sent_again_when_nobody_has_polled_for_four_weeks()
    {
        TestNetwork net = Begin();
        byte[] packet = FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 99, new byte[20]);
        for (int i = 0; i < 15; i++)
        {
            net.DeliverIp(net.Client, packet);
        }

        Assert.Equal(10, net.Packets.Count);
        net.Packets.Clear();
        int later = unchecked(net.Now + int.MaxValue + 1_000_000);
        for (int i = 0; i < 15; i++)
        {
            net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, net.Client.Mac, 0x0800, packet));
            net.Stack.Poll(later);
            net.Collect();
        }

        Assert.Equal(10, net.Packets.Count);
    }

    [Fact]
    public void A_neighbour_that_was_asked_for_four_weeks_ago_is_asked_for_again()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        int socket = net.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        Assert.Equal(1, net.Sockets.SendTo(socket, [1], 0, 1, net.Client.Ip, 9));
        net.Advance(60_000);
        PassFourWeeks(net);
        net.Client.AnswersArp = true;
        net.Packets.Clear();
        Assert.Equal(1, net.Sockets.SendTo(socket, [2], 0, 1, net.Client.Ip, 9));
        net.Advance(10);
        Assert.Equal([2], Assert.Single(net.Packets).Text);
        net.Sockets.Close(socket);
    }

    private static void Conflict(TestNetwork net) =>
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, TestNetwork.StackIp, 0, TestNetwork.StackIp));

    private static void PassFourWeeks(TestNetwork net)
    {
        net.Advance(int.MaxValue);
        net.Advance(300_000_000);
    }
}
