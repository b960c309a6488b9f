// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Something that is called without saying which.</summary>
public interface ITell
{
    /// <summary>Tells a number of a number.</summary>
    int Tell(int a);
}
