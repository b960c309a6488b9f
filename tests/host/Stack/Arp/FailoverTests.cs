// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Arp;

/// <summary>
/// An address moves to another MAC address, as when a router takes over from another one (VRRP, HSRP): the new one tells all, once. It is
/// believed when it still says so on being asked, and who only says so is not.
/// </summary>
public sealed class FailoverTests : StackTest
{
    private const ulong NewMac = 0x060000000077;

    [Theory]
    [InlineData(true, 2, 300)]
    [InlineData(true, 2, 900)]
    [InlineData(true, 2, 20_000)]
    [InlineData(true, 2, 51_000)]
    [InlineData(false, 2, 300)]
    [InlineData(false, 2, 20_000)]
    [InlineData(true, 1, 300)]
    public void A_gateway_that_has_moved_is_followed_within_a_second(bool toAll, int operation, int after)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Traffic(net, socket, after);
        Assert.Equal(TestNetwork.GatewayMac, net.Packets[^1].Destination);

        net.Gateway.AnswersArp = false;
        net.AddHost(NewMac, TestNetwork.GatewayIp);
        Say(net, TestNetwork.GatewayIp, toAll, operation);
        Traffic(net, socket, 1200);
        Assert.Equal(NewMac, net.Packets[^1].Destination);
        Traffic(net, socket, 70_000);
        Assert.Equal(NewMac, net.Packets[^1].Destination);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(300)]
    [InlineData(20_000)]
    public void So_is_a_neighbour(int after)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Traffic(net, socket, after, net.Client);
        net.Client.AnswersArp = false;
        net.AddHost(NewMac, net.Client.Ip);
        Say(net, net.Client.Ip, true, 2);
        Traffic(net, socket, 1200, net.Client);
        Assert.Equal(NewMac, net.Packets[^1].Destination);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(450)]
    [InlineData(1000)]
    [InlineData(7000)]
    public void Who_only_says_so_gets_nothing_however_often_he_says_it(int interval)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Traffic(net, socket, 300);
        net.Packets.Clear();
        net.Arps.Clear();
        for (int time = 0; time < 30_000; time += interval)
        {
            Say(net, TestNetwork.GatewayIp, toAll: time % 200 == 0, operation: 2);
            Traffic(net, socket, interval);
        }

        Assert.All(net.Packets, p => Assert.Equal(TestNetwork.GatewayMac, p.Destination));
        Assert.All(net.Arps.Zip(net.Arps.Skip(1)), pair => Assert.InRange(pair.Second.Time - pair.First.Time, 1000, int.MaxValue));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void An_announcement_that_is_confirmed_by_nobody_leaves_the_entry_as_it_was()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Traffic(net, socket, 300);
        net.Arps.Clear();
        net.Gateway.AnswersArp = false;
        Say(net, TestNetwork.GatewayIp, toAll: true, operation: 2);
        Traffic(net, socket, 10_000);
        Assert.Equal(TestNetwork.GatewayMac, net.Packets[^1].Destination);

        // asked once: a doubt is settled by one question, not by one each second
        Assert.Single(net.Arps);
        net.Sockets.Close(socket);
    }

    private static void Say(TestNetwork net, uint address, bool toAll, int operation)
    {
        ulong to = toAll ? TestHost.BroadcastMac : TestNetwork.StackMac;
        uint target = toAll ? address : TestNetwork.StackIp;
        net.Deliver(FrameBuilder.Arp(to, NewMac, operation, NewMac, address, toAll ? 0 : TestNetwork.StackMac, target));
    }

    private static void Traffic(TestNetwork net, int socket, int milliseconds, TestHost? to = null)
    {
        for (int time = 0; time < milliseconds; time += 100)
        {
            net.Sockets.SendTo(socket, [1], 0, 1, (to ?? net.Far).Ip, 9);
            net.Advance(Math.Min(100, milliseconds - time));
        }
    }
}
