// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <content>
    /// A body whose length nobody knows yet: it is written piece by piece, and goes in chunks (RFC 9112 section 7.1).
    /// </content>
    public sealed partial class HttpClient
    {
        /// <summary>Bytes that a frame is asked for, and less if there is none so large.</summary>
        private const int WantedRoom = 1460;
        private const int LeastRoom = 512;

        /// <summary>Four digits and an end of line before the bytes of a chunk, and one behind them.</summary>
        private const int ChunkBegin = 6;
        private const int ChunkEnd = 2;
        private const int EndOfLine = 0x0D0A;

        private readonly SendView _room = new SendView();

        // of the body nothing can be made again: how much has left, whether that was all, and whether there was no room for more
        private bool _isStreamed;
        private bool _hasStreamed;
        private bool _endsBody;
        private bool _lacksRoom;

        /// <summary>
        /// Writes bytes of the body of a request that streams it (<see cref="HttpRequest.Streamed"/>). They are copied.
        /// </summary>
        /// <param name="bytes">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>How many were taken: all, or as many as there is room for; WouldBlock while there is no connection or no room: call it again
        /// after the next poll. InvalidState if no such request is under way, its body has ended, or the server has answered already: it
        /// wants no more of it. InvalidArgument, or why the request has failed.</returns>
        public int Write(byte[] bytes, int offset, int count)
        {
            if (bytes == null || offset < 0 || count < 0 || count > bytes.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (_state == HttpClientState.Failed)
            {
                return _result;
            }

            if (!_isStreamed || _endsBody || IsOver)
            {
                return (int)SocketError.InvalidState;
            }

            if (_state != HttpClientState.Sending || _sent < HeadLength)
            {
                return (int)SocketError.WouldBlock;
            }

            int written = 0;
            while (written < count)
            {
                int taken = WriteChunk(bytes, offset + written, count - written);
                if (taken <= 0)
                {
                    return written > 0 ? written : taken;
                }

                written += taken;
            }

            return written;
        }

        /// <summary>
        /// Writes bytes of the body, and waits until all are taken.
        /// </summary>
        /// <param name="runner">As of <see cref="WaitForAnswer"/>.</param>
        /// <param name="bytes">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns><paramref name="count"/>; or as of <see cref="WaitForAnswer"/> and of the call that does not wait.</returns>
        public int Write(StackRunner runner, byte[] bytes, int offset, int count)
        {
            int result = BeginToWait(runner);
            if (result != 0)
            {
                return result;
            }

            int written = 0;
            result = Write(bytes, offset, count);
            while (result >= 0 || result == (int)SocketError.WouldBlock)
            {
                written += result > 0 ? result : 0;
                if (written == count || !runner.GoOn())
                {
                    return written;
                }

                result = Write(bytes, offset + written, count - written);
            }

            return result;
        }

        /// <summary>
        /// Says that the body is complete: the answer is awaited from then on.
        /// </summary>
        /// <returns>0, or InvalidState as of <see cref="Write(byte[], int, int)"/>, or why the request has failed.</returns>
        public int EndBody()
        {
            if (_state == HttpClientState.Failed)
            {
                return _result;
            }

            if (!_isStreamed || _endsBody || IsOver)
            {
                return (int)SocketError.InvalidState;
            }

            _endsBody = true;
            _needsPoll = true;
            return 0;
        }

        /// <summary>Gets a value indicating whether it is the application's turn: all that there is of the body was taken.</summary>
        private bool AwaitsBody => _state == HttpClientState.Sending && _isStreamed && !_endsBody && !_lacksRoom && _sent == HeadLength;

        private int HeadLength => _isChanged ? _headLength : _request.Head.Length;

        private int WriteChunk(byte[] bytes, int offset, int count)
        {
            int room = Reserve(ChunkBegin + ChunkEnd);
            if (room < 0)
            {
                return room;
            }

            int size = room - ChunkBegin - ChunkEnd;
            size = size < count ? size : count;
            for (int shift = 12; shift >= 0; shift -= 4)
            {
                int digit = (size >> shift) & 15;
                _room.WriteByte(digit < 10 ? '0' + digit : 'a' + digit - 10);
            }

            _room.WriteUInt16(EndOfLine);
            _room.Write(bytes, offset, size);
            _room.WriteUInt16(EndOfLine);
            int result = Commit();
            if (result < 0)
            {
                return result;
            }

            _hasStreamed = true;
            return size;
        }

        /// <summary>
        /// Writes the last chunk, which is empty, if the application wants that.
        /// </summary>
        /// <returns>0 or more, or why that is not possible now.</returns>
        private int WriteEnd()
        {
            int room = Reserve(HttpTokens.LastChunk.Length - 1);
            if (room < 0)
            {
                return room;
            }

            _room.Write(HttpTokens.LastChunk, 0, HttpTokens.LastChunk.Length);
            int result = Commit();
            if (result >= 0)
            {
                _state = HttpClientState.Waiting;
            }

            return result;
        }

        /// <summary>
        /// Takes room in a frame.
        /// </summary>
        /// <param name="overhead">What more than that is needed.</param>
        /// <returns>How much there is; WouldBlock, or why the connection ended.</returns>
        private int Reserve(int overhead)
        {
            int room = _sockets.Reserve(_socket, WantedRoom, _room);
            if (room == (int)SocketError.NoBufferSpace)
            {
                room = _sockets.Reserve(_socket, LeastRoom, _room);
            }

            if (room >= 0 && room <= overhead)
            {
                _sockets.Cancel(_socket);
                room = (int)SocketError.WouldBlock;
            }

            room = room == (int)SocketError.NoBufferSpace ? (int)SocketError.WouldBlock : room;
            _lacksRoom = room == (int)SocketError.WouldBlock;
            return room;
        }

        private int Commit()
        {
            int result = _sockets.Commit(_socket, _room.Written);
            _progressAt = result > 0 ? _now : _progressAt;
            return result;
        }
    }
}
