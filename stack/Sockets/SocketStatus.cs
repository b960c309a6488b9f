// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// A row of the socket table as netstat lists it: the control information that a socket is. The application makes one and
    /// has it filled again and again.
    /// </summary>
    public sealed class SocketStatus
    {
        /// <summary>Gets the descriptor that fits the block now.</summary>
        public int Descriptor { get; private set; }

        /// <summary>Gets the state of the connection.</summary>
        public TcpState State { get; private set; }

        /// <summary>Gets our port, or 0.</summary>
        public int LocalPort { get; private set; }

        /// <summary>Gets the peer's address, or 0.</summary>
        public uint RemoteAddress { get; private set; }

        /// <summary>Gets the peer's port, or 0.</summary>
        public int RemotePort { get; private set; }

        /// <summary>Gets the bytes that have arrived and were not read.</summary>
        public int ReceiveQueueBytes { get; private set; }

        /// <summary>Gets the bytes that were written and are not acknowledged.</summary>
        public int SendQueueBytes { get; private set; }

        /// <summary>Gets RCV.WND in bytes.</summary>
        public int ReceiveWindow { get; private set; }

        /// <summary>Gets SND.WND in bytes.</summary>
        public int SendWindow { get; private set; }

        /// <summary>Gets the retransmission timeout in milliseconds.</summary>
        public int RetransmissionTimeout { get; private set; }

        /// <summary>Gets the smoothed round trip time in milliseconds.</summary>
        public int RoundTripTime { get; private set; }

        /// <summary>Gets the retransmissions since something was last acknowledged.</summary>
        public int Retransmissions { get; private set; }

        /// <summary>
        /// Takes a block's information over.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <param name="descriptor">Its descriptor.</param>
        internal void Set(TcpControlBlock block, int descriptor)
        {
            Descriptor = descriptor;
            State = block.State;
            LocalPort = block.LocalPort;
            RemoteAddress = block.RemoteAddress;
            RemotePort = block.RemotePort;
            ReceiveQueueBytes = block.ReceiveQueue.Bytes;
            SendQueueBytes = block.SendQueue.Bytes;
            ReceiveWindow = (int)(block.RcvEdge - block.RcvNxt);
            SendWindow = block.SndWnd;
            RetransmissionTimeout = block.Rto;
            RoundTripTime = block.Srtt8 >> 3;
            Retransmissions = block.Retransmits;
        }
    }
}
