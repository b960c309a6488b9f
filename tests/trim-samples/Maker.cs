// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Makes what is known by its base class only.</summary>
public static class Maker
{
    internal static Base? Make(int a)
    {
        if (a > 4)
        {
            return null;
        }

        return new Derived();
    }
}
