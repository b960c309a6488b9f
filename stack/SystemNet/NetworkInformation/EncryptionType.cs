// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>How a radio encrypts. There is no radio here.</summary>
    public enum EncryptionType : byte
    {
        /// <summary>Not at all.</summary>
        None = 0,

        /// <summary>WEP.</summary>
        WEP = 1,

        /// <summary>WPA.</summary>
        WPA = 2,

        /// <summary>WPA2.</summary>
        WPA2 = 3,

        /// <summary>WPA with a shared key.</summary>
        WPA_PSK = 4,

        /// <summary>WPA2 with a shared key.</summary>
        WPA2_PSK = 5,

        /// <summary>With certificates.</summary>
        Certificate = 6,
    }
}
