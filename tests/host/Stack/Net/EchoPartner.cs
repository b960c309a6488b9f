// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Net;

/// <summary>A server at the other end that sends back what it gets, over connections and in datagrams. It allocates nothing when it works.</summary>
internal sealed class EchoPartner : IBackgroundWork
{
    private readonly SocketLayer _sockets;
    private readonly int _listener;
    private readonly int _datagrams;
    private readonly byte[] _buffer = new byte[3000];
    private readonly DatagramSource _source = new();
    private int _socket = -1;
    private int _held;
    private int _sent;

    public EchoPartner(WaitingNetwork network, int port = 7)
    {
        _sockets = network.Theirs.Sockets;
        _listener = network.TheirListener(port);
        _datagrams = _sockets.Socket(SocketType.Datagram);
        _sockets.Bind(_datagrams, port);
    }

    /// <summary>Gets the number of connections served to their end.</summary>
    public int Served { get; private set; }

    public int Poll(int now)
    {
        int length = _sockets.ReceiveFrom(_datagrams, _buffer, 0, _buffer.Length, _source);
        if (length >= 0)
        {
            _sockets.SendTo(_datagrams, _buffer, 0, length, _source.Address, _source.Port);
            return 0;
        }

        if (_socket < 0)
        {
            _socket = _sockets.Accept(_listener);
            _held = 0;
            _sent = 0;
            return 0;
        }

        if (_sent == _held)
        {
            _sent = 0;
            _held = _sockets.Read(_socket, _buffer, 0, 600);
            if (_held <= 0)
            {
                if (_held != (int)SocketError.WouldBlock)
                {
                    _sockets.Close(_socket);
                    _socket = -1;
                    Served++;
                }

                _held = 0;
                return 0;
            }
        }

        int written = _sockets.Write(_socket, _buffer, _sent, _held - _sent);
        _sent += written > 0 ? written : 0;
        return 0;
    }
}
