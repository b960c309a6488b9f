// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace TcpIp.Mdns
{
    /// <summary>
    /// A name that records have or lead to, as it stands in messages. One that is ours alone gets a number when somebody else has it (RFC 6762
    /// section 9): "board-2" for a host, "Board (2)" for a service (RFC 6763 appendix D).
    /// </summary>
    internal sealed class MdnsName
    {
        private const int MostDigits = 5;

        private readonly byte[] _wire;
        private readonly byte[] _label;
        private readonly byte[] _tail;
        private readonly bool _isService;
        private int _length;

        /// <summary>
        /// Initializes a new instance of the <see cref="MdnsName"/> class that is not ours alone.
        /// </summary>
        /// <param name="index">Its place among all names.</param>
        /// <param name="wire">The name as it stands in messages.</param>
        internal MdnsName(int index, byte[] wire)
        {
            Index = index;
            _wire = wire;
            _length = wire.Length;
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="MdnsName"/> class that is ours alone.
        /// </summary>
        /// <param name="index">Its place among all names.</param>
        /// <param name="label">The first label, without its length.</param>
        /// <param name="tail">The others, with their lengths.</param>
        /// <param name="isService">Whether it is a service's: that decides how a number is written.</param>
        internal MdnsName(int index, byte[] label, byte[] tail, bool isService)
        {
            Index = index;
            _label = label;
            _tail = tail;
            _isService = isService;
            _wire = new byte[1 + DnsName.LongestLabel + tail.Length];
            SetNumber(0);
        }

        /// <summary>Gets the place among all names.</summary>
        internal int Index { get; }

        /// <summary>Gets the name as it stands in messages.</summary>
        internal byte[] Wire => _wire;

        /// <summary>Gets its length.</summary>
        internal int Length => _length;

        /// <summary>Gets the number that it has, or 0 for none.</summary>
        internal int Number { get; private set; }

        /// <summary>
        /// Takes the next number: 2, 3, and so on.
        /// </summary>
        internal void Rename()
        {
            SetNumber(Number == 0 ? 2 : Number < 99999 ? Number + 1 : 2);
        }

        /// <summary>
        /// Writes an address as the name that leads back to its host (RFC 1035 section 3.5). The name has room for it.
        /// </summary>
        /// <param name="address">The address.</param>
        internal void SetReverse(uint address)
        {
            // the four labels stand at the end of the room before "in-addr.arpa", the last octet first
            int at = 0;
            for (int i = 0; i < 4; i++)
            {
                int head = at;
                at = WriteDecimal(at + 1, (int)((address >> (8 * i)) & 0xFF));
                _wire[head] = (byte)(at - head - 1);
            }

            _length = Append(at, _tail);
        }

        private void SetNumber(int number)
        {
            Number = number;
            int room = DnsName.LongestLabel - (number == 0 ? 0 : MostDigits + (_isService ? 3 : 1));
            int length = _label.Length;
            if (length > room)
            {
                // not within a character (RFC 3629 section 3)
                length = room;
                while ((_label[length] & 0xC0) == 0x80)
                {
                    length--;
                }
            }

            int at = 1;
            for (int i = 0; i < length; i++)
            {
                _wire[at++] = _label[i];
            }

            if (number != 0 && _isService)
            {
                _wire[at++] = (byte)' ';
                _wire[at++] = (byte)'(';
                at = WriteDecimal(at, number);
                _wire[at++] = (byte)')';
            }
            else if (number != 0)
            {
                _wire[at++] = (byte)'-';
                at = WriteDecimal(at, number);
            }

            _wire[0] = (byte)(at - 1);
            _length = Append(at, _tail);
        }

        private int WriteDecimal(int at, int value)
        {
            int digits = 1;
            for (int rest = value; rest > 9; rest /= 10)
            {
                digits++;
            }

            for (int i = digits - 1; i >= 0; i--)
            {
                _wire[at + i] = (byte)('0' + (value % 10));
                value /= 10;
            }

            return at + digits;
        }

        private int Append(int at, byte[] bytes)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                _wire[at++] = bytes[i];
            }

            return at;
        }
    }
}
