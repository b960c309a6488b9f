// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Ping, byte for byte (RFC 792), and what else IPv4 is told.
    /// </summary>
    [TestClass]
    public class IcmpTests
    {
        private static readonly byte[] s_request = new byte[RawStation.LongestFrame];
        private static readonly byte[] s_answer = new byte[RawStation.LongestFrame];

        [TestMethod]
        public void EchoIsAnsweredLowByteFirst() => EchoIsAnswered(WordOrder.LowByteFirst);

        [TestMethod]
        public void EchoIsAnsweredHighByteFirst() => EchoIsAnswered(WordOrder.HighByteFirst);

        [TestMethod]
        public void ADamagedEchoIsNotAnswered()
        {
            RawStation station = NewStation(WordOrder.LowByteFirst);
            int length = RawStation.Echo(s_request, 56);
            s_request[60] ^= 0x10;
            station.Send(s_request, length);
            s_request[60] ^= 0x10;
            s_request[22]++;
            station.Send(s_request, length);
            station.Stack.Poll(1);
            Assert.AreEqual(-1, station.Receive(s_answer));
            Assert.AreEqual(1U, station.Stack.Icmp.Counters.BadChecksum);
            Assert.AreEqual(1U, station.Stack.IPv4.Counters.BadChecksum);
            AssertEnd(station);
        }

        [TestMethod]
        public void AUdpDatagramIsUnreachable()
        {
            RawStation station = NewStation(WordOrder.LowByteFirst);
            RawStation.IPv4(s_request, 17, 12);
            RawStation.Write16(s_request, 34, 5353);
            RawStation.Write16(s_request, 36, 69);
            RawStation.Write16(s_request, 38, 12);
            RawStation.Write16(s_request, 40, 0);
            RawStation.Write32(s_request, 42, 0x01020304);
            station.Send(s_request, 46);
            station.Stack.Poll(1);
            Assert.AreEqual(70, station.Receive(s_answer), "IPv4, ICMP, and the first 28 bytes");
            CheckIPv4(56);
            Assert.AreEqual(0x0303, Check.BigEndian16(s_answer, 34));
            Assert.AreEqual(0, Check.NaiveChecksum(0, s_answer, 34, 36), "ICMP checksum");
            Check.Bytes(s_request, 14, s_answer, 42, 28);
            AssertEnd(station);
        }

        private static void EchoIsAnswered(WordOrder order)
        {
            RawStation station = NewStation(order);
            int[] sizes = new int[] { 56, 0, 1, 17, 18, 19, 600, 1471, 1472 };
            for (int i = 0; i < sizes.Length; i++)
            {
                int length = RawStation.Echo(s_request, sizes[i]);
                station.Send(s_request, length);
                station.Stack.Poll(10 + i);
                Assert.AreEqual(length < 60 ? 60 : length, station.Receive(s_answer));
                Check.Bytes(RawStation.StationMac, 0, s_answer, 0, 6);
                Check.Bytes(RawStation.StackMac, 0, s_answer, 6, 6);
                CheckIPv4(28 + sizes[i]);
                Assert.AreEqual(0, Check.BigEndian16(s_answer, 34), "type and code of an echo reply");
                Assert.AreEqual(0, Check.NaiveChecksum(0, s_answer, 34, 8 + sizes[i]), "ICMP checksum");
                Check.Bytes(s_request, 38, s_answer, 38, 4 + sizes[i]);
                Assert.AreEqual(-1, station.Receive(s_answer));
            }

            Assert.AreEqual((uint)sizes.Length, station.Stack.Icmp.Counters.EchoReplies);
            AssertEnd(station);
        }

        private static void CheckIPv4(int totalLength)
        {
            Assert.AreEqual(0x0800, Check.BigEndian16(s_answer, 12));
            Assert.AreEqual(0x4500, Check.BigEndian16(s_answer, 14));
            Assert.AreEqual(totalLength, Check.BigEndian16(s_answer, 16));
            Assert.AreEqual(0, Check.BigEndian16(s_answer, 20), "routers may cut it up");
            Assert.AreEqual(0x4001, Check.BigEndian16(s_answer, 22), "time to live 64, ICMP");
            Assert.AreEqual(0, Check.NaiveChecksum(0, s_answer, 14, 20), "IPv4 checksum");
            Assert.AreEqual(RawStation.StackAddress, Check.BigEndian32(s_answer, 26));
            Assert.AreEqual(RawStation.StationAddress, Check.BigEndian32(s_answer, 30));
        }

        private static RawStation NewStation(WordOrder order)
        {
            RawStation station = new RawStation(order);
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
