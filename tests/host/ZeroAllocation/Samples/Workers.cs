// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.ZeroAllocation.Samples;

/// <summary>A struct, which nanoCLR puts on the heap.</summary>
internal struct Pair
{
    public int First;
    public int Second;
}

/// <summary>Implemented by one that allocates and one that does not.</summary>
internal interface IWorker
{
    int Work();

    int Rest() => new int[1].Length;
}

/// <summary>Implemented only by one that does not allocate.</summary>
internal interface IQuietWorker
{
    int Work();
}

/// <summary>Implemented by nobody.</summary>
internal interface IAbsentWorker
{
    int Work();
}

/// <summary>A base class whose own method is clean.</summary>
internal class WorkerBase
{
    public virtual int Work() => 1;
}

/// <summary>Allocates, but only in what it overrides and implements.</summary>
internal class AllocatingWorker : WorkerBase, IWorker
{
    private int[] _numbers = [];

    public int Count => (_numbers = new int[3]).Length;

    public override int Work() => (_numbers = new int[2]).Length;

    int IWorker.Work() => (_numbers = new int[4]).Length;

    public override bool Equals(object? obj) => new int[5].Length == 5;

    public override int GetHashCode() => 1;
}

/// <summary>Does not allocate after it was made.</summary>
internal sealed class CleanWorker : IQuietWorker
{
    private readonly int[] _numbers = new int[3];

    public int Count => _numbers.Length;

    public int Work() => _numbers[1]++;
}

/// <summary>Calls what nobody implements.</summary>
internal static class AbsentWorkerCaller
{
    public static int Call(IAbsentWorker worker) => worker.Work();
}
