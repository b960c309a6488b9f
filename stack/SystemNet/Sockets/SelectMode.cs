// Licensed under the MIT license. See LICENSE in the repository root.

namespace System.Net.Sockets
{
    /// <summary>What <see cref="Socket.Poll"/> asks about.</summary>
    public enum SelectMode
    {
        /// <summary>Whether there is something to read or accept, or nothing will come any more.</summary>
        SelectRead = 0,

        /// <summary>Whether something can be sent, or the connection is made.</summary>
        SelectWrite = 1,

        /// <summary>Whether the connection could not be made.</summary>
        SelectError = 2,
    }
}
