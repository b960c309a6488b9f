// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Finds the chip and, at the same time, which byte of a word goes over the wire first.
    /// </summary>
    /// <remarks>
    /// A word with equal halves is the same command in either order. 0x4040 is a write of 0x40 to register 0, 0x4242 one of 0x42
    /// to register 2; reads are 0x0000 and 0x0202, and the half of the answer that holds 0x40 and 0x42 is the second byte on the
    /// wire. ETH registers only: they work whatever state the chip is in, asleep or without a clock. The four that serve as storage are
    /// pointers, which their owners write before they use them.
    /// </remarks>
    internal static class WordOrderProbe
    {
        /// <summary>A twin of this clears all bits of ECON1 but RXRST: bank 0, nothing received, nothing sent.</summary>
        private const int QuietTwin = 0xBF;

        private const int WriteTwin = 0x40;

        /// <summary>
        /// Looks for the chip and sets the port's word order.
        /// </summary>
        /// <returns><see cref="Enc28j60Fault.None"/>, or why there is none.</returns>
        internal static Enc28j60Fault FindChip(SpiPort port, BufferMemory memory)
        {
            port.WriteTwin(QuietTwin);
            port.WriteTwin(WriteTwin | (int)EthRegister.ERDPTL);
            port.WriteTwin(WriteTwin | (int)EthRegister.EWRPTL);
            port.WriteTwin(WriteTwin | (int)EthRegister.ETXNDL);
            port.WriteTwin(WriteTwin | (int)EthRegister.EDMASTL);

            int first = port.ExchangeTwin((int)EthRegister.ERDPTL);
            int second = port.ExchangeTwin((int)EthRegister.EWRPTL);
            int third = port.ExchangeTwin((int)EthRegister.ETXNDL);
            int fourth = port.ExchangeTwin((int)EthRegister.EDMASTL);

            bool inHighHalf = first >> 8 == (WriteTwin | (int)EthRegister.ERDPTL)
                && second >> 8 == (WriteTwin | (int)EthRegister.EWRPTL)
                && third >> 8 == (WriteTwin | (int)EthRegister.ETXNDL)
                && fourth >> 8 == (WriteTwin | (int)EthRegister.EDMASTL);
            bool inLowHalf = (first & 0xFF) == (WriteTwin | (int)EthRegister.ERDPTL)
                && (second & 0xFF) == (WriteTwin | (int)EthRegister.EWRPTL)
                && (third & 0xFF) == (WriteTwin | (int)EthRegister.ETXNDL)
                && (fourth & 0xFF) == (WriteTwin | (int)EthRegister.EDMASTL);

            if (inHighHalf == inLowHalf)
            {
                if ((first | second | third | fourth) == 0)
                {
                    return Enc28j60Fault.NoAnswer;
                }

                return (first & second & third & fourth) == 0xFFFF ? Enc28j60Fault.AnswersAllOnes : Enc28j60Fault.NoChip;
            }

            port.SetWordOrder(inHighHalf ? WordOrder.LowByteFirst : WordOrder.HighByteFirst);
            return CheckBits(port, memory);
        }

        /// <summary>
        /// Looks for the chip when the word order is known already.
        /// </summary>
        /// <returns><see cref="Enc28j60Fault.None"/>, or why there is none.</returns>
        internal static Enc28j60Fault VerifyChip(SpiPort port, BufferMemory memory)
        {
            port.WriteTwin(QuietTwin);
            port.AssumeBankZero();
            Enc28j60Fault fault = CheckBits(port, memory);
            if (fault == Enc28j60Fault.None)
            {
                return fault;
            }

            // only to say more of it: one of the two was written with the other's complement, and they are never alike
            int one = port.Read(EthRegister.ERDPTL);
            int other = port.Read(EthRegister.EWRPTL);
            if ((one | other) == 0)
            {
                return Enc28j60Fault.NoAnswer;
            }

            return (one & other) == 0xFF ? Enc28j60Fault.AnswersAllOnes : fault;
        }

        private static Enc28j60Fault CheckBits(SpiPort port, BufferMemory memory)
        {
            // all eight bits both ways, with writes that are right in this order only
            return memory.HoldsPointers(0x55, 0xAA) && memory.HoldsPointers(0xAA, 0x55)
                && memory.HoldsPointers(0x00, 0xFF) && memory.HoldsPointers(0xFF, 0x00)
                && (port.Read(EthRegister.ESTAT) & RegisterBits.ESTAT_AlwaysZero) == 0
                ? Enc28j60Fault.None
                : Enc28j60Fault.NoChip;
        }
    }
}
