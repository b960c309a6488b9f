// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Threading;
using Firmware;
using Iot.Device.Enc28j60;
using TcpIp;
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
            Enc28j60Controller chip = new Enc28j60Controller(Board.SpiBus, Board.ChipSelect, Board.CreateMacAddress(), Board.InterruptPin);
            EthernetConfiguration configuration = new EthernetConfiguration();
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
