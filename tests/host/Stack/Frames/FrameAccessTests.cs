// Licensed under the MIT license. See LICENSE in the repository root.

using FsCheck;
using FsCheck.Fluent;

namespace HostTests.Stack.Frames;

/// <summary>Fields, bytes and words of a frame in both orders, against a plain byte array.</summary>
public sealed class FrameAccessTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithReplay(20260101UL, 7UL).WithMaxTest(300);

    [Theory, BothOrders]
    public void What_is_written_in_one_way_is_read_in_every_way(WordOrder order)
    {
        Frame frame = new(64, order);
        for (int i = 0; i < 64; i++)
        {
            frame.SetByte(i, (i * 5) & 255);
        }

        for (int i = 0; i < 62; i += 2)
        {
            Assert.Equal((((i * 5) & 255) << 8) | (((i + 1) * 5) & 255), frame.GetUInt16(i));
            Assert.Equal(frame.GetRaw(i), frame.ToRaw(frame.GetUInt16(i)));
            Assert.Equal(((uint)frame.GetUInt16(i) << 16) | (uint)frame.GetUInt16(i + 2), frame.GetUInt32(i));
        }

        frame.SetUInt16(10, 0x12345);
        Assert.Equal([0x23, 0x45], new[] { frame.GetByte(10), frame.GetByte(11) });
        frame.SetUInt32(20, 0x89ABCDEF);
        Assert.Equal([0x89, 0xAB, 0xCD, 0xEF], new[] { frame.GetByte(20), frame.GetByte(21), frame.GetByte(22), frame.GetByte(23) });
        frame.SetRaw(30, frame.ToRaw(0xBEEF));
        Assert.Equal(0xBEEF, frame.GetUInt16(30));
        Assert.Equal(0xBEEF, frame.ToRaw(frame.ToRaw(0xBEEF)));
    }

    [Fact]
    public void The_word_that_lies_in_memory_has_the_byte_that_the_bus_wants_first()
    {
        Frame low = new(60, WordOrder.LowByteFirst);
        Frame high = new(60, WordOrder.HighByteFirst);
        low.SetUInt16(0, 0x0102);
        high.SetUInt16(0, 0x0102);
        Assert.Equal(0x0201, low.Words[Frame.PrefixWords]);
        Assert.Equal(0x0102, high.Words[Frame.PrefixWords]);
    }

    [Theory, BothOrders]
    public void Byte_copies_at_any_offset_and_length_touch_only_their_bytes(WordOrder order)
    {
        Prop.ForAll<int, int, int>((seed, rawOffset, rawCount) =>
        {
            int offset = (int)((uint)rawOffset % 70);
            int count = (int)((uint)rawCount % 60);
            int index = (int)((uint)seed % 5);
            TestRandom random = new((uint)seed);
            Frame frame = new(140, order);
            byte[] model = new byte[140];
            for (int i = 0; i < 140; i++)
            {
                model[i] = (byte)random.Next();
                frame.SetByte(i, model[i]);
            }

            byte[] source = new byte[70];
            for (int i = 0; i < 70; i++)
            {
                source[i] = (byte)random.Next();
            }

            frame.CopyBytesFrom(offset, source, index, count);
            Array.Copy(source, index, model, offset, count);
            bool same = Enumerable.Range(0, 140).All(i => frame.GetByte(i) == model[i]);

            byte[] destination = new byte[70];
            byte[] expected = new byte[70];
            frame.CopyBytesTo(offset, destination, index, count);
            Array.Copy(model, offset, expected, index, count);
            return same && destination.SequenceEqual(expected);
        }).Check(Fixed);
    }

    [Theory, BothOrders]
    public void Word_copies_keep_the_order(WordOrder order)
    {
        Frame frame = new(60, order);
        ushort[] words = [1, 0x203, 0xFFFE];
        frame.CopyWordsFrom(6, words, 0, 3);
        Assert.Equal(0x203, frame.GetRaw(8));
        ushort[] back = new ushort[5];
        frame.CopyWordsTo(6, back, 1, 3);
        Assert.Equal(new ushort[] { 0, 1, 0x203, 0xFFFE, 0 }, back);
    }

    [Theory]
    [InlineData(60, 31)]
    [InlineData(61, 32)]
    [InlineData(1514, 758)]
    public void The_storage_has_the_drivers_prefix_and_holds_odd_lengths(int capacity, int words)
    {
        Assert.Equal(words, Frame.WordsFor(capacity));
        Frame frame = new(capacity, WordOrder.LowByteFirst);
        Assert.Equal(words, frame.Words.Length);
        Assert.InRange(frame.Capacity, capacity, capacity + 1);
        frame.SetByte(capacity - 1, 0x7F);
        Assert.Equal(0x7F, frame.GetByte(capacity - 1));
        Assert.Equal(0, frame.Words[0]);
    }

    [Theory, BothOrders]
    public void Bytes_that_are_taken_away_from_the_front_let_the_others_move_up(WordOrder order)
    {
        foreach (int length in new[] { 1, 2, 3, 4, 5, 9, 10, 46 })
        {
            for (int cut = 0; cut <= length; cut++)
            {
                // the text fills the frame to its last byte
                Frame frame = new(54 + length, order);
                byte[] bytes = [.. Enumerable.Range(1, 54 + length).Select(i => (byte)i)];
                frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
                frame.Remove(54, cut, length - cut);
                byte[] seen = new byte[54 + length - cut];
                frame.CopyBytesTo(0, seen, 0, seen.Length);
                Assert.Equal([.. bytes[..54], .. bytes[(54 + cut)..]], seen);
            }
        }
    }
}
