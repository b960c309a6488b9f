// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.ZeroAllocation;

/// <summary>Counts what this thread allocates on .NET.</summary>
internal static class AllocatedBytes
{
    /// <summary>
    /// Runs an action to warm up, since .NET compiles methods and makes statics when they are first used, and then again, counted.
    /// </summary>
    /// <param name="run">Does something so many times.</param>
    /// <param name="warmUp">How many times before counting.</param>
    /// <param name="counted">How many times while counting.</param>
    /// <returns>Bytes allocated on this thread while counting.</returns>
    public static long Of(Action<int> run, int warmUp, int counted)
    {
        run(warmUp);

        // .NET counts what is left of the thread's allocation buffer, up to 8 kB, as allocated when a background collection that another
        // test causes takes the buffer away. A full collection takes it beforehand, and who allocates nothing gets no new one.
        GC.Collect();
        long before = GC.GetAllocatedBytesForCurrentThread();
        run(counted);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
