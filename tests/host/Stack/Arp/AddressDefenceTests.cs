// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Tcp;

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
    public void A21_X7_a_conflict_in_use_is_answered_once_in_ten_seconds_and_the_address_is_kept()
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
    public void A21_if_wanted_the_address_is_given_up_when_a_second_conflict_follows_within_ten_seconds()
    {
        TestNetwork net = Begin(configure: c => c.YieldAddress = true);
        net.Advance(5000);
        net.AssertAlive();
        net.Announcements.Clear();
        Conflict(net);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        AssertAnnouncement(Assert.Single(net.Announcements));

        // ten seconds later the first one is forgotten
        net.Advance(10_000);
        Conflict(net);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        Assert.Equal(2, net.Announcements.Count);
        net.Advance(9999);
        Conflict(net);
        Assert.Equal(AddressState.Taken, net.Stack.Arp.AddressState);
        Assert.Equal(0u, net.Stack.IPv4.Address);
        Assert.Equal(2, net.Announcements.Count);

        // silent from here on: neither ARP nor IP is answered, and neighbours are not asked
        net.Arps.Clear();
        net.Deliver(net.EchoRequest());
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, net.Client.Mac, 1, net.Client.Mac, net.Client.Ip, 0, TestNetwork.StackIp));
        net.Advance(59_000);
        Assert.Empty(net.Packets);
        Assert.Empty(net.Arps);
        Assert.Equal(2, net.Announcements.Count);

        // then it is asked for, though the configuration does not ask for that at the start
        int start = net.Now;
        net.Announcements.Clear();
        net.Advance(20_000);
        Assert.Equal([0u, 0u, 0u, TestNetwork.StackIp, TestNetwork.StackIp], net.Announcements.Select(a => a.ArpSenderIp));
        Assert.InRange(net.Announcements[0].Time - start, 1000, 2000);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        net.AssertAlive();
    }

    [Fact]
    public void A20_A22_an_address_that_is_taken_is_asked_for_again_every_minute_until_nobody_answers()
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        int conflicts = 0;
        int last = 0;
        while (conflicts < 12)
        {
            net.Announcements.Clear();
            while (net.Announcements.Count == 0)
            {
                net.Advance(10);
            }

            int first = net.Announcements[0].Time;
            if (conflicts > 0)
            {
                Assert.InRange(first - last, 60_000, 61_100);
            }

            Conflict(net);
            last = net.Now;
            conflicts++;
            Assert.Equal(AddressState.Taken, net.Stack.Arp.AddressState);
        }

        net.Advance(80_000);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        net.AssertAlive();
    }

    [Fact]
    public void A22_after_ten_conflicts_attempts_begin_a_minute_apart_however_often_the_application_tries()
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        List<int> attempts = [];
        for (int i = 0; i < 13; i++)
        {
            net.Announcements.Clear();
            net.Stack.Configure(TestNetwork.StackIp + (uint)(i & 1), TestNetwork.Netmask, TestNetwork.GatewayIp);
            while (net.Announcements.Count == 0 && net.Arps.Count == 0)
            {
                net.Advance(10);
            }

            net.Arps.Clear();
            attempts.Add(net.Now);
            net.Deliver(FrameBuilder.Arp(
                TestHost.BroadcastMac, Stranger, 1, Stranger, 0, 0, TestNetwork.StackIp + (uint)(i & 1)));
            Assert.Equal(AddressState.Taken, net.Stack.Arp.AddressState);
        }

        int[] gaps = [.. attempts.Zip(attempts.Skip(1), (a, b) => b - a)];
        Assert.All(gaps.Take(9), gap => Assert.InRange(gap, 0, 1100));
        Assert.All(gaps.Skip(9), gap => Assert.InRange(gap, 60_000, 61_100));

        // the last address was another one: give the usual one back for the end of the test
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Advance(80_000);
        Assert.Equal(AddressState.InUse, net.Stack.Arp.AddressState);
        net.AssertAlive();

        // and an attempt that succeeded ends the penance
        net.Announcements.Clear();
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Advance(1000);
        Assert.NotEmpty(net.Announcements);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A23_our_own_packets_that_a_loop_brings_back_are_no_conflict(int operation)
    {
        foreach (bool probe in new[] { false, true })
        {
            TestNetwork net = Begin(configure: c => c.ProbeAddress = probe);
            net.Advance(1500);
            net.Announcements.Clear();

            // once as it was sent, and once in a frame of whoever passed it on
            foreach (ulong from in new[] { TestNetwork.StackMac, Stranger })
            {
                net.Deliver(FrameBuilder.Arp(
                    TestHost.BroadcastMac, from, operation, TestNetwork.StackMac, probe ? 0 : TestNetwork.StackIp, 0, TestNetwork.StackIp));
            }

            Assert.Empty(net.Announcements);
            Assert.Equal(0u, net.Stack.Arp.Counters.Conflicts);
            Assert.Equal(1u, net.Stack.Ethernet.Counters.BadSource);
            Assert.Equal(1u, net.Stack.Arp.Counters.BadSender);
            Assert.NotEqual(AddressState.Taken, net.Stack.Arp.AddressState);
            net.Advance(20_000);
            net.AssertAlive();
        }
    }

    [Fact]
    public void G23_connections_end_when_the_address_is_given_up_and_listeners_wait_for_the_next()
    {
        TestNetwork net = Begin(configure: c => c.YieldAddress = true);
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        int open = peer.OpenTo(listener);
        net.Write(open, "never acknowledged");
        peer.Send("PA", text: "never read");

        // one that nobody has accepted yet, and one that is half open and has no control block yet
        net.Peer(port: 40001).Handshake();
        net.Peer(port: 40002).Send("S");
        int opening = net.Sockets.Socket();
        net.Sockets.Connect(opening, net.Client.Ip, 4711);
        net.Poll();
        Assert.Equal(4, net.Stack.Tcp.BlocksInUse);
        Assert.Equal(1, net.Stack.Tcp.HalfOpen);
        Conflict(net);
        Conflict(net);
        Assert.Equal(0, net.Stack.Tcp.HalfOpen);
        Assert.Equal(AddressState.Taken, net.Stack.Arp.AddressState);
        Assert.Equal(SocketError.AddressNotAvailable, net.Sockets.GetError(open));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.ReadResult(open));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Write(open, [1], 0, 1));
        Assert.Equal(SocketError.AddressNotAvailable, net.Sockets.GetError(opening));
        Assert.Equal(TcpState.Listen, net.Sockets.GetState(listener));
        Assert.Equal(3, net.Stack.Tcp.BlocksInUse);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
        net.Sockets.Close(open);
        net.Sockets.Close(opening);
        net.AssertPoolWhole();

        net.Advance(80_000);
        TcpPeer next = net.Peer(port: 40003);
        next.OpenTo(listener);
        next.Send("R");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void G23_connections_end_when_another_address_is_configured_and_not_when_it_is_the_same(bool same)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Stack.Configure(same ? TestNetwork.StackIp : 0, TestNetwork.Netmask, TestNetwork.GatewayIp);
        net.Poll();
        Assert.Equal(same ? SocketError.Success : SocketError.AddressNotAvailable, net.Sockets.GetError(socket));
        net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        Assert.True(net.Stack.NeedsPoll);
        peer.Send("PA", text: "hello");
        net.Advance(200);
        peer.Expect(same ? "A" : "R");
        peer.Send("R");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void G23_a_connection_outlives_a_link_that_was_away_if_the_address_is_still_ours(bool taken)
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        net.Advance(20_000);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Interface.IsLinkUp = false;
        net.Advance(5000);
        net.Interface.IsLinkUp = true;
        net.Poll();
        net.Write(socket, "still here");
        net.Advance(3500);

        // while the link is asked nothing is sent in the name of an address that may be somebody else's, nor of none
        Assert.Equal(0u, net.Stack.IPv4.Address);
        Assert.Equal(0, peer.Waiting);
        Assert.Empty(net.Packets);
        if (taken)
        {
            Conflict(net);
            Assert.Equal((int)SocketError.AddressNotAvailable, net.ReadResult(socket));
            return;
        }

        net.Advance(20_000);
        SeenFrame text = peer.Expect("PA");
        Assert.Equal("still here"u8.ToArray(), text.Text);
        Assert.Equal(SocketError.Success, net.Sockets.GetError(socket));
        peer.Send("R");
    }

    [Fact]
    public void G23_what_waits_for_an_address_that_is_asked_for_anew_goes_on_at_once()
    {
        TestNetwork net = Begin(configure: c => c.ProbeAddress = true);
        net.Advance(20_000);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, "first");
        peer.Expect("PA", seq: 1);
        peer.Send("A");
        net.Write(socket, "waits");
        peer.Expect("PA", seq: 6);
        net.Interface.IsLinkUp = false;
        net.Advance(40_000);
        peer.TakeAll();
        net.Interface.IsLinkUp = true;
        net.Poll();
        for (int i = 0; i < 4000 && net.Stack.IPv4.Address == 0; i++)
        {
            net.Advance(5);
        }

        peer.Expect("PA", seq: 6, text: "waits");

        // nothing was tried while there was none
        Assert.Equal(0u, net.Stack.IPv4.Counters.NoRoute);
        net.Sockets.Abort(socket);
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

    private static void Conflict(TestNetwork net)
    {
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, TestNetwork.StackIp, 0, TestNetwork.StackIp));
    }

    private static void AssertAnnouncement(SeenFrame frame)
    {
        Assert.Equal(TestNetwork.StackIp, frame.ArpSenderIp);
        Assert.Equal(TestNetwork.StackIp, frame.ArpTargetIp);
        Assert.Equal(TestHost.BroadcastMac, frame.Destination);
    }
}
