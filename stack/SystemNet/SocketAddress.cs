// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;

namespace System.Net
{
    /// <summary>
    /// An end point as bytes, in the order that sockets of other systems have: family (low byte first), port and address (high byte first).
    /// </summary>
    public class SocketAddress
    {
        internal const int IPv4Size = 16;
        internal const int IPv6Size = 28;

        private const int Smallest = 2;
        private const int AddressOffset = 4;
        private const int IPv6AddressOffset = 8;

        private readonly byte[] _buffer;

        /// <summary>Gets the kind of address.</summary>
        public AddressFamily Family => (AddressFamily)(_buffer[0] | (_buffer[1] << 8));

        /// <summary>
        /// Initializes a new instance of the <see cref="SocketAddress"/> class, all zeros behind the family.
        /// </summary>
        /// <param name="family">The kind of address.</param>
        /// <param name="size">Number of bytes, 2 or more.</param>
        /// <exception cref="ArgumentOutOfRangeException">There are less than two.</exception>
        public SocketAddress(AddressFamily family, int size)
        {
            if (size < Smallest)
            {
                throw new ArgumentOutOfRangeException(nameof(size));
            }

            _buffer = new byte[size];
            _buffer[0] = (byte)family;
            _buffer[1] = (byte)((int)family >> 8);
        }

        internal SocketAddress(IPAddress address, int port)
            : this(address.AddressFamily, address.AddressFamily == AddressFamily.InterNetwork ? IPv4Size : IPv6Size)
        {
            _buffer[2] = (byte)(port >> 8);
            _buffer[3] = (byte)port;
            byte[] bytes = address.GetAddressBytes();
            if (bytes.Length == IPAddress.IPv4Bytes)
            {
                Array.Copy(bytes, 0, _buffer, AddressOffset, bytes.Length);
                return;
            }

            Array.Copy(bytes, 0, _buffer, IPv6AddressOffset, bytes.Length);
            for (int i = 0; i < 4; i++)
            {
                _buffer[IPv6AddressOffset + bytes.Length + i] = (byte)(address.ScopeId >> (8 * i));
            }
        }

        /// <summary>Gets the number of bytes.</summary>
        public int Size => _buffer.Length;

        /// <summary>
        /// Gets or sets a byte.
        /// </summary>
        /// <param name="offset">Which.</param>
        /// <returns>The byte.</returns>
        /// <exception cref="IndexOutOfRangeException">There is none.</exception>
        public byte this[int offset]
        {
            get => _buffer[offset];
            set => _buffer[offset] = value;
        }

        /// <inheritdoc/>
        public override bool Equals(object obj)
        {
            SocketAddress other = obj as SocketAddress;
            if (other == null || other.Size != Size)
            {
                return false;
            }

            for (int i = 0; i < _buffer.Length; i++)
            {
                if (_buffer[i] != other._buffer[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            int hash = 0;
            for (int i = 0; i < _buffer.Length; i++)
            {
                hash = (hash * 31) + _buffer[i];
            }

            return hash;
        }

        /// <summary>Gets the port, whatever the family.</summary>
        private int Port => (_buffer[2] << 8) | _buffer[3];

        internal IPEndPoint GetIPEndPoint() => new IPEndPoint(GetIPAddress(), Port);

        internal IPAddress GetIPAddress()
        {
            bool isIPv4 = Family == AddressFamily.InterNetwork;
            if ((!isIPv4 && Family != AddressFamily.InterNetworkV6) || Size < (isIPv4 ? IPv4Size : IPv6Size))
            {
                throw new ArgumentException("No IPv4 or IPv6 address.");
            }

            byte[] bytes = new byte[isIPv4 ? IPAddress.IPv4Bytes : IPAddress.IPv6Bytes];
            Array.Copy(_buffer, isIPv4 ? AddressOffset : IPv6AddressOffset, bytes, 0, bytes.Length);
            if (isIPv4)
            {
                return new IPAddress(bytes);
            }

            int scope = IPv6AddressOffset + bytes.Length;
            return new IPAddress(bytes, (long)BitConverter.ToUInt32(_buffer, scope));
        }
    }
}
