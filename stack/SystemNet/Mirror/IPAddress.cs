// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Net
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public partial class IPAddress
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern string IPv4ToString(uint ipv4Address);

        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern string IPv6ToString(ushort[] ipv6Address);
    }
}
