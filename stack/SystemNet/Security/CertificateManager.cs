// Licensed under the MIT license. See LICENSE in the repository root.

using System.Security.Cryptography.X509Certificates;

namespace System.Net.Security
{
    /// <summary>
    /// Keeps certificates of authorities for TLS, which there is not over these sockets.
    /// </summary>
    public static partial class CertificateManager
    {
        /// <summary>
        /// Stores certificates of authorities, where there is a use for them.
        /// </summary>
        /// <param name="ca">The certificates.</param>
        /// <returns>False: they were not stored.</returns>
        public static bool AddCaCertificateBundle(X509Certificate[] ca) => false;

        /// <summary>
        /// Stores certificates of authorities, where there is a use for them.
        /// </summary>
        /// <param name="ca">The certificates as text (PEM).</param>
        /// <returns>False: they were not stored.</returns>
        public static bool AddCaCertificateBundle(string ca) => false;
    }
}
