// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>
    /// Tells of the whole board.
    /// </summary>
    public static class IPGlobalProperties
    {
        /// <summary>
        /// The board's address.
        /// </summary>
        /// <returns>The address, or <see cref="IPAddress.Any"/> while there is none.</returns>
        public static IPAddress GetIPAddress() => IPAddress.GetDefaultLocalAddress();
    }
}
