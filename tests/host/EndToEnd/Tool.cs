// Licensed under the MIT license. See LICENSE in the repository root.

using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace HostTests.EndToEnd;

/// <summary>Runs programs, but never for longer than they are given.</summary>
internal static class Tool
{
    private const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Whether a program is there, and can be run.</summary>
    public static bool Exists(string name) => Exists(name, Environment.GetEnvironmentVariable("PATH") ?? string.Empty);

    /// <summary>Whether a program can be run from one of these folders.</summary>
    /// <param name="name">The program.</param>
    /// <param name="path">Folders, separated as in PATH.</param>
    public static bool Exists(string name, string path) => path
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => IsExecutable(Path.Combine(folder, name)));

    /// <summary>Starts a program with its output to be read.</summary>
    public static Process Start(IEnumerable<string> command)
    {
        string[] parts = [.. command];
        var start = new ProcessStartInfo(parts[0], parts[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Exit code, -1 if it had to be killed or is not there, and what it wrote.</returns>
    public static (int ExitCode, string Output, string Errors) Run(TimeSpan limit, IEnumerable<string> command)
    {
        var output = new StringBuilder();
        var errors = new StringBuilder();
        Process process;
        try
        {
            process = Start(command);
        }
        catch (Win32Exception e)
        {
            return (-1, string.Empty, e.Message);
        }

        using (process)
        {
            process.OutputDataReceived += (_, line) => Append(output, line.Data);
            process.ErrorDataReceived += (_, line) => Append(errors, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return (-1, Read(output), Read(errors) + $"\nkilled after {limit.TotalSeconds} s");
            }

            // the streams end after the process
            process.WaitForExit();
            return (process.ExitCode, Read(output), Read(errors));
        }
    }

    private static bool IsExecutable(string file) => OperatingSystem.IsWindows()
        ? File.Exists(file + ".exe")
        : File.Exists(file) && (File.GetUnixFileMode(file) & AnyExecute) != 0;

    private static void Append(StringBuilder target, string? line)
    {
        if (line is not null)
        {
            lock (target)
            {
                target.Append(line).Append('\n');
            }
        }
    }

    private static string Read(StringBuilder source)
    {
        lock (source)
        {
            return source.ToString();
        }
    }
}
