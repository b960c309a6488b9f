// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>What only those have that nobody makes.</summary>
public interface IAbsent
{
    /// <summary>Asks for a number.</summary>
    int Ask(int a);
}
