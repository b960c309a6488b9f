// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.InteropServices;

namespace VirtualBoard.Tap;

/// <summary>The system calls that a TAP device needs. Numbers are those of Linux on x86 and ARM.</summary>
internal static class LinuxCalls
{
    public const int ReadWrite = 2;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    public const int InternetFamily = 2;
    public const int DatagramSocket = 2;
    public const short PollIn = 1;

    public const int TunSetInterface = 0x400454CA;
    public const int GetFlags = 0x8913;
    public const int SetFlags = 0x8914;
    public const int GetAddress = 0x8915;
    public const int SetAddress = 0x8916;
    public const int SetNetmask = 0x891C;

    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoDevice = 19;
    public const int NoDeviceOrAddress = 6;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int Invalid = 22;

    private const string Library = "libc";

    [DllImport(Library, EntryPoint = "open", SetLastError = true)]
    public static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport(Library, EntryPoint = "close", SetLastError = true)]
    public static extern int Close(int descriptor);

    // The third argument is variadic in C. Passed like this it is right on all Linux ABIs; only Apple's ARM differs.
    [DllImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static extern int Control(int descriptor, nuint request, byte[] argument);

    [DllImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static extern int Socket(int family, int type, int protocol);

    [DllImport(Library, EntryPoint = "read", SetLastError = true)]
    public static extern nint Read(int descriptor, ref byte buffer, nint count);

    [DllImport(Library, EntryPoint = "write", SetLastError = true)]
    public static extern nint Write(int descriptor, ref readonly byte buffer, nint count);

    [DllImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static extern int Poll(ref PollRequest requests, nuint count, int timeoutMs);

    /// <summary>What an errno means, in words.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
