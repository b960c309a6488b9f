// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>Waits for what other threads or the board have yet to do.</summary>
internal static class Eventually
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    public static bool Is(Func<bool> condition)
    {
        long start = Environment.TickCount64;
        while (!condition())
        {
            if (Environment.TickCount64 - start > s_limit.TotalMilliseconds)
            {
                return false;
            }

            Thread.Sleep(s_pause);
        }

        return true;
    }
}
