// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using System.Threading;
using Firmware;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace Walk
{
    /// <summary>
    /// The life of a socket, step by step, with the segments that each step causes: socket, connect, write, read, close. It gets a page
    /// from <see cref="Host"/>, and prints what passes between stack and wire meanwhile.
    /// </summary>
    public static class Program
    {
        /// <summary>
        /// Who is talked to, by name or address. On the virtual board "pc" is your PC; there <c>python3 -m http.server 8000</c> answers.
        /// </summary>
        public const string Host = "pc";

        /// <summary>The port.</summary>
        public const int Port = 8000;

        private const string Request = "GET / HTTP/1.0\r\n\r\n";
        private const int Patience = 30000;
        private const int Quiet = 300;

        private static readonly SocketStatus s_status = new SocketStatus();
        private static Network s_network;
        private static StackRunner s_runner;
        private static SegmentPrinter s_printer;

        /// <summary>
        /// The entry point.
        /// </summary>
        public static void Main()
        {
            Board.ConfigurePins();
            SpiConnectionSettings settings = new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
            {
                ClockFrequency = Board.SpiClockFrequency,
                Mode = Enc28j60.DefaultSpiMode,
            };
            s_network = new Network(SpiDevice.Create(settings));
            s_printer = new SegmentPrinter(s_network.Ethernet, Port);
            s_network.Interface = s_printer;
            s_network.Log = new NetworkLog(0);
            while (!s_network.TryStart((int)Environment.TickCount64, new StackConfiguration()))
            {
                Console.WriteLine(Enc28j60.Describe(s_network.Ethernet.Fault));
                Thread.Sleep(2000);
            }

            s_runner = s_network.CreateRunner();
            s_network.WaitForAddress(s_runner, StackRunner.Forever);
            uint address = FindHost();
            if (address != IPv4Address.Any)
            {
                Walk(address);
            }

            s_network.Release();
            s_runner.Wait(2000);
        }

        private static uint FindHost()
        {
            uint address;
            if (IPv4Address.TryParse(Host, out address))
            {
                return address;
            }

            Console.WriteLine();
            Console.WriteLine("The name " + Host + " is looked up.");
            int lookup = s_network.Resolver.Begin(Host);
            int result = (int)SocketError.WouldBlock;
            s_runner.Begin(Patience);
            while (result == (int)SocketError.WouldBlock && s_runner.GoOn())
            {
                result = s_network.Resolver.GetResult(lookup, out address);
            }

            Console.WriteLine(result == 0 ? "It is " + IPv4Address.ToString(address) + "." : SocketErrorText.Of((SocketError)result));
            return result == 0 ? address : IPv4Address.Any;
        }

        private static void Walk(uint address)
        {
            SocketLayer sockets = s_network.Stack.Sockets;
            s_printer.IsOn = true;

            Tell("1. socket: a control block is taken from the table. The descriptor is a ticket that finds it again.");
            int socket = sockets.Socket();
            Show(socket);

            Tell("2. connect: address and port of the peer are written into it, and control information is exchanged.");
            int result = sockets.Connect(socket, address, Port);
            s_runner.Begin(Patience);
            while (sockets.GetState(socket) == TcpState.SynSent && s_runner.GoOn())
            {
            }

            SocketError error = sockets.GetError(socket);
            Show(socket);
            if (result != (int)SocketError.InProgress || error != SocketError.Success)
            {
                Console.WriteLine("   It failed: " + SocketErrorText.Of(error) + " Does something listen on port " + Port + " there?");
                sockets.Close(socket);
                return;
            }

            byte[] request = BytesOf(Request);
            Tell("3. write: " + request.Length + " bytes go into the send queue, and leave when waiting longer would not help.");
            sockets.Write(socket, request, 0, request.Length);
            Settle();
            Show(socket);

            Tell("4. read: what has come is handed over in order; the window opens again as it is read.");
            Read(sockets, socket);
            Show(socket);

            Tell("5. close: FIN and ACK from each side. Who closes first keeps the block for a while, so that a late segment finds no stranger there.");
            sockets.Close(socket);
            Settle();
            Show(socket);
            s_printer.IsOn = false;
        }

        private static void Read(SocketLayer sockets, int socket)
        {
            byte[] buffer = new byte[512];
            int total = 0;
            int count = (int)SocketError.WouldBlock;
            s_runner.Begin(Patience);
            while ((count > 0 || count == (int)SocketError.WouldBlock) && s_runner.GoOn())
            {
                count = sockets.Read(socket, buffer, 0, buffer.Length);
                total += count > 0 ? count : 0;
            }

            Console.WriteLine("   " + total + (count == 0 ? " bytes, and then 0: the peer has closed its side, and all was read." : " bytes."));
        }

        /// <summary>
        /// Lets the stack work for as long as segments may still follow.
        /// </summary>
        private static void Settle()
        {
            s_runner.Wait(Quiet);
        }

        private static void Tell(string step)
        {
            Console.WriteLine();
            Console.WriteLine(step);
        }

        /// <summary>
        /// Prints what the control block holds: it is all that the stack knows of the connection.
        /// </summary>
        private static void Show(int socket)
        {
            SocketLayer sockets = s_network.Stack.Sockets;
            for (int row = 0; row < sockets.RowCount; row++)
            {
                if (sockets.GetStatus(row, s_status) && s_status.Type == SocketType.Stream && (s_status.Descriptor == socket || s_status.RemotePort == Port))
                {
                    Console.WriteLine(
                        "   " + NameOf(s_status.State) + ", local port " + s_status.LocalPort + ", SND.UNA " + s_status.SendUnacknowledged
                        + ", SND.NXT " + s_status.SendNext + ", RCV.NXT " + s_status.ReceiveNext + ", SND.WND " + s_status.SendWindow
                        + ", RCV.WND " + s_status.ReceiveWindow + ", MSS " + s_status.MaximumSegmentSize);
                    return;
                }
            }

            Console.WriteLine("   The block is free again.");
        }

        private static string NameOf(TcpState state)
        {
            switch (state)
            {
                case TcpState.Closed:
                    return "CLOSED";

                case TcpState.SynSent:
                    return "SYN-SENT";

                case TcpState.Established:
                    return "ESTABLISHED";

                case TcpState.FinWait1:
                    return "FIN-WAIT-1";

                case TcpState.FinWait2:
                    return "FIN-WAIT-2";

                case TcpState.CloseWait:
                    return "CLOSE-WAIT";

                case TcpState.LastAck:
                    return "LAST-ACK";

                case TcpState.TimeWait:
                    return "TIME-WAIT";

                default:
                    return "CLOSING";
            }
        }

        private static byte[] BytesOf(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)characters[i];
            }

            return bytes;
        }
    }
}
