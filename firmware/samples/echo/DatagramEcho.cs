// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using TcpIp.Sockets;

namespace Echo
{
    /// <summary>
    /// Echoes over UDP.
    /// </summary>
    internal sealed class DatagramEcho : IBackgroundWork
    {
        private const int LongestWait = 60000;
        private const int LongestDatagram = 1472;

        /// <summary>Ports below are those of services: two echo servers that were set on each other would never end.</summary>
        private const int FirstClientPort = 1024;

        private readonly SocketLayer _sockets;
        private readonly DatagramSource _source = new DatagramSource();
        private readonly byte[] _datagram = new byte[LongestDatagram];
        private readonly int _socket;

        internal DatagramEcho(SocketLayer sockets, int port)
        {
            _sockets = sockets;
            _socket = sockets.Socket(SocketType.Datagram);
            sockets.Bind(_socket, port);
        }

        /// <inheritdoc/>
        public int Poll(int now)
        {
            int length = _sockets.ReceiveFrom(_socket, _datagram, 0, LongestDatagram, _source);
            while (length != (int)SocketError.WouldBlock)
            {
                if (length >= 0 && _source.Port >= FirstClientPort && !_source.IsTruncated)
                {
                    // one that cannot leave is lost, as datagrams may be
                    _sockets.SendTo(_socket, _datagram, 0, length, _source.Address, _source.Port);
                }

                length = _sockets.ReceiveFrom(_socket, _datagram, 0, LongestDatagram, _source);
            }

            return LongestWait;
        }
    }
}
