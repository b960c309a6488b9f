// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// TIMEOUTS (RFC 9293 section 3.10.8): the user timeout, the retransmission timeout and the TIME-WAIT timeout; and those of probes and
    /// delayed acknowledgments, which the RFC has elsewhere (sections 3.8.4, 3.8.6).
    /// </summary>
    internal sealed class Timeouts
    {
        private readonly TcpEnding _ending;
        private readonly TcpOutput _output;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly TcpLossDetection _detection;
        private readonly TcpCongestion _congestion;
        private readonly TcpCounters _counters;
        private readonly int _userTimeout;
        private readonly int _connectTimeout;

        /// <summary>Initializes the event.</summary>
        /// <param name="ending">Ends connections.</param>
        /// <param name="output">Sends what is due.</param>
        /// <param name="transmitter">Makes segments without text.</param>
        /// <param name="acknowledgment">Looks for losses when it is time to.</param>
        /// <param name="detection">Knows what is lost.</param>
        /// <param name="congestion">Hears of timeouts.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Times.</param>
        internal Timeouts(
            TcpEnding ending,
            TcpOutput output,
            TcpTransmitter transmitter,
            TcpAcknowledgment acknowledgment,
            TcpLossDetection detection,
            TcpCongestion congestion,
            TcpCounters counters,
            StackConfiguration configuration)
        {
            _ending = ending;
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
        internal void Process(TcpControlBlock block, int now)
        {
            if (block.State >= TcpState.FinWait2 && now - block.StateEndsAt >= 0 && TcpTransitions.HasEnd(block))
            {
                // TIME-WAIT timeout: the connection is deleted; or nobody waits any longer for the peer's FIN
                _ending.End(block, SocketError.Success);
            }

            if (block.SendTimer != SendTimerKind.None && now - block.SendTimerAt >= 0)
            {
                ProcessSendTimer(block, now);
            }

            if (block.AcknowledgmentDue == AcknowledgmentDue.Soon && now - block.AcknowledgmentAt >= 0)
            {
                AcknowledgmentPolicy.OweNow(block);
                TcpOutput.Request(block);
            }

            if (block.KeepAliveIdle > 0 && now - block.KeepAliveAt >= 0 && KeepAlive.IsRunning(block))
            {
                Probe(block, now);
            }
        }

        /// <summary>
        /// When the next timer of a connection expires.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds from now on.</returns>
        internal static int NextDue(TcpControlBlock block, int now)
        {
            int wait = int.MaxValue;
            if (block.State >= TcpState.FinWait2 && TcpTransitions.HasEnd(block))
            {
                wait = block.StateEndsAt - now;
            }

            if (block.SendTimer != SendTimerKind.None && block.SendTimerAt - now < wait)
            {
                wait = block.SendTimerAt - now;
            }

            if (block.AcknowledgmentDue == AcknowledgmentDue.Soon && block.AcknowledgmentAt - now < wait)
            {
                wait = block.AcknowledgmentAt - now;
            }

            if (block.KeepAliveIdle > 0 && block.KeepAliveAt - now < wait && KeepAlive.IsRunning(block))
            {
                wait = block.KeepAliveAt - now;
            }

            // output that is still pending waits for the interface, which says itself when it is free
            return wait < 0 ? 0 : wait;
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
            if (SendTimer.AwaitsAcknowledgment(block))
            {
                _acknowledgment.RestoreTimeout(block);
            }

            SendTimer.ExpireNow(block, now);
        }

        private void ProcessSendTimer(TcpControlBlock block, int now)
        {
            SendTimerKind kind = block.SendTimer;
            if (kind == SendTimerKind.Persist)
            {
                ProbeWindow(block, now);
            }
            else if (now - block.RetransmitAt >= 0)
            {
                Retransmit(block, now);
            }
            else
            {
                SendTimer.StopLossTimer(block);
                if (kind == SendTimerKind.TailProbe)
                {
                    _output.SendTailProbe(block, now);
                }
                else
                {
                    _acknowledgment.DetectLosses(block, now);
                }
            }
        }

        private void Retransmit(TcpControlBlock block, int now)
        {
            bool opening = block.State == TcpState.SynSent || block.State == TcpState.SynReceived;
            if (UserTimeout.IsOver(block, opening ? _connectTimeout : _userTimeout, now))
            {
                if (opening)
                {
                    _counters._failedOpens++;
                }

                GiveUp(block);
                return;
            }

            // it runs again from when something has left: where that has to wait for room, it is not lost once more in each poll
            SendTimer.Stop(block);
            TcpTransmitter.ForgetStation(block);
            RetransmissionTimeout.BackOff(block);
            _counters._timeouts++;
            if (opening)
            {
                _counters._retransmissions++;
                TcpOutput.RequestSyn(block);
                return;
            }

            _congestion.NoteTimeout(block);
            _detection.MarkAllLost(block, true);
            TailLossProbe.End(block);
            TcpOutput.Request(block);
        }

        private void ProbeWindow(TcpControlBlock block, int now)
        {
            if (UserTimeout.IsOver(block, _userTimeout, now))
            {
                GiveUp(block);
            }
            else if (_output.SendPersistent(block, now))
            {
                SendTimer.BackOffPersist(block, now);
            }
            else if (block.SendTimer == SendTimerKind.Persist)
            {
                SendTimer.Stop(block);
            }
        }

        private void Probe(TcpControlBlock block, int now)
        {
            if (!KeepAlive.CountProbe(block, now))
            {
                GiveUp(block);
                return;
            }

            // RFC 9293 section 3.8.4: a sequence number that the peer has seen, so that it must answer
            _counters._keepAliveProbes++;
            _transmitter.SendControl(block, block.SndNxt - 1, TcpHeader.Ack, now);
        }

        /// <summary>
        /// User timeout (section 3.10.8): the connection is aborted, and the application told why.
        /// </summary>
        private void GiveUp(TcpControlBlock block)
        {
            _counters._timedOut++;
            _ending.End(block, block.SoftError != SocketError.Success ? block.SoftError : SocketError.TimedOut);
        }
    }
}
