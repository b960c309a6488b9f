// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Http
{
    /// <summary>
    /// What the parsers of all connections know: which fields count, which names are ours, how much may be kept, and what was seen before.
    /// </summary>
    internal sealed class HttpRules
    {
        /// <summary>A field that nobody asks for.</summary>
        internal const int Unknown = 0;

        /// <summary>Host.</summary>
        internal const int Host = 1;

        /// <summary>Content-Length.</summary>
        internal const int ContentLength = 2;

        /// <summary>Transfer-Encoding.</summary>
        internal const int TransferEncoding = 3;

        /// <summary>Connection.</summary>
        internal const int Connection = 4;

        /// <summary>Expect.</summary>
        internal const int Expect = 5;

        /// <summary>Content-Encoding.</summary>
        internal const int ContentEncoding = 6;

        /// <summary>Content-Type, the first whose value is kept.</summary>
        internal const int ContentType = 7;

        /// <summary>If-None-Match.</summary>
        internal const int IfNoneMatch = 8;

        /// <summary>Authorization.</summary>
        internal const int Authorization = 9;

        /// <summary>Origin.</summary>
        internal const int Origin = 10;

        /// <summary>The first that an application may ask for.</summary>
        internal const int Asked = 11;

        /// <summary>Longest name of a field that counts.</summary>
        internal const int LongestName = 32;

        private const int MostNames = Asked + 4;
        private const int MostHosts = 8;

        private readonly byte[][] _names = new byte[MostNames][];
        private readonly int[] _letters = new int[LongestName + 1];
        private readonly byte[][] _hosts = new byte[MostHosts][];
        private int _count = Host;
        private int _hostCount;
        private bool _takesAddresses;
        private byte[] _domain;
        private int _domainLength;

        /// <summary>
        /// Initializes a new instance of the <see cref="HttpRules"/> class.
        /// </summary>
        /// <param name="limits">Sizes.</param>
        /// <param name="order">The word order of the frames that requests arrive in.</param>
        internal HttpRules(HttpLimits limits, WordOrder order)
        {
            Limits = limits;
            Known = new HttpKnownLines(order);
            AddField("host");
            AddField("content-length");
            AddField("transfer-encoding");
            AddField("connection");
            AddField("expect");
            AddField("content-encoding");
            AddField("content-type");
            AddField("if-none-match");
            AddField("authorization");
            AddField("origin");
        }

        /// <summary>Gets the sizes.</summary>
        internal HttpLimits Limits { get; }

        /// <summary>Gets the lines that are known as they lie in a frame.</summary>
        internal HttpKnownLines Known { get; }

        /// <summary>Gets for each length of a name the letters that names begin with which count, a bit each.</summary>
        internal int[] Letters => _letters;

        /// <summary>
        /// Has a field count.
        /// </summary>
        /// <param name="name">Its name in lower case.</param>
        /// <returns>Its number, or -1 if there is no room.</returns>
        internal int AddField(string name)
        {
            byte[] bytes = HttpCharacters.BytesOf(name);
            int known = Find(bytes, 0, bytes.Length);
            if (known != Unknown)
            {
                return known;
            }

            if (_count == MostNames || bytes.Length > LongestName || bytes.Length == 0)
            {
                return -1;
            }

            _names[_count] = bytes;
            _letters[bytes.Length] |= 1 << (bytes[0] & 31);
            return _count++;
        }

        /// <summary>
        /// Finds the number of a field.
        /// </summary>
        /// <param name="text">Where its name stands, in lower case.</param>
        /// <param name="start">From where on.</param>
        /// <param name="length">How long it is.</param>
        /// <returns>The number, or <see cref="Unknown"/>.</returns>
        internal int Find(byte[] text, int start, int length)
        {
            for (int i = Host; i < _count; i++)
            {
                if (_names[i].Length == length && HttpCharacters.AreSame(text, start, _names[i]))
                {
                    return i;
                }
            }

            return Unknown;
        }

        /// <summary>
        /// Adds a name that we answer to. Without any, we answer to all.
        /// </summary>
        /// <param name="name">Such as "board.local" or "192.168.1.50"; ".local" for all names that end so.</param>
        /// <returns>Whether there was room.</returns>
        internal bool AddHost(string name)
        {
            if (_hostCount == MostHosts)
            {
                return false;
            }

            _hosts[_hostCount++] = HttpCharacters.BytesOf(name.ToLower());
            return true;
        }

        /// <summary>
        /// Answers to addresses too.
        /// </summary>
        internal void TakeAddresses()
        {
            _takesAddresses = true;
        }

        /// <summary>
        /// Sets the domain in which our names are ours too.
        /// </summary>
        /// <param name="domain">Where its name stands; it stays the caller's.</param>
        /// <param name="length">How long it is; 0 for none.</param>
        internal void SetDomain(byte[] domain, int length)
        {
            // fields that were right may not be any more
            Known.ForgetFields();
            _domain = domain;
            _domainLength = length;
        }

        /// <summary>
        /// Looks at a Host field or an authority (RFC 9112 section 3.2, RFC 3986 section 3.2): a name or an address, and maybe a port.
        /// </summary>
        /// <param name="text">Where it stands.</param>
        /// <param name="start">From where on.</param>
        /// <param name="length">How long it is.</param>
        /// <returns>0 if it is one of ours, 400 if it is none, 421 if it is another's.</returns>
        internal int CheckHost(byte[] text, int start, int length)
        {
            int end = start + length;
            int i = start;
            if (i < end && text[i] == '[')
            {
                // an address of IPv6 (RFC 3986 section 3.2.2): as far as its bracket, and behind that only a port
                for (i++; i < end && (text[i] == ':' || HttpCharacters.Tokens[text[i]] != 0); i++)
                {
                }

                if (i >= end || text[i] != ']' || (++i < end && text[i] != ':'))
                {
                    return 400;
                }
            }

            while (i < end && text[i] != ':')
            {
                int c = text[i];
                if (HttpCharacters.Tokens[c] == 0 && c != '(' && c != ')' && c != ',' && c != ';' && c != '=')
                {
                    return 400;
                }

                i++;
            }

            int name = i - start;
            for (i++; i < end; i++)
            {
                if (text[i] < '0' || text[i] > '9')
                {
                    return 400;
                }
            }

            return _hostCount == 0 || IsOurs(text, start, name) ? 0 : 421;
        }

        private bool IsOurs(byte[] text, int start, int length)
        {
            // a dot at the end: the name is whole
            if (length > 0 && text[start + length - 1] == '.')
            {
                length--;
            }

            for (int i = 0; i < _hostCount; i++)
            {
                byte[] host = _hosts[i];
                int more = length - host.Length;
                if (more < 0 || host.Length == 0)
                {
                    continue;
                }

                bool isEnd = more > 0 && host[0] == '.';
                if ((more == 0 || isEnd) && HttpCharacters.AreSame(text, start + more, host))
                {
                    return true;
                }

                if (_domainLength > 0 && more == _domainLength + 1 && HttpCharacters.AreSame(text, start, host) && IsInDomain(text, start + host.Length))
                {
                    return true;
                }
            }

            return _takesAddresses && IsAddress(text, start, length);
        }

        private bool IsInDomain(byte[] text, int start)
        {
            bool isSame = text[start] == '.';
            for (int i = 0; i < _domainLength && isSame; i++)
            {
                // letters of either case: nothing else that can be in a name differs in that bit alone
                isSame = ((text[start + 1 + i] ^ _domain[i]) & ~0x20) == 0;
            }

            return isSame;
        }

        /// <summary>
        /// Whether it is an IPv4 address: a name does not end in a label of digits (RFC 1123 section 2.1).
        /// </summary>
        private static bool IsAddress(byte[] text, int start, int length)
        {
            int dots = 0;
            for (int i = start; i < start + length; i++)
            {
                if (text[i] == '.')
                {
                    dots++;
                }
                else if (text[i] < '0' || text[i] > '9')
                {
                    return false;
                }
            }

            return dots == 3;
        }
    }
}
