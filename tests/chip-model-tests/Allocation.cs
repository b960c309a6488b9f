// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

/// <summary>Measures what a piece of steady-state code allocates.</summary>
internal static class Allocation
{
    private const int Batches = 8;

    /// <summary>
    /// Fewest bytes that the thread allocated in one of several runs. A collection that another test causes during a run makes the runtime book the rest of the
    /// thread's allocation block on it; code that allocates does so in every run.
    /// </summary>
    public static long Fewest(Action run)
    {
        run();
        long fewest = long.MaxValue;
        for (int i = 0; i < Batches; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            run();
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return fewest;
    }
}
