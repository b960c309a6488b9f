// Licensed under the MIT license. See LICENSE in the repository root.

using ProgressLogger;

namespace HostTests.Repository;

/// <summary>What <c>dotnet test</c> tells while it runs, and of the tests that were skipped.</summary>
public sealed class ProgressReportTests
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void Progress_counts_what_has_ended_and_names_the_last_one()
    {
        var report = new ProgressReport(_output);
        report.WriteProgress(TimeSpan.FromSeconds(9.9));
        report.Pass("A");
        report.Pass("B");
        report.Fail("C");
        report.Skip("D", "no tool");
        report.WriteProgress(TimeSpan.FromSeconds(70));
        Assert.Equal(
            "  0:09  0 passed, 0 failed, 0 skipped; the last one: none has ended yet\n" +
            "  1:10  2 passed, 1 failed, 1 skipped; the last one: C\n",
            _output.ToString());
    }

    [Fact]
    public void Each_skipped_test_is_there_with_its_reason()
    {
        var report = new ProgressReport(_output);
        report.Skip("A", "tshark is not installed.");
        report.Skip("B", "curl is not installed.");
        report.Skip("C", "tshark is not installed.");
        report.WriteSkipped();
        Assert.Equal("  Skipped: curl is not installed.\n    B\n  Skipped: tshark is not installed.\n    A\n    C\n", _output.ToString());
    }

    [Fact]
    public void Nothing_skipped_is_not_mentioned()
    {
        var report = new ProgressReport(_output);
        report.Pass("A");
        report.WriteSkipped();
        Assert.Equal(string.Empty, _output.ToString());
    }

    [Fact]
    public void Every_run_uses_the_logger()
    {
        string settings = File.ReadAllText(RepositoryFiles.FullPath("tests/host.runsettings"));
        Assert.Contains("<Logger friendlyName=\"progress\" enabled=\"True\" />", settings, StringComparison.Ordinal);
        string shared = File.ReadAllText(RepositoryFiles.FullPath("tests/Directory.Build.props"));
        Assert.Contains("<RunSettingsFilePath>$(MSBuildThisFileDirectory)host.runsettings</RunSettingsFilePath>", shared, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, "Progress.TestLogger.dll")));
    }
}
