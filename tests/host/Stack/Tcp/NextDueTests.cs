// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>
/// When a connection must be looked at again: no later, or a deadline is missed, and no sooner, or the board never sleeps.
/// </summary>
public sealed class NextDueTests
{
    private readonly TcpControlBlock _block = new(0) { State = TcpState.Established };
    private readonly TcpTimers _timers = new(null!, null!, null!, null!, null!, null!, new TcpCounters(), new StackConfiguration());

    public NextDueTests()
    {
        _block.ResetConnection();
        for (int timer = 0; timer < 6; timer++)
        {
            // what an earlier connection has left
            Set(timer, 1);
            Stop(timer);
        }
    }

    /// <summary>The clock wraps while they run.</summary>
    private static int Now => int.MaxValue - 20;

    public static TheoryData<int, int> Pairs()
    {
        TheoryData<int, int> pairs = [];
        for (int i = 0; i < 36; i++)
        {
            pairs.Add(i / 6, i % 6);
        }

        return pairs;
    }

    [Fact]
    public void Without_a_timer_nothing_is_ever_due()
    {
        Assert.Equal(int.MaxValue, _timers.Poll(_block, Now));
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_two_timers_the_one_that_expires_first_counts(int first, int second)
    {
        Set(second, 60);
        Assert.Equal(60, _timers.Poll(_block, Now));
        Set(first, 40);
        Assert.Equal(40, _timers.Poll(_block, Now));
        Set(first, 1);
        Assert.Equal(1, _timers.Poll(_block, Now));
    }

    [Theory]
    [InlineData(TcpState.Established, true)]
    [InlineData(TcpState.CloseWait, true)]
    [InlineData(TcpState.FinWait2, true)]
    [InlineData(TcpState.FinWait1, false)]
    [InlineData(TcpState.Closing, false)]
    [InlineData(TcpState.LastAck, false)]
    [InlineData(TcpState.TimeWait, false)]
    [InlineData(TcpState.SynSent, false)]
    [InlineData(TcpState.SynReceived, false)]
    public void Who_is_open_and_has_nothing_under_way_is_kept_alive(TcpState state, bool alive)
    {
        Set(5, 60);
        _block.State = state;
        Assert.Equal(alive ? 60 : int.MaxValue, _timers.Poll(_block, Now));
        _block.SndMax++;
        Assert.Equal(int.MaxValue, _timers.Poll(_block, Now));
    }

    [Theory]
    [InlineData(100, 59, 59)]
    [InlineData(60, 60, 60)]
    [InlineData(59, 60, 59)]
    [InlineData(61, 60, 60)]
    [InlineData(100, 1, 1)]
    [InlineData(100, -5, 0)] // it is over already, and is seen to at once
    public void The_applications_patience_ends_a_timer_RFC5482(int due, int left, int wait)
    {
        foreach (int timer in new[] { 1, 3 })
        {
            Set(timer, due);
            _block.UserTimeout = 30000;
            _block.UnacknowledgedSince = Now + left - 30000;
            Assert.Equal(wait, _timers.Poll(_block, Now));
            Assert.Equal(Now + (due < left ? due : left), timer == 1 ? _block.RetransmitAt : _block.PersistAt);
            Stop(timer);
        }
    }

    [Fact]
    public void Without_one_of_its_own_it_does_not()
    {
        Set(1, 100);
        Set(3, 200);
        _block.UnacknowledgedSince = Now - 500000;
        Assert.Equal(100, _timers.Poll(_block, Now));
        _block.UserTimeout = 1;
        Stop(1);
        Assert.Equal(int.MaxValue, _timers.Poll(_block, Now));
        Assert.Equal((Now + 100, Now + 200), (_block.RetransmitAt, _block.PersistAt));
    }

    private void Set(int timer, int wait)
    {
        int at = Now + wait;
        switch (timer)
        {
            case 0:
                _block.StateTimerRunning = true;
                _block.StateEndsAt = at;
                break;
            case 1:
                _block.RetransmitRunning = true;
                _block.RetransmitAt = at;
                break;
            case 2:
                _block.LossTimer = TcpLossTimer.TailProbe;
                _block.LossTimerAt = at;
                break;
            case 3:
                _block.PersistRunning = true;
                _block.PersistAt = at;
                break;
            case 4:
                _block.DelayedAckRunning = true;
                _block.DelayedAckAt = at;
                break;
            default:
                _block.KeepAliveIdle = 1;
                _block.KeepAliveAt = at;
                break;
        }
    }

    private void Stop(int timer)
    {
        if (timer == 5)
        {
            _block.KeepAliveIdle = 0;
        }
        else
        {
            _block.StopTimers();
        }
    }
}
