// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace HostTests.Stack.Frames;

/// <summary>Copying and summing in blocks is copying and summing byte by byte, only cheaper.</summary>
public sealed class BlockCopierTests
{
    private const int Capacity = 260;

    private readonly BlockCopier _copier = new();

    public static TheoryData<WordOrder, int> Cases()
    {
        TheoryData<WordOrder, int> cases = [];
        foreach (WordOrder order in new[] { WordOrder.LowByteFirst, WordOrder.HighByteFirst })
        {
            foreach (int offset in new[] { 0, 1, 2, 7, 54 })
            {
                cases.Add(order, offset);
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_copied_out_is_what_the_frame_holds_and_nothing_beside_it_changes(WordOrder order, int offset)
    {
        byte[] content = [.. Enumerable.Range(0, Capacity).Select(i => (byte)((i * 37) + 11))];
        Frame frame = new(Capacity, order);
        frame.CopyBytesFrom(0, content, 0, Capacity);
        for (int count = 0; count <= 200; count++)
        {
            byte[] destination = [.. Enumerable.Repeat((byte)0xEE, 210)];
            _copier.CopyOut(frame, offset, destination, 5, count);
            Assert.Equal(content[offset..(offset + count)], destination[5..(5 + count)]);
            Assert.All(destination[..5].Concat(destination[(5 + count)..]), b => Assert.Equal(0xEE, b));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_is_copied_in_is_what_the_frame_holds_then_and_nothing_beside_it_changes(WordOrder order, int offset)
    {
        byte[] source = [.. Enumerable.Range(0, 210).Select(i => (byte)((i * 91) + 3))];
        for (int count = 0; count <= 200; count++)
        {
            byte[] expected = [.. Enumerable.Repeat((byte)0xEE, Capacity)];
            Frame frame = new(Capacity, order);
            frame.CopyBytesFrom(0, expected, 0, Capacity);
            _copier.CopyIn(frame, offset, source, 5, count);
            Array.Copy(source, 5, expected, offset, count);
            byte[] actual = new byte[Capacity];
            frame.CopyBytesTo(0, actual, 0, Capacity);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [InlineData(WordOrder.LowByteFirst)]
    [InlineData(WordOrder.HighByteFirst)]
    public void The_sum_is_that_of_all_words_and_of_an_odd_last_byte_RFC1071_1(WordOrder order)
    {
        Frame frame = new(Capacity, order);
        frame.CopyBytesFrom(0, [.. Enumerable.Range(0, Capacity).Select(i => (byte)(255 - (i * 13)))], 0, Capacity);
        for (int count = 0; count <= 240; count++)
        {
            Assert.Equal(InternetChecksum.Add(77, frame, 14, count), _copier.Add(77, frame, 14, count));
        }
    }
}
