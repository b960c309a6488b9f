// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using TcpIp.Sockets;

namespace Echo
{
    /// <summary>
    /// Echoes over TCP: a server of several clients that never waits. What has been read was written: nothing is kept in between.
    /// </summary>
    internal sealed class StreamEcho : IBackgroundWork
    {
        private const int None = -1;
        private const int LongestWait = 60000;

        /// <summary>Milliseconds of silence after which a client is probed, and so noticed if it is gone.</summary>
        private const int KeepAlive = 60000;

        /// <summary>Milliseconds of silence after which a client gives way if another one waits.</summary>
        private const int Patience = 5000;

        private readonly SocketLayer _sockets;
        private readonly ReceivedView _view = new ReceivedView();
        private readonly byte[] _piece = new byte[512];
        private readonly int[] _clients;
        private readonly int[] _heardAt;
        private readonly int _listener;

        internal StreamEcho(SocketLayer sockets, int port, int clients)
        {
            _sockets = sockets;
            _clients = new int[clients];
            _heardAt = new int[clients];
            for (int i = 0; i < clients; i++)
            {
                _clients[i] = None;
            }

            _listener = sockets.Socket();
            sockets.Bind(_listener, port);
            sockets.Listen(_listener, clients);
        }

        /// <inheritdoc/>
        public int Poll(int now)
        {
            for (int i = 0; i < _clients.Length; i++)
            {
                if (_clients[i] != None)
                {
                    Serve(i, now);
                }
            }

            for (int i = 0; i < _clients.Length; i++)
            {
                if (_clients[i] == None)
                {
                    Accept(i, now);
                }
            }

            return _sockets.GetAvailable(_listener) > 0 ? MakePlace(now) : LongestWait;
        }

        private void Accept(int place, int now)
        {
            int client = _sockets.Accept(_listener);
            if (client >= 0)
            {
                _clients[place] = client;
                _heardAt[place] = now;
                _sockets.SetKeepAlive(client, KeepAlive);
                Serve(place, now);
            }
        }

        /// <summary>
        /// Sends back what has come, as far as there is room for it.
        /// </summary>
        private void Serve(int place, int now)
        {
            int client = _clients[place];
            int count = _sockets.Peek(client, _view);
            while (count > 0)
            {
                _view.CopyTo(0, _piece, 0, count < _piece.Length ? count : _piece.Length);
                int written = _sockets.Write(client, _piece, 0, count < _piece.Length ? count : _piece.Length);
                if (written <= 0)
                {
                    count = written;
                    break;
                }

                _heardAt[place] = now;
                _sockets.Consume(client, written);
                count = _sockets.Peek(client, _view);
            }

            if (count == (int)SocketError.WouldBlock || count == (int)SocketError.NoBufferSpace)
            {
                return;
            }

            // 0: it has closed, and so do we, once it has all; else the connection is gone
            _sockets.Close(client);
            _clients[place] = None;
        }

        /// <summary>
        /// Somebody waits, and all places are taken: the client that has been silent for longest gives way, if that is long enough.
        /// </summary>
        /// <returns>Milliseconds until there is a place.</returns>
        private int MakePlace(int now)
        {
            int oldest = 0;
            for (int i = 1; i < _clients.Length; i++)
            {
                oldest = _heardAt[i] - _heardAt[oldest] < 0 ? i : oldest;
            }

            int wait = _heardAt[oldest] + Patience - now;
            if (wait > 0)
            {
                return wait;
            }

            _sockets.Abort(_clients[oldest]);
            Accept(oldest, now);
            return 0;
        }
    }
}
