// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.ZeroAllocation.Samples;
using HostTests.ZeroAllocation.Walk;
using Mono.Cecil;

namespace HostTests.ZeroAllocation;

/// <summary>That the proof can fail: the walker finds each kind of allocation in a sample, and nothing where there is none.</summary>
public sealed class AllocationWalkerTests : IDisposable
{
    private readonly AssemblySet _assemblies = AssemblySet.Load([typeof(AllocationWalkerTests).Assembly.Location]);

    /// <summary>Each sample, what must be reported, and the method that it must be reported in.</summary>
    public static TheoryData<string, string, string> Allocating => new()
    {
        { nameof(AllocatingSamples.BoxesAnInt), "boxes System.Int32", "" },
        { nameof(AllocatingSamples.HasAStructLocal), "local of struct ", "" },
        { nameof(AllocatingSamples.TakesAStruct), "parameter of struct ", "" },
        { nameof(AllocatingSamples.TakesAStructByRef), "parameter of struct ", "" },
        { nameof(AllocatingSamples.ReturnsAStruct), "result of struct ", "" },
        { nameof(AllocatingSamples.ReturnsAStruct), "initobj ", "" },
        { nameof(AllocatingSamples.ReadsAStructField), "field of struct System.TimeSpan", "" },
        { nameof(AllocatingSamples.CopiesStructElements), "handles a value of struct ", "" },
        { nameof(AllocatingSamples.ConcatenatesStrings), "string method Concat", "" },
        { nameof(AllocatingSamples.UsesALiteral), "string literal \"literal\"", "" },
        { nameof(AllocatingSamples.FormatsANumber), "not known to be free: System.String System.Int32::ToString()", "" },
        { nameof(AllocatingSamples.MakesALambda), "new delegate System.Func`1<System.Int32>", "" },
        { nameof(AllocatingSamples.MakesAClosure), "new HostTests.ZeroAllocation.Samples.AllocatingSamples/<>c__DisplayClass", "" },
        { nameof(AllocatingSamples.CallsADelegate), "call of delegate ", "" },
        { nameof(AllocatingSamples.MakesADelegateOfAnAllocatingMethod), "new array of System.Int32", "AllocatesAnArray" },
        { nameof(AllocatingSamples.EnumeratesAnInterface), "System.Collections.IEnumerable::GetEnumerator()", "" },
        { nameof(AllocatingSamples.PassesAParamsArray), "new array of System.Int32", "" },
        { nameof(AllocatingSamples.MakesAnArray), "new array of System.Byte", "" },
        { nameof(AllocatingSamples.MakesAnArrayOfConstants), "ldtoken ", "" },
        { nameof(AllocatingSamples.MakesAnObject), "new System.Object", "" },
        { nameof(AllocatingSamples.ThrowsAnException), "new System.InvalidOperationException", "" },
        { nameof(AllocatingSamples.ThrowsAnException), "throws", "" },
        { nameof(AllocatingSamples.ThrowsWhatWasMadeBefore), "throws", "" },
        { nameof(AllocatingSamples.UnboxesAnInt), "unboxes System.Int32", "" },
        { nameof(AllocatingSamples.NamesAType), "ldtoken ", "" },
        { nameof(AllocatingSamples.CallsTheUnknown), "not known to be free: System.Void System.GC::Collect()", "" },
        { nameof(AllocatingSamples.TestsAFlagOfAnEnum), "boxes System.DayOfWeek", "" },
        { nameof(AllocatingSamples.MakesASpanByte), "System.Device.Spi.SpiDevice::Write(System.SpanByte)", "" },
        { nameof(AllocatingSamples.WritesAByteToSpi), "System.Device.Spi.SpiDevice::WriteByte(System.Byte)", "" },
        { nameof(AllocatingSamples.CalculatesWithDecimals), "parameter of struct System.Decimal", "" },
        { nameof(AllocatingSamples.IsAnIterator), "new HostTests.ZeroAllocation.Samples.AllocatingSamples/<IsAnIterator>", "" },
        { nameof(AllocatingSamples.CallsAGenericMethod), "call of generic ", "" },
        { nameof(AllocatingSamples.AllocatesOnTheStack), "stackalloc", "UsesTheStack" },
        { nameof(AllocatingSamples.AllocatesThroughAnInterface), "new array of System.Int32", "IWorker.Work" },
        { nameof(AllocatingSamples.AllocatesThroughABaseClass), "new array of System.Int32", "AllocatingWorker::Work" },
        { nameof(AllocatingSamples.AllocatesInADefaultImplementation), "new array of System.Int32", "IWorker::Rest" },
        { nameof(AllocatingSamples.AllocatesThroughAFrameworkType), "new array of System.Int32", "AllocatingWorker::Equals" },
        { nameof(AllocatingSamples.AllocatesInAnAccessor), "new array of System.Int32", "AllocatingWorker::get_Count" },
        { nameof(AllocatingSamples.AllocatesInAConstructor), "new HostTests.ZeroAllocation.Samples.AllocatingWorker", "" },
        { nameof(AllocatingSamples.AllocatesInAHandler), "new array of System.Byte", "" },
        { nameof(AllocatingSamples.AllocatesFarAway), "new array of System.Int32", "AllocatesAnArray" },
    };

    public void Dispose() => _assemblies.Dispose();

    [Theory]
    [MemberData(nameof(Allocating))]
    public void An_allocation_is_found(string sample, string what, string where)
    {
        WalkResult result = Walk(typeof(AllocatingSamples), sample);
        string method = where.Length == 0 ? "::" + sample : where;
        Assert.Contains(result.Violations, v => v.What.Contains(what) && v.Method.EndsWith(method, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_sample_is_tested()
    {
        string[] samples = typeof(AllocatingSamples).GetMethods().Where(m => m.IsStatic).Select(m => m.Name).ToArray();
        Assert.Empty(samples.Except(Allocating.Select(row => (string)row[0])));
        Assert.NotEmpty(samples);
    }

    [Fact]
    public void Clean_code_passes()
    {
        WalkResult result = Walk(typeof(CleanSamples), nameof(CleanSamples.Everything));
        Assert.Empty(result.Violations.Select(v => v.ToString()));
        Assert.Empty(result.OpenCalls);
        Assert.True(result.HasReached(typeof(CleanWorker).FullName + "::" + nameof(CleanWorker.Work)));
        Assert.Equal(1, result.TryBlocks);
        Assert.Equal(4, result.AllowedCalls.Count);
    }

    [Fact]
    public void The_shortest_chain_is_reported()
    {
        Violation violation = Walk(typeof(AllocatingSamples), nameof(AllocatingSamples.AllocatesFarAway)).Violations
            .Single(v => v.What == "new array of System.Int32");
        string[] lines = violation.ToString().Split('\n').Select(line => line.Trim()).ToArray();
        string type = typeof(AllocatingSamples).FullName!;
        Assert.Equal([type + "::AllocatesFarAway", type + "::Short", type + "::AllocatesAnArray"], lines[..3]);
        Assert.Matches(@"^IL_[0-9a-f]{4} \(AllocatingSamples\.cs:\d+\): new array of System\.Int32$", lines[3]);
        Assert.Equal(4, lines.Length);
    }

    [Fact]
    public void A_chain_names_the_slot_that_was_called()
    {
        Violation violation = Walk(typeof(AllocatingSamples), nameof(AllocatingSamples.AllocatesThroughABaseClass)).Violations.Single();
        Assert.Contains("AllocatingWorker::Work   (called as HostTests.ZeroAllocation.Samples.WorkerBase::Work)", violation.ToString());
    }

    [Fact]
    public void A_call_that_nobody_implements_is_reported()
    {
        WalkResult result = Walk(typeof(AbsentWorkerCaller), nameof(AbsentWorkerCaller.Call));
        Assert.Equal([typeof(IAbsentWorker).FullName + "::Work"], result.OpenCalls);
    }

    [Fact]
    public void A_barrier_hides_what_is_behind_it()
    {
        MethodDefinition[] entry = Entry(typeof(AllocatingSamples), nameof(AllocatingSamples.AllocatesFarAway));
        Assert.Empty(AllocationWalker.Walk(_assemblies, entry, m => m.Name == "AllocatesAnArray").Violations);
    }

    [Fact]
    public void Every_allowed_call_has_a_reason() => Assert.DoesNotContain(FrameworkCalls.Allowed, entry => entry.Value.Length < 10);

    private MethodDefinition[] Entry(Type type, string method) => [.. EntryPoints.Find(_assemblies, type.FullName!, method)];

    private WalkResult Walk(Type type, string method) => AllocationWalker.Walk(_assemblies, Entry(type, method));
}
