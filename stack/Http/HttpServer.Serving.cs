// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <content>
    /// A client is served, one step after the other as far as it goes.
    /// </content>
    public sealed partial class HttpServer
    {
        /// <summary>Requests of one client that are answered in a row, so that one with many leaves others a chance.</summary>
        private const int MostInARow = 4;

        private byte[] _credentials;

        /// <summary>
        /// Sends an event to who sees it.
        /// </summary>
        /// <param name="events">The events, of which there is a new one.</param>
        internal void Show(HttpEvents events)
        {
            for (int i = _clients - 1; i >= 0; i--)
            {
                HttpConnection connection = _connections[i];
                if (connection.Phase == HttpPhase.Viewing && connection.Route.Events == events)
                {
                    View(connection);
                }
            }
        }

        private int Serve(HttpConnection connection)
        {
            int last = connection.Requests + MostInARow;
            bool goesOn = true;
            while (goesOn)
            {
                switch (connection.Phase)
                {
                    case HttpPhase.Reading:
                        goesOn = ReadRequest(connection);
                        break;
                    case HttpPhase.Collecting:
                        goesOn = Collect(connection);
                        break;
                    case HttpPhase.Answering:
                        goesOn = Answer(connection);
                        break;
                    case HttpPhase.Sending:
                        goesOn = SendPage(connection);
                        break;
                    case HttpPhase.Viewing:
                        goesOn = View(connection);
                        break;
                    default:
                        goesOn = Drain(connection);
                        break;
                }

                if (goesOn && connection.Requests == last)
                {
                    _mustLook = true;
                    goesOn = false;
                }
            }

            return connection.Socket < 0 ? int.MaxValue : CheckTime(connection);
        }

        private bool ReadRequest(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            int length = _sockets.Peek(connection.Socket, _view);
            while (length > 0)
            {
                if (parser.BytesRead == 0)
                {
                    connection.PhaseSince = _now;
                }

                connection.NoteProgress(length, _now);
                _sockets.Consume(connection.Socket, parser.Parse(_view));
                if (parser.IsComplete)
                {
                    ChooseAnswer(connection);
                    return true;
                }

                length = _sockets.Peek(connection.Socket, _view);
            }

            if (length != (int)SocketError.WouldBlock)
            {
                // the client has closed, or was reset, before its request was complete; or it has no more
                if (connection.Requests == 0 || !parser.IsBlank)
                {
                    _counters._aborted++;
                }

                Close(connection);
            }

            return false;
        }

        /// <summary>
        /// Collects the body of a request, as much as there is room for.
        /// </summary>
        private bool Collect(HttpConnection connection)
        {
            HttpRequestParser parser = connection.Parser;
            int room = parser.BodyRoom - connection.Sent;
            int read = _context.TakeBody(connection, parser.Text, parser.BodyStart + connection.Sent, room, _now);
            if (read > 0)
            {
                connection.Sent += read;
            }

            if (parser.IsBodyOver)
            {
                connection.Begin(HttpPhase.Answering, _now);
                return true;
            }

            if (read == 0 || read == (int)SocketError.InvalidState)
            {
                // there is more than there is room for, or what comes is no good
                Refuse(connection, read == 0 ? 413 : 400);
                return true;
            }

            if (read > 0)
            {
                return true;
            }

            if (read != (int)SocketError.WouldBlock)
            {
                _counters._aborted++;
                Close(connection);
            }

            return false;
        }

        /// <summary>
        /// Puts an answer together, or goes on with it.
        /// </summary>
        private bool Answer(HttpConnection connection)
        {
            int result = _context.Open(connection, _now);
            if (result < 0)
            {
                return Wait(connection, result);
            }

            bool isRight = true;
            if (connection.Status != 0)
            {
                AnswerStatus(connection);
            }
            else if (connection.Route.Page != null)
            {
                HttpPage page = connection.Route.Page;
                page.SayConnection(connection.Closes);
                _context.WriteHeader(page.Response, page.HeaderLength);
            }
            else if (connection.Route.Events != null)
            {
                connection.Closes = true;
                _context.WriteHeader(_texts.Events, _texts.Events.Length);
            }
            else
            {
                isRight = Call(connection.Route.Handler);
            }

            // a handler that streams has met a body that is no good
            bool isBad = connection.Status == 0 && connection.Parser.Status != 0;
            isRight = isRight && !isBad;
            if (!isRight && _context.Retract())
            {
                connection.Framing = HttpFraming.None;
                connection.Step = 0;
                Refuse(connection, isBad ? connection.Parser.Status : 500);
                return true;
            }

            isRight = _context.Finish() && isRight;
            if (!isRight)
            {
                // the answer is not what it began as: its end must not look like one
                _counters._aborted++;
                _sockets.Abort(connection.Socket);
                Close(connection);
                return false;
            }

            if (!_context.Continues)
            {
                EndAnswer(connection);
                return true;
            }

            // a handler that has nothing to write yet is asked again in the next poll
            _mustLook |= _context.SentBytes == 0;
            return _context.SentBytes > 0;
        }

        /// <summary>
        /// Calls a handler. What it throws is counted.
        /// </summary>
        private bool Call(HttpHandler handler)
        {
            try
            {
                handler(_context);
                return true;
            }
            catch (Exception)
            {
                _counters._handlerFailures++;
                return false;
            }
        }

        private bool SendPage(HttpConnection connection)
        {
            WordBuffer response = connection.Page.Response;
            int length = response.Length;
            if (connection.Sent == 0)
            {
                // not sooner: while it waits for room another's answer may say something else. What has begun to leave is in frames
                connection.Page.SayConnection(connection.Closes);
            }

            while (connection.Sent < length)
            {
                int taken = _sockets.Write(connection.Socket, response, connection.Sent);
                if (taken < 0)
                {
                    return Wait(connection, taken);
                }

                connection.Sent += taken;
                connection.NoteProgress(taken, _now);
            }

            connection.ReleasePage();
            EndAnswer(connection);
            return true;
        }

        /// <summary>
        /// The answer cannot go on now, or at all.
        /// </summary>
        private bool Wait(HttpConnection connection, int result)
        {
            if (result == (int)SocketError.NoBufferSpace)
            {
                // no fault of the client's: who holds the frames has to give way
                connection.Excuse(_now);
                _mustLook = true;
            }
            else if (result != (int)SocketError.WouldBlock)
            {
                _counters._aborted++;
                Close(connection);
            }

            return false;
        }

        private void EndAnswer(HttpConnection connection)
        {
            connection.Requests++;
            if (connection.Closes || !connection.Parser.IsBodyOver)
            {
                _sockets.Shutdown(connection.Socket);
                connection.Begin(HttpPhase.Draining, _now);
            }
            else
            {
                connection.BeginReading(_now);
            }
        }

        /// <summary>
        /// Sends a viewer the newest event, if it has not seen it.
        /// </summary>
        private bool View(HttpConnection connection)
        {
            int heard = DiscardUnread(connection);
            if (heard != (int)SocketError.WouldBlock)
            {
                Close(connection);
                return false;
            }

            HttpEvents events = connection.Route.Events;
            bool isNew = connection.Step != events.Number;
            bool isLate = _now - connection.PhaseSince >= HttpEvents.Heartbeat;
            if (isNew || isLate)
            {
                WordBuffer message = isNew ? events.Message : _texts.Heartbeat;

                // one that answers, but has not read for so long, would keep its place for ever
                int result = isLate && _sockets.GetSendWindow(connection.Socket) == 0 ? 0 : _sockets.Write(connection.Socket, message, 0);
                if (result < 0 && (!isLate || result == (int)SocketError.NoBufferSpace))
                {
                    return Wait(connection, result);
                }

                if (result < message.Length)
                {
                    // the rest of an event may be another's by the time that there is room: the browser asks anew
                    _sockets.Abort(connection.Socket);
                    Close(connection);
                    return false;
                }

                connection.Step = events.Number;
                connection.Begin(HttpPhase.Viewing, _now);
                connection.HeardAt = _now;
            }

            return false;
        }

        private bool Drain(HttpConnection connection)
        {
            if (DiscardUnread(connection) != (int)SocketError.WouldBlock)
            {
                Close(connection);
            }

            return false;
        }
    }
}
