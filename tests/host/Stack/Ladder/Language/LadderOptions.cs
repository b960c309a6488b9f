// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// Options of a segment: <c>mss 1460</c>, <c>nop</c>, <c>eol</c>, <c>sackOK</c>, <c>wscale 7</c>, <c>TS val 5 ecr 0</c>,
/// <c>sack 101:201 301:401</c>, <c>raw 0203</c>, with commas between. At the end of what is expected, <c>*</c> lets more follow.
/// </summary>
internal sealed class LadderOptions
{
    private readonly string _text;

    public LadderOptions(string text)
    {
        _text = text;
        AllowsMore = text.TrimEnd().EndsWith('*');

        // what cannot be understood is said before anything is played
        Bytes(0);
    }

    public bool AllowsMore { get; }

    /// <summary>
    /// The bytes, as many as there are.
    /// </summary>
    /// <param name="initial">The initial number that the edges of SACK blocks count from.</param>
    public byte[] Bytes(uint initial)
    {
        List<byte> bytes = [];
        foreach (string option in _text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] words = option.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            switch (words[0])
            {
                case "mss":
                    bytes.AddRange([2, 4, .. Bytes(Number(words[1]), 2)]);
                    break;
                case "nop":
                    bytes.Add(1);
                    break;
                case "eol":
                    bytes.Add(0);
                    break;
                case "sackOK":
                    bytes.AddRange([4, 2]);
                    break;
                case "wscale":
                    bytes.AddRange([3, 3, (byte)Number(words[1])]);
                    break;
                case "TS":
                    bytes.AddRange([8, 10, .. Bytes(Number(words[2]), 4), .. Bytes(Number(words[4]), 4)]);
                    break;
                case "sack":
                    bytes.AddRange([5, (byte)(2 + (8 * (words.Length - 1)))]);
                    foreach (string edge in words[1..].SelectMany(block => block.Split(':')))
                    {
                        bytes.AddRange(Bytes(initial + (uint)Number(edge), 4));
                    }

                    break;
                case "raw":
                    bytes.AddRange(Convert.FromHexString(string.Concat(words[1..])));
                    break;
                case "*":
                    break;
                default:
                    throw new FormatException("no such option: " + option);
            }
        }

        return [.. bytes];
    }

    /// <summary>Whether options on the wire are these, padding aside.</summary>
    public bool Fit(byte[] seen, uint initial)
    {
        byte[] expected = Bytes(initial);
        if (seen.Length < expected.Length || !seen.AsSpan(0, expected.Length).SequenceEqual(expected))
        {
            return false;
        }

        return AllowsMore || seen.Skip(expected.Length).All(b => b == 0);
    }

    /// <summary>The kind of option that has a name.</summary>
    public static int KindOf(string name) => new LadderOptions(name is "wscale" ? "wscale 0" : name is "TS" ? "TS val 0 ecr 0" : name is "mss" ? "mss 0" : name).Bytes(0)[0];

    /// <summary>Whether some options hold one of a kind.</summary>
    public static bool Holds(byte[] bytes, int kind)
    {
        int at = 0;
        while (at < bytes.Length && bytes[at] != kind)
        {
            at += bytes[at] <= 1 ? 1 : Math.Max(2, at + 1 < bytes.Length ? bytes[at + 1] : 2);
        }

        return at < bytes.Length;
    }

    /// <summary>Says what stands in some bytes.</summary>
    public static string Describe(byte[] bytes, uint initial)
    {
        List<string> said = [];
        int at = 0;
        while (at < bytes.Length)
        {
            int kind = bytes[at];
            if (kind <= 1)
            {
                said.Add(kind == 0 ? "eol" : "nop");
                at++;
                continue;
            }

            int length = at + 1 < bytes.Length ? bytes[at + 1] : 0;
            if (length < 2 || at + length > bytes.Length)
            {
                said.Add("raw " + Convert.ToHexString(bytes[at..]));
                break;
            }

            said.Add((kind, length) switch
            {
                (2, 4) => "mss " + Wire.Get16(bytes, at + 2),
                (3, 3) => "wscale " + bytes[at + 2],
                (4, 2) => "sackOK",
                (8, 10) => $"TS val {Wire.Get32(bytes, at + 2)} ecr {Wire.Get32(bytes, at + 6)}",
                (5, _) => "sack " + string.Join(' ', Enumerable.Range(0, (length - 2) / 8).Select(i => Block(bytes, at + 2 + (8 * i), initial))),
                _ => "raw " + Convert.ToHexString(bytes[at..(at + length)]),
            });
            at += length;
        }

        return string.Join(',', said);
    }

    private static string Block(byte[] bytes, int offset, uint initial)
    {
        return $"{(int)(Wire.Get32(bytes, offset) - initial)}:{(int)(Wire.Get32(bytes, offset + 4) - initial)}";
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static byte[] Bytes(long value, int count)
    {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = (byte)(value >> (8 * (count - 1 - i)));
        }

        return bytes;
    }
}
