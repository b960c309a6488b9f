// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>What becomes of a segment without text for which there is no frame.</summary>
public sealed class NoFrameSegmentTests
{
    private readonly TcpCounters _counters = new();
    private readonly TcpTransmitter _transmitter;
    private readonly TcpControlBlock _block = new(0) { State = TcpState.Established, AcknowledgmentDue = AcknowledgmentDue.Now, AcknowledgmentAt = 5 };

    public NoFrameSegmentTests()
    {
        FramePool pool = new([64], [0], WordOrder.LowByteFirst, 0, guard: false);
        StackConfiguration configuration = new();
        _transmitter = new TcpTransmitter(null!, pool, _counters, new TcpReceiveWindow(pool, configuration), configuration);
    }

    [Theory]
    [InlineData(TcpHeader.Ack, TcpState.Established, true)]
    [InlineData(TcpHeader.Ack, TcpState.TimeWait, true)]
    [InlineData(TcpHeader.Fin | TcpHeader.Ack, TcpState.FinWait1, true)]
    [InlineData(TcpHeader.Syn, TcpState.SynSent, false)] // its timer repeats it
    [InlineData(TcpHeader.Syn | TcpHeader.Ack, TcpState.SynReceived, false)]
    public void An_acknowledgment_is_tried_again_after_10_ms(int flags, TcpState state, bool again)
    {
        int now = int.MaxValue - 3;
        _block.State = state;
        Assert.Equal(SocketError.NoBufferSpace, _transmitter.SendControl(_block, 1, flags, now));
        Assert.Equal(1u, _counters.NoFrame);
        Assert.Equal(again ? AcknowledgmentDue.Soon : AcknowledgmentDue.Now, _block.AcknowledgmentDue);
        Assert.Equal(again ? unchecked(now + 10) : 5, _block.AcknowledgmentAt);
    }

    [Fact]
    public void One_that_is_being_delayed_already_is_tried_when_that_is_over()
    {
        _block.AcknowledgmentDue = AcknowledgmentDue.Soon;
        _transmitter.SendAck(_block, 100);
        Assert.Equal((AcknowledgmentDue.Soon, 5), (_block.AcknowledgmentDue, _block.AcknowledgmentAt));
    }

    [Fact]
    public void An_answer_to_who_has_no_control_block_is_counted_and_left_out()
    {
        _transmitter.SendCookie(_block, new TcpSegment(), 1);
        Assert.Equal(1u, _counters.NoFrame);
        _transmitter.SendHalfOpen(new TcpHalfOpen { Listener = _block }, true, null);
        Assert.Equal(2u, _counters.NoFrame);
    }
}
