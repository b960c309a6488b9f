// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// What a received message says to a question: whether it answers it at all (RFC 5452 section 9.1), and what.
    /// </summary>
    internal sealed class DnsReply
    {
        /// <summary>It answers another question, or none.</summary>
        internal const int NotOurs = 0;

        /// <summary>It does not fit together.</summary>
        internal const int Malformed = 1;

        /// <summary>It is the beginning of an answer, which is to be asked for over TCP.</summary>
        internal const int Truncated = 2;

        /// <summary>There is an <see cref="Address"/>.</summary>
        internal const int Found = 3;

        /// <summary>The name is another one's alias, and that one, <see cref="Target"/>, is to be asked for.</summary>
        internal const int Alias = 4;

        /// <summary>The name does not exist.</summary>
        internal const int NoName = 5;

        /// <summary>The name has no address.</summary>
        internal const int NoData = 6;

        /// <summary>The server cannot or does not want to tell.</summary>
        internal const int Failure = 7;

        /// <summary>Aliases of aliases that are followed (RFC 1034 section 3.6.2).</summary>
        internal const int MostAliases = 8;

        // the data of a SOA record: two names and five numbers, of which the last says for how long there is nothing (RFC 2308 section 4)
        private const int SoaNumbers = 20;
        private const int SoaMinimum = 16;

        private readonly DnsMessage _message;
        private readonly byte[] _target = new byte[DnsName.Longest];
        private bool _isCut;
        private int _offset;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsReply"/> class.
        /// </summary>
        /// <param name="message">Reads what was received.</param>
        internal DnsReply(DnsMessage message)
        {
            _message = message;
        }

        /// <summary>Gets the address that was found.</summary>
        internal uint Address { get; private set; }

        /// <summary>Gets the seconds for which the answer holds.</summary>
        internal uint TimeToLive { get; private set; }

        /// <summary>Gets the number of aliases that were followed.</summary>
        internal int Aliases { get; private set; }

        /// <summary>Gets the last one's target.</summary>
        internal byte[] Target => _target;

        /// <summary>Gets the length of the target.</summary>
        internal int TargetLength { get; private set; }

        /// <summary>
        /// Reads an answer.
        /// </summary>
        /// <param name="length">Bytes of it.</param>
        /// <param name="isStream">Whether it came over TCP, where nothing is truncated.</param>
        /// <param name="isCut">Whether more of it came than fits: what is there counts.</param>
        /// <param name="isLocal">Whether it is the word of a host of the link (RFC 6762 section 6.7).</param>
        /// <param name="id">The question's number.</param>
        /// <param name="name">The name that was asked for.</param>
        /// <returns>One of the constants.</returns>
        internal int Read(int length, bool isStream, bool isCut, bool isLocal, int id, byte[] name)
        {
            _message.Begin(length);
            _isCut = isCut;
            if (length < DnsHeader.Length)
            {
                return Malformed;
            }

            int flags = _message.GetUInt16(DnsHeader.Flags);
            int questions = _message.GetUInt16(DnsHeader.QuestionCount);
            if (_message.GetUInt16(DnsHeader.Id) != id || (flags & (DnsHeader.FlagResponse | DnsHeader.OpcodeMask)) != DnsHeader.FlagResponse)
            {
                return NotOurs;
            }

            _offset = DnsHeader.Length;
            if (questions != 0 || !isLocal)
            {
                if (questions != 1 || !_message.IsName(_offset, name))
                {
                    return NotOurs;
                }

                // it was read to its end just now
                _offset = _message.SkipName(_offset);
                if (_offset + DnsHeader.QuestionTail > length)
                {
                    return Malformed;
                }

                if (_message.GetUInt16(_offset) != DnsHeader.TypeA || (_message.GetUInt16(_offset + 2) & DnsHeader.ClassMask) != DnsHeader.ClassIn)
                {
                    return NotOurs;
                }

                _offset += DnsHeader.QuestionTail;
            }

            if ((flags & DnsHeader.FlagTruncated) != 0 && !isStream)
            {
                return Truncated;
            }

            int code = flags & DnsHeader.ResponseCodeMask;
            return code != 0 && code != DnsHeader.NameError ? Failure : ReadAnswers(name, code);
        }

        private static uint Least(uint a, uint b) => a < b ? a : b;

        /// <summary>
        /// Looks for the address of the name, or of what it is an alias of, and so on. Records are in any order.
        /// </summary>
        private int ReadAnswers(byte[] name, int code)
        {
            int start = _offset;
            int count = _message.GetUInt16(DnsHeader.AnswerCount);
            TimeToLive = uint.MaxValue;
            Aliases = 0;
            byte[] current = name;
            while (true)
            {
                _offset = start;
                int found = FindRecord(current, count);
                if (found != Alias)
                {
                    return found == NoData ? ReadNothing(code) : found;
                }

                Aliases++;
                current = _target;
                if (Aliases > MostAliases)
                {
                    return Failure;
                }
            }
        }

        /// <summary>
        /// Goes through all answers once; what does not fit together is not used at all.
        /// </summary>
        /// <returns>Found, Alias, Malformed, or NoData: there is nothing of this name.</returns>
        private int FindRecord(byte[] name, int count)
        {
            int result = NoData;
            int alias = 0;
            for (int i = 0; i < count; i++)
            {
                int owner = _offset;
                int next = _message.ReadRecord(owner);
                if (next < 0)
                {
                    if (_isCut)
                    {
                        break;
                    }

                    return Malformed;
                }

                _offset = next;
                bool isAddress = _message.Type == DnsHeader.TypeA;
                if ((!isAddress && _message.Type != DnsHeader.TypeCname) || (_message.Class & DnsHeader.ClassMask) != DnsHeader.ClassIn)
                {
                    continue;
                }

                if (isAddress ? _message.DataLength != 4 : _message.SkipName(_message.Data) != next)
                {
                    return Malformed;
                }

                if (result == Found || !_message.IsName(owner, name))
                {
                    continue;
                }

                if (isAddress)
                {
                    // of an address that no host can have nothing is made; another one may follow
                    uint address = _message.GetUInt32(_message.Data);
                    if (IPv4Address.IsUnicast(address))
                    {
                        Address = address;
                        TimeToLive = Least(TimeToLive, _message.TimeToLive);
                        result = Found;
                    }
                }
                else if (result != Alias)
                {
                    alias = _message.Data;
                    TimeToLive = Least(TimeToLive, _message.TimeToLive);
                    result = Alias;
                }
            }

            if (result == Alias)
            {
                TargetLength = _message.CopyName(alias, _target);
                if (TargetLength < 0)
                {
                    return Malformed;
                }
            }

            return result;
        }

        /// <summary>
        /// There is no address: because there is no such name, or nothing of the kind, or the server knows no more than who knows (RFC 2308
        /// section 2).
        /// </summary>
        private int ReadNothing(int code)
        {
            bool isReferral = false;
            bool isSure = false;
            int count = _message.GetUInt16(DnsHeader.AuthorityCount);
            for (int i = 0; i < count; i++)
            {
                int next = _message.ReadRecord(_offset);
                if (next < 0)
                {
                    if (_isCut)
                    {
                        break;
                    }

                    return Malformed;
                }

                _offset = next;
                isReferral = isReferral || _message.Type == DnsHeader.TypeNs;
                if (_message.Type == DnsHeader.TypeSoa && !isSure)
                {
                    int numbers = _message.SkipName(_message.Data);
                    numbers = numbers < 0 ? -1 : _message.SkipName(numbers);
                    if (numbers < 0 || numbers + SoaNumbers != next)
                    {
                        return Malformed;
                    }

                    isSure = true;
                    TimeToLive = Least(TimeToLive, Least(_message.TimeToLive, _message.GetUInt32(numbers + SoaMinimum)));
                }
            }

            if (!isSure)
            {
                // it does not say for how long
                TimeToLive = 0;
            }

            if (code == DnsHeader.NameError)
            {
                return NoName;
            }

            // where more of it came than fits, what is missed may be there
            return isSure ? NoData : Aliases > 0 ? Alias : isReferral || _isCut ? Failure : NoData;
        }
    }
}
