// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>
/// What this thread had allocated at a moment. A collection that another test causes takes the thread's allocation buffer away, and
/// .NET then counts what was left of it, up to 8 kB, as allocated: a span in which there was one tells nothing.
/// </summary>
internal readonly struct AllocationMark
{
    private readonly long _bytes;
    private readonly int _collections;

    private AllocationMark(long bytes, int collections)
    {
        _bytes = bytes;
        _collections = collections;
    }

    public static AllocationMark Now() => new(GC.GetAllocatedBytesForCurrentThread(), Collections());

    /// <summary>Bytes since then, or 0 if there was a collection and so nobody can tell.</summary>
    public long Since()
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread() - _bytes;
        return Collections() == _collections ? bytes : 0;
    }

    private static int Collections() => GC.CollectionCount(0) + GC.CollectionCount(1) + GC.CollectionCount(2);
}
