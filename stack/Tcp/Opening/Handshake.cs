// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What both ends tell each other before text flows (RFC 9293 section 3.5). Owns <see cref="TcpControlBlock.SackPermitted"/>; to the
    /// owners of the other variables it says where they begin.
    /// </summary>
    internal sealed class Handshake
    {
        private readonly TcpCongestion _congestion;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly TcpBacklog _backlog;
        private readonly TcpCounters _counters;

        /// <summary>Initializes what opens connections.</summary>
        /// <param name="congestion">Knows what the network is trusted with at first.</param>
        /// <param name="acknowledgment">Takes the round trip of our SYN.</param>
        /// <param name="backlog">Notes who came first.</param>
        /// <param name="counters">The layer's counters.</param>
        internal Handshake(TcpCongestion congestion, TcpAcknowledgment acknowledgment, TcpBacklog backlog, TcpCounters counters)
        {
            _congestion = congestion;
            _acknowledgment = acknowledgment;
            _backlog = backlog;
            _counters = counters;
        }

        /// <summary>
        /// Our SYN is about to be sent, or was sent before there was a block.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="iss">ISS.</param>
        /// <param name="retransmits">How often the SYN was sent again.</param>
        internal static void BeginSending(TcpControlBlock block, uint iss, int retransmits)
        {
            SendSequence.Begin(block, iss);
            SendQueue.Begin(block, iss);
            RetransmissionTimeout.Begin(block, retransmits);
        }

        /// <summary>
        /// Takes over what the peer's SYN said of itself.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">IRS.</param>
        /// <param name="mss">The peer's maximum segment size, or 0 where it named none.</param>
        /// <param name="window">The peer's window in bytes.</param>
        /// <param name="sack">Whether both ends acknowledge selectively.</param>
        internal void TakePeer(TcpControlBlock block, uint sequence, int mss, int window, bool sack)
        {
            block.SackPermitted = sack;
            EffectiveMss.Begin(block, mss);
            SendWindow.Begin(block, sequence, window);
            _congestion.Begin(block);
        }

        /// <summary>
        /// Takes from the handshake what it says of the network.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="milliseconds">From our SYN to its acknowledgment, or -1 where that is no round trip, as the SYN was sent again (RFC 6298
        /// section 3).</param>
        internal void TakeRoundTrip(TcpControlBlock block, int milliseconds)
        {
            if (block.Retransmits > 0)
            {
                // a SYN was lost: RFC 6298 section 5.7 and RFC 5681 section 3.1 begin with more care
                RetransmissionTimeout.BeginAfterLostSyn(block);
                _congestion.NoteLostSyn(block);
            }
            else
            {
                _acknowledgment.MeasureSyn(block, milliseconds);
            }
        }

        /// <summary>
        /// The peer has repeated its SYN, so our answer was lost, though no timer of ours has expired (RFC 5681 section 3.1).
        /// </summary>
        /// <param name="block">The connection, the peer's SYN taken.</param>
        internal void NoteLostAnswer(TcpControlBlock block)
        {
            _congestion.NoteLostSyn(block);
        }

        /// <summary>
        /// The handshake is complete.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">SEG.SEQ of the segment that completed it.</param>
        /// <param name="acknowledgment">SEG.ACK.</param>
        /// <param name="window">SEG.WND.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Complete(TcpControlBlock block, uint sequence, uint acknowledgment, int window, int now)
        {
            TcpTransitions.Establish(block);
            TcpErrors.Forget(block);
            KeepAlive.Restart(block, now);
            SendWindow.Open(block, sequence, acknowledgment, window);
            _backlog.NoteOrder(block, now);
            _counters._established++;
        }
    }
}
