// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace VirtualBoard.Enc28j60.Tests;

/// <summary>TRAPS.md and ERRATA.md beside the model name tests of this project in their third column; these exist, and no number is missing.</summary>
public partial class TableTests
{
    [Theory]
    [InlineData("TRAPS.md", 53)]
    [InlineData("ERRATA.md", 19)]
    public void EveryTestNamedExists(string file, int rows)
    {
        var seen = new HashSet<int>();
        foreach (string line in File.ReadLines(Path.Combine(ModelFolder(), file)))
        {
            if (Row().Match(line) is not { Success: true } row)
            {
                continue;
            }

            seen.Add(int.Parse(row.Groups[1].Value));
            string cell = line.Split('|')[3];
            MatchCollection names = Name().Matches(cell);
            Assert.True(names.Count > 0 || cell.Contains("not modelled"), line);
            foreach (Match name in names)
            {
                Type? type = typeof(TableTests).Assembly.GetType($"{typeof(TableTests).Namespace}.{name.Groups[1].Value}");
                MethodInfo? method = type?.GetMethod(name.Groups[2].Value, BindingFlags.Public | BindingFlags.Instance);
                Assert.True(method?.GetCustomAttributes<FactAttribute>().Any(), name.Value);
            }
        }

        Assert.Equal(Enumerable.Range(1, rows), seen.Order());
    }

    private static string ModelFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "chip-model");

    [GeneratedRegex(@"^\| T?(\d+) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex Name();
}
