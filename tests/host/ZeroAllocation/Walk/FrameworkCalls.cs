// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>
/// The framework methods that are known to allocate nothing on nanoCLR. "Measured" means counted on nanoCLR itself (v1 line, its host
/// build, with a counter for heap objects): 0 objects for the call.
/// </summary>
internal static class FrameworkCalls
{
    private static readonly Dictionary<string, string> s_allowed = new()
    {
        ["System.Void System.Object::.ctor()"] =
            "does nothing; the newobj before it is what is refused",
        ["System.Void System.Array::Copy(System.Array,System.Int32,System.Array,System.Int32,System.Int32)"] =
            "native; measured",
        ["System.Void System.Array::Copy(System.Array,System.Array,System.Int32)"] =
            "calls the other overload; measured",
        ["System.Void System.Array::Clear(System.Array,System.Int32,System.Int32)"] =
            "native; measured",
        ["System.Int32 System.Array::get_Length()"] =
            "the ldlen instruction in another form",
        ["System.Void System.Device.Spi.SpiDevice::Write(System.UInt16[])"] =
            "measured: 9 IL, no SpanByte is made",
        ["System.Void System.Device.Spi.SpiDevice::TransferFullDuplex(System.UInt16[],System.UInt16[])"] =
            "measured: 17 IL, no SpanByte is made",
        ["System.Void System.Device.Gpio.GpioPin::Toggle()"] =
            "native; neither a PinValue nor anything else is handed over",
        ["System.Int32 System.String::get_Length()"] =
            "native, counts the characters where they lie; read in its source",
        ["System.Char System.String::get_Chars(System.Int32)"] =
            "native, finds the character where it lies; read in its source",
        ["System.Int64 System.Environment::get_TickCount64()"] =
            "native; measured",
        ["System.DateTime System.DateTime::get_UtcNow()"] =
            "native; measured",
        ["System.Int64 System.DateTime::get_Ticks()"] =
            "arithmetic on 64 bits; measured",
        ["System.Void System.Console::Write(System.String)"] =
            "native: the text goes out as it lies",
        ["System.Void System.Console::WriteLine(System.String)"] =
            "native, likewise",
        ["System.Int32 System.Random::Next()"] =
            "native, the generator's state was made by its constructor; measured",
        ["System.Int32 System.Random::Next(System.Int32)"] =
            "native, the generator's state was made by its constructor; measured",
        ["System.Void System.Threading.Thread::Sleep(System.Int32)"] =
            "native, a wait without an object; measured",
        ["System.Boolean System.Threading.WaitHandle::WaitOne(System.Int32,System.Boolean)"] =
            "native, a wait without an object; measured",
        ["System.Void System.Threading.Monitor::Enter(System.Object)"] =
            "native: a lock lives in a recycled event node; measured",
        ["System.Void System.Threading.Monitor::Exit(System.Object)"] =
            "native, likewise",
        ["System.Boolean System.Threading.EventWaitHandle::Set()"] =
            "native; measured (on the device it is a method of AutoResetEvent)",
        ["System.Boolean System.Threading.AutoResetEvent::Set()"] =
            "native; measured",
        ["System.Boolean System.Threading.EventWaitHandle::Reset()"] =
            "native; measured (on the device it is a method of AutoResetEvent)",
        ["System.Boolean System.Threading.AutoResetEvent::Reset()"] =
            "native; measured",
    };

    /// <summary>Gets the methods and why each may be called.</summary>
    public static IReadOnlyDictionary<string, string> Allowed => s_allowed;

    /// <summary>Whether a method is known to allocate nothing.</summary>
    public static bool IsAllowed(MethodDefinition method) => s_allowed.ContainsKey(method.FullName);
}
