// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// What happens when time passes: retransmission, zero-window probes, delayed acknowledgments, and states that end.
    /// </summary>
    internal sealed class TcpTimers
    {
        /// <summary>Milliseconds between two probes of a closed window at most.</summary>
        private const int LongestProbeInterval = 60000;

        /// <summary>Doubled so often, the shortest RTO is longer than that; once less, the longest still fits a number.</summary>
        private const int MostDoublings = 16;

        /// <summary>Milliseconds between keep-alive probes that are not answered.</summary>
        private const int KeepAliveInterval = 75000;

        /// <summary>Keep-alive probes without an answer after which the peer is gone: one alone may be lost (RFC 9293 MUST-25).</summary>
        private const int KeepAliveLimit = 9;

        private readonly TcpLayer _tcp;
        private readonly TcpOutput _output;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly TcpLossDetection _detection;
        private readonly TcpCongestion _congestion;
        private readonly TcpCounters _counters;
        private readonly int _userTimeout;
        private readonly int _connectTimeout;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpTimers"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="output">Sends what is due.</param>
        /// <param name="transmitter">Makes segments without text.</param>
        /// <param name="acknowledgment">Looks for losses when it is time to.</param>
        /// <param name="detection">Knows what is lost.</param>
        /// <param name="congestion">Hears of timeouts.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Times.</param>
        internal TcpTimers(
            TcpLayer tcp,
            TcpOutput output,
            TcpTransmitter transmitter,
            TcpAcknowledgment acknowledgment,
            TcpLossDetection detection,
            TcpCongestion congestion,
            TcpCounters counters,
            StackConfiguration configuration)
        {
            _tcp = tcp;
            _output = output;
            _transmitter = transmitter;
            _acknowledgment = acknowledgment;
            _detection = detection;
            _congestion = congestion;
            _counters = counters;
            _userTimeout = configuration.TcpUserTimeout;
            _connectTimeout = configuration.TcpConnectTimeout;
        }

        /// <summary>
        /// Does what is due for one connection.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds until the next timer of the connection expires.</returns>
        internal int Poll(TcpControlBlock block, int now)
        {
            if (block.StateTimerRunning && now - block.StateEndsAt >= 0)
            {
                _tcp.Abandon(block, SocketError.Success);
            }

            if (block.RetransmitRunning && now - block.RetransmitAt >= 0)
            {
                Retransmit(block, now);
            }

            if (block.LossTimer != TcpLossTimer.None && now - block.LossTimerAt >= 0)
            {
                LossTimerExpires(block, now);
            }

            if (block.PersistRunning && now - block.PersistAt >= 0)
            {
                Probe(block, now);
            }

            if (block.DelayedAckRunning && now - block.DelayedAckAt >= 0)
            {
                block.DelayedAckRunning = false;
                block.AckPending = true;
                block.OutputPending = true;
            }

            if (block.KeepAliveIdle > 0 && IsKeptAlive(block) && now - block.KeepAliveAt >= 0)
            {
                KeepAlive(block, now);
            }

            if (block.OutputPending)
            {
                _output.Send(block, now);
                _tcp.FailIfUnreachable(block);
            }

            if (block.UserTimeout != 0)
            {
                EndInTime(block);
            }

            return NextDue(block, now);
        }

        /// <summary>
        /// Sending is possible again. Nothing of what was repeated without a link, or without an address, has left, so that the timeouts
        /// say nothing of the path: the RTO is what was measured, not what it was backed off to, and what waits for it goes now. From here
        /// on it is backed off as ever (RFC 6298 section 5.5).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void Resume(TcpControlBlock block, int now)
        {
            if (block.RetransmitRunning)
            {
                _acknowledgment.RestoreTimeout(block);
                block.RetransmitAt = now;
            }

            if (block.PersistRunning)
            {
                block.Probes = 0;
                block.PersistAt = now;
            }
        }

        /// <summary>
        /// Has the timers expire no later than the application's patience does.
        /// </summary>
        private static void EndInTime(TcpControlBlock block)
        {
            int end = block.UnacknowledgedSince + block.UserTimeout;
            if (block.RetransmitRunning && block.RetransmitAt - end > 0)
            {
                block.RetransmitAt = end;
            }

            if (block.PersistRunning && block.PersistAt - end > 0)
            {
                block.PersistAt = end;
            }
        }

        private static int NextDue(TcpControlBlock block, int now)
        {
            int wait = int.MaxValue;
            if (block.StateTimerRunning)
            {
                wait = block.StateEndsAt - now;
            }

            if (block.RetransmitRunning && block.RetransmitAt - now < wait)
            {
                wait = block.RetransmitAt - now;
            }

            if (block.LossTimer != TcpLossTimer.None && block.LossTimerAt - now < wait)
            {
                wait = block.LossTimerAt - now;
            }

            if (block.PersistRunning && block.PersistAt - now < wait)
            {
                wait = block.PersistAt - now;
            }

            if (block.DelayedAckRunning && block.DelayedAckAt - now < wait)
            {
                wait = block.DelayedAckAt - now;
            }

            if (block.KeepAliveIdle > 0 && IsKeptAlive(block) && block.KeepAliveAt - now < wait)
            {
                wait = block.KeepAliveAt - now;
            }

            // output that is still pending waits for the interface, which says itself when it is free
            return wait < 0 ? 0 : wait;
        }

        /// <summary>
        /// Whether a connection is of the kind that is probed: open, and with nothing under way, which would be a probe itself.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether it is.</returns>
        internal static bool IsKeptAlive(TcpControlBlock block)
        {
            return (block.State == TcpState.Established || block.State == TcpState.CloseWait || block.State == TcpState.FinWait2)
                && block.SndUna == block.SndMax;
        }

        private void KeepAlive(TcpControlBlock block, int now)
        {
            if (block.KeepAliveProbes >= KeepAliveLimit)
            {
                GiveUp(block);
                return;
            }

            // RFC 9293 section 3.8.4: a sequence number that the peer has seen, so that it must answer
            block.KeepAliveProbes++;
            block.KeepAliveAt = now + KeepAliveInterval;
            _counters._keepAliveProbes++;
            _transmitter.SendControl(block, block.SndNxt - 1, TcpHeader.Ack, now);
        }

        private void GiveUp(TcpControlBlock block)
        {
            _counters._timedOut++;
            _tcp.Abandon(block, block.SoftError != SocketError.Success ? block.SoftError : SocketError.TimedOut);
        }

        private void Retransmit(TcpControlBlock block, int now)
        {
            bool opening = block.State == TcpState.SynSent || block.State == TcpState.SynReceived;
            if (now - block.UnacknowledgedSince >= Patience(block, opening ? _connectTimeout : _userTimeout))
            {
                if (opening)
                {
                    _counters._failedOpens++;
                }

                GiveUp(block);
                return;
            }

            // it may have moved to another station: from here on ARP must know
            block.Station = 0;
            block.Retransmits++;
            _counters._timeouts++;
            RetransmissionTimer.BackOff(block);
            if (opening)
            {
                _counters._retransmissions++;

                // it runs again from when the SYN has left: where that has to wait for room, it is not lost once more in each poll
                block.RetransmitRunning = false;
                _tcp.SendSyn(block, now);
                return;
            }

            _congestion.TimedOut(block);
            _detection.MarkAllLost(block, true);
            block.RetransmitRunning = false;
            block.LossTimer = TcpLossTimer.None;
            block.TailProbe &= TcpLossDetection.ProbeUntimed;
            block.OutputPending = true;
        }

        private void LossTimerExpires(TcpControlBlock block, int now)
        {
            bool probe = block.LossTimer == TcpLossTimer.TailProbe;
            block.LossTimer = TcpLossTimer.None;
            if (probe)
            {
                _output.SendTailProbe(block, now);
            }
            else
            {
                _acknowledgment.DetectLosses(block, now);
            }
        }

        private static int Patience(TcpControlBlock block, int configured) => block.UserTimeout != 0 ? block.UserTimeout : configured;

        private void Probe(TcpControlBlock block, int now)
        {
            if (now - block.UnacknowledgedSince >= Patience(block, _userTimeout))
            {
                GiveUp(block);
                return;
            }

            if (!_output.SendPersistent(block, now))
            {
                block.PersistRunning = false;
                return;
            }

            if (block.Probes < MostDoublings)
            {
                block.Probes++;
            }

            int interval = block.Probes < MostDoublings ? block.Rto << block.Probes : LongestProbeInterval;
            block.PersistAt = now + (interval > LongestProbeInterval ? LongestProbeInterval : interval);
        }
    }
}
