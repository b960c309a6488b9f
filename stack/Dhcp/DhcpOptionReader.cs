// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// Reads the options of a message, byte by byte, where they lie: behind the header, and in the fields 'file' and 'sname' if these are
    /// overloaded. An option that is there several times is one option in pieces (RFC 3396), and is read as one.
    /// </summary>
    internal sealed class DhcpOptionReader
    {
        // the order in which RFC 3396 section 7 has the pieces put together
        private const int InOptions = 0;
        private const int InFile = 1;
        private const int InServerName = 2;

        private const int FileHasOptions = 1;
        private const int ServerNameHasOptions = 2;

        private byte[] _message;
        private int _length;
        private int _overload;
        private int _place;
        private int _position;
        private int _end;
        private int _code;
        private int _left;

        /// <summary>
        /// Checks that all options lie within their fields, and that each field has an end. Nothing is read before that.
        /// </summary>
        /// <param name="message">The message.</param>
        /// <param name="length">Its length in bytes, <see cref="DhcpHeader.Length"/> at least.</param>
        /// <returns>Whether they do.</returns>
        internal bool Begin(byte[] message, int length)
        {
            _message = message;
            _length = length;
            _overload = 0;
            if (!IsWellFormed(InOptions))
            {
                return false;
            }

            if (Find(DhcpOption.Overload))
            {
                int overload = Read();
                if (overload < FileHasOptions || overload > (FileHasOptions | ServerNameHasOptions) || Read() >= 0)
                {
                    return false;
                }

                _overload = overload;
            }

            return ((_overload & FileHasOptions) == 0 || IsWellFormed(InFile))
                && ((_overload & ServerNameHasOptions) == 0 || IsWellFormed(InServerName));
        }

        /// <summary>
        /// Goes to the beginning of an option.
        /// </summary>
        /// <param name="code">Its code.</param>
        /// <returns>Whether it is there, with one byte at least.</returns>
        internal bool Find(int code)
        {
            _code = code;
            _left = 0;
            Enter(InOptions);
            return NextPiece();
        }

        /// <summary>
        /// Reads the next byte of the option.
        /// </summary>
        /// <returns>0 to 255, or -1 where it has ended.</returns>
        internal int Read()
        {
            if (_left == 0 && !NextPiece())
            {
                return -1;
            }

            _left--;
            return _message[_position++];
        }

        private void Enter(int place)
        {
            _place = place;
            switch (place)
            {
                case InOptions:
                    _position = DhcpHeader.Length;
                    _end = _length;
                    break;

                case InFile:
                    _position = DhcpHeader.File;
                    _end = DhcpHeader.MagicCookie;
                    break;

                default:
                    _position = DhcpHeader.ServerName;
                    _end = DhcpHeader.File;
                    break;
            }
        }

        /// <summary>
        /// Goes on to the next piece of the option that has a byte.
        /// </summary>
        private bool NextPiece()
        {
            while (true)
            {
                int code = _message[_position++];
                if (code == DhcpOption.End)
                {
                    if (!EnterNext())
                    {
                        // so that whoever reads on finds the end again
                        _position--;
                        return false;
                    }
                }
                else if (code != DhcpOption.Pad)
                {
                    int length = _message[_position++];
                    if (code == _code && length > 0)
                    {
                        _left = length;
                        return true;
                    }

                    _position += length;
                }
            }
        }

        private bool EnterNext()
        {
            if (_place == InOptions && (_overload & FileHasOptions) != 0)
            {
                Enter(InFile);
                return true;
            }

            if (_place != InServerName && (_overload & ServerNameHasOptions) != 0)
            {
                Enter(InServerName);
                return true;
            }

            return false;
        }

        private bool IsWellFormed(int place)
        {
            Enter(place);
            while (_position < _end)
            {
                int code = _message[_position++];
                if (code == DhcpOption.End)
                {
                    return true;
                }

                if (code != DhcpOption.Pad)
                {
                    if (_position == _end)
                    {
                        return false;
                    }

                    _position += 1 + _message[_position];
                }
            }

            return false;
        }
    }
}
