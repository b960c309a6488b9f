// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.InteropServices;

namespace HostTests.EndToEnd;

/// <summary>A named pipe, made without the program of that name: it may be missing where the SDK is.</summary>
internal static class Fifo
{
    private const uint OwnerReadsAndWrites = 6 << 6;

    public static void Make(string path) => Assert.True(MakeFifo(path, OwnerReadsAndWrites) == 0, $"{path}: error {Marshal.GetLastPInvokeError()}");

    [DllImport("libc", EntryPoint = "mkfifo", SetLastError = true)]
    private static extern int MakeFifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);
}
