// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using System.Threading;
using Firmware;
using Iot.Device.Enc28j60;
using TcpIp;

namespace Samples
{
    /// <summary>
    /// What the samples begin with: chip, stack, an address. It waits until all three are there.
    /// </summary>
    internal static class SampleBoard
    {
        /// <summary>
        /// Puts the network together as Board.cs has it, and waits for an address.
        /// </summary>
        /// <param name="configuration">Sizes of the stack.</param>
        /// <param name="page">The port of a page that the console shall name, or 0.</param>
        /// <param name="runner">What keeps the network going while a call waits.</param>
        /// <returns>The network.</returns>
        internal static Network Begin(StackConfiguration configuration, int page, out StackRunner runner)
        {
            Board.ConfigurePins();
            SpiConnectionSettings settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
            {
                ClockFrequency = Board.SpiClockFrequency,
                Mode = Enc28j60.DefaultSpiMode,
            };
            Network network = new Network(SpiDevice.Create(settings)) { Log = new NetworkLog(page) };
            while (!network.TryStart((int)Environment.TickCount64, configuration))
            {
                Console.WriteLine(Enc28j60.Describe(network.Ethernet.Fault));
                Thread.Sleep(2000);
            }

            runner = network.CreateRunner();
            network.WaitForAddress(runner, StackRunner.Forever);
            return network;
        }

        /// <summary>
        /// Finds a host's address.
        /// </summary>
        /// <param name="runner">What <see cref="Begin"/> has given.</param>
        /// <param name="host">Its name, or its address in dotted decimal.</param>
        /// <param name="address">Its address, if the result is 0.</param>
        /// <returns>0, or why it has none, a negative <see cref="SocketError"/>.</returns>
        internal static int Find(StackRunner runner, string host, out uint address)
        {
            int lookup = runner.Resolver.Begin(host);
            address = IPv4Address.Any;
            int result = lookup < 0 ? lookup : runner.Resolver.GetResult(lookup, out address);
            runner.Begin(StackRunner.Forever);
            while (result == (int)SocketError.WouldBlock && runner.GoOn())
            {
                result = runner.Resolver.GetResult(lookup, out address);
            }

            return result;
        }
    }
}
