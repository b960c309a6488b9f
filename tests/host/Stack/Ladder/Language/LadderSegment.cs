// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.RegularExpressions;

namespace HostTests.Stack.Ladder.Language;

/// <summary>What a line says of a segment: <c>P. 1:101(100) ack 1 win 8192 &lt;mss 1460&gt;</c> and more.</summary>
internal sealed partial class LadderSegment
{
    /// <summary>The flags of RFC 3168, which the referee's frames do not name.</summary>
    private const int EcnEcho = 0x40;
    private const int WindowReduced = 0x80;

    private readonly Dictionary<string, string> _attributes = [];

    public LadderSegment(string text)
    {
        Match match = Whole().Match(text);
        if (!match.Success)
        {
            throw new FormatException("not a segment: " + text);
        }

        Letters = match.Groups["flags"].Value;
        Flags = FlagsOf(Letters);
        Sequence = new LadderNumber(match.Groups["seq"].Value);
        Length = match.Groups["len"].Success ? Integer(match.Groups["len"].Value) : 0;
        AnyLength = match.Groups["len"].Value == "*";
        if (match.Groups["end"].Success)
        {
            LadderNumber end = new(match.Groups["end"].Value);
            if (!end.IsAfter(Sequence, Length))
            {
                throw new FormatException("beginning, end and length do not agree: " + text);
            }
        }

        string rest = match.Groups["rest"].Value;
        Match options = Bracketed().Match(rest);
        if (options.Success)
        {
            Options = new LadderOptions(options.Groups[1].Value);
            rest = rest.Remove(options.Index, options.Length);
        }

        Queue<string> words = new(rest.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        while (words.TryDequeue(out string? word))
        {
            switch (word)
            {
                case "ack":
                    Acknowledgment = new LadderNumber(words.Dequeue());
                    break;
                case "win":
                    Window = Integer(words.Dequeue());
                    break;
                case "garbage":
                case "later":
                    _attributes.Add(word, string.Empty);
                    break;
                case "urg":
                case "doff":
                case "sum":
                case "from":
                case "to":
                case "sport":
                case "dport":
                case "reserved":
                case "without":
                case "df":
                    _attributes.Add(word, words.Dequeue());
                    break;
                default:
                    throw new FormatException($"'{word}' says nothing about a segment: {text}");
            }
        }
    }

    public string Letters { get; }

    public int Flags { get; }

    public LadderNumber Sequence { get; }

    public int Length { get; }

    public bool AnyLength { get; }

    public LadderNumber? Acknowledgment { get; }

    public int? Window { get; }

    /// <summary>Gets the options, or null where the line names none.</summary>
    public LadderOptions? Options { get; }

    /// <summary>Gets a value indicating whether the text is not that of the test pattern.</summary>
    public bool IsGarbage => _attributes.ContainsKey("garbage");

    /// <summary>Gets a value indicating whether the stack is to see it together with what the next line sends.</summary>
    public bool IsLater => _attributes.ContainsKey("later");

    public int Urgent => Attribute("urg") ?? 0;

    public int? HeaderWords => Attribute("doff");

    public int? Checksum => Attribute("sum");

    public int? SourcePort => Attribute("sport");

    public int? DestinationPort => Attribute("dport");

    public int Reserved => Attribute("reserved") ?? 0;

    /// <summary>Gets the kind of option that must not be there, or null.</summary>
    public int? Without => _attributes.TryGetValue("without", out string? name) ? LadderOptions.KindOf(name) : null;

    /// <summary>Gets the bit of the IP header that forbids routers to cut the packet up, where the line names it.</summary>
    public int? DontFragment => Attribute("df");

    public uint? From => _attributes.TryGetValue("from", out string? from) ? Wire.Address(from) : null;

    public uint? To => _attributes.TryGetValue("to", out string? to) ? Wire.Address(to) : null;

    /// <summary>The letters of S F R P . U E W for some flags, in this order.</summary>
    public static string LettersOf(int flags)
    {
        string letters = SeenFrame.Letters(flags).Replace('A', '.');
        letters += ((flags & EcnEcho) != 0 ? "E" : string.Empty) + ((flags & WindowReduced) != 0 ? "W" : string.Empty);
        return letters.Length == 0 ? "-" : letters;
    }

    private static int FlagsOf(string letters)
    {
        int more = (letters.Contains('E') ? EcnEcho : 0) | (letters.Contains('W') ? WindowReduced : 0);
        return more | SeenFrame.FlagsOf(letters.Replace('.', 'A').Replace("E", string.Empty).Replace("W", string.Empty));
    }

    private static int Integer(string text) => text == "*" ? 0 : int.Parse(text, CultureInfo.InvariantCulture);

    private int? Attribute(string name) => _attributes.TryGetValue(name, out string? value) ? Integer(value) : null;

    [GeneratedRegex(@"^(?<flags>[SFRPUEW.]+|-)\s+(?<seq>[^\s:(]+)(:(?<end>[^\s(]+))?(\((?<len>\d+|\*)\))?(?<rest>(\s.*)?)$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"<([^>]*)>")]
    private static partial Regex Bracketed();
}
