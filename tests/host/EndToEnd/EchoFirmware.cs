// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Link;
using TcpIp.Sockets;
using Board = Firmware.Board;

namespace HostTests.EndToEnd;

/// <summary>Other firmware for the same board: what a client sends to the page's port comes back. One client at a time.</summary>
internal static class EchoFirmware
{
    public static void Run()
    {
        Board.ConfigurePins();
        var settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
        {
            ClockFrequency = Board.SpiClockFrequency,
            Mode = Enc28j60.DefaultSpiMode,
        };
        using var ethernet = new Enc28j60(SpiDevice.Create(settings), new MacAddress(Board.CreateMacAddress()));
        if (!ethernet.Probe())
        {
            throw new InvalidOperationException(Enc28j60.Describe(ethernet.Fault));
        }

        var stack = new TcpIpStack(new StackConfiguration(), ethernet, new HardwareRandom(ethernet));
        stack.Configure(IPv4Address.Parse(Board.Address), IPv4Address.Parse(Board.Netmask), 0);
        ethernet.Attach(stack.Pool);
        ethernet.Start();
        SocketLayer sockets = stack.Sockets;
        int listener = sockets.Socket();
        sockets.Bind(listener, Board.HttpPort);
        sockets.Listen(listener, 2);

        byte[] buffer = new byte[2048];
        int client = -1;
        int held = 0;
        int written = 0;
        while (true)
        {
            int wait = stack.Poll((int)Environment.TickCount64);
            client = client < 0 ? sockets.Accept(listener) : client;
            if (client >= 0)
            {
                if (written == held)
                {
                    written = 0;
                    held = sockets.Read(client, buffer, 0, buffer.Length);
                }

                if (held > 0)
                {
                    written += Math.Max(0, sockets.Write(client, buffer, written, held - written));
                }
                else if (held == (int)SocketError.WouldBlock)
                {
                    held = 0;
                }
                else
                {
                    sockets.Close(client);
                    client = -1;
                    held = 0;
                }
            }

            Thread.Sleep(wait > 0 ? 1 : 0);
        }
    }
}
