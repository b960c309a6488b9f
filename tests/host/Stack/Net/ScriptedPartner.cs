// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Net;

/// <summary>Does what a test says, at the other end or in the background of ours.</summary>
internal sealed class ScriptedPartner(Action<int> act) : IBackgroundWork
{
    /// <summary>Gets or sets when it wants to be called again.</summary>
    public int Interval { get; set; } = 1;

    public int Poll(int now)
    {
        act(now);
        return Interval;
    }
}
