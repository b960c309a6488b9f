// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Xunit;

namespace HostTests.Repository;

/// <summary>
/// tests/BEHAVIOURS.md names for each numbered behaviour the tests that prove it: these exist, and every test of the stack whose
/// name begins with such a number is named there.
/// </summary>
public partial class BehaviourTableTests
{
    private const string Table = "tests/BEHAVIOURS.md";
    private const string TestsOfTheStack = "HostTests.Stack";

    /// <summary>The groups of the table, and how many behaviours each has.</summary>
    private static readonly Dictionary<char, int> s_groups = new()
    {
        ['A'] = 24, ['B'] = 26, ['C'] = 27, ['D'] = 14, ['E'] = 27, ['F'] = 35, ['G'] = 23, ['H'] = 28,
    };

    private static readonly Type[] s_classes =
        [.. typeof(BehaviourTableTests).Assembly.GetExportedTypes().Where(t => t.Namespace?.StartsWith(TestsOfTheStack) == true && Tests(t).Any())];

    [Fact]
    public void EveryNumberHasOneRow()
    {
        string[] expected = [.. s_groups.SelectMany(g => Enumerable.Range(1, g.Value).Select(n => $"{g.Key}{n}"))];
        Assert.Equal(204, expected.Length);
        Assert.Equal(expected, Rows().Select(r => r.Number));
    }

    [Fact]
    public void EveryRowHasATestOrAReason()
    {
        foreach ((string number, string cell) in Rows())
        {
            Assert.True(Reference().IsMatch(cell) || cell.StartsWith("open") || cell.StartsWith("not there yet"), $"{number}: {cell}");
        }
    }

    [Fact]
    public void EveryTestNamedIsThereAndIsRun()
    {
        foreach ((string number, string cell) in Rows())
        {
            foreach (Match name in Reference().Matches(cell))
            {
                Type[] found = [.. s_classes.Where(t => t.Name == name.Groups["class"].Value)];
                if (found.Length == 0 && !name.Groups["test"].Success && !name.Value.EndsWith("Tests`") && !name.Value.EndsWith("Ladders`"))
                {
                    // a word of another kind
                    continue;
                }

                Assert.True(found.Length == 1, $"{number} names {name.Value}: {found.Length} classes of that name");
                IEnumerable<MethodInfo> tests = name.Groups["test"].Success
                    ? Tests(found[0]).Where(m => m.Name == name.Groups["test"].Value)
                    : Tests(found[0]).Where(m => Numbers(m).Contains(number));
                Assert.True(tests.Any(m => m.GetCustomAttribute<FactAttribute>()!.Skip == null), $"{number} names {name.Value}, which is not there or not run");
            }
        }
    }

    [Fact]
    public void EveryTestWithANumberIsNamed()
    {
        (string Number, string Class, string Test)[] missing = Missing();
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("UPDATE_BEHAVIOURS") == "1")
        {
            Write(missing);
            missing = Missing();
        }

        Assert.True(
            missing.Length == 0,
            $"not in {Table} (UPDATE_BEHAVIOURS=1 mends it):\n" + string.Join('\n', missing.Select(m => $"{m.Number}: `{m.Class}` ({m.Test})")));
    }

    [Fact]
    public void TheNumbersOfANameAreFound()
    {
        Assert.Equal(["A1", "B12", "G3"], NumbersIn("A1_B12_G3_and_F7_is_no_number_of_it", false));
        Assert.Equal(["H22"], NumbersIn("H22_H71_a_request", true));
        Assert.Empty(NumbersIn("H22_a_hostile_input", false));
        Assert.Empty(NumbersIn("RFC9293_3_10", false));
        Assert.Empty(NumbersIn("A_name", false));
    }

    private static (string Number, string Class, string Test)[] Missing()
    {
        Dictionary<string, string> rows = Rows().ToDictionary(r => r.Number, r => r.Cell);
        return [.. s_classes.SelectMany(Tests)
            .SelectMany(test => Numbers(test).Select(number => (Number: number, Class: test.DeclaringType!.Name, Test: test.Name)))
            .Where(m => !rows.TryGetValue(m.Number, out string? cell)
                || !(cell.Contains($"`{m.Class}`") || cell.Contains($"`{m.Class}.{m.Test}`")))];
    }

    /// <summary>Puts classes in front of what the last column of their rows says, instead of a mere "open".</summary>
    private static void Write((string Number, string Class, string Test)[] missing)
    {
        string file = RepositoryFiles.FullPath(Table);
        string[] lines = File.ReadAllLines(file);
        foreach ((string number, string name) in missing.Select(m => (m.Number, m.Class)).Distinct())
        {
            int line = Array.FindIndex(lines, l => l.StartsWith($"| {number} |"));
            if (line >= 0)
            {
                int cell = lines[line][..^1].LastIndexOf('|') + 2;
                string said = lines[line][cell..^2];
                lines[line] = lines[line][..cell] + (said is "open" or "not there yet" ? $"`{name}`" : $"`{name}`, {said}") + " |";
            }
        }

        File.WriteAllText(file, string.Join('\n', lines) + "\n");
    }

    private static IEnumerable<MethodInfo> Tests(Type type)
    {
        return type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.GetCustomAttribute<FactAttribute>() != null);
    }

    private static IEnumerable<string> Numbers(MethodInfo test) => NumbersIn(test.Name, IsOfApplication(test.DeclaringType!));

    /// <summary>The numbers that a test's name begins with. Outside of the applications an H is a hostile input of another list.</summary>
    private static IEnumerable<string> NumbersIn(string name, bool ofApplication)
    {
        return Leading().Match(name).Groups["number"].Captures.Select(c => c.Value)
            .Where(n => n[0] != 'H' || (ofApplication && int.Parse(n[1..], CultureInfo.InvariantCulture) <= s_groups['H']));
    }

    private static bool IsOfApplication(Type type) => type.Namespace!.Split('.')[2..].Any(part => part is "Dhcp" or "Dns" or "Http");

    private static IEnumerable<(string Number, string Cell)> Rows()
    {
        foreach (string line in File.ReadLines(RepositoryFiles.FullPath(Table)))
        {
            if (Row().Match(line) is { Success: true } row)
            {
                yield return (row.Groups[1].Value, row.Groups[2].Value);
            }
        }
    }

    [GeneratedRegex(@"^\| ([A-H]\d+) \| (?:must|should|policy) \| [^|]+ \| [^|]+ \| ([^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+)(\.(?<test>\w+))?`")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^((?<number>[A-H]\d+)_)+")]
    private static partial Regex Leading();
}
