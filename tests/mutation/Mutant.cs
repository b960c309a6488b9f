// Licensed under the MIT license. See LICENSE in the repository root.

namespace Mutation;

/// <summary>One small change of the product.</summary>
/// <param name="Id">Its number in this build of the product, from 1.</param>
/// <param name="File">The source file, from the repository's root.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Member">Type and member around it.</param>
/// <param name="Original">What is written there.</param>
/// <param name="Mutated">What is there instead.</param>
/// <param name="Occurrence">From 2 for those that look like an earlier one in the same member.</param>
internal sealed record Mutant(int Id, string File, int Line, string Member, string Original, string Mutated, int Occurrence)
{
    /// <summary>What tells it from others, without numbers that move when lines are added.</summary>
    internal string Key => $"{File} {Change}";

    /// <summary>Where it is and what it is.</summary>
    public override string ToString() => $"{File}:{Line} {Change}";

    private string Change => $"{Member}: {Original} ==> {Mutated}" + (Occurrence > 1 ? $" #{Occurrence}" : string.Empty);
}
