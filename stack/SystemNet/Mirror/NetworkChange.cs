// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <content>
    /// What only stands here because it stands in the firmware's table.
    /// </content>
    public static partial class NetworkChange
    {
        /// <summary>
        /// A change of the firmware's own interfaces, of which nobody is told here.
        /// </summary>
        internal class NetworkEvent
        {
        }
    }
}
