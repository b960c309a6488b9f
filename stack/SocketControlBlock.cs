// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// What the control blocks of all kinds of sockets have: who holds the block, the two endpoints, and the error that the application is
    /// to be told.
    /// </summary>
    /// <remarks>
    /// A descriptor is a ticket for a block: the block's place in the table, and how often the place was given back. Who comes with the
    /// ticket of an earlier owner is refused.
    /// </remarks>
    internal abstract class SocketControlBlock
    {
        /// <summary>The bits of a descriptor that are the block's place in the table.</summary>
        internal const int IndexMask = (1 << IndexBits) - 1;

        private const int IndexBits = 7;

        /// <summary>The application's descriptor. While no application holds the block, the complement of the one that the next gets: it is
        /// negative, and names another place.</summary>
        internal int Descriptor;

        /// <summary>What the application is to be told: why a connection ended, how an echo did, what an ICMP error said of a peer.</summary>
        internal SocketError Error;

        /// <summary>How many routers our packets may pass.</summary>
        internal int TimeToLive;

        /// <summary>Our port, or 0 while there is none; the identifier of an echo.</summary>
        internal int LocalPort;

        /// <summary>Whether it is bound to a loopback address: nobody but this board reaches it (RFC 1122 section 3.2.1.3 (g)).</summary>
        internal bool IsLocalOnly;

        /// <summary>The peer's address, where there is a peer.</summary>
        internal uint RemoteAddress;

        /// <summary>The peer's port, or 0 where there is no peer; the sequence number of an echo.</summary>
        internal int RemotePort;

        /// <summary>
        /// Initializes a new instance of the <see cref="SocketControlBlock"/> class.
        /// </summary>
        /// <param name="index">The block's place in the table of all sockets.</param>
        protected SocketControlBlock(int index)
        {
            Descriptor = ~index;
        }

        /// <summary>Gets or sets a value indicating whether an application holds a descriptor of the block. Where it counts, read
        /// <see cref="Descriptor"/>: this is a call.</summary>
        internal bool Attached
        {
            get => Descriptor >= 0;
            set
            {
                if (value != Attached)
                {
                    Descriptor = ~Descriptor;
                }
            }
        }

        /// <summary>Gets the descriptor that fits the block, or will.</summary>
        internal int Ticket => Descriptor < 0 ? ~Descriptor : Descriptor;

        /// <summary>Gets the block's place in the table of all sockets.</summary>
        internal int Index => Ticket & IndexMask;

        /// <summary>Gets how often the block was given back.</summary>
        internal int Generation => Ticket >> IndexBits;

        /// <summary>
        /// The block is given back: no descriptor that there is of it fits any more.
        /// </summary>
        internal void Retire()
        {
            Descriptor = ~((Ticket + (1 << IndexBits)) & int.MaxValue);
        }
    }
}
