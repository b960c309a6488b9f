// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace Mutation;

/// <summary>
/// The process that runs tests against mutants. A mutant may never end, take all memory or overflow the stack, so the process is one that
/// can be lost.
/// </summary>
internal sealed class Worker
{
    private const int StackBytes = 16 * 1024 * 1024;
    private const int LongestAnswer = 300;
    private const int WatchMilliseconds = 100;
    private const double LimitFactor = 10;

    /// <summary>Milliseconds, once the code is compiled.</summary>
    private const double LeastLimit = 500;

    /// <summary>Milliseconds, while it is being compiled: so many tests.</summary>
    private const double FirstLimit = 4000;
    private const int FirstTests = 30;

    /// <summary>Long enough for a test that waits, on a machine that is busy.</summary>
    private const double BlockedLimit = 120_000;

    private static readonly Process s_self = Process.GetCurrentProcess();

    private readonly TextWriter _answers;
    private readonly TestCases _tests;
    private readonly FieldInfo _active;
    private readonly FieldInfo _told;
    private readonly Lock _lock = new();
    private int _running = -1;
    private int _ran;
    private double _cpuLimit;
    private long _wallLimit;

    private Worker(TextWriter answers, TestCases tests, Type mutantSwitch)
    {
        _answers = answers;
        _tests = tests;
        _active = mutantSwitch.GetField("Active")!;
        _told = mutantSwitch.GetField("Told")!;
    }

    /// <summary>Serves the process that started this one, until its input ends.</summary>
    /// <param name="folder">The folder with all assemblies, one of them mutated.</param>
    /// <param name="mutated">Name of that one.</param>
    /// <param name="mutants">The largest number of a mutant.</param>
    /// <param name="prefixes">Beginnings of the names of the tests.</param>
    internal static void Run(string folder, string mutated, int mutants, string[] prefixes)
    {
        TextWriter answers = Console.Out;
        Console.SetOut(TextWriter.Null);

        Type mutantSwitch = Assembly.LoadFrom(Path.Combine(folder, mutated + ".dll")).GetType("MutantSwitch", throwOnError: true)!;
        AppDomain.CurrentDomain.AssemblyResolve += (_, request) =>
        {
            string path = Path.Combine(folder, new AssemblyName(request.Name).Name + ".dll");
            return File.Exists(path) ? Assembly.LoadFrom(path) : null;
        };
        TestCases tests = new(Assembly.LoadFrom(Path.Combine(folder, "HostTests.dll")), prefixes);
        Worker worker = new(answers, tests, mutantSwitch);
        worker._told.SetValue(null, new byte[mutants + 1]);
        new Thread(worker.Watch) { IsBackground = true }.Start();
        Thread thread = new(worker.Serve, StackBytes);
        thread.Start();
        thread.Join();
    }

    private void Serve()
    {
        while (Console.In.ReadLine() is { } line)
        {
            string[] words = line.Split(' ');
            switch (words[0])
            {
                case "names":
                    for (int test = 0; test < _tests.Count; test++)
                    {
                        Answer(_tests.NameOf(test).ReplaceLineEndings(" "));
                    }

                    Answer("end");
                    break;
                case "record":
                    Record(Number(words[1]));
                    break;
                case "run":
                    RunMutant(Number(words[1]), words[2..]);
                    break;
            }
        }
    }

    /// <summary>Runs a test as it is, and once more to see which mutants it might tell.</summary>
    private void Record(int test)
    {
        _active.SetValue(null, 0);
        string? failure = RunLimited(test, BlockedLimit);
        byte[] told = (byte[])_told.GetValue(null)!;
        Array.Clear(told);
        _active.SetValue(null, -1);
        double before = Cpu();
        failure ??= RunLimited(test, BlockedLimit);
        double spent = Cpu() - before;
        _active.SetValue(null, 0);
        IEnumerable<string> ids = Enumerable.Range(0, told.Length)
            .Where(id => told[id] != 0)
            .Select(id => id.ToString(CultureInfo.InvariantCulture));
        Answer(failure is null
            ? string.Create(CultureInfo.InvariantCulture, $"passed {spent:F1} {string.Join(',', ids)}")
            : "failed " + Short(failure));
    }

    /// <summary>Runs tests until one fails. Each is written as index:milliseconds that it takes as a rule.</summary>
    private void RunMutant(int mutant, string[] tests)
    {
        foreach (string item in tests)
        {
            string[] parts = item.Split(':');
            int test = Number(parts[0]);
            _active.SetValue(null, mutant);
            double least = _ran < FirstTests ? FirstLimit : LeastLimit;
            string? failure = RunLimited(test, least + (LimitFactor * double.Parse(parts[1], CultureInfo.InvariantCulture)));
            _active.SetValue(null, 0);
            if (failure is not null)
            {
                Answer($"killed {test} {Short(failure)}");
                return;
            }
        }

        Answer("survived");
    }

    private string? RunLimited(int test, double cpuLimit)
    {
        lock (_lock)
        {
            _cpuLimit = Cpu() + cpuLimit;
            _wallLimit = Environment.TickCount64 + (long)BlockedLimit;
            _running = test;
            _ran++;
        }

        string? failure = _tests.Run(test);
        lock (_lock)
        {
            _running = -1;
        }

        return failure;
    }

    /// <summary>Ends the process when a test takes too long, by the processor's time: others may use this machine too.</summary>
    private void Watch()
    {
        while (true)
        {
            Thread.Sleep(WatchMilliseconds);
            lock (_lock)
            {
                if (_running >= 0 && (Cpu() > _cpuLimit || Environment.TickCount64 > _wallLimit))
                {
                    Answer($"killed {_running} took too long");
                    Environment.Exit(1);
                }
            }
        }
    }

    private void Answer(string line)
    {
        _answers.WriteLine(line);
        _answers.Flush();
    }

    private static string Short(string failure)
    {
        string line = failure.ReplaceLineEndings(" ");
        return line.Length <= LongestAnswer ? line : line[..LongestAnswer] + "...";
    }

    private static double Cpu()
    {
        s_self.Refresh();
        return s_self.TotalProcessorTime.TotalMilliseconds;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
