// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Http
{
    /// <summary>
    /// An http URL (RFC 9110 section 4.2.1) in its normal form, in a buffer that is made once: host in lower case, port if it is not 80, and
    /// then the target, which begins with a slash. A fragment is left out.
    /// </summary>
    internal sealed class HttpUrl
    {
        /// <summary>Bytes of the longest host and port.</summary>
        internal const int LongestAuthority = 128;

        private const int UsualPort = 80;

        private static readonly byte[] s_http = BytesOf("http://");
        private static readonly byte[] s_https = BytesOf("https://");

        private readonly byte[] _bytes;
        private int _hostLength;
        private int _authorityLength;
        private int _length;
        private int _port;
        private uint _address;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpUrl"/> class.
        /// </summary>
        /// <param name="capacity">Bytes of the longest URL, without its scheme.</param>
        internal HttpUrl(int capacity)
        {
            _bytes = new byte[capacity];
        }

        /// <summary>Gets host, port and target in a row.</summary>
        internal byte[] Bytes => _bytes;

        /// <summary>Gets how long the host is, with which <see cref="Bytes"/> begins.</summary>
        internal int HostLength => _hostLength;

        /// <summary>Gets how long host and port are, as the Host field has them; the target begins behind.</summary>
        internal int AuthorityLength => _authorityLength;

        /// <summary>Gets how long all of it is.</summary>
        internal int Length => _length;

        /// <summary>Gets the port.</summary>
        internal int Port => _port;

        /// <summary>Gets the host's address if it is known, or 0.0.0.0.</summary>
        internal uint Address => _address;

        /// <summary>
        /// Turns ASCII text into bytes, at start-up.
        /// </summary>
        internal static byte[] BytesOf(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = characters[i] < 128 ? (byte)characters[i] : (byte)0;
            }

            return bytes;
        }

        /// <summary>
        /// Parses a URL that an application names, at start-up.
        /// </summary>
        /// <returns>0, or a negative <see cref="HttpClientError"/>.</returns>
        internal int Parse(string url)
        {
            byte[] bytes = BytesOf(url);
            return Set(bytes, 0, bytes.Length);
        }

        /// <summary>
        /// Takes another URL over.
        /// </summary>
        /// <returns>0, or TooLong.</returns>
        internal int Copy(HttpUrl other)
        {
            if (other._length > _bytes.Length)
            {
                return (int)HttpClientError.TooLong;
            }

            Array.Copy(other._bytes, 0, _bytes, 0, other._length);
            _hostLength = other._hostLength;
            _authorityLength = other._authorityLength;
            _length = other._length;
            _port = other._port;
            _address = other._address;
            return 0;
        }

        /// <summary>
        /// Whether host and port are those of another URL.
        /// </summary>
        internal bool HasAuthorityOf(HttpUrl other)
        {
            bool areSame = other._authorityLength == _authorityLength;
            for (int i = 0; areSame && i < _authorityLength; i++)
            {
                areSame = _bytes[i] == other._bytes[i];
            }

            return areSame;
        }

        /// <summary>
        /// Takes a reference in, such as a Location, by RFC 3986 section 5.2: it may leave out what is as before.
        /// </summary>
        /// <returns>0, or a negative <see cref="HttpClientError"/>; then there is no URL any more.</returns>
        internal int Resolve(byte[] text, int start, int length)
        {
            int end = start + length;
            int first = length > 0 ? text[start] : '#';
            if (HasScheme(text, start, end))
            {
                return Set(text, start, length);
            }

            if (first == '/' && length > 1 && text[start + 1] == '/')
            {
                return SetAuthority(text, start + 2, end);
            }

            int keep = _authorityLength;
            if (first != '/')
            {
                keep = first == '#' ? _length : FindPathEnd();
            }

            if (first != '/' && first != '?' && first != '#')
            {
                // up to the last slash of the path
                do
                {
                    keep--;
                }
                while (_bytes[keep] != '/');
                keep++;
            }

            return SetTarget(keep, text, start, end);
        }

        /// <summary>
        /// Puts a target in place of the one that there is.
        /// </summary>
        /// <returns>0, or a negative <see cref="HttpClientError"/>.</returns>
        internal int SetTarget(byte[] text, int start, int length)
        {
            return length < 1 || text[start] != '/' ? (int)HttpClientError.InvalidUrl : SetTarget(_authorityLength, text, start, start + length);
        }

        private static bool HasScheme(byte[] text, int start, int end)
        {
            for (int i = start; i < end; i++)
            {
                int c = text[i];
                if (c == ':')
                {
                    return true;
                }

                if (c == '/' || c == '?' || c == '#')
                {
                    return false;
                }
            }

            return false;
        }

        private static bool BeginsWith(byte[] text, int start, int length, byte[] word)
        {
            if (length < word.Length)
            {
                return false;
            }

            for (int i = 0; i < word.Length; i++)
            {
                int c = text[start + i];
                if (c != word[i] && (c < 'A' || c > 'Z' || (c | 0x20) != word[i]))
                {
                    return false;
                }
            }

            return true;
        }

        private static bool IsOfHost(int c) => (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';

        private int Set(byte[] text, int start, int length)
        {
            if (BeginsWith(text, start, length, s_http))
            {
                return SetAuthority(text, start + s_http.Length, start + length);
            }

            bool isOther = BeginsWith(text, start, length, s_https) || HasScheme(text, start, start + length);
            return (int)(isOther ? HttpClientError.SchemeNotSupported : HttpClientError.InvalidUrl);
        }

        /// <summary>
        /// Host and port, up to the target, and then the target.
        /// </summary>
        private int SetAuthority(byte[] text, int at, int end)
        {
            int length = 0;
            int c = 0;
            for (; at < end; at++)
            {
                c = text[at];
                c = c >= 'A' && c <= 'Z' ? c | 0x20 : c;
                if (!IsOfHost(c))
                {
                    break;
                }

                if (length >= LongestAuthority - 6 || length >= _bytes.Length)
                {
                    return (int)HttpClientError.TooLong;
                }

                _bytes[length++] = (byte)c;
            }

            _hostLength = length;
            _address = FindAddress();
            int port = 0;
            if (at < end && c == ':')
            {
                at++;
                for (; at < end && text[at] >= '0' && text[at] <= '9' && port < 65536; at++)
                {
                    port = (port * 10) + text[at] - '0';
                }
            }

            c = at < end ? text[at] : '/';
            _port = port == 0 ? UsualPort : port;
            if (length == 0 || port > 65535 || (c != '/' && c != '?' && c != '#'))
            {
                return (int)HttpClientError.InvalidUrl;
            }

            _authorityLength = _port == UsualPort ? length : WritePort(length);
            return _authorityLength < 0 ? _authorityLength : SetTarget(_authorityLength, text, at, end);
        }

        /// <summary>
        /// Reads the host as an address in dotted decimal: nobody needs to be asked for that.
        /// </summary>
        /// <returns>The address, or 0.0.0.0 if it is a name.</returns>
        private uint FindAddress()
        {
            uint address = 0;
            int octet = -1;
            int dots = 0;
            for (int i = 0; i < _hostLength; i++)
            {
                int c = _bytes[i];
                if (c == '.' && octet >= 0)
                {
                    address = (address << 8) | (uint)octet;
                    octet = -1;
                    dots++;
                    continue;
                }

                // no octet has a zero before its other digits
                octet = octet < 0 ? c - '0' : octet == 0 ? 256 : (octet * 10) + c - '0';
                if (c < '0' || c > '9' || octet > 255)
                {
                    return IPv4Address.Any;
                }
            }

            return dots == 3 && octet >= 0 ? (address << 8) | (uint)octet : IPv4Address.Any;
        }

        private int WritePort(int at)
        {
            int digits = 1;
            for (int rest = _port; rest > 9; rest /= 10)
            {
                digits++;
            }

            int end = at + 1 + digits;
            if (end > _bytes.Length)
            {
                return (int)HttpClientError.TooLong;
            }

            _bytes[at] = (byte)':';
            int port = _port;
            for (int i = end - 1; i > at; i--)
            {
                _bytes[i] = (byte)('0' + (port % 10));
                port /= 10;
            }

            return end;
        }

        private int FindPathEnd()
        {
            int at = _authorityLength;
            while (at < _length && _bytes[at] != '?')
            {
                at++;
            }

            return at;
        }

        /// <summary>
        /// Keeps the target up to a place, adds what a reference says, up to its fragment, and takes dots out.
        /// </summary>
        private int SetTarget(int keep, byte[] text, int at, int end)
        {
            int length = keep;
            for (; at < end && text[at] != '#'; at++)
            {
                int c = text[at];
                if (c <= ' ' || c >= 0x7F)
                {
                    return (int)HttpClientError.InvalidUrl;
                }

                if (length == _authorityLength && c != '/')
                {
                    // there is always a path
                    if (length >= _bytes.Length)
                    {
                        return (int)HttpClientError.TooLong;
                    }

                    _bytes[length++] = (byte)'/';
                }

                if (length >= _bytes.Length)
                {
                    return (int)HttpClientError.TooLong;
                }

                _bytes[length++] = (byte)c;
            }

            if (length == _authorityLength)
            {
                if (length >= _bytes.Length)
                {
                    return (int)HttpClientError.TooLong;
                }

                _bytes[length++] = (byte)'/';
            }

            _length = length;
            RemoveDots();
            return 0;
        }

        /// <summary>
        /// Takes "." and ".." out of the path (RFC 3986 section 5.2.4).
        /// </summary>
        private void RemoveDots()
        {
            byte[] bytes = _bytes;
            int pathEnd = FindPathEnd();
            int write = _authorityLength;
            int read = write;
            while (read < pathEnd)
            {
                int end = read + 1;
                while (end < pathEnd && bytes[end] != '/')
                {
                    end++;
                }

                int length = end - read;
                bool isDot = length == 2 && bytes[read + 1] == '.';
                bool areTwo = length == 3 && bytes[read + 1] == '.' && bytes[read + 2] == '.';
                while (areTwo && write > _authorityLength)
                {
                    write--;
                    areTwo = bytes[write] != '/';
                }

                isDot |= length == 3 && bytes[read + 1] == '.' && bytes[read + 2] == '.';
                if (isDot)
                {
                    // of a last one the slash stays
                    length = end == pathEnd ? 1 : 0;
                }

                for (int i = 0; i < length; i++)
                {
                    bytes[write++] = bytes[read + i];
                }

                read = end;
            }

            while (read < _length)
            {
                bytes[write++] = bytes[read++];
            }

            _length = write;
        }
    }
}
