// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net.NetworkInformation;
using TcpIp.Threading;

namespace nanoFramework.Networking
{
    /// <summary>
    /// What <see cref="NetworkHelper"/> asks of the network.
    /// </summary>
    internal static class NetworkHelperInternal
    {
        /// <summary>No clock that was set tells a year before.</summary>
        private const int EarliestYear = 2021;

        /// <summary>
        /// Takes a fixed address; without one asks a DHCP server, unless <see cref="EthernetInterface.Use"/> was given one, which stays.
        /// </summary>
        /// <param name="network">The interface.</param>
        /// <param name="configuration">The address, or null.</param>
        internal static void Apply(NetworkInterface network, IPConfiguration configuration)
        {
            if (configuration != null)
            {
                network.EnableStaticIPv4(configuration.IPAddress, configuration.IPSubnetMask, configuration.IPGatewayAddress);
                if (configuration.IPDns != null && configuration.IPDns.Length > 0)
                {
                    network.EnableStaticIPv4Dns(configuration.IPDns);
                    return;
                }
            }
            else
            {
                EthernetInterface ethernet = EthernetInterface.Current;
                if (ethernet != null && ethernet.IsAddressOfConfiguration)
                {
                    return;
                }

                if (!network.IsDhcpEnabled)
                {
                    network.EnableDhcp();
                }
            }

            network.EnableAutomaticDns();
        }

        /// <summary>
        /// Waits for a link and an address.
        /// </summary>
        /// <param name="timeout">Milliseconds.</param>
        /// <returns>Whether there are both.</returns>
        internal static bool HasAddress(int timeout)
        {
            EthernetInterface network = EthernetInterface.Current;
            return network != null && network.WaitForAddress(timeout);
        }

        /// <summary>
        /// Whether somebody has set the clock.
        /// </summary>
        /// <returns>Whether it is so.</returns>
        internal static bool IsClockSet() => DateTime.UtcNow.Year >= EarliestYear;
    }
}
