// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Net;
using System.Net.Sockets;

namespace HostTests.SystemNet.Peers;

/// <summary>Ports of this PC, for servers that the board is to find.</summary>
internal static class LocalPorts
{
    /// <summary>Finds one that nobody has.</summary>
    public static int Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Whether a server listens, asked from this PC.</summary>
    public static bool IsOpen(int port)
    {
        try
        {
            using TcpClient client = new("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>What our System.Net says when the board connects to a port of the PC; 0 if it can.</summary>
    public static int ErrorOfConnecting(int port)
    {
        try
        {
            using OurStream stream = new(SystemNetBoard.Pc, port);
            return 0;
        }
        catch (ours::System.Net.Sockets.SocketException failure)
        {
            return failure.ErrorCode;
        }
    }
}
