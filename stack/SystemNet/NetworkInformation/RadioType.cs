// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.NetworkInformation
{
    /// <summary>The kind of a radio. There is no radio here.</summary>
    public enum RadioType : byte
    {
        /// <summary>Any.</summary>
        NotSpecified = 0,

        /// <summary>802.11a.</summary>
        _802_11a = 1,

        /// <summary>802.11b.</summary>
        _802_11b = 2,

        /// <summary>802.11g.</summary>
        _802_11g = 4,

        /// <summary>802.11n.</summary>
        _802_11n = 8,
    }
}
