// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Which packets are wanted: the registers that say so to the chip (DS39662E 8), and the check of what it lets in beyond that.
    /// </summary>
    internal sealed class ReceiveFilters
    {
        private const int HashBytes = 8;
        private const int MaskBytes = 8;
        private const uint Polynomial = 0x04C11DB7;

        /// <summary>Whether the chip has to be told anew.</summary>
        internal bool IsChanged;

        /// <summary>
        /// Whether the chip may let in what is not wanted: other groups with the same hash; with the pattern
        /// filter, anything (DS80349C 18); and with all groups, broadcasts.
        /// </summary>
        internal bool NeedsRecheck;

        /// <summary>Whether packets for our address are wanted.</summary>
        internal bool WantsUnicast;

        private readonly SpiPort _port;
        private readonly Agenda _agenda;
        private readonly ushort[] _addressLowFirst;
        private readonly ushort[] _addressHighFirst;
        private readonly int _capacity;
        private readonly byte[] _groups;
        private readonly byte[] _ipv4Group = new byte[] { 0x01, 0x00, 0x5E, 0, 0, 0 };
        private readonly int[] _references;
        private readonly byte[] _hash = new byte[HashBytes];
        private readonly byte[] _mask = new byte[MaskBytes];
        private readonly byte[] _pattern = new byte[MaskBytes * 8];
        private Enc28j60Filters _flags;
        private int _patternOffset;
        private int _patternSum;
        private bool _hasPattern;
        private int _joined;

        internal ReceiveFilters(SpiPort port, Agenda agenda, MacAddress address, Enc28j60Filters flags, int capacity)
        {
            _port = port;
            _agenda = agenda;
            _addressLowFirst = address.ToWords(WordOrder.LowByteFirst);
            _addressHighFirst = address.ToWords(WordOrder.HighByteFirst);
            _flags = flags;
            _capacity = capacity;
            _groups = new byte[capacity * MacAddress.Length];
            _references = new int[capacity];
            NoteChange();
            IsChanged = false;
        }

        /// <summary>Gets what is wanted.</summary>
        internal Enc28j60Filters Flags => _flags;

        /// <summary>Gets the value of ERXFCON.</summary>
        internal int Control
        {
            get
            {
                if ((_flags & Enc28j60Filters.Promiscuous) != 0)
                {
                    return RegisterBits.ERXFCON_CRCEN;
                }

                return RegisterBits.ERXFCON_CRCEN | ((int)_flags & 0xFF) | (_joined > 0 ? RegisterBits.ERXFCON_HTEN : 0);
            }
        }

        /// <summary>
        /// Our address, as it lies in frames.
        /// </summary>
        /// <param name="lowByteFirst">The word order.</param>
        /// <returns>Three words.</returns>
        internal ushort[] AddressWords(bool lowByteFirst) => lowByteFirst ? _addressLowFirst : _addressHighFirst;

        /// <summary>
        /// Sets what is wanted.
        /// </summary>
        /// <param name="flags">What.</param>
        /// <returns>Whether that is possible.</returns>
        internal bool Set(Enc28j60Filters flags)
        {
            // with no filter at all the chip would let in everything
            if ((flags == Enc28j60Filters.None && _joined == 0) || ((flags & Enc28j60Filters.Pattern) != 0 && !_hasPattern))
            {
                return false;
            }

            _flags = flags;
            NoteChange();
            return true;
        }

        /// <summary>
        /// Sets the pattern: see <see cref="Enc28j60.SetPattern"/>.
        /// </summary>
        internal void SetPattern(int offset, byte[] window, byte[] mask)
        {
            if (window == null)
            {
                throw new ArgumentNullException(nameof(window));
            }

            if (mask == null)
            {
                throw new ArgumentNullException(nameof(mask));
            }

            if (offset < 0 || offset > MemoryMap.LongestPacket - _pattern.Length)
            {
                throw new ArgumentException("The window begins at 0 to 1454.", nameof(offset));
            }

            if (window.Length > _pattern.Length)
            {
                throw new ArgumentException("The window has 64 bytes at most.", nameof(window));
            }

            if (mask.Length != MaskBytes)
            {
                throw new ArgumentException("The mask has eight bytes.", nameof(mask));
            }

            Array.Clear(_pattern, 0, _pattern.Length);
            Array.Copy(window, 0, _pattern, 0, window.Length);
            Array.Copy(mask, 0, _mask, 0, MaskBytes);
            _patternOffset = offset;
            _hasPattern = true;

            // the sum leaves out bytes that do not count, an odd one at the end gets a zero behind it (DS39662E 8.2.2)
            int sum = 0;
            int taken = 0;
            for (int i = 0; i < _pattern.Length; i++)
            {
                if (IsInMask(i))
                {
                    sum += (taken & 1) == 0 ? _pattern[i] << 8 : _pattern[i];
                    taken++;
                }
            }

            sum = (sum & 0xFFFF) + (sum >> 16);
            sum = (sum & 0xFFFF) + (sum >> 16);
            _patternSum = ~sum & 0xFFFF;
            IsChanged = true;
            _agenda.Hurry();
        }

        /// <summary>
        /// Joins a group, once more if it was joined before.
        /// </summary>
        /// <param name="group">Its address.</param>
        /// <returns>Whether there was room for it and it is a group's address.</returns>
        internal bool Join(byte[] group)
        {
            if (group == null || group.Length != MacAddress.Length || (group[0] & 1) == 0)
            {
                return false;
            }

            int free = -1;
            for (int i = 0; i < _capacity; i++)
            {
                if (_references[i] == 0)
                {
                    free = i;
                }
                else if (IsGroup(i, group))
                {
                    _references[i]++;
                    return true;
                }
            }

            if (free < 0)
            {
                return false;
            }

            Array.Copy(group, 0, _groups, free * MacAddress.Length, MacAddress.Length);
            _references[free] = 1;
            _joined++;
            BuildHash();
            return true;
        }

        /// <summary>
        /// Leaves a group that was joined; it goes when it was left as often as joined.
        /// </summary>
        /// <param name="group">Its address.</param>
        /// <returns>Whether it was joined and may go.</returns>
        internal bool Leave(byte[] group)
        {
            if (group == null || group.Length != MacAddress.Length)
            {
                return false;
            }

            for (int i = 0; i < _capacity; i++)
            {
                if (_references[i] > 0 && IsGroup(i, group))
                {
                    if (_references[i] == 1 && _joined == 1 && _flags == Enc28j60Filters.None)
                    {
                        // the last filter of all: without it the chip would let in everything
                        return false;
                    }

                    if (--_references[i] == 0)
                    {
                        _joined--;
                        BuildHash();
                    }

                    return true;
                }
            }

            return false;
        }

        /// <summary>
        /// The address that IPv4 packets to a group are sent to (RFC 1112 section 6.4).
        /// </summary>
        /// <param name="group">The low 23 bits of the group's IPv4 address.</param>
        /// <returns>The address, until the next call.</returns>
        internal byte[] AddressOfIPv4Group(int group)
        {
            _ipv4Group[3] = (byte)((group >> 16) & 0x7F);
            _ipv4Group[4] = (byte)(group >> 8);
            _ipv4Group[5] = (byte)group;
            return _ipv4Group;
        }

        /// <summary>
        /// Writes all filter registers. Nothing must be received meanwhile.
        /// </summary>
        internal void Apply()
        {
            IsChanged = false;
            for (int i = 0; i < HashBytes; i++)
            {
                _port.Write(EthRegister.EHT0 + i, _hash[i]);
            }

            for (int i = 0; i < MaskBytes; i++)
            {
                _port.Write(EthRegister.EPMM0 + i, _mask[i]);
            }

            _port.WritePair(EthRegister.EPMCSL, _patternSum);
            _port.WritePair(EthRegister.EPMOL, _patternOffset);
            _port.Write(EthRegister.ERXFCON, Control);
        }

        /// <summary>
        /// Lets in everything until <see cref="Apply"/>. The one register that a system reset then changes for sure.
        /// </summary>
        internal void OpenChip()
        {
            _port.Write(EthRegister.ERXFCON, 0);
        }

        /// <summary>
        /// Whether ERXFCON holds what it should.
        /// </summary>
        internal bool HoldsControl() => _port.Read(EthRegister.ERXFCON) == Control;

        /// <summary>
        /// Whether a packet that the chip let in is wanted.
        /// </summary>
        /// <param name="frame">The packet.</param>
        /// <returns>Whether it is.</returns>
        internal bool Accepts(Frame frame)
        {
            // word by word and in one piece, for with a group joined each frame is looked at
            ushort[] words = frame.Words;
            int first = words[Frame.PrefixWords];
            int second = words[Frame.PrefixWords + 1];
            int third = words[Frame.PrefixWords + 2];
            Enc28j60Filters fitting = Enc28j60Filters.Broadcast;
            if ((first & second & third) != 0xFFFF)
            {
                ushort[] own = AddressWords(frame.LowByteFirst);
                fitting = third == own[2] && second == own[1] && first == own[0]
                    ? Enc28j60Filters.Unicast | Enc28j60Filters.MagicPacket
                    : (frame.GetByte(0) & 1) == 0
                    ? Enc28j60Filters.None
                    : Enc28j60Filters.AllMulticast;
            }

            if ((fitting & _flags) != 0)
            {
                return true;
            }

            if ((fitting & (Enc28j60Filters.Broadcast | Enc28j60Filters.AllMulticast)) != 0)
            {
                for (int i = 0; i < _capacity; i++)
                {
                    if (_references[i] > 0 && IsTo(frame, _groups, i * MacAddress.Length))
                    {
                        return true;
                    }
                }
            }

            return (_flags & Enc28j60Filters.Pattern) != 0 && HasPattern(frame);
        }

        /// <summary>
        /// The bit of the hash table that an address stands for: bits 28:23 of its CRC (DS39662E 8.2.4).
        /// </summary>
        /// <param name="addresses">Addresses.</param>
        /// <param name="offset">Where the address begins.</param>
        /// <returns>0 to 63.</returns>
        internal static int HashIndex(byte[] addresses, int offset)
        {
            uint crc = 0xFFFFFFFF;
            for (int i = 0; i < MacAddress.Length; i++)
            {
                uint octet = addresses[offset + i];
                for (int bit = 0; bit < 8; bit++)
                {
                    bool divides = ((crc >> 31) ^ (octet & 1)) != 0;
                    crc <<= 1;
                    octet >>= 1;
                    if (divides)
                    {
                        crc ^= Polynomial;
                    }
                }
            }

            return (int)(crc >> 23) & 0x3F;
        }

        private static bool IsTo(Frame frame, byte[] addresses, int offset)
        {
            for (int i = 0; i < MacAddress.Length; i++)
            {
                if (frame.GetByte(i) != addresses[offset + i])
                {
                    return false;
                }
            }

            return true;
        }

        private bool IsGroup(int index, byte[] group)
        {
            int offset = index * MacAddress.Length;
            for (int i = 0; i < MacAddress.Length; i++)
            {
                if (_groups[offset + i] != group[i])
                {
                    return false;
                }
            }

            return true;
        }

        private bool IsInMask(int index) => (_mask[index >> 3] & (1 << (index & 7))) != 0;

        private bool HasPattern(Frame frame)
        {
            for (int i = 0; i < _pattern.Length; i++)
            {
                if (IsInMask(i) && (_patternOffset + i >= frame.Length || frame.GetByte(_patternOffset + i) != _pattern[i]))
                {
                    return false;
                }
            }

            return true;
        }

        private void BuildHash()
        {
            Array.Clear(_hash, 0, HashBytes);
            for (int i = 0; i < _capacity; i++)
            {
                if (_references[i] > 0)
                {
                    int bit = HashIndex(_groups, i * MacAddress.Length);
                    _hash[bit >> 3] |= (byte)(1 << (bit & 7));
                }
            }

            NoteChange();
        }

        private void NoteChange()
        {
            IsChanged = true;
            _agenda.Hurry();
            WantsUnicast = (_flags & Enc28j60Filters.Unicast) != 0;
            NeedsRecheck = (_flags & Enc28j60Filters.Promiscuous) == 0
                && (_joined > 0
                    || (_flags & Enc28j60Filters.Pattern) != 0
                    || (_flags & (Enc28j60Filters.AllMulticast | Enc28j60Filters.Broadcast)) == Enc28j60Filters.AllMulticast);
        }
    }
}
