// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using System.Threading;
using Iot.Device.Enc28j60;

namespace Firmware
{
    /// <summary>
    /// What runs when the board is switched on.
    /// </summary>
    public static class Program
    {
        // Thread.Sleep is as coarse as 10 ms on ESP32: after traffic the loop stays awake, since more is likely to follow
        private const int StayAwake = 50;

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
            while (true)
            {
                if (application.TryStart(Now()))
                {
                    Console.WriteLine("ENC28J60 found. Page: http://" + Board.Address + "/");
                    Run(application);
                }

                // a start that failed says what to look at, and is tried again: the plug may come later than the power
                Console.WriteLine(Enc28j60.Describe(application.Ethernet.Fault));
                Thread.Sleep(RetryAfter);
            }
        }

        private static void Run(Application application)
        {
            uint seen = 0;
            int busyAt = Now();
            while (application.Ethernet.State != Enc28j60State.Failed)
            {
                int now = Now();
                int wait = application.Step(now);
                uint received = application.Stack.Ethernet.Counters.FramesReceived;
                if (received != seen)
                {
                    seen = received;
                    busyAt = now;
                }

                Thread.Sleep(wait > 0 && now - busyAt >= StayAwake ? 1 : 0);
            }
        }

        private static int Now() => (int)Environment.TickCount64;
    }
}
