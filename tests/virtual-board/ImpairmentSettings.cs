// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using VirtualBoard.Enc28j60;

namespace VirtualBoard;

/// <summary>How bad a wire is, as it is written on the command line: <c>lose=2,delay=5,reorder=1</c>.</summary>
public sealed record ImpairmentSettings
{
    private const double NanosecondsPerMillisecond = 1e6;
    private const double LongestDelay = 10_000;

    /// <summary>Percent of the frames that are lost.</summary>
    public double Lose { get; init; }

    /// <summary>Percent of the frames that arrive twice.</summary>
    public double Duplicate { get; init; }

    /// <summary>Percent of the frames that are held back, so that later ones overtake them.</summary>
    public double Reorder { get; init; }

    /// <summary>Percent of the frames with a flipped bit.</summary>
    public double Corrupt { get; init; }

    /// <summary>Delay of each frame in milliseconds.</summary>
    public double Delay { get; init; }

    /// <summary>Largest additional random delay in milliseconds.</summary>
    public double Jitter { get; init; }

    /// <summary>Reads settings.</summary>
    /// <param name="text">Names and numbers, such as <c>lose=2,delay=5</c>.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="FormatException">The text makes no sense; the message says why.</exception>
    public static ImpairmentSettings Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var settings = new ImpairmentSettings();
        var seen = new HashSet<string>();
        foreach (string item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = item.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length != 2 || !double.TryParse(parts[1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value))
            {
                throw new FormatException($"'{item}' is not NAME=NUMBER, as in lose=2 or lose=2,delay=5.");
            }

            if (!seen.Add(parts[0]))
            {
                throw new FormatException($"'{parts[0]}' is there more than once.");
            }

            settings = parts[0] switch
            {
                "lose" => settings with { Lose = Percent(item, value) },
                "duplicate" => settings with { Duplicate = Percent(item, value) },
                "reorder" => settings with { Reorder = Percent(item, value) },
                "corrupt" => settings with { Corrupt = Percent(item, value) },
                "delay" => settings with { Delay = Milliseconds(item, value) },
                "jitter" => settings with { Jitter = Milliseconds(item, value) },
                _ => throw new FormatException($"'{parts[0]}' is not known: lose, duplicate, reorder, corrupt (percent), delay, jitter (milliseconds)."),
            };
        }

        return settings;
    }

    /// <summary>Makes it so.</summary>
    public IWireImpairment Create(int seed) => new SeededImpairment(seed)
    {
        LossRate = Lose / 100,
        DuplicateRate = Duplicate / 100,
        ReorderRate = Reorder / 100,
        CorruptRate = Corrupt / 100,
        DelayNs = (long)(Delay * NanosecondsPerMillisecond),
        JitterNs = (long)(Jitter * NanosecondsPerMillisecond),
    };

    private static double Percent(string item, double value) =>
        value is >= 0 and <= 100 ? value : throw new FormatException($"'{item}': a percentage is 0 to 100.");

    private static double Milliseconds(string item, double value) =>
        value is >= 0 and <= LongestDelay ? value : throw new FormatException($"'{item}': a delay is 0 to {LongestDelay} milliseconds.");
}
