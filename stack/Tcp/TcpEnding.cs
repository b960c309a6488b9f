// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// The end of a connection, however it comes about: "enter CLOSED state, delete TCB, and return", as RFC 9293 section 3.10 has it.
    /// </summary>
    internal sealed class TcpEnding
    {
        private readonly TcpTable _table;
        private readonly FramePool _pool;
        private readonly TcpReceiveQueue _receiveQueue;
        private readonly TcpReassembly _reassembly;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpCounters _counters;

        /// <summary>Initializes what ends connections.</summary>
        /// <param name="table">Where blocks go back to.</param>
        /// <param name="pool">Where frames go back to.</param>
        /// <param name="receiveQueue">What nobody will read is in there.</param>
        /// <param name="reassembly">And in there.</param>
        /// <param name="transmitter">Tells the peer.</param>
        /// <param name="counters">The layer's counters.</param>
        internal TcpEnding(
            TcpTable table, FramePool pool, TcpReceiveQueue receiveQueue, TcpReassembly reassembly, TcpTransmitter transmitter, TcpCounters counters)
        {
            _table = table;
            _pool = pool;
            _receiveQueue = receiveQueue;
            _reassembly = reassembly;
            _transmitter = transmitter;
            _counters = counters;
        }

        /// <summary>
        /// Ends a connection without a word to the peer. The block stays with the application that has it, else it is free.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="error">What the application is told.</param>
        internal void End(TcpControlBlock block, SocketError error)
        {
            TcpTransitions.End(block);
            block.Error = error;
            SendTimer.Stop(block);
            AcknowledgmentPolicy.Acknowledged(block);
            TcpOutput.Cancel(block);
            block.SendQueue.Clear(_pool);
            _reassembly.Clear(block);
            _receiveQueue.DropPassing(block);
            if (block.Descriptor < 0)
            {
                Free(block);
            }
            else if (error != SocketError.Success)
            {
                // after an orderly end what has arrived may still be read, after an abort nothing is (RFC 9293 section 3.10.7.4)
                _receiveQueue.Clear(block);
            }
        }

        /// <summary>
        /// Ends an attempt to open a connection.
        /// </summary>
        /// <param name="block">The block in SYN-SENT or SYN-RECEIVED.</param>
        /// <param name="error">What the application is told.</param>
        internal void FailToOpen(TcpControlBlock block, SocketError error)
        {
            _counters._failedOpens++;
            End(block, error);
        }

        /// <summary>
        /// Ends a connection with a RST, if its state has one (RFC 9293 section 3.10.5).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="error">What the application is told.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Reset(TcpControlBlock block, SocketError error, int now)
        {
            switch (block.State)
            {
                case TcpState.SynReceived:
                case TcpState.Established:
                case TcpState.FinWait1:
                case TcpState.FinWait2:
                case TcpState.CloseWait:
                    _counters._resetsSent++;
                    _transmitter.SendControl(block, SendSequence.Next(block), TcpHeader.Rst | TcpHeader.Ack, now);
                    break;

                default:
                    break;
            }

            End(block, error);
        }

        /// <summary>
        /// Gives a block back to the table. Descriptors of it no longer fit.
        /// </summary>
        /// <param name="block">The block, in CLOSED: all that it had to send is gone.</param>
        internal void Free(TcpControlBlock block)
        {
            _receiveQueue.Clear(block);
            if (block.Listener != null)
            {
                TcpBacklog.Remove(block);
            }

            _table.Free(block);
        }
    }
}
