// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Firmware;
using TcpIp;
using TcpIp.Sockets;

namespace Benchmarks;

/// <summary>A client that asks for the page: socket, connect, write, read to the end, close.</summary>
internal sealed class PageRequest(SocketLayer sockets)
{
    private static readonly byte[] s_request = Encoding.ASCII.GetBytes(
        $"GET / HTTP/1.1\r\nHost: {Board.Address}\r\nUser-Agent: curl/8.0.0\r\nAccept: */*\r\n\r\n");

    private readonly byte[] _buffer = new byte[4096];
    private int _socket = -1;
    private bool _written;

    /// <summary>Bytes of the last answer.</summary>
    public int Received { get; private set; }

    public void Begin()
    {
        _socket = sockets.Socket();
        sockets.Connect(_socket, IPv4Address.Parse(Board.Address), Board.HttpPort);
        sockets.SetNoDelay(_socket, true);
        _written = false;
        Received = 0;
    }

    public void Work()
    {
        if (_socket < 0)
        {
            return;
        }

        if (!_written)
        {
            _written = sockets.Write(_socket, s_request, 0, s_request.Length) > 0;
        }

        int count;
        while ((count = sockets.Read(_socket, _buffer, 0, _buffer.Length)) > 0)
        {
            Received += count;
        }

        if (count == 0)
        {
            sockets.Close(_socket);
            _socket = -1;
        }
    }
}
