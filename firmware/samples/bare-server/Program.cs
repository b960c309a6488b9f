// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using System.Threading;
using Firmware;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Http;
using TcpIp.Link;

namespace BareServer
{
    /// <summary>
    /// A web server at the fixed address of Board.cs, and nothing else: no DHCP, no names, no time. What is not named here is not flashed.
    /// </summary>
    public static class Program
    {
        private const int Clients = 4;

        /// <summary>
        /// The entry point. From the first request on nothing is allocated.
        /// </summary>
        public static void Main()
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
            Enc28j60 ethernet = new Enc28j60(SpiDevice.Create(settings), new MacAddress(Board.CreateMacAddress()), options);
            while (!ethernet.Probe())
            {
                Console.WriteLine(Enc28j60.Describe(ethernet.Fault));
                Thread.Sleep(2000);
            }

            // no socket for datagrams, no echoes asked for, no datagram put together
            StackConfiguration configuration = StackConfiguration.ForClients(Clients);
            configuration.UdpSockets = 0;
            configuration.EchoSockets = 0;
            configuration.ReassemblyBytes = 0;
            TcpIpStack stack = new TcpIpStack(configuration, ethernet, new HardwareRandom(ethernet));
            ethernet.Attach(stack.Pool);
            ethernet.Start();
            stack.Configure(IPv4Address.Parse(Board.Address), IPv4Address.Parse(Board.Netmask), IPv4Address.Parse(Board.Gateway));

            HttpServer server = new HttpServer(stack.Sockets, stack.Pool.Order, Board.HttpPort, new HttpLimits() { Connections = Clients, Viewers = 0 });
            server.Add(new HttpDocument("/", "text/plain; charset=utf-8", "Hello from C#, and from nothing else.\n", stack.Pool.Order));
            StackRunner runner = new Enc28j60Runner(stack, ethernet) { Background = new IBackgroundWork[] { server } };
            Console.WriteLine("The page is at http://" + Board.Address + "/");
            runner.Wait(StackRunner.Forever);
        }
    }
}
