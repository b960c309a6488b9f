// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;

namespace Mutation;

/// <summary>A <see cref="Worker"/> as its starter sees it. A new one takes the place of one that was lost.</summary>
internal sealed class WorkerProcess(string[] arguments) : IDisposable
{
    /// <summary>In hexadecimal digits: 2 GB, for a mutant that never stops taking memory.</summary>
    private const string HeapLimit = "80000000";

    private Process? _process;

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(2000))
            {
                _process.Kill();
            }

            _process.Dispose();
        }
    }

    /// <summary>The names of all tests.</summary>
    internal string[] Names()
    {
        Ask("names");
        List<string> names = [];
        while (Read() is { } line && line != "end")
        {
            names.Add(line);
        }

        return [.. names];
    }

    /// <summary>Asks for what a test does as it is.</summary>
    internal string Record(int test)
    {
        Ask(string.Create(CultureInfo.InvariantCulture, $"record {test}"));
        return Read() ?? "failed: the process ended";
    }

    /// <summary>Runs tests against a mutant.</summary>
    /// <returns>"survived", or "killed", the test's index and the reason.</returns>
    internal string Run(int mutant, IEnumerable<TestProfile> tests)
    {
        Ask(string.Create(CultureInfo.InvariantCulture, $"run {mutant} {string.Join(' ', tests.Select(test => test.ToArgument()))}"));
        string answer = Read() ?? "killed -1 the process ended";
        if (answer.EndsWith(" took too long", StringComparison.Ordinal) || answer.StartsWith("killed -1", StringComparison.Ordinal))
        {
            Lose();
        }

        return answer;
    }

    private void Lose()
    {
        _process!.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    private void Ask(string line)
    {
        _process ??= Start();
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
    }

    private string? Read() => _process!.StandardOutput.ReadLine();

    private Process Start()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";

        // that a property fails is enough; the simplest case of it is of no interest
        start.Environment["PROPERTY_SHRINK_SECONDS"] = "0";
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}
