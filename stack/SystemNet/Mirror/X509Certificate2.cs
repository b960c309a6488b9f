// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Security.Cryptography.X509Certificates
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public partial class X509Certificate2
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void DecodePrivateKeyNative(byte[] key, string password);
    }
}
