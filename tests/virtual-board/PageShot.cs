// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;

namespace VirtualBoard;

/// <summary>A picture of the page, made by a Chromium of this PC.</summary>
internal static class PageShot
{
    private const string Size = "1280,900";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private static readonly string[] s_names = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"];

    // where systems put it that have it in no path
    private static readonly string[] s_places =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe",
        @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    /// <summary>Finds a browser.</summary>
    /// <exception cref="SetupException">There is none.</exception>
    public static string FindBrowser()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string end = OperatingSystem.IsWindows() ? ".exe" : string.Empty;
        return s_names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name + end))).Concat(s_places).FirstOrDefault(File.Exists)
            ?? throw new SetupException($"--page: a browser is needed, and none of {string.Join(", ", s_names)} is in the PATH.");
    }

    /// <summary>Has a browser save a picture.</summary>
    /// <returns>What came of it, for the user.</returns>
    public static string Save(string browser, string url, string file)
    {
        file = Path.GetFullPath(file);
        DateTime before = File.GetLastWriteTimeUtc(file);
        string profile = Directory.CreateTempSubdirectory("virtual-board-").FullName;
        try
        {
            ProcessStartInfo start = new(browser)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                ArgumentList =
                {
                    "--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--user-data-dir=" + profile,
                    "--window-size=" + Size, "--screenshot=" + file,
                },
            };
            if (Environment.UserName == "root")
            {
                // it refuses to run as root otherwise
                start.ArgumentList.Add("--no-sandbox");
            }

            start.ArgumentList.Add(url);
            using Process process = Process.Start(start)!;
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(s_limit))
            {
                process.Kill(entireProcessTree: true);
                return $"--page: {browser} takes longer than {s_limit.TotalSeconds} seconds.";
            }

            return File.Exists(file) && File.GetLastWriteTimeUtc(file) != before
                ? $"The page's picture is in {file}"
                : $"--page: {browser} has not saved anything (exit code {process.ExitCode}).";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            return $"--page: {browser} cannot be run: {e.Message}";
        }
        finally
        {
            Delete(profile);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // the browser has not let go of it yet
        }
    }
}
