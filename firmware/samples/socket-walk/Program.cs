// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using nanoFramework.Networking;
using Samples;

namespace SocketWalk
{
    /// <summary>
    /// The life of a socket with System.Net as everybody knows it: socket, connect, send, receive, close. It gets a page from <see cref="Host"/>.
    /// </summary>
    public static class Program
    {
        /// <summary>
        /// Who is talked to, by name or address. On the virtual board "pc" is your PC; there <c>python3 -m http.server 8000</c> answers.
        /// </summary>
        public const string Host = "pc";

        /// <summary>The port.</summary>
        public const int Port = 8000;

        private const int Patience = 60000;

        /// <summary>
        /// The entry point.
        /// </summary>
        public static void Main()
        {
            EthernetBoard.Begin();
            CancellationTokenSource patience = new CancellationTokenSource(Patience);
            if (!NetworkHelper.SetupAndConnectNetwork(patience.Token))
            {
                Console.WriteLine("There is no network: " + NetworkHelper.Status.ToString());
                return;
            }

            Console.WriteLine("Our address is " + IPAddress.GetDefaultLocalAddress().ToString() + ".");
            try
            {
                Walk();
            }
            catch (SocketException exception)
            {
                Console.WriteLine("It failed, " + exception.ErrorCode.ToString() + ": " + exception.Message);
                Console.WriteLine("Does something listen on port " + Port.ToString() + " of " + Host + "?");
            }
        }

        private static void Walk()
        {
            IPAddress address = Dns.GetHostEntry(Host).AddressList[0];
            Console.WriteLine(Host + " is " + address.ToString() + ".");

            Console.WriteLine("1. socket");
            using (Socket socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
            {
                socket.ReceiveTimeout = Patience;

                Console.WriteLine("2. connect");
                socket.Connect(new IPEndPoint(address, Port));
                Console.WriteLine("   from " + socket.LocalEndPoint.ToString() + " to " + socket.RemoteEndPoint.ToString());

                int sent = socket.Send(Encoding.UTF8.GetBytes("GET / HTTP/1.0\r\n\r\n"));
                Console.WriteLine("3. send: " + sent.ToString() + " bytes");

                byte[] buffer = new byte[512];
                int received = 0;
                int count = socket.Receive(buffer);
                while (count > 0)
                {
                    received += count;
                    count = socket.Receive(buffer);
                }

                Console.WriteLine("4. receive: " + received.ToString() + " bytes, and then 0, for the server has closed");
            }

            Console.WriteLine("5. close");
        }
    }
}
