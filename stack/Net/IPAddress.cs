// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Net
{
    /// <summary>
    /// An IPv4 address as an object, under the name and with the members of System.Net. The stack itself takes the bare number,
    /// <see cref="Value"/>, which costs nothing to pass on.
    /// </summary>
    public sealed class IPAddress
    {
        private const int Octets = 4;

        private readonly uint _value;

        /// <summary>
        /// Initializes a new instance of the <see cref="IPAddress"/> class.
        /// </summary>
        /// <param name="newAddress">The address as System.Net has it: the first octet in the lowest byte, so that 192.168.1.50 is
        /// 0x3201A8C0.</param>
        /// <exception cref="ArgumentOutOfRangeException">It does not fit 32 bits.</exception>
        public IPAddress(long newAddress)
        {
            if (newAddress < 0 || newAddress > 0xFFFFFFFFL)
            {
                throw new ArgumentOutOfRangeException(nameof(newAddress), "An IPv4 address has 32 bits.");
            }

            _value = IPv4Address.Reverse((uint)newAddress);
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="IPAddress"/> class.
        /// </summary>
        /// <param name="address">Four octets, the first one first.</param>
        /// <exception cref="ArgumentException">There are not four.</exception>
        public IPAddress(byte[] address)
        {
            if (address == null || address.Length != Octets)
            {
                throw new ArgumentException("An IPv4 address has four octets.", nameof(address));
            }

            _value = IPv4Address.Create(address[0], address[1], address[2], address[3]);
        }

        /// <summary>Gets 0.0.0.0, to listen on. Each access makes an object.</summary>
        public static IPAddress Any => FromValue(IPv4Address.Any);

        /// <summary>Gets 127.0.0.1: ourselves, to connect or send to. Nobody can listen on it alone. Each access makes an
        /// object.</summary>
        public static IPAddress Loopback => FromValue(0x7F000001);

        /// <summary>Gets 255.255.255.255: all hosts of the link. Each access makes an object.</summary>
        public static IPAddress Broadcast => FromValue(IPv4Address.Broadcast);

        /// <summary>Gets 255.255.255.255, as System.Net has it. Each access makes an object.</summary>
        public static IPAddress None => FromValue(IPv4Address.Broadcast);

        /// <summary>Gets the address as the stack takes it: the first octet in the top byte, so that 192.168.1.50 is 0xC0A80132.</summary>
        public uint Value => _value;

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
        /// Makes an object of an address as the stack has it.
        /// </summary>
        /// <param name="value">The address, the first octet in the top byte.</param>
        /// <returns>The object.</returns>
        public static IPAddress FromValue(uint value) => new IPAddress((long)IPv4Address.Reverse(value));

        /// <summary>
        /// Reads an address in dotted decimal, and nothing else: four numbers of 0 to 255, without leading zeros (which some read as
        /// octal), with dots between and nothing around.
        /// </summary>
        /// <param name="ipString">Such as "192.168.1.50".</param>
        /// <returns>The address.</returns>
        /// <exception cref="ArgumentException">It is none.</exception>
        public static IPAddress Parse(string ipString)
        {
            uint value;
            if (!IPv4Address.TryParse(ipString, out value))
            {
                throw new ArgumentException("An address is four numbers of 0 to 255 with dots between, such as 192.168.1.50.", nameof(ipString));
            }

            return FromValue(value);
        }

        /// <summary>
        /// The four octets.
        /// </summary>
        /// <returns>A new array, the first octet first.</returns>
        public byte[] GetAddressBytes()
        {
            return new byte[] { (byte)(_value >> 24), (byte)(_value >> 16), (byte)(_value >> 8), (byte)_value };
        }

        /// <inheritdoc/>
        public override bool Equals(object obj)
        {
            IPAddress other = obj as IPAddress;
            return (object)other != null && other._value == _value;
        }

        /// <inheritdoc/>
        public override int GetHashCode() => (int)_value;

        /// <summary>
        /// Writes the address in dotted decimal.
        /// </summary>
        /// <returns>Such as "192.168.1.50".</returns>
        public override string ToString() => IPv4Address.ToString(_value);
    }
}
