// Licensed under the MIT license. See LICENSE in the repository root.

namespace nanoFramework.Networking
{
    /// <summary>
    /// A fixed address and what goes with it, in dotted decimal, for <see cref="NetworkHelper"/>.
    /// </summary>
    public class IPConfiguration
    {
        /// <summary>
        /// Initializes a new instance of the <see cref="IPConfiguration"/> class.
        /// </summary>
        /// <param name="ipv4Address">The address.</param>
        /// <param name="ipv4SubnetMask">The netmask.</param>
        /// <param name="ipv4GatewayAddress">The gateway, or 0.0.0.0 for none.</param>
        /// <param name="ipv4DnsAddresses">The name servers, or null for none.</param>
        public IPConfiguration(string ipv4Address, string ipv4SubnetMask, string ipv4GatewayAddress, string[] ipv4DnsAddresses = null)
        {
            IPAddress = ipv4Address;
            IPSubnetMask = ipv4SubnetMask;
            IPGatewayAddress = ipv4GatewayAddress;
            IPDns = ipv4DnsAddresses;
        }

        /// <summary>Gets or sets the address.</summary>
        public string IPAddress { get; set; }

        /// <summary>Gets or sets the netmask.</summary>
        public string IPSubnetMask { get; set; }

        /// <summary>Gets or sets the gateway.</summary>
        public string IPGatewayAddress { get; set; }

        /// <summary>Gets or sets the name servers.</summary>
        public string[] IPDns { get; set; }
    }
}
