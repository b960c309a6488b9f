// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The receive buffer, a ring (DS39662E 6.1, 7.2): its bounds, what of it the hardware may use again, and how many packets wait in it. Where the
    /// next one begins knows the <see cref="Receiver"/>.
    /// </summary>
    internal sealed class ReceiveBuffer
    {
        /// <summary>Registers that do not change while the chip runs; see <see cref="HoldsBound"/>.</summary>
        internal const int Bounds = 4;

        /// <summary>Counts EPKTCNT down by one: what the receiver sends for each packet.</summary>
        internal readonly ushort[] Decrement = new ushort[1];

        private readonly SpiPort _port;

        internal ReceiveBuffer(SpiPort port)
        {
            _port = port;
        }

        /// <summary>
        /// Writes the bounds, which also sets the hardware's write pointer to the start.
        /// </summary>
        internal void SetUp()
        {
            // DS80349C 5: the buffer begins at 0. DS80349C 14: ERXRDPT is odd from the beginning.
            _port.WritePair(EthRegister.ERXSTL, MemoryMap.ReceiveStart);
            _port.WritePair(EthRegister.ERXNDL, MemoryMap.ReceiveEnd);
            Free(MemoryMap.ReceiveStart);
            Decrement[0] = _port.MakeSetBits(EthRegister.ECON2, RegisterBits.ECON2_PKTDEC);
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
        /// Asks the chip how many packets wait. DS80349C 6: EIR.PKTIF cannot be relied on, EPKTCNT can. Who receives or sends finds bank 0
        /// selected afterwards.
        /// </summary>
        internal int CountPackets()
        {
            int count = _port.Read(EthRegister.EPKTCNT);
            _port.SelectBank(0);
            return count;
        }

        /// <summary>
        /// Gives all memory back that lies before a packet.
        /// </summary>
        internal void Free(int packet)
        {
            // the high byte last: both take effect with it (DS39662E 7.2.4)
            _port.WritePair(EthRegister.ERXRDPTL, MemoryMap.FreePointer(packet));
        }

        /// <summary>
        /// Counts EPKTCNT down, which no reset of the receive logic does.
        /// </summary>
        /// <param name="most">How many packets to count down in this call.</param>
        /// <returns>Whether it is zero.</returns>
        internal bool Drain(int most)
        {
            int count = CountPackets();
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
                _port.Device.Write(Decrement);
                count--;
            }

            return CountPackets() == 0;
        }

        /// <summary>
        /// Whether the buffer is empty and the hardware writes elsewhere than where the next packet is expected: its packets would never be
        /// found.
        /// </summary>
        internal bool WritesElsewhere(int packet) => CountPackets() == 0 && FindWritePointer() != packet;

        /// <summary>
        /// Where the hardware writes the next packet, once one has come in.
        /// </summary>
        internal int FindWritePointer() => _port.Read(EthRegister.ERXWRPTL) | (_port.Read(EthRegister.ERXWRPTH) << 8);
    }
}
