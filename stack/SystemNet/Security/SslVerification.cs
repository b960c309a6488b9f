// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Security
{
    /// <summary>How strictly a peer's certificate is looked at.</summary>
    public enum SslVerification
    {
        /// <summary>Not at all.</summary>
        NoVerification = 1,

        /// <summary>If there is one.</summary>
        VerifyPeer = 2,

        /// <summary>There must be one.</summary>
        CertificateRequired = 4,

        /// <summary>When the connection begins.</summary>
        VerifyClientOnce = 8,
    }
}
