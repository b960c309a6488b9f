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

    [Theory, BothOrders]
    public void A_number_over_another_one_is_as_if_written_anew(WordOrder order)
    {
        uint[] values = [0, 1, 9, 10, 11, 99, 100, 105, 109, 110, 199, 200, 999, 1000, 1010, 9999, 10_000, 99_999, 100_005, 4_294_967_295];
        for (int offset = 2; offset < 4; offset++)
        {
            for (int width = 1; width <= 10; width++)
            {
                WordBuffer changed = new(Around, order);
                WordBuffer anew = new(Around, order);
                foreach (uint before in values)
                {
                    foreach (uint value in values)
                    {
                        changed.WriteDecimal(offset, width, before);
                        changed.ChangeDecimal(offset, width, before, value);
                        anew.WriteDecimal(offset, width, value);
                        Assert.Equal(Text(anew), Text(changed));
                        Assert.Equal(Sum(changed), changed.Sum());
                    }
                }
            }
        }
    }

    [Theory, BothOrders]
    public void Two_digits_have_a_leading_zero(WordOrder order)
    {
        for (int offset = 2; offset < 4; offset++)
        {
            WordBuffer buffer = new(Around, order);
            foreach (int value in new[] { 0, 9, 10, 59, 99, 7 })
            {
                buffer.WriteTwoDigits(offset, value);
                Check(buffer, Around[..offset] + value.ToString("00") + Around[(offset + 2)..]);
            }
        }
    }

    private static void Check(WordBuffer buffer, string expected)
    {
        Assert.Equal(expected.Length, buffer.Length);
        Assert.Equal(expected, Text(buffer));
        Assert.Equal(Sum(buffer), buffer.Sum());
    }

    private static string Text(WordBuffer buffer) =>
        Encoding.Latin1.GetString([.. Enumerable.Range(0, buffer.Length).Select(i => (byte)buffer.GetByte(i))]);

    private static uint Sum(WordBuffer buffer) => (uint)buffer.Words.Sum(w => w);
}
