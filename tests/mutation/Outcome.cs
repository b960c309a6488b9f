// Licensed under the MIT license. See LICENSE in the repository root.

namespace Mutation;

/// <summary>What became of a mutant.</summary>
internal enum Outcome
{
    /// <summary>A test failed.</summary>
    Killed,

    /// <summary>Tests run through the changed code, and all pass.</summary>
    Survived,

    /// <summary>No test comes to where it would make a difference.</summary>
    Unseen,

    /// <summary>It does what the original does; see equivalents.txt.</summary>
    Equivalent,
}
