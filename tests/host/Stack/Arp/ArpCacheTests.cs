// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack.Arp;

/// <summary>The table of neighbours alone: who makes room, and who may be asked for.</summary>
public sealed class ArpCacheTests
{
    private const int Now = int.MaxValue - 50;
    private const uint Gateway = 99;

    private readonly ArpCache _cache = new(4);

    [Fact]
    public void An_address_is_found_while_its_row_is_in_use()
    {
        Row(0, 1, ArpEntryState.Reachable);
        Row(3, 2, ArpEntryState.Failed);
        Assert.Same(_cache.Entries[0], _cache.Find(1));
        Assert.Same(_cache.Entries[3], _cache.Find(2));
        Assert.Null(_cache.Find(3));
        Assert.Null(_cache.Find(0));
        _cache.Entries[3].State = ArpEntryState.Free;
        Assert.Null(_cache.Find(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Whether_a_row_is_free_wherever_it_is(int free)
    {
        Fill();
        Assert.False(_cache.HasFree());
        _cache.Entries[free].State = ArpEntryState.Free;
        Assert.True(_cache.HasFree());
        Assert.Same(_cache.Entries[free], Pick());
        Assert.Same(_cache.Entries[free], Pick(waits: true));
    }

    [Theory]
    [InlineData(10, 20, 30, 40, 3)]
    [InlineData(40, 30, 20, 10, 0)]
    [InlineData(10, 40, 30, 20, 1)]
    [InlineData(40, 40, 40, 40, 0)]
    [InlineData(10, int.MaxValue, 30, 40, 1)]
    [InlineData(10, 20, -1, 40, 2)] // idle for seven weeks
    public void The_one_that_was_not_used_for_longest_makes_room(int first, int second, int third, int fourth, int expected)
    {
        int[] idle = [first, second, third, fourth];
        foreach (bool settled in new[] { false, true })
        {
            for (int i = 0; i < 4; i++)
            {
                Row(i, (uint)i + 1, ArpEntryState.Reachable, idle[i], settled);
            }

            Assert.Same(_cache.Entries[expected], Pick());
        }
    }

    [Fact]
    public void The_gateway_makes_none_unless_it_is_alone()
    {
        Fill();
        Row(2, Gateway, ArpEntryState.Reachable, 1000);
        Assert.NotSame(_cache.Entries[2], Pick());
        ArpCache one = new(1);
        one.Entries[0].Address = Gateway;
        one.Entries[0].State = ArpEntryState.Reachable;
        Assert.Same(one.Entries[0], one.PickVictim(Now, Gateway, false));
        ArpCache two = new(2);
        two.Entries[0].Address = Gateway;
        two.Entries[0].State = two.Entries[1].State = ArpEntryState.Reachable;
        Assert.Same(two.Entries[1], two.PickVictim(Now, Gateway, false));
    }

    [Theory]
    [InlineData(4, 0, true)]
    [InlineData(4, 1, false)] // a quarter of the table
    [InlineData(8, 1, true)]
    [InlineData(8, 2, false)]
    [InlineData(7, 1, false)]
    [InlineData(3, 1, false)] // one at least
    [InlineData(3, 0, true)]
    public void Those_that_are_settled_make_room_only_while_the_others_have_less_than_a_quarter(int rows, int others, bool settledGives)
    {
        ArpCache cache = new(rows);
        for (int i = 0; i < rows; i++)
        {
            ArpEntry entry = cache.Entries[i];
            entry.Address = (uint)i + 1;
            entry.State = ArpEntryState.Reachable;
            entry.IsSettled = i >= others;
            entry.UsedAt = Now - (entry.IsSettled ? 1000 : 10);
        }

        Assert.Equal(settledGives, cache.PickVictim(Now, Gateway, false).IsSettled);
    }

    [Theory]
    [InlineData(ArpEntryState.Reachable, 0, false)]
    [InlineData(ArpEntryState.Incomplete, 1, false)]
    [InlineData(ArpEntryState.Incomplete, 0, true)]
    [InlineData(ArpEntryState.Failed, 3, true)]
    public void Who_cannot_be_asked_for_yet_takes_the_place_of_one_that_waits_too_or_did_not_answer(ArpEntryState state, int requests, bool gives)
    {
        for (int i = 0; i < 4; i++)
        {
            Row(i, (uint)i + 1, ArpEntryState.Reachable, 100, settled: i < 2);
        }

        Row(2, 3, state, 50);
        _cache.Entries[2].Requests = requests;
        Assert.Same(gives ? _cache.Entries[2] : null, Pick(waits: true));
    }

    [Fact]
    public void How_long_ago_an_address_was_asked_for_is_known_for_the_last_sixteen()
    {
        for (uint address = 1; address <= 17; address++)
        {
            _cache.NoteAsked(address, (int)address);
        }

        Assert.Equal(1000, _cache.SinceAsked(1, 20));
        Assert.Equal(18, _cache.SinceAsked(2, 20));
        Assert.Equal(4, _cache.SinceAsked(16, 20));
        Assert.Equal(3, _cache.SinceAsked(17, 20));
        Assert.Equal(0, _cache.SinceAsked(17, 17));
        Assert.Equal(1000, _cache.SinceAsked(17, 16)); // the clock has come round
        Assert.Equal(1000, _cache.SinceAsked(18, 20));
        _cache.ForgetAsked(2);
        Assert.Equal(1000, _cache.SinceAsked(2, 20));
        _cache.NoteAsked(17, 30);
        Assert.Equal(10, _cache.SinceAsked(17, 40));
        _cache.ForgetAll();
        Assert.Equal(1000, _cache.SinceAsked(16, 20));
    }

    [Theory]
    [InlineData(0, 0, true, true)]
    [InlineData(11, 150, true, true)]
    [InlineData(12, 150, true, false)] // four are left for our own
    [InlineData(15, 150, true, false)]
    [InlineData(16, 150, false, false)]
    [InlineData(12, 999, true, false)]
    [InlineData(12, 1000, true, true)]
    [InlineData(16, 999, false, false)]
    [InlineData(16, 1000, true, false)] // one a second later, and then one after the other
    [InlineData(16, 1039, true, false)]
    [InlineData(16, 1040, true, true)]
    [InlineData(30, 1139, false, false)]
    [InlineData(30, 1140, true, false)]
    [InlineData(30, 1179, true, false)]
    [InlineData(30, 1180, true, true)]
    [InlineData(16, -1, true, true)] // the clock has come round
    public void Sixteen_may_be_asked_for_in_a_second_twelve_of_them_to_answer(int asked, int now, bool ours, bool toAnswer)
    {
        for (int i = 0; i < asked; i++)
        {
            _cache.NoteAsked((uint)i + 1, i * 10);
        }

        Assert.Equal((ours, toAnswer), (_cache.MayAsk(now, false), _cache.MayAsk(now, true)));
    }

    [Fact]
    public void A_request_counts_though_it_was_answered_or_sent_again()
    {
        for (int i = 0; i < 16; i++)
        {
            _cache.NoteAsked(7, 0);
        }

        Assert.False(_cache.MayAsk(500, false));
        _cache.ForgetAsked(7);
        Assert.False(_cache.MayAsk(500, false));
        _cache.ForgetAll();
        Assert.True(_cache.MayAsk(500, false));
    }

    private ArpEntry Pick(bool waits = false) => _cache.PickVictim(Now, Gateway, waits);

    private void Fill()
    {
        for (int i = 0; i < 4; i++)
        {
            Row(i, (uint)i + 1, ArpEntryState.Reachable);
        }
    }

    private void Row(int index, uint address, ArpEntryState state, int idle = 0, bool settled = false)
    {
        ArpEntry entry = _cache.Entries[index];
        entry.Address = address;
        entry.State = state;
        entry.IsSettled = settled;
        entry.UsedAt = unchecked(Now - idle);
    }
}
