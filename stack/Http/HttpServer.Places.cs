// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <content>
    /// Places: who gets one, for how long, and who gives way.
    /// </content>
    public sealed partial class HttpServer
    {
        /// <summary>
        /// Whether somebody waits for a place. Then an answer says that it is the last one on its connection: a client that knows does not send
        /// a request that would cross our FIN, and whoever comes back waits for his turn.
        /// </summary>
        private bool IsCrowded => _clients == _connections.Length && _sockets.GetWaiting(_listener) > 0;

        /// <summary>
        /// Gives the next client that waits the first free place.
        /// </summary>
        private bool TryAccept()
        {
            int socket = _sockets.Accept(_listener);
            if (socket < 0)
            {
                return false;
            }

            _connections[_clients].Open(socket, _now - _sockets.GetAge(socket));
            _clients++;
            _counters._connections++;
            return true;
        }

        /// <summary>
        /// All places are taken: as long as somebody waits, the client that has made no progress for longest makes room.
        /// </summary>
        /// <returns>Milliseconds until one may be turned out, if somebody waits.</returns>
        private int MakeRoom()
        {
            int wait = int.MaxValue;
            while (IsCrowded)
            {
                HttpConnection slowest = FindSlowest();
                if (slowest == null)
                {
                    break;
                }

                int left = slowest.MayEndAt() - _now;
                left = left > 0 ? left : slowest.Respite(_now, !_sockets.HasArrivals);
                if (left > 0)
                {
                    return left < wait ? left : wait;
                }

                TurnOut(slowest);
                if (TryAccept())
                {
                    int due = Serve(_connections[_clients - 1]);
                    wait = due < wait ? due : wait;
                }
            }

            return wait;
        }

        private HttpConnection FindSlowest()
        {
            // viewers have places of their own
            HttpConnection slowest = null;
            for (int i = 0; i < _clients; i++)
            {
                HttpConnection connection = _connections[i];
                if (connection.Phase != HttpPhase.Viewing && (slowest == null || connection.MayEndAt() - slowest.MayEndAt() < 0))
                {
                    slowest = connection;
                }
            }

            return slowest;
        }

        /// <summary>
        /// Closes a connection before its time. With a FIN, for the client may still be reading what was sent; but one that does not read,
        /// and of whose answer some is left, would keep frames that the next client needs.
        /// </summary>
        private void TurnOut(HttpConnection connection)
        {
            _counters._gaveWay++;
            if (connection.Phase <= HttpPhase.Collecting)
            {
                // who has sent nothing would take an answer for that to its next request (RFC 9110 section 15.5.9)
                if (!connection.IsSpare)
                {
                    Say408(connection);
                }
            }
            else if (connection.Phase != HttpPhase.Draining && _sockets.GetSendWindow(connection.Socket) == 0)
            {
                _sockets.Abort(connection.Socket);
            }

            // text that nobody has read would make a RST of the FIN
            DiscardUnread(connection);
            Close(connection);
        }

        /// <summary>
        /// Tells a client that it took too long. It is heard by who still listens.
        /// </summary>
        private void Say408(HttpConnection connection)
        {
            connection.Status = 408;
            connection.Closes = true;
            connection.Framing = HttpFraming.None;
            if (_context.Open(connection, _now) >= 0)
            {
                _context.Reply(408);
                _context.Finish();
            }
        }

        private int CheckTime(HttpConnection connection)
        {
            if (connection.Phase == HttpPhase.Viewing)
            {
                // one that waits for a frame is looked at soon anyway
                int left = HttpEvents.Heartbeat - (_now - connection.PhaseSince);
                return left > 0 ? left : 1;
            }

            int phase = _now - connection.PhaseSince;
            if (connection.Phase == HttpPhase.Draining)
            {
                if (phase >= DrainTimeout)
                {
                    // the answer may still be on its way: it goes on without us
                    Close(connection);
                    return int.MaxValue;
                }

                return DrainTimeout - phase;
            }

            int silence = _now - connection.HeardAt;
            if (silence >= _limits.IdleTimeout || phase >= _limits.PhaseTimeout)
            {
                EndSilent(connection);
                return connection.Socket < 0 ? int.MaxValue : DrainTimeout;
            }

            return _limits.IdleTimeout - silence < _limits.PhaseTimeout - phase ? _limits.IdleTimeout - silence : _limits.PhaseTimeout - phase;
        }

        private void EndSilent(HttpConnection connection)
        {
            if (connection.Phase > HttpPhase.Collecting)
            {
                // no polite close: it does not read, and would keep the socket
                _counters._timedOut++;
                _sockets.Abort(connection.Socket);
                Close(connection);
                return;
            }

            if (connection.IsSpare && connection.Requests > 0)
            {
                // it has had its answers
                Close(connection);
                return;
            }

            _counters._timedOut++;
            Say408(connection);
            _sockets.Shutdown(connection.Socket);
            connection.Begin(HttpPhase.Draining, _now);
        }

        /// <summary>
        /// Takes in what the client goes on sending, unread.
        /// </summary>
        /// <returns>WouldBlock while there may be more; 0 or an error at the end.</returns>
        private int DiscardUnread(HttpConnection connection)
        {
            int length = _sockets.Peek(connection.Socket, _view);
            while (length > 0)
            {
                _sockets.Consume(connection.Socket, length);
                length = _sockets.Peek(connection.Socket, _view);
            }

            return length;
        }

        private void Close(HttpConnection connection)
        {
            if (connection.Phase == HttpPhase.Viewing)
            {
                _viewers--;
                connection.Route.Events.Viewers--;
            }

            // a socket that was aborted is gone already, which Close then says
            _sockets.Close(connection.Socket);
            connection.Close();

            // those that are open stand before those that are free
            _clients--;
            HttpConnection last = _connections[_clients];
            _connections[_clients] = connection;
            _connections[connection.Place] = last;
            last.Place = connection.Place;
            connection.Place = _clients;
        }
    }
}
