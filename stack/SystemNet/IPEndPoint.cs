// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using TcpIp;

namespace System.Net
{
    /// <summary>
    /// An address and a port.
    /// </summary>
    [Serializable]
    public class IPEndPoint : EndPoint
    {
        /// <summary>The lowest port: 0, for one that the stack picks.</summary>
        public const int MinPort = 0;

        /// <summary>The highest port.</summary>
        public const int MaxPort = 65535;

        private readonly IPAddress _address;
        private readonly int _port;

        /// <summary>
        /// Initializes a new instance of the <see cref="IPEndPoint"/> class.
        /// </summary>
        /// <param name="address">The number whose lowest byte is the first of the address.</param>
        /// <param name="port">The port.</param>
        /// <exception cref="ArgumentOutOfRangeException">The port, or the number, is out of its range.</exception>
        public IPEndPoint(long address, int port)
            : this(new IPAddress(address), port)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="IPEndPoint"/> class.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <param name="port">The port.</param>
        /// <exception cref="ArgumentNullException">There is no address.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The port is out of its range.</exception>
        public IPEndPoint(IPAddress address, int port)
        {
            if (address == null)
            {
                throw new ArgumentNullException(nameof(address));
            }

            if (port < MinPort || port > MaxPort)
            {
                throw new ArgumentOutOfRangeException(nameof(port));
            }

            _address = address;
            _port = port;
        }

        /// <summary>Gets the address.</summary>
        public IPAddress Address => _address;

        /// <summary>Gets the kind of address.</summary>
        public AddressFamily AddressFamily => _address.AddressFamily;

        /// <summary>Gets the port.</summary>
        public int Port => _port;

        /// <inheritdoc/>
        public override SocketAddress Serialize() => new SocketAddress(_address, _port);

        /// <summary>
        /// Makes an end point of bytes.
        /// </summary>
        /// <param name="socketAddress">The bytes.</param>
        /// <returns>The end point.</returns>
        /// <exception cref="ArgumentNullException">There are none.</exception>
        /// <exception cref="ArgumentException">They are of another family.</exception>
        public override EndPoint Create(SocketAddress socketAddress)
        {
            if (socketAddress == null)
            {
                throw new ArgumentNullException(nameof(socketAddress));
            }

            return socketAddress.GetIPEndPoint();
        }

        /// <summary>
        /// Writes it.
        /// </summary>
        /// <returns>Such as "192.168.1.50:80", or "[fe80::1]:80".</returns>
        public override string ToString()
        {
            string address = _address.ToString();
            return (AddressFamily == AddressFamily.InterNetworkV6 ? "[" + address + "]" : address) + ":" + _port.ToString();
        }

        /// <inheritdoc/>
        public override bool Equals(object obj)
        {
            IPEndPoint other = obj as IPEndPoint;
            return other != null && other._port == _port && other._address.Equals(_address);
        }

        /// <inheritdoc/>
        public override int GetHashCode() => _address.GetHashCode() ^ _port;

        /// <summary>
        /// The address of an end point as the stack has it, the first byte on top.
        /// </summary>
        /// <param name="endPoint">The end point.</param>
        /// <returns>The number.</returns>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        /// <exception cref="ArgumentException">It is of another kind.</exception>
        /// <exception cref="SocketException">It is an IPv6 address: AddressFamilyNotSupported.</exception>
        internal static uint ToStack(EndPoint endPoint)
        {
            if (endPoint == null)
            {
                throw new ArgumentNullException(nameof(endPoint));
            }

            IPEndPoint end = endPoint as IPEndPoint;
            if (end == null)
            {
                throw new ArgumentException("An IPEndPoint is needed.", nameof(endPoint));
            }

            if (end._address.AddressFamily != AddressFamily.InterNetwork)
            {
                throw new SocketException(Sockets.SocketError.AddressFamilyNotSupported);
            }

            return IPv4Address.Reverse((uint)end._address.Address);
        }
    }
}
