// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// A ladder's lines, taken apart. A line that says nothing that can be understood is refused before anything is played.
/// </summary>
internal sealed partial class LadderScript
{
    private readonly List<string> _configuration = [];

    public LadderScript(string text, string file, int firstLine)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].Split('#')[0].Trim();
            if (line.Length > 0)
            {
                Add(line, $"{file}:{firstLine + i}");
            }
        }
    }

    /// <summary>Gets the steps in order; <c>given</c> and repetitions are written out.</summary>
    public List<LadderStep> Steps { get; } = [];

    /// <summary>Sets what the ladder's <c>config</c> lines ask for.</summary>
    public void Configure(StackConfiguration configuration)
    {
        foreach (string line in _configuration)
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            PropertyInfo? property = typeof(StackConfiguration).GetProperty(words[1]);
            if (property == null || words.Length < 3)
            {
                throw new FormatException("no such size: " + line);
            }

            int[] values = [.. words[2..].Select(w => int.Parse(w, CultureInfo.InvariantCulture))];
            property.SetValue(configuration, property.PropertyType == typeof(int[]) ? values : values[0]);
        }
    }

    private void Add(string line, string place)
    {
        if (Repetition().Match(line) is { Success: true } repeated)
        {
            for (int i = int.Parse(repeated.Groups[1].Value, CultureInfo.InvariantCulture); i > 0; i--)
            {
                Add(repeated.Groups[2].Value, place);
            }
        }
        else if (line.StartsWith("given ", StringComparison.Ordinal))
        {
            foreach (string given in LadderBeginnings.Lines(line["given ".Length..].Trim()))
            {
                Add(given, $"{place} ({line})");
            }
        }
        else if (Opening().Match(line) is { Success: true } opening)
        {
            foreach (string step in LadderBeginnings.Handshake(opening.Groups["peer"].Value, opening.Groups["syn"].Value))
            {
                Add(step, $"{place} ({line})");
            }
        }
        else if (Run().Match(line) is { Success: true } run)
        {
            int first = Number(run, "first");
            int count = Number(run, "count");
            int length = Number(run, "length");
            for (int i = 0; i < count; i++, first += length)
            {
                string push = i == count - 1 ? run.Groups["push"].Value : string.Empty;
                Add($"{(i == 0 ? run.Groups["time"].Value : string.Empty)}{run.Groups["peer"]}> {push}. {first}:{first + length}({length}){run.Groups["rest"]}", place);
            }

            if (first != Number(run, "end"))
            {
                throw new FormatException("beginning, end and length do not agree: " + line);
            }
        }
        else if (line.StartsWith("config ", StringComparison.Ordinal))
        {
            _configuration.Add(line);
        }
        else
        {
            Steps.Add(new LadderStep(line, place));
        }
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<time>\+\S+ |)(?<peer>\w+ |)> (?<push>P?)\. (?<first>\d+):(?<end>\d+)\((?<count>\d+)\*(?<length>\d+)\)(?<rest>.*)$")]
    private static partial Regex Run();

    [GeneratedRegex(@"^(?<peer>\w+ |)opens( (?<syn>.*))?$")]
    private static partial Regex Opening();

    [GeneratedRegex(@"^(\d+)x\s+(.*)$")]
    private static partial Regex Repetition();
}
