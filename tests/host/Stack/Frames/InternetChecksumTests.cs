// Licensed under the MIT license. See LICENSE in the repository root.

using FsCheck;
using FsCheck.Fluent;

namespace HostTests.Stack.Frames;

/// <summary>The one's complement sum against a plain one, over all lengths and both orders (RFC 1071, RFC 1624).</summary>
public sealed class InternetChecksumTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20260102UL, 9UL).WithMaxTest(400);

    [Theory, BothOrders]
    public void The_checksum_is_the_referees_for_any_content_offset_and_odd_length(WordOrder order)
    {
        Prop.ForAll<byte[], int>((bytes, rawOffset) =>
        {
            int offset = (int)((uint)rawOffset % 20) * 2;
            Frame frame = Filled(order, offset, bytes);
            return Field(frame, InternetChecksum.Complement(InternetChecksum.Add(0, frame, offset, bytes.Length)))
                == Wire.Checksum(bytes, 0, bytes.Length);
        }).Check(Fixed);
    }

    [Theory, BothOrders]
    public void Every_length_up_to_a_full_frame(WordOrder order)
    {
        TestRandom random = new(11);
        byte[] bytes = new byte[1500];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)random.Next();
        }

        Frame frame = Filled(order, 14, bytes);
        for (int length = 0; length <= 1500; length++)
        {
            Assert.Equal(
                Wire.Checksum(bytes, 0, length),
                Field(frame, InternetChecksum.Complement(InternetChecksum.Add(0, frame, 14, length))));
        }
    }

    [Theory, BothOrders]
    public void All_ones_carry_round_and_round(WordOrder order)
    {
        byte[] bytes = Enumerable.Repeat((byte)0xFF, 1500).ToArray();
        Frame frame = Filled(order, 0, bytes);
        Assert.Equal(0xFFFFu, InternetChecksum.Fold(InternetChecksum.Add(0, frame, 0, 1500)));
        Assert.Equal(0, InternetChecksum.Complement(InternetChecksum.Add(0, frame, 0, 1500)));
        Assert.Equal(0xFFFF, InternetChecksum.Complement(0));
        Assert.Equal(1u, InternetChecksum.Fold(0x10000));
        Assert.Equal(0xFFFFu, InternetChecksum.Fold(0xFFFFFFFF));
        Assert.Equal(1u, InternetChecksum.Fold(0x0001FFFF));
    }

    [Theory, BothOrders]
    public void A_sum_may_be_made_in_parts(WordOrder order)
    {
        Prop.ForAll<byte[], int>((bytes, rawSplit) =>
        {
            int split = bytes.Length == 0 ? 0 : (int)((uint)rawSplit % (uint)bytes.Length) & ~1;
            Frame frame = Filled(order, 0, bytes);
            uint sum = InternetChecksum.Add(0, frame, 0, split);
            sum = InternetChecksum.Add(sum, frame, split, bytes.Length - split);
            return InternetChecksum.Fold(sum) == InternetChecksum.Fold(InternetChecksum.Add(0, frame, 0, bytes.Length));
        }).Check(Fixed);
    }

    [Theory, BothOrders]
    public void A_word_buffer_keeps_its_sum_through_any_changes(WordOrder order)
    {
        foreach (int length in new[] { 1, 2, 3, 64, 65, 1001 })
        {
            TestRandom random = new((uint)length);
            char[] text = new char[length];
            for (int i = 0; i < length; i++)
            {
                text[i] = (char)(random.Next() & 255);
            }

            WordBuffer buffer = new(new string(text), order);
            for (int change = 0; change < 200; change++)
            {
                int place = random.Below(length);
                text[place] = (char)(random.Next() & 255);
                buffer.SetByte(place, text[place]);
            }

            byte[] bytes = [.. text.Select(c => (byte)c)];
            Frame frame = Filled(order, 0, bytes);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(InternetChecksum.Fold(InternetChecksum.Add(0, frame, 0, length)), InternetChecksum.Fold(buffer.Sum()));
            Frame copy = new(1600, order);
            copy.CopyWordsFrom(0, buffer.Words, 0, buffer.Words.Length);
            for (int i = 0; i < length; i++)
            {
                Assert.Equal(bytes[i], copy.GetByte(i));
            }
        }
    }

    [Theory]
    [InlineData(0u, 5, "    0")]
    [InlineData(7u, 1, "7")]
    [InlineData(42u, 5, "   42")]
    [InlineData(99999u, 5, "99999")]
    [InlineData(123456u, 5, "23456")]
    [InlineData(uint.MaxValue, 12, "  4294967295")]
    public void A_word_buffer_writes_decimals_right_aligned(uint value, int width, string expected)
    {
        foreach (WordOrder order in new[] { WordOrder.LowByteFirst, WordOrder.HighByteFirst })
        {
            foreach (int offset in new[] { 0, 1, 2, 3 })
            {
                WordBuffer buffer = new(new string('x', 20), order);
                buffer.WriteDecimal(offset, width, value);
                Frame frame = new(60, order);
                frame.CopyWordsFrom(0, buffer.Words, 0, buffer.Words.Length);
                string text = new([.. Enumerable.Range(0, 20).Select(i => (char)frame.GetByte(i))]);
                Assert.Equal(new string('x', offset) + expected + new string('x', 20 - offset - width), text);
            }
        }
    }

    [Fact]
    public void A_word_buffer_takes_only_characters_of_one_byte()
    {
        Assert.Throws<ArgumentException>(() => new WordBuffer("20 \u20AC", WordOrder.LowByteFirst));
        Assert.Throws<ArgumentException>(() => new WordBuffer("\u0100", WordOrder.LowByteFirst));
        Assert.Equal(0xFF, new WordBuffer("\u00FF", WordOrder.LowByteFirst).GetByte(0));
    }

    private static Frame Filled(WordOrder order, int offset, byte[] bytes)
    {
        Frame frame = new(1600, order);
        frame.CopyBytesFrom(offset, bytes, 0, bytes.Length);

        // what lies behind an odd last byte does not count
        frame.SetByte(offset + bytes.Length, 0xA5);
        return frame;
    }

    private static int Field(Frame frame, int raw) => frame.ToRaw(raw);
}
