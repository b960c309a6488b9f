// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Connections that peers are opening, apart from the sockets (RFC 4987 section 3.4): each takes a small entry until the
    /// handshake is complete, and only then a control block.
    /// </summary>
    internal sealed class TcpSynQueue
    {
        /// <summary>Milliseconds after which to try again where there was no room to send.</summary>
        private const int RetryInterval = 10;

        private readonly TcpHalfOpen[] _entries;
        private readonly TcpLayer _tcp;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpReceiveWindow _window;
        private readonly EthernetLayer _ethernet;
        private readonly TcpCounters _counters;
        private readonly int _lifetime;
        private int _inUse;
        private int _highWater;
        private bool _challenged;
        private int _challengedAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpSynQueue"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of control blocks.</param>
        /// <param name="transmitter">Makes the answers.</param>
        /// <param name="window">Knows what there is room for.</param>
        /// <param name="ethernet">Tells whether there is room to send.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Sizes and times.</param>
        internal TcpSynQueue(
            TcpLayer tcp,
            TcpTransmitter transmitter,
            TcpReceiveWindow window,
            EthernetLayer ethernet,
            TcpCounters counters,
            StackConfiguration configuration)
        {
            _tcp = tcp;
            _transmitter = transmitter;
            _window = window;
            _ethernet = ethernet;
            _counters = counters;
            _lifetime = configuration.TcpHalfOpenTimeout;
            _entries = new TcpHalfOpen[configuration.TcpSynQueue];
            for (int i = 0; i < _entries.Length; i++)
            {
                _entries[i] = new TcpHalfOpen();
            }
        }

        /// <summary>Gets the entries, used or not.</summary>
        internal TcpHalfOpen[] Entries => _entries;

        /// <summary>Gets the number of entries in use.</summary>
        internal int InUse => _inUse;

        /// <summary>Gets the most entries that were ever in use at once.</summary>
        internal int HighWater => _highWater;

        /// <summary>
        /// Sending is possible again: our SYNs go out once more now, and are repeated after that as if they were new.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void Resume(int now)
        {
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                TcpHalfOpen entry = entries[i];
                if (entry.Listener != null)
                {
                    entry.RetransmitAt = now;
                    entry.Retransmits = entry.Retransmits > 0 ? 0 : entry.Retransmits;
                }
            }
        }

        /// <summary>
        /// Finds the entry of a peer.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <param name="segment">A segment of the peer.</param>
        /// <returns>The entry, or null.</returns>
        internal TcpHalfOpen Find(TcpControlBlock listener, TcpSegment segment)
        {
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                TcpHalfOpen entry = entries[i];
                if (entry.Listener == listener && entry.RemotePort == segment.SourcePort && entry.RemoteAddress == segment.Source)
                {
                    return entry;
                }
            }

            return null;
        }

        /// <summary>
        /// Notes a SYN, and answers it. If the queue is full, the oldest peer that has left our SYN unanswered for a whole timeout
        /// makes room: who really wants to connect answers sooner.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <param name="segment">The SYN.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether there was room. If not, silence is the answer: an honest peer asks again.</returns>
        internal bool Add(TcpControlBlock listener, TcpSegment segment, int now)
        {
            TcpHalfOpen entry = TakeEntry();
            if (entry == null)
            {
                return false;
            }

            entry.Listener = listener;
            entry.RemoteAddress = segment.Source;
            entry.RemotePort = segment.SourcePort;
            entry.Irs = segment.Sequence;
            entry.Iss = _tcp.ChooseInitialSequence(segment.Source, segment.DestinationPort, segment.SourcePort, now);
            entry.ReceiveWindow = _window.Initial(segment.MaximumSegmentSize);
            entry.SendWindow = segment.Window;
            entry.MaximumSegmentSize = segment.MaximumSegmentSize;
            entry.SackPermitted = segment.SackPermitted && _transmitter.OffersSack;
            entry.StartedAt = now;
            entry.RetransmitAt = now + RetransmissionTimer.Initial;
            entry.Repeated = false;
            entry.Retransmits = Answer(entry, now) ? 0 : -1;
            return true;
        }

        /// <summary>
        /// A segment arrives for a half-open connection: RFC 9293 section 3.10.7.4 as far as it concerns SYN-RECEIVED, in its order.
        /// </summary>
        /// <param name="entry">The entry.</param>
        /// <param name="segment">The segment.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>A control block, now ESTABLISHED, that goes on with the segment, or null where it ends here.</returns>
        internal TcpControlBlock Receive(TcpHalfOpen entry, TcpSegment segment, int now)
        {
            // the peer's SYN again: our answer was lost (SYN-RECEIVED has no other use for it)
            int flags = segment.Flags;
            if ((flags & (TcpHeader.Syn | TcpHeader.Rst | TcpHeader.Ack)) == TcpHeader.Syn && segment.Sequence == entry.Irs)
            {
                entry.Repeated |= Answer(entry, now);
                return null;
            }

            // first, check the sequence number; second, check the RST bit (RFC 5961 section 3.2)
            uint next = entry.Irs + 1;
            bool inWindow = SequenceNumber.InWindow(segment.Sequence, next, entry.ReceiveWindow) || segment.Sequence == next;
            if ((flags & TcpHeader.Rst) != 0)
            {
                if (segment.Sequence == next)
                {
                    // MUST-11: a passive OPEN goes back to LISTEN, and nobody is told
                    _counters._resetsReceived++;
                    _counters._failedOpens++;
                    Free(entry);
                }
                else if (inWindow)
                {
                    Challenge(entry, now);
                }
                else
                {
                    _counters._unacceptable++;
                }

                return null;
            }

            if (!inWindow || (flags & TcpHeader.Syn) != 0)
            {
                // fourth, check the SYN bit (RFC 5961 section 4.2)
                if (!inWindow)
                {
                    _counters._unacceptable++;
                }

                Challenge(entry, now);
                return null;
            }

            // fifth, check the ACK field
            if ((flags & TcpHeader.Ack) == 0)
            {
                _counters._malformed++;
                return null;
            }

            if (segment.Acknowledgment != entry.Iss + 1)
            {
                _counters._badAcknowledgment++;
                _transmitter.SendReset(segment);
                return null;
            }

            return Complete(entry, segment, now);
        }

        /// <summary>
        /// Sends our SYN again, and lets entries age.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            int wait = int.MaxValue;
            if (_inUse == 0)
            {
                return wait;
            }

            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                TcpHalfOpen entry = entries[i];
                if (entry.Listener == null)
                {
                    continue;
                }

                if (now - entry.StartedAt >= _lifetime)
                {
                    _counters._failedOpens++;
                    Free(entry);
                    continue;
                }

                if (now - entry.RetransmitAt >= 0 && Answer(entry, now))
                {
                    entry.Retransmits++;
                    int backedOff = entry.Retransmits < 6 ? RetransmissionTimer.Initial << entry.Retransmits : RetransmissionTimer.Maximum;
                    entry.RetransmitAt = now + backedOff;
                    if (entry.Retransmits > 0)
                    {
                        _counters._retransmissions++;
                        _counters._timeouts++;
                    }
                }

                int due = entry.RetransmitAt - now;
                int left = entry.StartedAt + _lifetime - now;
                if (left < due)
                {
                    due = left;
                }

                if (due < wait)
                {
                    wait = due;
                }
            }

            return wait;
        }

        /// <summary>
        /// Resets all half-open connections of a listener: it is closed.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        internal void ResetAll(TcpControlBlock listener)
        {
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].Listener == listener)
                {
                    _transmitter.ResetHalfOpen(entries[i]);
                    _counters._failedOpens++;
                    Free(entries[i]);
                }
            }
        }

        /// <summary>
        /// Forgets all half-open connections without a word: our address is gone.
        /// </summary>
        internal void Clear()
        {
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                if (entries[i].Listener != null)
                {
                    _counters._failedOpens++;
                    Free(entries[i]);
                }
            }
        }

        /// <summary>
        /// The peer has shown that it hears us: now the connection is worth a control block. If there is none, or the application
        /// does not keep up with accepting, the entry stays, and the peer's acknowledgment counts as lost.
        /// </summary>
        private TcpControlBlock Complete(TcpHalfOpen entry, TcpSegment segment, int now)
        {
            TcpControlBlock block = _tcp.Backlog.HasRoom(entry.Listener) ? _tcp.Allocate() : null;
            if (block == null)
            {
                _counters._acceptQueueFull++;
                return null;
            }

            block.Listener = entry.Listener;
            block.TimeToLive = entry.Listener.TimeToLive;
            block.LocalPort = entry.Listener.LocalPort;
            block.RemoteAddress = entry.RemoteAddress;
            block.RemotePort = entry.RemotePort;
            block.Irs = entry.Irs;
            block.RcvNxt = entry.Irs + 1;
            block.RcvEdge = block.RcvNxt + (uint)entry.ReceiveWindow;
            block.SackPermitted = entry.SackPermitted;
            block.StartSending(entry.Iss);
            _tcp.Opening.TakePeer(block, entry.Irs, entry.MaximumSegmentSize, entry.SendWindow);
            block.UnacknowledgedSince = entry.StartedAt;
            block.Retransmits = entry.Retransmits;

            // at once, for the block has no timer that would repeat our SYN: even if the text of the segment finds no room
            if (entry.Repeated)
            {
                _tcp.Opening.AnswerWasLost(block);
            }

            _tcp.Opening.BecomeEstablished(block, segment, now, !entry.Repeated);
            Free(entry);
            return block;
        }

        private TcpHalfOpen TakeEntry()
        {
            TcpHalfOpen oldest = null;
            TcpHalfOpen[] entries = _entries;
            for (int i = 0; i < entries.Length; i++)
            {
                TcpHalfOpen entry = entries[i];
                if (entry.Listener == null)
                {
                    oldest = entry;
                    break;
                }

                if (entry.Retransmits > 0 && (oldest == null || entry.StartedAt - oldest.StartedAt < 0))
                {
                    oldest = entry;
                }
            }

            if (oldest == null)
            {
                return null;
            }

            if (oldest.Listener != null)
            {
                _counters._failedOpens++;
                _counters._halfOpenRecycled++;
                Free(oldest);
            }

            _inUse++;
            if (_inUse > _highWater)
            {
                _highWater = _inUse;
            }

            return oldest;
        }

        private void Free(TcpHalfOpen entry)
        {
            entry.Listener = null;
            _inUse--;
        }

        /// <summary>
        /// Sends our SYN. Where there is no room the timer sees to it, sooner than after a loss, and it does not count as one.
        /// </summary>
        private bool Answer(TcpHalfOpen entry, int now)
        {
            if (_ethernet.HasRoom)
            {
                _transmitter.SendHalfOpen(entry, true);
                return true;
            }

            entry.RetransmitAt = now + RetryInterval;
            return false;
        }

        private void Challenge(TcpHalfOpen entry, int now)
        {
            if (_challenged && now - _challengedAt < TcpInput.ChallengeInterval && now - _challengedAt >= 0)
            {
                _counters._challengeAcksLimited++;
                return;
            }

            _challenged = true;
            _challengedAt = now;
            _counters._challengeAcks++;
            _transmitter.SendHalfOpen(entry, false);
        }
    }
}
