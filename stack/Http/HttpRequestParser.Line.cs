// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <content>
    /// The request line (RFC 9112 section 3): method, target, version; and what the target is for (RFC 3986).
    /// </content>
    public sealed partial class HttpRequestParser
    {
        private static readonly byte[] Http = HttpCharacters.BytesOf("HTTP/");
        private static readonly byte[] Scheme = HttpCharacters.BytesOf("http://");

        /// <summary>In the order of their bits in <see cref="HttpMethods"/>.</summary>
        internal static readonly byte[][] Methods = new byte[][]
        {
            HttpCharacters.BytesOf("GET"),
            HttpCharacters.BytesOf("HEAD"),
            HttpCharacters.BytesOf("POST"),
            HttpCharacters.BytesOf("PUT"),
            HttpCharacters.BytesOf("DELETE"),
            HttpCharacters.BytesOf("PATCH"),
            HttpCharacters.BytesOf("OPTIONS"),
            HttpCharacters.BytesOf("TRACE"),
            HttpCharacters.BytesOf("CONNECT"),
        };

        private int _pathStart;
        private int _pathLength;
        private int _queryStart;
        private int _queryLength;
        private int _hostStatus;
        private int _skipped;
        private bool _hasAuthority;

        /// <summary>Gets where in the text the path begins, as it was sent.</summary>
        internal int PathStart => _pathStart;

        /// <summary>Gets the bytes of the path.</summary>
        internal int PathLength => _pathLength;

        /// <summary>Gets where in the text the query begins.</summary>
        internal int QueryStart => _queryStart;

        /// <summary>Gets the bytes of the query, without the question mark; 0 for none.</summary>
        internal int QueryLength => _queryLength;

        /// <summary>
        /// Whether the request is for a path. What follows a question mark does not count; what is percent-encoded stands for what it means,
        /// but for a slash, which then is part of a name.
        /// </summary>
        /// <param name="path">The path's bytes. A name in braces stands for any segment.</param>
        /// <param name="segments">Is filled with the places of such segments in the text, start and length, 16 bits each; or null.</param>
        /// <returns>Whether they are the same.</returns>
        public bool IsFor(byte[] path, int[] segments)
        {
            int at = _pathStart;
            int end = at + _pathLength;
            int count = 0;
            for (int i = 0; i < path.Length; i++)
            {
                if (at >= end)
                {
                    return false;
                }

                if (path[i] == '{')
                {
                    while (path[i] != '}')
                    {
                        i++;
                    }

                    int next = FindByte('/', at, end);
                    if (next == at)
                    {
                        return false;
                    }

                    if (segments != null && count < segments.Length)
                    {
                        segments[count++] = (at << 16) | (next - at);
                    }

                    at = next;
                    continue;
                }

                int c = _text[at++];
                if (c == '%')
                {
                    c = (HttpCharacters.HexOf(_text[at]) << 4) | HttpCharacters.HexOf(_text[at + 1]);
                    at += 2;
                    if (c == '/')
                    {
                        return false;
                    }
                }

                if (c != path[i])
                {
                    return false;
                }
            }

            return at == end;
        }

        /// <summary>
        /// Keeps words of the request line without a line feed, as long as there is room for them.
        /// </summary>
        private int KeepByWords(ushort[] words, int offset, int end, bool lowByteFirst)
        {
            byte[] line = _text;
            int length = _lineLength;
            int room = line.Length - Reserve - 1;
            int index = offset >> 1;
            int last = end >> 1;
            while (index < last && length < room)
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

        private void ReadRequestLine(int value)
        {
            if (value == HttpCharacters.LineFeed)
            {
                EndLine();
                return;
            }

            if (_lineLength < _text.Length - Reserve)
            {
                _text[_lineLength++] = (byte)value;
                return;
            }

            // from here on only where it ends and how: what is kept must have a method, a path and a question mark in it
            int length = _lineLength;
            int method = LengthOfToken(0, length);
            int target = method + 1;
            _method = FindMethod(method);
            if (method == 0 || target >= length)
            {
                Refuse(400);
                return;
            }

            if (_method == HttpMethods.None)
            {
                Refuse(501);
                return;
            }

            // the version may have begun
            int end = FindByte(HttpCharacters.Space, target, length);
            if (LengthOfToken(target, end) != end - target)
            {
                Refuse(400);
                return;
            }

            if (end == length && FindByte('?', target, end) == end)
            {
                Refuse(414);
                return;
            }

            _lineLength = end;
            _column = length - end;
            _state = HttpRequestState.LongLine;
            ReadLongLine(value);
        }

        /// <summary>
        /// The rest of a long target, and the version: it is written into the room that is always left.
        /// </summary>
        private void ReadLongLine(int value)
        {
            if (value == HttpCharacters.LineFeed)
            {
                int length = _column;
                if (length > 0 && _text[_lineLength + length - 1] == HttpCharacters.CarriageReturn)
                {
                    length--;
                }
                else
                {
                    _bareLineFeed = true;
                }

                int method = LengthOfToken(0, _lineLength);
                if (length != VersionLength + 1 || !TakeVersion(_lineLength + 1))
                {
                    if (_status == 0)
                    {
                        Refuse(400);
                    }

                    return;
                }

                EndTarget(method + 1, _lineLength);
                return;
            }

            if (value == HttpCharacters.Space || _column > 0)
            {
                if (_column > VersionLength + 1)
                {
                    Refuse(400);
                    return;
                }

                _text[_lineLength + _column] = (byte)value;
                _column++;
            }
            else if (value < HttpCharacters.Space || value >= HttpCharacters.Delete)
            {
                Refuse(400);
            }
            else if (++_skipped > HttpLimits.MaximumTarget)
            {
                Refuse(414);
            }
        }

        private void EndLine()
        {
            int length = _lineLength;
            if (length > 0 && _text[length - 1] == HttpCharacters.CarriageReturn)
            {
                length--;
            }
            else
            {
                _bareLineFeed = true;
            }

            if (length == 0)
            {
                // RFC 9112 section 2.2: an empty line before the request is passed over
                _lineLength = 0;
                return;
            }

            int methodLength = LengthOfToken(0, length);
            int target = methodLength + 1;
            int targetLength = target < length ? LengthOfToken(target, length) : 0;
            int version = target + targetLength + 1;
            _method = FindMethod(methodLength);
            if (methodLength == 0 || targetLength == 0 || length - version != VersionLength || !TakeVersion(version))
            {
                if (_status == 0)
                {
                    Refuse(400);
                }
            }
            else if (_method == HttpMethods.None)
            {
                Refuse(501);
            }
            else
            {
                EndTarget(target, target + targetLength);
            }
        }

        private bool TakeVersion(int at)
        {
            if (!StartsWith(at, Http) || _text[at + 6] != '.' || !IsDigit(_text[at + 5]) || !IsDigit(_text[at + 7]))
            {
                return false;
            }

            _minor = _text[at + 7] - '0';
            if (_text[at + 5] != '1')
            {
                Refuse(505);
                return false;
            }

            return true;
        }

        private HttpMethods FindMethod(int length)
        {
            for (int i = 0; i < Methods.Length; i++)
            {
                if (length == Methods[i].Length && StartsWith(0, Methods[i]))
                {
                    return (HttpMethods)(1 << i);
                }
            }

            return HttpMethods.None;
        }

        /// <summary>
        /// What the target is for: path and query. A proxy may send the whole address (RFC 9112 section 3.2.2), and OPTIONS may ask about "*".
        /// </summary>
        private void EndTarget(int target, int end)
        {
            _state = HttpRequestState.FieldName;
            _column = 0;
            _textEnd = end;
            if (_method == HttpMethods.Connect || (_method == HttpMethods.Options && end - target == 1 && _text[target] == '*'))
            {
                _pathStart = target;
                _pathLength = end - target;
                return;
            }

            if (_text[target] != '/')
            {
                int authority = target + Scheme.Length;
                if (end < authority || !HttpCharacters.AreSame(_text, target, Scheme))
                {
                    Refuse(400);
                    return;
                }

                target = authority;
                while (target < end && _text[target] != '/' && _text[target] != '?' && _text[target] != '#')
                {
                    target++;
                }

                // it stands in place of the Host field
                _hasAuthority = true;
                _hostStatus = target == authority || _text[authority] == ':' ? 400 : _rules.CheckHost(_text, authority, target - authority);
                if (target == end || _text[target] != '/')
                {
                    // an empty path means "/", and there is a slash before the authority
                    _pathStart = authority - 1;
                    _pathLength = 1;
                    TakeQuery(target, end);
                    return;
                }
            }

            int question = FindByte('?', target, end);
            _pathStart = target;
            _pathLength = question - target;
            TakeQuery(question, end);
        }

        private void TakeQuery(int question, int end)
        {
            if (question < end)
            {
                _queryStart = question + 1;
                _queryLength = end - _queryStart;
                while (_skipped > 0 && _queryLength > 0 && _text[_queryStart + _queryLength - 1] != '&')
                {
                    // of the last pair only the beginning is there, which would be taken for the whole
                    _queryLength--;
                }
            }

            if (_hostStatus == 400 || FindByte('#', _pathStart, end) < end || !HasGoodEscapes(_pathStart, _pathStart + _pathLength))
            {
                Refuse(400);
                return;
            }

            int pathEnd = _pathStart + _pathLength;
            if (FindByte('.', _pathStart, pathEnd) < pathEnd || FindByte('%', _pathStart, pathEnd) < pathEnd)
            {
                RemoveDots();
            }
        }

        /// <summary>
        /// Steps up and steps in place are taken (RFC 3986 section 5.2.4), so that a path has one name.
        /// </summary>
        private void RemoveDots()
        {
            int start = _pathStart;
            int end = start + _pathLength;
            int to = start;
            int from = start;
            while (from < end)
            {
                // a segment, with the slash before it
                int next = FindByte('/', from + 1, end);
                int dots = CountDots(from + 1, next);
                if (dots == 2)
                {
                    while (to > start && _text[--to] != '/')
                    {
                    }
                }

                if (dots == 0)
                {
                    while (from < next)
                    {
                        _text[to++] = _text[from++];
                    }
                }
                else if (next == end)
                {
                    _text[to++] = (byte)'/';
                }

                from = next;
            }

            _pathLength = to - start;
        }

        /// <summary>Whether a segment is "." or "..", encoded or not.</summary>
        private int CountDots(int at, int end)
        {
            int dots = 0;
            while (at < end)
            {
                if (_text[at] == '%' && _text[at + 1] == '2' && (_text[at + 2] | 0x20) == 'e')
                {
                    at += 2;
                }
                else if (_text[at] != '.')
                {
                    return 0;
                }

                at++;
                dots++;
            }

            return dots < 3 ? dots : 0;
        }

        private bool HasGoodEscapes(int at, int end)
        {
            for (; at < end; at++)
            {
                if (_text[at] == '%' && (at + 2 >= end || HttpCharacters.HexOf(_text[at + 1]) < 0 || HttpCharacters.HexOf(_text[at + 2]) < 0))
                {
                    return false;
                }
            }

            return true;
        }

        private int FindByte(int value, int at, int end)
        {
            while (at < end && _text[at] != value)
            {
                at++;
            }

            return at;
        }

        /// <summary>
        /// Length of a run of visible characters.
        /// </summary>
        private int LengthOfToken(int start, int end)
        {
            int position = start;
            while (position < end && _text[position] > HttpCharacters.Space && _text[position] < HttpCharacters.Delete)
            {
                position++;
            }

            // the run must end with a space or the line, not with a control character
            return position == end || _text[position] == HttpCharacters.Space ? position - start : 0;
        }

        private bool StartsWith(int start, byte[] text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                if (_text[start + i] != text[i])
                {
                    return false;
                }
            }

            return true;
        }

        private void ResetLine()
        {
            _pathStart = 0;
            _pathLength = 0;
            _queryStart = 0;
            _queryLength = 0;
            _hostStatus = 0;
            _skipped = 0;
            _hasAuthority = false;
        }

        private static bool IsDigit(int value) => value >= '0' && value <= '9';
    }
}
