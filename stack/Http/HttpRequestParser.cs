// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// Reads a request (RFC 9112 section 3) as it arrives, a byte here and a kilobyte there. It keeps the request line, since
    /// that is what counts, and only looks at the header fields as they pass.
    /// </summary>
    /// <remarks>
    /// Here it reads byte by byte, and so knows all that can come. Lines that lie in a frame whole and hold nothing special are read by
    /// words, as far as they go, in the other file of this class: with the same result.
    /// </remarks>
    public sealed partial class HttpRequestParser
    {
        /// <summary>Longest request line in bytes that is read; a longer one is answered with 414.</summary>
        public const int MaximumLine = 128;

        /// <summary>Longest request, line and header together, in bytes; a longer one is answered with 431.</summary>
        public const int MaximumRequest = 8192;

        private const int NoLine = -1;

        private static readonly byte[] Host = new byte[] { 0x68, 0x6F, 0x73, 0x74 };
        private static readonly byte[] Http = new byte[] { 0x48, 0x54, 0x54, 0x50, 0x2F };
        private static readonly byte[] Scheme = new byte[] { 0x68, 0x74, 0x74, 0x70, 0x3A, 0x2F, 0x2F };
        private static readonly byte[] GetMethod = new byte[] { 0x47, 0x45, 0x54 };
        private static readonly byte[] HeadMethod = new byte[] { 0x48, 0x45, 0x41, 0x44 };

        // POST PUT DELETE OPTIONS TRACE CONNECT PATCH
        private static readonly byte[][] OtherMethods = new byte[][]
        {
            new byte[] { 0x50, 0x4F, 0x53, 0x54 },
            new byte[] { 0x50, 0x55, 0x54 },
            new byte[] { 0x44, 0x45, 0x4C, 0x45, 0x54, 0x45 },
            new byte[] { 0x4F, 0x50, 0x54, 0x49, 0x4F, 0x4E, 0x53 },
            new byte[] { 0x54, 0x52, 0x41, 0x43, 0x45 },
            new byte[] { 0x43, 0x4F, 0x4E, 0x4E, 0x45, 0x43, 0x54 },
            new byte[] { 0x50, 0x41, 0x54, 0x43, 0x48 },
        };

        private readonly HttpKnownLines _known;
        private readonly byte[] _line = new byte[MaximumLine];
        private HttpRequestState _state;
        private HttpRequestState _method;
        private int _lineLength;
        private int _total;
        private int _column;
        private int _hostMatched;
        private int _hosts;
        private bool _hostRequired;
        private bool _carriageReturn;
        private int _pathStart;
        private int _pathLength;
        private int _knownLine;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRequestParser"/> class that knows no lines by heart.
        /// </summary>
        public HttpRequestParser()
            : this(new HttpKnownLines(new HttpPage[0], WordOrder.LowByteFirst))
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRequestParser"/> class.
        /// </summary>
        /// <param name="known">Lines that are known as they lie in a frame.</param>
        internal HttpRequestParser(HttpKnownLines known)
        {
            _known = known;
            Reset();
        }

        /// <summary>Gets how far the request has been read.</summary>
        public HttpRequestState State => _state;

        /// <summary>Gets a value indicating whether there is something to answer.</summary>
        public bool IsComplete => _state >= HttpRequestState.Get;

        /// <summary>Gets the number of bytes read since <see cref="Reset"/>.</summary>
        public int BytesRead => _total;

        /// <summary>Gets which of the known request lines it is, or -1: then <see cref="IsFor"/> tells what it is for.</summary>
        internal int KnownLine => _knownLine;

        /// <summary>
        /// Forgets the request.
        /// </summary>
        public void Reset()
        {
            _state = HttpRequestState.RequestLine;
            _lineLength = 0;
            _total = 0;
            _column = 0;
            _hostMatched = 0;
            _hosts = 0;
            _hostRequired = false;
            _carriageReturn = false;
            _pathStart = 0;
            _pathLength = 0;
            _knownLine = NoLine;
        }

        /// <summary>
        /// Whether the request is for a path. What follows a question mark does not count.
        /// </summary>
        /// <param name="path">The path's bytes.</param>
        /// <returns>Whether they are the same.</returns>
        public bool IsFor(byte[] path)
        {
            return path.Length == _pathLength && StartsWith(_pathStart, path);
        }

        /// <summary>
        /// Reads on.
        /// </summary>
        /// <param name="view">What has arrived.</param>
        /// <returns>How many bytes were read: all of them, unless the request ended before.</returns>
        public int Parse(ReceivedView view)
        {
            ushort[] words = view.Words;
            int start = view.Offset;
            int offset = start;
            int end = start + view.Length;
            bool lowByteFirst = view.LowByteFirst;
            int fields = _total == 0 ? TakeRequestLine(words, offset, end) : start;
            int hostEnd = fields;
            if (fields > start)
            {
                offset = TakeKnownFields(words, fields, end);
                hostEnd = offset;
            }

            bool isKnown = IsComplete;
            while (offset < end && _state < HttpRequestState.Get)
            {
                int line = offset;
                if (_state == HttpRequestState.FieldName && _column == 0 && !_carriageReturn)
                {
                    offset = TakeFields(words, offset, end, lowByteFirst);
                }

                if (_state < HttpRequestState.Get)
                {
                    offset = ReadLine(words, offset, end, lowByteFirst);
                    if (line == fields && _hosts > 0 && _column == 0)
                    {
                        hostEnd = offset;
                    }
                }
            }

            _total += offset - start;
            if (fields > start && !isKnown && _state == HttpRequestState.Get)
            {
                _known.RememberFields(words, fields, hostEnd, offset);
            }

            if (_state < HttpRequestState.Get && _total >= MaximumRequest)
            {
                _state = HttpRequestState.HeaderTooLarge;
            }

            return offset - start;
        }

        /// <summary>
        /// Reads byte by byte up to the end of a line.
        /// </summary>
        /// <returns>Where it stands then: behind the line, or at the end of what has arrived.</returns>
        private int ReadLine(ushort[] words, int offset, int end, bool lowByteFirst)
        {
            int lowParity = lowByteFirst ? 0 : 1;
            HttpRequestState state = _state;
            int value = 0;
            while (offset < end && value != HttpCharacters.LineFeed && state < HttpRequestState.Get)
            {
                if (state != HttpRequestState.FieldName && (offset & 1) == 0 && !_carriageReturn)
                {
                    // plain text of a value is passed over by words, and that of a request line kept by words
                    offset = state == HttpRequestState.FieldValue
                        ? SkipText(words, offset >> 1, end >> 1) << 1
                        : KeepToLineFeed(words, offset, end, lowByteFirst);
                    if (offset >= end)
                    {
                        break;
                    }
                }

                int word = words[offset >> 1];
                value = (offset & 1) == lowParity ? word & 0xFF : word >> 8;
                offset++;
                state = state == HttpRequestState.FieldValue ? FieldValue(value)
                    : state == HttpRequestState.FieldName ? FieldName(value)
                    : RequestLine(value);
            }

            _state = state;
            return offset;
        }

        /// <summary>
        /// Keeps words of the request line without a line feed, as long as there is room for them.
        /// </summary>
        private int KeepToLineFeed(ushort[] words, int offset, int end, bool lowByteFirst)
        {
            byte[] line = _line;
            int length = _lineLength;
            int index = offset >> 1;
            int last = end >> 1;
            while (index < last && length < MaximumLine - 1)
            {
                int word = words[index];
                int first = word & 0xFF;
                int second = word >> 8;
                if (first == HttpCharacters.LineFeed || second == HttpCharacters.LineFeed)
                {
                    break;
                }

                line[length] = (byte)(lowByteFirst ? first : second);
                line[length + 1] = (byte)(lowByteFirst ? second : first);
                length += 2;
                index++;
            }

            _lineLength = length;
            return index << 1;
        }

        private HttpRequestState RequestLine(int value)
        {
            if (value == HttpCharacters.LineFeed)
            {
                return EndOfLine();
            }

            if (_lineLength == MaximumLine)
            {
                return HttpRequestState.UriTooLong;
            }

            _line[_lineLength++] = (byte)value;
            return HttpRequestState.RequestLine;
        }

        /// <summary>
        /// A value may have visible characters of any code, spaces and tabs in it, but no other control characters (RFC 9110 section 5.5), and
        /// it ends with the line.
        /// </summary>
        private HttpRequestState FieldValue(int value)
        {
            if (value == HttpCharacters.LineFeed)
            {
                _carriageReturn = false;
                _column = 0;
                _hostMatched = 0;
                return HttpRequestState.FieldName;
            }

            bool isControl = value < HttpCharacters.Space ? value != HttpCharacters.Tab : value == HttpCharacters.Delete;
            if (_carriageReturn || (isControl && value != HttpCharacters.CarriageReturn))
            {
                // a bare CR is none of HTTP's (RFC 9112 section 2.2)
                return HttpRequestState.BadRequest;
            }

            _carriageReturn = value == HttpCharacters.CarriageReturn;
            return HttpRequestState.FieldValue;
        }

        private HttpRequestState FieldName(int value)
        {
            if (_carriageReturn && value != HttpCharacters.LineFeed)
            {
                // a bare CR is none of HTTP's (RFC 9112 section 2.2)
                return HttpRequestState.BadRequest;
            }

            if (value == HttpCharacters.LineFeed)
            {
                _carriageReturn = false;

                // only the empty line ends the header; a line without a colon is no field
                return _column == 0 ? EndOfHeader() : HttpRequestState.BadRequest;
            }

            if (value == HttpCharacters.CarriageReturn)
            {
                _carriageReturn = true;
                return HttpRequestState.FieldName;
            }

            if (value == ':')
            {
                if (_hostMatched == Host.Length && _column == Host.Length)
                {
                    _hosts++;
                }

                return _column == 0 ? HttpRequestState.BadRequest : HttpRequestState.FieldValue;
            }

            if (HttpCharacters.Tokens[value] == 0)
            {
                // names are tokens: no white space before the colon, and no folded lines (RFC 9112 sections 5.1 and 5.2)
                return HttpRequestState.BadRequest;
            }

            if (_column < Host.Length && _hostMatched == _column && (value | 0x20) == Host[_column])
            {
                _hostMatched++;
            }

            _column++;
            return HttpRequestState.FieldName;
        }

        private HttpRequestState EndOfHeader()
        {
            // RFC 9112 section 3.2: in HTTP/1.1 one Host field, no more and no less
            if (_hosts > 1 || (_hosts == 0 && _hostRequired))
            {
                return HttpRequestState.BadRequest;
            }

            return _method;
        }

        private HttpRequestState EndOfLine()
        {
            int length = _lineLength;
            if (length > 0 && _line[length - 1] == HttpCharacters.CarriageReturn)
            {
                length--;
            }

            if (length == 0)
            {
                // RFC 9112 section 2.2: an empty line before the request is passed over
                _lineLength = 0;
                return HttpRequestState.RequestLine;
            }

            int methodLength = LengthOfToken(0, length);
            int target = methodLength + 1;
            int targetLength = target < length ? LengthOfToken(target, length) : 0;
            int version = target + targetLength + 1;
            if (methodLength == 0 || targetLength == 0 || length - version != 8 || !StartsWith(version, Http)
                || _line[version + 6] != '.' || !IsDigit(_line[version + 5]) || !IsDigit(_line[version + 7]))
            {
                return HttpRequestState.BadRequest;
            }

            if (_line[version + 5] != '1')
            {
                return HttpRequestState.VersionNotSupported;
            }

            _hostRequired = _line[version + 7] != '0';
            if (!FindPath(target, targetLength))
            {
                return HttpRequestState.BadRequest;
            }

            _method = FindMethod(methodLength);
            return HttpRequestState.FieldName;
        }

        private HttpRequestState FindMethod(int length)
        {
            if (length == GetMethod.Length && StartsWith(0, GetMethod))
            {
                return HttpRequestState.Get;
            }

            if (length == HeadMethod.Length && StartsWith(0, HeadMethod))
            {
                return HttpRequestState.Head;
            }

            for (int i = 0; i < OtherMethods.Length; i++)
            {
                if (length == OtherMethods[i].Length && StartsWith(0, OtherMethods[i]))
                {
                    return HttpRequestState.MethodNotAllowed;
                }
            }

            return HttpRequestState.NotImplemented;
        }

        private bool FindPath(int target, int length)
        {
            int end = target + length;
            if (_line[target] != '/')
            {
                // a proxy may send the whole address (RFC 9112 section 3.2.2), and OPTIONS may ask about "*"
                if (length == 1 && _line[target] == '*')
                {
                    _pathStart = target;
                    _pathLength = 1;
                    return true;
                }

                if (length < Scheme.Length || !StartsWith(target, Scheme))
                {
                    return false;
                }

                target += Scheme.Length;
                while (target < end && _line[target] != '/')
                {
                    target++;
                }

                if (target == end)
                {
                    return false;
                }
            }

            _pathStart = target;
            while (target < end && _line[target] != '?')
            {
                target++;
            }

            _pathLength = target - _pathStart;
            return true;
        }

        /// <summary>
        /// Length of a run of visible characters.
        /// </summary>
        private int LengthOfToken(int start, int end)
        {
            int position = start;
            while (position < end && _line[position] > HttpCharacters.Space && _line[position] < 0x7F)
            {
                position++;
            }

            // the run must end with a space or the line, not with a control character
            return position == end || _line[position] == HttpCharacters.Space ? position - start : 0;
        }

        private bool StartsWith(int start, byte[] text)
        {
            if (start + text.Length > _lineLength)
            {
                return false;
            }

            for (int i = 0; i < text.Length; i++)
            {
                if (_line[start + i] != text[i])
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsDigit(int value) => value >= '0' && value <= '9';
    }
}
