// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <content>
    /// The body of the answer, as it comes; and calls that wait.
    /// </content>
    public sealed partial class HttpClient
    {
        /// <summary>
        /// Takes bytes of the body that have arrived.
        /// </summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit, 1 or more.</param>
        /// <returns>How many were read; 0 when all of the body was read; or WouldBlock, InvalidArgument, InvalidState if nothing was asked, or why the
        /// request has failed, as of <see cref="Result"/>.</returns>
        public int Read(byte[] buffer, int offset, int count)
        {
            int ready = FindText();
            if (ready <= 0)
            {
                return ready;
            }

            return Take(_sockets.Read(_socket, buffer, offset, count < ready ? count : ready));
        }

        /// <summary>
        /// Shows bytes of the body where they lie, without copying them. <see cref="Consume"/> gives them up.
        /// </summary>
        /// <param name="view">Is set to them; valid until the next call or the next poll. It may show more than the body.</param>
        /// <returns>How many of the bytes that it shows are the body's; or as of <see cref="Read(byte[], int, int)"/>.</returns>
        public int Peek(ReceivedView view)
        {
            _shown = 0;
            int ready = FindText();
            if (ready <= 0)
            {
                return ready;
            }

            int count = _sockets.Peek(_socket, view);
            if (count <= 0)
            {
                return Take(count);
            }

            _shown = count < ready ? count : ready;
            return _shown;
        }

        /// <summary>
        /// Gives up bytes that <see cref="Peek"/> has shown.
        /// </summary>
        /// <param name="count">How many, not more than were shown.</param>
        /// <returns>0, or InvalidArgument.</returns>
        public int Consume(int count)
        {
            if (count < 0 || count > _shown || _state != HttpClientState.Answering)
            {
                return (int)SocketError.InvalidArgument;
            }

            _shown = 0;
            int result = _sockets.Consume(_socket, count);
            if (result == 0 && count > 0)
            {
                Take(count);
            }

            return result;
        }

        /// <summary>
        /// Waits for the header of the answer. The client must be among the runner's <see cref="StackRunner.Background"/>, which polls it.
        /// </summary>
        /// <param name="runner">What keeps the stack going meanwhile. The client's own time limits say for how long.</param>
        /// <returns>The status code, or as of <see cref="Result"/>; InvalidArgument if the client is not among the background work, WouldDeadlock.</returns>
        public int WaitForAnswer(StackRunner runner)
        {
            int result = BeginToWait(runner);
            if (result != 0)
            {
                return result;
            }

            while (Result == (int)SocketError.WouldBlock && runner.GoOn())
            {
            }

            return Result;
        }

        /// <summary>
        /// Takes bytes of the body, or waits for some.
        /// </summary>
        /// <param name="runner">As of <see cref="WaitForAnswer"/>.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit, 1 or more.</param>
        /// <returns>How many were read; 0 when all of the body was read; or as of <see cref="WaitForAnswer"/>.</returns>
        public int Read(StackRunner runner, byte[] buffer, int offset, int count)
        {
            int result = BeginToWait(runner);
            if (result != 0)
            {
                return result;
            }

            result = Read(buffer, offset, count);
            while (result == (int)SocketError.WouldBlock && runner.GoOn())
            {
                result = Read(buffer, offset, count);
            }

            return result;
        }

        /// <summary>
        /// Makes a request, and waits for the answer and its body.
        /// </summary>
        /// <param name="runner">As of <see cref="WaitForAnswer"/>.</param>
        /// <param name="request">The request.</param>
        /// <param name="buffer">Where the body goes, whatever the status is: <see cref="Result"/> tells it. If it is longer than the buffer,
        /// <see cref="State"/> is Answering, and more can be read.</param>
        /// <returns>How many bytes the body has, as far as it fits; or as of <see cref="WaitForAnswer"/> and <see cref="Begin(HttpRequest)"/>.</returns>
        public int Fetch(StackRunner runner, HttpRequest request, byte[] buffer)
        {
            // a body that is to be written has nobody here who writes it
            int result = buffer == null || (request != null && request.IsStreamed) ? (int)SocketError.InvalidArgument : BeginToWait(runner);
            result = result == 0 ? Begin(request) : result;
            int length = 0;
            while (result >= 0 && length < buffer.Length)
            {
                result = Read(runner, buffer, length, buffer.Length - length);
                if (result <= 0)
                {
                    break;
                }

                length += result;
            }

            return result < 0 ? result : length;
        }

        private int BeginToWait(StackRunner runner)
        {
            IBackgroundWork[] background = runner == null ? null : runner.Background;
            for (int i = 0; background != null && i < background.Length; i++)
            {
                if (background[i] == this)
                {
                    return runner.Begin(StackRunner.Forever);
                }
            }

            return (int)SocketError.InvalidArgument;
        }

        /// <summary>
        /// Comes to where text of the body is next: over the line between two chunks.
        /// </summary>
        /// <returns>How many bytes may follow in a row; 0 at the end; WouldBlock, or why the request has failed.</returns>
        private int FindText()
        {
            if (_state != HttpClientState.Answering)
            {
                return _state == HttpClientState.Done ? 0 : Result;
            }

            if (_left > 0)
            {
                return _left;
            }

            if (!_hasChunks)
            {
                End();
                return 0;
            }

            int count = _sockets.Peek(_socket, _view);
            while (count > 0)
            {
                _progressAt = _now;
                _sockets.Consume(_socket, _parser.Parse(_view));
                switch (_parser.State)
                {
                    case HttpAnswerState.Refused:
                        Refuse();
                        return _result;
                    case HttpAnswerState.ChunkText:
                        _left = _parser.ChunkLength;
                        return _left;
                    case HttpAnswerState.BodyEnd:
                        End();
                        return 0;
                }

                count = _sockets.Peek(_socket, _view);
            }

            return Take(count);
        }

        /// <summary>
        /// Counts what was read of the body.
        /// </summary>
        /// <param name="count">Bytes, or what the call said instead.</param>
        /// <returns>What to say of it.</returns>
        private int Take(int count)
        {
            if (count > 0)
            {
                _progressAt = _now;
                if (!_isUntilClosed)
                {
                    _left -= count;
                    EndText();
                }

                return count;
            }

            if (count == 0 && _isUntilClosed)
            {
                End();
                return 0;
            }

            if (count == (int)SocketError.WouldBlock || count == (int)SocketError.InvalidArgument)
            {
                return count;
            }

            Fail(count == 0 ? (int)HttpClientError.Incomplete : count);
            return _result;
        }

        private void EndText()
        {
            if (_left > 0)
            {
                return;
            }

            if (_hasChunks)
            {
                _parser.EndChunk();
            }
            else
            {
                End();
            }
        }

        private void End()
        {
            _state = HttpClientState.Done;
            _needsPoll = true;
            if (!_keepsOpen || _idleTimeout == 0)
            {
                CloseSocket();
            }
        }

        /// <summary>
        /// Passes over the body of an answer that leads elsewhere, as far as it has come; if that is not all, the connection is of no more use.
        /// </summary>
        private void PassOverBody()
        {
            int count = Peek(_view);
            while (count > 0)
            {
                Consume(count);
                count = Peek(_view);
            }

            if (_socket >= 0 && _state != HttpClientState.Done)
            {
                Drop();
            }
        }
    }
}
