// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>Whose an option is.</summary>
    public enum SocketOptionLevel
    {
        /// <summary>Any socket's.</summary>
        Socket = 65535,

        /// <summary>IPv4's.</summary>
        IP = 0,

        /// <summary>IPv6's.</summary>
        IPv6 = 41,

        /// <summary>TCP's.</summary>
        Tcp = 6,

        /// <summary>UDP's.</summary>
        Udp = 17,
    }
}
