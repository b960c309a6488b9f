// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// Connections that peers are opening, apart from the sockets (RFC 4987 section 3.4): each takes a small entry until the
    /// handshake is complete, and only then a control block.
    /// </summary>
    /// <remarks>
    /// Who gives way: nobody whose handshake is under way. Once all entries are taken, peers are answered with cookies
    /// (<see cref="TcpSynCookies"/>), and so are those that still find an entry; such a one may be forgotten, and makes room for a peer
    /// that has shown that it is there and waits for a control block. A SYN that finds no place for its connection waits here to be
    /// answered, not at the peer for its timer.
    /// </remarks>
    internal sealed partial class TcpSynQueue
    {
        /// <summary>Milliseconds after which to try again where there was no room to send, or no place for a connection.</summary>
        private const int RetryInterval = 10;

        private readonly TcpHalfOpen[] _entries;
        private readonly TcpSynCookies _cookies;
        private readonly TcpLayer _tcp;
        private readonly TcpTransmitter _transmitter;
        private readonly TcpAcknowledgment _acknowledgment;
        private readonly Handshake _handshake;
        private readonly EthernetLayer _ethernet;
        private readonly FramePool _pool;
        private readonly TcpCounters _counters;
        private readonly int _lifetime;
        /// <summary>The number of entries in use. A field, for it is asked for in each poll.</summary>
        internal int InUse;

        /// <summary>Entries whose peer has done its part, and that wait for a place: each poll looks whether there is one.</summary>
        internal int Proven;

        private int _highWater;

        // while entries are in use: when the first of them has something to do
        private int _dueAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpSynQueue"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of control blocks.</param>
        /// <param name="transmitter">Makes the answers.</param>
        /// <param name="acknowledgment">Takes the acknowledgment of our SYN.</param>
        /// <param name="handshake">Takes what peers say of themselves.</param>
        /// <param name="secret">Has the key of the cookies.</param>
        /// <param name="ethernet">Tells whether there is room to send.</param>
        /// <param name="pool">Where kept frames go back to.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Sizes and times.</param>
        internal TcpSynQueue(
            TcpLayer tcp,
            TcpTransmitter transmitter,
            TcpAcknowledgment acknowledgment,
            Handshake handshake,
            InitialSequenceNumber secret,
            EthernetLayer ethernet,
            FramePool pool,
            TcpCounters counters,
            StackConfiguration configuration)
        {
            _tcp = tcp;
            _transmitter = transmitter;
            _acknowledgment = acknowledgment;
            _handshake = handshake;
            _ethernet = ethernet;
            _pool = pool;
            _counters = counters;
            _cookies = new TcpSynCookies(secret);
            _lifetime = configuration.TcpHalfOpenTimeout;
            _entries = new TcpHalfOpen[configuration.TcpSynQueue];
            for (int i = 0; i < _entries.Length; i++)
            {
                _entries[i] = new TcpHalfOpen();
            }
        }

        /// <summary>Gets the entries, used or not.</summary>
        internal TcpHalfOpen[] Entries => _entries;

        /// <summary>Gets the most entries that were ever in use at once.</summary>
        internal int HighWater => _highWater;

        /// <summary>
        /// Counts the peers that have done their part and wait for a control block.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <returns>How many.</returns>
        internal int CountProven(TcpControlBlock listener)
        {
            int count = 0;
            for (int i = 0; Proven > 0 && i < _entries.Length; i++)
            {
                TcpHalfOpen entry = _entries[i];
                count += entry.Listener == listener && (entry.Marks & TcpHalfOpen.Proven) != 0 ? 1 : 0;
            }

            return count;
        }

        /// <summary>
        /// Sending is possible again: our SYNs go out once more now, and are repeated after that as if they were new.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void Resume(int now)
        {
            _dueAt = now;
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
        /// Notes a SYN, and answers it.
        /// </summary>
        /// <param name="listener">The listening block.</param>
        /// <param name="segment">The SYN.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether there was room. If not, silence is the answer: an honest peer asks again.</returns>
        internal bool Add(TcpControlBlock listener, TcpSegment segment, int now)
        {
            TcpHalfOpen entry = FindFree();
            if (entry != null && !_cookies.MayBeOut(now))
            {
                Begin(entry, listener, segment, now);
                entry.Irs = segment.Sequence;
                entry.Iss = _tcp.ChooseInitialSequence(segment.Source, segment.DestinationPort, segment.SourcePort, now);
                entry.ReceiveWindow = _tcp.Window.Initial(segment.MaximumSegmentSize);
            }
            else
            {
                uint cookie = _cookies.Make(segment, now);
                if (entry == null)
                {
                    if (!_ethernet.MayAnswer())
                    {
                        return false;
                    }

                    _counters._synCookiesSent++;
                    _transmitter.SendCookie(listener, segment, cookie);
                    return true;
                }

                Begin(entry, listener, segment, now);
                entry.Irs = segment.Sequence;
                entry.Iss = cookie;
                entry.ReceiveWindow = _tcp.Window.Least();
                entry.Marks |= TcpHalfOpen.HasCookie;
            }

            entry.MaximumSegmentSize = segment.MaximumSegmentSize;
            Answer(entry, segment, now);
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
            switch (SynReceived.Judge(
                entry.Irs, entry.Iss, entry.Irs + 1 + (uint)entry.ReceiveWindow, entry.Retransmits >= 0, segment, _counters))
            {
                case HandshakeVerdict.RepeatedSyn:
                    RepeatAnswer(entry, segment, now);
                    return null;

                case HandshakeVerdict.Challenge:
                    TcpChallenge.Send(_transmitter, entry, now);
                    return null;

                case HandshakeVerdict.Unknown:
                    _transmitter.SendReset(segment);
                    return null;

                case HandshakeVerdict.Reset:
                    // MUST-11: a passive OPEN goes back to LISTEN, and nobody is told
                    _counters._failedOpens++;
                    Free(entry);
                    return null;

                case HandshakeVerdict.Complete:
                    return Complete(entry, segment, now);

                default:
                    return null;
            }
        }

        /// <summary>
        /// The peer's SYN comes again: our answer was lost.
        /// </summary>
        private void RepeatAnswer(TcpHalfOpen entry, TcpSegment segment, int now)
        {
            if ((segment.Flags & TcpHeader.Ack) != 0)
            {
                // a peer that has never been in SYN-SENT towards our SYN acknowledges nothing with its own
                _counters._unacceptable++;
                TcpChallenge.Send(_transmitter, entry, now);
                return;
            }

            int repeated = entry.Retransmits < 0 ? 0 : TcpHalfOpen.Repeated;
            if (Answer(entry, segment, now))
            {
                entry.Marks |= repeated;
            }
        }

        /// <summary>
        /// The peer acknowledges our SYN.
        /// </summary>
        private TcpControlBlock Complete(TcpHalfOpen entry, TcpSegment segment, int now)
        {
            // those that wait came first: then he waits among them, until the poll that deals with this segment serves them
            TcpControlBlock block = Proven > 0 ? null : CreateFor(entry);
            if (block == null)
            {
                KeepWaiting(entry, segment);
                return null;
            }

            _transmitter.Confirm(block, segment.Frame);

            // who was answered twice tells nothing of the round trip (RFC 6298 section 3)
            _handshake.TakeRoundTrip(block, (entry.Marks & TcpHalfOpen.Repeated) == 0 ? now - entry.StartedAt : -1);

            // at once, for the block has no timer that would repeat our SYN: even if the text of the segment finds no room
            _handshake.Complete(block, segment.Sequence, segment.Acknowledgment, segment.Window, now);
            Free(entry);
            return block;
        }

        /// <summary>
        /// Sends our SYN again, and lets entries age. To be called only while entries are in use.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int Poll(int now)
        {
            if (Proven == 0 && now - _dueAt < 0)
            {
                return _dueAt - now;
            }

            int wait = Turn.Never;
            while (Proven > 0)
            {
                TcpHalfOpen waiting = FindWaiting();
                if (waiting == null)
                {
                    break;
                }

                Serve(waiting, now);
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
                    if ((entry.Marks & TcpHalfOpen.Proven) != 0)
                    {
                        // the peer takes itself for connected
                        _transmitter.ResetHalfOpen(entry);
                    }

                    _counters._failedOpens++;
                    Free(entry);
                    continue;
                }

                if ((entry.Marks & TcpHalfOpen.Proven) != 0)
                {
                    entry.RetransmitAt = now + RetryInterval;
                }
                else if (now - entry.RetransmitAt >= 0)
                {
                    Repeat(entry, now);
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

            _dueAt = now + wait;
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

                    // what was due for it is no longer
                    _tcp.RequestPoll(listener);
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

        private void Begin(TcpHalfOpen entry, TcpControlBlock listener, TcpSegment segment, int now)
        {
            CountEntry();
            entry.Listener = listener;
            entry.RemoteAddress = segment.Source;
            entry.RemotePort = segment.SourcePort;
            entry.SendWindow = segment.Window;
            entry.Marks = segment.SackPermitted && _transmitter.OffersSack ? TcpHalfOpen.SackPermitted : 0;
            TcpChallenge.Begin(entry, now);
            entry.StartedAt = now;
            entry.Retransmits = -1;
        }

        /// <summary>
        /// The peer has shown that it hears us: now the connection is worth a control block.
        /// </summary>
        /// <returns>The block, or null if there is none, or the application does not keep up with accepting.</returns>
        private TcpControlBlock CreateFor(TcpHalfOpen entry)
        {
            TcpControlBlock block = Create(
                entry.Listener, entry.RemoteAddress, entry.RemotePort, entry.Irs, entry.Iss, entry.Retransmits, entry.ReceiveWindow);
            if (block != null)
            {
                bool sack = (entry.Marks & TcpHalfOpen.SackPermitted) != 0;
                _handshake.TakePeer(block, entry.Irs, entry.MaximumSegmentSize, entry.SendWindow, sack);
                if ((entry.Marks & TcpHalfOpen.Repeated) != 0)
                {
                    _handshake.NoteLostAnswer(block);
                }
            }

            return block;
        }

        private TcpControlBlock Create(TcpControlBlock listener, uint address, int port, uint irs, uint iss, int retransmits, int window)
        {
            TcpControlBlock block = TcpBacklog.HasRoom(listener) ? _tcp.Allocate(listener) : null;
            if (block == null)
            {
                return null;
            }

            TcpBacklog.Add(listener, block);
            block.TimeToLive = listener.TimeToLive;
            SendQueue.SetNoDelay(block, listener.NoDelay);
            block.LocalPort = listener.LocalPort;
            _tcp.Table.SetPeer(block, address, port);
            TcpReceiveQueue.Begin(block, irs);
            TcpReceiveWindow.Begin(block, window);
            Handshake.BeginSending(block, iss, retransmits);
            return block;
        }

        /// <summary>
        /// Sends our SYN. For the first time only if there is a place for the connection: who is told to come in should find one. Where there
        /// is none, or no room to send, the timer sees to it, sooner than after a loss, and it does not count as one.
        /// </summary>
        /// <param name="entry">The entry.</param>
        /// <param name="segment">The SYN that is answered, or null if it is the timer that wants it.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it was sent.</returns>
        private bool Answer(TcpHalfOpen entry, TcpSegment segment, int now)
        {
            bool first = entry.Retransmits < 0;
            if (!_ethernet.HasRoom || (first && !_tcp.HasPlace(entry.Listener)))
            {
                entry.RetransmitAt = now + RetryInterval;
                NoteDue(entry);
                return false;
            }

            if (first)
            {
                entry.Retransmits = 0;
                entry.StartedAt = now;
                entry.RetransmitAt = now + RetransmissionTimeout.Initial;
                NoteDue(entry);
            }

            _transmitter.SendHalfOpen(entry, true, segment == null ? null : segment.Frame);
            return true;
        }

        /// <summary>
        /// An entry has got a time to be looked at, before it would be too old.
        /// </summary>
        private void NoteDue(TcpHalfOpen entry)
        {
            int due = entry.StartedAt + _lifetime;
            if (entry.RetransmitAt - due < 0)
            {
                due = entry.RetransmitAt;
            }

            if (InUse == 1 || due - _dueAt < 0)
            {
                _dueAt = due;
            }
        }

        /// <summary>
        /// Sends our SYN because it is time to.
        /// </summary>
        private void Repeat(TcpHalfOpen entry, int now)
        {
            bool first = entry.Retransmits < 0;
            if (Answer(entry, null, now) && !first)
            {
                entry.Retransmits++;
                entry.RetransmitAt = now
                    + (entry.Retransmits < 6 ? RetransmissionTimeout.Initial << entry.Retransmits : RetransmissionTimeout.Maximum);
                _counters._retransmissions++;
                _counters._timeouts++;
            }
        }
    }
}
