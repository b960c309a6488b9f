// Licensed under the MIT license. See LICENSE in the repository root.

namespace Mutation;

/// <summary>A mutant and what became of it.</summary>
/// <param name="Mutant">The mutant.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Tests">Number of tests that come to where it makes a difference.</param>
/// <param name="Killer">The test that failed, and how.</param>
internal sealed record Verdict(Mutant Mutant, Outcome Outcome, int Tests, string? Killer);
