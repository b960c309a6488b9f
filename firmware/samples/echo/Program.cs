// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using Firmware;
using Samples;
using TcpIp;

namespace Echo
{
    /// <summary>
    /// Sends back what comes (RFC 862), to several clients at once over TCP, and to whoever sends a datagram.
    /// </summary>
    public static class Program
    {
        /// <summary>The port, of TCP and of UDP.</summary>
        public const int Port = 7;

        private const int Clients = 4;

        /// <summary>
        /// The entry point. From the first client on nothing is allocated.
        /// </summary>
        public static void Main()
        {
            StackRunner runner;
            StackConfiguration configuration = StackConfiguration.ForClients(Clients);
            configuration.UdpSockets++;
            Network network = SampleBoard.Begin(configuration, 0, out runner);
            StreamEcho streams = new StreamEcho(network.Stack.Sockets, Port, Clients);
            DatagramEcho datagrams = new DatagramEcho(network.Stack.Sockets, Port);
            runner.Background = new IBackgroundWork[] { network, streams, datagrams };
            Console.WriteLine("Echoes come from port " + Port + ", over TCP and UDP.");
            runner.Wait(StackRunner.Forever);
        }
    }
}
