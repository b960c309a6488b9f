// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace HostTests.Stack.IPv4;

/// <summary>
/// What takes the short way in. Who is wrongly sent the long way is dealt with all the same, so that only the cost would tell; who wrongly takes
/// the short one is believed what is not so.
/// </summary>
public sealed class ShortWayTests : StackTest
{
    private const ulong PeerMac = 0x020000000010;

    private static readonly uint s_peer = Wire.Address("192.168.1.10");

    [Theory, BothOrders]
    public void What_is_common_takes_the_short_way(WordOrder order)
    {
        TestNetwork net = Begin(order);
        byte[] request = FrameBuilder.Arp(TestNetwork.StackMac, PeerMac, 1, PeerMac, s_peer, 0, TestNetwork.StackIp);
        Assert.False(Receive(net, request)); // a stranger is learned
        Assert.True(Receive(net, request));
        Assert.True(Receive(net, Packet(s_peer, 1, Echo())));
        Assert.True(Receive(net, Packet(s_peer, 17, FrameBuilder.Udp(s_peer, TestNetwork.StackIp, 5000, 5001, [1, 2]))));
        Assert.True(Receive(net, Packet(s_peer, 6, new byte[20])));
        Assert.Equal(1u, net.Stack.Tcp.Counters.BadLength); // its header says that it has no words
        Assert.True(Receive(net, Packet(s_peer, 1, Echo(), pad: false)[..42])); // the shortest
        Assert.Equal(4u, net.Stack.IPv4.Counters.PacketsReceived);
        Assert.Equal(4u, net.Stack.IPv4.Counters.PacketsDelivered);
    }

    [Theory, BothOrders]
    public void What_is_rare_or_wrong_does_not(WordOrder order)
    {
        TestNetwork net = Begin(order);
        byte[] good = Packet(s_peer, 1, Echo());
        Assert.True(Receive(net, good));
        Assert.False(Receive(net, Packet(s_peer, 1, Echo(), options: [1, 1, 1, 0])));
        Assert.False(Receive(net, Packet(s_peer, 1, [.. new byte[8]]))); // an echo reply
        Assert.False(Receive(net, Packet(s_peer, 2, [0x16, 0, 0xE9, 0xFF, 0, 0, 0, 0])));
        foreach (string source in new[] { "0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "240.0.0.1", "192.168.1.50", "192.168.1.255", "255.255.255.255" })
        {
            Assert.False(Receive(net, Packet(Wire.Address(source), 1, Echo())), source);
        }

        foreach ((int at, byte value) in new (int, byte)[]
        {
            (0, 0x03), (5, 0x02), (6, 0x01), (12, 0x86), (13, 0x06), (14, 0x46), (14, 0x65), (17, 19), (17, 47), (20, 0x20), (21, 1), (24, 0xFF), (30, 193), (33, 51),
        })
        {
            byte[] bad = [.. good];
            bad[at] = value;
            Assert.False(Receive(net, bad), $"byte {at}: {value}");
        }

        Assert.False(Receive(net, good[..41]));
        Assert.False(Receive(net, [.. good, .. new byte[1515 - good.Length]]));
    }

    [Theory, BothOrders]
    public void Who_was_a_host_is_asked_again_under_another_address_or_netmask(WordOrder order)
    {
        TestNetwork net = Begin(order);
        uint last = Wire.Address("192.168.1.127");
        Assert.True(Receive(net, Packet(last, 1, Echo())));
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, Wire.Address("255.255.255.128"), 0));
        Assert.False(Receive(net, Packet(last, 1, Echo()))); // to all
        Assert.True(Receive(net, Packet(s_peer, 1, Echo())));

        net.Stack.Configure(s_peer, TestNetwork.Netmask, 0);
        net.Advance(10_000);
        Assert.Equal(s_peer, net.Stack.IPv4.Address);
        Assert.False(Receive(net, Packet(s_peer, 1, Echo(), to: s_peer)));
        Assert.Equal(2u, net.Stack.IPv4.Counters.BadSource);
    }

    private static byte[] Echo()
    {
        byte[] echo = [8, 0, 0, 0, 0, 1, 0, 1];
        Wire.Put16(echo, 2, Wire.Checksum(echo, 0, echo.Length));
        return echo;
    }

    private static byte[] Packet(uint source, int protocol, byte[] payload, byte[]? options = null, bool pad = true, uint? to = null)
    {
        byte[] packet = FrameBuilder.Ip(source, to ?? TestNetwork.StackIp, protocol, payload, options);
        return FrameBuilder.Ethernet(TestNetwork.StackMac, PeerMac, 0x0800, packet, pad);
    }

    private static bool Receive(TestNetwork net, byte[] bytes)
    {
        FramePool pool = net.Stack.Pool;
        Frame frame = pool.Rent(Math.Min(bytes.Length, pool.LargestCapacity))!;
        frame.Length = bytes.Length;
        frame.CopyBytesFrom(0, bytes, 0, Math.Min(bytes.Length, frame.Capacity));
        bool isShort = net.Stack.Ethernet.Receive(frame);
        net.Poll();
        return isShort;
    }
}
