// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// CLOSE (RFC 9293 section 3.10.4): of our direction alone, or together with the descriptor.
    /// </summary>
    internal static class CloseCall
    {
        /// <summary>
        /// Closes our direction: a FIN follows what was written.
        /// </summary>
        /// <param name="tcp">The layer, which knows the time and sends.</param>
        /// <param name="block">A connection in SYN-RECEIVED, ESTABLISHED or CLOSE-WAIT.</param>
        internal static void CloseSending(TcpLayer tcp, TcpControlBlock block)
        {
            SendQueue.AddFin(block);
            TcpTransitions.CloseSending(block);
            tcp.RequestOutput(block);
        }

        /// <summary>
        /// The application gives its descriptor up: our direction is closed, if it was not before, and nobody reads any more.
        /// </summary>
        /// <param name="tcp">The layer, which knows the time and sends.</param>
        /// <param name="block">The block.</param>
        internal static void Close(TcpLayer tcp, TcpControlBlock block)
        {
            int now = tcp.Now;
            tcp.Table.Detach(block, now);
            switch (block.State)
            {
                case TcpState.Closed:
                    tcp.Ending.Free(block);
                    return;

                case TcpState.Listen:
                    tcp.SynQueue.ResetAll(block);
                    tcp.Backlog.ResetAll(block, now);
                    tcp.Ending.End(block, SocketError.Success);
                    return;

                case TcpState.SynSent:
                    tcp.Ending.End(block, SocketError.ConnectionAborted);
                    return;

                case TcpState.SynReceived:
                    CloseSending(tcp, block);
                    break;

                case TcpState.Established:
                case TcpState.CloseWait:
                    if (ResetIfUnread(tcp, block, now))
                    {
                        return;
                    }

                    CloseSending(tcp, block);
                    break;

                case TcpState.FinWait1:
                    ResetIfUnread(tcp, block, now);
                    break;

                case TcpState.FinWait2:
                    if (ResetIfUnread(tcp, block, now))
                    {
                        return;
                    }

                    tcp.Transitions.LimitFinWait2(block, now);
                    tcp.RequestPoll(block);
                    break;

                default:
                    // CLOSING, LAST-ACK, TIME-WAIT: the FIN is under way, or has arrived
                    break;
            }

            // in CLOSING, LAST-ACK and TIME-WAIT the peer is not told any more, but the frames are not kept
            tcp.DropUnread(block);
        }

        /// <summary>
        /// Ends the connection if the application has not read all: the peer must know that what it sent was never read (RFC 9293 SHLD-3,
        /// RFC 2525 section 2.17).
        /// </summary>
        private static bool ResetIfUnread(TcpLayer tcp, TcpControlBlock block, int now)
        {
            if (block.ReceiveQueue.Count == 0)
            {
                return false;
            }

            tcp.Ending.Reset(block, SocketError.ConnectionAborted, now);
            return true;
        }
    }
}
