// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.IPv4;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Datagrams that are larger than the MTU, and what is done to those that come in pieces (RFC 791 section 3.2).
    /// </summary>
    [TestClass]
    public class FragmentTests
    {
        private const int Port = 7;

        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];
        private static readonly byte[] s_read = new byte[2100];
        private static readonly DatagramSource s_source = new DatagramSource();
        private static readonly EchoResult s_result = new EchoResult();

        [TestMethod]
        public void LargeDatagramsGoBothWaysLowByteFirst() => LargeDatagramsGoBothWays(WordOrder.LowByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void LargeDatagramsGoBothWaysMixed() => LargeDatagramsGoBothWays(WordOrder.HighByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void EchoesOfAnySizeAreAskedForAndAnswered()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.HighByteFirst, true, 0);
            SocketLayer sockets = hosts.Client.Sockets;
            int socket = sockets.Socket(SocketType.Echo);
            int[] lengths = new int[] { 0, 1, 56, 1472, 1473, 2000, 2040 };
            for (int i = 0; i < lengths.Length; i++)
            {
                Assert.AreEqual(0, sockets.SendEcho(socket, TwoHosts.ServerAddress, lengths[i], 1000));
                hosts.Run(100);
                Assert.AreEqual(lengths[i], sockets.ReceiveEcho(socket, s_result), "echo number " + i.ToString());
                Assert.AreEqual(TwoHosts.ServerAddress, s_result.Address);
                Assert.AreEqual(IPv4Layer.DefaultTimeToLive, s_result.TimeToLive);
            }

            // nobody has this address
            Assert.AreEqual(0, sockets.SendEcho(socket, TwoHosts.ServerAddress + 7, 10, 60000));
            hosts.Run(4000);
            Assert.AreEqual((int)SocketError.HostUnreachable, sockets.ReceiveEcho(socket, s_result));
            Assert.AreEqual(0, sockets.Close(socket));
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void FragmentsInAnyOrderMakeAnEcho()
        {
            RawStation station = NewStation();
            int length = RawStation.Echo(s_bytes, 100);
            byte[] message = new byte[108];
            for (int i = 0; i < 108; i++)
            {
                message[i] = s_bytes[34 + i];
            }

            SendPiece(station, message, 80, 28, false);
            SendPiece(station, message, 0, 40, true);
            SendPiece(station, message, 0, 40, true);
            SendPiece(station, message, 40, 40, true);
            station.Stack.Poll(1);
            Assert.AreEqual(length, station.Receive(s_bytes));
            Assert.AreEqual(0, Check.BigEndian16(s_bytes, 34), "type and code of an echo reply");
            Check.Bytes(message, 4, s_bytes, 38, 104);
            Assert.AreEqual(1U, station.Stack.IPv4.Counters.FragmentsRepeated);
            AssertEnd(station);
        }

        [TestMethod]
        public void OverlapsAreDropped()
        {
            RawStation station = NewStation();
            byte[] message = Check.Pattern(64, 1);
            SendPiece(station, message, 0, 24, true);
            SendPiece(station, message, 16, 24, true);
            SendPiece(station, message, 24, 40, false);
            station.Stack.Poll(1);
            station.Stack.Poll(70001);
            Assert.AreEqual(-1, station.Receive(s_bytes), "nothing is said about it");
            Assert.AreEqual(1U, station.Stack.IPv4.Counters.ReassemblyOverlaps);
            Assert.AreEqual(0U, station.Stack.IPv4.Counters.Reassembled);
            AssertEnd(station);
        }

        [TestMethod]
        public void TimeExceededTellsOfAFirstFragment()
        {
            RawStation station = NewStation();
            SendPiece(station, Check.Pattern(64, 1), 0, 64, true);
            station.Stack.Poll(1);
            Assert.IsTrue(station.Stack.Poll(2) <= 60000, "it must be called when the time is over");

            station.Stack.Poll(60001);
            Assert.AreEqual(70, station.Receive(s_bytes));
            Assert.AreEqual(0x0B01, Check.BigEndian16(s_bytes, 34), "time exceeded, reassembly");
            Assert.AreEqual(0, Check.NaiveChecksum(0, s_bytes, 34, 36), "ICMP checksum");
            Assert.AreEqual(0x2000, Check.BigEndian16(s_bytes, 48), "the quoted packet had more to come");
            AssertEnd(station);
        }

        private static void LargeDatagramsGoBothWays(WordOrder client, WordOrder server)
        {
            TwoHosts hosts = new TwoHosts(client, server, true, 0);
            SocketLayer here = hosts.Client.Sockets;
            SocketLayer there = hosts.Server.Sockets;
            int socket = here.Socket(SocketType.Datagram);
            int answering = there.Socket(SocketType.Datagram);
            Assert.AreEqual(0, there.Bind(answering, Port));
            int[] lengths = new int[] { 1472, 1473, 1999, 2040 };
            for (int i = 0; i < lengths.Length; i++)
            {
                int length = lengths[i];
                byte[] data = Check.Pattern(length, i);
                int sent = here.SendTo(socket, data, 0, length, TwoHosts.ServerAddress, Port);
                if (sent == (int)SocketError.WouldBlock)
                {
                    hosts.Run(10);
                    sent = here.SendTo(socket, data, 0, length, TwoHosts.ServerAddress, Port);
                }

                Assert.AreEqual(length, sent);
                hosts.Run(100);
                Assert.AreEqual(length, there.ReceiveFrom(answering, s_read, 1, 2099, s_source));
                Check.Bytes(data, 0, s_read, 1, length);
                Assert.AreEqual(length, there.SendTo(answering, s_read, 1, length, s_source.Address, s_source.Port));
                hosts.Run(100);
                Assert.AreEqual(length, here.ReceiveFrom(socket, s_read, 0, 2100, s_source));
                Check.Bytes(data, 0, s_read, 0, length);
            }

            Assert.AreEqual((int)SocketError.MessageTooLong, here.SendTo(socket, s_read, 0, 2041, TwoHosts.ServerAddress, Port));
            here.Close(socket);
            there.Close(answering);
            hosts.AssertAllReturned(0, 0);
        }

        private static void SendPiece(RawStation station, byte[] message, int offset, int length, bool more)
        {
            RawStation.IPv4(s_bytes, 1, length);
            RawStation.Write16(s_bytes, 20, (more ? 0x2000 : 0) | (offset >> 3));
            RawStation.Write16(s_bytes, 24, 0);
            RawStation.Write16(s_bytes, 24, Check.NaiveChecksum(0, s_bytes, 14, 20));
            for (int i = 0; i < length; i++)
            {
                s_bytes[34 + i] = message[offset + i];
            }

            station.Send(s_bytes, 34 + length < 60 ? 60 : 34 + length);
        }

        private static RawStation NewStation()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);
            station.Introduce(0);
            return station;
        }

        private static void AssertEnd(RawStation station)
        {
            Check.AllReturned(station.Stack.Pool);
            Check.AllReturned(station.Pool);
        }
    }
}
