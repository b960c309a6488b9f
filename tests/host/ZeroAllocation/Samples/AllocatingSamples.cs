// Licensed under the MIT license. See LICENSE in the repository root.

using System.Collections;
using System.Device.Spi;

namespace HostTests.ZeroAllocation.Samples;

/// <summary>Code that allocates on nanoCLR, each method in one way. It is read, not run.</summary>
internal static class AllocatingSamples
{
    private static object? s_object;
    private static int s_number;
    private static string s_text = "text";
    private static Func<int>? s_function;
    private static readonly TimeSpan s_time = new(1);

    public static void BoxesAnInt() => s_object = s_number;

    public static int HasAStructLocal()
    {
        Pair pair;
        pair.First = s_number;
        pair.Second = 2;
        return pair.First + pair.Second;
    }

    public static int TakesAStruct(Pair pair) => s_number;

    public static int TakesAStructByRef(ref Pair pair) => s_number;

    public static Pair ReturnsAStruct() => default;

    public static void ReadsAStructField() => s_object = s_time.Ticks > 0 ? null : s_object;

    public static int CopiesStructElements(Pair[] pairs) => pairs[0].First;

    public static void ConcatenatesStrings() => s_text = s_text + s_text;

    public static void UsesALiteral() => s_object = "literal";

    public static void FormatsANumber() => s_text = s_number.ToString();

    public static void MakesALambda() => s_function = () => s_number;

    public static void MakesAClosure(int captured) => s_function = () => captured;

    public static int CallsADelegate() => s_function!();

    public static void MakesADelegateOfAnAllocatingMethod() => s_function = AllocatesAnArray;

    public static int EnumeratesAnInterface(IEnumerable items)
    {
        int count = 0;
        foreach (object item in items)
        {
            count += item == s_object ? 1 : 0;
        }

        return count;
    }

    public static int PassesAParamsArray() => TakesParams(s_number, 2);

    public static void MakesAnArray() => s_object = new byte[16];

    public static void MakesAnArrayOfConstants() => s_object = new[] { 1, 2, 3, 4, 5, 6 };

    public static void MakesAnObject() => s_object = new object();

    public static void ThrowsAnException()
    {
        if (s_number > 0)
        {
            throw new InvalidOperationException();
        }
    }

    public static void ThrowsWhatWasMadeBefore(Exception made) => throw made;

    public static int UnboxesAnInt(object boxed) => (int)boxed;

    public static void NamesAType() => s_object = typeof(Pair);

    public static void CallsTheUnknown() => GC.Collect();

    public static bool TestsAFlagOfAnEnum(DayOfWeek day) => day.HasFlag(DayOfWeek.Friday);

    public static void MakesASpanByte(SpiDevice device, byte[] bytes) => device.Write(bytes);

    public static void WritesAByteToSpi(SpiDevice device) => device.WriteByte(1);

    public static decimal CalculatesWithDecimals(decimal value) => value + 1;

    public static IEnumerable<int> IsAnIterator()
    {
        yield return 1;
    }

    public static int CallsAGenericMethod() => Generic(s_number);

    public static void AllocatesOnTheStack() => UsesTheStack();

    public static void AllocatesThroughAnInterface(IWorker worker) => worker.Work();

    public static void AllocatesThroughABaseClass(WorkerBase worker) => worker.Work();

    public static void AllocatesInADefaultImplementation(IWorker worker) => worker.Rest();

    public static void AllocatesThroughAFrameworkType(object anything) => anything.Equals(anything);

    public static void AllocatesInAnAccessor(AllocatingWorker worker) => s_number = worker.Count;

    public static void AllocatesInAConstructor() => s_object = new AllocatingWorker();

    public static void AllocatesInAHandler()
    {
        try
        {
            s_number++;
        }
        catch (InvalidOperationException)
        {
            s_object = new byte[1];
        }
    }

    /// <summary>The array is two calls away one way and three the other; the shorter one is to be reported.</summary>
    public static void AllocatesFarAway()
    {
        Long();
        Short();
    }

    private static void Long() => Longer();

    private static void Longer() => Short();

    private static void Short() => s_number = AllocatesAnArray();

    private static int AllocatesAnArray() => new int[s_number].Length;

    private static int TakesParams(params int[] numbers) => numbers.Length;

    private static T Generic<T>(T value) => value;

    private static void UsesTheStack()
    {
        Span<byte> bytes = stackalloc byte[s_number];
        s_number = bytes.Length;
    }
}
