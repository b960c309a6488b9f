// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Access to the PHY's registers (DS39662E 3.3). One takes 10.24 us, which managed code seldom notices; it is polled all
    /// the same, and never for ever.
    /// </summary>
    internal sealed class MiiPort
    {
        // at 20 MHz a poll takes 1.6 us of bus time at the least: four times what an access may last
        private const int MaximumPolls = 32;

        private readonly SpiPort _port;

        /// <summary>
        /// Initializes a new instance of the <see cref="MiiPort"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        internal MiiPort(SpiPort port)
        {
            _port = port;
        }

        /// <summary>
        /// Gets a value indicating whether an access is under way.
        /// </summary>
        internal bool IsBusy => (_port.Read(MacRegister.MISTAT) & RegisterBits.MistatBusy) != 0;

        /// <summary>
        /// Starts to read a register.
        /// </summary>
        /// <param name="register">The register.</param>
        internal void BeginRead(PhyRegister register)
        {
            // MIIRD may stand since a disturbed transfer, and setting it again would read nothing: the last value would come once more
            _port.Write(MacRegister.MICMD, 0);
            _port.Write(MacRegister.MIREGADR, (int)register);
            _port.Write(MacRegister.MICMD, RegisterBits.MicmdRead);
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

        /// <summary>
        /// Ends whatever is under way, a scan that nobody asked for included.
        /// </summary>
        /// <returns>Whether the interface is idle.</returns>
        internal bool Cancel()
        {
            _port.Write(MacRegister.MICMD, 0);
            return WaitWhileBusy();
        }

        /// <summary>
        /// Reads a register and waits for it.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <returns>0 to 65535, or -1 if the PHY did not answer.</returns>
        internal int Read(PhyRegister register)
        {
            BeginRead(register);
            bool done = WaitWhileBusy();
            int low = EndReadLow();
            return done ? (_port.Read(MacRegister.MIRDH) << 8) | low : -1;
        }

        /// <summary>
        /// Writes a register and waits until it is written.
        /// </summary>
        /// <param name="register">The register.</param>
        /// <param name="value">0 to 65535; all bits are replaced.</param>
        /// <returns>Whether the PHY took it.</returns>
        internal bool Write(PhyRegister register, int value)
        {
            _port.Write(MacRegister.MIREGADR, (int)register);
            _port.Write(MacRegister.MIWRL, value & 0xFF);
            _port.Write(MacRegister.MIWRH, value >> 8);
            return WaitWhileBusy();
        }

        private bool WaitWhileBusy()
        {
            for (int i = 0; i < MaximumPolls; i++)
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
