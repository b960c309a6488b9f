// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Frames;

/// <summary>Content that is kept as words: what is written is what is read, and the sum is always that of the words.</summary>
public sealed class WordBufferTests
{
    private const string Around = "abcdefghijklmnopqrstuvwxyz";

    public static TheoryData<WordOrder> Orders => [WordOrder.LowByteFirst, WordOrder.HighByteFirst];

    [Theory]
    [MemberData(nameof(Orders))]
    public void Bytes_are_what_was_written(WordOrder order)
    {
        WordBuffer buffer = new(Around, order);
        Check(buffer, Around);
        for (int i = 0; i < Around.Length; i++)
        {
            buffer.SetByte(i, 255 - i);
            Assert.Equal(255 - i, buffer.GetByte(i));
            Assert.Equal(Sum(buffer), buffer.Sum());
        }
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_text_of_odd_length_ends_with_half_a_word(WordOrder order)
    {
        WordBuffer buffer = new("xyz", order);
        Check(buffer, "xyz");
        Assert.Equal(order == WordOrder.LowByteFirst ? 'z' : 'z' << 8, buffer.Words[1]);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void What_does_not_fit_a_byte_is_refused(WordOrder order)
    {
        Check(new WordBuffer("\u00ff", order), "\u00ff");
        Assert.Throws<ArgumentException>(() => new WordBuffer("\u0100", order));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_number_stands_right_in_its_place_with_spaces_before_it_whatever_stood_there(WordOrder order)
    {
        uint[] values = [0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 12345, 99999, 100000, 1234567, 4294967295];
        foreach (int offset in (int[])[0, 1, 2, 3, 7, 8])
        {
            for (int width = 1; width <= 12; width++)
            {
                WordBuffer buffer = new(Around, order);
                foreach (uint value in values.Concat(values.Reverse()))
                {
                    buffer.WriteDecimal(offset, width, value);
                    string digits = value.ToString();
                    string expected = digits.Length > width ? digits[^width..] : digits.PadLeft(width);
                    Check(buffer, Around[..offset] + expected + Around[(offset + width)..]);
                }
            }
        }
    }

    private static void Check(WordBuffer buffer, string expected)
    {
        Assert.Equal(expected.Length, buffer.Length);
        Assert.Equal(expected, Encoding.Latin1.GetString([.. Enumerable.Range(0, buffer.Length).Select(i => (byte)buffer.GetByte(i))]));
        Assert.Equal(Sum(buffer), buffer.Sum());
    }

    private static uint Sum(WordBuffer buffer) => (uint)buffer.Words.Sum(w => w);
}
