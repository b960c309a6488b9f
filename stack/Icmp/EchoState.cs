// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// How far an echo request has come.
    /// </summary>
    internal enum EchoState
    {
        /// <summary>Nothing was asked for.</summary>
        Idle,

        /// <summary>The request leaves in the next poll.</summary>
        Queued,

        /// <summary>The request could not leave yet, for want of a frame or of the next hop's MAC address.</summary>
        Blocked,

        /// <summary>The request is out, and there is no answer yet.</summary>
        Waiting,

        /// <summary>It is known how it ended, and nobody has asked.</summary>
        Done,
    }
}
