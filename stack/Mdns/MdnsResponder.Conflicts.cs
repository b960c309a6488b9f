// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace TcpIp.Mdns
{
    /// <content>
    /// Others who have our names, or want them (RFC 6762 sections 8.2 and 9).
    /// </content>
    public sealed partial class MdnsResponder
    {
        /// <summary>
        /// Goes through what somebody else tells: one of our names, perhaps, or what we were about to tell.
        /// </summary>
        private void HearAnswers()
        {
            int offset = DnsHeader.Length;
            for (int i = _message.GetUInt16(DnsHeader.QuestionCount); i > 0; i--)
            {
                offset = _message.SkipName(offset);
                if (offset < 0 || offset + DnsHeader.QuestionTail > _message.Length)
                {
                    _counters._malformed++;
                    return;
                }

                offset += DnsHeader.QuestionTail;
            }

            int count = _message.GetUInt16(DnsHeader.AnswerCount) + _message.GetUInt16(DnsHeader.AuthorityCount)
                + _message.GetUInt16(DnsHeader.AdditionalCount);
            MdnsName lost = null;
            for (int i = 0; i < count; i++)
            {
                int next = _message.ReadRecord(offset);
                if (next < 0)
                {
                    if (!_source.IsTruncated)
                    {
                        _counters._malformed++;
                    }

                    break;
                }

                if ((_message.Class & DnsHeader.ClassMask) == DnsHeader.ClassIn)
                {
                    if (_message.TimeToLive > 0)
                    {
                        lost = lost ?? FindConflict(offset);
                    }

                    Compare(offset);
                }

                offset = next;
            }

            if (lost != null)
            {
                Yield(lost);
            }
        }

        /// <summary>
        /// Which of our names somebody else has by the record that was read last. While we probe for it, it is enough that there is anything
        /// of the name.
        /// </summary>
        private MdnsName FindConflict(int owner)
        {
            for (int i = -1; i < _records.Services; i++)
            {
                MdnsName name = i < 0 ? _records.Host : _records.ServiceName(i);
                if (!_message.IsName(owner, name.Wire))
                {
                    continue;
                }

                bool isOfOurs = false;
                for (int record = 0; record < _records.Count; record++)
                {
                    if (_records.Owner(record) != name || _records.Type(record) != _message.Type)
                    {
                        continue;
                    }

                    // what is told of other types there are is no claim
                    if (_message.Type == DnsHeader.TypeNsec || _records.IsSame(record, _message, owner))
                    {
                        return null;
                    }

                    isOfOurs = true;
                }

                return isOfOurs || _state == MdnsState.Probing ? name : null;
            }

            return null;
        }

        /// <summary>
        /// What somebody else has told, for as long as we would, need not be told again (section 7.4). What he says is over soon, or now, is
        /// told again as it is (section 6.6): a board that goes takes with it what others have, too, such as the kind of its services.
        /// </summary>
        private void Compare(int owner)
        {
            uint time = _message.TimeToLive;
            for (int i = 0; i < _records.Count; i++)
            {
                uint own = (uint)_records.TimeToLive(i);
                if (time >= own)
                {
                    if ((_pending & (1 << i)) != 0 && _records.IsSame(i, _message, owner))
                    {
                        _pending &= ~(1 << i);
                        _counters._suppressed++;
                    }
                }
                else if (time < own >> 1 && _records.IsSame(i, _message, owner))
                {
                    Postpone(1 << i, _now + DelayFor(1 << i));
                }
            }
        }

        /// <summary>
        /// Somebody has a name of ours. Once it was ours we ask again, and keep it if he does not answer; while we probe, he has, and we take
        /// another.
        /// </summary>
        private void Yield(MdnsName name)
        {
            _counters._conflicts++;
            if (_state == MdnsState.Probing)
            {
                name.Rename();
                Changes++;
            }

            // section 8.1: not without end
            if (_conflicts == 0 || (uint)(_now - _conflictAt) >= ConflictTime)
            {
                _conflictAt = _now;
                _conflicts = 0;
            }

            _conflicts++;
            BeginProbing(_conflicts > ManyConflicts ? ConflictPause : (int)(_random.Next() % ProbeInterval));
        }

        /// <summary>
        /// Somebody else probes at the same time: of a name that both want, who has the later records goes first (section 8.2).
        /// </summary>
        /// <param name="offset">Where his claims begin.</param>
        private void HearProbe(int offset)
        {
            int count = _message.GetUInt16(DnsHeader.AuthorityCount);
            for (int i = -1; i < _records.Services; i++)
            {
                int first = MdnsRecords.FirstService + (i * MdnsRecords.PerService);
                bool isLost = i < 0
                    ? GoesFirst(offset, count, MdnsRecords.HostAddress, MdnsRecords.HostAddress)
                    : GoesFirst(offset, count, first + MdnsRecords.Text, first + MdnsRecords.Place);
                if (isLost)
                {
                    _counters._lost++;
                    BeginProbing(LostPause);
                    return;
                }
            }
        }

        /// <summary>
        /// Whether somebody else's claims to a name come after ours, which are one or two records in their order. Of his those count that come
        /// after what both have.
        /// </summary>
        private bool GoesFirst(int offset, int count, int ours, int last)
        {
            int before = -1;
            while (true)
            {
                bool hasLess = false;
                bool hasSame = false;
                bool hasMore = false;
                int at = offset;
                for (int i = 0; i < count; i++)
                {
                    int next = _message.ReadRecord(at);
                    if (next < 0)
                    {
                        break;
                    }

                    if (_message.IsName(at, _records.Owner(ours).Wire) && (before < 0 || _records.Compare(before, _message) > 0))
                    {
                        int order = _records.Compare(ours, _message);
                        hasLess = hasLess || order < 0;
                        hasSame = hasSame || order == 0;
                        hasMore = hasMore || order > 0;
                    }

                    at = next;
                }

                if (hasLess || !hasSame)
                {
                    return !hasLess && hasMore;
                }

                if (ours == last)
                {
                    return hasMore;
                }

                before = ours;
                ours = last;
            }
        }
    }
}
