// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace System.Net.NetworkInformation
{
    /// <content>
    /// What is native in a mirror.
    /// </content>
    public partial class NetworkInterface
    {
        /// <summary>
        /// Whether others can be talked to: there are a link and an address.
        /// </summary>
        /// <returns>Whether it is so.</returns>
        public static bool GetIsNetworkAvailable()
        {
            EthernetInterface network = EthernetInterface.Current;
            return network != null && network.IsLinkUp && network.Address != TcpIp.IPv4Address.Any;
        }

        /// <summary>
        /// The board's interfaces.
        /// </summary>
        /// <returns>One; none before <see cref="EthernetInterface.Use"/>.</returns>
        public static NetworkInterface[] GetAllNetworkInterfaces() =>
            EthernetInterface.Current == null ? new NetworkInterface[0] : new NetworkInterface[] { new NetworkInterface(0) };
    }
}
