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
using TcpIp.Net;
using TcpIp.Net.Sockets;

namespace HostTests.EndToEnd.OwnProgram
{
    public static class Program
    {
        public static void Main()
        {
            // driver, stack and address: pins, names and how the address comes are in Board.cs. All memory is taken here
            Board.ConfigurePins();
            SpiConnectionSettings spi = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency };
            Network network = new Network(SpiDevice.Create(spi)) { Log = new NetworkLog(80) };
            if (!network.TryStart((int)Environment.TickCount64, new StackConfiguration()))
            {
                throw new Exception(Enc28j60.Describe(network.Ethernet.Fault));
            }

            StackRunner runner = network.CreateRunner();
            network.WaitForAddress(runner, StackRunner.Forever);

            // the application: a server that says hello, to one client after the other
            WaitingSockets sockets = new WaitingSockets(runner);
            TcpListener listener = new TcpListener(sockets, IPAddress.Any, 80);
            TcpClient client = new TcpClient(sockets) { ReceiveTimeout = 2000, SendTimeout = 2000 };
            byte[] request = new byte[1024];
            WordBuffer answer = new WordBuffer("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nHello from C#.\n", network.Stack.Pool.Order);
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
