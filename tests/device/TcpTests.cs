// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Connections between two stacks, from the handshake to the end of TIME-WAIT.
    /// </summary>
    [TestClass]
    public class TcpTests
    {
        private const int Port = 7;
        private const int TimeWait = 60000;

        private static readonly byte[] s_read = new byte[8192];

        [TestMethod]
        public void HandshakeExchangeAndCloseLowByteFirst() =>
            HandshakeExchangeAndClose(WordOrder.LowByteFirst, WordOrder.LowByteFirst, 0);

        [TestMethod]
        public void HandshakeExchangeAndCloseHighByteFirst() =>
            HandshakeExchangeAndClose(WordOrder.HighByteFirst, WordOrder.HighByteFirst, 0);

        [TestMethod]
        public void HandshakeExchangeAndCloseMixed() =>
            HandshakeExchangeAndClose(WordOrder.LowByteFirst, WordOrder.HighByteFirst, 0);

        [TestMethod]
        public void TheClockMayWrap() =>
            HandshakeExchangeAndClose(WordOrder.LowByteFirst, WordOrder.LowByteFirst, int.MaxValue - 20);

        [TestMethod]
        public void TheUnsignedClockMayWrap() =>
            HandshakeExchangeAndClose(WordOrder.LowByteFirst, WordOrder.LowByteFirst, -20);

        [TestMethod]
        public void AClosedPortAnswersWithAReset()
        {
            TwoHosts hosts = NewHosts();
            int socket = hosts.Connect(Port);
            hosts.Run(100);
            Check.State(TcpState.Closed, hosts.Client.Sockets.GetState(socket));
            Check.Error(SocketError.ConnectionRefused, hosts.Client.Sockets.GetError(socket));
            Assert.AreEqual((int)SocketError.ConnectionRefused, hosts.Client.Sockets.Read(socket, s_read, 0, 10));
            Assert.AreEqual(1U, hosts.Server.Tcp.Counters.ResetsSent);
            Assert.AreEqual(1U, hosts.Server.Tcp.Counters.NoSocket);
            Assert.AreEqual(1U, hosts.Client.Tcp.Counters.ResetsReceived);
            Assert.AreEqual(0, hosts.Client.Sockets.Close(socket));
            Assert.AreEqual((int)SocketError.BadDescriptor, hosts.Client.Sockets.Close(socket));
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void AnAbortResetsThePeer()
        {
            TwoHosts hosts = NewHosts();
            int listener = hosts.Listen(Port, 1);
            int socket = hosts.Connect(Port);
            hosts.Run(10);
            int accepted = hosts.Server.Sockets.Accept(listener);
            hosts.Server.Sockets.Write(accepted, s_read, 0, 2000);
            hosts.Run(10);
            Assert.AreEqual(0, hosts.Client.Sockets.Abort(socket));
            hosts.Run(10);
            Check.Error(SocketError.ConnectionReset, hosts.Server.Sockets.GetError(accepted));
            hosts.Server.Sockets.Close(accepted);
            hosts.Server.Sockets.Close(listener);
            hosts.Run(10);
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void ALostSynIsRepeated() => ExchangeWithLoss(0, 1, 0, 0);

        [TestMethod]
        public void ALostSynAcknowledgmentIsRepeated() => ExchangeWithLoss(0, 0, 0, 1);

        [TestMethod]
        public void LostTextIsRepeated() => ExchangeWithLoss(2, 1, 0, 0);

        [TestMethod]
        public void ALostAcknowledgmentIsRepeated() => ExchangeWithLoss(0, 0, 1, 2);

        [TestMethod]
        public void SeveralLostFramesAreRepeated() => ExchangeWithLoss(3, 3, 2, 3);

        [TestMethod]
        public void APeerThatIsGoneIsGivenUp()
        {
            TwoHosts hosts = NewHosts();
            int listener = hosts.Listen(Port, 1);
            int socket = hosts.Connect(Port);
            hosts.Run(10);
            int accepted = hosts.Server.Sockets.Accept(listener);
            hosts.ClientInterface.LoseNext = int.MaxValue;
            Assert.AreEqual(100, hosts.Client.Sockets.Write(socket, s_read, 0, 100));
            hosts.Run(2 * TwoHosts.LongTime);
            SocketError error = hosts.Client.Sockets.GetError(socket);
            Assert.IsTrue(error == SocketError.TimedOut || error == SocketError.HostUnreachable, ((int)error).ToString());
            hosts.Client.Sockets.Close(socket);
            hosts.Server.Sockets.Abort(accepted);
            hosts.Server.Sockets.Close(listener);

            // the RST waits for an address that nobody will tell
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void PausesBetweenRepetitionsGrow()
        {
            TwoHosts hosts = NewHosts();
            int listener = hosts.Listen(Port, 1);
            int socket = hosts.Connect(Port);
            hosts.Run(10);
            int accepted = hosts.Server.Sockets.Accept(listener);
            hosts.ClientInterface.LoseNext = int.MaxValue;
            Assert.AreEqual(100, hosts.Client.Sockets.Write(socket, s_read, 0, 100));
            hosts.Run(40000);
            uint repeated = hosts.Client.Tcp.Counters.Retransmissions;
            Assert.IsTrue(repeated >= 6 && repeated <= 9, "probed, and 0.3, 0.9, 2.1, 4.5, 9.3, 18.9 and 38.1 s after the first: " + repeated.ToString());
            hosts.ClientInterface.LoseNext = 0;
            hosts.Run(40000);
            Assert.AreEqual(100, hosts.Server.Sockets.Read(accepted, s_read, 0, 200), "the last one arrives");
            End(hosts, socket, accepted, listener);
        }

        [TestMethod]
        public void AFullReceiverStopsTheSender()
        {
            TwoHosts hosts = NewHosts();
            int listener = hosts.Listen(Port, 1);
            int socket = hosts.Connect(Port);
            hosts.Run(10);
            int accepted = hosts.Server.Sockets.Accept(listener);
            byte[] sent = Check.Pattern(8000, 3);
            int written = 0;
            for (int i = 0; i < 20; i++)
            {
                int taken = hosts.Client.Sockets.Write(socket, sent, written, sent.Length - written);
                written += taken > 0 ? taken : 0;
                hosts.Run(1000);
            }

            Assert.IsTrue(written < sent.Length, "more than window and send queue hold");
            SocketStatus status = new SocketStatus();
            hosts.Server.Sockets.GetStatus(accepted & 0x7F, status);
            Assert.AreEqual(0, status.ReceiveWindow);

            int read = 0;
            for (int i = 0; i < 200 && read < sent.Length; i++)
            {
                int taken = hosts.Client.Sockets.Write(socket, sent, written, sent.Length - written);
                written += taken > 0 ? taken : 0;
                taken = hosts.Server.Sockets.Read(accepted, s_read, read, 500);
                read += taken > 0 ? taken : 0;
                hosts.Run(50);
            }

            Assert.AreEqual(sent.Length, read);
            Check.Bytes(sent, 0, s_read, 0, read);
            End(hosts, socket, accepted, listener);
        }

        private static void HandshakeExchangeAndClose(WordOrder clientOrder, WordOrder serverOrder, int start)
        {
            TwoHosts hosts = new TwoHosts(clientOrder, serverOrder, true, start);
            SocketLayer client = hosts.Client.Sockets;
            SocketLayer server = hosts.Server.Sockets;
            int listener = hosts.Listen(Port, 2);
            Assert.AreEqual((int)SocketError.WouldBlock, server.Accept(listener));
            int socket = hosts.Connect(Port);
            Check.State(TcpState.SynSent, client.GetState(socket));
            hosts.Run(30);
            Check.State(TcpState.Established, client.GetState(socket));
            int accepted = server.Accept(listener);
            Assert.IsTrue(accepted >= 0, "nobody to accept");
            Check.State(TcpState.Established, server.GetState(accepted));
            Assert.AreEqual((int)SocketError.WouldBlock, server.Read(accepted, s_read, 0, 10));

            // odd counts, so that text begins in the middle of words
            Transfer(hosts, hosts.Client, socket, hosts.Server, accepted, 5001, 333);
            Transfer(hosts, hosts.Server, accepted, hosts.Client, socket, 4999, 1777);

            client.Shutdown(socket);
            hosts.Run(10);
            Check.State(TcpState.FinWait2, client.GetState(socket));
            Check.State(TcpState.CloseWait, server.GetState(accepted));
            Assert.AreEqual((int)SocketError.Shutdown, client.Write(socket, s_read, 0, 1));
            Assert.AreEqual(0, server.Read(accepted, s_read, 0, 10), "the end");

            // the other direction is still open
            Transfer(hosts, hosts.Server, accepted, hosts.Client, socket, 100, 100);
            server.Close(accepted);
            hosts.Run(10);
            Check.State(TcpState.TimeWait, client.GetState(socket));
            Assert.AreEqual(0, client.Read(socket, s_read, 0, 10), "the end");
            Assert.AreEqual(0, client.Close(socket));
            Assert.AreEqual(1, hosts.Server.Tcp.BlocksInUse, "the listener alone: the other side has no TIME-WAIT");
            Assert.AreEqual(1, hosts.Client.Tcp.BlocksInUse, "TIME-WAIT");
            hosts.Run(TimeWait - 100);
            Assert.AreEqual(1, hosts.Client.Tcp.BlocksInUse, "TIME-WAIT");
            hosts.Run(200);
            Assert.AreEqual(0U, hosts.Client.Tcp.Counters.Retransmissions + hosts.Server.Tcp.Counters.Retransmissions, "retransmissions");
            hosts.AssertAllReturned(0, 1);
            server.Close(listener);
            hosts.AssertAllReturned(0, 0);
        }

        private static void ExchangeWithLoss(int clientBefore, int clientLoss, int serverBefore, int serverLoss)
        {
            TwoHosts hosts = NewHosts();

            // know each other first: a lost ARP packet is another test
            int refused = hosts.Connect(Port + 1);
            hosts.Run(10);
            hosts.Client.Sockets.Close(refused);

            int listener = hosts.Listen(Port, 2);
            hosts.ClientInterface.SendBeforeLoss = clientBefore;
            hosts.ClientInterface.LoseNext = clientLoss;
            hosts.ServerInterface.SendBeforeLoss = serverBefore;
            hosts.ServerInterface.LoseNext = serverLoss;
            int socket = hosts.Connect(Port);
            int accepted = -1;
            for (int i = 0; i < 50 && accepted < 0; i++)
            {
                hosts.Run(1000);
                accepted = hosts.Server.Sockets.Accept(listener);
            }

            Assert.IsTrue(accepted >= 0, "no connection");
            Transfer(hosts, hosts.Client, socket, hosts.Server, accepted, 6000, 6000);
            Transfer(hosts, hosts.Server, accepted, hosts.Client, socket, 6000, 6000);
            Assert.AreEqual(0, hosts.ClientInterface.LoseNext + hosts.ServerInterface.LoseNext, "not all was lost that should be");
            uint repeated = hosts.Client.Tcp.Counters.Retransmissions + hosts.Server.Tcp.Counters.Retransmissions;
            Assert.IsTrue(repeated > 0, "nothing was repeated");
            End(hosts, socket, accepted, listener);
        }

        private static void Transfer(TwoHosts hosts, TcpIpStack from, int source, TcpIpStack to, int target, int count, int piece)
        {
            byte[] sent = Check.Pattern(count, count);
            int written = 0;
            int read = 0;
            for (int i = 0; i < 300 && read < count; i++)
            {
                if (written < count)
                {
                    int taken = from.Sockets.Write(source, sent, written, count - written < piece ? count - written : piece);
                    Assert.IsTrue(taken > 0 || taken == (int)SocketError.WouldBlock, "write: " + taken.ToString());
                    written += taken > 0 ? taken : 0;
                }

                hosts.Run(hosts.ClientInterface.LoseNext + hosts.ServerInterface.LoseNext > 0 ? 1000 : 30);
                int got = to.Sockets.Read(target, s_read, read, s_read.Length - read);
                Assert.IsTrue(got > 0 || got == (int)SocketError.WouldBlock, "read: " + got.ToString());
                read += got > 0 ? got : 0;
            }

            Assert.AreEqual(count, written, "written");
            Assert.AreEqual(count, read, "read");
            Check.Bytes(sent, 0, s_read, 0, count);
        }

        private static void End(TwoHosts hosts, int socket, int accepted, int listener)
        {
            hosts.Client.Sockets.Close(socket);
            hosts.Server.Sockets.Close(accepted);
            hosts.Server.Sockets.Close(listener);
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 0);
        }

        private static TwoHosts NewHosts() => new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, 0);
    }
}
