// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;

namespace Mutation;

/// <summary>The mutants of which somebody showed that no test can tell them from the original: equivalents.txt, with the reasons.</summary>
internal sealed partial class Equivalents
{
    private readonly Dictionary<string, string> _reasons = [];

    /// <param name="path">The file.</param>
    internal Equivalents(string path)
    {
        string reason = string.Empty;
        bool reading = false;
        foreach (string line in File.ReadLines(path))
        {
            if (line.StartsWith('#'))
            {
                reason = reading ? reason + " " + line[1..].Trim() : line[1..].Trim();
                reading = true;
            }
            else
            {
                reading = false;
                if (line.Length > 0 && !_reasons.TryAdd(LineNumber().Replace(line, string.Empty), reason))
                {
                    throw new InvalidDataException($"{Repository.Relative(path)} names this twice: {line}");
                }
            }
        }
    }

    /// <summary>The entries.</summary>
    internal IEnumerable<string> Keys => _reasons.Keys;

    /// <summary>Why it cannot be told; null if nobody says so.</summary>
    internal string? ReasonOf(Mutant mutant) => _reasons.GetValueOrDefault(mutant.Key);

    /// <summary>So that a line of the report can be copied as it is.</summary>
    [GeneratedRegex(@"(?<=^\S+\.cs):\d+(?= )")]
    private static partial Regex LineNumber();
}
