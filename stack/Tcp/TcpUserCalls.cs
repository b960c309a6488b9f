// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What the application's calls do to a connection: OPEN and CLOSE of RFC 9293 section 3.10.
    /// </summary>
    internal sealed class TcpUserCalls
    {
        private readonly TcpLayer _tcp;
        private readonly int _finWait2;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpUserCalls"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="configuration">Times.</param>
        internal TcpUserCalls(TcpLayer tcp, StackConfiguration configuration)
        {
            _tcp = tcp;
            _finWait2 = configuration.TcpFinWait2;
        }

        /// <summary>
        /// Active OPEN (section 3.10.1): the peer is written into the control block, and a SYN goes out.
        /// </summary>
        /// <param name="block">A block in CLOSED that has a local port.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port.</param>
        internal void Open(TcpControlBlock block, uint address, int port)
        {
            block.RemoteAddress = address;
            block.RemotePort = port;
            block.RcvNxt = 0;
            block.RcvEdge = 0;
            block.StartSending(_tcp.ChooseInitialSequence(address, block.LocalPort, port, _tcp.Now));
            block.State = TcpState.SynSent;
            block.SynPending = true;
            _tcp.Counters._activeOpens++;
            _tcp.RequestOutput(block);
        }

        /// <summary>
        /// CLOSE of our direction (section 3.10.4): a FIN follows what was written.
        /// </summary>
        /// <param name="block">A connection in SYN-RECEIVED, ESTABLISHED or CLOSE-WAIT.</param>
        internal void CloseSending(TcpControlBlock block)
        {
            block.FinQueued = true;
            if (block.State == TcpState.Established)
            {
                block.State = TcpState.FinWait1;
            }
            else if (block.State == TcpState.CloseWait)
            {
                block.State = TcpState.LastAck;
            }

            _tcp.RequestOutput(block);
        }

        /// <summary>
        /// The application gives its descriptor up: CLOSE, if it has not closed before, and nobody reads any more.
        /// </summary>
        /// <param name="block">The block.</param>
        internal void Close(TcpControlBlock block)
        {
            block.Attached = false;
            _tcp.Table.LeaveAlone(block, _tcp.Now);
            switch (block.State)
            {
                case TcpState.Closed:
                    _tcp.Free(block);
                    break;

                case TcpState.Listen:
                    _tcp.SynQueue.ResetAll(block);
                    _tcp.Backlog.ResetAll(block);
                    _tcp.Abandon(block, SocketError.Success);
                    break;

                case TcpState.SynSent:
                    _tcp.Abandon(block, SocketError.ConnectionAborted);
                    break;

                case TcpState.SynReceived:
                    CloseSending(block);
                    break;

                case TcpState.Established:
                case TcpState.CloseWait:
                    if (block.ReceiveQueue.Count > 0)
                    {
                        // the peer must know that what it sent was never read (RFC 9293 SHLD-3, RFC 2525 section 2.17)
                        _tcp.Reset(block, SocketError.ConnectionAborted);
                    }
                    else
                    {
                        CloseSending(block);
                    }

                    break;

                case TcpState.FinWait1:
                case TcpState.FinWait2:
                    if (block.ReceiveQueue.Count > 0)
                    {
                        _tcp.Reset(block, SocketError.ConnectionAborted);
                    }
                    else if (block.State == TcpState.FinWait2)
                    {
                        block.StateTimerRunning = true;
                        block.StateEndsAt = _tcp.Now + _finWait2;
                    }

                    break;

                default:
                    break;
            }

            if (block.State != TcpState.Closed)
            {
                // in CLOSING, LAST-ACK and TIME-WAIT the peer is not told any more, but the frames are not kept
                _tcp.DropUnread(block);
            }
        }
    }
}
