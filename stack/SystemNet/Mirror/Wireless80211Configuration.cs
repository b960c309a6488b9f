// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Net.NetworkInformation
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public partial class Wireless80211Configuration
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern int GetWireless82011ConfigurationCount();

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern Wireless80211Configuration GetWireless82011Configuration(int configurationIndex);

        [MethodImpl(MethodImplOptions.InternalCall)]
        private static extern void UpdateConfiguration();
    }
}
