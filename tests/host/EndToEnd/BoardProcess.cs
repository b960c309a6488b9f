// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace HostTests.EndToEnd;

/// <summary>The virtual board as a user starts it: a process of its own.</summary>
internal sealed class BoardProcess : IDisposable
{
    private const int Terminate = 15;

    // Longer than any test: what is left behind by a killed test run ends by itself.
    private const int LongestLife = 300;

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(20);

    private readonly StringBuilder _output = new();
    private readonly Process _process;

    /// <summary>Starts a board.</summary>
    /// <param name="prefix">What to start it with, such as <c>unshare</c>.</param>
    /// <param name="arguments">Its options.</param>
    public BoardProcess(IEnumerable<string> prefix, params string[] arguments)
        : this(prefix, Command[1], arguments)
    {
    }

    /// <summary>Starts a board from elsewhere.</summary>
    /// <param name="prefix">What to start it with.</param>
    /// <param name="program">The path of its assembly.</param>
    /// <param name="arguments">Its options.</param>
    public BoardProcess(IEnumerable<string> prefix, string program, string[] arguments)
    {
        _process = Tool.Start([.. prefix, Command[0], program, "--seconds", LongestLife.ToString(CultureInfo.InvariantCulture), .. arguments]);
        _process.OutputDataReceived += (_, line) => Append(line.Data);
        _process.ErrorDataReceived += (_, line) => Append(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program without options.</summary>
    public static string[] Command { get; } = [DotNet(), Path.Combine(AppContext.BaseDirectory, "virtual-board.dll")];

    public int Id => _process.Id;

    /// <summary>Everything that it wrote so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Waits until the board answers.</summary>
    /// <returns>Where a browser finds it.</returns>
    public string WaitUntilOpen()
    {
        long start = Environment.TickCount64;
        while (true)
        {
            string? line = Array.Find(Output.Split('\n'), l => l.StartsWith("Open ", StringComparison.Ordinal));
            if (line is not null)
            {
                return line.Split(' ')[1];
            }

            if (_process.HasExited || Environment.TickCount64 - start > s_startLimit.TotalMilliseconds)
            {
                Assert.Fail("The board did not come up:\n" + Output);
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public int WaitForExit()
    {
        Assert.True(_process.WaitForExit(s_stopLimit), "The board does not end:\n" + Output);
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <summary>Ends it as Ctrl-C or a service manager would.</summary>
    /// <returns>The exit code.</returns>
    public int Stop()
    {
        Kill(Id, Terminate);
        return WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private static string DotNet()
    {
        string? self = Environment.ProcessPath;
        return Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
            ?? (Path.GetFileNameWithoutExtension(self) == "dotnet" ? self! : "dotnet");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    private void Append(string? line)
    {
        if (line is not null)
        {
            lock (_output)
            {
                _output.Append(line).Append('\n');
            }
        }
    }
}
