// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Igmp
{
    /// <summary>
    /// One row of the table of groups. Its states are those of RFC 2236 section 6: Non-Member without references, Delaying Member
    /// while the timer runs, else Idle Member.
    /// </summary>
    internal sealed class MulticastGroup
    {
        /// <summary>The group's address, where <see cref="References"/> is not 0.</summary>
        internal uint Address;

        /// <summary>Sockets that have joined the group; the row is free at 0.</summary>
        internal int References;

        /// <summary>Whether a report is due.</summary>
        internal bool TimerRunning;

        /// <summary>When, in milliseconds that wrap.</summary>
        internal int DueAt;

        /// <summary>Whether the report that is due is repeated once: nobody asked for it, and it may be lost.</summary>
        internal bool Repeat;

        /// <summary>Whether we were the last to report the group, so that nobody but us may be left in it.</summary>
        internal bool LastReporter;
    }
}
