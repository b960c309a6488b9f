// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The chip's own test of its memory (DS39662E 15) and the DMA that sums it (13). Nothing but the self-test uses them: a start only
    /// takes back what a disturbance may have set.
    /// </summary>
    internal static class BuiltInTest
    {
        // of memory filled with its own addresses
        private const int AddressFillSum = 0xF807;

        /// <summary>
        /// Ends the test. The probe has ended the DMA, as all that ECON1 begins.
        /// </summary>
        internal static void End(SpiPort port)
        {
            port.Write(EthRegister.EBSTCON, 0);
            port.ClearBits(EthRegister.EIR, RegisterBits.EIR_DMAIF);
        }

        /// <summary>
        /// Begins to fill the memory. The receive buffer has to span it, else the sum would wrap early.
        /// </summary>
        internal static void BeginFill(SpiPort port)
        {
            port.Write(EthRegister.EBSTCON, RegisterBits.EBSTCON_TME | RegisterBits.EBSTCON_TMSEL1);
            port.Write(EthRegister.EBSTCON, RegisterBits.EBSTCON_TME | RegisterBits.EBSTCON_TMSEL1 | RegisterBits.EBSTCON_BISTST);
        }

        internal static bool IsFilling(SpiPort port) => (port.Read(EthRegister.EBSTCON) & RegisterBits.EBSTCON_BISTST) != 0;

        /// <summary>
        /// Begins to sum the memory. DS80349C 17: a checksum stops a packet that is coming in, so it is never made while the receiver is on.
        /// </summary>
        internal static void BeginSum(SpiPort port)
        {
            port.Write(EthRegister.EBSTCON, 0);
            port.WritePair(EthRegister.EDMASTL, 0);
            port.WritePair(EthRegister.EDMANDL, MemoryMap.Size - 1);
            port.SetBits(EthRegister.ECON1, RegisterBits.ECON1_CSUMEN);
            port.SetBits(EthRegister.ECON1, RegisterBits.ECON1_DMAST);
        }

        internal static bool IsSumming(SpiPort port) => (port.Read(EthRegister.ECON1) & RegisterBits.ECON1_DMAST) != 0;

        /// <summary>
        /// Ends a sum.
        /// </summary>
        /// <returns>Whether it is right.</returns>
        internal static bool EndSum(SpiPort port)
        {
            port.ClearBits(EthRegister.ECON1, RegisterBits.ECON1_CSUMEN);
            port.ClearBits(EthRegister.EIR, RegisterBits.EIR_DMAIF);
            int sum = port.Read(EthRegister.EDMACSL) | (port.Read(EthRegister.EDMACSH) << 8);
            int expected = port.Read(EthRegister.EBSTCSL) | (port.Read(EthRegister.EBSTCSH) << 8);
            return sum == expected && sum == AddressFillSum;
        }
    }
}
