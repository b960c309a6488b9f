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
        /// The entry point. It returns only if the application was stopped.
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

            while (application.Ethernet.State == Enc28j60State.Starting)
            {
                application.Step(Now());
                Thread.Sleep(1);
            }

            NetworkLog log = new NetworkLog(Board.HttpPort);
            log.TellChip(application.Ethernet);
            application.Network.Log = log;
            while (Run(application) == Application.ChipFailed)
            {
                Console.WriteLine(Enc28j60.Describe(application.Ethernet.Fault));
            }
        }

        /// <summary>
        /// The main loop: from here on nothing is allocated.
        /// </summary>
        /// <param name="application">The application, started.</param>
        /// <returns>Why it ended: <see cref="Application.Over"/> or <see cref="Application.ChipFailed"/>.</returns>
        private static int Run(Application application)
        {
            Enc28j60 ethernet = application.Ethernet;
            TcpIpStack stack = application.Stack;
            int stirredAt = Now();
            while (true)
            {
                int now = (int)Environment.TickCount64;
                int wait = application.Step(now);
                if (wait < 0)
                {
                    return wait;
                }

                if ((uint)(now - stack.ReceivedAt) < Enc28j60Runner.StayAwake)
                {
                    wait = 0;
                    if (now - stirredAt >= StirInterval)
                    {
                        stirredAt = now;
                        application.Network.Random.Add((uint)DateTime.UtcNow.Ticks);
                    }
                }

                ethernet.WaitForInterrupt(wait < Enc28j60Runner.LongestSleep ? wait : Enc28j60Runner.LongestSleep);
            }
        }

        private static int Now() => (int)Environment.TickCount64;
    }
}
