// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Runtime.Versioning;

namespace HostTests.EndToEnd;

/// <summary>A picture of the page is saved by whatever browser there is.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class PageShotTests
{
    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void The_browser_of_the_path_is_given_the_page_and_the_file()
    {
        // in place of a browser a script that writes down what it was asked for
        string folder = OutputFolder.PathOf("browser");
        Directory.CreateDirectory(folder);
        string script = Path.Combine(folder, "chromium");
        File.WriteAllText(script, "#!/bin/sh\nfor a in \"$@\"; do case $a in --screenshot=*) echo \"$@\" > \"${a#--screenshot=}\";; esac; done\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string picture = OutputFolder.PathOf("page.png");
        File.Delete(picture);

        string output = Run(folder + ":" + Environment.GetEnvironmentVariable("PATH"), picture, out int exitCode);
        Assert.True(exitCode == 0, output);
        Assert.Contains($"The page's picture is in {picture}\n", output, StringComparison.Ordinal);
        string asked = File.ReadAllText(picture);
        Assert.Contains("--headless ", asked, StringComparison.Ordinal);
        Assert.EndsWith(" " + output.Split('\n').Single(l => l.StartsWith("Open ", StringComparison.Ordinal)).Split(' ')[1] + "\n", asked, StringComparison.Ordinal);
    }

    [UnixFact]
    public void Without_a_browser_it_says_what_is_missing()
    {
        string output = Run("/nowhere", OutputFolder.PathOf("none.png"), out int exitCode);
        Assert.Equal(2, exitCode);
        Assert.StartsWith("--page: a browser is needed, and none of chromium, ", output, StringComparison.Ordinal);
    }

    private static string Run(string path, string picture, out int exitCode)
    {
        ProcessStartInfo start = new(BoardProcess.Command[0], [BoardProcess.Command[1], "--forward", "0", "--address", "static", "--seconds", "9", "--page", picture])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = path;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.Result;
        process.WaitForExit();
        exitCode = process.ExitCode;
        return output;
    }
}
