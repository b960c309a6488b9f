// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Sends back what it gets, over connections and in datagrams, without waiting.
    /// </summary>
    internal sealed class EchoServer : IBackgroundWork
    {
        internal const int Port = 7;

        private readonly SocketLayer _sockets;
        private readonly byte[] _buffer = new byte[600];
        private readonly DatagramSource _source = new DatagramSource();
        private readonly int _listener;
        private readonly int _datagrams;
        private int _socket = -1;
        private int _held;

        internal EchoServer(TwoHosts hosts)
        {
            _sockets = hosts.Server.Sockets;
            _listener = hosts.Listen(Port, 2);
            _datagrams = _sockets.Socket(SocketType.Datagram);
            _sockets.Bind(_datagrams, Port);
        }

        /// <inheritdoc/>
        public int Poll(int now)
        {
            int length = _sockets.ReceiveFrom(_datagrams, _buffer, 0, _buffer.Length, _source);
            if (length >= 0)
            {
                _sockets.SendTo(_datagrams, _buffer, 0, length, _source.Address, _source.Port);
            }

            if (_socket < 0)
            {
                _socket = _sockets.Accept(_listener);
                return 0;
            }

            if (_held == 0)
            {
                _held = _sockets.Read(_socket, _buffer, 0, _buffer.Length);
            }

            if (_held > 0)
            {
                // the send queue of this test is never full
                _sockets.Write(_socket, _buffer, 0, _held);
                _held = 0;
            }
            else if (_held != (int)SocketError.WouldBlock)
            {
                End();
            }
            else
            {
                _held = 0;
            }

            return 0;
        }

        internal void Close()
        {
            End();
            _sockets.Close(_listener);
            _sockets.Close(_datagrams);
        }

        private void End()
        {
            _sockets.Close(_socket);
            _socket = -1;
            _held = 0;
        }
    }
}
