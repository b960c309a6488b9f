// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;
using System.Threading;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// EIE and the INT pin. The pin is held low until everything is served (DS39662E 12.1), and the host sees edges only. So it is enabled
    /// just for the time that somebody sleeps: what is pending at that moment makes an edge then, and none is needed otherwise.
    /// </summary>
    internal sealed class InterruptLine
    {
        /// <summary>Whether the INT pin is wired.</summary>
        internal bool HasPin;

        private readonly SpiPort _port;
        private GpioPin _pin;
        private AutoResetEvent _event;

        internal InterruptLine(SpiPort port)
        {
            _port = port;
        }

        /// <summary>Gets the value of EIE, the pin itself not enabled.</summary>
        private int Sources => HasPin ? RegisterBits.EIE_Sources : 0;

        /// <summary>
        /// Takes the GPIO that the INT pin is wired to.
        /// </summary>
        internal void OpenPin(GpioController controller, int pin)
        {
            _event = new AutoResetEvent(false);
            _pin = controller.OpenPin(pin, PinMode.Input);
            _pin.ValueChanged += OnChange;
            HasPin = true;
        }

        /// <summary>
        /// Gives the pin back.
        /// </summary>
        internal void ClosePin()
        {
            if (_pin != null)
            {
                _pin.ValueChanged -= OnChange;
                _pin.Dispose();
            }
        }

        internal void DisableSources()
        {
            _port.Write(EthRegister.EIE, 0);
        }

        /// <summary>
        /// Enables them again, if there is a pin that they could move.
        /// </summary>
        internal void EnableSources()
        {
            if (HasPin)
            {
                _port.Write(EthRegister.EIE, Sources);
            }
        }

        /// <summary>
        /// Whether EIE holds what it should while nobody sleeps, or a sleep was cut off.
        /// </summary>
        internal bool HoldsSources() => (_port.Read(EthRegister.EIE) & ~RegisterBits.EIE_INTIE) == Sources;

        /// <summary>
        /// Somebody is about to sleep: what the chip wants from now on, or wants already, makes an edge.
        /// </summary>
        internal void Arm()
        {
            _event.Reset();
            _port.SetBits(EthRegister.EIE, RegisterBits.EIE_INTIE);
        }

        /// <summary>
        /// The sleep is over.
        /// </summary>
        internal void Disarm()
        {
            _port.ClearBits(EthRegister.EIE, RegisterBits.EIE_INTIE);
        }

        /// <summary>
        /// Sleeps until there is an edge, or <see cref="Cancel"/>. No SPI is used in here.
        /// </summary>
        /// <param name="milliseconds">How long at most: an edge can be lost.</param>
        /// <returns>Whether there was one.</returns>
        internal bool Wait(int milliseconds) => _event.WaitOne(milliseconds, false);

        /// <summary>
        /// Ends a sleep from another thread.
        /// </summary>
        internal void Cancel()
        {
            _event.Set();
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
