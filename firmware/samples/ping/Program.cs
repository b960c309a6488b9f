// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using Firmware;
using Samples;
using TcpIp;
using TcpIp.Sockets;

namespace Ping
{
    /// <summary>
    /// Asks a host for echoes (ICMP), as the program of that name does on a PC.
    /// </summary>
    public static class Program
    {
        /// <summary>Who is asked, by name or address. On the virtual board "pc" is your PC.</summary>
        public const string Host = "pc";

        private const int Times = 4;
        private const int DataLength = 56;
        private const int Timeout = 2000;
        private const int Interval = 1000;

        /// <summary>
        /// The entry point.
        /// </summary>
        public static void Main()
        {
            StackRunner runner;
            Network network = SampleBoard.Begin(new StackConfiguration(), 0, out runner);
            uint address;
            int result = SampleBoard.Find(runner, Host, out address);
            if (result < 0)
            {
                Console.WriteLine(Host + ": " + SocketErrorText.Of((SocketError)result));
            }
            else
            {
                Ask(network.Stack.Sockets, runner, address);
            }

            network.Release();
            runner.Wait(2000);
        }

        private static void Ask(SocketLayer sockets, StackRunner runner, uint address)
        {
            EchoResult echo = new EchoResult();
            int socket = sockets.Socket(SocketType.Echo);
            int answered = 0;
            Console.WriteLine("PING " + Host + " (" + IPv4Address.ToString(address) + "): " + DataLength + " bytes of data");
            for (int i = 1; i <= Times; i++)
            {
                int result = sockets.SendEcho(socket, address, DataLength, Timeout);
                if (result == 0)
                {
                    runner.Begin(StackRunner.Forever);
                    result = (int)SocketError.WouldBlock;
                    while (result == (int)SocketError.WouldBlock && runner.GoOn())
                    {
                        result = sockets.ReceiveEcho(socket, echo);
                    }
                }

                answered += result >= 0 ? 1 : 0;
                Console.WriteLine(result < 0
                    ? i + ": " + SocketErrorText.Of((SocketError)result)
                    : i + ": " + result + " bytes from " + IPv4Address.ToString(echo.Address) + ", ttl " + echo.TimeToLive + ", " + echo.RoundTripTime + " ms");
                if (i < Times)
                {
                    runner.Wait(Interval);
                }
            }

            Console.WriteLine(Times + " asked for, " + answered + " answered");
            sockets.Close(socket);
        }
    }
}
