// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// Names as they stand in messages (RFC 1035 section 3.1): labels, each with its length before it, and an empty one at the end. Ours are in
    /// small letters, so that bytes can be compared.
    /// </summary>
    internal static class DnsName
    {
        /// <summary>The most bytes of a name in a message (RFC 1035 section 2.3.4).</summary>
        internal const int Longest = 255;

        /// <summary>The most bytes of a label.</summary>
        internal const int LongestLabel = 63;

        /// <summary>What a letter's small one is above it.</summary>
        internal const int SmallLetter = 'a' - 'A';

        /// <summary>Characters of the longest name: each dot has become a length, and two bytes are added.</summary>
        private const int LongestText = Longest - 2;

        private const uint Loopback = 0x7F000001;

        private static readonly byte[] s_local = new byte[] { 5, (byte)'l', (byte)'o', (byte)'c', (byte)'a', (byte)'l', 0 };

        private static readonly byte[] s_localhost = new byte[]
        {
            9, (byte)'l', (byte)'o', (byte)'c', (byte)'a', (byte)'l', (byte)'h', (byte)'o', (byte)'s', (byte)'t', 0,
        };

        /// <summary>
        /// Writes a name as it stands in messages.
        /// </summary>
        /// <param name="text">The name, such as "example.org", or null.</param>
        /// <param name="name">Where to: <see cref="Longest"/> bytes.</param>
        /// <returns>Its length, or InvalidArgument: empty, too long, an empty label, or a character that a host's name cannot have.</returns>
        internal static int Encode(string text, byte[] name)
        {
            int count = text == null ? 0 : text.Length;
            if (count > LongestText + 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            for (int i = 0; i < count; i++)
            {
                int c = text[i];
                name[i + 1] = c > 0x7F ? (byte)0 : (byte)c;
            }

            return SetLengths(name, count);
        }

        /// <summary>
        /// Writes a name as it stands in messages.
        /// </summary>
        /// <param name="text">Has the characters, or null.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <param name="name">Where to.</param>
        /// <returns>As of the other overload.</returns>
        internal static int Encode(byte[] text, int offset, int count, byte[] name)
        {
            if (text == null || offset < 0 || count < 0 || count > text.Length - offset || count > LongestText + 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            for (int i = 0; i < count; i++)
            {
                name[i + 1] = text[offset + i];
            }

            return SetLengths(name, count);
        }

        /// <summary>
        /// Finds out what a name says by itself: an address in dotted decimal, or "localhost" (RFC 6761 section 6.3).
        /// </summary>
        /// <param name="name">The name.</param>
        /// <param name="length">Its length.</param>
        /// <param name="address">The address, if the result is 0.</param>
        /// <returns>0; HostNotFound for numbers that are no address (RFC 1123 section 2.1: no name ends in one); WouldBlock, somebody has to be
        /// asked.</returns>
        internal static int Read(byte[] name, int length, out uint address)
        {
            address = 0;
            int labels = 0;
            bool isAddress = true;
            bool isNumber = true;
            for (int head = 0; name[head] != 0; head += name[head] + 1)
            {
                int digits = name[head];
                int value = 0;
                isNumber = true;
                for (int i = 1; i <= digits; i++)
                {
                    int c = name[head + i];
                    isNumber = isNumber && c >= '0' && c <= '9';
                    value = digits > 3 ? 256 : (value * 10) + c - '0';
                }

                labels++;
                isAddress = isAddress && isNumber && value < 256 && (digits == 1 || name[head + 1] != '0');
                address = (address << 8) | (uint)(value & 0xFF);
            }

            if (isNumber)
            {
                return isAddress && labels == 4 ? 0 : (int)SocketError.HostNotFound;
            }

            address = Loopback;
            return EndsWith(name, length, s_localhost) ? 0 : (int)SocketError.WouldBlock;
        }

        /// <summary>
        /// Whether a name is asked of the hosts of the link (RFC 6762 section 3), and of nobody else.
        /// </summary>
        /// <param name="name">The name.</param>
        /// <param name="length">Its length.</param>
        /// <returns>Whether it ends in "local".</returns>
        internal static bool IsLocal(byte[] name, int length) => EndsWith(name, length, s_local);

        /// <summary>
        /// Whether two names are the same.
        /// </summary>
        /// <param name="a">One.</param>
        /// <param name="b">The other, of the same length.</param>
        /// <param name="length">Their length.</param>
        /// <returns>Whether they are.</returns>
        internal static bool AreEqual(byte[] a, byte[] b, int length)
        {
            for (int i = 0; i < length; i++)
            {
                if (a[i] != b[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Has the lengths take the place of the dots, the letters be small ones, and everything else refused.
        /// </summary>
        private static int SetLengths(byte[] name, int count)
        {
            if (count > 0 && name[count] == '.')
            {
                // RFC 1034 section 3.1: it says that the name is complete, as all are here
                count--;
            }

            if (count == 0 || count > LongestText)
            {
                return (int)SocketError.InvalidArgument;
            }

            int head = 0;
            for (int i = 1; i <= count + 1; i++)
            {
                int c = i <= count ? name[i] : '.';
                if (c != '.')
                {
                    if (c >= 'A' && c <= 'Z')
                    {
                        name[i] = (byte)(c + SmallLetter);
                    }
                    else if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_')
                    {
                        return (int)SocketError.InvalidArgument;
                    }

                    continue;
                }

                int length = i - head - 1;
                if (length == 0 || length > LongestLabel)
                {
                    return (int)SocketError.InvalidArgument;
                }

                name[head] = (byte)length;
                head = i;
            }

            name[head] = 0;
            return head + 1;
        }

        /// <summary>
        /// Whether the last labels of a name are these. The length before a label is no character of a name, so the labels are whole.
        /// </summary>
        private static bool EndsWith(byte[] name, int length, byte[] end)
        {
            int offset = length - end.Length;
            if (offset < 0)
            {
                return false;
            }

            for (int i = 0; i < end.Length; i++)
            {
                if (name[offset + i] != end[i])
                {
                    return false;
                }
            }

            return true;
        }
    }
}
