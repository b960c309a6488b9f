// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Runs a stack over an ENC28J60 on a board: the time is the runtime's, and it sleeps until the chip wants something.
    /// </summary>
    /// <remarks>
    /// With <see cref="Enc28j60Options.InterruptPin"/> a frame ends the sleep; without it the chip is asked every few milliseconds.
    /// </remarks>
    public sealed class Enc28j60Runner : StackRunner
    {
        /// <summary>
        /// Milliseconds for which it stays awake after a frame: more are likely to follow, and Thread.Sleep is as coarse as 10 ms on ESP32.
        /// </summary>
        public const int StayAwake = 50;

        /// <summary>Milliseconds of the longest sleep, also where the interrupt pin is wired: an edge can be lost.</summary>
        public const int LongestSleep = 100;

        private readonly Enc28j60 _driver;

        /// <summary>
        /// Initializes a new instance of the <see cref="Enc28j60Runner"/> class.
        /// </summary>
        /// <param name="stack">The stack that was made over the driver.</param>
        /// <param name="driver">The driver, started.</param>
        /// <exception cref="ArgumentNullException">There is no stack or no driver.</exception>
        public Enc28j60Runner(TcpIpStack stack, Enc28j60 driver)
            : base(stack)
        {
            if (driver == null)
            {
                throw new ArgumentNullException(nameof(driver));
            }

            _driver = driver;
        }

        /// <inheritdoc/>
        protected override int Now() => (int)Environment.TickCount64;

        /// <inheritdoc/>
        protected override void Sleep(int milliseconds)
        {
            // unsigned, for after weeks of silence the difference is negative
            if ((uint)(Now() - Stack.ReceivedAt) < StayAwake)
            {
                milliseconds = 0;
            }

            _driver.WaitForInterrupt(milliseconds < LongestSleep ? milliseconds : LongestSleep);
        }
    }
}
