// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Net
{
    /// <summary>
    /// An address and a port, under the name and with the members of System.Net.
    /// </summary>
    public sealed class IPEndPoint
    {
        /// <summary>The lowest port.</summary>
        public const int MinPort = 0;

        /// <summary>The highest port.</summary>
        public const int MaxPort = 65535;

        private uint _address;
        private int _port;

        /// <summary>
        /// Initializes a new instance of the <see cref="IPEndPoint"/> class.
        /// </summary>
        /// <param name="address">The address as System.Net has it, the first octet in the lowest byte.</param>
        /// <param name="port">0 to 65535.</param>
        /// <exception cref="ArgumentOutOfRangeException">One of them is out of its range.</exception>
        public IPEndPoint(long address, int port)
            : this(new IPAddress(address), port)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="IPEndPoint"/> class.
        /// </summary>
        /// <param name="address">The address.</param>
        /// <param name="port">0 to 65535.</param>
        /// <exception cref="ArgumentNullException">There is no address.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The port is out of its range.</exception>
        public IPEndPoint(IPAddress address, int port)
        {
            Address = address;
            Port = port;
        }

        /// <summary>
        /// Gets or sets the address. Getting it makes an object; <see cref="AddressValue"/> does not.
        /// </summary>
        /// <exception cref="ArgumentNullException">It is set to null.</exception>
        public IPAddress Address
        {
            get => IPAddress.FromValue(_address);
            set
            {
                if (value == null)
                {
                    throw new ArgumentNullException(nameof(value));
                }

                _address = value.Value;
            }
        }

        /// <summary>
        /// Gets or sets the port.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">It is set to something that is not 0 to 65535.</exception>
        public int Port
        {
            get => _port;
            set
            {
                if (value < MinPort || value > MaxPort)
                {
                    throw new ArgumentOutOfRangeException(nameof(value), "A port is 0 to 65535.");
                }

                _port = value;
            }
        }

        /// <summary>Gets the address as the stack takes it, the first octet in the top byte.</summary>
        public uint AddressValue => _address;

        /// <inheritdoc/>
        public override bool Equals(object obj)
        {
            IPEndPoint other = obj as IPEndPoint;
            return other != null && other._address == _address && other._port == _port;
        }

        /// <inheritdoc/>
        public override int GetHashCode() => (int)_address ^ _port;

        /// <summary>
        /// Writes address and port.
        /// </summary>
        /// <returns>Such as "192.168.1.50:80".</returns>
        public override string ToString() => IPv4Address.ToString(_address) + ":" + _port.ToString();

        /// <summary>
        /// Sets both, without an object in between.
        /// </summary>
        /// <param name="address">The address as the stack has it.</param>
        /// <param name="port">The port, 0 to 65535.</param>
        internal void Set(uint address, int port)
        {
            _address = address;
            _port = port;
        }
    }
}
