// Licensed under the MIT license. See LICENSE in the repository root.

#nullable disable

// What follows the mark is a program that takes the place of firmware/Program.cs, there in the namespace Firmware. README.md shows it,
// and a test compares them.
using Firmware;

// [program]
using System;
using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Link;
using TcpIp.Net;
using TcpIp.Net.Sockets;

namespace HostTests.EndToEnd.OwnProgram
{
    public static class Program
    {
        public static void Main()
        {
            // the driver: pins, SPI clock, MAC and IP addresses are in Board.cs
            Board.ConfigurePins();
            SpiConnectionSettings spi = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency };
            Enc28j60 driver = new Enc28j60(SpiDevice.Create(spi), new MacAddress(Board.CreateMacAddress()));
            if (!driver.Probe())
            {
                throw new Exception(Enc28j60.Describe(driver.Fault));
            }

            // the stack: all memory is taken here
            TcpIpStack stack = new TcpIpStack(new StackConfiguration(), driver, new HardwareRandom(driver));
            stack.Configure(IPv4Address.Parse(Board.Address), IPv4Address.Parse(Board.Netmask), IPv4Address.Parse(Board.Gateway));
            driver.Attach(stack.Pool);
            driver.Start();

            // the application: a server that says hello, to one client after the other
            WaitingSockets sockets = new WaitingSockets(new Enc28j60Runner(stack, driver));
            TcpListener listener = new TcpListener(sockets, IPAddress.Any, 80);
            TcpClient client = new TcpClient(sockets) { ReceiveTimeout = 2000, SendTimeout = 2000 };
            byte[] request = new byte[1024];
            WordBuffer answer = new WordBuffer("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello from C#.\n", stack.Pool.Order);
            listener.Start();
            while (true)
            {
                listener.AcceptTcpClient(client);
                try
                {
                    client.GetStream().Read(request, 0, request.Length);
                    sockets.Write(client.Descriptor, answer, 2000);
                }
                catch (SocketException e)
                {
                    Console.WriteLine(e.Message);
                }

                client.Close();
            }
        }
    }
}
