// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Threading
{
    /// <summary>
    /// A thread that waits, and what for. They are made at start-up.
    /// </summary>
    /// <remarks>
    /// One for each thread and not for each socket: who reads and who writes may wait on the same socket, and a signal lets one go.
    /// </remarks>
    internal sealed class Waiter
    {
        /// <summary>Lets the thread go.</summary>
        internal readonly HostSignal Signal;

        /// <summary>The socket that it waits for, or -1.</summary>
        internal int Handle;

        /// <summary>What it waits for.</summary>
        internal WaitKind Kind;

        /// <summary>Which taking it was; 0 while nobody has it.</summary>
        internal int Ticket;

        /// <summary>Whether it was let go since it last looked.</summary>
        internal bool IsSet;

        /// <summary>
        /// Initializes a new instance of the <see cref="Waiter"/> class.
        /// </summary>
        /// <param name="signal">Its signal.</param>
        internal Waiter(HostSignal signal)
        {
            Signal = signal;
        }
    }
}
