// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Something that nobody makes.</summary>
public sealed class Absent : IAbsent
{
    /// <inheritdoc/>
    public int Ask(int a) => a + 77;
}
