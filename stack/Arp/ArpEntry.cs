// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Arp
{
    /// <summary>
    /// One row of the ARP cache. Times are milliseconds that wrap.
    /// </summary>
    internal sealed class ArpEntry
    {
        /// <summary>
        /// In place of a number of requests: somebody has said that the address has moved, and is to be asked as soon as that may be.
        /// </summary>
        internal const int InDoubt = -1;

        /// <summary>The IPv4 address.</summary>
        internal uint Address;

        /// <summary>What is known about it.</summary>
        internal ArpEntryState State;

        /// <summary>Its MAC address as words, where the state is Reachable.</summary>
        internal readonly ushort[] Mac = new ushort[3];

        /// <summary>When the state was entered or last confirmed.</summary>
        internal int ConfirmedAt;

        /// <summary>When the last request went out.</summary>
        internal int RequestedAt;

        /// <summary>Requests sent since the state was entered, or <see cref="InDoubt"/>.</summary>
        internal int Requests;

        /// <summary>When a frame was last sent by way of the entry.</summary>
        internal int UsedAt;

        /// <summary>When the address came to the table.</summary>
        internal int BeganAt;

        /// <summary>Whether its MAC address is known and still in use some time after it came: it is not one of a flood.</summary>
        internal bool IsSettled;

        /// <summary>The latest frame that waits for the address, or null.</summary>
        internal Frame Parked;
    }
}
