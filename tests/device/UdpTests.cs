// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Datagrams between two stacks.
    /// </summary>
    [TestClass]
    public class UdpTests
    {
        private const int Port = 7;

        private static readonly byte[] s_read = new byte[1600];
        private static readonly DatagramSource s_source = new DatagramSource();

        [TestMethod]
        public void DatagramsGoBothWaysLowByteFirst() => DatagramsGoBothWays(WordOrder.LowByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void DatagramsGoBothWaysMixed() => DatagramsGoBothWays(WordOrder.LowByteFirst, WordOrder.HighByteFirst);

        [TestMethod]
        public void AClosedPortRefusesAConnectedSocket()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, 0);
            int socket = hosts.Client.Sockets.Socket(SocketType.Datagram);
            Assert.AreEqual(0, hosts.Client.Sockets.Connect(socket, TwoHosts.ServerAddress, Port));
            Assert.AreEqual(1, hosts.Client.Sockets.Write(socket, s_read, 0, 1));
            hosts.Run(100);
            Assert.AreEqual((int)SocketError.ConnectionRefused, hosts.Client.Sockets.Write(socket, s_read, 0, 1));
            Assert.AreEqual(0, hosts.Client.Sockets.Close(socket));
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void AFullQueueDropsTheNewest()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, 0);
            int server = Bound(hosts.Server.Sockets);
            int client = hosts.Client.Sockets.Socket(SocketType.Datagram);
            int room = new StackConfiguration().UdpReceiveFrames;
            for (int i = 0; i < room + 2; i++)
            {
                s_read[0] = (byte)i;
                Assert.AreEqual(1, hosts.Client.Sockets.SendTo(client, s_read, 0, 1, TwoHosts.ServerAddress, Port));
                hosts.Run(10);
            }

            Assert.AreEqual(2U, hosts.Server.Udp.Counters.ReceiveQueueFull);
            Assert.AreEqual(1, hosts.Server.Sockets.ReceiveFrom(server, s_read, 0, 10, s_source));
            Assert.AreEqual(0, (int)s_read[0]);
            hosts.Server.Sockets.Close(server);
            hosts.Client.Sockets.Close(client);
            hosts.AssertAllReturned(0, 0);
        }

        private static void DatagramsGoBothWays(WordOrder client, WordOrder server)
        {
            TwoHosts hosts = new TwoHosts(client, server, true, 0);
            SocketLayer here = hosts.Client.Sockets;
            SocketLayer there = hosts.Server.Sockets;
            int socket = here.Socket(SocketType.Datagram);
            int answering = Bound(there);
            int[] lengths = new int[] { 0, 1, 2, 47, 48, 511, 1472 };
            for (int i = 0; i < lengths.Length; i++)
            {
                int length = lengths[i];
                byte[] data = Check.Pattern(length, i);
                Assert.AreEqual(length, here.SendTo(socket, data, 0, length, TwoHosts.ServerAddress, Port));
                hosts.Run(100);
                Assert.AreEqual(length, there.ReceiveFrom(answering, s_read, 1, 1500, s_source));
                Check.Bytes(data, 0, s_read, 1, length);
                Assert.AreEqual(length, there.SendTo(answering, s_read, 1, length, s_source.Address, s_source.Port));
                hosts.Run(100);
                Assert.AreEqual(length, here.ReceiveFrom(socket, s_read, 0, 1500, s_source));
                Check.Bytes(data, 0, s_read, 0, length);
                Assert.AreEqual(Port, s_source.Port);
            }

            here.Close(socket);
            there.Close(answering);
            hosts.AssertAllReturned(0, 0);
        }

        private static int Bound(SocketLayer sockets)
        {
            int socket = sockets.Socket(SocketType.Datagram);
            Assert.AreEqual(0, sockets.Bind(socket, Port));
            return socket;
        }
    }
}
