// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// Tells of the firmware's own interfaces, which is not this network.
    /// </summary>
    public static class IPGlobalProperties
    {
        /// <summary>
        /// The address of one of the firmware's own interfaces: its native code answers, and it does not know of this network. Ours tells
        /// <see cref="IPAddress.GetDefaultLocalAddress"/>.
        /// </summary>
        /// <returns>The address, or <see cref="IPAddress.Any"/>.</returns>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern IPAddress GetIPAddress();
    }
}
