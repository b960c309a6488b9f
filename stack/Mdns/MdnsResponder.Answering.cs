// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace TcpIp.Mdns
{
    /// <content>
    /// What is asked, what is answered, to whom, and when (RFC 6762 sections 5 to 7).
    /// </content>
    public sealed partial class MdnsResponder
    {
        /// <summary>
        /// Hears all that has come.
        /// </summary>
        /// <returns>Whether anything has.</returns>
        private bool Receive()
        {
            int length = _sockets.ReceiveFrom(_socket, _bytes, 0, _bytes.Length, _source);
            bool hasCome = length >= 0;
            while (length >= 0)
            {
                _counters._received++;
                if (_state == MdnsState.Stopped || _state == MdnsState.Waiting)
                {
                    _counters._ignored++;
                }
                else if (_source.Destination != DnsHeader.LinkGroup && !IsOnLink(_source.Address))
                {
                    // section 11: no router passes on what goes to the group, so whoever says something there is on the link, whatever his
                    // address. What somebody sends back to us, from our own address, IPv4 has dropped
                    _counters._badSource++;
                }
                else
                {
                    _message.Begin(length);
                    Hear(length);
                }

                length = _sockets.ReceiveFrom(_socket, _bytes, 0, _bytes.Length, _source);
            }

            return hasCome;
        }

        private bool IsOnLink(uint address)
        {
            return ((address ^ _address) & _stack.IPv4.Netmask) == 0 || IPv4Address.IsLinkLocal(address) || IPv4Address.IsLinkLocal(_address);
        }

        private void Hear(int length)
        {
            if (length < DnsHeader.Length)
            {
                _counters._malformed++;
                return;
            }

            int flags = _message.GetUInt16(DnsHeader.Flags);
            if ((flags & (DnsHeader.OpcodeMask | DnsHeader.ResponseCodeMask)) != 0)
            {
                _counters._ignored++;
            }
            else if ((flags & DnsHeader.FlagResponse) == 0)
            {
                HearQuestions(flags);
            }
            else if (_source.Port != DnsHeader.MulticastPort)
            {
                _counters._badSource++;
            }
            else
            {
                HearAnswers();
            }
        }

        /// <summary>
        /// Finds out what is asked for and what the asker knows already, and answers now or in a while.
        /// </summary>
        private void HearQuestions(int flags)
        {
            int offset = DnsHeader.Length;
            int end = offset;
            int questions = _message.GetUInt16(DnsHeader.QuestionCount);
            int asked = 0;
            int askedAlone = 0;
            for (int i = 0; i < questions; i++)
            {
                int tail = _message.SkipName(offset);
                if (tail < 0 || tail + DnsHeader.QuestionTail > _message.Length)
                {
                    _counters._malformed++;
                    return;
                }

                int kind = _message.GetUInt16(tail + 2);
                int answers = FindAnswers(offset, _message.GetUInt16(tail), kind & DnsHeader.ClassMask);
                offset = tail + DnsHeader.QuestionTail;
                if (i == 0)
                {
                    end = offset;
                }

                // one who knows nothing of groups asks one question
                if ((kind & DnsHeader.ClassFlag) != 0 || (_source.Port != DnsHeader.MulticastPort && i == 0))
                {
                    askedAlone |= answers;
                }
                else
                {
                    asked |= answers;
                }
            }

            bool isProbe = _message.GetUInt16(DnsHeader.AuthorityCount) > 0;
            int known = 0;
            if ((asked | askedAlone) != 0 || (questions == 0 && _source.Address == _waitingFor) || isProbe)
            {
                int knownCount = _message.GetUInt16(DnsHeader.AnswerCount);
                offset = HearKnown(offset, knownCount, ref known);
                if (offset < 0)
                {
                    return;
                }
            }

            if (_state == MdnsState.Probing)
            {
                if (isProbe && _step > 0)
                {
                    HearProbe(offset);
                }

                return;
            }

            if (questions == 0 && _source.Address == _waitingFor)
            {
                _waiting &= ~known;
                return;
            }

            Answer(flags, asked & ~known, askedAlone & ~known, known, isProbe, end);
        }

        /// <summary>
        /// Reads what the asker knows: what is good for half of its time yet need not be told (section 7.1).
        /// </summary>
        /// <returns>The offset of what follows, or -1: it does not fit.</returns>
        private int HearKnown(int offset, int count, ref int known)
        {
            for (int i = 0; i < count; i++)
            {
                int next = _message.ReadRecord(offset);
                if (next < 0)
                {
                    if (!_source.IsTruncated)
                    {
                        _counters._malformed++;
                        return -1;
                    }

                    return _message.Length;
                }

                for (int record = 0; record < _records.Count; record++)
                {
                    if (_message.TimeToLive >= (uint)(_records.TimeToLive(record) >> 1) && _records.IsSame(record, _message, offset))
                    {
                        known |= 1 << record;
                        _counters._suppressed++;
                    }
                }

                offset = next;
            }

            return offset;
        }

        /// <summary>
        /// The records that answer a question.
        /// </summary>
        private int FindAnswers(int name, int type, int kind)
        {
            if (kind != DnsHeader.ClassIn && kind != DnsHeader.ClassAny)
            {
                return 0;
            }

            int found = 0;
            MdnsName[] names = _records.AllNames;
            for (int i = 0; i < names.Length; i++)
            {
                if (!_message.IsName(name, names[i].Wire))
                {
                    continue;
                }

                int nothing = 0;
                for (int record = 0; record < _records.Count; record++)
                {
                    if (_records.Owner(record) != names[i])
                    {
                        continue;
                    }

                    int own = _records.Type(record);
                    if (own == DnsHeader.TypeNsec)
                    {
                        nothing |= 1 << record;
                    }
                    else if (own == type || type == DnsHeader.TypeAny)
                    {
                        found |= 1 << record;
                    }
                }

                // a name that is ours alone: that there is nothing else is known (section 6.1)
                if (found == 0)
                {
                    found = nothing;
                }
            }

            return found;
        }

        /// <summary>
        /// What is of use to who gets these answers (RFC 6763 section 12, RFC 6762 section 6.1).
        /// </summary>
        private int FindMore(int answers)
        {
            int more = (answers & (1 << MdnsRecords.HostAddress)) != 0 ? 1 << MdnsRecords.HostOnly : 0;
            for (int i = 0; i < _records.Services; i++)
            {
                int first = MdnsRecords.FirstService + (i * MdnsRecords.PerService);
                if ((answers & (1 << (first + MdnsRecords.Kind))) != 0)
                {
                    more |= (1 << (first + MdnsRecords.Place)) | (1 << (first + MdnsRecords.Text));
                }

                if (((answers | more) & (1 << (first + MdnsRecords.Place))) != 0)
                {
                    more |= 1 << MdnsRecords.HostAddress;
                }
            }

            return more & ~answers;
        }

        private void Answer(int flags, int asked, int askedAlone, int known, bool isProbe, int end)
        {
            // who has an address that is none of the link's can be told with all others only
            bool isNear = IsOnLink(_source.Address);
            if (_source.Port != DnsHeader.MulticastPort)
            {
                if (askedAlone != 0 && isNear)
                {
                    // what stands up to the end of the question stays as it is
                    _writer.Begin(_message.GetUInt16(DnsHeader.Id), DnsHeader.FlagResponse | DnsHeader.FlagAuthoritative, end);
                    SendAlone(askedAlone, known, LegacyTime, true);
                }

                return;
            }

            // what was not told to all for a quarter of its time is told to all again (section 5.4)
            int old = 0;
            for (int i = 0; i < _records.Count; i++)
            {
                bool isOld = (_told & (1 << i)) == 0 || (uint)(_now - _toldAt[i]) >= (uint)(_records.TimeToLive(i) * 250);
                old |= isOld ? 1 << i : 0;
            }

            asked |= isNear ? askedAlone & old : askedAlone;
            askedAlone &= ~asked;
            if (askedAlone != 0)
            {
                _writer.Begin(0, DnsHeader.FlagResponse | DnsHeader.FlagAuthoritative, DnsHeader.Length);
                SendAlone(askedAlone, known, int.MaxValue, false);
            }

            if (asked == 0)
            {
                return;
            }

            if ((flags & DnsHeader.FlagTruncated) != 0 && _waiting == 0)
            {
                _waiting = asked;
                _waitingFor = _source.Address;
                _waitingAt = _now + KnownDelay + (int)(_random.Next() % DelaySpread);
                return;
            }

            _defends = _defends || isProbe;
            Postpone(asked, _now + (isProbe ? 0 : DelayFor(asked)));
        }

        /// <summary>
        /// Milliseconds before records are told: those that others have, too, would all be told at once.
        /// </summary>
        private int DelayFor(int records)
        {
            for (int i = 0; i < _records.Count; i++)
            {
                if ((records & (1 << i)) != 0 && !_records.IsUnique(i))
                {
                    return ShortestDelay + (int)(_random.Next() % DelaySpread);
                }
            }

            return 0;
        }

        private void SendAlone(int answers, int known, int time, bool isLegacy)
        {
            WriteAnswers(answers, FindMore(answers) & ~known, time, isLegacy);
            _counters._unicasts++;
            Send(_source.Address, _source.Port);
        }

        private void Postpone(int records, int at)
        {
            if (_pending == 0 || at - _pendingAt < 0)
            {
                _pendingAt = at;
            }

            _pending |= records;
        }

        /// <summary>
        /// Tells what is to be told by now, unless it was told just before (section 6).
        /// </summary>
        /// <returns>Milliseconds until there is more to tell.</returns>
        private int TellPending()
        {
            if (_pending == 0)
            {
                return int.MaxValue;
            }

            if (_now - _pendingAt < 0)
            {
                return _pendingAt - _now;
            }

            int answers = 0;
            int wait = int.MaxValue;
            int pause = _defends ? DefendAfter : RepeatAfter;
            for (int i = 0; i < _records.Count; i++)
            {
                if ((_pending & (1 << i)) == 0)
                {
                    continue;
                }

                int since = _now - _toldAt[i];
                if ((_told & (1 << i)) == 0 || (uint)since >= (uint)pause)
                {
                    answers |= 1 << i;
                }
                else
                {
                    wait = Earlier(wait, pause - since);
                }
            }

            _pending &= ~answers;
            if (_pending == 0)
            {
                _defends = false;
            }
            else
            {
                _pendingAt = _now + wait;
            }

            if (answers != 0)
            {
                Tell(answers, FindMore(answers), int.MaxValue);
                _counters._answers++;
            }

            return wait;
        }
    }
}
