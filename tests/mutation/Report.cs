// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mutation;

/// <summary>The verdicts as a table, and as a file for other programs.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <summary>Where the last report is.</summary>
    internal static string LastPath { get; } = Repository.FullPath("tests/mutation/TestResults/mutation.json");

    /// <summary>The score of each folder.</summary>
    /// <returns>The lowest.</returns>
    internal static double WriteTable(List<Verdict> verdicts)
    {
        Console.WriteLine();
        Console.WriteLine("| Folder | Mutants | Equivalent | Killed | Live | Never seen | Score |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        double lowest = 100;
        foreach (IGrouping<string, Verdict> folder in verdicts.GroupBy(v => v.Mutant.File[..v.Mutant.File.LastIndexOf('/')]))
        {
            int Count(Outcome outcome) => folder.Count(verdict => verdict.Outcome == outcome);
            int real = folder.Count() - Count(Outcome.Equivalent);
            double score = real == 0 ? 100 : 100.0 * Count(Outcome.Killed) / real;
            lowest = Math.Min(lowest, score);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {folder.Key} | {folder.Count()} | {Count(Outcome.Equivalent)} | {Count(Outcome.Killed)} | {Count(Outcome.Survived)} | "
                + $"{Count(Outcome.Unseen)} | {score:F1} % |"));
        }

        return lowest;
    }

    /// <summary>Writes all verdicts as JSON.</summary>
    internal static void WriteFile(string path, List<Verdict> verdicts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(
            verdicts.Select(v => new Line(v.Mutant.Key, v.Mutant.ToString(), v.Outcome, v.Tests, v.Killer)), s_json));
    }

    /// <summary>Keys of the mutants that lived in a report.</summary>
    internal static HashSet<string> Living(string path) => [.. JsonSerializer.Deserialize<Line[]>(File.ReadAllText(path), s_json)!
        .Where(line => line.Outcome is Outcome.Survived or Outcome.Unseen)
        .Select(line => line.Key)];

    private sealed record Line(string Key, string Mutant, Outcome Outcome, int Tests, string? Killer);
}
