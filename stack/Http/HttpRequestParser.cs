// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.Http
{
    /// <summary>
    /// Reads a request (RFC 9112) as it arrives, a byte here and a kilobyte there. It keeps method and target, and the values of fields
    /// that somebody asks for; all else it only looks at. What two readers could understand in two ways is refused.
    /// </summary>
    /// <remarks>
    /// Here it reads byte by byte, and so knows all that can come. Lines that lie in a frame whole and hold nothing special are read by
    /// words, as far as they go, in another file of this class: with the same result.
    /// </remarks>
    public sealed partial class HttpRequestParser
    {
        /// <summary>What is always left of the room, for a field that has to be understood: its name, and then its value.</summary>
        private const int Reserve = 64;

        private const int NoLine = -1;
        private const int VersionLength = 8;

        private readonly HttpRules _rules;
        private readonly HttpKnownLines _known;
        private readonly byte[] _text;
        private HttpRequestState _state;
        private HttpMethods _method;
        private int _status;
        private int _textEnd;
        private int _total;
        private int _lineLength;
        private int _minor;
        private int _column;
        private int _hosts;
        private bool _carriageReturn;
        private bool _bareLineFeed;
        private bool _closes;
        private int _knownLine;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRequestParser"/> class with the usual limits.
        /// </summary>
        public HttpRequestParser()
            : this(new HttpRules(new HttpLimits(), WordOrder.LowByteFirst))
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRequestParser"/> class.
        /// </summary>
        /// <param name="rules">What all parsers know.</param>
        internal HttpRequestParser(HttpRules rules)
        {
            _rules = rules;
            _known = rules.Known;
            _text = new byte[rules.Limits.StoredBytes];
            _knownLine = NoLine;
            ResetFields();
        }

        /// <summary>Gets how far the request has been read.</summary>
        public HttpRequestState State => _state;

        /// <summary>Gets a value indicating whether there is something to answer.</summary>
        public bool IsComplete => _state >= HttpRequestState.Complete;

        /// <summary>Gets the status that a request is to be refused with, or 0.</summary>
        public int Status => _status;

        /// <summary>Gets the method; of a request that is no good maybe none.</summary>
        public HttpMethods Method => _method;

        /// <summary>Gets the number of bytes read since <see cref="Reset"/>, the body left out.</summary>
        public int BytesRead => _total;

        /// <summary>Gets a value indicating whether nothing has come but empty lines, which some send behind a body.</summary>
        internal bool IsBlank => _state == HttpRequestState.RequestLine && _lineLength == 0;

        /// <summary>Gets which of the known request lines it is, or -1: then <see cref="IsFor"/> tells what it is for.</summary>
        internal int KnownLine => _knownLine;

        /// <summary>Gets the version's second digit: 0 for HTTP/1.0.</summary>
        internal int Minor => _minor;

        /// <summary>Gets a value indicating whether the client wants no further request on the connection, or cannot have one.</summary>
        internal bool Closes => _closes;

        /// <summary>Gets what is kept of the request.</summary>
        internal byte[] Text => _text;

        /// <summary>
        /// Forgets the request.
        /// </summary>
        public void Reset()
        {
            if (_total == 0)
            {
                // nothing was read since it was made, or reset
                return;
            }

            _state = HttpRequestState.RequestLine;
            _method = HttpMethods.None;
            _status = 0;
            _textEnd = 0;
            _total = 0;
            _lineLength = 0;
            _minor = 0;
            _column = 0;
            _hosts = 0;
            _carriageReturn = false;
            _bareLineFeed = false;
            _closes = false;
            _knownLine = NoLine;
            ResetLine();
            ResetFields();
        }

        /// <summary>
        /// Reads on, up to the end of the header.
        /// </summary>
        /// <param name="view">What has arrived.</param>
        /// <returns>How many bytes were read: all of them, unless the header ended before.</returns>
        public int Parse(ReceivedView view)
        {
            ushort[] words = view.Words;
            int start = view.Offset;
            int offset = start;
            int end = start + view.Length;
            bool lowByteFirst = view.LowByteFirst;
            int fields = start;
            if (_total == 0)
            {
                fields = TakeRequestLine(words, offset, end);
                if (fields == start)
                {
                    offset = ReadLine(words, offset, end, lowByteFirst);
                    fields = _state == HttpRequestState.FieldName && _minor > 0 && !_bareLineFeed && !_hasAuthority ? offset : start;
                }
            }

            int hostEnd = fields;
            if (fields > start)
            {
                offset = TakeKnownFields(words, fields, end);
                hostEnd = offset;
            }

            bool isKnown = IsComplete;
            while (offset < end && _state < HttpRequestState.Complete)
            {
                int line = offset;
                if (_state == HttpRequestState.FieldName && _column == 0 && !_carriageReturn)
                {
                    offset = TakeFields(words, offset, end, lowByteFirst);
                }

                if (_state < HttpRequestState.Complete)
                {
                    offset = ReadLine(words, offset, end, lowByteFirst);
                    if (line == fields && _hosts > 0 && _column == 0)
                    {
                        hostEnd = offset;
                    }
                }
            }

            _total += offset - start;
            if (fields > start && !isKnown && _state == HttpRequestState.Complete && IsPlain)
            {
                _known.RememberFields(words, fields, hostEnd, offset, _closes);
            }

            if (_state < HttpRequestState.Complete && _total >= _rules.Limits.HeaderBytes)
            {
                Refuse(431);
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
            int value = 0;
            while (offset < end && value != HttpCharacters.LineFeed && _state < HttpRequestState.Complete)
            {
                if ((offset & 1) == 0 && _state != HttpRequestState.FieldName && !_carriageReturn)
                {
                    // plain text that nobody asks for is passed over by words, and a request line kept by words
                    offset = _state == HttpRequestState.RequestLine ? KeepByWords(words, offset, end, lowByteFirst)
                        : _state == HttpRequestState.FieldValue && !IsKept ? SkipText(words, offset >> 1, end >> 1) << 1
                        : offset;
                    if (offset >= end)
                    {
                        break;
                    }
                }

                int word = words[offset >> 1];
                value = (offset & 1) == lowParity ? word & 0xFF : word >> 8;
                offset++;
                switch (_state)
                {
                    case HttpRequestState.RequestLine:
                        ReadRequestLine(value);
                        break;
                    case HttpRequestState.LongLine:
                        ReadLongLine(value);
                        break;
                    case HttpRequestState.FieldName:
                        ReadFieldName(value);
                        break;
                    default:
                        ReadFieldValue(value);
                        break;
                }
            }

            return offset;
        }

        private void Refuse(int status)
        {
            // what follows a request that is no good cannot be told from it
            _status = status;
            _closes = true;
            _state = HttpRequestState.Refused;
        }
    }
}
