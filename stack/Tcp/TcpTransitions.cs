// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// All changes of state that there are: the arrows of RFC 9293 figure 5 (section 3.3.2), from top to bottom. Owns
    /// <see cref="TcpControlBlock.State"/>, and <see cref="TcpControlBlock.StateEndsAt"/> of those states that end by themselves.
    /// </summary>
    /// <remarks>
    /// <code>
    /// CLOSED        passive OPEN            LISTEN             OpenPassive
    /// CLOSED        active OPEN, snd SYN    SYN-SENT           OpenActive
    /// LISTEN        rcv SYN, snd SYN,ACK    SYN-RECEIVED       an entry of TcpSynQueue: it takes a block when it is ESTABLISHED
    /// SYN-SENT      rcv SYN, snd SYN,ACK    SYN-RECEIVED       CrossSyns
    /// SYN-SENT      rcv SYN,ACK, snd ACK    ESTABLISHED        Establish
    /// SYN-RECEIVED  rcv ACK of SYN          ESTABLISHED        Establish
    /// SYN-RECEIVED  CLOSE, then the ACK     FIN-WAIT-1         Establish, then CloseSending
    /// ESTABLISHED   CLOSE, snd FIN          FIN-WAIT-1         CloseSending
    /// ESTABLISHED   rcv FIN, snd ACK        CLOSE-WAIT         FinArrives
    /// FIN-WAIT-1    rcv ACK of FIN          FIN-WAIT-2         FinAcknowledged
    /// FIN-WAIT-1    rcv FIN, snd ACK        CLOSING            FinArrives
    /// CLOSE-WAIT    CLOSE, snd FIN          LAST-ACK           CloseSending
    /// FIN-WAIT-2    rcv FIN, snd ACK        TIME-WAIT          FinArrives
    /// CLOSING       rcv ACK of FIN          TIME-WAIT          FinAcknowledged
    /// LAST-ACK      rcv ACK of FIN          CLOSED             FinAcknowledged
    /// TIME-WAIT     2 MSL                   CLOSED             End
    /// any           RST, ABORT, timeout     CLOSED             End
    /// </code>
    /// </remarks>
    internal sealed class TcpTransitions
    {
        private readonly int _timeWait;
        private readonly int _finWait2;

        /// <summary>Initializes the times of the states that end by themselves.</summary>
        /// <param name="configuration">Times.</param>
        internal TcpTransitions(StackConfiguration configuration)
        {
            _timeWait = configuration.TcpTimeWait;
            _finWait2 = configuration.TcpFinWait2;
        }

        /// <summary>
        /// Whether the state ends by itself: TIME-WAIT does, and FIN-WAIT-2 if no application holds the block.
        /// </summary>
        /// <param name="block">The block.</param>
        /// <returns>Whether it does, at <see cref="TcpControlBlock.StateEndsAt"/>.</returns>
        internal static bool HasEnd(TcpControlBlock block)
        {
            return block.State == TcpState.TimeWait || (block.State == TcpState.FinWait2 && block.Descriptor < 0);
        }

        /// <summary>CLOSED to LISTEN: passive OPEN.</summary>
        /// <param name="block">A block in CLOSED that has a port.</param>
        internal static void OpenPassive(TcpControlBlock block)
        {
            block.State = TcpState.Listen;
        }

        /// <summary>CLOSED to SYN-SENT: active OPEN.</summary>
        /// <param name="block">A block in CLOSED.</param>
        internal static void OpenActive(TcpControlBlock block)
        {
            block.State = TcpState.SynSent;
        }

        /// <summary>SYN-SENT to SYN-RECEIVED: both SYNs crossed on the way.</summary>
        /// <param name="block">A block in SYN-SENT.</param>
        internal static void CrossSyns(TcpControlBlock block)
        {
            block.State = TcpState.SynReceived;
        }

        /// <summary>
        /// SYN-SENT or SYN-RECEIVED to ESTABLISHED, and on to FIN-WAIT-1 if the application has closed while the handshake was under way.
        /// </summary>
        /// <param name="block">A block whose SYN is acknowledged.</param>
        internal static void Establish(TcpControlBlock block)
        {
            block.State = block.FinQueued ? TcpState.FinWait1 : TcpState.Established;
        }

        /// <summary>
        /// The application closes its direction: ESTABLISHED to FIN-WAIT-1, CLOSE-WAIT to LAST-ACK. In SYN-RECEIVED the FIN waits for
        /// <see cref="Establish"/>.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void CloseSending(TcpControlBlock block)
        {
            if (block.State == TcpState.Established)
            {
                block.State = TcpState.FinWait1;
            }
            else if (block.State == TcpState.CloseWait)
            {
                block.State = TcpState.LastAck;
            }
        }

        /// <summary>
        /// The peer has closed its direction: ESTABLISHED to CLOSE-WAIT, FIN-WAIT-1 to CLOSING, FIN-WAIT-2 to TIME-WAIT.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>False for a FIN that was seen before, in the other states.</returns>
        internal bool FinArrives(TcpControlBlock block, int now)
        {
            switch (block.State)
            {
                case TcpState.Established:
                    block.State = TcpState.CloseWait;
                    return true;

                case TcpState.FinWait1:
                    // had our FIN been acknowledged, the state would be FIN-WAIT-2 by now
                    block.State = TcpState.Closing;
                    return true;

                case TcpState.FinWait2:
                    EnterTimeWait(block, now);
                    return true;

                default:
                    return false;
            }
        }

        /// <summary>
        /// Our FIN is acknowledged: FIN-WAIT-1 to FIN-WAIT-2, CLOSING to TIME-WAIT. LAST-ACK ends, which is for the caller to do.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>False if that was the end of the connection.</returns>
        internal bool FinAcknowledged(TcpControlBlock block, int now)
        {
            switch (block.State)
            {
                case TcpState.FinWait1:
                    block.State = TcpState.FinWait2;
                    SendTimer.Stop(block);
                    LimitFinWait2(block, now);
                    return true;

                case TcpState.Closing:
                    EnterTimeWait(block, now);
                    return true;

                default:
                    return block.State != TcpState.LastAck;
            }
        }

        /// <summary>
        /// The peer's FIN comes again in TIME-WAIT, for our acknowledgment was lost: the 2 MSL begin anew.
        /// </summary>
        /// <param name="block">A block in TIME-WAIT.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void RestartTimeWait(TcpControlBlock block, int now)
        {
            block.StateEndsAt = now + _timeWait;
        }

        /// <summary>
        /// The wait for the peer's FIN has an end, as long as there is nobody to read what may still come.
        /// </summary>
        /// <param name="block">A block in FIN-WAIT-2.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void LimitFinWait2(TcpControlBlock block, int now)
        {
            block.StateEndsAt = now + _finWait2;
        }

        /// <summary>Any state to CLOSED.</summary>
        /// <param name="block">The block.</param>
        internal static void End(TcpControlBlock block)
        {
            block.State = TcpState.Closed;
        }

        /// <summary>
        /// Both directions are closed: wait for 2 MSL, in which a late or repeated segment still finds the block.
        /// </summary>
        private void EnterTimeWait(TcpControlBlock block, int now)
        {
            block.State = TcpState.TimeWait;
            SendTimer.Stop(block);
            block.StateEndsAt = now + _timeWait;
        }
    }
}
