// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Which control block a new connection gets, to the millisecond.</summary>
public sealed class TableTests
{
    private const int Now = int.MaxValue - 100;

    private readonly TcpTable _table = new(4);
    private readonly TcpControlBlock _listener = new(8);
    private readonly TcpControlBlock _other = new(9);

    public TableTests()
    {
        foreach (TcpControlBlock block in _table.Blocks)
        {
            _table.BeginUse(block, Now);
            block.Attached = true;
        }
    }

    private TcpControlBlock First => _table.Blocks[1];

    private TcpControlBlock Second => _table.Blocks[2];

    [Fact]
    public void One_that_is_free_before_all_others()
    {
        Wait(First, Now);
        Leave(Second, 9000, 9000);
        TcpControlBlock free = _table.Blocks[3];
        _table.Free(free);
        Assert.Same(free, _table.FindAvailable(_listener, Now));
        Assert.Equal((3, 4), (_table.InUse, _table.HighWater));
    }

    [Fact]
    public void None_that_an_application_holds()
    {
        Leave(First, 99_999, 99_999);
        First.Attached = true;
        Wait(Second, Now);
        Second.Attached = true;
        Assert.Null(_table.FindAvailable(_listener, Now));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(200, 100, 2)] // the clock changes its sign between the two
    [InlineData(100, 200, 1)]
    [InlineData(5, 5, 1)]
    public void The_oldest_in_TIME_WAIT_before_those_that_are_open(int firstEnds, int secondEnds, int expected)
    {
        Wait(First, unchecked(Now + firstEnds));
        Wait(Second, unchecked(Now + secondEnds));
        Leave(_table.Blocks[3], 99_999, 99_999);
        Assert.Same(_table.Blocks[expected], _table.FindAvailable(_listener, Now));
    }

    [Theory]
    [InlineData(1499, 1499, false, false)]
    [InlineData(1500, 1500, false, true)] // silent for a fair time
    [InlineData(0, 1999, false, false)]
    [InlineData(0, 2000, false, true)] // not silent, but there for so long
    [InlineData(1499, 1999, false, false)]
    [InlineData(249, 249, true, false)]
    [InlineData(250, 250, true, true)] // all its text has arrived
    [InlineData(249, 2000, true, true)]
    [InlineData(0, int.MaxValue, false, true)]
    [InlineData(0, -1, false, true)] // 25 days are counted as a time to come
    [InlineData(-1, 0, false, true)]
    [InlineData(int.MaxValue, int.MaxValue, true, true)]
    [InlineData(int.MaxValue - 5000, int.MaxValue, true, true)]
    [InlineData(int.MaxValue - 6000, int.MaxValue, true, true)]
    public void One_that_nobody_holds_gives_way_when_it_has_had_its_time(int silent, int alone, bool textArrived, bool gives)
    {
        Leave(First, silent, alone, textArrived);
        Assert.Same(gives ? First : null, _table.FindAvailable(_listener, Now));
        Assert.Same(gives ? First : null, _table.FindAvailable(null, Now));
    }

    [Fact]
    public void One_whose_FIN_is_not_to_be_sent_yet_has_not_given_all_its_text()
    {
        Leave(First, 1499, 1499, textArrived: true);
        First.FinQueued = false;
        Assert.Null(_table.FindAvailable(_listener, Now));
    }

    [Theory]
    [InlineData(1600, 1601, 2)]
    [InlineData(1601, 1600, 1)]
    [InlineData(1600, 1600, 1)]
    [InlineData(int.MaxValue - 7000, int.MaxValue - 6500, 2)]
    [InlineData(int.MaxValue - 6500, int.MaxValue - 7000, 1)]
    public void Of_those_the_one_that_is_silent_for_longest(int first, int second, int expected)
    {
        Leave(First, first, 99_999, textArrived: true);
        Leave(Second, second, 99_999, textArrived: true);
        Assert.Same(_table.Blocks[expected], _table.FindAvailable(_listener, Now));
    }

    [Theory]
    [InlineData(3000, 2999, 1)]
    [InlineData(2999, 3000, 2)]
    [InlineData(3999, 99_999, 1)] // beyond four seconds all are alike
    [InlineData(3998, 99_999, 2)]
    [InlineData(-1, 3998, 1)]
    [InlineData(4000, 3999, 1)]
    [InlineData(3999, 4000, 1)]
    [InlineData(4000, 5999, 1)]
    [InlineData(99_999, 3999, 1)]
    public void Of_those_that_move_on_the_one_that_is_alone_for_longest(int first, int second, int expected)
    {
        Leave(First, 0, first);
        Leave(Second, 0, second);
        Assert.Same(_table.Blocks[expected], _table.FindAvailable(_listener, Now));
    }

    [Fact]
    public void Who_is_silent_before_who_moves_on_and_who_has_given_all_its_text_before_both()
    {
        Leave(First, 0, 99_999);
        Leave(Second, 1500, 1500);
        Assert.Same(Second, _table.FindAvailable(_listener, Now));
        Leave(First, 250, 250, textArrived: true);
        Leave(Second, 4250, 4250);
        Assert.Same(First, _table.FindAvailable(_listener, Now));

        // four seconds longer are too long
        Leave(Second, 4251, 4251);
        Assert.Same(Second, _table.FindAvailable(_listener, Now));
    }

    [Theory]
    [InlineData(1499, 1499, false)]
    [InlineData(1500, 1500, true)]
    [InlineData(0, 1999, false)]
    [InlineData(0, 2000, true)]
    public void One_that_waits_to_be_accepted_elsewhere_gives_way_to_a_listener_that_has_none(int silent, int alone, bool gives)
    {
        Leave(First, silent, alone, listener: _other);
        Assert.Same(gives ? First : null, _table.FindAvailable(_listener, Now));
        Leave(Second, 0, 0, listener: _listener);
        Assert.Null(_table.FindAvailable(_listener, Now));

        // an orphan does in any case
        Leave(_table.Blocks[3], 1500, 1500);
        Assert.Same(_table.Blocks[3], _table.FindAvailable(_listener, Now));
        Second.Attached = true;
        Assert.Same(_table.Blocks[3], _table.FindAvailable(_listener, Now));
    }

    [Theory]
    [InlineData(1600, 1601, 2)]
    [InlineData(1601, 1600, 1)]
    [InlineData(1600, 1600, 1)]
    public void Of_those_that_wait_elsewhere_the_one_that_is_silent_for_longest(int first, int second, int expected)
    {
        Leave(First, first, 99_999, listener: _other);
        Leave(Second, second, 99_999, listener: _other);
        Assert.Same(_table.Blocks[expected], _table.FindAvailable(_listener, Now));
    }

    [Fact]
    public void One_that_is_taken_may_be_challenged_at_once_and_has_all_its_time()
    {
        First.LocalPort = 80;
        First.TimeToLive = 3;
        _table.Free(First);
        Assert.Equal((1, 0, 64), (First.Generation, First.LocalPort, First.TimeToLive));
        First.ChallengedAt = Now;
        _table.BeginUse(First, Now);
        Assert.Equal((false, false, 1), (First.InUse, First.Attached, First.Generation));
        Assert.Equal((Now - 500, Now, Now), (First.ChallengedAt, First.AloneSince, First.ProgressAt));
        Assert.Equal((4, 4), (_table.InUse, _table.HighWater));
    }

    [Fact]
    public void One_that_was_never_used_is_as_one_that_was_given_back()
    {
        TcpControlBlock block = new TcpTable(1).Blocks[0];
        Assert.Equal((64, -1, int.MaxValue, false, 0), (block.TimeToLive, block.RackRtt, block.MinimumRtt, block.InUse, block.Generation));
    }

    [Theory]
    [InlineData(true, 700)]
    [InlineData(false, 0)]
    public void Who_owes_an_acknowledgment_when_it_is_left_alone_has_had_the_time_before(bool owes, int silent)
    {
        First.SendTimer = owes ? SendTimerKind.Retransmission : SendTimerKind.Persist;
        First.UserTimeoutFrom = Now - 700;
        _table.LeaveAlone(First, Now);
        Assert.Equal((Now, Now - silent), (First.AloneSince, First.ProgressAt));
        _table.NoteProgress(First, Now + 3);
        Assert.Equal((Now, Now + 3), (First.AloneSince, First.ProgressAt));
    }

    private static void Wait(TcpControlBlock block, int ends)
    {
        block.Attached = false;
        block.State = TcpState.TimeWait;
        block.StateEndsAt = ends;
    }

    private static void Leave(TcpControlBlock block, int silent, int alone, bool textArrived = false, TcpControlBlock? listener = null)
    {
        block.Attached = false;
        block.State = listener == null ? TcpState.FinWait1 : TcpState.Established;
        block.Listener = listener;
        block.ProgressAt = unchecked(Now - silent);
        block.AloneSince = unchecked(Now - alone);
        block.FinQueued = listener == null;
        block.SndEnd = 0;
        block.SndUna = textArrived ? 0 : uint.MaxValue;
    }
}
