// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// How the chip's 8 KiB of buffer memory are divided, and the arithmetic of the receive buffer (DS39662E 3.2, 7.2).
    /// </summary>
    internal static class MemoryMap
    {
        /// <summary>Bytes of buffer memory.</summary>
        internal const int Size = 0x2000;

        /// <summary>First byte of the receive buffer. It has to be 0: DS80349C 5, else the hardware may write outside.</summary>
        internal const int ReceiveStart = 0x0000;

        /// <summary>Last byte of the receive buffer, odd: 6.5 KiB, which is four full-size packets or 95 small ones.</summary>
        internal const int ReceiveEnd = 0x19FF;

        /// <summary>Bytes of the receive buffer.</summary>
        internal const int ReceiveSize = ReceiveEnd + 1 - ReceiveStart;

        /// <summary>The control byte of the packet to send; 1536 bytes from here to the end of memory.</summary>
        internal const int TransmitStart = 0x1A00;

        /// <summary>Bytes before each packet in the receive buffer: next packet pointer and status vector.</summary>
        internal const int HeaderLength = 6;

        /// <summary>Bytes of the FCS, which the chip stores and counts.</summary>
        internal const int FcsLength = 4;

        /// <summary>The shortest packet that the hardware ever stores, FCS included (DS39662E 8).</summary>
        internal const int ShortestStored = 18;

        /// <summary>The shortest packet that Ethernet allows, FCS included (IEEE 802.3 4.2.3.3).</summary>
        internal const int ShortestPacket = 64;

        /// <summary>The longest packet that is let in, FCS included (MAMXFL).</summary>
        internal const int LongestPacket = 1518;

        /// <summary>The shortest frame that can be sent, FCS not counted.</summary>
        internal const int HeaderOfEthernet = 14;

        /// <summary>The longest frame that can be sent, FCS not counted: it and its status vector end before the memory does.</summary>
        internal const int LongestFrame = LongestPacket - FcsLength;

        /// <summary>The longest packet whose header is believed: MAMXFL as it is after a reset, and some.</summary>
        internal const int LongestStored = 1600;

        /// <summary>
        /// The longest frame, FCS not counted, that an array may hold that is written to the transmit buffer as a whole: the
        /// control byte and the array's bytes must not run over the end of memory into the receive buffer.
        /// </summary>
        internal const int LargestTransmitCapacity = Size - TransmitStart - 1;

        /// <summary>
        /// The value of ERXRDPT that frees everything before a packet.
        /// </summary>
        /// <remarks>
        /// DS80349C 14: an even value can corrupt the receive buffer. Packets begin at even addresses, so the byte before a
        /// packet is odd, and so is the end of the buffer, which is the byte before its start.
        /// </remarks>
        /// <param name="nextPacket">Where the next packet begins or will begin, even.</param>
        /// <returns>The value for ERXRDPT, always odd.</returns>
        internal static int FreePointer(int nextPacket)
        {
            return nextPacket == ReceiveStart ? ReceiveEnd : nextPacket - 1;
        }

        /// <summary>
        /// Where the packet after this one begins.
        /// </summary>
        /// <param name="packet">Where this packet's header begins.</param>
        /// <param name="count">The byte count of its status vector, FCS included.</param>
        /// <returns>The address, even, with the wrap of the receive buffer.</returns>
        internal static int NextPacket(int packet, int count)
        {
            int next = packet + HeaderLength + ((count + 1) & ~1);
            return next > ReceiveEnd ? next - ReceiveSize : next;
        }

        /// <summary>
        /// Where the read pointer is after a number of bytes. It wraps where it meets the end of the receive buffer, and
        /// nowhere else but at the end of memory (DS39662E 7.2.3).
        /// </summary>
        /// <param name="pointer">Where it was.</param>
        /// <param name="count">Bytes read, fewer than the receive buffer has.</param>
        /// <returns>Where it is.</returns>
        internal static int Advance(int pointer, int count)
        {
            int end = pointer + count;
            return pointer <= ReceiveEnd && end > ReceiveEnd ? end - ReceiveSize : end & (Size - 1);
        }
    }
}
