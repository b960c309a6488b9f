// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The receive logic's switch, reset and error flags. What it has received is in the <see cref="ReceiveBuffer"/>.
    /// </summary>
    internal sealed class Reception
    {
        /// <summary>Milliseconds for which a packet that is coming in is waited for: a full-size one takes 1.2.</summary>
        internal const int BusyTimeout = 10;

        /// <summary>The value of EDMADST, which nothing uses: a chip that was reset has lost it.</summary>
        private const int Canary = 0x15C5;

        private readonly SpiPort _port;

        internal Reception(SpiPort port)
        {
            _port = port;
        }

        /// <summary>Gets a value indicating whether a packet is coming in.</summary>
        internal bool IsBusy => (_port.Read(EthRegister.ESTAT) & RegisterBits.ESTAT_RXBUSY) != 0;

        /// <summary>
        /// Writes the canary, before <see cref="SwitchOn"/>.
        /// </summary>
        internal void SetUpCanary()
        {
            _port.WritePair(EthRegister.EDMADSTL, Canary);
        }

        /// <summary>
        /// Whether the canary lives.
        /// </summary>
        internal bool HoldsCanary()
        {
            return _port.Read(EthRegister.EDMADSTL) == (Canary & 0xFF) && _port.Read(EthRegister.EDMADSTH) == Canary >> 8;
        }

        /// <summary>
        /// Switches reception on, unless the chip was reset while it was off. RXEN is the sign by which a reset is found, so it
        /// must not stand on a chip that has lost everything else. The canary is looked at afterwards: a reset before RXEN was set
        /// has taken the canary, a later one takes RXEN.
        /// </summary>
        /// <returns>Whether the chip receives.</returns>
        internal bool SwitchOn()
        {
            _port.SetBits(EthRegister.ECON1, RegisterBits.ECON1_RXEN);
            if (HoldsCanary() || HoldsCanary())
            {
                return true;
            }

            SwitchOff();
            return false;
        }

        /// <summary>
        /// Switches reception off. A packet that is coming in is let finish: see <see cref="IsBusy"/>.
        /// </summary>
        internal void SwitchOff()
        {
            _port.ClearBits(EthRegister.ECON1, RegisterBits.ECON1_RXEN);
        }

        /// <summary>
        /// Resets the receive logic and leaves it off. The buffer's pointers and EPKTCNT stay as they are.
        /// </summary>
        internal void Reset()
        {
            // RXRST takes RXEN away by itself (DS39662E 11.4)
            _port.SetBits(EthRegister.ECON1, RegisterBits.ECON1_RXRST);
            _port.ClearBits(EthRegister.ECON1, RegisterBits.ECON1_RXRST);
            ClearFlags();
        }

        /// <summary>
        /// Takes back the flags of an overflow.
        /// </summary>
        internal void ClearFlags()
        {
            _port.ClearBits(EthRegister.EIR, RegisterBits.EIR_RXERIF);
            _port.ClearBits(EthRegister.ESTAT, RegisterBits.ESTAT_BUFER);
        }
    }
}
