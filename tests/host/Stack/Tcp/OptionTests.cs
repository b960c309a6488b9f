// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>TCP options, byte by byte: RFC 9293 section 3.2, RFC 2018 sections 2 and 3.</summary>
public sealed class OptionTests
{
    private const int Start = 34;
    private const string Block = " 00000001 00000002";

    [Theory]
    [InlineData("020405B4", 1460, false)]
    [InlineData("02040100", 256, false)]
    [InlineData("02040001", 1, false)]
    [InlineData("01 02040218 01 0101", 536, false)] // not on an even offset (MUST-64)
    [InlineData("0101 0402", 0, true)]
    [InlineData("0402 020405B4 0101", 1460, true)]
    [InlineData("020405B4 01030307 0402 0101", 1460, true)] // one that we do not know is passed over (MUST-6)
    [InlineData("03030702 0405B400", 1460, false)]
    [InlineData("020405B4 02040218", 1460, false)] // the first counts
    [InlineData("00 020405B4 010101", 0, false)] // nothing stands behind the end of the list
    [InlineData("010100FF 020405B4", 0, false)]
    [InlineData("00040101 020405B4", 0, false)]
    [InlineData("0203050A", 0, false)] // a length that is none of this option
    [InlineData("0205050A 0B010101", 0, false)]
    [InlineData("040301 01", 0, false)]
    [InlineData("040405B4", 0, false)]
    [InlineData("22 0405B4 0402 0101", 0, true)] // as long as that one, but another
    [InlineData("2202 0101", 0, false)]
    [InlineData("0200 0402", 0, false)] // an impossible length: the rest is not looked at (MUST-7)
    [InlineData("0201 0402", 0, false)]
    [InlineData("03090402 0402 0101", 0, false)] // longer than what is left
    [InlineData("03080402 0402 0101", 0, false)] // just as long
    [InlineData("020405B4 010101 02", 1460, false)] // a kind without a length, at the very end
    [InlineData("010101 04", 0, false)]
    public void A_SYN_tells_of_its_sender(string options, int mss, bool sack)
    {
        TcpSegment segment = Parse(options, TcpHeader.Syn);
        Assert.Equal((mss, sack, 0), (segment.MaximumSegmentSize, segment.SackPermitted, segment.SackBlocks));
    }

    [Fact]
    public void What_stands_behind_the_options_is_none()
    {
        // text that looks like an option, and one whose length byte would be text
        Assert.False(Parse("0101 0101", TcpHeader.Syn, "0402 0402").SackPermitted);
        Assert.False(Parse("01010104", TcpHeader.Syn, "0204 0402").SackPermitted);
        Assert.False(Parse(string.Empty, TcpHeader.Syn, "0402 0402").SackPermitted);
    }

    [Theory]
    [InlineData("0101 050A" + Block, 1, 4)]
    [InlineData("050A" + Block + " 0101", 1, 2)]
    [InlineData("01 050A" + Block + " 01", 1, 3)]
    [InlineData("0101 0512" + Block + Block, 2, 4)]
    [InlineData("0101 0522" + Block + Block + Block + Block, 4, 4)]
    [InlineData("0101 050A" + Block + " 0101 050A" + Block, 1, 4)] // the first counts
    [InlineData("0502 0101", 0, 0)]
    [InlineData("0503 0101", 0, 0)]
    [InlineData("0509 000000 01000000 010101", 0, 0)]
    [InlineData("050B" + Block + " 0101", 0, 0)]
    [InlineData("060A" + Block + " 0101", 0, 0)] // as long as that one, but another
    [InlineData("060A" + Block + " 01 050A" + Block + " 010101", 1, 13)]
    [InlineData("00010101 0101 050A" + Block, 0, 0)]
    [InlineData("00040101 0101 050A" + Block, 0, 0)]
    [InlineData("020405B4 0402 0101", 0, 0)] // these count in a SYN alone
    public void Blocks_that_have_arrived_are_found_outside_a_SYN(string options, int blocks, int offset)
    {
        TcpSegment segment = Parse(options, TcpHeader.Ack);
        Assert.Equal((blocks, 0, false), (segment.SackBlocks, segment.MaximumSegmentSize, segment.SackPermitted));
        if (blocks > 0)
        {
            Assert.Equal(Start + 20 + offset, segment.SackOffset);
            Assert.Equal(1u, TcpOptions.ReadUInt32(segment.Frame, segment.SackOffset));
            Assert.Equal(2u, TcpOptions.ReadUInt32(segment.Frame, segment.SackOffset + 4));
        }

        Assert.Equal(0, Parse(options, TcpHeader.Syn | TcpHeader.Ack).SackBlocks);
    }

    [Fact]
    public void Nothing_is_left_of_the_segment_before()
    {
        TcpSegment segment = new();
        Parse("020405B4 0402 0101", TcpHeader.Syn, into: segment);
        Parse(string.Empty, TcpHeader.Syn, into: segment);
        Assert.Equal((0, false, 0), (segment.MaximumSegmentSize, segment.SackPermitted, segment.SackBlocks));
        Parse("0101 050A" + Block, TcpHeader.Ack, into: segment);
        Parse(string.Empty, TcpHeader.Ack, into: segment);
        Assert.Equal((0, false, 0), (segment.MaximumSegmentSize, segment.SackPermitted, segment.SackBlocks));
    }

    [Theory]
    [InlineData(0, 0x00112233u)]
    [InlineData(1, 0x11223344u)]
    [InlineData(2, 0x22334455u)]
    [InlineData(3, 0x334455F6u)]
    [InlineData(4, 0x4455F6E7u)]
    public void A_number_is_read_from_any_offset_in_either_word_order(int offset, uint expected)
    {
        foreach (WordOrder order in Enum.GetValues<WordOrder>())
        {
            Frame frame = new(64, order);
            SetBytes(frame, 40, Bytes("00112233 4455F6E7"));
            Assert.Equal(expected, TcpOptions.ReadUInt32(frame, 40 + offset));
        }
    }

    [Theory]
    [InlineData(1460, false, "020405B4 EEEEEEEE")]
    [InlineData(536, true, "02040218 01010402")]
    public void Our_SYN_tells_of_us(int mss, bool sack, string expected)
    {
        Frame frame = new(64, WordOrder.HighByteFirst);
        SetBytes(frame, 40, [.. Enumerable.Repeat((byte)0xEE, 8)]);
        Assert.Equal(sack ? 8 : 4, TcpOptions.WriteSyn(frame, 40, mss, sack));
        Assert.Equal(Bytes(expected), Enumerable.Range(40, 8).Select(i => (byte)frame.GetByte(i)).ToArray());
    }

    [Theory]
    [InlineData(19, 5, false)]
    [InlineData(20, 5, true)]
    [InlineData(21, 5, true)]
    [InlineData(24, 4, false)]
    [InlineData(23, 6, false)]
    [InlineData(24, 6, true)]
    [InlineData(59, 15, false)]
    [InlineData(60, 15, true)]
    public void A_header_must_be_there_as_a_whole_3_1(int length, int words, bool whole)
    {
        Frame frame = new(128, WordOrder.LowByteFirst) { Length = Start + length };
        frame.SetUInt16(Start + TcpHeader.OffsetFlags, (words << 12) | 0xFFF);
        TcpSegment segment = new();
        Assert.Equal(whole, segment.Parse(frame, 1) != 0);
        Assert.Equal(whole ? Start + (words * 4) : 0, segment.TextOffset);
        Assert.Equal(whole ? frame : null, segment.Frame);
    }

    [Theory]
    [InlineData(0, 10)]
    [InlineData(TcpHeader.Ack | TcpHeader.Psh | TcpHeader.Rst, 10)]
    [InlineData(TcpHeader.Syn, 11)]
    [InlineData(TcpHeader.Fin, 11)]
    [InlineData(TcpHeader.Syn | TcpHeader.Fin, 12)]
    public void A_SYN_and_a_FIN_take_a_number_each_3_4(int flags, int length)
    {
        Assert.Equal(length, new TcpSegment { TextLength = 10, Flags = flags }.Length());
    }

    [Fact]
    public void A_segment_is_taken_apart_3_1()
    {
        Frame frame = new(128, WordOrder.LowByteFirst) { Length = Start + 35 };
        SetBytes(frame, Start, Convert.FromHexString("1234567801020304A1A2A3A46FFFBEEF00000000010203000000000000000000000000"));
        TcpSegment segment = new();
        segment.Parse(frame, 0xC0A80101);
        Assert.Equal((0xC0A80101u, 0x1234, 0x5678), (segment.Source, segment.SourcePort, segment.DestinationPort));
        Assert.Equal((0x01020304u, 0xA1A2A3A4u), (segment.Sequence, segment.Acknowledgment));
        Assert.Equal((0x3F, 0xBEEF, Start + 24, 11), (segment.Flags, segment.Window, segment.TextOffset, segment.TextLength));
        Assert.Same(frame, segment.Frame);
    }

    private static TcpSegment Parse(string options, int flags, string text = "", TcpSegment? into = null)
    {
        byte[] bytes = Bytes(options);
        Assert.Equal(0, bytes.Length % 4);
        byte[] after = Bytes(text);
        Frame frame = new(128, WordOrder.LowByteFirst) { Length = Start + 20 + bytes.Length + after.Length };
        frame.SetUInt16(Start + TcpHeader.OffsetFlags, ((20 + bytes.Length) << 10) | flags);
        SetBytes(frame, Start + 20, [.. bytes, .. after]);
        TcpSegment segment = into ?? new TcpSegment();
        segment.Parse(frame, 1);
        return segment;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", string.Empty));

    private static void SetBytes(Frame frame, int offset, byte[] bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            frame.SetByte(offset + i, bytes[i]);
        }
    }
}
