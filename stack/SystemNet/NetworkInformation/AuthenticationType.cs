// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>How a station shows an access point that it may come in. There is no radio here.</summary>
    public enum AuthenticationType : byte
    {
        /// <summary>Not at all.</summary>
        None = 0,

        /// <summary>EAP.</summary>
        EAP = 1,

        /// <summary>Protected EAP.</summary>
        PEAP = 2,

        /// <summary>Windows Connect Now.</summary>
        WCN = 3,

        /// <summary>Open system.</summary>
        Open = 4,

        /// <summary>Shared key.</summary>
        Shared = 5,

        /// <summary>WEP.</summary>
        WEP = 6,

        /// <summary>WPA.</summary>
        WPA = 7,

        /// <summary>WPA2.</summary>
        WPA2 = 8,
    }
}
