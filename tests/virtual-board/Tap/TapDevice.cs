// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.InteropServices;

namespace VirtualBoard.Tap;

/// <summary>
/// A network interface of the Linux kernel whose cable ends in this process: what the kernel sends is read here, what is written here the
/// kernel gets.
/// </summary>
public sealed class TapDevice : IDisposable
{
    private const string DevicePath = "/dev/net/tun";
    private const short TapWithoutHeader = 0x1002;

    private readonly int _descriptor;
    private int _closed;

    private TapDevice(int descriptor, string name)
    {
        _descriptor = descriptor;
        Name = name;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>Makes an interface, or takes one that exists and that this user may use.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="SetupException">It cannot be made.</exception>
    public static TapDevice Open(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!OperatingSystem.IsLinux())
        {
            throw new SetupException("TAP devices are there on Linux only. --forward works everywhere.");
        }

        if (FindFault(name) is string fault)
        {
            throw new SetupException(fault);
        }

        int descriptor = LinuxCalls.Open(DevicePath, LinuxCalls.ReadWrite | LinuxCalls.NonBlocking | LinuxCalls.CloseOnExec);
        if (descriptor < 0)
        {
            throw new SetupException(DescribeOpen(Marshal.GetLastPInvokeError()));
        }

        var request = new InterfaceRequest(name) { Flags = TapWithoutHeader };
        if (LinuxCalls.Control(descriptor, LinuxCalls.TunSetInterface, request.Bytes) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            LinuxCalls.Close(descriptor);
            throw new SetupException(DescribeAttach(name, error));
        }

        return new TapDevice(descriptor, request.Name);
    }

    /// <summary>Looks whether an interface can have a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Why not, or null.</returns>
    public static string? FindFault(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        bool isName = name.Length is > 0 and <= InterfaceRequest.LongestName
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
            && name is not "." and not "..";
        return isName ? null
            : $"'{name}' cannot be an interface's name. It has 1 to {InterfaceRequest.LongestName} letters and digits, such as tap0.";
    }

    /// <summary>Waits for a frame that the kernel sends.</summary>
    /// <returns>Its length without check sequence; 0 if none came in time; -1 if the device is gone.</returns>
    public int Read(Span<byte> buffer, int timeoutMs)
    {
        var request = new LinuxCalls.PollRequest { Descriptor = _descriptor, Events = LinuxCalls.PollIn };
        int ready = LinuxCalls.Poll(ref request, 1, timeoutMs);
        if (ready <= 0)
        {
            // also when a signal interrupted the wait
            return 0;
        }

        if ((request.Returned & LinuxCalls.PollIn) == 0)
        {
            return -1;
        }

        nint length = LinuxCalls.Read(_descriptor, ref MemoryMarshal.GetReference(buffer), buffer.Length);
        return length < 0 ? 0 : (int)length;
    }

    /// <summary>Hands a frame to the kernel.</summary>
    /// <returns>False if the kernel did not take it, for example because the interface is down.</returns>
    public bool Write(ReadOnlySpan<byte> frameWithoutFcs) =>
        LinuxCalls.Write(_descriptor, ref MemoryMarshal.GetReference(frameWithoutFcs), frameWithoutFcs.Length) == frameWithoutFcs.Length;

    /// <summary>Closes the device; an interface that was made here is gone. Nobody may be in <see cref="Read"/> or <see cref="Write"/>.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            LinuxCalls.Close(_descriptor);
        }
    }

    /// <summary>Says why the kernel's device could not be opened.</summary>
    /// <param name="error">The kernel's error number.</param>
    /// <returns>What to do, in one line.</returns>
    public static string DescribeOpen(int error) => error switch
    {
        LinuxCalls.NoEntry or LinuxCalls.NoDevice or LinuxCalls.NoDeviceOrAddress =>
            $"There is no {DevicePath}: load the kernel's module with 'sudo modprobe tun'. In a container, add --device {DevicePath}.",
        LinuxCalls.AccessDenied or LinuxCalls.NotPermitted => $"This user may not open {DevicePath}: run as root, or use --forward, which needs no privileges.",
        _ => $"{DevicePath} cannot be opened: {LinuxCalls.Describe(error)}.",
    };

    /// <summary>Says why the kernel would not make an interface.</summary>
    /// <param name="name">The interface's name.</param>
    /// <param name="error">The kernel's error number.</param>
    /// <returns>What to do, in one line.</returns>
    public static string DescribeAttach(string name, int error) => error switch
    {
        LinuxCalls.NotPermitted or LinuxCalls.AccessDenied =>
            $"This user may not make the interface {name}: run as root, have root make it with " +
            $"'ip tuntap add dev {name} mode tap user {Environment.UserName}', or use --forward, which needs no privileges.",
        LinuxCalls.Busy => $"Another program uses {name}. Choose another name.",
        LinuxCalls.Invalid => $"{name} exists already and is no TAP device. Choose another name.",
        _ => $"{name} cannot be made a TAP device: {LinuxCalls.Describe(error)}.",
    };
}
