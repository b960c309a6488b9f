// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>TRAPS.md and ERRATA.md beside the chip's model name tests of this folder from their fourth column on; these exist, and every test of a trap is named.</summary>
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
            string[] cells = line.Split('|');
            Assert.True(Name().IsMatch(cells[4]) || cells[3].Contains("not modelled"), line);
            foreach (Match name in Name().Matches(string.Join('|', cells[4..])))
            {
                Type? type = typeof(TableTests).Assembly.GetType($"{typeof(TableTests).Namespace}.{name.Groups[1].Value}");
                MethodInfo? method = type?.GetMethod(name.Groups[2].Value, BindingFlags.Public | BindingFlags.Instance);
                Assert.True(method?.GetCustomAttributes<FactAttribute>().Any(), name.Value);
            }
        }

        Assert.Equal(Enumerable.Range(1, rows), seen.Order());
    }

    [Fact]
    public void EveryTestOfATrapOrErratumIsInATable()
    {
        string tables = File.ReadAllText(Path.Combine(ModelFolder(), "TRAPS.md")) + File.ReadAllText(Path.Combine(ModelFolder(), "ERRATA.md"));
        foreach (Type type in typeof(TableTests).Assembly.GetExportedTypes())
        {
            if (type.Namespace != typeof(TableTests).Namespace || type == typeof(TableTests) || type == typeof(OpenPointTests))
            {
                continue;
            }

            foreach (MethodInfo method in type.GetMethods().Where(m => m.GetCustomAttributes<FactAttribute>().Any()))
            {
                Assert.Contains($"`{type.Name}.{method.Name}`", tables);
            }
        }
    }

    private static string ModelFolder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "chip-model");

    [GeneratedRegex(@"^\| T?(\d+) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+)\.(\w+)`")]
    private static partial Regex Name();
}
