// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Arp;
using Xunit;

namespace HostTests.Stack.Arp;

/// <summary>Nobody else uses our address: RFC 5227.</summary>
public sealed class AddressDefenceTests : StackTest
{
    private const ulong Stranger = 0x020000000666;

    [Fact]
    public void A19_our_address_is_announced_twice_when_it_is_set_and_when_the_link_comes_up()
    {
        TestNetwork net = Begin();
        net.Advance(60_000);
        SeenFrame second = Assert.Single(net.Announcements);
        AssertAnnouncement(second);
        Assert.Equal(2000, second.Time - net.Start);
        net.Announcements.Clear();

        net.Interface.IsLinkUp = false;
        net.Poll();
        net.Interface.IsLinkUp = true;
        int up = net.Now;
        net.Advance(60_000);
        Assert.Equal([0, 2000], net.Announcements.Select(a => a.Time - up));
        Assert.All(net.Announcements, AssertAnnouncement);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A19_three_probes_a_wait_and_two_announcements(uint seed)
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true, seed: seed);
        Assert.Equal(AddressState.Probing, net.Stack.Arp.AddressState);
        Assert.Equal(0u, net.Stack.IPv4.Address);
        net.Advance(20_000);
        List<SeenFrame> seen = net.Announcements;
        Assert.Equal(5, seen.Count);
        Assert.InRange(seen[0].Time - net.Start, 0, 999);
        Assert.InRange(seen[1].Time - seen[0].Time, 1000, 1999);
        Assert.InRange(seen[2].Time - seen[1].Time, 1000, 1999);
        Assert.Equal(2000, seen[3].Time - seen[2].Time);
        Assert.Equal(2000, seen[4].Time - seen[3].Time);
        Assert.All(seen.Take(3), probe =>
        {
            Assert.Equal(0u, probe.ArpSenderIp);
            Assert.Equal(0ul, probe.ArpTargetMac);
            Assert.Equal(TestNetwork.StackIp, probe.ArpTargetIp);
            Assert.Equal(TestHost.BroadcastMac, probe.Destination);
        });
        Assert.All(seen.Skip(3), AssertAnnouncement);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A20_an_address_that_somebody_has_or_wants_too_is_not_used(bool reply)
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        net.Advance(2500);

        // its owner answers, or another host probes for it
        net.Deliver(reply
            ? FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 2, Stranger, TestNetwork.StackIp, TestNetwork.StackMac, 0)
            : FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, 0, 0, TestNetwork.StackIp));
        net.Announcements.Clear();
        net.Advance(60_000);
        Assert.Equal(AddressState.Taken, net.Stack.Arp.AddressState);
        Assert.Equal(0u, net.Stack.IPv4.Address);
        Assert.Equal(1u, net.Stack.Arp.Counters.Conflicts);
        Assert.Empty(net.Announcements);

        // another address, or another try, is the application's to choose
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Advance(20_000);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        net.AssertAlive();
    }

    [Fact]
    public void A21_H7_a_conflict_in_use_is_answered_once_in_ten_seconds_and_the_address_is_kept()
    {
        TestNetwork net = Begin();
        net.Advance(10_000);
        net.Announcements.Clear();
        int start = net.Now;
        for (int i = 0; i < 1000; i++)
        {
            net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, TestNetwork.StackIp, 0, TestNetwork.StackIp));
            net.Advance(25);
        }

        Assert.Equal([0, 10_000, 20_000], net.Announcements.Select(a => a.Time - start));
        Assert.All(net.Announcements, AssertAnnouncement);
        Assert.Equal(1000u, net.Stack.Arp.Counters.Conflicts);
        Assert.Equal(3u, net.Stack.Arp.Counters.Defences);
        net.AssertAlive();
    }

    [Fact]
    public void A23_a_link_that_flaps_while_probing_begins_anew()
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        net.Advance(3000);
        net.Interface.IsLinkUp = false;
        net.Poll();
        net.Advance(30_000);
        Assert.Equal(0u, net.Stack.IPv4.Address);
        net.Interface.IsLinkUp = true;
        net.Poll();
        net.Announcements.Clear();
        net.Advance(20_000);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        net.AssertAlive();
    }

    private static void AssertAnnouncement(SeenFrame frame)
    {
        Assert.Equal(TestNetwork.StackIp, frame.ArpSenderIp);
        Assert.Equal(TestNetwork.StackIp, frame.ArpTargetIp);
        Assert.Equal(TestHost.BroadcastMac, frame.Destination);
    }
}
