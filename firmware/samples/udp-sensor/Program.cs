// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using Firmware;
using Samples;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace UdpSensor
{
    /// <summary>
    /// Tells a host a reading in a datagram each second, and forgets it: if one is lost, the next one comes soon.
    /// </summary>
    public static class Program
    {
        /// <summary>Who is told, by name or address. On the virtual board "pc" is your PC; there <c>nc -u -l 5005</c> shows what comes.</summary>
        public const string Host = "pc";

        /// <summary>The port.</summary>
        public const int Port = 5005;

        private const int Interval = 1000;
        private const int RetryAfter = 5000;

        private static readonly SendView s_view = new SendView();
        private static WordBuffer s_name;
        private static int s_readings;

        /// <summary>
        /// The entry point. From the first reading on nothing is allocated.
        /// </summary>
        public static void Main()
        {
            StackRunner runner;
            Network network = SampleBoard.Begin(new StackConfiguration() { UdpSockets = 3 }, 0, out runner);
            SocketLayer sockets = network.Stack.Sockets;
            s_name = new WordBuffer("reading=", network.Stack.Pool.Order);
            while (true)
            {
                uint address;
                int result = SampleBoard.Find(runner, Host, out address);
                if (result < 0)
                {
                    Console.WriteLine(Host + ": " + SocketErrorText.Of((SocketError)result));
                    runner.Wait(RetryAfter);
                    continue;
                }

                int socket = sockets.Socket(SocketType.Datagram);
                sockets.Connect(socket, address, Port);
                Console.WriteLine("Readings go to " + IPv4Address.ToString(address) + ", port " + Port + ".");
                result = 0;
                while (result >= 0)
                {
                    // what cannot leave now is not worth keeping: there will be a newer one
                    result = Send(sockets, socket);
                    runner.Wait(Interval);
                    result = IsForNow(result) ? 0 : result;
                }

                Console.WriteLine(SocketErrorText.Of((SocketError)result));
                sockets.Close(socket);
            }
        }

        /// <summary>
        /// Writes a reading straight into the frame that goes out.
        /// </summary>
        private static int Send(SocketLayer sockets, int socket)
        {
            int result = sockets.Reserve(socket, 64, s_view);
            if (result < 0)
            {
                return result;
            }

            s_view.Write(s_name);
            s_view.WriteDecimal(ReadSensor());
            s_view.WriteByte('\n');
            return sockets.Commit(socket, s_view.Written);
        }

        /// <summary>
        /// Your sensor's value. This one counts.
        /// </summary>
        private static int ReadSensor() => ++s_readings;

        /// <summary>
        /// Whether a call failed for a reason that goes away by itself: nobody listens yet, the cable is out, the address is being asked for.
        /// </summary>
        private static bool IsForNow(int result)
        {
            return result == (int)SocketError.ConnectionRefused
                || result == (int)SocketError.NoBufferSpace
                || result == (int)SocketError.WouldBlock
                || result == (int)SocketError.NetworkDown
                || result == (int)SocketError.AddressNotAvailable;
        }
    }
}
