// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using System.Threading;
using Iot.Device.Enc28j60;
using TcpIp;

namespace Firmware
{
    /// <summary>
    /// What runs when the board is switched on.
    /// </summary>
    public static class Program
    {
        // how often the time of a frame goes into the random numbers: frames in a row tell little more than the first of them
        private const int StirInterval = 100;

        private const int RetryAfter = 2000;

        /// <summary>
        /// The entry point. It never returns.
        /// </summary>
        public static void Main()
        {
            Board.ConfigurePins();
            SpiConnectionSettings settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
            {
                ClockFrequency = Board.SpiClockFrequency,
                Mode = Enc28j60.DefaultSpiMode,
            };

            Application application = new Application(SpiDevice.Create(settings));
            while (!application.TryStart(Now()))
            {
                // it says what to look at, and is tried again: the plug may come later than the power
                Console.WriteLine(Enc28j60.Describe(application.Ethernet.Fault));
                Thread.Sleep(RetryAfter);
            }

            Console.WriteLine("ENC28J60 found. The page is at " + Board.Address);
            while (true)
            {
                Run(application, false);

                // the chip was lost; the driver goes on trying to start it
                Console.WriteLine(Enc28j60.Describe(application.Ethernet.Fault));
                Run(application, true);
            }
        }

        /// <summary>
        /// The main loop: from here on nothing is allocated.
        /// </summary>
        /// <param name="application">The application, started.</param>
        /// <param name="failed">Whether to run while the chip has failed, or until it does.</param>
        private static void Run(Application application, bool failed)
        {
            Enc28j60 ethernet = application.Ethernet;
            TcpIpStack stack = application.Stack;
            int stirredAt = Now();
            while ((ethernet.State == Enc28j60State.Failed) == failed)
            {
                int now = (int)Environment.TickCount64;
                int wait = application.Step(now);
                if ((uint)(now - stack.ReceivedAt) < Enc28j60Runner.StayAwake)
                {
                    wait = 0;
                    if (now - stirredAt >= StirInterval)
                    {
                        stirredAt = now;
                        application.Random.Add((uint)DateTime.UtcNow.Ticks);
                    }
                }

                ethernet.WaitForInterrupt(wait < Enc28j60Runner.LongestSleep ? wait : Enc28j60Runner.LongestSleep);
            }
        }

        private static int Now() => (int)Environment.TickCount64;
    }
}
