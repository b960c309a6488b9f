// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Frames
{
    /// <summary>
    /// How much who keeps frames for later has to leave to others. Nobody takes all frames of a size.
    /// </summary>
    internal enum KeepPriority
    {
        /// <summary>
        /// What will come again or can be done without: text before its turn, frames that wait for a neighbour's answer. It leaves a
        /// third of the frames of its size, and is given up when others need more.
        /// </summary>
        Spare,

        /// <summary>More of what a connection or a socket holds already: it leaves a third of the frames of its size.</summary>
        Further,

        /// <summary>The first that a connection or a socket holds: it leaves one frame of its size, so that the next newcomer is heard.</summary>
        First,
    }
}
