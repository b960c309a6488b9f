// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using nanoFramework.Networking;
using Samples;

namespace ListenerEcho
{
    /// <summary>
    /// Sends back what comes (RFC 862) with nanoFramework's TcpListener, TcpClient and UdpClient over the ENC28J60, as they are.
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
            TcpListener listener = new TcpListener(IPAddress.Any, Port);
            listener.Start(Backlog);
            Console.WriteLine("Echoes come from port " + Port.ToString() + " of " + IPAddress.GetDefaultLocalAddress().ToString() + ".");
            while (true)
            {
                Server server = new Server(listener.AcceptTcpClient());
                new Thread(server.Serve).Start();
            }
        }

        private static void ServeDatagrams()
        {
            byte[] buffer = new byte[BufferBytes];
            IPEndPoint from = new IPEndPoint(IPAddress.Any, 0);
            using (UdpClient client = new UdpClient(Port))
            {
                while (true)
                {
                    try
                    {
                        int count = client.Receive(buffer, ref from);
                        client.Send(buffer, 0, count, from);
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
        private sealed class Server
        {
            private readonly TcpClient _client;

            internal Server(TcpClient client)
            {
                _client = client;
            }

            internal void Serve()
            {
                byte[] buffer = new byte[BufferBytes];
                try
                {
                    _client.ReceiveTimeout = Patience;
                    _client.SendTimeout = Patience;
                    NetworkStream stream = _client.GetStream();
                    int count = stream.Read(buffer, 0, buffer.Length);
                    while (count > 0)
                    {
                        stream.Write(buffer, 0, count);
                        count = stream.Read(buffer, 0, buffer.Length);
                    }
                }
                catch (Exception exception)
                {
                    // a SocketException, or an IOException around one: whichever, the socket is closed
                    Console.WriteLine("TCP: " + exception.Message);
                }

                _client.Close();
            }
        }
    }
}
