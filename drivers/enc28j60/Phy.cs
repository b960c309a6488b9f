// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The PHY: what its registers are set to, and the MII management interface, which is the way to them (DS39662E 3.3). An access
    /// takes 10.24 us, which managed code seldom notices; it is polled all the same, and never for ever.
    /// </summary>
    internal sealed class Phy
    {
        // PHLCON: stretched to 73 ms; bits 13:12 have to be 1
        private const int LedBase = 0x3006;
        private const int LedAShift = 8;
        private const int LedBShift = 4;

        // at 20 MHz a poll takes 1.6 us of bus time at the least: four times what an access may last
        private const int MostPolls = 32;

        private const int Identifier = 0x0083;
        private const int EveryBit = 0xFFFF;

        private readonly SpiPort _port;
        private readonly int _leds;

        internal Phy(SpiPort port, Enc28j60Options options)
        {
            _port = port;
            _leds = LedBase | ((int)options.LedA << LedAShift) | ((int)options.LedB << LedBShift);
            DuplexMode = options.FullDuplex ? RegisterBits.PHCON1_PDPXMD : 0;
        }

        /// <summary>
        /// Gets the value of PHCON1. DS80349C 16: the duplex mode after a reset depends on how the LED is wired, and unreliably so:
        /// it is always written.
        /// </summary>
        internal int DuplexMode { get; }

        /// <summary>
        /// Writes all registers.
        /// </summary>
        /// <returns>Whether the PHY is there and holds them.</returns>
        internal bool SetUp()
        {
            // DS80349C 9: without HDLDIS a half-duplex PHY loops back what is sent
            return Cancel()
                && Holds(PhyRegister.PHID1, EveryBit, Identifier)
                && Write(PhyRegister.PHCON1, DuplexMode)
                && Write(PhyRegister.PHCON2, RegisterBits.PHCON2_HDLDIS)
                && Write(PhyRegister.PHLCON, _leds)
                && Write(PhyRegister.PHIE, RegisterBits.PHIE_Link)
                && Holds(PhyRegister.PHCON1, RegisterBits.PHCON1_PDPXMD, DuplexMode)
                && Holds(PhyRegister.PHCON2, EveryBit, RegisterBits.PHCON2_HDLDIS)
                && Holds(PhyRegister.PHIE, RegisterBits.PHIE_Link, RegisterBits.PHIE_Link);
        }

        /// <summary>
        /// Sets the PHY to full duplex, whatever was chosen, until the next start: for the loopback plug.
        /// </summary>
        /// <returns>Whether it took it.</returns>
        internal bool SetFullDuplex() => Write(PhyRegister.PHCON1, RegisterBits.PHCON1_PDPXMD);

        /// <summary>
        /// Gets a value indicating whether an access is under way.
        /// </summary>
        internal bool IsBusy => (_port.Read(MacRegister.MISTAT) & RegisterBits.MISTAT_BUSY) != 0;

        /// <summary>
        /// Starts to read a register.
        /// </summary>
        internal void BeginRead(PhyRegister register)
        {
            // MIIRD may stand since a disturbed transfer, and setting it again would read nothing: the last value would come once more
            _port.Write(MacRegister.MICMD, 0);
            _port.Write(MacRegister.MIREGADR, (int)register);
            _port.Write(MacRegister.MICMD, RegisterBits.MICMD_MIIRD);
        }

        /// <summary>
        /// Ends a read that is no longer busy and gets the low byte only.
        /// </summary>
        /// <returns>0 to 255.</returns>
        internal int EndReadLow()
        {
            _port.Write(MacRegister.MICMD, 0);
            return _port.Read(MacRegister.MIRDL);
        }

        /// <summary>
        /// Ends a read that is no longer busy and gets the high byte only.
        /// </summary>
        /// <returns>The byte in bits 15:8.</returns>
        internal int EndReadHigh()
        {
            _port.Write(MacRegister.MICMD, 0);
            return _port.Read(MacRegister.MIRDH) << 8;
        }

        private bool Holds(PhyRegister register, int mask, int value)
        {
            int read = Read(register);
            return read >= 0 && (read & mask) == value;
        }

        /// <summary>
        /// Ends whatever is under way, a scan that nobody asked for included.
        /// </summary>
        /// <returns>Whether the interface is idle.</returns>
        private bool Cancel()
        {
            _port.Write(MacRegister.MICMD, 0);
            return WaitWhileBusy();
        }

        /// <summary>
        /// Reads a register and waits for it.
        /// </summary>
        /// <returns>0 to 65535, or -1 if the PHY did not answer.</returns>
        private int Read(PhyRegister register)
        {
            BeginRead(register);
            bool done = WaitWhileBusy();
            int low = EndReadLow();
            return done ? (_port.Read(MacRegister.MIRDH) << 8) | low : -1;
        }

        /// <summary>
        /// Writes a register, all 16 bits, and waits until it is written.
        /// </summary>
        /// <returns>Whether the PHY took it.</returns>
        private bool Write(PhyRegister register, int value)
        {
            _port.Write(MacRegister.MIREGADR, (int)register);
            _port.Write(MacRegister.MIWRL, value & 0xFF);
            _port.Write(MacRegister.MIWRH, value >> 8);
            return WaitWhileBusy();
        }

        private bool WaitWhileBusy()
        {
            for (int i = 0; i < MostPolls; i++)
            {
                if (!IsBusy)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
