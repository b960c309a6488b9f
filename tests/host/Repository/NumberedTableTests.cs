// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Text.RegularExpressions;

namespace HostTests.Repository;

/// <summary>
/// tests/BEHAVIOURS.md and tests/HOSTILE.md name for each number, of a behaviour or of a hostile input, the tests that prove it: these exist,
/// and every test of the stack whose name begins with such a number is named there.
/// </summary>
public partial class NumberedTableTests
{
    private const string TestsOfTheStack = "HostTests.Stack";

    /// <summary>The groups of the tables, and how many numbers each has.</summary>
    private static readonly Dictionary<char, int> s_groups = new()
    {
        ['A'] = 24, ['B'] = 26, ['C'] = 27, ['D'] = 14, ['E'] = 27, ['F'] = 35, ['G'] = 23, ['H'] = 28, ['X'] = 72,
    };

    private static readonly string[] s_tables = ["tests/BEHAVIOURS.md", "tests/HOSTILE.md"];

    private static readonly Type[] s_classes = [.. typeof(NumberedTableTests).Assembly.GetExportedTypes().Where(t => Tests(t).Any())];

    [Fact]
    public void Every_number_has_one_row()
    {
        Assert.Equal(s_groups.SelectMany(g => Enumerable.Range(1, g.Value).Select(n => $"{g.Key}{n}")), Rows().Select(r => r.Number));
    }

    [Fact]
    public void Every_row_has_a_test_or_a_reason()
    {
        foreach ((string number, string cell) in Rows())
        {
            Assert.True(Reference().IsMatch(cell) || cell.StartsWith("open") || cell.StartsWith("not there yet"), $"{number}: {cell}");
        }
    }

    [Fact]
    public void Every_test_that_is_named_is_there_and_is_run()
    {
        foreach ((string number, string cell) in Rows())
        {
            foreach (Match name in Reference().Matches(cell))
            {
                Type[] classes = [.. s_classes.Where(t => t.Name == name.Groups["class"].Value)];
                if (classes.Length == 0 && !name.Groups["test"].Success && !name.Value.EndsWith("Tests`") && !name.Value.EndsWith("Ladders`"))
                {
                    // a word of another kind
                    continue;
                }

                int found = classes.Count(t => Tests(t).Any(m => m.GetCustomAttribute<FactAttribute>()!.Skip == null
                    && (name.Groups["test"].Success ? m.Name == name.Groups["test"].Value : NumbersIn(m.Name).Contains(number))));
                Assert.True(found == 1, $"{number} names {name.Value}, and there are {found} classes with tests of that name that are run");
            }
        }
    }

    [Fact]
    public void Every_test_with_a_number_is_named()
    {
        (string Number, string Class, string Test)[] missing = Missing();
        if (missing.Length > 0 && Environment.GetEnvironmentVariable("UPDATE_BEHAVIOURS") == "1")
        {
            Array.ForEach(s_tables, table => Write(table, missing));
            missing = Missing();
        }

        Assert.True(
            missing.Length == 0,
            "not in the tables (UPDATE_BEHAVIOURS=1 mends it):\n" + string.Join('\n', missing.Select(m => $"{m.Number}: `{m.Class}` ({m.Test})")));
    }

    [Fact]
    public void The_numbers_of_a_name_are_found()
    {
        Assert.Equal(["A1", "B12", "G3"], NumbersIn("A1_B12_G3_and_F7_is_no_number_of_it"));
        Assert.Equal(["H22", "X71"], NumbersIn("H22_X71_a_request"));
        Assert.Empty(NumbersIn("RFC9293_3_10"));
        Assert.Empty(NumbersIn("A_name"));
    }

    private static (string Number, string Class, string Test)[] Missing()
    {
        Dictionary<string, string> rows = Rows().ToDictionary(r => r.Number, r => r.Cell);
        return [.. s_classes.Where(type => type.Namespace!.StartsWith(TestsOfTheStack)).SelectMany(Tests)
            .SelectMany(test => NumbersIn(test.Name).Select(number => (Number: number, Class: test.DeclaringType!.Name, Test: test.Name)))
            .Where(m => !rows.TryGetValue(m.Number, out string? cell)
                || !(cell.Contains($"`{m.Class}`") || cell.Contains($"`{m.Class}.{m.Test}`")))];
    }

    /// <summary>Puts classes in front of what the last column of their rows says, instead of a mere "open".</summary>
    private static void Write(string table, (string Number, string Class, string Test)[] missing)
    {
        string file = RepositoryFiles.FullPath(table);
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

    /// <summary>The numbers that a test's name begins with.</summary>
    private static IEnumerable<string> NumbersIn(string name) => Leading().Match(name).Groups["number"].Captures.Select(c => c.Value);

    private static IEnumerable<(string Number, string Cell)> Rows()
    {
        return s_tables.SelectMany(table => File.ReadLines(RepositoryFiles.FullPath(table)))
            .Select(line => Row().Match(line)).Where(row => row.Success).Select(row => (row.Groups[1].Value, row.Groups[2].Value));
    }

    /// <summary>A row begins with its number and ends with its tests.</summary>
    [GeneratedRegex(@"^\| ([A-HX]\d+) \|.* \| ([^|]+) \|$")]
    private static partial Regex Row();

    [GeneratedRegex(@"`(?<class>[A-Z]\w+)(\.(?<test>\w+))?`")]
    private static partial Regex Reference();

    [GeneratedRegex(@"^((?<number>[A-HX]\d+)_)+")]
    private static partial Regex Leading();
}
