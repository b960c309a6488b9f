// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// Puts a datagram together from its fragments (RFC 791 section 3.2, RFC 1122 section 3.3.2). There is one buffer, made at
    /// start-up: one datagram at a time, and never more memory than that.
    /// </summary>
    /// <remarks>
    /// <para>Fragments may come in any order. One that repeats another exactly, in place and length, is passed over, for networks
    /// do duplicate packets (RFC 8200 section 4.5). Any other that touches what has come before dooms the datagram: honest senders
    /// make none, and what filters and hosts make of them differs (RFC 1858, RFC 3128, RFC 5722). So do two fragments that do not
    /// agree where the datagram ends, and one that ends past the buffer or past 65535 bytes. What is doomed is dropped without
    /// a word, and so is what still comes of it.</para>
    /// <para>The timer runs from the first fragment that came, whichever it was, and is not started anew. Fragments leave back to back, so
    /// the buffer is a datagram's while they do: once none has come for <see cref="Patience"/>, another that needs the buffer gets it.
    /// Fragments of others wait meanwhile, in the frames they came in, as far as such can be spared (<see cref="KeepPriority.Spare"/>): so
    /// two senders at once do not spoil each other's datagrams, and who sends fragments without end delays others by some milliseconds.</para>
    /// <para>A complete datagram that fits a frame of the pool moves there and leaves the buffer. A larger one stays in it until the
    /// application has read it, for <see cref="ReadingTime"/> at least; if it has not by then, it is dropped for another.</para>
    /// <para>Which bytes have come is noted in a bit for each 8 of them, as fragments are cut; a second bit notes where a fragment began.
    /// Noting costs the same for any number of fragments (compare RFC 815, whose list of holes grows).</para>
    /// </remarks>
    internal sealed class Reassembly
    {
        /// <summary>Milliseconds for which fragments wait for the rest (RFC 1122 section 3.3.2: 60 to 120 seconds).</summary>
        internal const int Timeout = 60000;

        /// <summary>Milliseconds without a fragment after which a datagram that is not complete makes room for another.</summary>
        internal const int Patience = 3;

        /// <summary>The same, where fragments find no place to wait in: none has come in the same millisecond.</summary>
        private const int ShortPatience = 1;

        /// <summary>Milliseconds that an application has for a datagram in the buffer, if another needs it.</summary>
        internal const int ReadingTime = 1000;

        /// <summary>Fragments that wait for the buffer at most: what one poll takes in.</summary>
        private const int MostWaiting = 8;

        /// <summary>
        /// Offset of the payload in the buffer. The first fragment's header stands before it as it came, options and all, for an
        /// error may have to quote it.
        /// </summary>
        internal const int PayloadStart = IPv4Header.Start + IPv4Header.MaximumLength;

        /// <summary>Bytes of payload that fit.</summary>
        internal readonly int Capacity;

        private readonly IPv4Counters _counters;
        private readonly FramePool _pool;
        private readonly FrameQueue _waiting = new FrameQueue();
        private readonly Frame _frame;
        private readonly uint[] _received;
        private readonly uint[] _begins;
        private bool _collecting;
        private bool _doomed;
        private bool _hasFirst;
        private int _startedAt;
        private int _latestAt;
        private int _bytes;
        private int _furthest;
        private int _total;

        internal Reassembly(int capacity, FramePool pool, IPv4Counters counters)
        {
            _pool = pool;
            _counters = counters;
            Capacity = capacity;
            _frame = new Frame(StackConfiguration.ReassemblyFrame(capacity), pool.Order);
            _received = new uint[StackConfiguration.ReassemblyMap(capacity)];
            _begins = new uint[StackConfiguration.ReassemblyMap(capacity)];
        }

        /// <summary>Whether nothing is in the buffer.</summary>
        internal bool IsFree => _frame.References == 0;

        /// <summary>Whether fragments wait for the buffer.</summary>
        internal bool HasWaiting => _waiting.Head != null;

        /// <summary>
        /// Takes in a fragment.
        /// </summary>
        /// <param name="fragment">The fragment, its header checked and its padding cut off. It stays the caller's.</param>
        /// <param name="payload">Offset of its payload.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="patience">How long the datagram in the buffer may be silent before another gets the buffer, in milliseconds.</param>
        /// <returns>Whether the datagram is complete: take it with <see cref="TakeDatagram"/>.</returns>
        internal bool AddFragment(Frame fragment, int payload, int now, int patience)
        {
            // in one piece: the checks of a fragment stand in the order in which they protect each other
            int flagsOffset = fragment.GetUInt16(IPv4Header.FlagsOffset);
            bool more = (flagsOffset & IPv4Header.MoreFragments) != 0;
            int offset = (flagsOffset & IPv4Header.OffsetMask) << 3;
            int length = fragment.Length - payload;
            int end = offset + length;
            bool known = _collecting && IsSameDatagram(fragment);

            if (length == 0 || (more && (length & 7) != 0))
            {
                _counters._badFragments++;
                return false;
            }

            if (end > Capacity)
            {
                _counters._reassemblyTooLarge++;
                _doomed |= known;
                return false;
            }

            // RFC 1858 section 3: no honest router cuts through a TCP header
            if (offset == 0 && length < WireSizes.TcpHeaderLength
                && fragment.GetByte(IPv4Header.TtlProtocol + 1) == IPv4Header.ProtocolTcp)
            {
                _counters._badFragments++;
                _doomed |= known;
                return false;
            }

            if (known ? _doomed : !MayBegin(now, patience))
            {
                if (known || !KeepFragment(fragment, payload, now))
                {
                    _counters._fragmentsRefused++;
                }

                return false;
            }

            if (!known)
            {
                BeginDatagram(fragment, now);
            }

            _latestAt = now;

            int first = offset >> 3;
            int last = (end - 1) >> 3;
            bool contradicts = more ? _total != 0 && end > _total : _total != 0 ? end != _total : end < _furthest;
            if (contradicts || IsAnyReceived(first, last))
            {
                if (!contradicts && IsRepeated(first, last))
                {
                    _counters._fragmentsRepeated++;
                }
                else
                {
                    _counters._reassemblyOverlaps++;
                    _doomed = true;
                }

                return false;
            }

            StoreFragment(fragment, payload, offset, length);
            NoteReceived(first, last);
            if (end > _furthest)
            {
                _furthest = end;
            }

            if (!more)
            {
                _total = end;
            }

            // nothing overlaps, so the count alone tells that nothing is missing
            _bytes += length;
            if (_bytes != _total)
            {
                return false;
            }

            _collecting = false;
            _frame.Length = PayloadStart + _total;
            _counters._reassembled++;
            return true;
        }

        /// <summary>
        /// Hands out the datagram that <see cref="AddFragment"/> has completed. If a frame of the pool can hold it, it is moved there, so
        /// that the buffer is free for the next one however long somebody keeps this one.
        /// </summary>
        /// <param name="payload">Offset of the payload.</param>
        /// <returns>A frame that the caller returns to the pool. Its header is the first fragment's.</returns>
        internal Frame TakeDatagram(out int payload)
        {
            int header = IPv4Header.HeaderLength(_frame);
            int length = _frame.Length - PayloadStart;
            int whole = IPv4Header.Start + header + length;
            Frame frame = _pool.RentToKeep(whole, whole, KeepPriority.First, 1, false);
            if (frame == null)
            {
                payload = PayloadStart;
                return _frame;
            }

            payload = IPv4Header.Start + header;
            _frame.CopyWordsTo(IPv4Header.Start, frame.Words, (IPv4Header.Start >> 1) + Frame.PrefixWords, header >> 1);
            _frame.CopyWordsTo(PayloadStart, frame.Words, (payload >> 1) + Frame.PrefixWords, (length + 1) >> 1);
            _pool.Return(_frame);
            return frame;
        }

        /// <summary>
        /// How long the datagram in the buffer may be silent. Where a fragment would find no place to wait in, that is short: those that
        /// wait should go on first.
        /// </summary>
        /// <returns><see cref="Patience"/> milliseconds, or less.</returns>
        internal int PatienceFor(Frame fragment)
        {
            return _waiting.Head != null && (_waiting.Count == MostWaiting || !_pool.MayKeep(fragment, KeepPriority.Spare))
                ? ShortPatience
                : Patience;
        }

        /// <summary>
        /// Goes on with fragments that wait, as far as the buffer is free for them.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <param name="patience">How long the datagram in the buffer may be silent before another gets the buffer, in milliseconds.</param>
        /// <returns>Whether a datagram is complete: take it with <see cref="TakeDatagram"/>, and call again.</returns>
        internal bool AddWaiting(int now, int patience)
        {
            while (_waiting.Head != null)
            {
                // first what belongs to the datagram in the buffer, else it would wait for what is here
                Frame frame = _waiting.Head;
                while (_collecting && frame != null && !IsSameDatagram(frame))
                {
                    frame = frame.Next;
                }

                if (frame == null || !_collecting)
                {
                    if (!MayBegin(now, patience))
                    {
                        return false;
                    }

                    // none of those that wait belongs to the one in the buffer
                    EvictDatagram();
                    frame = _waiting.Head;
                }

                _waiting.Remove(frame);
                bool complete = AddFragment(frame, frame.PayloadOffset, frame.SentAt, patience);
                _pool.Return(frame);
                if (complete)
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>Whether the buffer is kept from fragments by a datagram that its reader has had time for.</summary>
        internal bool IsKeptTooLong(int now)
        {
            // without a sign: nobody may have read it for months
            return !_collecting && _frame.References > 0 && (uint)(now - _latestAt) >= ReadingTime;
        }

        /// <summary>
        /// How long the datagram in the buffer, or fragments that wait for it, may still wait.
        /// </summary>
        /// <returns>Milliseconds, 0 or less when the time is over.</returns>
        internal int TimeLeft(int now) => _collecting ? Timeout - (now - _startedAt) : int.MaxValue;

        /// <summary>
        /// How long fragments still have to wait for the buffer.
        /// </summary>
        /// <returns>Milliseconds.</returns>
        internal int WaitingLeft(int now)
        {
            if (_waiting.Head == null)
            {
                return int.MaxValue;
            }

            int left = (_collecting ? Patience : ReadingTime) - (now - _latestAt);
            return left > 0 ? left : 0;
        }

        /// <summary>
        /// Gives up the datagram in the buffer, because its time is over.
        /// </summary>
        /// <returns>What has come of it, if the sender is to be told: the first fragment is there (RFC 1122 section 3.3.2), at
        /// <see cref="PayloadStart"/>. It is valid until the next fragment comes.</returns>
        internal Frame ExpireDatagram()
        {
            bool tell = _hasFirst && !_doomed;
            if (!_doomed)
            {
                _counters._reassemblyTimeouts++;
            }

            ClearDatagram();
            return tell ? _frame : null;
        }

        /// <summary>
        /// Forgets the datagram that is being put together. One that somebody has taken is not touched.
        /// </summary>
        internal void ClearDatagram()
        {
            if (_collecting)
            {
                _collecting = false;
                _pool.Return(_frame);
            }
        }

        /// <summary>
        /// Forgets the fragments that wait, too: our address has changed.
        /// </summary>
        internal void ClearAll()
        {
            ClearDatagram();
            _waiting.Clear(_pool);
        }

        private bool IsSameDatagram(Frame fragment)
        {
            // the header of whichever fragment came first stands in the buffer until the first one's does
            return fragment.GetRaw(IPv4Header.Identification) == _frame.GetRaw(IPv4Header.Identification)
                && fragment.GetUInt32(IPv4Header.Source) == _frame.GetUInt32(IPv4Header.Source)
                && fragment.GetUInt32(IPv4Header.Destination) == _frame.GetUInt32(IPv4Header.Destination)
                && fragment.GetByte(IPv4Header.TtlProtocol + 1) == _frame.GetByte(IPv4Header.TtlProtocol + 1);
        }

        /// <summary>
        /// Whether the buffer is free for another datagram.
        /// </summary>
        private bool MayBegin(int now, int patience)
        {
            return _collecting ? _doomed || now - _latestAt >= patience : _frame.References == 0;
        }

        /// <summary>
        /// Keeps a fragment until the buffer is free. The oldest make room: what belongs to them has come by now, or never will.
        /// </summary>
        private bool KeepFragment(Frame fragment, int payload, int now)
        {
            bool room = _pool.MayKeep(fragment, KeepPriority.Spare);
            while (_waiting.Head != null && (!room || _waiting.Count == MostWaiting))
            {
                _pool.Return(_waiting.Dequeue());
                _counters._fragmentsRefused++;
                room = _pool.MayKeep(fragment, KeepPriority.Spare);
            }

            if (!room)
            {
                return false;
            }

            fragment.Retain();
            fragment.PayloadOffset = payload;
            fragment.SentAt = now;
            _waiting.Enqueue(fragment);
            return true;
        }

        private void EvictDatagram()
        {
            if (_collecting && !_doomed)
            {
                _counters._reassemblyEvicted++;
            }

            ClearDatagram();
        }

        private void BeginDatagram(Frame fragment, int now)
        {
            EvictDatagram();
            _collecting = true;
            _doomed = false;
            _hasFirst = false;
            _startedAt = now;
            _bytes = 0;
            _furthest = 0;
            _total = 0;
            _frame.Retain();
            Array.Clear(_received, 0, _received.Length);
            Array.Clear(_begins, 0, _begins.Length);
            CopyHeader(fragment, IPv4Header.MinimumLength);
        }

        private void StoreFragment(Frame fragment, int payload, int offset, int length)
        {
            if (offset == 0)
            {
                _hasFirst = true;
                CopyHeader(fragment, payload - IPv4Header.Start);
                _frame.Length = PayloadStart + length;
            }

            fragment.CopyWordsTo(payload, _frame.Words, ((PayloadStart + offset) >> 1) + Frame.PrefixWords, (length + 1) >> 1);
        }

        private void CopyHeader(Frame fragment, int length)
        {
            fragment.CopyWordsTo(IPv4Header.Start, _frame.Words, (IPv4Header.Start >> 1) + Frame.PrefixWords, length >> 1);
        }

        /// <summary>
        /// The bits of one element that stand for a range of units.
        /// </summary>
        private static uint MaskOf(int index, int first, int last)
        {
            uint mask = 0xFFFFFFFF;
            if (index == first >> 5)
            {
                mask <<= first & 31;
            }

            if (index == last >> 5)
            {
                mask &= 0xFFFFFFFF >> (31 - (last & 31));
            }

            return mask;
        }

        private bool IsAnyReceived(int first, int last)
        {
            for (int i = first >> 5; i <= last >> 5; i++)
            {
                if ((_received[i] & MaskOf(i, first, last)) != 0)
                {
                    return true;
                }
            }

            return false;
        }

        private void NoteReceived(int first, int last)
        {
            _begins[first >> 5] |= 1u << (first & 31);
            for (int i = first >> 5; i <= last >> 5; i++)
            {
                _received[i] |= MaskOf(i, first, last);
            }
        }

        /// <summary>
        /// Whether a fragment has come before that began and ended at the same places.
        /// </summary>
        private bool IsRepeated(int first, int last)
        {
            for (int i = first >> 5; i <= last >> 5; i++)
            {
                uint mask = MaskOf(i, first, last);
                uint begin = i == first >> 5 ? 1u << (first & 31) : 0;
                if ((_received[i] & mask) != mask || (_begins[i] & mask) != begin)
                {
                    return false;
                }
            }

            // the next unit, if there is one and it has come, must be another fragment's
            int next = last + 1;
            return next >> 5 >= _received.Length
                || ((_received[next >> 5] & ~_begins[next >> 5]) & (1u << (next & 31))) == 0;
        }
    }
}
