// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using TcpIp.Sockets;

namespace VirtualBoard.Commands;

/// <summary>The board's sockets in one line, as netstat would list them.</summary>
internal static class SocketList
{
    /// <summary>Lists them.</summary>
    public static string Of(SocketLayer sockets)
    {
        SocketStatus status = new();
        List<string> rows = [];
        for (int i = 0; i < sockets.RowCount; i++)
        {
            if (sockets.GetStatus(i, status))
            {
                rows.Add(Describe(status));
            }
        }

        return rows.Count == 0 ? "none" : string.Join("; ", rows);
    }

    private static string Describe(SocketStatus status)
    {
        string type = status.Type switch { SocketType.Stream => "tcp", SocketType.Datagram => "udp", _ => "icmp" };
        string peer = status.RemotePort == 0 ? "*" : $"{IPv4Address.ToString(status.RemoteAddress)}:{status.RemotePort}";
        string state = status.Type == SocketType.Stream ? " " + status.State : string.Empty;
        return $"{type} {status.LocalPort} {peer}{state} {status.ReceiveQueueBytes}/{status.SendQueueBytes}";
    }
}
