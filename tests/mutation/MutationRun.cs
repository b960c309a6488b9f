// Licensed under the MIT license. See LICENSE in the repository root.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Mutation;

/// <summary>All mutants of one assembly against its tests.</summary>
internal sealed class MutationRun
{
    private const int TellEverySeconds = 20;

    private readonly ProductProject _project;
    private readonly RunOptions _options;
    private readonly Equivalents _equivalents;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Where the tests are that were built.</summary>
    internal static string TestsFolder { get; } = Repository.FullPath("tests/host/bin/Debug/net10.0");

    /// <summary>How often a test killed mutants of a member or file: neighbours are likely to die by the same test.</summary>
    private readonly ConcurrentDictionary<(string Place, int Test), int> _kills = new();

    internal MutationRun(ProductProject project, RunOptions options, Equivalents equivalents)
    {
        _project = project;
        _options = options;
        _equivalents = equivalents;
    }

    /// <summary>Compiles and runs.</summary>
    internal List<Verdict> Run()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mutants");
        try
        {
            // copies, so that tests may be written and built meanwhile
            foreach (string file in Directory.EnumerateFiles(TestsFolder).Where(file => Path.GetExtension(file) is ".dll" or ".xml"))
            {
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            }

            MutatedAssembly assembly = new(_project, TestsFolder, _options.Wants);
            assembly.Write(Path.Combine(folder.FullName, _project.Assembly + ".dll"));
            List<Mutant> wanted = _options.Choose(assembly.Mutants);
            Tell($"{_project.Assembly}: {assembly.Mutants.Count} mutants, {wanted.Count} of them wanted; {assembly.Refused} do not compile");
            if (_options.List)
            {
                return [.. wanted.Select(mutant => new Verdict(mutant, Outcome.Unseen, 0, null))];
            }

            int largest = assembly.Mutants.Count == 0 ? 0 : assembly.Mutants.Max(mutant => mutant.Id);
            string[] arguments =
            [
                Program.WorkerArgument, folder.FullName, _project.Assembly, largest.ToString(CultureInfo.InvariantCulture), .. _project.Tests,
            ];
            WorkerProcess[] workers = [.. Enumerable.Range(0, _options.Workers).Select(_ => new WorkerProcess(arguments))];
            try
            {
                Dictionary<int, List<TestProfile>> reach = Record(workers);
                return RunAll(workers, wanted, reach);
            }
            finally
            {
                Array.ForEach(workers, worker => worker.Dispose());
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Which tests may tell which mutants.</summary>
    private Dictionary<int, List<TestProfile>> Record(WorkerProcess[] workers)
    {
        string[] names = workers[0].Names();
        Dictionary<int, List<TestProfile>> reach = [];
        double kept = 0;
        int slow = 0;
        int failed = 0;
        ForAll(workers, Enumerable.Range(0, names.Length), (worker, test) =>
        {
            string[] answer = worker.Record(test).Split(' ', 3);
            if (answer[0] != "passed")
            {
                Tell($"{names[test]} fails without any mutant, and takes no part: {string.Join(' ', answer)}");
                if (Interlocked.Increment(ref failed) > names.Length / 100)
                {
                    throw new InvalidOperationException("The tests must pass first.");
                }

                return;
            }

            TestProfile profile = new(test, names[test], double.Parse(answer[1], CultureInfo.InvariantCulture));
            lock (reach)
            {
                if (profile.Milliseconds > _options.Slowest)
                {
                    slow++;
                    return;
                }

                kept += profile.Milliseconds;
                foreach (string id in answer[2].Split(',', StringSplitOptions.RemoveEmptyEntries))
                {
                    int mutant = int.Parse(id, CultureInfo.InvariantCulture);
                    reach.TryAdd(mutant, []);
                    reach[mutant].Add(profile);
                }
            }
        });
        Tell(string.Create(CultureInfo.InvariantCulture,
            $"{names.Length} tests, {slow} of them too slow to take part; the others take {kept / 1000:F1} s"));
        return reach;
    }

    private List<Verdict> RunAll(WorkerProcess[] workers, List<Mutant> mutants, Dictionary<int, List<TestProfile>> reach)
    {
        List<Verdict> verdicts = [];
        Stopwatch told = Stopwatch.StartNew();
        ForAll(workers, mutants, (worker, mutant) =>
        {
            Verdict verdict = Judge(worker, mutant, reach.GetValueOrDefault(mutant.Id) ?? []);
            lock (verdicts)
            {
                verdicts.Add(verdict);
                if (verdict.Outcome is Outcome.Survived or Outcome.Unseen)
                {
                    Console.WriteLine($"{mutant} ({verdict.Tests} tests)");
                }

                if (told.Elapsed.TotalSeconds > TellEverySeconds)
                {
                    Tell($"{verdicts.Count} of {mutants.Count}, {verdicts.Count(v => v.Outcome is Outcome.Survived or Outcome.Unseen)} live");
                    told.Restart();
                }
            }
        });
        return [.. verdicts.OrderBy(verdict => verdict.Mutant.Id)];
    }

    private Verdict Judge(WorkerProcess worker, Mutant mutant, List<TestProfile> tests)
    {
        if (_equivalents.ReasonOf(mutant) is not null && !_options.All)
        {
            return new(mutant, Outcome.Equivalent, tests.Count, null);
        }

        if (tests.Count == 0)
        {
            return new(mutant, Outcome.Unseen, 0, null);
        }

        // stack/Tcp and HostTests.Stack.Tcp
        string near = "HostTests." + string.Join('.', mutant.File.Split('/')[..^1].Select(name => char.ToUpperInvariant(name[0]) + name[1..])) + ".";
        TestProfile[] order = [.. tests
            .OrderByDescending(test => _kills.GetValueOrDefault((mutant.Member, test.Index)))
            .ThenByDescending(test => _kills.GetValueOrDefault((mutant.File, test.Index)) > 0)
            .ThenByDescending(test => test.Name.StartsWith(near, StringComparison.Ordinal))
            .ThenBy(test => test.Milliseconds)];
        double left = _options.Patience;
        TestProfile[] affordable = [.. order.TakeWhile(test => (left -= test.Milliseconds) + test.Milliseconds > 0)];
        string[] answer = worker.Run(mutant.Id, affordable).Split(' ', 3);
        if (answer[0] != "killed")
        {
            return new(mutant, Outcome.Survived, tests.Count, null);
        }

        int killer = int.Parse(answer[1], CultureInfo.InvariantCulture);
        _kills.AddOrUpdate((mutant.Member, killer), 1, (_, count) => count + 1);
        _kills.AddOrUpdate((mutant.File, killer), 1, (_, count) => count + 1);
        string name = tests.Find(test => test.Index == killer)?.Name ?? "all tests";
        return new(mutant, Outcome.Killed, tests.Count, $"{name}: {answer[2]}");
    }

    private static void ForAll<T>(WorkerProcess[] workers, IEnumerable<T> items, Action<WorkerProcess, T> action)
    {
        ConcurrentQueue<T> queue = new(items);
        Task.WaitAll([.. workers.Select(worker => Task.Factory.StartNew(
            () =>
            {
                while (queue.TryDequeue(out T? item))
                {
                    action(worker, item);
                }
            },
            TaskCreationOptions.LongRunning))]);
    }

    private void Tell(string text) => Console.Error.WriteLine($"{_clock.Elapsed:mm\\:ss} {text}");
}
