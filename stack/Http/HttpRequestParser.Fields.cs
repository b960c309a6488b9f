// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <content>
    /// The fields of the header (RFC 9110 section 5, RFC 9112 section 5): which of them count, and what they say of the message.
    /// </content>
    public sealed partial class HttpRequestParser
    {
        private const int Kept = HttpRules.ContentType;
        private const int MostKept = 8;

        /// <summary>The methods that change something.</summary>
        private const HttpMethods Changing = HttpMethods.Post | HttpMethods.Put | HttpMethods.Patch | HttpMethods.Delete;

        private static readonly byte[] Chunked = HttpCharacters.BytesOf("chunked");
        private static readonly byte[] Identity = HttpCharacters.BytesOf("identity");
        private static readonly byte[] Close = HttpCharacters.BytesOf("close");
        private static readonly byte[] Continue = HttpCharacters.BytesOf("100-continue");

        // where the values stand that are kept: start and length, 16 bits each
        private readonly int[] _kept = new int[MostKept];
        private int _host;
        private int _field;
        private int _valueLength;
        private int _bodyLength;
        private bool _chunked;
        private bool _expects;
        private bool _isEncoded;
        private bool _isPlain;

        /// <summary>Gets a value indicating whether a body follows.</summary>
        internal bool HasBody => _chunked || _bodyLength > 0;

        /// <summary>Gets the bytes of the body as the header says, -1 if it does not, -2 if they come in chunks.</summary>
        internal int BodyLength => _chunked ? -2 : _bodyLength;

        /// <summary>Gets a value indicating whether the client waits to be told that its body is wanted.</summary>
        internal bool Expects => _expects;

        /// <summary>Gets a value indicating whether the body is compressed, or otherwise not what it says.</summary>
        internal bool IsEncoded => _isEncoded;

        /// <summary>
        /// Gets a value indicating whether a page of another site would have something changed: a browser says whose page sends a request
        /// (RFC 6454), and Host says whom it takes us for. Programs that are no browsers say nothing of the kind.
        /// </summary>
        internal bool IsForeign
        {
            get
            {
                int origin = _kept[HttpRules.Origin - Kept];
                if (origin == 0 || (_method & Changing) == 0)
                {
                    return false;
                }

                int at = origin >> 16;
                int end = at + (origin & 0xFFFF);
                at = FindByte('/', at, end) + 2;
                int host = _host >> 16;
                if (end - at != (_host & 0xFFFF))
                {
                    return true;
                }

                while (at < end && _text[at] == _text[host])
                {
                    at++;
                    host++;
                }

                return at < end;
            }
        }

        /// <summary>Whether the fields said nothing that another request with the same fields would have to be looked at for.</summary>
        private bool IsPlain => _isPlain && !_bareLineFeed;

        /// <summary>Whether the value that is being read counts.</summary>
        private bool IsKept => _field != HttpRules.Unknown;

        /// <summary>
        /// Tells where the value of a field stands that is kept.
        /// </summary>
        /// <param name="field">Its number.</param>
        /// <returns>Start in the upper and length in the lower 16 bits; 0 if there was none.</returns>
        internal int ValueOf(int field) => _kept[field - Kept];

        /// <summary>
        /// Whether a value is a word, whatever case it has.
        /// </summary>
        /// <param name="start">Where the value begins.</param>
        /// <param name="length">How long it is.</param>
        /// <param name="word">The word, in lower case.</param>
        /// <returns>Whether it is.</returns>
        internal bool Is(int start, int length, byte[] word)
        {
            return length == word.Length && HttpCharacters.AreSame(_text, start, word);
        }

        private void ResetFields()
        {
            if (_isPlain)
            {
                // most requests say nothing that has to be forgotten
                return;
            }

            for (int i = 0; i < MostKept; i++)
            {
                _kept[i] = 0;
            }

            _host = 0;
            _bodyLength = -1;
            _chunked = false;
            _expects = false;
            _isEncoded = false;
            _isPlain = true;
            ResetBody();
        }

        private void ReadFieldName(int value)
        {
            if (_carriageReturn && value != HttpCharacters.LineFeed)
            {
                // a bare CR is none of HTTP's (RFC 9112 section 2.2)
                Refuse(400);
            }
            else if (value == HttpCharacters.LineFeed)
            {
                // only the empty line ends the header; a line without a colon is no field
                _bareLineFeed |= !_carriageReturn;
                _carriageReturn = false;
                if (_column == 0)
                {
                    EndHeader();
                }
                else
                {
                    Refuse(400);
                }
            }
            else if (value == HttpCharacters.CarriageReturn)
            {
                _carriageReturn = true;
            }
            else if (value == ':' && _column > 0)
            {
                _field = _column <= HttpRules.LongestName ? _rules.Find(_text, _textEnd, _column) : HttpRules.Unknown;
                _valueLength = 0;
                _state = HttpRequestState.FieldValue;
            }
            else if (HttpCharacters.Tokens[value] == 0)
            {
                // names are tokens: no white space before the colon, and no folded lines (RFC 9112 sections 5.1 and 5.2)
                Refuse(400);
            }
            else
            {
                if (_column < HttpRules.LongestName)
                {
                    _text[_textEnd + _column] = (byte)(value >= 'A' && value <= 'Z' ? value | 0x20 : value);
                }

                _column++;
            }
        }

        /// <summary>
        /// A value may have visible characters of any code, spaces and tabs in it, but no other control characters (RFC 9110 section 5.5), and
        /// it ends with the line.
        /// </summary>
        private void ReadFieldValue(int value)
        {
            if (value == HttpCharacters.LineFeed)
            {
                _bareLineFeed |= !_carriageReturn;
                _carriageReturn = false;
                _column = 0;
                _state = HttpRequestState.FieldName;
                if (_field != HttpRules.Unknown)
                {
                    EndField();
                }

                return;
            }

            bool isControl = value < HttpCharacters.Space ? value != HttpCharacters.Tab : value == HttpCharacters.Delete;
            if (_carriageReturn || (isControl && value != HttpCharacters.CarriageReturn))
            {
                Refuse(400);
                return;
            }

            _carriageReturn = value == HttpCharacters.CarriageReturn;
            bool isSpace = value == HttpCharacters.Space || value == HttpCharacters.Tab;
            if (_field != HttpRules.Unknown && !_carriageReturn && (_valueLength > 0 || !isSpace))
            {
                // the length goes on where the room does not
                if (_textEnd + _valueLength < _text.Length)
                {
                    _text[_textEnd + _valueLength] = (byte)value;
                }

                _valueLength++;
            }
        }

        private void EndField()
        {
            int start = _textEnd;
            bool fits = start + _valueLength <= _text.Length;
            while (fits && _valueLength > 0 && _text[start + _valueLength - 1] <= HttpCharacters.Space)
            {
                _valueLength--;
            }

            int length = _valueLength;
            int field = _field;
            _field = HttpRules.Unknown;
            if (field >= Kept)
            {
                Keep(field, start, length, fits);
            }
            else if (!fits)
            {
                Refuse(431);
            }
            else if (field == HttpRules.Host)
            {
                int status = _rules.CheckHost(_text, start, length);
                _hosts++;
                if (status == 400 || _hosts > 1)
                {
                    Refuse(400);
                }
                else if (!_hasAuthority)
                {
                    _hostStatus = status;
                }

                _isPlain &= status == 0;
                if ((_method & Changing) != 0 && start + length <= _text.Length - Reserve)
                {
                    _host = (start << 16) | length;
                    _textEnd = start + length;
                    _isPlain = false;
                }
            }
            else if (field == HttpRules.Connection)
            {
                _closes |= HasWord(start, length, Close);
            }
            else
            {
                _isPlain = false;
                FrameBody(field, start, length);
            }
        }

        /// <summary>
        /// What says how long the body is: in one way, once (RFC 9112 sections 6.1 and 6.3).
        /// </summary>
        private void FrameBody(int field, int start, int length)
        {
            if (field == HttpRules.ContentLength)
            {
                int value = NumberAt(start, length);
                if (value < 0 || _bodyLength >= 0 || _chunked)
                {
                    Refuse(value == -2 && _bodyLength < 0 && !_chunked ? 413 : 400);
                }

                _bodyLength = value;
            }
            else if (field == HttpRules.TransferEncoding)
            {
                if (_bodyLength >= 0 || _chunked || _minor == 0)
                {
                    Refuse(400);
                }
                else if (!Is(start, length, Chunked))
                {
                    Refuse(501);
                }

                _chunked = true;
            }
            else if (field == HttpRules.ContentEncoding)
            {
                _isEncoded |= !Is(start, length, Identity);
            }
            else if (Is(start, length, Continue))
            {
                _expects = _minor > 0;
            }
            else
            {
                Refuse(417);
            }
        }

        /// <summary>
        /// Keeps the value of a field that somebody asks for. A condition or a name that is too long is as good as none, but not an origin.
        /// </summary>
        private void Keep(int field, int start, int length, bool fits)
        {
            _isPlain = false;
            if (!fits || start + length > _text.Length - Reserve)
            {
                if (field >= HttpRules.Origin)
                {
                    Refuse(431);
                }

                return;
            }

            if (_kept[field - Kept] == 0)
            {
                _kept[field - Kept] = (start << 16) | length;
                _textEnd = start + length;
            }
        }

        private void EndHeader()
        {
            bool isFramed = _bodyLength >= 0 || _chunked;
            _closes |= _minor == 0 || _bareLineFeed;
            if ((_minor > 0 && _hosts == 0) || (_bareLineFeed && isFramed))
            {
                // RFC 9112 section 3.2: in HTTP/1.1 one Host field. A line feed alone ends a line for us, but not for all
                Refuse(400);
            }
            else if (_hostStatus != 0)
            {
                Refuse(_hostStatus);
            }
            else
            {
                _state = HttpRequestState.Complete;
                BeginBody();
            }
        }

        /// <summary>
        /// A number of decimal digits.
        /// </summary>
        /// <returns>The number; -1 if it is none, -2 if it is too large.</returns>
        private int NumberAt(int start, int length)
        {
            int value = 0;
            bool isTooLarge = false;
            for (int i = 0; i < length; i++)
            {
                int digit = _text[start + i] - '0';
                if (digit < 0 || digit > 9)
                {
                    return -1;
                }

                isTooLarge |= value > (int.MaxValue - digit) / 10;
                value = (value * 10) + digit;
            }

            return length == 0 ? -1 : isTooLarge ? -2 : value;
        }

        /// <summary>Whether a word stands in a list.</summary>
        private bool HasWord(int start, int length, byte[] word)
        {
            int end = start + length;
            while (start < end)
            {
                int comma = FindByte(',', start, end);
                int last = comma;
                while (start < last && _text[start] <= HttpCharacters.Space)
                {
                    start++;
                }

                while (last > start && _text[last - 1] <= HttpCharacters.Space)
                {
                    last--;
                }

                if (Is(start, last - start, word))
                {
                    return true;
                }

                start = comma + 1;
            }

            return false;
        }
    }
}
