// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>
/// When a connection must be looked at again: no later, or a deadline is missed, and no sooner, or the board never sleeps.
/// </summary>
public sealed class NextDueTests
{
    private const int SendingTimer = 1;
    private const int KeepAliveTimer = 3;
    private const int Timers = 4;

    private readonly TcpControlBlock _block = new(0) { State = TcpState.Established };

    public NextDueTests()
    {
        _block.ResetConnection();
        for (int timer = 0; timer < Timers; timer++)
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
        for (int i = 0; i < Timers * Timers; i++)
        {
            pairs.Add(i / Timers, i % Timers);
        }

        return pairs;
    }

    [Fact]
    public void Without_a_timer_nothing_is_ever_due()
    {
        Assert.Equal(int.MaxValue, NextDue());
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Of_two_timers_the_one_that_expires_first_counts(int first, int second)
    {
        Set(second, 60);
        Assert.Equal(60, NextDue());
        Set(first, 40);
        Assert.Equal(40, NextDue());
        Set(first, 1);
        Assert.Equal(1, NextDue());
    }

    [Theory]
    [InlineData(TcpState.Established, true)]
    [InlineData(TcpState.CloseWait, true)]
    [InlineData(TcpState.FinWait2, true)]
    [InlineData(TcpState.FinWait1, false)]
    [InlineData(TcpState.Closing, false)]
    [InlineData(TcpState.LastAck, false)]
    [InlineData(TcpState.SynSent, false)]
    [InlineData(TcpState.SynReceived, false)]
    public void Who_is_open_and_has_nothing_under_way_is_kept_alive(TcpState state, bool alive)
    {
        Set(KeepAliveTimer, 60);
        _block.State = state;
        Assert.Equal(alive ? 60 : int.MaxValue, NextDue());
        _block.SndMax++;
        Assert.Equal(int.MaxValue, NextDue());
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
        foreach (SendTimerKind kind in new[] { SendTimerKind.Retransmission, SendTimerKind.Persist })
        {
            Set(SendingTimer, due);
            _block.SendTimer = kind;
            _block.UserTimeout = 30000;
            _block.UserTimeoutFrom = Now + left - 30000;
            Assert.Equal(wait, NextDue());
            Assert.Equal(Now + (due < left ? due : left), _block.SendTimerAt);
            Assert.Equal(kind, _block.SendTimer);
        }
    }

    [Theory]
    [InlineData(50, 100, 120, 50, true)]
    [InlineData(50, 100, 90, 50, true)]
    [InlineData(50, 100, 50, 50, true)]
    [InlineData(50, 100, 49, 49, false)]
    public void What_is_looked_at_before_goes_on_until_patience_ends(int probe, int timeout, int left, int wait, bool goesOn)
    {
        _block.SendTimer = SendTimerKind.Retransmission;
        _block.RetransmitAt = Now + timeout;
        SendTimer.StartLossTimer(_block, SendTimerKind.TailProbe, Now + probe);
        _block.UserTimeout = 30000;
        _block.UserTimeoutFrom = Now + left - 30000;
        Assert.Equal(wait, NextDue());
        Assert.Equal((goesOn, Now + Math.Min(timeout, left)), (_block.SendTimer == SendTimerKind.TailProbe, _block.RetransmitAt));
    }

    [Fact]
    public void Without_one_of_its_own_it_does_not()
    {
        Set(SendingTimer, 100);
        _block.UserTimeoutFrom = Now - 500000;
        Assert.Equal(100, NextDue());
        _block.UserTimeout = 1;
        Stop(SendingTimer);
        Assert.Equal(int.MaxValue, NextDue());
        Assert.Equal(Now + 100, _block.SendTimerAt);
    }

    private int NextDue()
    {
        if (_block.UserTimeout != 0)
        {
            UserTimeout.LimitSendTimer(_block);
        }

        return Timeouts.NextDue(_block, Now);
    }

    private void Set(int timer, int wait)
    {
        int at = Now + wait;
        switch (timer)
        {
            case 0:
                // an application holds it no more
                _block.State = TcpState.FinWait2;
                _block.Descriptor = ~0;
                _block.StateEndsAt = at;
                break;
            case SendingTimer:
                _block.SendTimer = SendTimerKind.Retransmission;
                _block.SendTimerAt = _block.RetransmitAt = at;
                break;
            case 2:
                _block.AcknowledgmentDue = AcknowledgmentDue.Soon;
                _block.AcknowledgmentAt = at;
                break;
            default:
                _block.KeepAliveIdle = 1;
                _block.KeepAliveAt = at;
                break;
        }
    }

    private void Stop(int timer)
    {
        switch (timer)
        {
            case 0:
                _block.State = TcpState.Established;
                _block.Descriptor = 0;
                break;
            case SendingTimer:
                SendTimer.Stop(_block);
                break;
            case 2:
                AcknowledgmentPolicy.Acknowledged(_block);
                break;
            default:
                _block.KeepAliveIdle = 0;
                break;
        }
    }
}
