// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <content>
    /// The answer. It is written straight into frames. What fits the first one is told by its length; what does not goes in chunks.
    /// </content>
    public sealed partial class HttpContext
    {
        /// <summary>Bytes of text that a frame is asked for.</summary>
        private const int Wanted = 1460;

        /// <summary>Less, if there is none so large.</summary>
        private const int Least = 512;

        /// <summary>What must fit behind a chunk: its end, and the last one.</summary>
        private const int ChunkEnd = 7;

        private const int ChunkBegin = 6;
        private const int EndOfLine = 0x0D0A;

        private readonly HttpTexts _texts;
        private readonly SendView _view = new SendView();
        private int _connectionAt;
        private int _lengthAt;
        private int _bodyAt;
        private int _sent;
        private bool _continues;
        private bool _failed;

        /// <summary>
        /// Gets the bytes that can be written now, at once and for certain. A handler that has more calls <see cref="Continue"/>.
        /// </summary>
        public int Room => _connection.Framing == HttpFraming.NoBody ? Wanted : _view.Room;

        /// <summary>
        /// Begins an answer of any length.
        /// </summary>
        /// <param name="status">200 to 599.</param>
        /// <param name="contentType">Such as "application/json", or null if there is no content.</param>
        /// <returns>Whether it has not begun before.</returns>
        public bool Begin(int status, string contentType)
        {
            if (!BeginHeader(status, contentType != null))
            {
                return false;
            }

            if (contentType != null)
            {
                Text(contentType);
                EndField();
            }

            return true;
        }

        /// <summary>
        /// Begins an answer whose length is known.
        /// </summary>
        /// <param name="status">200 to 599.</param>
        /// <param name="contentType">Such as "text/plain".</param>
        /// <param name="length">Bytes of the body; not more are sent, and with less the connection ends.</param>
        /// <returns>Whether it has not begun before.</returns>
        public bool Begin(int status, string contentType, int length)
        {
            if (length < 0 || !Begin(status, contentType))
            {
                return false;
            }

            SayOrigin();
            Text(HttpTexts.Counted);
            _view.WriteDecimal(length);
            Text(HttpTexts.End);
            _lengthAt = -1;
            _connection.Left = length;
            _connection.Framing = _parser.Method == HttpMethods.Head ? HttpFraming.NoBody : HttpFraming.Counted;
            return true;
        }

        /// <summary>
        /// Adds a field to the header.
        /// </summary>
        /// <param name="name">Its name and a colon, such as "Retry-After: ".</param>
        /// <param name="value">Its value: printable ASCII. Nothing of the request may be in it.</param>
        /// <returns>Whether the header is open, that is, the answer has begun and nothing of its body is written.</returns>
        public bool AddField(string name, string value)
        {
            if (_connection.Framing != HttpFraming.Header)
            {
                return false;
            }

            Text(name);
            Text(value);
            EndField();
            return true;
        }

        /// <summary>
        /// Writes text, as UTF-8. An answer that has not begun is one of 200 and text/plain.
        /// </summary>
        /// <param name="text">The text.</param>
        public void Write(string text)
        {
            int at = 0;
            int length = text.Length;
            while (at < length && MakeRoom(1))
            {
                if (_connection.Framing == HttpFraming.NoBody)
                {
                    NoteUnwritten(text);
                    return;
                }

                int before = _view.Written;
                int taken = _view.WriteText(text, at);
                Count(_view.Written - before);
                at += taken;
                if (at < length && !NextFrame())
                {
                    return;
                }
            }
        }

        /// <summary>
        /// Writes bytes.
        /// </summary>
        /// <param name="bytes">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        public void Write(byte[] bytes, int offset, int count)
        {
            while (count > 0 && MakeRoom(1))
            {
                int part = Room < count ? Room : count;
                if (_connection.Framing == HttpFraming.NoBody)
                {
                    Count(part);
                }
                else if (_view.Write(bytes, offset, part) < 0)
                {
                    _failed = true;
                    return;
                }
                else
                {
                    Count(part);
                }

                offset += part;
                count -= part;
            }
        }

        /// <summary>
        /// Writes text that was laid out at start-up: it costs little if it and what stands before it have even lengths.
        /// </summary>
        /// <param name="content">The text; no more than <see cref="Room"/> says.</param>
        public void Write(WordBuffer content)
        {
            if (MakeRoom(content.Length))
            {
                if (_connection.Framing != HttpFraming.NoBody)
                {
                    // more than any frame has room for cannot be left out in silence
                    _failed |= _view.Write(content) < 0;
                }

                Count(content.Length);
            }
        }

        /// <summary>
        /// Writes a piece of the request, as it is. In HTML or JSON, what a client has sent may mean something else there.
        /// </summary>
        /// <param name="value">The piece, or null for nothing.</param>
        public void Write(HttpValue value)
        {
            if (value != null)
            {
                Write(value.Bytes, value.Start, value.Length);
            }
        }

        /// <summary>
        /// Writes a number in decimal.
        /// </summary>
        /// <param name="number">The number.</param>
        public void WriteDecimal(int number)
        {
            if (MakeRoom(11))
            {
                int length = 1;
                if (_connection.Framing != HttpFraming.NoBody)
                {
                    length = _view.WriteDecimal(number);
                }
                else
                {
                    length = number < 0 ? 2 : 1;
                    for (int i = number / 10; i != 0; i /= 10)
                    {
                        length++;
                    }
                }

                Count(length);
            }
        }

        /// <summary>
        /// Writes one byte.
        /// </summary>
        /// <param name="value">0 to 255.</param>
        public void WriteByte(int value)
        {
            if (MakeRoom(1))
            {
                if (_connection.Framing != HttpFraming.NoBody)
                {
                    _view.WriteByte(value);
                }

                Count(1);
            }
        }

        /// <summary>
        /// Answers with a status, and its words as text.
        /// </summary>
        /// <param name="status">200 to 599.</param>
        public void Reply(int status)
        {
            if (BeginPlain(status))
            {
                WriteWords(status);
            }
        }

        /// <summary>
        /// Has the client ask elsewhere, with GET (303).
        /// </summary>
        /// <param name="location">Where: a path of ours or a whole address, printable ASCII. Nothing of the request may be in it.</param>
        public void Redirect(string location)
        {
            if (BeginHeader(303, false))
            {
                Text(HttpTexts.Location);
                Text(location);
                EndField();
            }
        }

        /// <summary>
        /// Has the handler called again when there is room for more, or when more of the body has come. Without it the answer is complete
        /// when the handler returns.
        /// </summary>
        /// <param name="step">What <see cref="Step"/> tells then.</param>
        public void Continue(int step)
        {
            _continues = true;
            _connection.Step = step;
        }

        /// <summary>Gets a value indicating whether the handler is to be called again.</summary>
        internal bool Continues => _continues;

        /// <summary>Gets the bytes that were written since the answer was opened for writing.</summary>
        internal int SentBytes => _sent;

        /// <summary>
        /// Opens an answer for writing.
        /// </summary>
        /// <param name="connection">Whose.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>0 or more; or WouldBlock, NoBufferSpace, or why the connection ended.</returns>
        internal int Open(HttpConnection connection, int now)
        {
            Bind(connection, now);
            _continues = false;
            _failed = false;
            _sent = 0;
            _connectionAt = -1;
            _lengthAt = 0;
            int result = ReserveFrame();
            if (result >= 0 && connection.Framing == HttpFraming.None)
            {
                connection.Left = 0;
            }

            return result;
        }

        /// <summary>
        /// Forgets an answer of which nothing has left.
        /// </summary>
        /// <returns>Whether nothing has.</returns>
        internal bool Retract()
        {
            _sockets.Cancel(_connection.Socket);
            return _sent == 0 && (_connection.Framing == HttpFraming.None || _connection.Framing == HttpFraming.Header
                || _connection.Framing == HttpFraming.Open || _connectionAt >= 0);
        }

        /// <summary>
        /// Sends what was written.
        /// </summary>
        /// <returns>Whether the answer is right so far.</returns>
        internal bool Finish()
        {
            if (!_failed && (!_continues || _connection.Framing != HttpFraming.None))
            {
                if (_connection.Framing == HttpFraming.None)
                {
                    BeginHeader(204, false);
                }

                if (_connection.Framing == HttpFraming.Header && !_continues)
                {
                    EndHeader();
                }

                if (_connection.Framing != HttpFraming.Header)
                {
                    Flush(!_continues);
                }
                else
                {
                    EndHeader();
                    Flush(false);
                }
            }

            _sockets.Cancel(_connection.Socket);
            return !_failed && (_continues || _connection.Framing != HttpFraming.Counted || _connection.Left == 0);
        }

        /// <summary>
        /// Writes a header as it was laid out, of an answer to HEAD.
        /// </summary>
        /// <param name="response">What begins with it.</param>
        /// <param name="length">Its bytes.</param>
        internal void WriteHeader(WordBuffer response, int length)
        {
            for (int i = 0; i < length; i++)
            {
                _view.WriteByte(response.GetByte(i));
            }

            _connectionAt = -1;
            _lengthAt = -1;
            _connection.Framing = HttpFraming.NoBody;
        }

        /// <summary>
        /// Begins an answer that is only words, or nothing.
        /// </summary>
        /// <param name="status">200 to 599.</param>
        /// <returns>Whether words may follow.</returns>
        internal bool BeginPlain(int status)
        {
            bool hasText = status != 204 && status != 304;
            if (!BeginHeader(status, hasText))
            {
                return false;
            }

            if (hasText)
            {
                AddLine(HttpTexts.Plain);
            }

            return hasText;
        }

        /// <summary>
        /// Writes the words of a status, and a line feed.
        /// </summary>
        /// <param name="status">200 to 599.</param>
        internal void WriteWords(int status)
        {
            int start = HttpStatus.Find(status);
            if (start >= 0)
            {
                Write(HttpStatus.All, start, EndOf(start) + 1 - start);
            }
        }

        /// <summary>
        /// Adds to the header, up to the end of a line.
        /// </summary>
        /// <param name="text">The text.</param>
        internal void AddLine(byte[] text)
        {
            Text(text);
            EndField();
        }

        /// <summary>
        /// Tells what a path allows (RFC 9110 section 10.2.1).
        /// </summary>
        /// <param name="field">The field's name.</param>
        /// <param name="methods">The methods.</param>
        internal void WriteMethods(byte[] field, HttpMethods methods)
        {
            Text(field);
            bool isFirst = true;
            for (int i = 0; 1 << i <= (int)HttpMethods.Options; i++)
            {
                if (((int)methods & (1 << i)) != 0)
                {
                    if (!isFirst)
                    {
                        _view.WriteUInt16((',' << 8) | ' ');
                    }

                    Text(HttpRequestParser.Methods[i]);
                    isFirst = false;
                }
            }

            EndField();
        }

        /// <summary>
        /// Tells which content a client has already.
        /// </summary>
        /// <param name="tag">Its tag.</param>
        internal void WriteTag(byte[] tag)
        {
            Text(HttpTexts.Tag);
            AddLine(tag);
        }

        private static int EndOf(int start)
        {
            while (HttpStatus.All[start] != HttpCharacters.LineFeed)
            {
                start++;
            }

            return start;
        }

        private bool BeginHeader(int status, bool hasType)
        {
            if (_connection.Framing != HttpFraming.None)
            {
                return false;
            }

            _connection.Framing = HttpFraming.Header;
            if (status == 200 && hasType)
            {
                _connectionAt = HttpTexts.ConnectionInOk;
                _failed |= _view.Write(_texts.Ok) < 0;
            }
            else
            {
                Text(HttpTexts.Version);
                int start = HttpStatus.Find(status);
                if (start >= 0)
                {
                    _view.Write(HttpStatus.All, start, EndOf(start) - start);
                }
                else
                {
                    // the words may be missing, the space before them not (RFC 9112 section 4)
                    _view.WriteDecimal(status);
                    _view.WriteByte(HttpCharacters.Space);
                }

                Text(HttpTexts.Connection);
                _connectionAt = _view.Written;
                Text(HttpResponse.Stays);

                // RFC 9110 section 15.4.5: as with the content, or who has it would throw it away for that
                Text(status == 304 ? HttpTexts.NoCache : HttpTexts.NoStore);
                if (hasType)
                {
                    Text(HttpTexts.Type);
                }
            }

            // RFC 9110 sections 8.6 and 15.4.5: these have no content, and no word on its length
            if (status == 204 || status == 304)
            {
                _lengthAt = -1;
                _connection.Left = -1;
            }

            return true;
        }

        private void Text(byte[] text)
        {
            _failed |= _view.Write(text, 0, text.Length) < 0;
        }

        private void Text(string text)
        {
            // a header that does not fit a frame is the application's mistake
            _failed |= _view.WriteText(text, 0) < text.Length;
        }

        private void EndField()
        {
            // with an even length what follows is copied word by word; spaces behind a value are none of it
            if ((_view.Written & 1) != 0)
            {
                _view.WriteByte(HttpCharacters.Space);
            }

            _failed |= _view.WriteUInt16(EndOfLine) < 0;
        }

        /// <summary>
        /// Says that scripts of other sites may see the answer, if they may.
        /// </summary>
        private void SayOrigin()
        {
            if (_connection.Route != null && (_connection.Route.Options & HttpOptions.CrossOrigin) != 0)
            {
                AddLine(HttpTexts.AnyOrigin);
            }
        }

        private void EndHeader()
        {
            SayOrigin();
            bool hasNoBody = _parser.Method == HttpMethods.Head || _lengthAt < 0;
            if (_lengthAt < 0)
            {
                _failed |= _view.WriteUInt16(EndOfLine) < 0;
            }
            else
            {
                _lengthAt = _view.Written;
                _failed |= _view.Write(_texts.Length) < 0;
            }

            _connection.Framing = hasNoBody ? HttpFraming.NoBody : HttpFraming.Open;
            _bodyAt = _view.Written;
            _view.KeepFree(ChunkEnd);
        }

        /// <summary>
        /// Sees to that there is room for so many bytes of the body.
        /// </summary>
        private bool MakeRoom(int count)
        {
            if (_connection.Framing == HttpFraming.None)
            {
                BeginPlain(200);
            }

            if (_connection.Framing == HttpFraming.Header)
            {
                EndHeader();
            }

            return !_failed && (_connection.Framing == HttpFraming.NoBody || _view.Room >= count || NextFrame());
        }

        private void Count(int written)
        {
            if (_connection.Framing == HttpFraming.Counted)
            {
                _connection.Left -= written;
                _failed |= _connection.Left < 0;
            }
            else if (_connection.Framing == HttpFraming.NoBody && _lengthAt > 0)
            {
                _connection.Left += written;
            }
        }

        /// <summary>Counts the bytes of text of which none is sent.</summary>
        private void NoteUnwritten(string text)
        {
            int count = 0;
            for (int i = 0; i < text.Length; i++)
            {
                int c = text[i];

                // each half of a pair is half of four bytes
                count += c < 0x80 ? 1 : c < 0x800 || (c >= 0xD800 && c < 0xE000) ? 2 : 3;
            }

            Count(count);
        }

        private bool NextFrame()
        {
            Flush(false);
            if (!_failed && ReserveFrame() < 0)
            {
                // it wrote more than there was room for, though it could have asked
                _failed = true;
            }

            return !_failed;
        }

        private int ReserveFrame()
        {
            int result = _sockets.Reserve(_connection.Socket, Wanted, _view);
            if (result == (int)SocketError.NoBufferSpace)
            {
                result = _sockets.Reserve(_connection.Socket, Least, _view);
            }

            _bodyAt = 0;
            if (result >= 0 && _connection.Framing == HttpFraming.Chunked)
            {
                Text(HttpTexts.Size);
                _bodyAt = ChunkBegin;
                _view.KeepFree(ChunkEnd);
            }

            return result;
        }

        private void Flush(bool isLast)
        {
            _view.KeepFree(0);
            int body = _view.Written - _bodyAt;
            switch (_connection.Framing)
            {
                case HttpFraming.Open:
                    FrameFirst(body, isLast);
                    break;
                case HttpFraming.NoBody:
                    if (_lengthAt > 0)
                    {
                        WriteLength(isLast ? _connection.Left : -1);
                        _lengthAt = -1;
                    }

                    break;
                case HttpFraming.Chunked:
                    if (body > 0)
                    {
                        WriteSize(0, body);
                        if (isLast)
                        {
                            Text(HttpTexts.LastChunk);
                        }
                        else
                        {
                            _view.WriteUInt16(EndOfLine);
                        }
                    }
                    else if (isLast)
                    {
                        _view.WriteUInt16(EndOfLine);
                    }
                    else
                    {
                        return;
                    }

                    break;
            }

            // whether the connection goes on is known at the latest now
            if (_connectionAt >= 0)
            {
                _connection.Closes |= !_continues && !_parser.IsBodyOver;
                if (_connection.Closes)
                {
                    Replace(_connectionAt, HttpResponse.Close);
                }

                _connectionAt = -1;
            }

            int count = _view.Written;
            if (count > 0)
            {
                int result = _sockets.Commit(_connection.Socket, count);
                _failed |= result < 0;
                _sent += count;
                _connection.NoteProgress(count, _now);
            }
        }

        /// <summary>
        /// The frame with the header leaves: now it is known how the body is framed.
        /// </summary>
        private void FrameFirst(int body, bool isLast)
        {
            if (isLast)
            {
                WriteLength(body);
            }
            else if (_parser.Minor == 0)
            {
                _connection.Closes = true;
                _connection.Framing = HttpFraming.UntilClosed;
                Replace(_lengthAt, HttpTexts.NoLength);
            }
            else
            {
                _connection.Framing = HttpFraming.Chunked;
                if (body == 0)
                {
                    Replace(_lengthAt, HttpTexts.Chunks);
                    return;
                }

                Replace(_lengthAt, HttpTexts.Chunk);
                WriteSize(_lengthAt + HttpTexts.SizeAt, body);
                _view.WriteUInt16(EndOfLine);
            }
        }

        private void WriteLength(int length)
        {
            if (length < 0)
            {
                Replace(_lengthAt, _parser.Minor == 0 ? HttpTexts.NoLength : HttpTexts.Chunks);
                return;
            }

            int at = _lengthAt + HttpTexts.LastDigit;
            do
            {
                _view.SetByte(at--, '0' + (length % 10));
                length /= 10;
            }
            while (length > 0);
        }

        private void WriteSize(int at, int size)
        {
            for (int i = 3; i >= 0; i--)
            {
                int digit = size & 15;
                _view.SetByte(at + i, digit < 10 ? '0' + digit : 'a' + digit - 10);
                size >>= 4;
            }
        }

        private void Replace(int at, byte[] text)
        {
            int length = text.Length;
            for (int i = 0; i < length; i++)
            {
                _view.SetByte(at + i, text[i]);
            }
        }
    }
}
