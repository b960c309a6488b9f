// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using nanoFramework.Networking;
using Samples;

namespace SocketEcho
{
    /// <summary>
    /// Sends back what comes (RFC 862), with a thread for each client over TCP and one for datagrams: as one writes it with System.Net.
    /// </summary>
    public static class Program
    {
        /// <summary>The port, of TCP and of UDP.</summary>
        public const int Port = 7;

        private const int Backlog = 4;
        private const int BufferBytes = 1472;

        // milliseconds after which a silent client, or one that takes nothing, gives its place to others
        private const int Patience = 60000;

        /// <summary>
        /// The entry point.
        /// </summary>
        public static void Main()
        {
            EthernetBoard.Begin();
            if (!NetworkHelper.SetupAndConnectNetwork())
            {
                Console.WriteLine("There is no network: " + NetworkHelper.Status.ToString());
                return;
            }

            new Thread(ServeDatagrams).Start();
            using (Socket listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                listener.Bind(new IPEndPoint(IPAddress.Any, Port));
                listener.Listen(Backlog);
                Console.WriteLine("Echoes come from port " + Port.ToString() + " of " + IPAddress.GetDefaultLocalAddress().ToString() + ".");
                while (true)
                {
                    Client client = new Client(listener.Accept());
                    new Thread(client.Serve).Start();
                }
            }
        }

        private static void ServeDatagrams()
        {
            byte[] buffer = new byte[BufferBytes];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            using (Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            {
                socket.Bind(new IPEndPoint(IPAddress.Any, Port));
                while (true)
                {
                    try
                    {
                        int count = socket.ReceiveFrom(buffer, ref from);
                        socket.SendTo(buffer, count, SocketFlags.None, from);
                    }
                    catch (SocketException exception)
                    {
                        // such as a peer that is gone again; the next one is another
                        Console.WriteLine("UDP: " + exception.Message);
                    }
                }
            }
        }

        /// <summary>
        /// A client and its thread.
        /// </summary>
        private sealed class Client
        {
            private readonly Socket _socket;

            internal Client(Socket socket)
            {
                _socket = socket;
            }

            internal void Serve()
            {
                byte[] buffer = new byte[BufferBytes];
                _socket.ReceiveTimeout = Patience;
                _socket.SendTimeout = Patience;
                try
                {
                    int count = _socket.Receive(buffer);
                    while (count > 0)
                    {
                        _socket.Send(buffer, count, SocketFlags.None);
                        count = _socket.Receive(buffer);
                    }
                }
                catch (SocketException exception)
                {
                    Console.WriteLine("TCP: " + exception.Message);
                }

                _socket.Close();
            }
        }
    }
}
