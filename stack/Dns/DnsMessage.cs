// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// A received message, read within its bounds (RFC 1035 section 4.1, RFC 9267): nothing that stands in it is believed before it was found to
    /// fit.
    /// </summary>
    internal sealed class DnsMessage
    {
        /// <summary>The two upper bits of a length that is none: the name goes on at an earlier place (RFC 1035 section 4.1.4).</summary>
        private const int Pointer = 0xC0;

        private readonly byte[] _bytes;
        private int _length;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsMessage"/> class.
        /// </summary>
        /// <param name="bytes">Where messages lie.</param>
        internal DnsMessage(byte[] bytes)
        {
            _bytes = bytes;
        }

        /// <summary>Gets the bytes of the message that is read.</summary>
        internal int Length => _length;

        /// <summary>Gets the type of the record that was found last.</summary>
        internal int Type { get; private set; }

        /// <summary>Gets the class of the record.</summary>
        internal int Class { get; private set; }

        /// <summary>Gets the seconds for which the record holds; a number with its top bit set is 0 (RFC 2181 section 8).</summary>
        internal uint TimeToLive { get; private set; }

        /// <summary>Gets the offset of the record's data.</summary>
        internal int Data { get; private set; }

        /// <summary>Gets the length of the record's data.</summary>
        internal int DataLength { get; private set; }

        /// <summary>
        /// Begins to read another message.
        /// </summary>
        /// <param name="length">Its length.</param>
        internal void Begin(int length)
        {
            _length = length;
        }

        /// <summary>
        /// Reads a byte.
        /// </summary>
        /// <param name="offset">Of a byte that fits.</param>
        /// <returns>The byte.</returns>
        internal int GetByte(int offset) => _bytes[offset];

        /// <summary>
        /// Reads a number of 16 bits.
        /// </summary>
        /// <param name="offset">Of its first byte, which fits.</param>
        /// <returns>The number.</returns>
        internal int GetUInt16(int offset) => (_bytes[offset] << 8) | _bytes[offset + 1];

        /// <summary>
        /// Reads a number of 32 bits.
        /// </summary>
        /// <param name="offset">Of its first byte, which fits.</param>
        /// <returns>The number.</returns>
        internal uint GetUInt32(int offset)
        {
            return ((uint)_bytes[offset] << 24) | ((uint)_bytes[offset + 1] << 16) | ((uint)_bytes[offset + 2] << 8) | _bytes[offset + 3];
        }

        /// <summary>
        /// Finds the end of a name. Where it goes on at an earlier place, that is not looked at.
        /// </summary>
        /// <param name="offset">Of its first byte.</param>
        /// <returns>The offset of what follows, or -1: it does not fit, or a length is none.</returns>
        internal int SkipName(int offset)
        {
            while (offset < _length)
            {
                int head = _bytes[offset];
                if (head == 0)
                {
                    return offset + 1;
                }

                if (head >= Pointer)
                {
                    return offset + 2 <= _length ? offset + 2 : -1;
                }

                if (head > DnsName.LongestLabel)
                {
                    return -1;
                }

                offset += head + 1;
            }

            return -1;
        }

        /// <summary>
        /// Whether a name is a given one, in letters of whatever size (RFC 4343).
        /// </summary>
        /// <param name="offset">Of its first byte.</param>
        /// <param name="name">The other.</param>
        /// <returns>Whether they are the same.</returns>
        internal bool IsName(int offset, byte[] name)
        {
            int limit = offset;
            int at = 0;
            while (offset < _length)
            {
                int head = _bytes[offset];
                if (head >= Pointer)
                {
                    offset = Follow(offset, limit);
                    if (offset < 0)
                    {
                        return false;
                    }

                    limit = offset;
                    continue;
                }

                if (head != name[at] || offset + head >= _length)
                {
                    return false;
                }

                if (head == 0)
                {
                    return true;
                }

                for (int i = 1; i <= head; i++)
                {
                    // most names come in the letters that they were asked for in
                    if (_bytes[offset + i] != name[at + i] && Small(_bytes[offset + i]) != Small(name[at + i]))
                    {
                        return false;
                    }
                }

                at += head + 1;
                offset += head + 1;
            }

            return false;
        }

        /// <summary>
        /// Copies a name out, whole and in small letters.
        /// </summary>
        /// <param name="offset">Of its first byte.</param>
        /// <param name="name">Where to: <see cref="DnsName.Longest"/> bytes.</param>
        /// <returns>Its length, or -1: it does not fit, is too long, or leads nowhere.</returns>
        internal int CopyName(int offset, byte[] name)
        {
            int limit = offset;
            int length = 0;
            while (offset < _length)
            {
                int head = _bytes[offset];
                if (head >= Pointer)
                {
                    offset = Follow(offset, limit);
                    if (offset < 0)
                    {
                        return -1;
                    }

                    limit = offset;
                    continue;
                }

                if (head > DnsName.LongestLabel || offset + head >= _length || length + head >= DnsName.Longest)
                {
                    return -1;
                }

                name[length] = (byte)head;
                length++;
                if (head == 0)
                {
                    return length;
                }

                for (int i = 1; i <= head; i++)
                {
                    name[length] = (byte)Small(_bytes[offset + i]);
                    length++;
                }

                offset += head + 1;
            }

            return -1;
        }

        /// <summary>
        /// Reads the head of a record, and sees to it that its data fit.
        /// </summary>
        /// <param name="offset">Of its name.</param>
        /// <returns>The offset of what follows, or -1.</returns>
        internal int ReadRecord(int offset)
        {
            int tail = SkipName(offset);
            if (tail < 0 || tail + DnsHeader.RecordTail > _length)
            {
                return -1;
            }

            Type = GetUInt16(tail);
            Class = GetUInt16(tail + 2);
            uint time = GetUInt32(tail + 4);
            TimeToLive = time >> 31 != 0 ? 0 : time;
            DataLength = GetUInt16(tail + 8);
            Data = tail + DnsHeader.RecordTail;
            return Data + DataLength <= _length ? Data + DataLength : -1;
        }

        /// <summary>
        /// A letter's small one.
        /// </summary>
        /// <param name="character">Any byte.</param>
        /// <returns>The small letter, or what it was.</returns>
        internal static int Small(int character)
        {
            return character >= 'A' && character <= 'Z' ? character + DnsName.SmallLetter : character;
        }

        /// <summary>
        /// Where a name goes on: before all of it that was read, so that it comes to an end (RFC 9267 section 3).
        /// </summary>
        private int Follow(int offset, int limit)
        {
            if (offset + 2 > _length)
            {
                return -1;
            }

            int target = GetUInt16(offset) & ~(Pointer << 8);
            return target < limit && target >= DnsHeader.Length ? target : -1;
        }
    }
}
