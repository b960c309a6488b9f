// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using System.Threading;
using Firmware;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Link;
using TcpIp.Threading;

namespace Samples
{
    /// <summary>
    /// What the samples for System.Net begin with, and all in them that is not System.Net: which chip the board has.
    /// </summary>
    internal static class EthernetBoard
    {
        /// <summary>
        /// Finds the chip as Board.cs has it, and starts the network.
        /// </summary>
        internal static void Begin()
        {
            Board.ConfigurePins();
            SpiConnectionSettings settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
            {
                ClockFrequency = Board.SpiClockFrequency,
                Mode = Enc28j60.DefaultSpiMode,
            };
            Enc28j60Options options = new Enc28j60Options()
            {
                InterruptPin = Board.InterruptPin,
                ResetPin = Board.ResetPin,
            };
            Enc28j60 driver = new Enc28j60(SpiDevice.Create(settings), new MacAddress(Board.CreateMacAddress()), options);
            EthernetConfiguration configuration = new EthernetConfiguration();
            Enc28j60Controller chip = new Enc28j60Controller(driver, configuration.Threads);
            if (Board.AddressMode == AddressMode.Static)
            {
                configuration.Address = IPv4Address.Parse(Board.Address);
                configuration.Netmask = IPv4Address.Parse(Board.Netmask);
                configuration.Gateway = IPv4Address.Parse(Board.Gateway);
                configuration.DnsServer = IPv4Address.Parse(Board.DnsServer);
            }

            while (EthernetInterface.Current == null)
            {
                try
                {
                    EthernetInterface.Use(chip, configuration);
                }
                catch (InvalidOperationException exception)
                {
                    // the chip does not answer; the message says why
                    Console.WriteLine(exception.Message);
                    Thread.Sleep(2000);
                }
            }
        }
    }
}
