// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace System.Net.Security
{
    /// <summary>Versions of TLS. There is no TLS here: see <see cref="SslStream"/>.</summary>
    [Flags]
    public enum SslProtocols
    {
        /// <summary>Whatever both sides have.</summary>
        None = 0,

        /// <summary>TLS 1.0.</summary>
        Tls = 192,

        /// <summary>TLS 1.1.</summary>
        Tls11 = 768,

        /// <summary>TLS 1.2.</summary>
        Tls12 = 3072,

        /// <summary>TLS 1.3.</summary>
        Tls13 = 12288,
    }
}
