// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace Iot.Device.Enc28j60
{
    /// <content>How the driver ends, and who disposes what.</content>
    public sealed partial class Enc28j60
    {
        /// <summary>
        /// Stops reception, gives the pins back, disposes the GPIO controller if the driver made it, and, if it was asked for in the
        /// constructor, the SPI device and the GPIO controller. A second call does nothing.
        /// </summary>
        public void Dispose()
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            Halt();
            ReleasePins(_ownsGpio || _shouldDispose);
            if (_shouldDispose)
            {
                _device.Dispose();
            }
        }

        /// <summary>
        /// Stops reception and the driver.
        /// </summary>
        internal void Halt()
        {
            if (_state == Enc28j60State.Running)
            {
                _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            }

            Stop(Enc28j60State.Stopped);
        }

        private void ReleasePins(bool withController)
        {
            if (_interrupt != null)
            {
                _interrupt.Close();
            }

            if (_resetPin != null)
            {
                _resetPin.Dispose();
            }

            if (_gpio != null && withController)
            {
                _gpio.Dispose();
            }
        }

        private void ThrowIfDisposed()
        {
            if (_isDisposed)
            {
                throw new ObjectDisposedException("Enc28j60");
            }
        }
    }
}
