// Licensed under the MIT license. See LICENSE in the repository root.

using System.Numerics;
using System.Runtime.InteropServices;
using TcpIp;

namespace VirtualBoard.Tap;

/// <summary>Gives an interface an address and sets it up, as <c>ip addr add</c> and <c>ip link set up</c> do.</summary>
public static class InterfaceSetup
{
    private const short Up = 1;

    /// <summary>The commands that do the same.</summary>
    public static IReadOnlyList<string> Commands(string name, uint address, uint netmask) =>
    [
        $"ip addr add {IPv4Address.ToString(address)}/{BitOperations.PopCount(netmask)} dev {name}",
        $"ip link set {name} up",
    ];

    /// <summary>Sets the interface up with the address, unless it is already.</summary>
    /// <returns>False if that is not allowed.</returns>
    public static bool TryApply(string name, uint address, uint netmask)
    {
        int socket = LinuxCalls.Socket(LinuxCalls.InternetFamily, LinuxCalls.DatagramSocket | LinuxCalls.CloseOnExec, 0);
        if (socket < 0)
        {
            throw new SetupException($"No socket to set up {name} with: {LinuxCalls.Describe(Marshal.GetLastPInvokeError())}.");
        }

        try
        {
            return IsDone(socket, name, address)
                || (Set(socket, LinuxCalls.SetAddress, name, address) && Set(socket, LinuxCalls.SetNetmask, name, netmask) && SetUp(socket, name));
        }
        finally
        {
            LinuxCalls.Close(socket);
        }
    }

    private static bool IsDone(int socket, string name, uint address)
    {
        var current = new InterfaceRequest(name);
        var flags = new InterfaceRequest(name);
        return LinuxCalls.Control(socket, LinuxCalls.GetAddress, current.Bytes) >= 0
            && current.Address == address
            && LinuxCalls.Control(socket, LinuxCalls.GetFlags, flags.Bytes) >= 0
            && (flags.Flags & Up) != 0;
    }

    private static bool Set(int socket, int what, string name, uint address)
    {
        var request = new InterfaceRequest(name) { Address = address };
        return Call(socket, what, name, request);
    }

    private static bool SetUp(int socket, string name)
    {
        var request = new InterfaceRequest(name);
        if (!Call(socket, LinuxCalls.GetFlags, name, request))
        {
            return false;
        }

        request.Flags |= Up;
        return Call(socket, LinuxCalls.SetFlags, name, request);
    }

    private static bool Call(int socket, int what, string name, InterfaceRequest request)
    {
        if (LinuxCalls.Control(socket, (nuint)what, request.Bytes) >= 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error is LinuxCalls.NotPermitted or LinuxCalls.AccessDenied
            ? false
            : throw new SetupException($"{name} cannot be set up: {LinuxCalls.Describe(error)}.");
    }
}
