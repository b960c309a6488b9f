// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;

namespace HostTests.Repository;

/// <summary>The table of who gives way in stack/README.md names tests that exist, at least one in each row.</summary>
public sealed partial class GivesWayTableTests
{
    [Fact]
    public void Each_row_names_test_classes_that_exist()
    {
        string text = File.ReadAllText(RepositoryFiles.FullPath("stack/README.md"));
        string table = text[text.IndexOf("## Who gives way", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("## What it costs", StringComparison.Ordinal)];
        string[] rows = [.. table.Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];
        HashSet<string> classes = [.. typeof(GivesWayTableTests).Assembly.GetTypes().Where(t => t.IsPublic).Select(t => t.Name)];

        Assert.True(rows.Length >= 15, $"{rows.Length} rows");
        Assert.All(rows, row =>
        {
            string[] cells = row.Split('|');
            Assert.Equal(7, cells.Length);
            string[] named = [.. TestName().Matches(cells[5]).Select(m => m.Groups[1].Value)];
            Assert.NotEmpty(named);
            Assert.All(named, name => Assert.Contains(name, classes));
        });
    }

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex TestName();
}
