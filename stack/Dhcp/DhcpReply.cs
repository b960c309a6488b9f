// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;

namespace TcpIp.Dhcp
{
    /// <summary>
    /// What a server has said, checked: numbers stand here, lists and names are read from the options.
    /// </summary>
    internal sealed class DhcpReply
    {
        private const int MaximumWidth = 32;

        private readonly DhcpOptionReader _options = new DhcpOptionReader();
        private readonly DhcpCounters _counters;
        private readonly MacAddress _hardware;
        private uint _number;
        private bool _malformed;

        /// <summary>
        /// Initializes a new instance of the <see cref="DhcpReply"/> class.
        /// </summary>
        /// <param name="hardware">Our MAC address.</param>
        /// <param name="counters">Count what is dropped.</param>
        internal DhcpReply(MacAddress hardware, DhcpCounters counters)
        {
            _hardware = hardware;
            _counters = counters;
        }

        /// <summary>Gets the options, for lists and names.</summary>
        internal DhcpOptionReader Options => _options;

        /// <summary>Gets the kind of message, a <see cref="DhcpMessageType"/>.</summary>
        internal int Type { get; private set; }

        /// <summary>Gets the server's address as it names itself, a host's.</summary>
        internal uint Server { get; private set; }

        /// <summary>Gets the address for us.</summary>
        internal uint Address { get; private set; }

        /// <summary>Gets the netmask; where there was none, or none that can be, that of the address's class.</summary>
        internal uint Netmask { get; private set; }

        /// <summary>Gets the router's address, or 0.0.0.0 where there is none that we could use.</summary>
        internal uint Router { get; private set; }

        /// <summary>Gets the seconds of the lease.</summary>
        internal uint Time { get; private set; }

        /// <summary>Gets T1 in seconds, or 0.</summary>
        internal uint RenewalTime { get; private set; }

        /// <summary>Gets T2 in seconds, or 0.</summary>
        internal uint RebindingTime { get; private set; }

        /// <summary>
        /// Reads a message. What cannot be used is counted.
        /// </summary>
        /// <param name="message">The message, which the options are read from later, too.</param>
        /// <param name="length">Its length in bytes.</param>
        /// <param name="transaction">The number of our question.</param>
        /// <returns>Whether it is an answer to us that can be used: an offer or a lease, or a refusal.</returns>
        internal bool Read(byte[] message, int length, uint transaction)
        {
            if (length < DhcpHeader.Length || length > message.Length)
            {
                _counters._badLength++;
                return false;
            }

            if (message[DhcpHeader.Operation] != DhcpHeader.BootReply
                || message[DhcpHeader.HardwareType] != DhcpHeader.Ethernet
                || message[DhcpHeader.HardwareLength] != MacAddress.Length
                || GetUInt32(message, DhcpHeader.MagicCookie) != DhcpHeader.Cookie)
            {
                _counters._badHeader++;
                return false;
            }

            if (GetUInt32(message, DhcpHeader.TransactionId) != transaction || !IsOurs(message))
            {
                _counters._forOthers++;
                return false;
            }

            if (!_options.Begin(message, length) || !ReadNumbers())
            {
                _counters._badOptions++;
                return false;
            }

            if (!IPv4Address.IsUnicast(Server))
            {
                _counters._noServer++;
                return false;
            }

            if (Type == DhcpMessageType.Nak)
            {
                return true;
            }

            Address = GetUInt32(message, DhcpHeader.YourAddress);
            return IsUsable();
        }

        private static uint GetUInt32(byte[] bytes, int offset)
        {
            return ((uint)bytes[offset] << 24) | ((uint)bytes[offset + 1] << 16) | ((uint)bytes[offset + 2] << 8) | bytes[offset + 3];
        }

        /// <summary>
        /// The netmask that an address had before there were netmasks (RFC 1122 section 3.2.1.3): for servers that do not give one.
        /// </summary>
        private static uint ClassOf(uint address)
        {
            return address >> 31 == 0 ? 0xFF000000 : address >> 30 == 2 ? 0xFFFF0000 : 0xFFFFFF00;
        }

        private static bool IsHost(uint address, uint netmask)
        {
            return IPv4Address.IsUnicast(address)
                && (~netmask <= 1 || ((address & ~netmask) != 0 && (address | netmask) != IPv4Address.Broadcast));
        }

        private bool IsOurs(byte[] message)
        {
            for (int i = 0; i < MacAddress.Length; i++)
            {
                if (message[DhcpHeader.ClientHardware + i] != _hardware.GetOctet(i))
                {
                    return false;
                }
            }

            return true;
        }

        private bool ReadNumbers()
        {
            _malformed = false;
            Type = _options.Find(DhcpOption.MessageType) ? _options.Read() : 0;
            if ((Type != DhcpMessageType.Offer && Type != DhcpMessageType.Ack && Type != DhcpMessageType.Nak) || _options.Read() >= 0)
            {
                return false;
            }

            Server = ReadNumber(DhcpOption.ServerIdentifier);
            Time = ReadNumber(DhcpOption.LeaseTime);
            RenewalTime = ReadNumber(DhcpOption.RenewalTime);
            RebindingTime = ReadNumber(DhcpOption.RebindingTime);
            Netmask = ReadNumber(DhcpOption.SubnetMask);

            // RFC 3442: whoever gives routes has said all of routers
            Router = _options.Find(DhcpOption.ClasslessStaticRoute) ? ReadDefaultRoute() : ReadFirst(DhcpOption.Router);
            return !_malformed;
        }

        /// <summary>
        /// An option of four bytes, 0 if it is not there.
        /// </summary>
        private uint ReadNumber(int code)
        {
            if (!_options.Find(code))
            {
                return 0;
            }

            ReadFour();
            if (_options.Read() >= 0)
            {
                _malformed = true;
            }

            return _number;
        }

        /// <summary>
        /// The first of a list of addresses, 0.0.0.0 if there is none.
        /// </summary>
        private uint ReadFirst(int code)
        {
            if (!_options.Find(code))
            {
                return IPv4Address.Any;
            }

            ReadFour();
            return _number;
        }

        private void ReadFour()
        {
            _number = 0;
            for (int i = 0; i < 4; i++)
            {
                int next = _options.Read();
                if (next < 0)
                {
                    _malformed = true;
                    return;
                }

                _number = (_number << 8) | (uint)next;
            }
        }

        /// <summary>
        /// The router of the route to everywhere, out of a list of routes (RFC 3442). A route is the width of its mask, so many bytes of the
        /// destination as the mask covers, and the router.
        /// </summary>
        private uint ReadDefaultRoute()
        {
            uint router = IPv4Address.Any;
            int width = _options.Read();
            while (width >= 0 && !_malformed)
            {
                if (width > MaximumWidth)
                {
                    _malformed = true;
                    return router;
                }

                for (int covered = width; covered > 0; covered -= 8)
                {
                    _options.Read();
                }

                ReadFour();
                if (width == 0 && router == IPv4Address.Any)
                {
                    router = _number;
                }

                width = _options.Read();
            }

            return router;
        }

        /// <summary>
        /// Whether a host could be configured so; what can be mended is.
        /// </summary>
        private bool IsUsable()
        {
            uint hosts = ~Netmask;
            if (Netmask == 0 || (hosts & (hosts + 1)) != 0)
            {
                if (Netmask != 0 || _options.Find(DhcpOption.SubnetMask))
                {
                    _counters._badNetmask++;
                }

                Netmask = ClassOf(Address);
            }

            if (!IsHost(Address, Netmask) || Address == Router || Address == Server)
            {
                _counters._badAddress++;
                return false;
            }

            // a network of one host has no neighbours; its router is named as such
            if (Router != IPv4Address.Any
                && (!IsHost(Router, Netmask) || (~Netmask != 0 && ((Router ^ Address) & Netmask) != 0)))
            {
                _counters._badRouter++;
                Router = IPv4Address.Any;
            }

            if (Time < DhcpLease.ShortestTime)
            {
                _counters._badLease++;
                return false;
            }

            return true;
        }
    }
}
