// Licensed under the MIT license. See LICENSE in the repository root.

namespace Mutation;

/// <summary>What is wanted.</summary>
internal sealed record RunOptions
{
    /// <summary>Beginnings of the paths of what is mutated.</summary>
    internal required string[] Paths { get; init; }

    /// <summary>One mutant only, by its number; 0 for all.</summary>
    internal int Mutant { get; init; }

    /// <summary>So many of them, taken evenly; 0 for all.</summary>
    internal int Sample { get; init; }

    /// <summary>Keys of the only mutants that are wanted; null for all.</summary>
    internal HashSet<string>? Only { get; init; }

    /// <summary>Processes.</summary>
    internal int Workers { get; init; }

    /// <summary>Milliseconds of processor time; slower tests take no part.</summary>
    internal int Slowest { get; init; }

    /// <summary>Milliseconds of processor time that a mutant's tests may take together.</summary>
    internal int Patience { get; init; }

    /// <summary>Only say which there are.</summary>
    internal bool List { get; init; }

    /// <summary>Try the equivalent ones too.</summary>
    internal bool All { get; init; }

    /// <summary>Whether the file is mutated.</summary>
    internal bool Wants(string file) => Array.Exists(Paths, path =>
        file == path || file.StartsWith(path.TrimEnd('/') + "/", StringComparison.Ordinal));

    /// <summary>The mutants that are wanted.</summary>
    internal List<Mutant> Choose(List<Mutant> mutants)
    {
        List<Mutant> chosen = mutants.FindAll(mutant => (Mutant == 0 || mutant.Id == Mutant) && (Only is null || Only.Contains(mutant.Key)));
        return Sample == 0 || Sample >= chosen.Count
            ? chosen
            : [.. Enumerable.Range(0, Sample).Select(i => chosen[(int)((long)i * chosen.Count / Sample)])];
    }
}
