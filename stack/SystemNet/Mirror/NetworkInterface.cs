// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;
using TcpIp.Threading;

namespace System.Net.NetworkInformation
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public partial class NetworkInterface
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        private extern void InitializeNetworkInterfaceSettings();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private extern void UpdateConfiguration(int updateType);

        /// <summary>
        /// Whether one of the firmware's own interfaces is connected: its native code answers, and it does not know of this network.
        /// </summary>
        /// <returns>Whether it is so.</returns>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern bool GetIsNetworkAvailable();

        /// <summary>
        /// The board's interfaces.
        /// </summary>
        /// <returns>One; none before <see cref="EthernetInterface.Use"/>.</returns>
        public static NetworkInterface[] GetAllNetworkInterfaces() =>
            EthernetInterface.Current == null ? new NetworkInterface[0] : new NetworkInterface[] { new NetworkInterface(0) };

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int GetNetworkInterfaceCount();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern NetworkInterface GetNetworkInterface(uint interfaceIndex);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern long IPV4AddressFromString(string ipAddress);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern ushort[] IPV6AddressFromString(string ipAddress);
    }
}
