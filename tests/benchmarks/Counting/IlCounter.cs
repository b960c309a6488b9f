// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Firmware;

namespace Benchmarks;

/// <summary>
/// What instrumented assemblies call: three counts for each of their methods, and in place of the runtime's clock, sleep, console and
/// random numbers ones that are the same in every run. It is public because they see it from outside.
/// </summary>
public static class IlCounter
{
    /// <summary>IL instructions begun, by method.</summary>
    public static long[] Instructions = [];

    /// <summary>Calls begun, by method that calls.</summary>
    public static long[] Calls = [];

    /// <summary>How often it was called, by method.</summary>
    public static long[] Times = [];

    private static long[] s_instructions = [];
    private static long[] s_calls = [];
    private static long[] s_times = [];
    private static long[] s_ignoredInstructions = [];
    private static long[] s_ignoredCalls = [];
    private static long[] s_ignoredTimes = [];

    /// <summary>Methods that are counted, "part type.method"; the same order as the counts.</summary>
    internal static string[] Methods { get; private set; } = [];

    /// <summary>Where the firmware runs that is being counted.</summary>
    internal static FirmwareThread? Firmware { get; set; }

    /// <summary>Gets ready to count.</summary>
    /// <param name="methods">The methods.</param>
    public static void Begin(string[] methods)
    {
        ArgumentNullException.ThrowIfNull(methods);
        Methods = methods;
        s_instructions = new long[methods.Length];
        s_calls = new long[methods.Length];
        s_times = new long[methods.Length];
        s_ignoredInstructions = new long[methods.Length];
        s_ignoredCalls = new long[methods.Length];
        s_ignoredTimes = new long[methods.Length];
        Stop();
    }

    /// <summary>The time on the board, in place of the runtime's.</summary>
    public static long TickCount64() => Firmware!.Now;

    /// <summary>A date that does not move: the firmware only stirs it into random numbers.</summary>
    public static DateTime UtcNow() => DateTime.UnixEpoch;

    /// <summary>Ends a turn of the firmware's loop.</summary>
    /// <param name="milliseconds">How long it would sleep.</param>
    public static void Sleep(int milliseconds) => Firmware!.EndTurn(milliseconds);

    /// <summary>The board's console is not looked at.</summary>
    /// <param name="text">What it says.</param>
    public static void WriteLine(string text)
    {
    }

    /// <summary>What nanoCLR's own counter tells the tests for the device, of which only the instructions are known here.</summary>
    /// <param name="into">Instructions, objects, bytes.</param>
    public static void NanoCount(long[] into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into[0] = s_instructions.Sum();
    }

    /// <summary>How the board of the next <see cref="MakeApplication"/> comes by its address.</summary>
    public static AddressMode Mode { get; set; } = AddressMode.Static;

    /// <summary>Makes the application that the firmware runs.</summary>
    /// <param name="spi">The chip's bus.</param>
    public static Application MakeApplication(SpiDevice spi) => Firmware!.Application = new Application(spi, new Random(28), Mode);

    /// <summary>Counts from here on.</summary>
    internal static void Start() => (Instructions, Calls, Times) = (s_instructions, s_calls, s_times);

    /// <summary>What runs from here on is not the board's.</summary>
    internal static void Stop() => (Instructions, Calls, Times) = (s_ignoredInstructions, s_ignoredCalls, s_ignoredTimes);

    /// <summary>All that was counted so far.</summary>
    internal static IlCount Snapshot() => new((long[])s_instructions.Clone(), (long[])s_calls.Clone(), (long[])s_times.Clone());
}
