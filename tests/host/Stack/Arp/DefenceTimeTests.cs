// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack.Arp;

/// <summary>The times of RFC 5227, to the millisecond: whatever is random is the same number each time.</summary>
public sealed class DefenceTimeTests
{
    private const ulong Stranger = 0x020000000666;

    private readonly List<(int Time, uint Sender)> _sent = [];
    private readonly TestInterface _interface = new(WordOrder.LowByteFirst, TestNetwork.StackMac);
    private TcpIpStack _stack = null!;
    private int _now = int.MaxValue - 5000;
    private int _start;

    [Theory]
    [InlineData(0, 0, 1000)]
    [InlineData(1, 1, 1001)]
    [InlineData(999, 999, 1999)]
    [InlineData(1000, 0, 1000)]
    public void Three_probes_a_wait_and_two_announcements_1_1(uint random, int first, int between)
    {
        Begin(random, probe: true);
        Run(20_000);
        Assert.Equal([first, first + between, first + (2 * between), first + (2 * between) + 2000, first + (2 * between) + 4000], Times);
        Assert.Equal([0, 0, 0, TestNetwork.StackIp, TestNetwork.StackIp], _sent.Select(s => s.Sender));
        Assert.Equal((3u, 2u, 0u), (_stack.Arp.Counters.ProbesSent, _stack.Arp.Counters.AnnouncementsSent, _stack.Arp.Counters.Conflicts));
    }

    [Fact]
    public void Without_probes_it_is_announced_at_once_and_two_seconds_later_2_3()
    {
        Begin(5, probe: false);
        Run(20_000);
        Assert.Equal([0, 2000], Times);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
    }

    [Theory]
    [InlineData(0, 60_001)]
    [InlineData(999, 61_000)]
    public void An_address_that_is_taken_is_asked_for_again_after_a_minute_and_a_little(uint random, int wait)
    {
        Begin(random, probe: true);
        Run(2500);
        _sent.Clear();
        Conflict(TestNetwork.StackIp);
        Assert.Equal(AddressState.Taken, _stack.Arp.AddressState);
        int taken = _now;
        Run(wait - 1);
        Assert.Empty(_sent);
        Run(1);
        Assert.Equal(taken + wait - _start, Assert.Single(Times));
        Assert.Equal(AddressState.Probing, _stack.Arp.AddressState);
        Run(20_000);
        Assert.Equal(5, _sent.Count);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_conflict_is_answered_once_in_ten_seconds_2_4(bool yields)
    {
        Begin(0, probe: false, yields);
        Run(30_000);
        _sent.Clear();
        Conflict(TestNetwork.StackIp);
        Assert.Single(_sent);
        Run(10_000);
        Conflict(TestNetwork.StackIp);
        Assert.Equal(2, _sent.Count);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
        Run(9999);
        Conflict(TestNetwork.StackIp);
        Assert.Equal(2, _sent.Count);
        Assert.Equal(yields ? AddressState.Taken : AddressState.InUse, _stack.Arp.AddressState);
        Assert.Equal((3u, 2u), (_stack.Arp.Counters.Conflicts, _stack.Arp.Counters.Defences));
    }

    [Fact]
    public void An_address_that_was_given_up_and_is_ours_again_is_defended_at_once()
    {
        Begin(0, probe: false, yields: true);
        Run(10_000);
        Conflict(TestNetwork.StackIp);
        Run(1);
        Conflict(TestNetwork.StackIp);
        Assert.Equal(AddressState.Taken, _stack.Arp.AddressState);
        Run(60_001 + 20_000);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
        _sent.Clear();
        Conflict(TestNetwork.StackIp);
        Assert.Single(_sent);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
    }

    [Theory]
    [InlineData(9, 300)]
    [InlineData(10, 60_000)]
    [InlineData(11, 60_000)]
    public void From_the_tenth_conflict_on_attempts_begin_a_minute_apart_2_1_1(int conflicts, int wait)
    {
        Begin(300, probe: true);
        MeetConflicts(conflicts);

        // the application tries again at once
        Assert.Equal(wait, TryAgain());
    }

    [Fact]
    public void A_minute_after_the_last_attempt_began_another_waits_no_longer_than_ever()
    {
        Begin(300, probe: true);
        MeetConflicts(10);
        Run(59_900);
        Assert.Equal(300, TryAgain());
    }

    [Fact]
    public void Conflicts_before_an_address_was_ours_are_forgotten()
    {
        Begin(300, probe: true);
        MeetConflicts(9);
        Run(60_301 + 20_000);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
        _interface.IsLinkUp = false;
        Run(10);
        _interface.IsLinkUp = true;
        MeetConflicts(9);
        Assert.Equal(300, TryAgain());
    }

    [Fact]
    public void An_attempt_of_many_days_ago_keeps_nobody_waiting()
    {
        const int Days = 20 * 24 * 3_600_000;
        Begin(300, probe: true);
        MeetConflicts(10);
        _interface.IsLinkUp = false;
        Poll();
        for (int i = 0; i < 2; i++)
        {
            _now = unchecked(_now + Days);
            Poll();
        }

        _sent.Clear();
        _interface.IsLinkUp = true;
        Run(300);
        Assert.Single(_sent);
    }

    [Fact]
    public void What_is_said_of_another_address_or_by_a_probe_is_no_conflict_once_it_is_ours()
    {
        Begin(0, probe: false);
        Run(10_000);
        Conflict(TestNetwork.StackIp + 1);
        Probe(TestNetwork.StackIp);
        Assert.Equal(0u, _stack.Arp.Counters.Conflicts);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void While_we_ask_a_probe_for_the_same_address_is_a_conflict_and_for_another_is_none_2_1_1(uint other, bool conflict)
    {
        Begin(0, probe: true);
        Run(500);
        Probe(TestNetwork.StackIp + other);
        Assert.Equal(conflict ? AddressState.Taken : AddressState.Probing, _stack.Arp.AddressState);
        Assert.Equal(conflict ? 1u : 0u, _stack.Arp.Counters.Conflicts);
    }

    [Fact]
    public void Without_an_address_nobody_is_told_or_asked()
    {
        Begin(0, probe: true);
        Run(500);
        Assert.Equal(0, _stack.Configure(0, 0, 0));
        Assert.Equal(AddressState.None, _stack.Arp.AddressState);
        _sent.Clear();
        _interface.IsLinkUp = false;
        Run(100);
        _interface.IsLinkUp = true;
        Run(100_000);
        Assert.Empty(_sent);
        Assert.Equal(AddressState.None, _stack.Arp.AddressState);
    }

    [Fact]
    public void Without_an_address_nothing_is_due()
    {
        Begin(0, probe: false);
        Assert.Equal(2000, _stack.Poll(_now));
        Assert.Equal(0, _stack.Configure(0, 0, 0));
        Assert.Equal(int.MaxValue, _stack.Poll(_now));
    }

    [Theory]
    [InlineData(AddressState.None)]
    [InlineData(AddressState.Taken)]
    public void What_is_said_of_an_address_that_is_not_ours_is_no_conflict(AddressState state)
    {
        Begin(0, probe: true);
        Run(500);
        if (state == AddressState.None)
        {
            Assert.Equal(0, _stack.Configure(0, 0, 0));
        }
        else
        {
            Conflict(TestNetwork.StackIp);
        }

        Assert.Equal(state, _stack.Arp.AddressState);
        uint conflicts = _stack.Arp.Counters.Conflicts;
        Conflict(TestNetwork.StackIp);
        Probe(TestNetwork.StackIp);
        Assert.Equal((conflicts, 0u), (_stack.Arp.Counters.Conflicts, _stack.Arp.Counters.Defences));
    }

    [Fact]
    public void Who_asks_for_the_address_that_we_ask_for_is_no_conflict_and_who_has_it_teaches_us_nothing()
    {
        Begin(0, probe: true);
        Run(500);
        Hear(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, TestNetwork.StackIp + 5, 0, TestNetwork.StackIp));
        Assert.Equal(AddressState.Probing, _stack.Arp.AddressState);
        Hear(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 2, Stranger, TestNetwork.StackIp, TestNetwork.StackMac, 0));
        Assert.Equal(AddressState.Taken, _stack.Arp.AddressState);
        Assert.Equal((1u, 0u), (_stack.Arp.Counters.Conflicts, _stack.Arp.Counters.Unsolicited));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void The_first_conflict_is_answered_whatever_the_clock_says(int start)
    {
        _now = start - 100;
        Begin(0, probe: false);
        Run(100);
        _sent.Clear();
        Conflict(TestNetwork.StackIp);
        Assert.Single(_sent);
    }

    [Fact]
    public void An_address_that_is_configured_anew_is_defended_at_once()
    {
        Begin(0, probe: false, yields: true);
        Run(5000);
        Conflict(TestNetwork.StackIp);
        Configure();
        _sent.Clear();
        Conflict(TestNetwork.StackIp);
        Assert.Single(_sent);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
    }

    [Fact]
    public void An_address_that_was_given_up_is_asked_for_when_the_link_comes_back()
    {
        Begin(0, probe: false, yields: true);
        Run(5000);
        Conflict(TestNetwork.StackIp);
        Conflict(TestNetwork.StackIp);
        _interface.IsLinkUp = false;
        Run(10);
        _sent.Clear();
        _interface.IsLinkUp = true;
        Run(6000);
        Assert.Equal([0, 0, 0, TestNetwork.StackIp, TestNetwork.StackIp], _sent.Select(s => s.Sender));
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);

        // less than ten seconds after it was defended: that was before
        _sent.Clear();
        Conflict(TestNetwork.StackIp);
        Assert.Single(_sent);
        Assert.Equal(AddressState.InUse, _stack.Arp.AddressState);
    }

    [Fact]
    public void With_an_address_that_is_given_up_the_neighbours_are_forgotten()
    {
        Begin(0, probe: false, yields: true);
        Hear(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, TestNetwork.StackIp + 7, 0, TestNetwork.StackIp));
        Assert.Equal(ArpEntryState.Reachable, _stack.Arp.GetState(0));
        Conflict(TestNetwork.StackIp);
        Conflict(TestNetwork.StackIp);
        Assert.Equal(ArpEntryState.Free, _stack.Arp.GetState(0));
    }

    [Fact]
    public void An_address_that_is_to_be_asked_for_again_is_not_used_while_nobody_can_be_asked()
    {
        Begin(0, probe: true);
        Run(20_000);
        _interface.IsLinkUp = false;
        Run(10);
        Assert.Equal(TestNetwork.StackIp, _stack.IPv4.Address);
        Configure();
        Assert.Equal((AddressState.Probing, 0u), (_stack.Arp.AddressState, _stack.IPv4.Address));
    }

    private List<int> Times => [.. _sent.Select(s => s.Time - _start)];

    private void Begin(uint random, bool probe, bool yields = false)
    {
        StackConfiguration configuration = new() { ProbeAddress = probe, YieldAddress = yields };
        _stack = new TcpIpStack(configuration, _interface, new Constant(random));
        _stack.Poll(_now);
        _start = _now;
        Configure();
    }

    private void Configure()
    {
        Assert.Equal(0, _stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp));
        Poll();
    }

    /// <summary>Attempt after attempt meets somebody who has the address, in the millisecond in which it begins.</summary>
    private void MeetConflicts(int count)
    {
        Run(300);
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(AddressState.Probing, _stack.Arp.AddressState);
            Conflict(TestNetwork.StackIp);
            if (i < count - 1)
            {
                Run(60_301);
            }
        }
    }

    /// <summary>The application configures the address anew.</summary>
    /// <returns>Milliseconds until it is asked for.</returns>
    private int TryAgain()
    {
        _sent.Clear();
        Configure();
        int asked = _now - _start;
        Run(70_000);
        return Times.First() - asked;
    }

    private void Conflict(uint ip) => Hear(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, ip, 0, ip));

    private void Probe(uint ip) => Hear(FrameBuilder.Arp(TestHost.BroadcastMac, Stranger, 1, Stranger, 0, 0, ip));

    private void Hear(byte[] frame)
    {
        _interface.Deliver(frame);
        Poll();
    }

    private int Poll()
    {
        int wait = _stack.Poll(_now);
        if (_stack.NeedsPoll)
        {
            wait = _stack.Poll(_now);
        }

        while (_interface.HasOutbound)
        {
            SeenFrame frame = new(_interface.TakeSent(), _now, TestNetwork.StackMac, _stack.IPv4.Address, [64]);
            _sent.Add((_now, frame.ArpSenderIp));
        }

        return wait;
    }

    /// <summary>Lets time pass in the steps that the stack asks for.</summary>
    private void Run(int milliseconds)
    {
        int end = unchecked(_now + milliseconds);
        int left = milliseconds;
        while (left > 0)
        {
            int wait = Math.Max(1, Poll());
            _now = unchecked(_now + Math.Min(wait, left));
            left = unchecked(end - _now);
        }

        Poll();
    }

    private sealed class Constant(uint value) : RandomSource
    {
        public override uint Next() => value;
    }
}
