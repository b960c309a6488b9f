// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using TcpIp;
using TcpIp.Threading;

namespace System.Net
{
    /// <summary>
    /// An address: IPv4, which the sockets have, or IPv6, which can only be written down and read.
    /// </summary>
    /// <remarks>IPv4 is a number whose lowest byte is the first of the address. The stack has the first one on
    /// top.</remarks>
    [Serializable]
    public partial class IPAddress
    {
        internal const int IPv4Bytes = 4;
        internal const int IPv6Bytes = 16;
        internal const int IPv6Groups = 8;

        private const long LargestNumber = 0xFFFFFFFF;

        /// <summary>0.0.0.0: to listen on each address that is ours.</summary>
        public static readonly IPAddress Any = new IPAddress(0L);

        /// <summary>127.0.0.1: this board.</summary>
        public static readonly IPAddress Loopback = new IPAddress(0x0100007FL);

        /// <summary>255.255.255.255: all hosts of the link.</summary>
        public static readonly IPAddress Broadcast = new IPAddress(LargestNumber);

        /// <summary>255.255.255.255: no address.</summary>
        public static readonly IPAddress None = Broadcast;

        internal readonly long Address;

        /// <summary>The IPv6 address ::.</summary>
        public static readonly IPAddress IPv6Any = new IPAddress(new byte[IPv6Bytes]);

        /// <summary>The IPv6 address ::1.</summary>
        public static readonly IPAddress IPv6Loopback = Parse("::1");

        // the order of the fields is that of the firmware's native code, which makes one of these in IPGlobalProperties.GetIPAddress
        private readonly AddressFamily _family = AddressFamily.InterNetwork;
        private readonly ushort[] _groups;
        private long _scopeId;

        /// <summary>Gets the kind of address.</summary>
        public AddressFamily AddressFamily => _family;

        /// <summary>
        /// Initializes a new instance of the <see cref="IPAddress"/> class for an IPv4 address.
        /// </summary>
        /// <param name="newAddress">The number whose lowest byte is the first of the address: 192.168.1.50 is 0x3201A8C0.</param>
        /// <exception cref="ArgumentOutOfRangeException">It does not fit 32 bits.</exception>
        public IPAddress(long newAddress)
        {
            if (newAddress < 0 || newAddress > LargestNumber)
            {
                throw new ArgumentOutOfRangeException(nameof(newAddress));
            }

            Address = newAddress;
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="IPAddress"/> class.
        /// </summary>
        /// <param name="address">Four bytes, or sixteen for IPv6; the first one first.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        /// <exception cref="ArgumentException">There is another number of bytes.</exception>
        public IPAddress(byte[] address)
        {
            if (address == null)
            {
                throw new ArgumentNullException(nameof(address));
            }

            if (address.Length == IPv4Bytes)
            {
                Address = (long)(address[0] | ((uint)address[1] << 8) | ((uint)address[2] << 16) | ((uint)address[3] << 24));
                return;
            }

            if (address.Length != IPv6Bytes)
            {
                throw new ArgumentException("An address has 4 bytes, or 16.", nameof(address));
            }

            _family = AddressFamily.InterNetworkV6;
            _groups = new ushort[IPv6Groups];
            for (int i = 0; i < IPv6Groups; i++)
            {
                _groups[i] = (ushort)((address[2 * i] << 8) | address[(2 * i) + 1]);
            }
        }

        /// <summary>
        /// Whether two addresses are the same.
        /// </summary>
        /// <param name="a">One, or null.</param>
        /// <param name="b">The other, or null.</param>
        /// <returns>Whether they are.</returns>
        public static bool operator ==(IPAddress a, IPAddress b) => (object)a == null ? (object)b == null : a.Equals(b);

        /// <summary>
        /// Whether two addresses differ.
        /// </summary>
        /// <param name="a">One, or null.</param>
        /// <param name="b">The other, or null.</param>
        /// <returns>Whether they do.</returns>
        public static bool operator !=(IPAddress a, IPAddress b) => !(a == b);

        /// <summary>
        /// Initializes a new instance of the <see cref="IPAddress"/> class for an IPv6 address.
        /// </summary>
        /// <param name="address">Sixteen bytes, the first one first.</param>
        /// <param name="scopeid">The scope, 0 for none.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        /// <exception cref="ArgumentException">There are not sixteen bytes.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The scope does not fit 32 bits.</exception>
        public IPAddress(byte[] address, long scopeid)
            : this(address)
        {
            if (_groups == null)
            {
                throw new ArgumentException("An IPv6 address has 16 bytes.", nameof(address));
            }

            ScopeId = scopeid;
        }

        /// <inheritdoc/>
        public override bool Equals(object other) => Equals(other as IPAddress);

        /// <summary>
        /// Whether another address is the same as this one.
        /// </summary>
        /// <param name="other">The other, or null.</param>
        /// <returns>Whether it is.</returns>
        public bool Equals(IPAddress other)
        {
            if ((object)other == null || other._family != _family || other.Address != Address || other._scopeId != _scopeId)
            {
                return false;
            }

            for (int i = 0; _groups != null && i < IPv6Groups; i++)
            {
                if (_groups[i] != other._groups[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// The bytes of the address.
        /// </summary>
        /// <returns>Four, or sixteen for IPv6, in an array of their own.</returns>
        public byte[] GetAddressBytes()
        {
            byte[] bytes = new byte[_groups == null ? IPv4Bytes : IPv6Bytes];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = _groups == null ? (byte)(Address >> (8 * i)) : (byte)(_groups[i >> 1] >> (8 * (1 - (i & 1))));
            }

            return bytes;
        }

        /// <summary>
        /// Reads an address.
        /// </summary>
        /// <param name="ipString">Four decimal numbers with dots between, without zeros before them, or an IPv6 address as RFC 4291 section 2.2 has
        /// it, without a scope.</param>
        /// <returns>The address.</returns>
        /// <exception cref="ArgumentNullException">There is no text.</exception>
        /// <exception cref="FormatException">It is no address.</exception>
        public static IPAddress Parse(string ipString)
        {
            if (ipString == null)
            {
                throw new ArgumentNullException(nameof(ipString));
            }

            uint number;
            if (IPv4Address.TryParse(ipString, out number))
            {
                return new IPAddress((long)IPv4Address.Reverse(number));
            }

            byte[] bytes = ParseGroups(ipString);
            if (bytes == null)
            {
                throw new FormatException("An address is like 192.168.1.50, or like fe80::1.");
            }

            return new IPAddress(bytes);
        }

        /// <summary>Gets or sets the scope of an IPv6 address, 0 for none.</summary>
        /// <exception cref="SocketException">It is an IPv4 address: OperationNotSupported.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The scope does not fit 32 bits.</exception>
        public long ScopeId
        {
            get
            {
                if (_groups == null)
                {
                    throw new SocketException(Sockets.SocketError.OperationNotSupported);
                }

                return _scopeId;
            }

            set
            {
                if (_groups == null)
                {
                    throw new SocketException(Sockets.SocketError.OperationNotSupported);
                }

                if (value < 0 || value > LargestNumber)
                {
                    throw new ArgumentOutOfRangeException(nameof(value));
                }

                _scopeId = value;
            }
        }

        /// <summary>
        /// Writes the address.
        /// </summary>
        /// <returns>Such as "192.168.1.50", or an IPv6 address as RFC 5952 wants it, with "%" and its scope if it has one.</returns>
        public override string ToString() => _groups == null ? IPv4Address.ToString(IPv4Address.Reverse((uint)Address)) : WriteGroups();

        /// <summary>
        /// The address of this board.
        /// </summary>
        /// <returns>The address that the interface uses, or <see cref="Any"/> while it has none.</returns>
        public static IPAddress GetDefaultLocalAddress()
        {
            EthernetInterface network = EthernetInterface.Current;
            return network == null ? Any : new IPAddress((long)IPv4Address.Reverse(network.Address));
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            int hash = (int)Address;
            for (int i = 0; _groups != null && i < IPv6Groups; i++)
            {
                hash = (hash * 31) + _groups[i];
            }

            return hash;
        }

        /// <summary>Gets a value indicating whether it is an IPv6 address that stands for an IPv4 one: ::ffff:192.168.1.50 (RFC 4291 section
        /// 2.5.5.2).</summary>
        public bool IsIPv4MappedToIPv6
        {
            get
            {
                if (_groups == null || _groups[5] != 0xFFFF)
                {
                    return false;
                }

                return (_groups[0] | _groups[1] | _groups[2] | _groups[3] | _groups[4]) == 0;
            }
        }

        /// <summary>
        /// The IPv6 address that stands for this one.
        /// </summary>
        /// <returns>Such as ::ffff:192.168.1.50; an IPv6 address as it is.</returns>
        public IPAddress MapToIPv6()
        {
            if (_groups != null)
            {
                return this;
            }

            byte[] bytes = new byte[IPv6Bytes];
            bytes[10] = 0xFF;
            bytes[11] = 0xFF;
            Array.Copy(GetAddressBytes(), 0, bytes, IPv6Bytes - IPv4Bytes, IPv4Bytes);
            return new IPAddress(bytes);
        }

        /// <summary>
        /// The IPv4 address that this one stands for.
        /// </summary>
        /// <returns>Its last four bytes; an IPv4 address as it is.</returns>
        public IPAddress MapToIPv4()
        {
            if (_groups == null)
            {
                return this;
            }

            return new IPAddress((long)IPv4Address.Reverse(((uint)_groups[6] << 16) | _groups[7]));
        }

        /// <summary>
        /// RFC 4291 section 2.2. Groups stand where they are read; those behind "::" are moved to the end when all are there.
        /// </summary>
        /// <returns>Sixteen bytes, or null if it is no address.</returns>
        private static byte[] ParseGroups(string text)
        {
            byte[] bytes = new byte[IPv6Bytes];
            int written = 0;
            int gap = -1;
            int length = text.Length;
            int i = 0;
            while (i < length)
            {
                if (text[i] == ':' && i + 1 < length && text[i + 1] == ':' && gap < 0)
                {
                    gap = written;
                    i += 2;
                    continue;
                }

                if (written > 0 && written != gap && text[i++] != ':')
                {
                    return null;
                }

                uint group = 0;
                int start = i;
                while (i < length && i < start + 4 && text[i] != ':' && text[i] != '.')
                {
                    int letter = text[i] | 0x20;
                    int digit = text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : 0x10000;
                    group = (group << 4) + (uint)digit;
                    i++;
                }

                // the last two groups may be an IPv4 address
                if (i < length && text[i] == '.' && written <= IPv6Bytes - IPv4Bytes && IPv4Address.TryParse(text.Substring(start), out group))
                {
                    bytes[written++] = (byte)(group >> 24);
                    bytes[written++] = (byte)(group >> 16);
                    group &= 0xFFFF;
                    i = length;
                }

                if (i == start || group > 0xFFFF || written == IPv6Bytes)
                {
                    return null;
                }

                bytes[written++] = (byte)(group >> 8);
                bytes[written++] = (byte)group;
            }

            if (gap < 0 ? written != IPv6Bytes : written == IPv6Bytes)
            {
                return null;
            }

            for (int from = written - 1, to = IPv6Bytes - 1; gap >= 0 && from >= gap; from--, to--)
            {
                bytes[to] = bytes[from];
                bytes[from] = 0;
            }

            return bytes;
        }

        /// <summary>
        /// RFC 5952: small letters, no zeros in front, "::" for the longest run of two zero groups or more, the first of equals.
        /// </summary>
        private string WriteGroups()
        {
            if (IsIPv4MappedToIPv6)
            {
                return "::ffff:" + MapToIPv4().ToString();
            }

            int best = -1;
            int longest = 1;
            for (int i = 0; i < IPv6Groups; i++)
            {
                int run = 0;
                while (i + run < IPv6Groups && _groups[i + run] == 0)
                {
                    run++;
                }

                if (run > longest)
                {
                    best = i;
                    longest = run;
                }
            }

            string text = string.Empty;
            for (int i = 0; i < IPv6Groups; i++)
            {
                if (i == best)
                {
                    text += "::";
                    i += longest - 1;
                    continue;
                }

                text += (i == 0 || (best >= 0 && i == best + longest) ? string.Empty : ":") + _groups[i].ToString("x");
            }

            return _scopeId == 0 ? text : text + "%" + _scopeId.ToString();
        }
    }
}
