// Licensed under the MIT license. See LICENSE in the repository root.

using System.CommandLine;
using System.Globalization;

namespace Mutation;

/// <summary>Changes the product in many small ways, and says which changes no test notices.</summary>
internal static class Program
{
    /// <summary>The first argument of a process that only runs tests.</summary>
    internal const string WorkerArgument = "worker";

    private static readonly Argument<string[]> s_paths = new("paths")
    {
        Description = "Folders or files to mutate, from the repository's root: stack/Tcp, drivers, stack/IPv4/Reassembly.cs.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> s_mutant = new("--mutant")
    {
        Description = "Only the mutant with this number; says which test kills it.",
        HelpName = "N",
    };

    private static readonly Option<int> s_sample = new("--sample") { Description = "Only so many, taken evenly from all.", HelpName = "N" };

    private static readonly Option<bool> s_again = new("--again") { Description = "Only those that lived in the last report." };

    private static readonly Option<bool> s_list = new("--list") { Description = "Only say which mutants there are." };

    private static readonly Option<bool> s_all = new("--all") { Description = "Try those of equivalents.txt too, and say which of them are killed." };

    private static readonly Option<int> s_workers = new("--workers")
    {
        Description = "Processes; as many as the machine has processors, if not said.",
        HelpName = "N",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private static readonly Option<int> s_slowest = new("--slowest")
    {
        Description = "Milliseconds of processor time; tests that take longer take no part.",
        HelpName = "N",
        DefaultValueFactory = _ => 400,
    };

    private static readonly Option<int> s_patience = new("--patience")
    {
        Description = "Milliseconds of processor time for the tests of a mutant together, those of its own folder first.",
        HelpName = "N",
        DefaultValueFactory = _ => 5000,
    };

    private static readonly Option<double> s_least = new("--least")
    {
        Description = "Exit code 1 if a folder's score is lower.",
        HelpName = "PERCENT",
    };

    private static readonly Option<string> s_report = new("--report")
    {
        Description = "Where the verdicts are written as JSON.",
        HelpName = "FILE",
        DefaultValueFactory = _ => Report.LastPath,
    };

    private static int Main(string[] args)
    {
        if (args is [WorkerArgument, { } folder, { } mutated, { } mutants, .. { } prefixes])
        {
            Worker.Run(folder, mutated, int.Parse(mutants, CultureInfo.InvariantCulture), prefixes);
            return 0;
        }

        RootCommand root = new("Changes the product in many small ways, and says which changes no test notices.")
        {
            s_paths, s_mutant, s_sample, s_again, s_list, s_all, s_workers, s_slowest, s_patience, s_least, s_report,
        };
        root.SetAction(Run);
        return root.Parse(args).Invoke();
    }

    private static int Run(ParseResult parsed)
    {
        string report = parsed.GetValue(s_report)!;
        RunOptions options = new()
        {
            Paths = [.. parsed.GetValue(s_paths)!.Select(path => path.TrimEnd('/'))],
            Mutant = parsed.GetValue(s_mutant),
            Sample = parsed.GetValue(s_sample),
            Only = parsed.GetValue(s_again) ? Report.Living(report) : null,
            Workers = parsed.GetValue(s_workers),
            Slowest = parsed.GetValue(s_slowest),
            Patience = parsed.GetValue(s_patience),
            List = parsed.GetValue(s_list),
            All = parsed.GetValue(s_all),
        };
        string wrong = string.Join(", ", options.Paths.Where(path => !Path.Exists(Repository.FullPath(path))));
        if (wrong.Length > 0)
        {
            Console.Error.WriteLine($"There is no {wrong} in {Repository.Root}.");
            return 2;
        }

        string tests = Path.Combine(MutationRun.TestsFolder, "HostTests.dll");
        if (!options.List && !File.Exists(tests))
        {
            Console.Error.WriteLine($"The tests are not built ({tests}): dotnet build tests/host");
            return 2;
        }

        Equivalents equivalents = new(Repository.FullPath("tests/mutation/equivalents.txt"));
        List<Verdict> verdicts = [];
        foreach (ProductProject project in ProductProject.All.Where(project => project.Sources().Select(Repository.Relative).Any(options.Wants)))
        {
            verdicts.AddRange(new MutationRun(project, options, equivalents).Run());
        }

        if (options.List)
        {
            verdicts.ForEach(verdict => Console.WriteLine($"{verdict.Mutant.Id} {verdict.Mutant}"));
            return 0;
        }

        if (options.Mutant > 0)
        {
            verdicts.ForEach(verdict => Console.WriteLine($"{verdict.Mutant}: {verdict.Outcome} {verdict.Killer}"));
            return 0;
        }

        Complain(verdicts, equivalents, options);
        Report.WriteFile(report, verdicts);
        return Report.WriteTable(verdicts) < parsed.GetValue(s_least) ? 1 : 0;
    }

    /// <summary>Entries of equivalents.txt that are no longer true.</summary>
    private static void Complain(List<Verdict> verdicts, Equivalents equivalents, RunOptions options)
    {
        foreach (Verdict verdict in verdicts.Where(verdict => verdict.Outcome == Outcome.Killed && equivalents.ReasonOf(verdict.Mutant) is not null))
        {
            Console.WriteLine($"equivalents.txt is wrong, {verdict.Killer} tells it: {verdict.Mutant}");
        }

        if (options is { Sample: 0, Only: null })
        {
            HashSet<string> there = [.. verdicts.Select(verdict => verdict.Mutant.Key)];
            foreach (string key in equivalents.Keys.Where(key => options.Wants(key[..key.IndexOf(' ')]) && !there.Contains(key)))
            {
                Console.WriteLine($"equivalents.txt names what is not there: {key}");
            }
        }
    }
}
