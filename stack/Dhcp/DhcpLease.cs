// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <summary>
    /// What a server has given us, and for how long. It is there from the server's word on, also while the link is still asked
    /// whether somebody else has the address.
    /// </summary>
    public sealed class DhcpLease
    {
        /// <summary>A <see cref="Time"/> that never ends (RFC 2131 section 3.3).</summary>
        public const uint Infinite = 0xFFFFFFFF;

        /// <summary>Seconds of the shortest lease that is accepted: a shorter one would be renewed without end.</summary>
        public const uint ShortestTime = 10;

        /// <summary>Seconds of the shortest T1 that is accepted.</summary>
        private const uint ShortestRenewalTime = 5;

        private readonly uint[] _dnsServers;
        private readonly uint[] _ntpServers;
        private readonly byte[] _domain;
        private uint _grantedAt;
        private uint _renewalTime;
        private uint _rebindingTime;

        /// <summary>
        /// Initializes a new instance of the <see cref="DhcpLease"/> class.
        /// </summary>
        /// <param name="configuration">How much is kept.</param>
        internal DhcpLease(DhcpConfiguration configuration)
        {
            _dnsServers = new uint[configuration.DnsServers];
            _ntpServers = new uint[configuration.NtpServers];
            _domain = new byte[configuration.DomainBytes];
        }

        /// <summary>Gets our address, or 0.0.0.0 while there is no lease.</summary>
        public uint Address { get; private set; }

        /// <summary>Gets the netmask.</summary>
        public uint Netmask { get; private set; }

        /// <summary>Gets the router's address, or 0.0.0.0 where there is none.</summary>
        public uint Router { get; private set; }

        /// <summary>Gets the address of the server that has given the lease.</summary>
        public uint Server { get; private set; }

        /// <summary>Gets how many seconds it was given for, or <see cref="Infinite"/>.</summary>
        public uint Time { get; private set; }

        /// <summary>Gets the number of DNS servers, as many as are kept.</summary>
        public int DnsServerCount { get; private set; }

        /// <summary>Gets the number of NTP servers, as many as are kept.</summary>
        public int NtpServerCount { get; private set; }

        /// <summary>Gets the domain name as it came, <see cref="DomainLength"/> bytes of it. They are not to be written to.</summary>
        public byte[] Domain => _domain;

        /// <summary>Gets the length of the domain name in bytes, 0 if there is none or none that fits.</summary>
        public int DomainLength { get; private set; }

        /// <summary>Gets a value indicating whether there is a lease.</summary>
        internal bool IsThere => Address != IPv4Address.Any;

        /// <summary>Gets the seconds after which the server is asked for more time, T1.</summary>
        internal uint RenewalTime => _renewalTime;

        /// <summary>Gets the seconds after which any server is asked for more time, T2.</summary>
        internal uint RebindingTime => _rebindingTime;

        /// <summary>
        /// The address of a DNS server.
        /// </summary>
        /// <param name="index">0 to <see cref="DnsServerCount"/> - 1, the best one first.</param>
        /// <returns>The address, or 0.0.0.0 where there is none.</returns>
        public uint GetDnsServer(int index) => index < 0 || index >= DnsServerCount ? IPv4Address.Any : _dnsServers[index];

        /// <summary>
        /// The address of an NTP server.
        /// </summary>
        /// <param name="index">0 to <see cref="NtpServerCount"/> - 1, the best one first.</param>
        /// <returns>The address, or 0.0.0.0 where there is none.</returns>
        public uint GetNtpServer(int index) => index < 0 || index >= NtpServerCount ? IPv4Address.Any : _ntpServers[index];

        /// <summary>
        /// Takes what a server has given.
        /// </summary>
        /// <param name="reply">The server's word.</param>
        /// <param name="grantedAt">The second of the question: the time runs from there (RFC 2131 section 4.4.1).</param>
        /// <param name="fuzz">A random number, by which T1 comes earlier if the server does not say when (section 4.4.5).</param>
        internal void Take(DhcpReply reply, uint grantedAt, uint fuzz)
        {
            Address = reply.Address;
            Netmask = reply.Netmask;
            Router = reply.Router;
            Server = reply.Server;
            Time = reply.Time;
            _grantedAt = grantedAt;
            SetTimes(reply.RenewalTime, reply.RebindingTime, fuzz);
            DnsServerCount = ReadList(reply.Options, DhcpOption.DomainNameServer, _dnsServers);
            NtpServerCount = ReadList(reply.Options, DhcpOption.NtpServer, _ntpServers);
            ReadDomain(reply.Options);
        }

        /// <summary>
        /// There is no lease any more, and what came with it is forgotten.
        /// </summary>
        internal void Clear()
        {
            Address = IPv4Address.Any;
            Netmask = 0;
            Router = IPv4Address.Any;
            Server = IPv4Address.Any;
            Time = 0;
            DnsServerCount = 0;
            NtpServerCount = 0;
            DomainLength = 0;
        }

        /// <summary>
        /// Seconds until so many seconds of the lease are over.
        /// </summary>
        /// <param name="seconds">Such as T1; <see cref="Infinite"/> never comes.</param>
        /// <param name="now">The second that it is.</param>
        /// <returns>0 if they are over.</returns>
        internal uint Left(uint seconds, uint now)
        {
            uint elapsed = now - _grantedAt;
            return seconds == Infinite ? Infinite : elapsed >= seconds ? 0 : seconds - elapsed;
        }

        private static int ReadList(DhcpOptionReader options, int code, uint[] list)
        {
            int count = 0;
            bool more = options.Find(code);
            while (more && count < list.Length)
            {
                uint address = 0;
                for (int i = 0; i < 4 && more; i++)
                {
                    int next = options.Read();
                    more = next >= 0;
                    address = (address << 8) | (uint)next;
                }

                // what no host can have is of no use, and the next one may be
                if (more && IPv4Address.IsUnicast(address))
                {
                    list[count++] = address;
                }
            }

            return count;
        }

        private void ReadDomain(DhcpOptionReader options)
        {
            int length = 0;
            if (options.Find(DhcpOption.DomainName))
            {
                int next = options.Read();
                while (next >= 0)
                {
                    if (length == _domain.Length)
                    {
                        // half a name would be another name
                        length = 0;
                        break;
                    }

                    _domain[length++] = (byte)next;
                    next = options.Read();
                }
            }

            DomainLength = length;
        }

        /// <summary>
        /// T1 and T2: the server's if they are in order, else half and seven eighths of the time (RFC 2131 section 4.4.5).
        /// </summary>
        private void SetTimes(uint renewalTime, uint rebindingTime, uint fuzz)
        {
            if (Time == Infinite)
            {
                _renewalTime = Infinite;
                _rebindingTime = Infinite;
                return;
            }

            uint half = Time >> 1;
            _renewalTime = renewalTime != 0 ? renewalTime : half - (fuzz % ((half >> 4) + 1));
            _rebindingTime = rebindingTime != 0 ? rebindingTime : Time - (Time >> 3);
            if (_renewalTime < ShortestRenewalTime || _renewalTime >= _rebindingTime || _rebindingTime >= Time)
            {
                _renewalTime = half;
                _rebindingTime = Time - (Time >> 3);
            }
        }
    }
}
