// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace System.Security.Cryptography.X509Certificates
{
    /// <content>
    /// What the firmware's table has native code for. Nothing here calls it.
    /// </content>
    public partial class X509Certificate
    {
        [MethodImpl(MethodImplOptions.InternalCall)]
        internal static extern void ParseCertificate(
            byte[] certificate, ref string issuer, ref string subject, ref DateTime effectiveDate, ref DateTime expirationDate);
    }
}
