// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Tells one number.</summary>
public class Base : ITell
{
    /// <inheritdoc/>
    public virtual int Tell(int a) => a + 1;
}
