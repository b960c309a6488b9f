// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;
using TcpIp;
using TcpIp.Sockets;

namespace Benchmarks;

/// <summary>100 kB between the board's stack and the client, either way, over a connection that is open already.</summary>
internal sealed class BulkTransfer(SocketLayer board, SocketLayer client, bool toBoard)
{
    private const int Port = 5001;
    private const int Total = 102_400;

    private readonly byte[] _buffer = new byte[1460];
    private int _listener = -1;
    private int _clientSocket = -1;
    private int _boardSocket = -1;
    private int _written;
    private int _read;

    /// <summary>Has the client connect; run it to its end before measuring.</summary>
    public void Open()
    {
        _listener = board.Socket();
        board.Bind(_listener, Port);
        board.Listen(_listener, 1);
        _clientSocket = client.Socket();
        client.Connect(_clientSocket, IPv4Address.Parse(Board.Address), Port);
    }

    public void Accept()
    {
        if (_boardSocket < 0)
        {
            _boardSocket = board.Accept(_listener);
        }
    }

    public void Begin()
    {
        _written = 0;
        _read = 0;
    }

    /// <summary>Writes and reads what there is room for, and what there is.</summary>
    public void Work()
    {
        Write(toBoard ? client : board, toBoard ? _clientSocket : _boardSocket);
        Read(toBoard ? board : client, toBoard ? _boardSocket : _clientSocket);
    }

    /// <summary>Throws if not all has arrived.</summary>
    public void Close()
    {
        if (_read != Total)
        {
            throw new InvalidOperationException($"{_read} of {Total} bytes have arrived");
        }

        client.Abort(_clientSocket);
        board.Abort(_boardSocket);
        board.Close(_listener);
    }

    private void Write(SocketLayer sockets, int socket)
    {
        int count;
        while (_written < Total && (count = sockets.Write(socket, _buffer, 0, Math.Min(_buffer.Length, Total - _written))) > 0)
        {
            _written += count;
        }
    }

    private void Read(SocketLayer sockets, int socket)
    {
        int count;
        while ((count = sockets.Read(socket, _buffer, 0, _buffer.Length)) > 0)
        {
            _read += count;
        }
    }
}
