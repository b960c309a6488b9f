// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Repository;

/// <summary>The list of mutants that no test can tell follows the sources.</summary>
public sealed class EquivalentMutantsTests
{
    [Fact]
    public void Each_is_named_once_and_in_a_file_that_there_is()
    {
        string[] lines = [.. File.ReadAllLines(RepositoryFiles.FullPath("tests/mutation/equivalents.txt"))
            .Where(line => line.Length > 0 && !line.StartsWith('#')).Select(line => line.Trim())];
        Assert.Distinct(lines);
        Assert.All(
            lines.Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)]).Distinct(),
            file => Assert.True(File.Exists(RepositoryFiles.FullPath(file)), file));
    }
}
