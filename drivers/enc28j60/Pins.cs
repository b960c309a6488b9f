// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The GPIOs that RESET and INT are wired to, and the controller that they come from.
    /// </summary>
    internal sealed class Pins
    {
        private readonly GpioController _controller;
        private readonly GpioPin _resetPin;
        private readonly InterruptLine _interrupts;
        private readonly bool _ownsController;

        /// <param name="options">Which pins.</param>
        /// <param name="controller">The controller, or null: then one is made, and disposed at the end.</param>
        /// <param name="interrupts">Who gets the INT pin.</param>
        internal Pins(Enc28j60Options options, GpioController controller, InterruptLine interrupts)
        {
            _interrupts = interrupts;
            _ownsController = controller == null;
            _controller = controller ?? new GpioController();
            try
            {
                if (options.InterruptPin != Enc28j60Options.NoPin)
                {
                    interrupts.OpenPin(_controller, options.InterruptPin);
                }

                if (options.ResetPin != Enc28j60Options.NoPin)
                {
                    _resetPin = _controller.OpenPin(options.ResetPin, PinMode.Output);
                    _resetPin.Write(PinValue.High);
                }
            }
            catch
            {
                // nobody can dispose what was not made: the other pin would stay taken
                Close(false);
                throw;
            }
        }

        /// <summary>
        /// Resets the chip by its pin, if that is wired.
        /// </summary>
        internal void PulseReset()
        {
            if (_resetPin != null)
            {
                // at least 400 ns (DS39662E table 16-2): managed code takes longer than that
                _resetPin.Write(PinValue.Low);
                _resetPin.Write(PinValue.High);
            }
        }

        /// <summary>
        /// Gives the pins back, and disposes the controller if it was made here or if that is asked for.
        /// </summary>
        internal void Close(bool withController)
        {
            _interrupts.ClosePin();
            if (_resetPin != null)
            {
                _resetPin.Dispose();
            }

            if (_ownsController || withController)
            {
                _controller.Dispose();
            }
        }
    }
}
