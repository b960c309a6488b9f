// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.ZeroAllocation;

/// <summary>A page that breaks the rule: it allocates when it is asked for.</summary>
internal sealed class AllocatingPage(WordOrder order) : DigitsPage(order, 100)
{
    /// <summary>Gets what was allocated last; nobody uses it, but the compiler cannot know.</summary>
    public byte[] Garbage { get; private set; } = [];

    public override void Update(int now)
    {
        Garbage = new byte[16];
        base.Update(now);
    }
}
