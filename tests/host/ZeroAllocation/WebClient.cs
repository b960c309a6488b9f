// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Sockets;

namespace HostTests.ZeroAllocation;

/// <summary>A web client on a stack's sockets that asks for a page again and again: connect, write, read to the end, close.</summary>
internal sealed class WebClient(SocketLayer sockets, uint address, int port, string request)
{
    private readonly byte[] _request = Encoding.Latin1.GetBytes(request);
    private readonly byte[] _buffer = new byte[700];
    private readonly byte[] _status = "HTTP/1.1 200 "u8.ToArray();
    private int _socket = -1;
    private int _written;
    private int _received;
    private bool _isStatusRight;

    /// <summary>Gets the number of answers that began as they should and were read to their end.</summary>
    public int Pages { get; private set; }

    /// <summary>Gets the number of requests that went wrong in any way.</summary>
    public int Failures { get; private set; }

    /// <summary>Gets the last thing that went wrong.</summary>
    public SocketError LastError { get; private set; }

    /// <summary>Gets the bytes of the last whole answer.</summary>
    public int LastLength { get; private set; }

    /// <summary>Does what can be done now.</summary>
    public void Step()
    {
        if (_socket < 0)
        {
            Open();
            return;
        }

        if (_written < _request.Length)
        {
            int written = sockets.Write(_socket, _request, _written, _request.Length - _written);
            if (written > 0)
            {
                _written += written;
            }
            else if (!IsTemporary(written))
            {
                Fail(written);
            }

            return;
        }

        int read = sockets.Read(_socket, _buffer, 0, _buffer.Length);
        if (read > 0)
        {
            if (_received == 0)
            {
                _isStatusRight = read >= _status.Length && _buffer.AsSpan(0, _status.Length).SequenceEqual(_status);
            }

            _received += read;
        }
        else if (read == 0)
        {
            Finish();
        }
        else if (read != (int)SocketError.WouldBlock)
        {
            Fail(read);
        }
    }

    private static bool IsTemporary(int error) =>
        error is (int)SocketError.InProgress or (int)SocketError.WouldBlock or (int)SocketError.NoBufferSpace;

    private void Open()
    {
        int socket = sockets.Socket();
        if (socket < 0)
        {
            // all are in TIME-WAIT or still closing: later
            return;
        }

        _socket = socket;
        _written = 0;
        _received = 0;
        int result = sockets.Connect(socket, address, port);
        if (result != (int)SocketError.InProgress)
        {
            Fail(result);
        }
    }

    private void Finish()
    {
        if (_isStatusRight)
        {
            Pages++;
            LastLength = _received;
        }
        else
        {
            Failures++;
        }

        sockets.Close(_socket);
        _socket = -1;
    }

    private void Fail(int error)
    {
        Failures++;
        LastError = (SocketError)error;
        sockets.Abort(_socket);
        _socket = -1;
    }
}
