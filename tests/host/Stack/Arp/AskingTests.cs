// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Sockets;

namespace HostTests.Stack.Arp;

/// <summary>
/// When who is asked, to the millisecond: what was asked before counts wherever the row has gone, what was answered does not, and who answers
/// strangers leaves requests for its own.
/// </summary>
public sealed class AskingTests : StackTest
{
    private const ulong Mac = 0x020000000066;
    private const ulong NewMac = 0x060000000077;

    private static readonly uint s_ip = Wire.Address("192.168.1.66");
    private static readonly uint s_other = Wire.Address("192.168.1.100");

    [Fact]
    public void Who_is_to_be_asked_is_asked_within_the_call_and_once()
    {
        TestNetwork net = Begin();
        Ask(net, s_ip);
        Assert.Equal(1u, net.Stack.Arp.Counters.RequestsSent);
        Ask(net, s_ip);
        Assert.Equal(1u, net.Stack.Arp.Counters.RequestsSent);
    }

    [Fact]
    public void A_request_for_which_there_is_no_frame_is_not_counted_as_sent_and_the_next_one_comes_a_second_later()
    {
        TestNetwork net = Begin();
        List<Frame> held = net.DrainPool();
        Ask(net, s_ip);
        net.Poll();
        Assert.Equal((0u, 1u), (net.Stack.Arp.Counters.RequestsSent, net.Stack.Arp.Counters.NoFrame));
        held.ForEach(net.Stack.Pool.Return);
        int start = net.Now;
        net.Advance(1500);
        Assert.Equal([1000], Times(net, s_ip, start));
    }

    [Fact]
    public void A_neighbours_time_comes_also_a_millisecond_before_the_announcement()
    {
        TestNetwork net = Begin();
        net.Advance(999);
        Ask(net, s_ip);
        net.Advance(1500);
        Assert.Equal([999, 1999], Times(net, s_ip, net.Start));
        Assert.Equal([2000], net.Announcements.Select(a => a.Time - net.Start));
    }

    [Fact]
    public void A_neighbour_that_lost_its_row_and_is_wanted_again_is_not_asked_before_the_second_is_over()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        int start = net.Now;
        Ask(net, s_ip);
        net.Advance(300);
        Ask(net, s_other);
        net.Advance(100);
        Ask(net, s_ip);
        net.Advance(2600);
        Assert.Equal([0, 1000, 2000], Times(net, s_ip, start));
        Assert.Equal(ArpEntryState.Failed, net.Stack.Arp.GetState(0));
    }

    [Fact]
    public void So_it_is_if_it_was_the_second_request_that_only_the_row_knew_of()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1, start: 0);
        int start = net.Now;
        Ask(net, s_ip);
        net.Advance(1200);
        Ask(net, s_other);
        net.Advance(100);
        Ask(net, s_ip);
        net.Advance(1500);
        Assert.Equal([0, 1000, 2000], Times(net, s_ip, start));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_that_has_answered_or_asked_for_us_meanwhile_may_be_asked_at_once(bool answers)
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        TestHost host = net.AddHost(Mac, s_ip);
        net.AddHost(Mac + 1, s_other);
        host.AnswersArp = answers;
        Ask(net, s_ip);
        net.Poll();
        Ask(net, s_other);
        net.Poll();
        if (!answers)
        {
            Hear(net, 1, Mac, s_ip);
            Ask(net, s_other);
            net.Poll();
        }

        Ask(net, s_ip);
        Assert.Equal(2, Times(net, s_ip, net.Now).Count);
    }

    [Fact]
    public void One_that_was_known_and_has_answered_when_it_was_asked_again_may_be_asked_at_once()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        net.AddHost(Mac, s_ip);
        Hear(net, 1, Mac, s_ip);
        Hear(net, 2, NewMac, s_ip);
        Assert.Single(Times(net, s_ip, net.Now));
        Ask(net, s_other);
        Ask(net, s_ip);
        Assert.Equal(2, Times(net, s_ip, net.Now).Count);
    }

    [Fact]
    public void On_another_link_nobody_was_asked_yet()
    {
        TestNetwork net = Begin();
        Ask(net, s_ip);
        net.Interface.IsLinkUp = false;
        net.Poll();
        net.Interface.IsLinkUp = true;
        net.Poll();
        Ask(net, s_ip);
        Assert.Equal(2, Times(net, s_ip, net.Now).Count);
    }

    [Fact]
    public void One_that_waits_for_its_turn_tries_again_every_tenth_of_a_second()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 24);
        for (uint i = 0; i < 16; i++)
        {
            net.AddHost(Mac + i, s_ip + i);
            Ask(net, s_ip + i);
        }

        net.Poll();
        Ask(net, s_other);
        Assert.Equal(100, net.Poll());
        Assert.Empty(Times(net, s_other, net.Now));
    }

    [Fact]
    public void It_does_not_wait_for_what_was_asked_in_the_row_before()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        int start = net.Now;
        for (uint i = 0; i < 16; i++)
        {
            Ask(net, s_ip + i);
            net.Advance(10);
        }

        // the last request in this row was at 150; of those that leave four for our own, the first that counts was at 40
        net.Advance(40);
        Ask(net, s_other);
        net.Advance(1000);
        Assert.Equal([1100], Times(net, s_other, start));
    }

    [Fact]
    public void To_ask_again_does_not_wait_for_those_that_are_new()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 24);
        int start = net.Now;
        Ask(net, s_other);
        net.Advance(500);
        AskMany(net, s_ip, 16);

        net.Advance(600);
        Assert.Equal([0, 1000], Times(net, s_other, start));
    }

    [Fact]
    public void Who_is_to_be_answered_waits_while_twelve_were_asked_and_the_gateway_does_not()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 24);
        int start = net.Now;
        AskMany(net, s_ip, 12);
        net.Deliver(net.EchoRequest());
        Assert.Empty(Times(net, net.Client.Ip, start));
        net.Deliver(net.EchoRequest(from: net.Far));
        Assert.Equal([0], Times(net, TestNetwork.GatewayIp, start));
        net.Advance(1000);
        Assert.Equal([1000], Times(net, net.Client.Ip, start));
        Assert.Contains(net.Packets, p => p.Destination == net.Client.Mac);
    }

    [Fact]
    public void Where_there_is_no_row_for_it_the_answer_goes_back_to_the_station_that_has_asked()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 12);
        AskMany(net, s_ip, 12);
        net.Deliver(net.EchoRequest());
        Assert.Equal(net.Client.Mac, Assert.Single(net.Packets).Destination);
        Assert.Empty(Times(net, net.Client.Ip, net.Now));
        Assert.Equal((0u, 0u), (net.Stack.Arp.Counters.Evictions, net.Stack.Arp.Counters.ParkedDropped));
        Assert.Equal(1u, net.Stack.Icmp.Counters.EchoReplies);
    }

    [Fact]
    public void Where_there_is_no_row_for_the_gateway_it_takes_another_ones()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 12);
        AskMany(net, s_ip, 12);
        net.Deliver(net.EchoRequest(from: net.Far));
        Assert.Single(Times(net, TestNetwork.GatewayIp, net.Now));
        Assert.Equal(1u, net.Stack.Arp.Counters.Evictions);
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    public void A_neighbour_in_use_for_a_second_makes_no_room_for_one_that_is_new(int usedAfter, bool stays)
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 4);
        Hear(net, 1, Mac, s_ip);
        net.Advance(usedAfter);
        Ask(net, s_ip);
        net.Advance(10);
        for (uint i = 0; i < 4; i++)
        {
            Hear(net, 1, Mac + 1 + i, s_other + i);
        }

        Assert.Equal(stays ? ArpEntryState.Reachable : null, StateOf(net, s_ip));
        Assert.Equal(stays ? null : ArpEntryState.Reachable, StateOf(net, s_other));
    }

    [Fact]
    public void One_that_comes_to_the_row_of_such_a_neighbour_is_new_all_the_same()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 4);
        Hear(net, 1, Mac, s_ip);
        net.Advance(1000);
        Ask(net, s_ip);
        net.Advance(60_000);
        Assert.Null(StateOf(net, s_ip));
        Hear(net, 1, Mac, s_ip + 1);
        net.Advance(10);
        for (uint i = 0; i < 4; i++)
        {
            Hear(net, 1, Mac + 1 + i, s_other + i);
        }

        Assert.Null(StateOf(net, s_ip + 1));
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, s_other));
    }

    [Fact]
    public void One_that_did_not_answer_may_be_asked_again_after_five_seconds_whatever_else_happens_meanwhile()
    {
        TestNetwork net = Begin();
        Ask(net, s_ip);
        net.Advance(3000);
        Assert.Equal(ArpEntryState.Failed, StateOf(net, s_ip));
        net.Advance(1000);
        Hear(net, 1, Mac, s_other);
        net.Advance(3999);
        Assert.Equal(ArpEntryState.Failed, StateOf(net, s_ip));
        net.Advance(1);
        Assert.Null(StateOf(net, s_ip));
    }

    [Fact]
    public void One_that_did_not_answer_in_time_is_believed_when_it_does()
    {
        TestNetwork net = Begin();
        Ask(net, s_ip);
        net.Advance(6000);
        Assert.Equal(ArpEntryState.Failed, StateOf(net, s_ip));
        Hear(net, 2, Mac, s_ip);
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, s_ip));
        Assert.Equal(0u, net.Stack.Arp.Counters.Unsolicited);
    }

    [Fact]
    public void One_that_is_heard_and_not_used_is_forgotten_after_a_minute_whatever_else_happens_meanwhile()
    {
        TestNetwork net = Begin();
        Hear(net, 1, Mac, s_ip);
        net.Advance(59_500);
        Hear(net, 1, Mac + 1, s_other);
        net.Advance(499);
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, s_ip));
        net.Advance(1);
        Assert.Null(StateOf(net, s_ip));
    }

    [Fact]
    public void Who_is_asked_whether_it_is_still_there_is_not_asked_again_within_a_second_whatever_else_happens_meanwhile()
    {
        TestNetwork net = Begin();
        Hear(net, 1, Mac, s_ip);
        int start = net.Now;
        net.Advance(1);
        Ask(net, s_ip);
        net.Advance(50_299);
        Hear(net, 1, Mac + 1, s_other);
        Assert.Equal([50_000], Times(net, s_ip, start));
        net.Advance(999);
        Assert.Equal([50_000], Times(net, s_ip, start));
        net.Advance(1);
        Assert.Equal([50_000, 51_300], Times(net, s_ip, start));
    }

    [Theory]
    [InlineData(2999, true)]
    [InlineData(3000, false)]
    public void An_answer_that_comes_three_seconds_after_the_question_is_none(int after, bool believed)
    {
        TestNetwork net = Begin();
        Hear(net, 1, Mac, s_ip);
        Hear(net, 2, NewMac, s_ip);
        Assert.Single(Times(net, s_ip, net.Now));
        net.Advance(after);
        Hear(net, 2, NewMac, s_ip);
        Assert.Equal(believed ? NewMac : Mac, StationOf(net, s_ip));
        Assert.Equal(believed ? 1u : 2u, net.Stack.Arp.Counters.Unsolicited);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_neighbour_in_doubt_is_asked_when_a_second_has_passed_since_it_was_last_and_not_sooner(bool looksSooner)
    {
        TestNetwork net = BeginDoubt(out int start);
        net.Advance(699);
        if (looksSooner)
        {
            Hear(net, 1, Mac + 1, s_other);
        }

        Assert.Equal([0], Times(net, s_ip, start));
        net.Advance(1);
        Assert.Equal([0, 1000], Times(net, s_ip, start));
        Assert.Equal(Mac, StationOf(net, s_ip));

        // that counts, too
        AskMany(net, s_other + 1, 16);

        Assert.Equal(2u + 15, net.Stack.Arp.Counters.RequestsSent);
    }

    [Fact]
    public void To_ask_one_whether_it_has_moved_counts_like_asking_for_one_who_is_new()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 24);
        Hear(net, 1, Mac, s_ip);
        Hear(net, 2, NewMac, s_ip);
        AskMany(net, s_other + 1, 16);

        Assert.Equal(16u, net.Stack.Arp.Counters.RequestsSent);
    }

    [Fact]
    public void One_in_doubt_that_says_so_again_when_it_is_to_be_asked_is_asked_at_once_and_believed()
    {
        TestNetwork net = BeginDoubt(out int start);
        net.AddHost(NewMac, s_ip);
        net.Oversleep(700);
        net.Interface.Deliver(Says(2, NewMac, s_ip));
        net.Stack.BeginTurn(net.Now);
        Assert.Equal([0, 1000], Times(net, s_ip, start));
        net.Poll();
        Assert.Equal(NewMac, StationOf(net, s_ip));
    }

    [Fact]
    public void What_only_a_row_knew_and_is_a_second_old_takes_no_place_of_what_was_asked_since()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 17);
        Ask(net, s_other);
        net.Advance(3000);
        Assert.Equal(ArpEntryState.Failed, StateOf(net, s_other));
        // sixteen are asked, and the last one takes the row of the one that has failed
        AskMany(net, s_ip, 17);

        Assert.Null(StateOf(net, s_other));
        net.Advance(10);
        Ask(net, s_ip + 16);
        Ask(net, s_ip + 17);
        Assert.Null(StateOf(net, s_ip));

        // that it was asked is remembered: its third second ends with those of the others
        Ask(net, s_ip);
        net.Advance(2989);
        Assert.Equal(ArpEntryState.Incomplete, StateOf(net, s_ip));
        net.Advance(1);
        Assert.Equal(ArpEntryState.Failed, StateOf(net, s_ip));
    }

    [Fact]
    public void An_operation_that_is_none_of_ARPs_teaches_nothing_of_one_who_is_known()
    {
        TestNetwork net = Begin();
        Hear(net, 1, Mac, s_ip);
        Hear(net, 3, NewMac, s_ip);
        Assert.Equal(Mac, StationOf(net, s_ip));
    }

    [Fact]
    public void Who_asks_for_us_while_much_waits_for_the_interface_is_not_answered_but_remembered()
    {
        TestNetwork net = Begin(configure: c => c.TransmitQueue = 4);
        net.Interface.Busy = true;
        Ask(net, s_other);
        Ask(net, s_other + 1);
        Hear(net, 1, Mac, s_ip);
        Assert.Equal((0u, 1u), (net.Stack.Arp.Counters.RepliesSent, net.Stack.Ethernet.Counters.QueueFull));
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, s_ip));
        net.Interface.Busy = false;
        net.Poll();
        Assert.All(net.Arps, a => Assert.Equal(1, a.ArpOperation));
    }

    /// <summary>Somebody wants to send to a neighbour.</summary>
    private static void Ask(TestNetwork net, uint ip) => net.Stack.Arp.Resolve(ip, 1);

    private static void AskMany(TestNetwork net, uint first, uint count)
    {
        for (uint i = 0; i < count; i++)
        {
            Ask(net, first + i);
        }
    }

    /// <summary>A neighbour that was asked whether it has moved, and said no, is said to have moved 300 ms later.</summary>
    private TestNetwork BeginDoubt(out int asked)
    {
        TestNetwork net = Begin();
        net.AddHost(Mac, s_ip);
        Hear(net, 1, Mac, s_ip);
        net.Advance(5000);
        asked = net.Now;
        Hear(net, 2, NewMac, s_ip);
        net.Advance(300);
        Hear(net, 2, NewMac, s_ip);
        return net;
    }

    private static void Hear(TestNetwork net, int operation, ulong mac, uint ip) => net.Deliver(Says(operation, mac, ip));

    /// <summary>A neighbour asks for us, or says where it is.</summary>
    private static byte[] Says(int operation, ulong mac, uint ip) => FrameBuilder.Arp(
        operation == 2 ? TestNetwork.StackMac : TestHost.BroadcastMac, mac, operation, mac, ip, 0, TestNetwork.StackIp);

    /// <summary>When an address was asked for.</summary>
    private static List<int> Times(TestNetwork net, uint ip, int start)
    {
        net.Collect();
        return [.. net.Arps.Where(a => a.ArpOperation == 1 && a.ArpTargetIp == ip).Select(a => a.Time - start)];
    }

    private static int? RowOf(TestNetwork net, uint ip) => Enumerable.Range(0, net.Stack.Arp.EntryCount)
        .Where(row => net.Stack.Arp.GetAddress(row) == ip && net.Stack.Arp.GetState(row) != ArpEntryState.Free)
        .Select(row => (int?)row)
        .FirstOrDefault();

    private static ArpEntryState? StateOf(TestNetwork net, uint ip) => RowOf(net, ip) is int row ? net.Stack.Arp.GetState(row) : null;

    private static ulong StationOf(TestNetwork net, uint ip) => Enumerable.Range(0, 6)
        .Aggregate(0ul, (mac, i) => (mac << 8) | (uint)net.Stack.Arp.GetOctet(RowOf(net, ip)!.Value, i));
}
