// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Which numbers belong to a connection, at the edges of its window (RFC 9293 section 3.10.7.4, RFC 5961).</summary>
public sealed class AcceptabilityTests
{
    /// <summary>RCV.NXT; the window of 100 wraps.</summary>
    private const uint Next = 0xFFFFFFC0;

    [Theory]
    [InlineData(0, 0, 100, true)]
    [InlineData(99, 0, 100, true)]
    [InlineData(100, 0, 100, true)] // an acknowledgment behind lost text that filled the window
    [InlineData(101, 0, 100, false)]
    [InlineData(-1, 0, 100, false)]
    [InlineData(0, 10, 100, true)]
    [InlineData(99, 1, 100, true)]
    [InlineData(100, 1, 100, false)]
    [InlineData(-9, 10, 100, true)]
    [InlineData(-10, 10, 100, false)]
    [InlineData(-10, 200, 100, true)]
    [InlineData(0, 5, 1, true)]
    [InlineData(1, 0, 1, true)]
    [InlineData(1, 1, 1, false)]
    [InlineData(-1, 2, 1, true)]
    [InlineData(-1, 1, 1, false)]
    [InlineData(0, 0, 0, true)]
    [InlineData(0, 1, 0, false)]
    [InlineData(1, 0, 0, false)]
    [InlineData(-1, 0, 0, false)]
    [InlineData(-1, 2, 0, false)]
    public void What_has_a_number_in_the_window_is_acceptable(int at, int length, int window, bool acceptable)
    {
        TcpSegment segment = Segment(at, length, TcpHeader.Ack);
        Assert.Equal(acceptable ? TcpVerdict.Acceptable : TcpVerdict.NotAcceptable, TcpAcceptability.Judge(Next, Next + (uint)window, segment));
    }

    [Theory]
    [InlineData(-1, 0, false)]
    [InlineData(-1, 1, true)] // its FIN is the number that is due
    [InlineData(-2, 1, false)]
    public void A_FIN_counts_as_a_byte(int at, int length, bool acceptable)
    {
        TcpSegment segment = Segment(at, length, TcpHeader.Ack | TcpHeader.Fin);
        Assert.Equal(acceptable, TcpAcceptability.Judge(Next, unchecked(Next + 100), segment) == TcpVerdict.Acceptable);
    }

    [Theory]
    [InlineData(0, 100, "Reset")]
    [InlineData(1, 100, "Challenge")]
    [InlineData(99, 100, "Challenge")]
    [InlineData(100, 100, "NotAcceptable")]
    [InlineData(-1, 100, "NotAcceptable")]
    [InlineData(0, 0, "Reset")]
    [InlineData(1, 0, "NotAcceptable")]
    public void Only_the_very_next_number_resets_RFC5961_3_2(int at, int window, string verdict)
    {
        foreach (int length in new[] { 0, 20 })
        {
            // an explanation in its text takes no place in the window
            TcpSegment segment = Segment(at, length, TcpHeader.Rst);
            Assert.Equal(verdict, TcpAcceptability.Judge(Next, Next + (uint)window, segment).ToString());
        }
    }

    [Theory]
    [InlineData(0, "Challenge")]
    [InlineData(50, "Challenge")]
    [InlineData(-1, "NotAcceptable")]
    [InlineData(100, "NotAcceptable")]
    public void A_SYN_is_asked_whether_it_is_meant_RFC5961_4_2(int at, string verdict)
    {
        Assert.Equal(verdict, TcpAcceptability.Judge(Next, unchecked(Next + 100), Segment(at, 0, TcpHeader.Syn)).ToString());
        Assert.Equal(verdict, TcpAcceptability.Judge(Next, unchecked(Next + 100), Segment(at, 0, TcpHeader.Syn | TcpHeader.Ack)).ToString());
    }

    [Theory]
    [InlineData(0, TcpHeader.Syn, true)]
    [InlineData(0, TcpHeader.Syn | TcpHeader.Ack, true)]
    [InlineData(0, TcpHeader.Syn | TcpHeader.Rst, false)]
    [InlineData(0, TcpHeader.Ack, false)]
    [InlineData(1, TcpHeader.Syn, false)]
    [InlineData(-1, TcpHeader.Syn, false)]
    public void A_repeated_SYN_has_the_same_number(int at, int flags, bool repeated)
    {
        HandshakeVerdict verdict = SynReceived.Judge(Next, 0, unchecked(Next + 100), true, Segment(at, 0, flags), new TcpCounters());
        Assert.Equal(repeated, verdict == HandshakeVerdict.RepeatedSyn);
    }

    [Theory]
    [InlineData(-1, false, true)]
    [InlineData(0, false, true)]
    [InlineData(1, true, true)]
    [InlineData(500, true, true)]
    [InlineData(501, false, false)]
    [InlineData(-8192, false, true)]
    [InlineData(-8193, false, false)] // older than any window that we were told: RFC 5961 section 5.2
    [InlineData(int.MaxValue, false, false)]
    [InlineData(int.MinValue, false, false)]
    public void An_acknowledgment_is_of_what_was_sent_and_not_older_than_a_window(int at, bool isNew, bool can)
    {
        TcpControlBlock block = new(0) { SndUna = Next, SndMax = unchecked(Next + 500), MaxSndWnd = 8192 };
        Assert.Equal(isNew, TcpAcceptability.AcknowledgesNew(block, Next + (uint)at));
        Assert.Equal(can, TcpAcceptability.CanAcknowledge(block, Next + (uint)at));
    }

    [Theory]
    [InlineData(0, 10, 0, 10, true)]
    [InlineData(-4, 10, 4, 6, true)]
    [InlineData(-10, 10, 10, 0, true)] // only its FIN is due
    [InlineData(0, 100, 0, 100, true)]
    [InlineData(90, 10, 0, 10, true)] // a FIN at the edge takes no room
    [InlineData(90, 11, 0, 10, false)]
    [InlineData(-10, 120, 10, 100, false)]
    [InlineData(100, 0, 0, 0, true)]
    public void What_lies_outside_of_the_window_is_cut_off_and_the_FIN_with_it(int at, int length, int front, int rest, bool fin)
    {
        TcpControlBlock block = new(0) { RcvNxt = Next, RcvEdge = unchecked(Next + 100) };
        TcpSegment segment = Segment(at, length, TcpHeader.Ack | TcpHeader.Fin);
        segment.Trim(block.RcvNxt, block.RcvEdge);
        Assert.Equal((Next + (uint)(at + front), 54 + front, rest), (segment.Sequence, segment.TextOffset, segment.TextLength));
        Assert.Equal(fin ? TcpHeader.Ack | TcpHeader.Fin : TcpHeader.Ack, segment.Flags);
    }

    [Fact]
    public void A_FIN_that_has_come_before_keeps_its_number()
    {
        TcpControlBlock block = new(0) { RcvNxt = Next, RcvEdge = unchecked(Next + 100) };
        TcpSegment segment = Segment(-11, 10, TcpHeader.Ack | TcpHeader.Fin);
        segment.Trim(block.RcvNxt, block.RcvEdge);
        Assert.Equal((Next - 1, 0), (segment.Sequence, segment.TextLength));
    }

    private static TcpSegment Segment(int at, int length, int flags)
    {
        return new TcpSegment { Sequence = Next + (uint)at, TextOffset = 54, TextLength = length, Flags = flags };
    }
}
