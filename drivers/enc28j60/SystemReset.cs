// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The system reset (DS39662E 11.2), which an application's call of <see cref="Enc28j60.Start"/> begins with.
    /// </summary>
    /// <remarks>
    /// Its command is one byte alone, which no word array can send, and the transfer of a byte allocates. So the driver's own
    /// restarts do without: <see cref="Startup"/> has every register written.
    /// </remarks>
    internal static class SystemReset
    {
        private const int Attempts = 3;

        // asleep, the oscillator takes 300 us to start; a poll takes 2 us at the highest clock, and more in managed code
        private const int ClockPolls = 200;

        // how long the registers take is not documented; managed code seldom sees any of it
        private const int ResetPolls = 20;

        // Values after a reset (DS39662E table 3-2)
        private const int ResetErdpt = 0x05FA;
        private const int ResetErxnd = 0x1FFF;
        private const int ResetErxfcon = 0xA1;

        /// <summary>
        /// Resets the chip, of known word order. Afterwards more than 1 ms has to pass before MAC or PHY are touched (DS80349C 2).
        /// </summary>
        /// <returns>Whether the registers have the values of a reset.</returns>
        internal static bool ResetChip(Chip chip)
        {
            for (int i = 0; i < Attempts; i++)
            {
                // DS80349C 19: asleep, the chip ignores a reset. It takes 300 us to wake (DS39662E 2.2).
                chip.Power.EndPowerSave();
                WaitForClock(chip.Power);

                // what the probe did not change
                chip.Filters.OpenChip();
                chip.Port.ResetSystem();
                for (int k = 0; k < ResetPolls; k++)
                {
                    if (HasResetValues(chip.Port))
                    {
                        return true;
                    }
                }
            }

            return false;
        }

        private static void WaitForClock(PowerControl power)
        {
            for (int i = 0; i < ClockPolls && !power.IsClockReady; i++)
            {
            }
        }

        /// <summary>
        /// Registers that the probe or a life before the reset left at other values have those of a reset.
        /// </summary>
        private static bool HasResetValues(SpiPort port)
        {
            return port.Read(EthRegister.ERDPTL) == (ResetErdpt & 0xFF)
                && port.Read(EthRegister.ERDPTH) == ResetErdpt >> 8
                && port.Read(EthRegister.EDMASTL) == 0
                && port.Read(EthRegister.ERXNDL) == (ResetErxnd & 0xFF)
                && port.Read(EthRegister.ERXNDH) == ResetErxnd >> 8
                && port.Read(EthRegister.ERXFCON) == ResetErxfcon
                && port.Read(EthRegister.ECON2) == RegisterBits.ECON2_AUTOINC;
        }
    }
}
