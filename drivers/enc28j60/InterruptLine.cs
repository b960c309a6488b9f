// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Threading;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The INT pin. It is held low until everything is served (DS39662E 12.1), and the host sees edges only. So the pin is enabled
    /// just for the time that somebody sleeps: what is pending at that moment makes an edge then, and none is needed otherwise.
    /// </summary>
    internal sealed class InterruptLine
    {
        private readonly SpiPort _port;
        private readonly GpioPin _pin;
        private readonly AutoResetEvent _event = new AutoResetEvent(false);

        /// <summary>
        /// Initializes a new instance of the <see cref="InterruptLine"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="controller">The GPIO controller.</param>
        /// <param name="pin">The pin's number.</param>
        internal InterruptLine(SpiPort port, GpioController controller, int pin)
        {
            _port = port;
            _pin = controller.OpenPin(pin, PinMode.Input);
            _pin.ValueChanged += OnChange;
        }

        /// <summary>
        /// Sleeps until the chip wants something.
        /// </summary>
        /// <param name="milliseconds">How long at most: an edge can be lost.</param>
        /// <param name="isRunning">Whether the chip may be asked to use the pin.</param>
        /// <returns>Whether it wants something.</returns>
        internal bool Wait(int milliseconds, bool isRunning)
        {
            if (!isRunning)
            {
                return _event.WaitOne(milliseconds, false);
            }

            _event.Reset();
            _port.SetBits(EthRegister.EIE, RegisterBits.EieInterrupt);
            bool fired = _event.WaitOne(milliseconds, false);
            _port.ClearBits(EthRegister.EIE, RegisterBits.EieInterrupt);
            return fired;
        }

        /// <summary>
        /// Gives the pin back.
        /// </summary>
        internal void Close()
        {
            _pin.ValueChanged -= OnChange;
            _pin.Dispose();
        }

        private void OnChange(object sender, PinValueChangedEventArgs e)
        {
            // no SPI in here: whoever waits does the work
            if (e.ChangeType == PinEventTypes.Falling)
            {
                _event.Set();
            }
        }
    }
}
