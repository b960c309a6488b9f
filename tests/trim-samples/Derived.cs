// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Tells another one.</summary>
public sealed class Derived : Base
{
    /// <inheritdoc/>
    public override int Tell(int a) => a * 2;
}
