// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Dns;

namespace TcpIp.Mdns
{
    /// <summary>
    /// Writes messages. A name that stands in one already is not written again, but pointed at (RFC 1035 section 4.1.4).
    /// </summary>
    internal sealed class MdnsWriter
    {
        private readonly byte[] _message;
        private readonly MdnsRecords _records;
        private readonly int[] _offsets;
        private int _length;
        private int _count;
        private bool _isFull;

        /// <summary>
        /// Initializes a new instance of the <see cref="MdnsWriter"/> class.
        /// </summary>
        /// <param name="message">Where to.</param>
        /// <param name="records">What there is to tell.</param>
        internal MdnsWriter(byte[] message, MdnsRecords records)
        {
            _message = message;
            _records = records;
            _offsets = new int[records.AllNames.Length];
        }

        /// <summary>Gets the length of the message.</summary>
        internal int Length => _length;

        /// <summary>
        /// Begins a message.
        /// </summary>
        /// <param name="id">Its number.</param>
        /// <param name="flags">Its flags.</param>
        /// <param name="start">Where records begin: behind the header, or behind a question that is there already.</param>
        internal void Begin(int id, int flags, int start)
        {
            Array.Clear(_message, 0, DnsHeader.Length);
            Array.Clear(_offsets, 0, _offsets.Length);
            _length = start;
            _isFull = false;
            _count = 0;
            Put16(DnsHeader.Id, id);
            Put16(DnsHeader.Flags, flags);
            Put16(DnsHeader.QuestionCount, start > DnsHeader.Length ? 1 : 0);
        }

        /// <summary>
        /// Writes a question for all records of a name.
        /// </summary>
        /// <param name="name">The name.</param>
        internal void AddQuestion(MdnsName name)
        {
            WriteName(name, true);
            Add16(DnsHeader.TypeAny);
            Add16(DnsHeader.ClassIn | DnsHeader.ClassFlag);
            _count++;
        }

        /// <summary>
        /// Writes a record, if there is room for it.
        /// </summary>
        /// <param name="record">Which.</param>
        /// <param name="time">For how long it is good at most: what is longer is not told.</param>
        /// <param name="isLegacy">Whether an asker hears it who knows nothing of groups (RFC 6762 sections 6.7 and 18.14).</param>
        /// <param name="isClaim">Whether the record is not ours yet.</param>
        internal void Add(int record, int time, bool isLegacy, bool isClaim)
        {
            int start = _length;
            WriteName(_records.Owner(record), true);
            Add16(_records.Type(record));
            Add16(_records.IsUnique(record) && !isLegacy && !isClaim ? DnsHeader.ClassIn | DnsHeader.ClassFlag : DnsHeader.ClassIn);
            Add16(0);
            int own = _records.TimeToLive(record);
            Add16(own < time ? own : time);
            int length = _length;
            Add16(0);
            Append(_records.Head(record), _records.Head(record).Length);
            if (_records.Target(record) != null)
            {
                WriteName(_records.Target(record), !isLegacy || _records.Type(record) != DnsHeader.TypeSrv);
            }

            Append(_records.Tail(record), _records.Tail(record).Length);
            if (_isFull)
            {
                // nothing of it, and nothing after it: a pointer to what is not there would be worse
                _length = start;
                return;
            }

            Put16(length, _length - length - 2);
            _count++;
        }

        /// <summary>
        /// Ends a section: says how much stands in it.
        /// </summary>
        /// <param name="offset">Of its count in the header.</param>
        /// <returns>How much.</returns>
        internal int EndSection(int offset)
        {
            int count = _count;
            if (count > 0)
            {
                Put16(offset, count);
            }

            _count = 0;
            return count;
        }

        private void WriteName(MdnsName name, bool mayPoint)
        {
            int earlier = _offsets[name.Index];
            if (earlier > 0 && mayPoint)
            {
                Add16(0xC000 | earlier);
                return;
            }

            if (earlier == 0)
            {
                _offsets[name.Index] = _length;
            }

            Append(name.Wire, name.Length);
        }

        private void Add16(int value)
        {
            if (_isFull || _length + 2 > _message.Length)
            {
                _isFull = true;
                return;
            }

            Put16(_length, value);
            _length += 2;
        }

        private void Append(byte[] bytes, int count)
        {
            if (_isFull || _length + count > _message.Length)
            {
                _isFull = true;
                return;
            }

            Array.Copy(bytes, 0, _message, _length, count);
            _length += count;
        }

        private void Put16(int offset, int value)
        {
            _message[offset] = (byte)(value >> 8);
            _message[offset + 1] = (byte)value;
        }
    }
}
