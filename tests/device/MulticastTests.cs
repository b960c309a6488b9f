// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Multicast groups, byte for byte (RFC 1112, RFC 2236).
    /// </summary>
    [TestClass]
    public class MulticastTests
    {
        private const uint Group = 0xEF8102FB;
        private const int Port = 5353;

        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];
        private static readonly byte[] s_mac = new byte[] { 0x01, 0x00, 0x5E, 0x01, 0x02, 0xFB };
        private static readonly DatagramSource s_source = new DatagramSource();

        [TestMethod]
        public void AGroupIsJoinedHeardAndLeftLowByteFirst() => AGroupIsJoinedHeardAndLeft(WordOrder.LowByteFirst);

        [TestMethod]
        public void AGroupIsJoinedHeardAndLeftHighByteFirst() => AGroupIsJoinedHeardAndLeft(WordOrder.HighByteFirst);

        [TestMethod]
        public void AQueryIsAnsweredInTime()
        {
            RawStation station = Announced(WordOrder.LowByteFirst);
            int socket = station.Stack.Sockets.Socket(SocketType.Datagram);
            Assert.AreEqual(0, station.Stack.Sockets.JoinGroup(socket, Group));
            for (int now = 0; now < 20000; now += 100)
            {
                station.Stack.Poll(now);
            }

            Assert.AreEqual(2U, station.Stack.Igmp.Counters.ReportsSent);
            while (station.Receive(s_bytes) >= 0)
            {
                // both of them
            }

            // all groups, within a second; as version 3 asks, with fields that are not looked at
            RawStation.IPv4(s_bytes, 2, 12);
            RawStation.Write16(s_bytes, 34, 0x110A);
            RawStation.Write32(s_bytes, 36, 0);
            RawStation.Write32(s_bytes, 40, 0x0000027D);
            RawStation.Write16(s_bytes, 44, 0);
            RawStation.Write16(s_bytes, 36, Check.NaiveChecksum(0, s_bytes, 34, 12));
            ToGroup(0xE0000001);
            station.Send(s_bytes, 60);
            int wait = station.Stack.Poll(20000);
            Assert.IsTrue(wait > 0 && wait <= 1000, "when the report is due");
            station.Stack.Poll(20000 + wait - 1);
            Assert.AreEqual(-1, station.Receive(s_bytes), "too early");
            station.Stack.Poll(20000 + wait);
            AssertMessage(station, 0x16, Group, s_mac);
            station.Stack.Sockets.Close(socket);
            station.Receive(s_bytes);
            Check.AllReturned(station.Stack.Pool);
        }

        private static void AGroupIsJoinedHeardAndLeft(WordOrder order)
        {
            RawStation station = Announced(order);
            SocketLayer sockets = station.Stack.Sockets;
            int socket = sockets.Socket(SocketType.Datagram);
            Assert.AreEqual(0, sockets.Bind(socket, Port));
            Assert.AreEqual(0, sockets.JoinGroup(socket, Group));
            Assert.AreEqual(2, station.StackInterface.Joined, "the group and 224.0.0.1");
            station.Stack.Poll(0);
            AssertMessage(station, 0x16, Group, s_mac);

            // a datagram of three bytes without a checksum
            RawStation.IPv4(s_bytes, 17, 8 + 3);
            RawStation.Write16(s_bytes, 34, Port);
            RawStation.Write16(s_bytes, 36, Port);
            RawStation.Write16(s_bytes, 38, 8 + 3);
            RawStation.Write16(s_bytes, 40, 0);
            s_bytes[42] = 1;
            s_bytes[43] = 2;
            s_bytes[44] = 3;
            ToGroup(Group);
            station.Send(s_bytes, 60);
            station.Stack.Poll(1);
            Assert.AreEqual(3, sockets.ReceiveFrom(socket, s_bytes, 0, 100, s_source));
            Assert.AreEqual(3, (int)s_bytes[2]);
            Assert.AreEqual(RawStation.StationAddress, s_source.Address);

            // an answer to the group, on our link only
            Assert.AreEqual(3, sockets.SendTo(socket, s_bytes, 0, 3, Group, Port));
            Assert.AreEqual(60, station.Receive(s_bytes));
            Check.Bytes(s_mac, 0, s_bytes, 0, 6);
            Assert.AreEqual(0x0111, Check.BigEndian16(s_bytes, 22), "TTL 1, UDP");
            Assert.AreEqual(Group, Check.BigEndian32(s_bytes, 30));

            Assert.AreEqual(0, sockets.Close(socket));
            AssertMessage(station, 0x17, 0xE0000002, new byte[] { 0x01, 0x00, 0x5E, 0, 0, 2 });
            Assert.AreEqual(0, station.StackInterface.Joined);
            Check.AllReturned(station.Stack.Pool);
        }

        private static RawStation Announced(WordOrder order)
        {
            RawStation station = new RawStation(order, new StackConfiguration() { GuardFrames = true, MulticastGroups = 1 });
            station.Stack.Poll(-3000);
            station.Stack.Poll(-1000);
            Assert.AreEqual(60, station.Receive(s_bytes));
            Assert.AreEqual(60, station.Receive(s_bytes));
            station.Stack.Poll(0);
            return station;
        }

        /// <summary>
        /// Sends what stands ready for the stack to a group instead.
        /// </summary>
        private static void ToGroup(uint group)
        {
            RawStation.Write32(s_bytes, 0, 0x01005E00 | ((group >> 16) & 0x7F));
            RawStation.Write16(s_bytes, 4, (int)(group & 0xFFFF));
            RawStation.Write32(s_bytes, 30, group);
            RawStation.Write16(s_bytes, 24, 0);
            RawStation.Write16(s_bytes, 24, Check.NaiveChecksum(0, s_bytes, 14, 20));
        }

        private static void AssertMessage(RawStation station, int type, uint destination, byte[] mac)
        {
            Assert.AreEqual(60, station.Receive(s_bytes));
            Check.Bytes(mac, 0, s_bytes, 0, 6);
            Check.Bytes(RawStation.StackMac, 0, s_bytes, 6, 6);
            Assert.AreEqual(0x46000020U, Check.BigEndian32(s_bytes, 14), "six words of header, 32 bytes");
            Assert.AreEqual(0x0102, Check.BigEndian16(s_bytes, 22), "TTL 1, IGMP");
            Assert.AreEqual(0, Check.NaiveChecksum(0, s_bytes, 14, 24), "IPv4 checksum");
            Assert.AreEqual(RawStation.StackAddress, Check.BigEndian32(s_bytes, 26));
            Assert.AreEqual(destination, Check.BigEndian32(s_bytes, 30));
            Assert.AreEqual(0x94040000U, Check.BigEndian32(s_bytes, 34), "Router Alert");
            Assert.AreEqual(type << 8, Check.BigEndian16(s_bytes, 38));
            Assert.AreEqual(Group, Check.BigEndian32(s_bytes, 42));
            Assert.AreEqual(0, Check.NaiveChecksum(0, s_bytes, 38, 8), "IGMP checksum");
        }
    }
}
