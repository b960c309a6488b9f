// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>How long the number counts that was highest when a loss was noticed (RFC 6582 section 3.2).</summary>
public sealed class RecoveryPointTests
{
    [Fact]
    public void A_loss_is_noticed_however_much_was_sent_since_the_last_one()
    {
        TcpCongestion congestion = new(true);
        TcpControlBlock block = new(0) { SndMss = 1460 };
        block.ResetConnection();
        Handshake.BeginSending(block, 1000, 0);
        congestion.Begin(block);
        block.SndMax += 10_000;
        Assert.True(congestion.EnterRecovery(block));
        Assert.False(congestion.EnterRecovery(block));

        // 3 * 2^30 bytes without a loss: from there the shorter way to the old number leads forward
        block.SndUna = block.SndMax;
        congestion.NoteAcknowledgment(block, 10_000);
        for (int i = 0; i < 3; i++)
        {
            block.SndMax += 1u << 30;
            block.SndUna = block.SndMax;
            congestion.NoteAcknowledgment(block, 1460);
        }

        block.SndMax += 10_000;
        Assert.True(congestion.EnterRecovery(block));
    }

    [Fact]
    public void F20_a_second_timeout_of_the_same_segment_leaves_ssthresh_where_it_is_RFC5681_3_1()
    {
        TcpCongestion congestion = new(true);
        TcpControlBlock block = new(0) { SndMss = 1000 };
        block.ResetConnection();
        Handshake.BeginSending(block, 1000, 0);
        congestion.Begin(block);
        block.SndMax += 20_000;
        block.Retransmits = 1;
        congestion.NoteTimeout(block);
        Assert.Equal(10_000, block.SlowStartThreshold);
        block.SndMax += 20_000;
        block.Retransmits = 2;
        congestion.NoteTimeout(block);
        Assert.Equal(10_000, block.SlowStartThreshold);
        Assert.Equal(1000, block.CongestionWindow);
    }

    [Fact]
    public void F20_a_loss_leaves_half_of_what_was_earned_of_the_next_segment_and_a_timeout_none_RFC3465_2_1()
    {
        TcpCongestion congestion = new(true);
        TcpControlBlock block = new(0) { SndMss = 1000 };
        block.ResetConnection();
        Handshake.BeginSending(block, 1000, 0);
        congestion.Begin(block);
        block.SndMax += 20_000;
        block.AcknowledgedBytes = 3000;
        Assert.True(congestion.EnterRecovery(block));
        Assert.Equal(1500, block.AcknowledgedBytes);
        congestion.NoteTimeout(block);
        Assert.Equal(0, block.AcknowledgedBytes);
    }
}
