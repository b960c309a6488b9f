// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// Reads the header of an answer, and the lines between chunks (RFC 9112), as they arrive, a byte here and a kilobyte there. It keeps the
    /// values of fields that somebody asks for. What two readers could understand in two ways is refused.
    /// </summary>
    internal sealed partial class HttpAnswerParser
    {
        /// <summary>The first of the fields that the application asks for.</summary>
        internal const int FirstAsked = 4;

        /// <summary>Where the answer sends us.</summary>
        internal const int LocationField = 3;

        /// <summary>Letters of the longest name that is told from others.</summary>
        internal const int LongestName = 64;

        private const int NoField = -1;
        private const int LengthField = 0;
        private const int EncodingField = 1;
        private const int ConnectionField = 2;

        // "HTTP/1.1 200"
        private const int MinorAt = 7;
        private const int CodeAt = 9;
        private const int CodeEnd = 12;

        private const int LongestSize = 16;
        private const int LongestExtension = 256;

        // two bytes at once: is any of them no printable ASCII?
        private const int Blanks = 0x2020;
        private const int Ones = 0x0101;
        private const int HighBits = 0x8080;

        private static readonly byte[] s_version = HttpUrl.BytesOf("HTTP/1.");

        private readonly byte[] _text;
        private readonly byte[] _name = new byte[LongestName];
        private readonly int _limit;
        private byte[][] _names;
        private int[] _starts;
        private int[] _lengths;

        private HttpAnswerState _state;
        private int _error;
        private int _total;
        private int _column;
        private bool _carriageReturn;
        private int _textEnd;
        private int _field;
        private int _valueStart;
        private bool _mayFold;
        private bool _inTrailer;
        private int _status;
        private int _minor;
        private int _contentLength;
        private bool _isChunked;
        private bool _saysClose;
        private bool _saysKeep;
        private int _chunk;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpAnswerParser"/> class.
        /// </summary>
        /// <param name="fieldBytes">Room for the values of fields.</param>
        /// <param name="headerBytes">The longest header.</param>
        /// <param name="keepsLocation">Whether to keep where an answer sends us.</param>
        internal HttpAnswerParser(int fieldBytes, int headerBytes, bool keepsLocation)
        {
            _text = new byte[fieldBytes];
            _limit = headerBytes;
            _names = new byte[][] { HttpTokens.ContentLength, HttpTokens.TransferEncoding, HttpTokens.Connection, keepsLocation ? HttpTokens.Location : new byte[0] };
            _starts = new int[FirstAsked];
            _lengths = new int[FirstAsked];
        }

        /// <summary>Gets how far it has come.</summary>
        internal HttpAnswerState State => _state;

        /// <summary>Gets why an answer is refused: a negative <see cref="HttpClientError"/>.</summary>
        internal int Error => _error;

        /// <summary>Gets a value indicating whether anything of an answer has come, 1xx included.</summary>
        internal bool HasBegun => _total > 0;

        /// <summary>Gets the status code.</summary>
        internal int Status => _status;

        /// <summary>Gets the length that is told, or -1.</summary>
        internal int ContentLength => _contentLength;

        /// <summary>Gets a value indicating whether the body comes in chunks.</summary>
        internal bool IsChunked => _isChunked;

        /// <summary>Gets a value indicating whether the server goes on listening after this answer, as far as its header tells.</summary>
        internal bool KeepsOpen => !_saysClose && (_minor > 0 || _saysKeep);

        /// <summary>Gets the bytes of the chunk that follows.</summary>
        internal int ChunkLength => _chunk;

        /// <summary>Gets the room that values of fields lie in.</summary>
        internal byte[] Text => _text;

        /// <summary>
        /// Has a field's value kept, from start-up on.
        /// </summary>
        /// <returns>Its number.</returns>
        internal int AskFor(byte[] name)
        {
            int count = _names.Length;
            byte[][] names = new byte[count + 1][];
            for (int i = 0; i < count; i++)
            {
                names[i] = _names[i];
            }

            names[count] = name;
            _names = names;
            _starts = new int[count + 1];
            _lengths = new int[count + 1];
            return count;
        }

        /// <summary>Where a field's value begins.</summary>
        internal int GetStart(int field) => _starts[field];

        /// <summary>How long a field's value is; -1 if there is no such field.</summary>
        internal int GetLength(int field) => field < FirstAsked - 1 || field >= _lengths.Length ? -1 : _lengths[field];

        /// <summary>
        /// Forgets the answer.
        /// </summary>
        internal void Reset()
        {
            _total = 0;
            _inTrailer = false;
            BeginMessage();
        }

        /// <summary>
        /// The text of a chunk was read: its end follows, and another chunk.
        /// </summary>
        internal void EndChunk()
        {
            BeginLine(HttpAnswerState.ChunkEnd);
        }

        /// <summary>
        /// The body begins, and it comes in chunks.
        /// </summary>
        internal void BeginChunks()
        {
            _chunk = 0;
            BeginLine(HttpAnswerState.ChunkSize);
        }

        /// <summary>
        /// Reads on, up to the end of the header, the text of a chunk, or the end of the last one.
        /// </summary>
        /// <param name="view">What has arrived.</param>
        /// <returns>How many bytes were read.</returns>
        internal int Parse(ReceivedView view)
        {
            ushort[] words = view.Words;
            int start = view.Offset;
            int offset = start;
            int end = start + view.Length;
            int lowParity = view.LowByteFirst ? 0 : 1;
            while (offset < end && _state < HttpAnswerState.HeaderEnd)
            {
                offset = TakeRow(words, offset, end, lowParity);
                if (offset >= end)
                {
                    break;
                }

                int word = words[offset >> 1];
                int value = (offset & 1) == lowParity ? word & 0xFF : word >> 8;
                offset++;
                if (value == '\r' && offset < end && !_carriageReturn)
                {
                    // most lines end in one piece
                    word = words[offset >> 1];
                    if (((offset & 1) == lowParity ? word & 0xFF : word >> 8) == '\n')
                    {
                        offset++;
                        EndLine();
                        continue;
                    }
                }

                Read(value);
            }

            _total += offset - start;
            if (_total > _limit && _state != HttpAnswerState.Refused)
            {
                Refuse(HttpClientError.TooLong);
            }

            return offset - start;
        }

        /// <summary>
        /// Takes plain text that lies in a row, as far as a name, a value or what nobody asks for goes on. All else is left to
        /// <see cref="Read"/>, which takes a byte.
        /// </summary>
        /// <returns>Where it stands then.</returns>
        private int TakeRow(ushort[] words, int offset, int end, int lowParity)
        {
            if (_carriageReturn)
            {
                return offset;
            }

            if (_state == HttpAnswerState.FieldName)
            {
                return TakeName(words, offset, end, lowParity);
            }

            bool isText = _state == HttpAnswerState.FieldValue;
            if (isText && _field != NoField)
            {
                return TakeValue(words, offset, end, lowParity);
            }

            if ((offset & 1) != 0 || !(isText || (_state == HttpAnswerState.StatusLine && _column > CodeEnd)))
            {
                return offset;
            }

            int index = offset >> 1;
            int last = end >> 1;
            while (index < last && (((words[index] - Blanks) | (words[index] + Ones)) & HighBits) == 0)
            {
                index++;
            }

            return index << 1;
        }

        private int TakeName(ushort[] words, int offset, int end, int lowParity)
        {
            int column = _column;
            byte[] name = _name;
            while (offset < end && column < LongestName)
            {
                int word = words[offset >> 1];
                int value = (offset & 1) == lowParity ? word & 0xFF : word >> 8;
                int letter = value | 0x20;
                if ((letter < 'a' || letter > 'z') && value != '-')
                {
                    break;
                }

                name[column++] = (byte)letter;
                offset++;
            }

            _column = column;
            return offset;
        }

        private int TakeValue(ushort[] words, int offset, int end, int lowParity)
        {
            int at = _textEnd;
            int start = _valueStart;
            byte[] text = _text;
            while (offset < end && at < text.Length)
            {
                int word = words[offset >> 1];
                int value = (offset & 1) == lowParity ? word & 0xFF : word >> 8;
                if (value < ' ' || value >= 0x7F)
                {
                    break;
                }

                offset++;
                if (value != ' ' || at != start)
                {
                    text[at++] = (byte)value;
                }
            }

            _textEnd = at;
            return offset;
        }

        private void BeginMessage()
        {
            _textEnd = 0;
            _status = 0;
            _minor = 0;
            _contentLength = -1;
            _isChunked = false;
            _saysClose = false;
            _saysKeep = false;
            int[] lengths = _lengths;
            for (int i = 0; i < lengths.Length; i++)
            {
                lengths[i] = -1;
            }

            BeginLine(HttpAnswerState.StatusLine);
            _mayFold = false;
        }

        private void BeginLine(HttpAnswerState state)
        {
            _state = state;
            _column = 0;
            _carriageReturn = false;
        }

        private void Refuse(HttpClientError error)
        {
            _error = (int)error;
            _state = HttpAnswerState.Refused;
        }

        private void Read(int value)
        {
            if (_carriageReturn || value == '\n')
            {
                // either alone does not end a line (RFC 9112 section 2.2 allows it, but not all readers do it)
                if (_carriageReturn && value == '\n')
                {
                    EndLine();
                }
                else
                {
                    Refuse(HttpClientError.BadAnswer);
                }

                return;
            }

            if (value == '\r')
            {
                _carriageReturn = true;
                return;
            }

            switch (_state)
            {
                case HttpAnswerState.StatusLine:
                    ReadStatusLine(value);
                    break;
                case HttpAnswerState.FieldName:
                    ReadFieldName(value);
                    break;
                case HttpAnswerState.FieldValue:
                    ReadFieldValue(value);
                    break;
                case HttpAnswerState.ChunkSize:
                    ReadChunkSize(value);
                    break;
                case HttpAnswerState.ChunkExtension:
                    _column++;
                    if (_column > LongestExtension || !HttpTokens.IsText(value))
                    {
                        Refuse(HttpClientError.BadAnswer);
                    }

                    break;
                default:
                    // a chunk is longer than it said
                    Refuse(HttpClientError.BadAnswer);
                    break;
            }
        }

        private void EndLine()
        {
            switch (_state)
            {
                case HttpAnswerState.StatusLine:
                    if (_column < CodeEnd || _status < 100 || _status > 599)
                    {
                        Refuse(HttpClientError.BadAnswer);
                        return;
                    }

                    BeginLine(HttpAnswerState.FieldName);
                    break;
                case HttpAnswerState.FieldName:
                    if (_column > 0)
                    {
                        Refuse(HttpClientError.BadAnswer);
                        return;
                    }

                    EndFields();
                    break;
                case HttpAnswerState.FieldValue:
                    EndField();
                    break;
                case HttpAnswerState.ChunkEnd:
                    _chunk = 0;
                    BeginLine(HttpAnswerState.ChunkSize);
                    break;
                default:
                    EndChunkSize();
                    break;
            }
        }

        private void ReadStatusLine(int value)
        {
            int column = _column++;
            int digit = value - '0';
            bool isDigit = digit >= 0 && digit <= 9;
            bool isGood;
            if (column < MinorAt)
            {
                isGood = value == s_version[column];
            }
            else if (column == MinorAt)
            {
                _minor = digit;
                isGood = isDigit;
            }
            else if (column == MinorAt + 1 || column == CodeEnd)
            {
                isGood = value == ' ';
            }
            else if (column < CodeEnd)
            {
                _status = (_status * 10) + digit;
                isGood = isDigit;
            }
            else
            {
                isGood = HttpTokens.IsText(value);
            }

            if (!isGood)
            {
                Refuse(HttpClientError.BadAnswer);
            }
        }

        /// <summary>
        /// The empty line: the header is over, or that of a 1xx answer, which another answer follows; or the trailer.
        /// </summary>
        private void EndFields()
        {
            if (_inTrailer)
            {
                _state = HttpAnswerState.BodyEnd;
                return;
            }

            bool isFramed = _isChunked || _contentLength >= 0;
            if (_status < 200)
            {
                // we have asked for no other protocol, and these have no body
                if (_status == 101 || isFramed)
                {
                    Refuse(HttpClientError.BadAnswer);
                }
                else
                {
                    BeginMessage();
                }

                return;
            }

            // RFC 9112 sections 6.1 and 6.3: both, or chunks where there must be none, is how answers are smuggled in
            if (_isChunked && (_contentLength >= 0 || _minor == 0 || _status == 204))
            {
                Refuse(HttpClientError.BadAnswer);
                return;
            }

            _state = HttpAnswerState.HeaderEnd;
        }

        private void ReadChunkSize(int value)
        {
            int digit = value - '0';
            if (digit < 0 || digit > 9)
            {
                int letter = value | 0x20;
                digit = letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
            }

            if (digit < 0)
            {
                bool isExtension = value == ';' && _column > 0;
                _state = HttpAnswerState.ChunkExtension;
                _column = 0;
                if (!isExtension)
                {
                    Refuse(HttpClientError.BadAnswer);
                }

                return;
            }

            _column++;
            if (_column > LongestSize || _chunk > int.MaxValue >> 4)
            {
                Refuse(HttpClientError.BadAnswer);
                return;
            }

            _chunk = (_chunk << 4) | digit;
        }

        private void EndChunkSize()
        {
            if (_state == HttpAnswerState.ChunkSize && _column == 0)
            {
                Refuse(HttpClientError.BadAnswer);
                return;
            }

            // what stands between chunks is bounded each time
            _total = 0;
            if (_chunk > 0)
            {
                BeginLine(HttpAnswerState.ChunkText);
                return;
            }

            _inTrailer = true;
            _mayFold = false;
            BeginLine(HttpAnswerState.FieldName);
        }
    }
}
