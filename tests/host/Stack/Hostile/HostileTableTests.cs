// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace HostTests.Stack.Hostile;

/// <summary>
/// HOSTILE.md names a test, or says that it is not there yet, for each of its inputs; the tests exist, and none is left out.
/// </summary>
public sealed partial class HostileTableTests
{
    private const int Inputs = 72;
    private const string Missing = "not there yet";

    [Fact]
    public void Every_input_is_in_the_table_and_every_test_named_exists()
    {
        List<int> seen = [];
        foreach (string line in File.ReadLines(TablePath()))
        {
            MatchCollection names = Name().Matches(line);
            foreach (Match name in names)
            {
                Assert.True(IsTest(name.Groups[1].Value, name.Groups[2].Value), name.Value);
            }

            if (Row().Match(line) is { Success: true } row)
            {
                int number = int.Parse(row.Groups[1].Value);
                seen.Add(number);
                Assert.True(names.Count > 0 != line.Contains(Missing), line);

                // the first test named is the input's own
                string own = $"Hostile{number:00}_";
                Assert.True(names.Count == 0 || names[0].Groups[2].Value.StartsWith(own, StringComparison.Ordinal), line);
            }
        }

        Assert.Equal(Enumerable.Range(1, Inputs), seen);
    }

    [Fact]
    public void Every_test_of_an_input_is_in_the_table()
    {
        string table = File.ReadAllText(TablePath());
        IEnumerable<MethodInfo> tests = typeof(HostileTableTests).Assembly.GetExportedTypes()
            .Where(t => t.Namespace == typeof(HostileTableTests).Namespace && t != typeof(HostileTableTests))
            .SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttributes<FactAttribute>().Any() && m.Name.StartsWith("Hostile", StringComparison.Ordinal));
        Assert.All(tests, test => Assert.Contains($"`{test.DeclaringType!.Name}.{test.Name}`", table));
    }

    private static bool IsTest(string type, string method)
    {
        return typeof(HostileTableTests).Assembly.GetExportedTypes().Where(t => t.Name == type)
            .Select(t => t.GetMethod(method, BindingFlags.Public | BindingFlags.Instance))
            .Any(m => m?.GetCustomAttributes<FactAttribute>().Any() == true);
    }

    private static string TablePath([CallerFilePath] string here = "")
    {
        return Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "HOSTILE.md");
    }

    [GeneratedRegex(@"^\| (\d+) \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(\w+Tests|\w+Properties)\.(\w+)`")]
    private static partial Regex Name();
}
