// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Net.Security
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public static partial class CertificateManager
    {
        /// <summary>
        /// Stores certificates of authorities for the firmware's own connections: its native code does so.
        /// </summary>
        /// <param name="ca">The certificates as bytes.</param>
        /// <returns>Whether they were stored.</returns>
        [MethodImpl(MethodImplOptions.InternalCall)]
        public static extern bool AddCaCertificateBundle(byte[] ca);
    }
}
