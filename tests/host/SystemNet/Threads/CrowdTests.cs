// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil.Cil;
using Xunit.Abstractions;

namespace HostTests.SystemNet.Threads;

/// <summary>
/// Sockets and streams that many threads use as they like: nobody waits for ever, each wait ends in its time, nothing is left behind, and sending,
/// receiving and polling make no object. A seed that fails fails again.
/// </summary>
public sealed class CrowdTests(ITestOutputHelper output)
{
    private static readonly Lazy<InstrumentedAssemblies> s_copy =
        new(() => new InstrumentedAssemblies(code => code == OpCodes.Newobj || code == OpCodes.Newarr || code == OpCodes.Box));

    public static TheoryData<uint> Seeds => [.. Enumerable.Range(1, 24).Select(i => (uint)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_threads_do_nobody_waits_for_ever_and_nothing_is_left(uint seed)
    {
        long[] score = Play(seed);
        output.WriteLine($"{score[0]} turns, {score[1]} frames, {score[2]} calls done, {score[3]} refused");
        Assert.InRange(score[0], 500, long.MaxValue);
        Assert.InRange(score[1], 5, long.MaxValue);
        Assert.InRange(score[2], 50, long.MaxValue);
        Assert.Equal(0, score[4]);
    }

    [Fact]
    public void The_same_seed_plays_the_same_way() => Assert.Equal(Play(77), Play(77));

    private static long[] Play(uint seed) => (long[])s_copy.Value.Call(typeof(CrowdPlay), nameof(CrowdPlay.Play), seed)!;
}
