// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.PacketWay;

/// <summary>
/// Where the methods of a <see cref="TracedStack"/> report themselves. It is public because they call it; they are in an assembly
/// of which the one that the tests are compiled against knows nothing.
/// </summary>
public static class CallLog
{
    private static readonly List<int> s_entries = [];
    private static int s_depth;
    private static bool s_on;

    /// <summary>A method is entered.</summary>
    /// <param name="method">Its number.</param>
    public static void Enter(int method)
    {
        if (s_on)
        {
            s_entries.Add(method);
            s_entries.Add(s_depth);
        }

        s_depth++;
    }

    /// <summary>A method returns.</summary>
    public static void Leave() => s_depth--;

    /// <summary>Does something, and lists the methods that are entered meanwhile.</summary>
    /// <returns>For each call the method's number, and how many others were on their way.</returns>
    internal static int[] Record(Action action)
    {
        s_entries.Clear();
        s_depth = 0;
        s_on = true;
        action();
        s_on = false;
        return [.. s_entries];
    }
}
