// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>The one timer of the sending direction: what it waits for excludes all else (RFC 8985 section 8).</summary>
public sealed class SendTimerTests
{
    private readonly TcpControlBlock _block = new(0) { Rto = 300 };

    /// <summary>The clock wraps while it runs.</summary>
    private static int Now => int.MaxValue - 20;

    [Fact]
    public void Who_waits_for_a_window_or_for_nothing_looks_for_no_loss()
    {
        SendTimer.StartLossTimer(_block, SendTimerKind.TailProbe, Now + 10);
        Assert.Equal(SendTimerKind.None, _block.SendTimer);
        SendTimer.StartPersist(_block, Now);
        _block.RetransmitAt = Now + 500;
        SendTimer.StartLossTimer(_block, SendTimerKind.Reordering, Now + 10);
        Assert.Equal((SendTimerKind.Persist, Now + 300), (_block.SendTimer, _block.SendTimerAt));
    }

    [Fact]
    public void What_goes_before_the_retransmission_timer_leaves_it_where_it_was()
    {
        SendTimer.StartRetransmission(_block, Now);
        SendTimer.StartLossTimer(_block, SendTimerKind.Reordering, Now + 10);
        Assert.Equal((SendTimerKind.Reordering, Now + 10, Now + 300), (_block.SendTimer, _block.SendTimerAt, _block.RetransmitAt));
        SendTimer.StartRetransmission(_block, Now + 5);
        Assert.Equal(Now + 300, _block.RetransmitAt);
        SendTimer.StopLossTimer(_block);
        Assert.Equal((SendTimerKind.Retransmission, Now + 300), (_block.SendTimer, _block.SendTimerAt));
    }

    [Fact]
    public void Once_our_FIN_is_acknowledged_nothing_is_sent_and_no_window_asked_for()
    {
        TcpTransitions transitions = new(new StackConfiguration());
        foreach ((TcpState from, TcpState to) in new[] { (TcpState.FinWait1, TcpState.FinWait2), (TcpState.Closing, TcpState.TimeWait) })
        {
            SendTimer.StartPersist(_block, Now);
            _block.State = from;
            Assert.True(transitions.FinAcknowledged(_block, Now));
            Assert.Equal((to, SendTimerKind.None), (_block.State, _block.SendTimer));
        }
    }
}
