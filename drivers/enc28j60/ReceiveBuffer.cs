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

        // What is read is given back to the hardware in lots: writing ERXRDPT takes two transfers and often a bank switch. With
        // 512 bytes held back there is still room for four full-size packets; while a batch is being read more may wait.
        private const int FreeThreshold = 512;
        private const int FreeThresholdInBatch = 4096;

        /// <summary>Where the next packet begins.</summary>
        internal int Packet;

        /// <summary>Packets that wait and that the chip need not be asked for.</summary>
        internal int Waiting;

        private readonly SpiPort _port;
        private int _freed;
        private bool _hasPassed;

        internal ReceiveBuffer(SpiPort port)
        {
            _port = port;
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
            Packet = MemoryMap.ReceiveStart;
            Waiting = 0;
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
        internal int CountPackets()
        {
            Waiting = _port.Read(EthRegister.EPKTCNT);
            return Waiting;
        }

        /// <summary>
        /// Goes on to the next packet.
        /// </summary>
        /// <param name="count">The byte count of this one's status vector.</param>
        internal void PassPacket(int count)
        {
            int next = MemoryMap.NextPacket(Packet, count);
            int unfreed = next - _freed;
            if (unfreed < 0)
            {
                unfreed += MemoryMap.ReceiveSize;
            }

            Packet = next;
            _hasPassed = true;
            _port.SetBits(EthRegister.ECON2, RegisterBits.ECON2_PKTDEC);
            if (unfreed >= (--Waiting == 0 ? FreeThreshold : FreeThresholdInBatch))
            {
                Free();
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

        private bool WritesElsewhere()
        {
            return _port.Read(EthRegister.EPKTCNT) == 0
                && (_port.Read(EthRegister.ERXWRPTL) | (_port.Read(EthRegister.ERXWRPTH) << 8)) != Packet;
        }
    }
}
