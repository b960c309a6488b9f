// Licensed under the MIT license. See LICENSE in the repository root.

#nullable disable

namespace SystemNetBehaviours
{
    using System;
    using System.Net;
    using System.Net.Sockets;
    using System.Threading;

    /// <summary>
    /// What libraries rely on, each as a story in words. It is compiled twice, against .NET's System.Net and against ours, and both must tell the same.
    /// </summary>
    internal static class SocketBehaviours
    {
        public static string A_socket_without_a_port_has_no_ends()
        {
            using (Socket socket = Tcp())
            {
                return Of(() => socket.LocalEndPoint == null) + Of(() => socket.Connected) + Of(() => socket.SocketType);
            }
        }

        public static string Port_0_is_one_that_is_free()
        {
            using (Socket one = Tcp())
            using (Socket other = Udp())
            {
                one.Bind(new IPEndPoint(IPAddress.Any, 0));
                other.Bind(new IPEndPoint(IPAddress.Any, 0));
                return ((IPEndPoint)one.LocalEndPoint).Address.ToString() + " " + (Port(one) > 0) + " " + (Port(other) > 0);
            }
        }

        public static string Bytes_come_back()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    byte[] sent = Pattern(3000);
                    string told = Of(() => client.Send(sent)) + Of(() => client.Connected) + Of(() => server.Connected);
                    byte[] received = new byte[3000];
                    told += Of(() => ReceiveAll(server, received)) + Of(() => server.Send(received, 100, 200, SocketFlags.None));
                    told += Of(() => ReceiveAll(client, new byte[200])) + Same(sent, received);
                    told += ((IPEndPoint)server.RemoteEndPoint).Equals(client.LocalEndPoint) + " " + (((IPEndPoint)client.RemoteEndPoint).Port == Port(listener));
                    return told;
                }
            }
        }

        public static string All_overloads_send_and_receive()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    byte[] bytes = Pattern(10);
                    byte[] buffer = new byte[10];
                    string told = Of(() => client.Send(bytes)) + Of(() => ReceiveAll(server, buffer));
                    told += Of(() => client.Send(bytes, SocketFlags.None)) + Wait(server) + Of(() => server.Receive(buffer));
                    told += Of(() => client.Send(bytes, 4, SocketFlags.None)) + Wait(server) + Of(() => server.Receive(buffer, SocketFlags.None));
                    told += Of(() => client.Send(bytes, 2, 3, SocketFlags.None)) + Wait(server) + Of(() => server.Receive(buffer, 2, SocketFlags.None)) + buffer[0] + buffer[1];
                    told += Of(() => server.Receive(buffer, 9, 1, SocketFlags.None)) + buffer[9] + Of(() => server.Available);
                    return told;
                }
            }
        }

        public static string Peeking_leaves_it_there()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    client.Send(Pattern(7));
                    byte[] buffer = new byte[5];
                    return Wait(server) + Of(() => server.Receive(buffer, SocketFlags.Peek)) + buffer[4] + Of(() => server.Available) + Of(() => ReceiveAll(server, buffer));
                }
            }
        }

        public static string Peeking_shows_all_that_fits()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            using (Socket datagrams = Udp())
            {
                string told;
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    byte[] sent = Pattern(2400);
                    told = Of(() => client.Send(sent, 0, 1300, SocketFlags.None)) + Of(() => client.Send(sent, 1300, 1100, SocketFlags.None));
                    for (int i = 0; i < 500 && server.Available < 2400; i++)
                    {
                        Thread.Sleep(10);
                    }

                    byte[] part = new byte[1500];
                    byte[] all = new byte[2500];
                    told += Of(() => server.Receive(part, 10, 1400, SocketFlags.Peek)) + part[9] + Same(part, 10, sent, 0, 1400) + part[1410];
                    told += Of(() => server.Receive(all, SocketFlags.Peek)) + Same(all, 0, sent, 0, 2400) + Of(() => server.Available);

                    // what was read before is not shown again
                    told += Of(() => server.Receive(new byte[1000])) + Of(() => server.Receive(all, SocketFlags.Peek)) + Same(all, 0, sent, 1000, 1400);
                    told += Of(() => ReceiveAll(server, new byte[1400])) + Of(() => server.Available);
                }

                // of datagrams it is one
                datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                EndPoint to = datagrams.LocalEndPoint;
                return told + Of(() => datagrams.SendTo(new byte[3], to)) + Of(() => datagrams.SendTo(new byte[4], to))
                    + Of(() => datagrams.Receive(new byte[9], SocketFlags.Peek)) + Of(() => datagrams.Receive(new byte[9])) + Of(() => datagrams.Receive(new byte[9], SocketFlags.Peek));
            }
        }

        public static string Nobody_listens()
        {
            int port;
            using (Socket listener = Listener())
            {
                port = Port(listener);
            }

            using (Socket client = Tcp())
            {
                return Of(() => client.Connect(new IPEndPoint(IPAddress.Loopback, port))) + Of(() => client.Connected);
            }
        }

        public static string What_was_never_connected_is_no_stream()
        {
            int port;
            using (Socket listener = Listener())
            {
                port = Port(listener);
            }

            using (Socket client = Tcp())
            {
                return Of(() => client.Connect(new IPEndPoint(IPAddress.Loopback, port))) + Of(() => new NetworkStream(client));
            }
        }

        public static string Receiving_has_a_time_out()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                client.ReceiveTimeout = 200;
                DateTime before = DateTime.UtcNow;
                string told = Of(() => client.Receive(new byte[1]));
                long took = (DateTime.UtcNow - before).Ticks / TimeSpan.TicksPerMillisecond;
                return told + (took >= 150 && took < 5000) + Of(() => client.ReceiveTimeout) + Of(() => client.Connected);
            }
        }

        public static string Sending_has_a_time_out()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    // the peer takes nothing: sooner or later there is no room
                    byte[] bytes = Pattern(100000);
                    DateTime before = DateTime.UtcNow;
                    client.SendTimeout = 300;
                    string told = Of(() =>
                    {
                        int sent;
                        do
                        {
                            before = DateTime.UtcNow;
                            sent = client.Send(bytes);
                        }
                        while (sent == bytes.Length);
                    });
                    long took = (DateTime.UtcNow - before).Ticks / TimeSpan.TicksPerMillisecond;
                    told += (took >= 250 && took < 5000) + Of(() => client.Connected);
                    using (NetworkStream stream = new NetworkStream(client))
                    {
                        // a kernel may find more room when it is asked again
                        stream.WriteTimeout = 200;
                        told += Of(() => WriteWithoutEnd(stream, bytes));
                        return told + Of(() => Inside(() => WriteWithoutEnd(stream, bytes)));
                    }
                }
            }
        }

        public static string Time_outs_are_kept()
        {
            using (Socket socket = Tcp())
            {
                string told = Of(() => socket.ReceiveTimeout) + Of(() => socket.SendTimeout);
                socket.ReceiveTimeout = 5000;
                socket.SendTimeout = -1;
                told += Of(() => socket.ReceiveTimeout) + Of(() => socket.SendTimeout) + Of(() => socket.ReceiveTimeout = -2);
                told += Of(() => socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReceiveTimeout));
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendTimeout, 700);
                return told + Of(() => socket.SendTimeout) + Of(() => socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.SendTimeout));
            }
        }

        public static string Closing_ends_what_waits()
        {
            string told = string.Empty;
            using (Socket listener = Listener())
            {
                told += Ends(() => listener.Accept(), listener);
            }

            using (Socket udp = Udp())
            {
                udp.Bind(new IPEndPoint(IPAddress.Any, 0));
                told += Ends(() => udp.Receive(new byte[1]), udp);
            }

            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                told += Ends(() => client.Receive(new byte[1]), client);
            }

            return told;
        }

        public static string A_peer_that_has_closed_can_be_told()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                Socket server = listener.Accept();
                string told = Of(() => client.Poll(0, SelectMode.SelectRead)) + Of(() => client.Poll(0, SelectMode.SelectWrite)) + Of(() => client.Available);
                server.Send(Pattern(3));
                told += Of(() => client.Poll(-1, SelectMode.SelectRead)) + Of(() => client.Available) + Of(() => ReceiveAll(client, new byte[3]));
                server.Close();
                told += Of(() => client.Poll(-1, SelectMode.SelectRead)) + Of(() => client.Available) + Of(() => client.Receive(new byte[1])) + Of(() => client.Receive(new byte[1]));
                return told;
            }
        }

        public static string What_was_sent_before_closing_arrives()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    client.Send(Pattern(2000));
                    client.Close();
                    byte[] buffer = new byte[2000];
                    return Of(() => ReceiveAll(server, buffer)) + Same(buffer, Pattern(2000)) + Of(() => server.Receive(buffer));
                }
            }
        }

        public static string A_listener_can_be_polled()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                string told = Of(() => listener.Poll(0, SelectMode.SelectRead)) + Of(() => listener.Poll(20000, SelectMode.SelectRead));
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                told += Of(() => listener.Poll(-1, SelectMode.SelectRead));
                listener.Accept().Close();
                return told + Of(() => listener.Poll(0, SelectMode.SelectRead));
            }
        }

        public static string A_reset_is_one()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                Socket server = listener.Accept();
                server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, new byte[] { 1, 0, 0, 0, 0, 0, 0, 0 });
                server.Close();
                return Of(() => client.Poll(-1, SelectMode.SelectRead)) + Of(() => client.Receive(new byte[1]));
            }
        }

        public static string Datagrams_tell_their_sender()
        {
            using (Socket server = Udp())
            using (Socket client = Udp())
            {
                server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                string told = Of(() => client.SendTo(Pattern(100), new IPEndPoint(IPAddress.Loopback, Port(server))));
                told += Of(() => client.SendTo(Pattern(50), 20, SocketFlags.None, new IPEndPoint(IPAddress.Loopback, Port(server))));
                told += Of(() => server.Poll(-1, SelectMode.SelectRead)) + Of(() => server.Available);
                EndPoint from = new IPEndPoint(IPAddress.Any, 0);
                byte[] buffer = new byte[200];
                told += Of(() => server.ReceiveFrom(buffer, ref from)) + (((IPEndPoint)from).Port == Port(client)) + " ";
                told += Of(() => server.ReceiveFrom(buffer, 10, 100, SocketFlags.None, ref from)) + buffer[10] + buffer[29];
                told += Of(() => server.SendTo(buffer, 0, 5, SocketFlags.None, from)) + Of(() => client.ReceiveFrom(buffer, 200, SocketFlags.None, ref from));
                told += (((IPEndPoint)from).Port == Port(server)) + " ";
                told += Of(() => client.SendTo(Pattern(8), SocketFlags.None, from)) + Of(() => server.ReceiveFrom(buffer, SocketFlags.Peek, ref from)) + buffer[7];
                told += Of(() => server.ReceiveFrom(buffer, SocketFlags.None, ref from)) + buffer[7] + (((IPEndPoint)from).Port == Port(client));
                return told + Of(() => server.Available);
            }
        }

        public static string A_datagram_socket_can_have_a_peer()
        {
            using (Socket server = Udp())
            using (Socket client = Udp())
            {
                server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                string told = Of(() => client.Connect(new IPEndPoint(IPAddress.Loopback, Port(server))));
                told += Of(() => client.Send(Pattern(9))) + Of(() => client.Send(new byte[0])) + (((IPEndPoint)client.RemoteEndPoint).Port == Port(server));
                byte[] buffer = new byte[20];
                return told + Of(() => server.Receive(buffer)) + buffer[8] + Of(() => server.Receive(buffer)) + Of(() => client.Connected);
            }
        }

        public static string A_datagram_socket_can_have_another_peer()
        {
            using (Socket one = Udp())
            using (Socket other = Udp())
            using (Socket client = Udp())
            {
                one.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                string told = Of(() => client.Connect(one.LocalEndPoint)) + Of(() => client.Connect(one.LocalEndPoint)) + Of(() => client.Send(Pattern(3)));
                told += Of(() => client.Connect(other.LocalEndPoint)) + Of(() => client.Send(Pattern(4))) + (((IPEndPoint)client.RemoteEndPoint).Port == Port(other)) + " ";
                byte[] buffer = new byte[9];
                told += Of(() => one.Receive(buffer)) + Of(() => other.Receive(buffer));

                // only the peer of now is heard
                IPEndPoint to = new IPEndPoint(IPAddress.Loopback, Port(client));
                told += Of(() => one.SendTo(Pattern(5), to)) + Of(() => other.SendTo(Pattern(6), to));
                return told + Of(() => client.Receive(buffer)) + Of(() => client.Available);
            }
        }

        public static string A_broadcast_needs_the_option()
        {
            using (Socket socket = Udp())
            {
                IPEndPoint all = new IPEndPoint(IPAddress.Broadcast, 9);
                return Of(() => socket.SendTo(new byte[1], all)) + Of(() => socket.Connect(all));
            }
        }

        public static string A_port_has_one_owner()
        {
            using (Socket one = Listener())
            using (Socket other = Tcp())
            {
                string told = Of(() => other.Bind(new IPEndPoint(IPAddress.Loopback, Port(one))));
                return told + Of(() => one.Bind(new IPEndPoint(IPAddress.Loopback, 0)));
            }
        }

        public static string A_datagram_port_is_shared_if_both_say_so()
        {
            using (Socket one = Udp())
            using (Socket other = Udp())
            using (Socket alone = Udp())
            {
                one.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                other.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
                one.Bind(new IPEndPoint(IPAddress.Any, 0));
                IPEndPoint shared = new IPEndPoint(IPAddress.Any, Port(one));
                string told = Of(() => alone.Bind(shared)) + Of(() => other.Bind(shared));
                return told + (Port(other) == Port(one)) + Of(() => other.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastLoopback));
            }
        }

        public static string An_address_must_be_ours()
        {
            using (Socket socket = Tcp())
            {
                return Of(() => socket.Bind(new IPEndPoint(IPAddress.Parse("203.0.113.7"), 0)));
            }
        }

        public static string One_connects_once()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                return Of(() => client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener))));
            }
        }

        public static string Misuse_is_told()
        {
            using (Socket socket = Udp())
            {
                socket.Connect(new IPEndPoint(IPAddress.Loopback, 9));
                EndPoint from = null;
                string told = Of(() => socket.Send((byte[])null)) + Of(() => socket.Send(new byte[1], 2, SocketFlags.None)) + Of(() => socket.Send(new byte[1], -1, 1, SocketFlags.None));
                told += Of(() => socket.Receive((byte[])null)) + Of(() => socket.Receive(new byte[1], 0, 2, SocketFlags.None)) + Of(() => socket.ReceiveFrom(new byte[1], ref from));
                told += Of(() => socket.Bind(null)) + Of(() => socket.Connect(null)) + Of(() => socket.SendTo(new byte[1], null));
                return told + Of(() => new NetworkStream(null)) + Of(() => new IPEndPoint(IPAddress.Any, 65536)) + Of(() => new IPEndPoint(IPAddress.Any, -1));
            }
        }

        public static string What_was_closed_says_so()
        {
            Socket socket = Tcp();
            socket.Close();
            socket.Close();
            string told = Of(() => socket.Send(new byte[1])) + Of(() => socket.Receive(new byte[1])) + Of(() => socket.Bind(new IPEndPoint(IPAddress.Any, 0)));
            told += Of(() => socket.Connect(new IPEndPoint(IPAddress.Loopback, 9))) + Of(() => socket.Listen(1)) + Of(() => socket.Accept()) + Of(() => socket.Poll(0, SelectMode.SelectRead));
            return told + Of(() => socket.Available) + Of(() => socket.LocalEndPoint) + Of(() => socket.Connected);
        }

        public static string An_unconnected_stream_hears_nothing()
        {
            using (Socket socket = Tcp())
            {
                return Of(() => socket.Receive(new byte[1]));
            }
        }

        public static string Options_are_kept()
        {
            string told = string.Empty;
            using (Socket tcp = Tcp())
            using (Socket udp = Udp())
            {
                told += Switches(tcp, SocketOptionLevel.Tcp, SocketOptionName.NoDelay) + Switches(tcp, SocketOptionLevel.Socket, SocketOptionName.KeepAlive);
                told += Switches(tcp, SocketOptionLevel.Socket, SocketOptionName.ReuseAddress) + Switches(udp, SocketOptionLevel.Socket, SocketOptionName.Broadcast);
                udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive, 7);
                udp.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, 3);
                told += Of(() => udp.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive)) + Of(() => udp.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive));
                byte[] value = new byte[4];
                udp.GetSocketOption(SocketOptionLevel.IP, SocketOptionName.IpTimeToLive, value);
                told += value[0] + " " + value[3] + Of(() => Convert.ToInt32(tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Type))) + Of(() => Convert.ToInt32(udp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Type)));
                told += Of(() => tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error));
                tcp.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, new byte[] { 1, 0, 0, 0, 9, 0, 0, 0 });
                byte[] linger = new byte[8];
                tcp.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, linger);
                return told + linger[0] + linger[4];
            }
        }

        public static string Much_is_sent_whole()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    byte[] received = new byte[100000];
                    int count = 0;
                    Thread thread = new Thread(() => count = ReceiveAll(server, received));
                    thread.Start();
                    string told = Of(() => client.Send(Pattern(100000)));
                    thread.Join();
                    return told + count + Same(received, Pattern(100000));
                }
            }
        }

        public static string One_reads_while_another_writes()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    int count = 0;
                    Thread thread = new Thread(() => count = client.Receive(new byte[10]));
                    thread.Start();
                    Thread.Sleep(50);
                    string told = Of(() => client.Send(Pattern(4))) + Of(() => ReceiveAll(server, new byte[4])) + Of(() => server.Send(Pattern(6)));
                    thread.Join();
                    return told + count;
                }
            }
        }

        public static string A_stream_over_a_socket()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                Socket server = listener.Accept();
                NetworkStream ours = new NetworkStream(client);
                NetworkStream theirs = new NetworkStream(server, true);
                string told = "" + ours.CanRead + ours.CanWrite + ours.CanSeek + ours.CanTimeout + ours.ReadTimeout + ours.WriteTimeout + ours.DataAvailable;
                ours.Write(Pattern(20), 5, 10);
                ours.Flush();
                byte[] buffer = new byte[20];
                told += Wait(server) + theirs.DataAvailable + Of(() => theirs.Read(buffer, 1, 19)) + buffer[1] + buffer[10];
                told += Of(() => ours.Position) + Of(() => ours.Seek(0, System.IO.SeekOrigin.Begin)) + Of(() => ours.SetLength(1));
                told += Of(() => ours.ReadTimeout = 0) + Of(() => ours.ReadTimeout = -2) + Of(() => ours.ReadTimeout = -1) + Of(() => ours.WriteTimeout = 900) + client.SendTimeout;
                theirs.Close();
                told += Of(() => ours.Read(buffer, 0, 1)) + Of(() => theirs.Read(buffer, 0, 1)) + Of(() => theirs.Write(buffer, 0, 1)) + Of(() => server.Send(buffer));
                ours.Close();
                return told + Of(() => ours.DataAvailable) + client.Connected;
            }
        }

        public static string A_stream_needs_a_connection()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            using (Socket datagrams = Udp())
            {
                string told = Of(() => new NetworkStream(client)) + Of(() => new NetworkStream(listener, true));
                datagrams.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                told += Of(() => new NetworkStream(datagrams)) + Of(() => new NetworkStream(client).CanRead);
                client.Close();
                return told + Of(() => new NetworkStream(client));
            }
        }

        public static string A_stream_can_be_closed_with_a_time()
        {
            using (Socket listener = Listener())
            using (Socket client = Tcp())
            {
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    NetworkStream stream = new NetworkStream(client, true);
                    stream.Write(Pattern(5), 0, 5);
                    string told = Of(() => stream.Close(-2)) + Of(() => stream.DataAvailable) + Of(() => stream.Close(100));
                    byte[] buffer = new byte[5];
                    told += Of(() => ReceiveAll(server, buffer)) + buffer[4] + Of(() => server.Receive(buffer)) + client.Connected;
                    return told + Of(() => stream.Position = 1) + Of(() => stream.Close(-1));
                }
            }
        }

        public static string Who_is_forgotten_is_closed_and_lingers_not()
        {
            using (Socket listener = Listener())
            using (Forgotten client = new Forgotten())
            {
                client.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, new byte[] { 1, 0, 0, 0, 20, 0, 0, 0 });
                client.Connect(new IPEndPoint(IPAddress.Loopback, Port(listener)));
                using (Socket server = listener.Accept())
                {
                    DateTime before = DateTime.UtcNow;
                    client.Forget();
                    bool isSoon = (DateTime.UtcNow - before).Ticks < TimeSpan.TicksPerSecond * 10;
                    return isSoon + " " + Of(() => client.Send(new byte[1])) + Of(() => server.Poll(5000000, SelectMode.SelectRead)) + Of(() => server.Available);
                }
            }
        }

        public static string Names_that_are_addresses()
        {
            IPHostEntry entry = Dns.GetHostEntry("127.0.0.1");
            IPHostEntry empty = new IPHostEntry();
            return (empty.HostName == null) + " " + (empty.AddressList == null) + (entry.AddressList.Length > 0) + entry.AddressList[0].ToString() + Of(() => Dns.GetHostEntry((string)null));
        }

        private sealed class Forgotten : Socket
        {
            public Forgotten()
                : base(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
            }

            /// <summary>What the garbage collector does.</summary>
            public void Forget() => Dispose(false);
        }

        private static Socket Tcp() => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        private static Socket Udp() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        private static Socket Listener()
        {
            Socket listener = Tcp();
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen(2);
            return listener;
        }

        private static int Port(Socket socket) => ((IPEndPoint)socket.LocalEndPoint).Port;

        private static string Wait(Socket socket) => socket.Poll(5000000, SelectMode.SelectRead) ? string.Empty : "nothing came ";

        private static int ReceiveAll(Socket socket, byte[] buffer)
        {
            int length = 0;
            while (length < buffer.Length)
            {
                int count = socket.Receive(buffer, length, buffer.Length - length, SocketFlags.None);
                if (count == 0)
                {
                    break;
                }

                length += count;
            }

            return length;
        }

        private static byte[] Pattern(int length)
        {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)(i * 7);
            }

            return bytes;
        }

        private static string Same(byte[] a, byte[] b) => Same(a, 0, b, 0, a.Length);

        private static string Same(byte[] a, int inA, byte[] b, int inB, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (a[inA + i] != b[inB + i])
                {
                    return "differ at " + i + " ";
                }
            }

            return "same ";
        }

        private static string Switches(Socket socket, SocketOptionLevel level, SocketOptionName name)
        {
            socket.SetSocketOption(level, name, true);
            string told = Of(() => Convert.ToInt32(socket.GetSocketOption(level, name)) != 0);
            socket.SetSocketOption(level, name, false);
            return told + Of(() => Convert.ToInt32(socket.GetSocketOption(level, name)) != 0);
        }

        private static string Ends(Action wait, Socket socket)
        {
            string told = "waits for ever";
            Thread thread = new Thread(() => told = Of(wait).StartsWith("SocketException", StringComparison.Ordinal) ? "ends " : "does not throw ");
            thread.Start();
            Thread.Sleep(200);
            socket.Close();
            return thread.Join(5000) ? told : "waits for ever ";
        }

        private static void WriteWithoutEnd(NetworkStream stream, byte[] bytes)
        {
            while (true)
            {
                stream.Write(bytes, 0, bytes.Length);
            }
        }

        /// <summary>Has what an exception carries come out.</summary>
        private static void Inside(Action action)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                throw exception.InnerException;
            }
        }

        private static string Of(Action action) => Of(() =>
        {
            action();
            return "done";
        });

        private static string Of<T>(Func<T> question)
        {
            try
            {
                return question() + " ";
            }
            catch (SocketException exception)
            {
                // .NET keeps the system's number under the name, and Winsock's under another
                object code = exception.GetType().GetProperty("SocketErrorCode")?.GetValue(exception) ?? exception.ErrorCode;
                return "SocketException " + (int)code + " ";
            }
            catch (Exception exception)
            {
                return exception.GetType().Name + " ";
            }
        }
    }
}
