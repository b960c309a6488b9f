// Licensed under the MIT license. See LICENSE in the repository root.

namespace Benchmarks;

/// <summary>Instructions and calls, method by method.</summary>
/// <param name="Instructions">IL instructions begun.</param>
/// <param name="Calls">Calls begun in it, of whatever.</param>
/// <param name="Times">How often it was called itself; 0 for the libraries.</param>
internal sealed record IlCount(long[] Instructions, long[] Calls, long[] Times)
{
    public long Total => Instructions.Sum();

    /// <summary>Calls of methods of ours.</summary>
    public long OwnCalls => Times.Sum();

    /// <summary>Calls of libraries' methods, native ones among them, and those that these call in turn.</summary>
    public long LibraryCalls => Calls.Sum() - OwnCalls;

    public IlCount Plus(IlCount other, int times = 1)
    {
        return new IlCount(
            [.. Instructions.Zip(other.Instructions, (a, b) => a + (times * b))],
            [.. Calls.Zip(other.Calls, (a, b) => a + (times * b))],
            [.. Times.Zip(other.Times, (a, b) => a + (times * b))]);
    }

    public IlCount Minus(IlCount other) => Plus(other, -1);

    /// <summary>Instructions of the methods whose names begin so.</summary>
    public long Of(string prefix)
    {
        return Instructions.Where((_, i) => IlCounter.Methods[i].StartsWith(prefix, StringComparison.Ordinal)).Sum();
    }
}
