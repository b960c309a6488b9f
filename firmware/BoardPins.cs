// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;

namespace Firmware
{
    /// <summary>
    /// The output that is switched from afar, and the input that is shown.
    /// </summary>
    /// <remarks>
    /// On nanoCLR a <see cref="PinValue"/> is an object. So after the start-up the output is only toggled, which needs none, and the input
    /// is not asked: its edges tell.
    /// </remarks>
    public sealed class BoardPins
    {
        private readonly GpioController _controller = new GpioController();
        private readonly GpioPin _output;
        private readonly GpioPin _input;
        private bool _on;
        private bool _high;

        /// <summary>
        /// Initializes a new instance of the <see cref="BoardPins"/> class with the pins that <see cref="Board"/> names. The output is off.
        /// </summary>
        public BoardPins()
        {
            _output = _controller.OpenPin(Board.OutputPin, PinMode.Output);
            _output.Write(PinValue.Low);
            _input = _controller.OpenPin(Board.InputPin, PinMode.InputPullUp);

            // first the edges, then the level: the other way round one in between would be lost
            _input.ValueChanged += OnEdge;
            _high = _input.Read() == PinValue.High;
        }

        /// <summary>Gets a value indicating whether the output is high.</summary>
        public bool IsOn => _on;

        /// <summary>Gets a value indicating whether the input is high.</summary>
        public bool IsInputHigh => _high;

        /// <summary>
        /// Switches the output.
        /// </summary>
        /// <param name="on">Whether it is to be high.</param>
        public void Switch(bool on)
        {
            if (on != _on)
            {
                _on = on;
                _output.Toggle();
            }
        }

        private void OnEdge(object sender, PinValueChangedEventArgs e)
        {
            _high = e.ChangeType == PinEventTypes.Rising;
        }
    }
}
