// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using TcpIp.Link;
using TcpIp.Threading;
using StackAddress = TcpIp.IPv4Address;

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// The board's Ethernet interface: there is one. What it tells is so at the moment of asking.
    /// </summary>
    public partial class NetworkInterface
    {
        private readonly int _index;

        /// <summary>
        /// Initializes a new instance of the <see cref="NetworkInterface"/> class.
        /// </summary>
        /// <param name="interfaceIndex">0.</param>
        protected NetworkInterface(int interfaceIndex)
        {
            _index = interfaceIndex;
        }

        /// <summary>
        /// Takes a fixed address. Connections of another one end.
        /// </summary>
        /// <param name="ipv4Address">Our address.</param>
        /// <param name="ipv4SubnetMask">The netmask.</param>
        /// <param name="ipv4GatewayAddress">The router's address, or 0.0.0.0 for none.</param>
        /// <exception cref="ArgumentException">One of them is none, or they do not go together; the message says which.</exception>
        public void EnableStaticIPv4(string ipv4Address, string ipv4SubnetMask, string ipv4GatewayAddress)
        {
            uint address = StackAddress.Parse(ipv4Address);
            uint netmask = StackAddress.Parse(ipv4SubnetMask);
            Check(Find().EnableStatic(address, netmask, StackAddress.Parse(ipv4GatewayAddress)));
        }

        /// <summary>
        /// Says that there is no IPv6.
        /// </summary>
        /// <param name="ipv6Address">Not used.</param>
        /// <param name="ipv6SubnetMask">Not used either.</param>
        /// <param name="ipv6GatewayAddress">Nor is this.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void EnableStaticIPv6(string ipv6Address, string ipv6SubnetMask, string ipv6GatewayAddress) => throw new NotSupportedException("No IPv6 here.");

        /// <summary>
        /// Takes a fixed address, as <see cref="EnableStaticIPv4"/> does.
        /// </summary>
        /// <param name="ipv4Address">Our address.</param>
        /// <param name="ipv4subnetMask">The netmask.</param>
        /// <param name="ipv4gatewayAddress">The router's address, or 0.0.0.0 for none.</param>
        /// <param name="ipv6Address">Null or empty.</param>
        /// <param name="ipv6SubnetMask">Not used.</param>
        /// <param name="ipv6GatewayAddress">Not used either.</param>
        /// <exception cref="NotSupportedException">There is an IPv6 address.</exception>
        public void EnableStaticIP(
            string ipv4Address, string ipv4subnetMask, string ipv4gatewayAddress, string ipv6Address, string ipv6SubnetMask, string ipv6GatewayAddress)
        {
            if (ipv6Address != null && ipv6Address.Length > 0)
            {
                EnableStaticIPv6(ipv6Address, ipv6SubnetMask, ipv6GatewayAddress);
            }

            EnableStaticIPv4(ipv4Address, ipv4subnetMask, ipv4gatewayAddress);
        }

        /// <summary>
        /// Asks a DHCP server for an address, and for name servers.
        /// </summary>
        /// <exception cref="ArgumentException">The network was set up without DHCP.</exception>
        public void EnableDhcp() => Check(Find().EnableDhcp());

        /// <summary>
        /// Names the name servers, in place of those that a lease names.
        /// </summary>
        /// <param name="dnsAddresses">Their addresses, the best one first; those that are too many are left out.</param>
        /// <exception cref="ArgumentException">There is none, or one is no address; then those that there were stay.</exception>
        public void EnableStaticIPv4Dns(string[] dnsAddresses)
        {
            if (dnsAddresses == null || dnsAddresses.Length == 0)
            {
                throw new ArgumentException("A name server is needed.", nameof(dnsAddresses));
            }

            uint[] addresses = new uint[dnsAddresses.Length];
            for (int i = 0; i < addresses.Length; i++)
            {
                addresses[i] = StackAddress.Parse(dnsAddresses[i]);
            }

            Check(Find().SetDnsServers(addresses));
        }

        /// <summary>
        /// Says that there is no IPv6.
        /// </summary>
        /// <param name="dnsAddresses">Not used.</param>
        /// <exception cref="NotSupportedException">Always.</exception>
        public void EnableStaticIPv6Dns(string[] dnsAddresses) => throw new NotSupportedException("No IPv6 here.");

        /// <summary>
        /// Has the lease name the name servers.
        /// </summary>
        public void EnableAutomaticDns() => Find().UseDnsServersOfLease();

        /// <summary>Gets a value indicating whether the lease names the name servers.</summary>
        public bool IsAutomaticDnsEnabled => !Find().AreDnsServersFixed;

        /// <summary>Gets our address, or "0.0.0.0".</summary>
        public string IPv4Address => StackAddress.ToString(Find().Address);

        /// <summary>Gets the router's address, or "0.0.0.0".</summary>
        public string IPv4GatewayAddress => StackAddress.ToString(Find().Gateway);

        /// <summary>Gets the netmask.</summary>
        public string IPv4SubnetMask => StackAddress.ToString(Find().Netmask);

        /// <summary>Gets a value indicating whether the address comes from a DHCP server.</summary>
        public bool IsDhcpEnabled => Find().IsDhcpEnabled;

        /// <summary>Gets the addresses of the name servers, in an array of their own; it may be empty.</summary>
        public string[] IPv4DnsAddresses
        {
            get
            {
                EthernetInterface network = Find();
                int count = 0;
                while (count < network.MaximumDnsServers && network.GetDnsServer(count) != StackAddress.Any)
                {
                    count++;
                }

                string[] addresses = new string[count];
                for (int i = 0; i < count; i++)
                {
                    addresses[i] = StackAddress.ToString(network.GetDnsServer(i));
                }

                return addresses;
            }
        }

        /// <summary>
        /// Gives the lease back. It takes about a second; then there is no address.
        /// </summary>
        /// <exception cref="ArgumentException">The address is fixed.</exception>
        public void ReleaseDhcpLease() => Check(Find().ReleaseLease());

        /// <summary>
        /// Asks the DHCP server for more time now; without a lease, looks for a server.
        /// </summary>
        /// <exception cref="ArgumentException">The address is fixed.</exception>
        public void RenewDhcpLease() => Check(Find().RenewLease());

        /// <summary>Gets or sets the station's MAC address: six bytes, in an array of their own. It is given to the driver, and setting it here
        /// throws.</summary>
        /// <exception cref="NotSupportedException">It was set.</exception>
        public byte[] PhysicalAddress
        {
            get
            {
                MacAddress mac = Find().MacAddress;
                byte[] bytes = new byte[MacAddress.Length];
                for (int i = 0; i < bytes.Length; i++)
                {
                    bytes[i] = (byte)mac.GetOctet(i);
                }

                return bytes;
            }

            set => throw new NotSupportedException("The driver is made with its MAC address.");
        }

        /// <summary>Gets the kind of the interface: Ethernet.</summary>
        public NetworkInterfaceType NetworkInterfaceType => NetworkInterfaceType.Ethernet;

        /// <summary>Gets or sets a number that means nothing here.</summary>
        public uint SpecificConfigId { get; set; }

        /// <summary>
        /// The network, which may be another one than when this was made.
        /// </summary>
        private EthernetInterface Find()
        {
            EthernetInterface network = EthernetInterface.Current;
            if (network == null || _index != 0)
            {
                throw new InvalidOperationException("EthernetInterface.Use comes first.");
            }

            return network;
        }

        private void Check(int result)
        {
            if (result < 0)
            {
                throw new ArgumentException("Interface " + _index.ToString() + ": " + SocketErrorText.Of((SocketError)result));
            }
        }
    }
}
