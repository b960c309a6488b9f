// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>The option with the blocks that have arrived, as it is written and read (RFC 2018, RFC 2883).</summary>
public sealed class SackTests
{
    private const int At = 54;

    private readonly TcpControlBlock _block = new(0) { SackPermitted = true };
    private readonly Flight _flight = new();

    [Theory]
    [InlineData(0, false, 0)]
    [InlineData(0, true, 12)]
    [InlineData(1, false, 12)]
    [InlineData(1, true, 20)]
    [InlineData(3, false, 28)]
    [InlineData(3, true, 36)]
    [InlineData(4, false, 36)] // 40 bytes of options hold no more
    [InlineData(4, true, 36)]
    [InlineData(6, false, 36)]
    public void As_many_blocks_are_told_as_there_are_and_as_fit_RFC2018_3(int blocks, bool duplicate, int length)
    {
        for (int i = 0; i < blocks; i++)
        {
            Keep(100 + (i * 100), 50, i);
        }

        Assert.Equal(length, TcpSack.OptionLength(_block, duplicate));
        _block.SackPermitted = false;
        Assert.Equal(0, TcpSack.OptionLength(_block, duplicate));
    }

    [Fact]
    public void Segments_that_touch_are_one_block()
    {
        Keep(100, 50, 1);
        Keep(150, 50, 2);
        Keep(200, 10, 3);
        Keep(211, 10, 4);
        Assert.Equal(20, TcpSack.OptionLength(_block, false));
        Assert.Equal([(211u, 221u), (100u, 210u)], Told(2));
    }

    [Fact]
    public void The_option_stands_on_whole_words_behind_two_that_do_nothing()
    {
        Keep(100, 50, 1);
        Assert.Equal(Bytes("0101050A 00000064 00000096"), Written(12, false));
        Keep(200, 50, 2);
        Assert.Equal(Bytes("01010512 000000C8 000000FA 00000064 00000096"), Written(20, false));
        Assert.Equal(Bytes("01010512 00000007 00000009 000000C8 000000FA"), Written(20, true));
    }

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 4, 3, 2, 1 })]
    [InlineData(new[] { 4, 3, 2, 1 }, new[] { 1, 2, 3, 4 })]
    [InlineData(new[] { 2, 4, 1, 3 }, new[] { 2, 4, 1, 3 })]
    [InlineData(new[] { 3, 1, 4, 2 }, new[] { 3, 1, 4, 2 })]
    public void The_latest_comes_first_and_the_others_in_the_order_in_which_they_were_told_RFC2018_4(int[] arrivals, int[] places)
    {
        for (int i = 0; i < 4; i++)
        {
            // the count of arrivals wraps among them
            Keep(100 * (i + 1), 50, int.MaxValue - 2 + arrivals[i]);
        }

        Assert.Equal(places.Select(p => ((uint)p * 100, ((uint)p * 100) + 50)), Told(4));
        Assert.Equal(places.Take(2).Select(p => ((uint)p * 100, ((uint)p * 100) + 50)), Told(2));
    }

    [Theory]
    [InlineData(1, 2, 9)]
    [InlineData(1, 9, 2)]
    [InlineData(9, 1, 2)]
    [InlineData(9, 2, 1)]
    public void A_block_is_as_recent_as_the_latest_of_its_segments_wherever_it_lies(int first, int second, int third)
    {
        Keep(100, 50, first);
        Keep(150, 50, second);
        Keep(200, 50, third);
        Keep(300, 50, 5);
        Assert.Equal([(100u, 250u), (300u, 350u)], Told(2));
    }

    [Fact]
    public void What_is_told_to_have_arrived_is_marked_if_all_of_the_segment_has()
    {
        _flight.SendMany(5);
        Assert.True(Read(1000, 3000));
        Assert.Equal([0, 1, 1, 0, 0], Sacked());
        Assert.False(Read(1000, 3000));
        Assert.False(Read(3001, 5000 - 1));
        Assert.Equal([0, 1, 1, 0, 0], Sacked());
        Assert.True(Read(3001, 5000));
        Assert.Equal([0, 1, 1, 0, 1], Sacked());
        Assert.True(Read(2500, 4000));
        Assert.Equal([0, 1, 1, 1, 1], Sacked());
    }

    [Fact]
    public void What_has_arrived_is_lost_no_more()
    {
        _flight.Send();
        _flight.Send(marks: TcpLossDetection.Lost | TcpLossDetection.Repeated);
        _flight.Block.MinimumRtt = 100;
        Assert.True(Read(1000, 2000));
        Assert.Equal(TcpLossDetection.Sacked | TcpLossDetection.Repeated, _flight.Segments[1].Marks);
        Assert.Equal(0, _flight.Block.LostSegments);
        Assert.Equal(_flight.Block.SndMax, _flight.Block.RackEnd);
    }

    [Fact]
    public void Several_blocks_are_read_one_after_the_other_and_a_wrong_one_does_not_hide_the_next()
    {
        _flight.SendMany(6);
        Assert.True(Read(3000, 4000, 9000, 9100, 1000, 2000));
        Assert.Equal([0, 1, 0, 1, 0, 0], Sacked());
        Assert.False(Read());
    }

    [Fact]
    public void What_stands_behind_the_blocks_is_none()
    {
        _flight.SendMany(4);
        TcpSegment segment = Segment(1000, 2000, 3000, 4000);
        segment.SackBlocks = 1;
        Assert.True(Read(segment));
        Assert.Equal([0, 1, 0, 0], Sacked());
    }

    [Theory]
    [InlineData(0, 3000, true)] // RFC 2018 forbids it, but it says no more than an acknowledgment
    [InlineData(0, 3001, false)] // what was never sent
    [InlineData(-1, 2000, false)] // what was acknowledged before: RFC 2883
    [InlineData(-2000, -1000, false)]
    [InlineData(2000, 1000, false)]
    [InlineData(1000, 1000, false)]
    [InlineData(3000, 3000, false)]
    public void A_block_that_cannot_be_tells_nothing(int start, int end, bool counts)
    {
        _flight.SendMany(3);
        Assert.Equal(counts, Read(start, end));
        Assert.Equal(counts ? 3 : 0, Sacked().Sum());
    }

    [Fact]
    public void A_window_probe_that_has_arrived_is_told_too()
    {
        // a byte beyond SND.NXT
        _flight.Write(1);
        _flight.Block.SndMax++;
        Assert.True(Read(0, 1));
    }

    [Theory]
    [InlineData(2000, 3000, 3000, true)]
    [InlineData(2000, 2999, 3000, false)]
    [InlineData(2000, 3001, 3000, false)]
    public void The_first_block_may_tell_of_text_that_came_twice_RFC2883_4_1(int start, int end, int probed, bool tells)
    {
        Assert.Equal(tells, TcpSack.TellsOfDuplicate(Segment(start, end, 1000, probed), Flight.Start + (uint)probed));
        Assert.False(TcpSack.TellsOfDuplicate(new TcpSegment { Frame = Segment(start, probed).Frame, SackOffset = At }, Flight.Start + (uint)probed));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));

    /// <summary>A segment that has arrived early, the so manieth to do so.</summary>
    private void Keep(int sequence, int length, int arrival)
    {
        _block.OutOfOrderQueue.Enqueue(new Frame(64, WordOrder.LowByteFirst)
        {
            Sequence = (uint)sequence,
            PayloadLength = length,
            SentAt = arrival,
        });
    }

    private byte[] Written(int length, bool duplicate)
    {
        Frame frame = new(128, WordOrder.LowByteFirst);
        TcpSack.Write(_block, frame, At, length, 7, duplicate ? 9 : 7u);
        byte[] option = new byte[length];
        frame.CopyBytesTo(At, option, 0, length);
        Assert.Equal(0, frame.GetUInt16(At + length));
        return option;
    }

    private (uint Start, uint End)[] Told(int blocks)
    {
        byte[] option = Written(4 + (blocks * 8), false);
        return [.. Enumerable.Range(0, blocks).Select(i => (Wire.Get32(option, 4 + (8 * i)), Wire.Get32(option, 8 + (8 * i))))];
    }

    private int[] Sacked() => [.. _flight.Segments.Select(s => s.Marks & TcpLossDetection.Sacked)];

    private bool Read(params int[] edges)
    {
        return Read(Segment(edges));
    }

    /// <summary>Whether there is news.</summary>
    private bool Read(TcpSegment segment)
    {
        return TcpSack.Read(_flight.Block, segment, new TcpLossDetection(_flight.Counters), TcpLossDetection.Untimed, 100) != TcpSack.NoNews;
    }

    private static TcpSegment Segment(params int[] edges)
    {
        Frame frame = new(128, WordOrder.LowByteFirst);
        for (int i = 0; i < edges.Length; i++)
        {
            frame.SetUInt32(At + (4 * i), Flight.Start + (uint)edges[i]);
        }

        return new TcpSegment { Frame = frame, SackOffset = At, SackBlocks = edges.Length / 2 };
    }
}
