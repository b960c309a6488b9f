// Licensed under the MIT license. See LICENSE in the repository root.

namespace TrimSamples;

/// <summary>Asks a box that it holds.</summary>
/// <param name="box">The box.</param>
public sealed class Holder(Box box)
{
    private readonly Box _box = box;

    internal int Ask(int a)
    {
        int answer = _box.Ask(a);
        return answer * 2;
    }
}
