// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <content>
    /// The fields of a header (RFC 9110 section 5, RFC 9112 section 5).
    /// </content>
    internal sealed partial class HttpAnswerParser
    {
        private void ReadFieldName(int value)
        {
            if (_column == 0 && (value == ' ' || value == '\t'))
            {
                // a value that goes on in the next line (obs-fold) is one with a space in it (RFC 9112 section 5.2)
                if (!_mayFold)
                {
                    Refuse(HttpClientError.BadAnswer);
                    return;
                }

                _state = HttpAnswerState.FieldValue;
                ReadFieldValue(' ');
                return;
            }

            if (value == ':')
            {
                BeginValue();
                return;
            }

            if (!HttpTokens.IsToken(value))
            {
                Refuse(HttpClientError.BadAnswer);
                return;
            }

            if (_column < LongestName)
            {
                _name[_column] = (byte)value;
            }

            _column++;
        }

        private void BeginValue()
        {
            if (_column == 0)
            {
                Refuse(HttpClientError.BadAnswer);
                return;
            }

            _field = _inTrailer ? NoField : FindField();

            // what frames the message may come once more, and then must say the same; of other fields the first counts
            if (_field >= LocationField && _lengths[_field] >= 0)
            {
                _field = NoField;
            }

            _valueStart = _textEnd;
            _mayFold = _field == NoField || _field >= LocationField;
            BeginLine(HttpAnswerState.FieldValue);
        }

        private int FindField()
        {
            byte[][] names = _names;
            int length = _column;
            for (int i = 0; i < names.Length; i++)
            {
                byte[] name = names[i];
                if (name.Length == length && HttpTokens.AreSame(_name, 0, length, name))
                {
                    return i;
                }
            }

            return NoField;
        }

        private void ReadFieldValue(int value)
        {
            if (!HttpTokens.IsText(value))
            {
                Refuse(HttpClientError.BadAnswer);
                return;
            }

            if (_field == NoField || ((value == ' ' || value == '\t') && _textEnd == _valueStart))
            {
                return;
            }

            if (_textEnd == _text.Length)
            {
                Refuse(HttpClientError.TooLong);
                return;
            }

            _text[_textEnd++] = (byte)value;
        }

        private void EndField()
        {
            if (_field != NoField)
            {
                int end = _textEnd;
                while (end > _valueStart && (_text[end - 1] == ' ' || _text[end - 1] == '\t'))
                {
                    end--;
                }

                _textEnd = end;
                if (_field >= LocationField)
                {
                    _starts[_field] = _valueStart;
                    _lengths[_field] = end - _valueStart;
                }
                else
                {
                    Understand(end - _valueStart);
                    _textEnd = _valueStart;
                }
            }

            if (_state != HttpAnswerState.Refused)
            {
                BeginLine(HttpAnswerState.FieldName);
            }
        }

        /// <summary>
        /// Takes in what a field says of the message or the connection.
        /// </summary>
        private void Understand(int length)
        {
            if (_field == LengthField)
            {
                int said = ReadLength(length);
                if (said < 0 || (_contentLength >= 0 && said != _contentLength))
                {
                    Refuse(HttpClientError.BadAnswer);
                }

                _contentLength = said;
            }
            else if (_field == EncodingField)
            {
                // we have said that we know nothing but chunks
                if (_isChunked || !HttpTokens.AreSame(_text, _valueStart, length, HttpTokens.Chunked))
                {
                    Refuse(HttpClientError.BadAnswer);
                }

                _isChunked = true;
            }
            else
            {
                ReadOptions(length);
            }
        }

        private int ReadLength(int length)
        {
            int value = 0;
            for (int i = 0; i < length; i++)
            {
                int digit = _text[_valueStart + i] - '0';
                if (digit < 0 || digit > 9 || value > (int.MaxValue - digit) / 10)
                {
                    return -1;
                }

                value = (value * 10) + digit;
            }

            return length == 0 ? -1 : value;
        }

        /// <summary>
        /// Reads a list of what the server wants of the connection.
        /// </summary>
        private void ReadOptions(int length)
        {
            int end = _valueStart + length;
            int at = _valueStart;
            while (at < end)
            {
                int next = at;
                while (next < end && _text[next] != ',' && _text[next] != ' ' && _text[next] != '\t')
                {
                    next++;
                }

                _saysClose |= HttpTokens.AreSame(_text, at, next - at, HttpTokens.Close);
                _saysKeep |= HttpTokens.AreSame(_text, at, next - at, HttpTokens.KeepAlive);
                at = next + 1;
            }
        }
    }
}
