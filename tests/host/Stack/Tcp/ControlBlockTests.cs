// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>What a control block can tell of itself.</summary>
public sealed class ControlBlockTests
{
    [Theory]
    [InlineData(1460, 0, 1460)]
    [InlineData(1460, 63, 1460)] // a window that is not worth a segment of its own
    [InlineData(1460, 64, 64)]
    [InlineData(1460, 1001, 1000)] // even
    [InlineData(1460, 1003, 1002)]
    [InlineData(1460, 1460, 1460)]
    [InlineData(1460, 1461, 730)] // two that are alike, not a full one and a byte
    [InlineData(1460, 2000, 1000)]
    [InlineData(1460, 2920, 1460)]
    [InlineData(1460, 2921, 972)]
    [InlineData(1460, 4379, 1458)]
    [InlineData(1460, 4380, 1460)] // from three full segments on it is not divided
    [InlineData(1460, 4381, 1460)]
    [InlineData(537, 1611, 537)]
    [InlineData(1460, 31_000, 1460)]
    [InlineData(1460, 32_119, 1460)]
    [InlineData(1460, 32_121, 1396)] // from 22 on it is again
    [InlineData(537, 11_814, 536)]
    [InlineData(536, 65_535, 532)]
    public void Segments_use_the_whole_of_a_small_or_of_a_large_window_RFC9293_3_8_6_2_1(int mss, int window, int size)
    {
        TcpControlBlock block = new(0) { SndMss = mss, MaxSndWnd = window };
        Assert.Equal(size, EffectiveMss.SegmentSize(block));
    }

    [Theory]
    [InlineData(false, 101u)]
    [InlineData(true, 100u)]
    public void A_segment_without_text_has_the_number_behind_all_that_was_sent_but_for_a_probe(bool probing, uint number)
    {
        TcpControlBlock block = new(0) { SndNxt = 100, SndMax = 101, SendTimer = probing ? SendTimerKind.Persist : SendTimerKind.Retransmission };
        Assert.Equal(number, SendSequence.Next(block));
    }

    [Theory]
    [InlineData(100u, false)]
    [InlineData(101u, true)]
    public void A_FIN_was_sent_once_its_number_was(uint sent, bool expected)
    {
        TcpControlBlock block = new(0) { FinQueued = true, SndEnd = 100, SndMax = sent };
        Assert.Equal(expected, SendSequence.HasSentFin(block));
    }
}
