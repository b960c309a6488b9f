// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Icmp;

/// <summary>An echo reply in fragments to somebody whose MAC address is not known waits for it, as one in a single frame does.</summary>
public sealed class WaitingReplyTests : StackTest
{
    private readonly byte[] _data = Wire.PatternBytes(3, 1900);

    [Fact]
    public void It_leaves_whole_when_the_answer_is_there()
    {
        TestNetwork net = Begin();
        Ping(net, net.Client, 1);
        net.Poll();
        Assert.Single(net.Arps);
        SeenFrame reply = Assert.Single(net.Packets);
        Assert.Equal(_data, reply.IcmpData);
        Assert.Equal(1u, net.Stack.Icmp.Counters.EchoReplies);
        Assert.Equal(0u, net.Stack.Icmp.Counters.NoFrame + net.Stack.Icmp.Counters.NotSent);
        net.AssertPoolWhole();
    }

    [Fact]
    public void It_leaves_when_the_answer_is_late()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        Ping(net, net.Client, 1);
        net.Advance(800);
        Assert.Empty(net.Packets);
        net.Deliver(FrameBuilder.Arp(TestNetwork.StackMac, net.Client.Mac, 2, net.Client.Mac, net.Client.Ip, TestNetwork.StackMac, TestNetwork.StackIp));
        net.Advance(10);
        Assert.Equal(_data, Assert.Single(net.Packets).IcmpData);
    }

    [Fact]
    public void It_is_dropped_after_a_second_and_counted_by_its_name()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        Ping(net, net.Client, 1);
        net.Advance(990);
        Assert.Equal(0u, net.Stack.Icmp.Counters.NotSent);
        Assert.NotEqual(0, Held(net));
        net.Advance(30);
        Assert.Equal(1u, net.Stack.Icmp.Counters.NotSent);
        Assert.Equal(0u, net.Stack.Icmp.Counters.EchoReplies);
        net.AssertPoolWhole();
        Assert.Empty(net.Fragments);
        Assert.Equal(0u, net.Stack.Icmp.Counters.NoFrame);
    }

    [Fact]
    public void Only_one_waits_and_frames_are_left_to_others()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        TestHost other = net.AddHost(0x060000000088, Wire.Address("192.168.1.88"));
        other.AnswersArp = false;
        Ping(net, net.Client, 1);
        int held = Held(net);
        Ping(net, other, 2);
        Assert.Equal(held, Held(net));
        Assert.Equal(1u, net.Stack.Icmp.Counters.NotSent);
        Assert.Equal(0u, net.Stack.Icmp.Counters.NoFrame);
        net.Advance(1100);
        net.AssertPoolWhole();
    }

    [Fact]
    public void It_does_not_take_the_last_large_frames()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.FrameCounts = [12, 6, 4, 4, 4, 3];
            c.ReassemblyBytes = 2970;
        });
        net.Client.AnswersArp = false;
        Ping(net, net.Client, 1, Wire.PatternBytes(3, 2900));
        Assert.Equal(0, Held(net));
        Assert.Equal(1u, net.Stack.Icmp.Counters.NotSent);
    }

    [Fact]
    public void It_does_not_take_what_is_reserved_for_reception()
    {
        TestNetwork net = Begin(configure: c => (c.TcpSockets, c.ReceiveReserve) = (2, 34));
        net.Client.AnswersArp = false;
        Ping(net, net.Client, 1);
        Assert.Equal(0, Held(net));
        Assert.Equal(1u, net.Stack.Icmp.Counters.NotSent);
    }

    [Fact]
    public void It_goes_when_the_address_does()
    {
        TestNetwork net = Begin();
        net.Client.AnswersArp = false;
        Ping(net, net.Client, 1);
        Assert.NotEqual(0, Held(net));
        net.Stack.Configure(TestNetwork.StackIp + 1, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.AssertPoolWhole();
        net.Advance(2000);
        Assert.Empty(net.Fragments);
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
    }

    private static int Held(TestNetwork net)
    {
        return Enumerable.Range(0, net.Stack.Pool.Classes).Sum(net.Stack.Pool.InUse);
    }

    private void Ping(TestNetwork net, TestHost from, int id, byte[]? data = null)
    {
        byte[] message = FrameBuilder.Echo(9, id, data ?? _data);
        for (int offset = 0; offset < message.Length; offset += 1480)
        {
            byte[] part = message[offset..Math.Min(offset + 1480, message.Length)];
            int flags = (offset + part.Length < message.Length ? 0x2000 : 0) | (offset / 8);
            net.DeliverIp(from, FrameBuilder.Ip(from.Ip, TestNetwork.StackIp, 1, part, flagsAndOffset: flags, id: id));
        }
    }
}
