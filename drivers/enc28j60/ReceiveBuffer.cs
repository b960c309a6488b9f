// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The receive buffer, a ring (DS39662E 6.1, 7.2): its bounds, where the next packet begins, how many wait, and what of what was read the
    /// hardware may use again.
    /// </summary>
    internal sealed class ReceiveBuffer
    {
        /// <summary>Registers that do not change while the chip runs; see <see cref="HoldsBound"/>.</summary>
        internal const int Bounds = 4;

        // What is read is given back to the hardware in lots: writing ERXRDPT takes two transfers. One full-size packet may be held back,
        // then there is still room for three; while a batch is being read more may wait.
        private const int FreeThreshold = 1536;
        private const int FreeThresholdInBatch = 4096;

        /// <summary>Where the next packet begins.</summary>
        internal int Packet;

        /// <summary>Whether a packet waits that the chip need not be asked for.</summary>
        internal bool HasMore;

        private const int Unknown = -1;

        private readonly SpiPort _port;
        private readonly ushort[] _decrement = new ushort[1];
        private readonly Side _low = new Side();
        private readonly Side _high = new Side();
        private Side _side;
        private int _factor;
        private int _mask;
        private int _written;
        private bool _needsNoLook;
        private int _freed;
        private bool _hasPassed;

        internal ReceiveBuffer(SpiPort port)
        {
            _port = port;
            _low.Other = _high;
            _high.Other = _low;
        }

        /// <summary>
        /// Writes the bounds, which also sets the hardware's write pointer to the start, and begins there.
        /// </summary>
        internal void SetUp()
        {
            // DS80349C 5: the buffer begins at 0. DS80349C 14: ERXRDPT is odd from the beginning.
            _port.WritePair(EthRegister.ERXSTL, MemoryMap.ReceiveStart);
            _port.WritePair(EthRegister.ERXNDL, MemoryMap.ReceiveEnd);
            _port.WritePair(EthRegister.ERXRDPTL, MemoryMap.FreePointer(MemoryMap.ReceiveStart));
            _decrement[0] = _port.MakeSetBits(EthRegister.ECON2, RegisterBits.ECON2_PKTDEC);
            _low.Command[0] = _port.MakeRead(EthRegister.ERXWRPTL);
            _high.Command[0] = _port.MakeRead(EthRegister.ERXWRPTH);
            _factor = _port.MakeWord(0, 1);
            _mask = 0xFF * _factor;
            MoveTo(MemoryMap.ReceiveStart);
            HasMore = false;
            _written = Unknown;

            // the pointer that can be read is that of the last packet, before the bounds were written or not: the first one is found by count
            _needsNoLook = true;
            _freed = MemoryMap.ReceiveStart;
            _hasPassed = false;
        }

        /// <summary>
        /// Moves the end to memory's, so that reading wraps there only. <see cref="SetUp"/> has to follow.
        /// </summary>
        internal void SpanToEnd()
        {
            _port.WritePair(EthRegister.ERXNDL, MemoryMap.Size - 1);
        }

        /// <summary>
        /// Makes the buffer all of memory, whatever it was. <see cref="SetUp"/> has to follow.
        /// </summary>
        internal void SpanMemory()
        {
            _port.WritePair(EthRegister.ERXSTL, 0);
            SpanToEnd();
        }

        /// <summary>
        /// Whether a bound holds what it should.
        /// </summary>
        /// <param name="index">0 to <see cref="Bounds"/> - 1.</param>
        internal bool HoldsBound(int index)
        {
            int pair = index < 2 ? MemoryMap.ReceiveStart : MemoryMap.ReceiveEnd;
            return _port.Read(EthRegister.ERXSTL + index) == ((index & 1) == 0 ? pair & 0xFF : pair >> 8);
        }

        /// <summary>
        /// Asks the chip how many packets wait. DS80349C 6: EIR.PKTIF cannot be relied on, EPKTCNT can.
        /// </summary>
        internal int CountPackets() => _port.Read(EthRegister.EPKTCNT);

        /// <summary>
        /// Whether a packet waits: the hardware has moved its write pointer away from where the next packet begins. Of this one look tells,
        /// in the bank that receiving and sending need anyway: at its low byte, and if that has not moved, at the high one in the next
        /// call, for packets of a multiple of 256 bytes leave the low one where it was. When all that a look has told of was read, the chip
        /// is not asked before the next call.
        /// </summary>
        internal bool FindPacket()
        {
            if (_needsNoLook)
            {
                return FindOtherwise();
            }

            SpiPort port = _port;
            if (port.Bank != 0)
            {
                port.SelectBank(0);
            }

            Side side = _side.Other;
            _side = side;
            port.Device.TransferFullDuplex(side.Command, port.Answer);
            return ((port.Answer[0] ^ side.Expected) & _mask) != 0 && Believe(side, port.GetSecond());
        }

        /// <summary>
        /// Goes on to the next packet.
        /// </summary>
        /// <param name="next">Where it begins.</param>
        internal void PassPacket(int next)
        {
            MoveTo(next);
            _hasPassed = true;
            _port.Device.Write(_decrement);
            if (_written == Unknown)
            {
                HasMore = false;
                _needsNoLook = false;
            }
            else if ((next & 0xFF) == _written)
            {
                HasMore = false;
            }

            int unfreed = next - _freed;
            if (unfreed < 0)
            {
                unfreed += MemoryMap.ReceiveSize;
            }

            if (unfreed >= (HasMore ? FreeThresholdInBatch : FreeThreshold))
            {
                Free();
            }
        }

        /// <summary>
        /// There was no packet after all. That the write pointer is where it was seen is not told again; see <see cref="IsOutOfStep"/>.
        /// </summary>
        internal void ForgetLook()
        {
            HasMore = false;
            _needsNoLook = !_hasPassed;
            if (_written != Unknown)
            {
                _low.Expected = _written * _factor;
            }
        }

        /// <summary>
        /// Looks at the count, which tells of packets without regard to where they are: if one waits that the write pointer does not show,
        /// the two are out of step, and reading it will tell.
        /// </summary>
        internal void CompareCount()
        {
            if (!HasMore && CountPackets() != 0)
            {
                NoteWritten(Unknown);
            }
        }

        /// <summary>
        /// Gives all memory back that was read.
        /// </summary>
        internal void Free()
        {
            if (_freed != Packet)
            {
                // the high byte last: both take effect with it (DS39662E 7.2.4)
                _port.WritePair(EthRegister.ERXRDPTL, MemoryMap.FreePointer(Packet));
                _freed = Packet;
            }
        }

        /// <summary>
        /// Counts EPKTCNT down, which no reset of the receive logic does.
        /// </summary>
        /// <param name="most">How many packets to count down in this call.</param>
        /// <returns>Whether it is zero.</returns>
        internal bool Drain(int most)
        {
            int count = _port.Read(EthRegister.EPKTCNT);
            if (count == 0)
            {
                return true;
            }

            if (count > most)
            {
                count = most;
            }

            while (count > 0)
            {
                _port.SetBits(EthRegister.ECON2, RegisterBits.ECON2_PKTDEC);
                count--;
            }

            return _port.Read(EthRegister.EPKTCNT) == 0;
        }

        /// <summary>
        /// Whether the hardware writes elsewhere than where the next packet is expected: its packets would never be found. It is
        /// looked at twice, for a packet may come in between (DS39662E 7.2.4): then the count is no longer 0 the second time.
        /// </summary>
        internal bool IsOutOfStep() => _hasPassed && WritesElsewhere() && WritesElsewhere();

        /// <summary>
        /// Whether a packet waits, without a look at the write pointer.
        /// </summary>
        private bool FindOtherwise()
        {
            if (HasMore)
            {
                return true;
            }

            if (_hasPassed)
            {
                // all was read
                _needsNoLook = false;
                return false;
            }

            if (CountPackets() == 0)
            {
                return false;
            }

            NoteWritten(_port.Read(EthRegister.ERXWRPTL));
            return true;
        }

        /// <summary>
        /// Whether a byte of the write pointer may be what was read, which is not where the next packet begins. It is even, and within the
        /// buffer.
        /// </summary>
        private bool Believe(Side side, int value)
        {
            bool isPossible = side == _low ? (value & 1) == 0 : value <= MemoryMap.ReceiveEnd >> 8;
            if (!isPossible || !IsOfThisLife(value))
            {
                return false;
            }

            // where the low byte is when the high one has moved, nobody knows: that tells of one packet only
            NoteWritten(side == _low ? value : Unknown);
            return true;
        }

        /// <summary>
        /// A packet waits, or several: up to where the low byte of the write pointer is this, or <see cref="Unknown"/>.
        /// </summary>
        private void NoteWritten(int low)
        {
            _written = low;
            _needsNoLook = true;
            HasMore = true;
        }

        /// <summary>
        /// Whether a byte of the write pointer comes from a chip at work. 0 is what a chip says too that was reset, and the memory of such
        /// a one may hold a packet of long ago at any place.
        /// </summary>
        private bool IsOfThisLife(int value) => value != 0 || _port.IsAtWork();

        private void MoveTo(int packet)
        {
            Packet = packet;
            _low.Expected = (packet & 0xFF) * _factor;
            _high.Expected = (packet >> 8) * _factor;
            _side = _high;
        }

        private bool WritesElsewhere()
        {
            return _port.Read(EthRegister.EPKTCNT) == 0
                && (_port.Read(EthRegister.ERXWRPTL) | (_port.Read(EthRegister.ERXWRPTH) << 8)) != Packet;
        }

        /// <summary>One byte of the write pointer.</summary>
        private sealed class Side
        {
            /// <summary>Reads it.</summary>
            internal readonly ushort[] Command = new ushort[1];

            /// <summary>The byte that comes second, while nothing has come in.</summary>
            internal int Expected;

            /// <summary>The other byte.</summary>
            internal Side Other;
        }
    }
}
