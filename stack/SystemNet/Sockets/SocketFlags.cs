// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace System.Net.Sockets
{
    /// <summary>How to send or receive.</summary>
    [Flags]
    public enum SocketFlags
    {
        /// <summary>As always.</summary>
        None = 0,

        /// <summary>Urgent data, which these sockets do not have.</summary>
        OutOfBand = 1,

        /// <summary>Look, and leave it there.</summary>
        Peek = 2,

        /// <summary>To the own link only; every send asks for the way here.</summary>
        DontRoute = 4,

        /// <summary>Has no meaning here.</summary>
        MaxIOVectorLength = 16,

        /// <summary>Has no meaning here.</summary>
        Truncated = 256,

        /// <summary>Has no meaning here.</summary>
        ControlDataTruncated = 512,

        /// <summary>Has no meaning here.</summary>
        Broadcast = 1024,

        /// <summary>Has no meaning here.</summary>
        Multicast = 2048,

        /// <summary>Has no meaning here.</summary>
        Partial = 32768,
    }
}
