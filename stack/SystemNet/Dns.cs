// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using TcpIp;
using TcpIp.Threading;

namespace System.Net
{
    /// <summary>
    /// Finds hosts by their names.
    /// </summary>
    public static class Dns
    {
        /// <summary>
        /// Looks a host up, and waits for the answer: the name servers are asked, and for names that end in ".local" the hosts of the link.
        /// </summary>
        /// <param name="hostNameOrAddress">Its name, or its address in dotted decimal, for which nobody is asked; an empty text is this board.</param>
        /// <returns>The name, and one address.</returns>
        /// <exception cref="ArgumentNullException">There is no name.</exception>
        /// <exception cref="InvalidOperationException">No network was set up: <see cref="EthernetInterface.Use"/> comes first.</exception>
        /// <exception cref="SocketException">HostNotFound, NoData, TryAgain; TimedOut if nobody answers; InvalidArgument, it is no name.</exception>
        public static IPHostEntry GetHostEntry(string hostNameOrAddress)
        {
            if (hostNameOrAddress == null)
            {
                throw new ArgumentNullException(nameof(hostNameOrAddress));
            }

            // no call with an address in it: the firmware's table has this type before IPAddress
            uint address;
            if (!IPv4Address.TryParse(hostNameOrAddress, out address))
            {
                EthernetInterface network = EthernetInterface.Current;
                if (network == null)
                {
                    throw new InvalidOperationException("EthernetInterface.Use comes first.");
                }

                address = network.Address;
                int result = hostNameOrAddress.Length == 0 ? 0 : network.Sockets.Resolve(hostNameOrAddress, SocketHost.Forever, out address);
                if (result < 0)
                {
                    throw new SocketException((Sockets.SocketError)result);
                }
            }

            IPHostEntry entry = new IPHostEntry();
            entry.Name = hostNameOrAddress;
            entry.Addresses = new IPAddress[1];
            entry.Addresses[0] = new IPAddress((long)IPv4Address.Reverse(address));
            return entry;
        }
    }
}
