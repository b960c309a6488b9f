// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// What a stack says to itself: no wire sees it (RFC 1122 section 3.2.1.3).
    /// </summary>
    [TestClass]
    public class LoopbackTests
    {
        private const uint Localhost = 0x7F000001;
        private const int Port = 80;

        private static readonly byte[] s_read = new byte[2100];

        [TestMethod]
        public void AConnectionToOurselves()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, 0);
            int sent = hosts.ServerInterface.Sent;
            SocketLayer sockets = hosts.Server.Sockets;
            int listener = hosts.Listen(Port, 2);
            int client = sockets.Socket();
            Assert.AreEqual((int)SocketError.InProgress, sockets.Connect(client, Localhost, Port));
            hosts.Run(10);
            Check.State(TcpState.Established, sockets.GetState(client));
            int server = sockets.Accept(listener);
            Assert.IsTrue(server >= 0, "nobody to accept");
            byte[] data = Check.Pattern(2000, 5);
            Assert.AreEqual(2000, sockets.Write(client, data, 0, 2000));
            hosts.Run(200);
            Assert.AreEqual(2000, sockets.Read(server, s_read, 0, 2100));
            Check.Bytes(data, 0, s_read, 0, 2000);
            Assert.AreEqual(0, sockets.Close(client));
            hosts.Run(10);
            Assert.AreEqual(0, sockets.Read(server, s_read, 0, 10), "the peer has closed");
            Assert.AreEqual(0, sockets.Close(server));
            Assert.AreEqual(0, sockets.Close(listener));
            Assert.AreEqual(sent, hosts.ServerInterface.Sent, "frames on the wire");
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void DatagramsAndEchoesToOurselves()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, 0);
            int sent = hosts.ClientInterface.Sent;
            SocketLayer sockets = hosts.Client.Sockets;
            int socket = sockets.Socket(SocketType.Datagram);
            Assert.AreEqual(0, sockets.Bind(socket, Port));
            DatagramSource source = new DatagramSource();
            byte[] data = Check.Pattern(2000, 9);
            Assert.AreEqual(2000, sockets.SendTo(socket, data, 0, 2000, TwoHosts.ClientAddress, Port));
            Assert.AreEqual((int)SocketError.WouldBlock, sockets.ReceiveFrom(socket, s_read, 0, 2100, source), "not before a poll");
            hosts.Settle();
            Assert.AreEqual(2000, sockets.ReceiveFrom(socket, s_read, 0, 2100, source));
            Check.Bytes(data, 0, s_read, 0, 2000);
            Assert.AreEqual(TwoHosts.ClientAddress, source.Address);
            sockets.Close(socket);

            int echo = sockets.Socket(SocketType.Echo);
            EchoResult result = new EchoResult();
            Assert.AreEqual(0, sockets.SendEcho(echo, Localhost, 56, 100));
            hosts.Settle();
            Assert.AreEqual(56, sockets.ReceiveEcho(echo, result));
            Assert.AreEqual(TwoHosts.ClientAddress, result.Address);
            sockets.Close(echo);
            Assert.AreEqual(sent, hosts.ClientInterface.Sent, "frames on the wire");
            hosts.AssertAllReturned(0, 0);
        }
    }
}
