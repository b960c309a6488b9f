// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Net.NetworkInformation
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public partial class WirelessAPConfiguration
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int GetWirelessAPConfigurationCount();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern WirelessAPConfiguration GetWirelessAPConfiguration(int configurationIndex);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern void UpdateConfiguration();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern WirelessAPStation[] NativeGetConnectedClients(int clientIndex);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern string NativeDeauthStation(int clientIndex);
    }
}
