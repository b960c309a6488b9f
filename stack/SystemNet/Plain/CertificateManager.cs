// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Security
{
    /// <content>
    /// What is native in a mirror.
    /// </content>
    public static partial class CertificateManager
    {
        /// <summary>
        /// Stores certificates of authorities, where there is a use for them.
        /// </summary>
        /// <param name="ca">The certificates as bytes.</param>
        /// <returns>False: they were not stored.</returns>
        public static bool AddCaCertificateBundle(byte[] ca) => false;
    }
}
