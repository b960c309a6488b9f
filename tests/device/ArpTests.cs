// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Arp;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// ARP, byte for byte (RFC 826).
    /// </summary>
    [TestClass]
    public class ArpTests
    {
        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];
        private static readonly byte[] s_expected = new byte[RawStation.LongestFrame];

        [TestMethod]
        public void AddressIsAnnouncedWhenTheLinkComesUp()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);
            station.Stack.Poll(0);
            Assert.AreEqual(60, station.Receive(s_bytes));
            RawStation.Arp(s_expected, 1, RawStation.StackAddress, RawStation.StackMac, RawStation.StackAddress);
            Check.Bytes(s_expected, 0, s_bytes, 0, 42);
            Assert.AreEqual(2000, station.Stack.Poll(0));
            station.Stack.Poll(2000);
            Assert.AreEqual(60, station.Receive(s_bytes));
            Check.Bytes(s_expected, 0, s_bytes, 0, 42);
            Assert.AreEqual(2U, station.Stack.Arp.Counters.AnnouncementsSent);
            AssertEnd(station);
        }

        [TestMethod]
        public void ARequestIsAnsweredLowByteFirst() => ARequestIsAnswered(WordOrder.LowByteFirst);

        [TestMethod]
        public void ARequestIsAnsweredHighByteFirst() => ARequestIsAnswered(WordOrder.HighByteFirst);

        [TestMethod]
        public void ARequestForAnotherIsNotAnswered()
        {
            RawStation station = Announced();
            RawStation.Arp(s_bytes, 1, RawStation.StationAddress, RawStation.StationMac, RawStation.StackAddress + 1);
            station.Send(s_bytes, 60);
            station.Stack.Poll(0);
            Assert.AreEqual(-1, station.Receive(s_bytes));
            Assert.AreEqual(-1, Row(station, RawStation.StationAddress), "nothing to remember");
            AssertEnd(station);
        }

        [TestMethod]
        public void ANeighbourIsResolvedAndTheParkedSegmentSent()
        {
            RawStation station = Announced();
            SocketLayer sockets = station.Stack.Sockets;
            int socket = sockets.Socket();
            Assert.AreEqual((int)SocketError.InProgress, sockets.Connect(socket, RawStation.StationAddress, 80));
            station.Stack.Poll(1);

            RawStation.Arp(s_expected, 1, RawStation.StackAddress, RawStation.StackMac, RawStation.StationAddress);
            Assert.AreEqual(60, station.Receive(s_bytes));
            Check.Bytes(s_expected, 0, s_bytes, 0, 42);
            Assert.AreEqual(-1, station.Receive(s_bytes), "the SYN is parked");
            Assert.AreEqual((int)ArpEntryState.Incomplete, (int)station.Stack.Arp.GetState(Row(station, RawStation.StationAddress)));

            RawStation.Arp(s_bytes, 2, RawStation.StationAddress, RawStation.StationMac, RawStation.StackAddress);
            station.Send(s_bytes, 60);
            station.Stack.Poll(5);
            Assert.AreEqual((int)ArpEntryState.Reachable, (int)station.Stack.Arp.GetState(Row(station, RawStation.StationAddress)));
            Assert.AreEqual(62, station.Receive(s_bytes));
            Check.Bytes(RawStation.StationMac, 0, s_bytes, 0, 6);
            Check.Bytes(RawStation.StackMac, 0, s_bytes, 6, 6);
            Assert.AreEqual(0x0800, Check.BigEndian16(s_bytes, 12));
            Assert.AreEqual(0, Check.NaiveChecksum(0, s_bytes, 14, 20), "IPv4 checksum");
            Assert.AreEqual(RawStation.StationAddress, Check.BigEndian32(s_bytes, 30));
            Assert.AreEqual(80, Check.BigEndian16(s_bytes, 36));
            Assert.AreEqual(0x7002, Check.BigEndian16(s_bytes, 46), "a SYN with eight bytes of options");
            sockets.Close(socket);
            AssertEnd(station);
        }

        [TestMethod]
        public void NobodyAnswers()
        {
            RawStation station = Announced();
            SocketLayer sockets = station.Stack.Sockets;
            int socket = sockets.Socket();
            sockets.Connect(socket, RawStation.StationAddress, 80);
            int requests = 0;
            for (int now = 0; now < 3000; now += 100)
            {
                station.Stack.Poll(now);
                while (station.Receive(s_bytes) >= 0)
                {
                    requests++;
                }
            }

            Assert.AreEqual(3, requests, "one a second");
            Check.Error(SocketError.Success, sockets.GetError(socket));
            station.Stack.Poll(3000);
            Check.Error(SocketError.HostUnreachable, sockets.GetError(socket));
            int row = Row(station, RawStation.StationAddress);
            Assert.AreEqual((int)ArpEntryState.Failed, (int)station.Stack.Arp.GetState(row));
            station.Stack.Poll(3000 + ArpLayer.FailedTime - 1);
            Assert.AreEqual((int)ArpEntryState.Failed, (int)station.Stack.Arp.GetState(row));
            station.Stack.Poll(3000 + ArpLayer.FailedTime);
            Assert.AreEqual((int)ArpEntryState.Free, (int)station.Stack.Arp.GetState(row));
            Assert.AreEqual(-1, station.Receive(s_bytes));
            sockets.Close(socket);
            AssertEnd(station);
        }

        [TestMethod]
        public void AnEntryThatIsNotUsedAges()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);
            station.Introduce(1000);
            int row = Row(station, RawStation.StationAddress);
            Assert.AreEqual((int)ArpEntryState.Reachable, (int)station.Stack.Arp.GetState(row));
            station.Stack.Poll(1000 + ArpLayer.ReachableTime - 1);
            Assert.AreEqual((int)ArpEntryState.Reachable, (int)station.Stack.Arp.GetState(row));
            station.Stack.Poll(1000 + ArpLayer.ReachableTime);
            Assert.AreEqual((int)ArpEntryState.Free, (int)station.Stack.Arp.GetState(row));
            Assert.AreEqual(-1, station.Receive(s_bytes), "nobody needs it, nobody asks");
            AssertEnd(station);
        }

        [TestMethod]
        public void AnEntryThatIsUsedIsConfirmedByItsOwnerAlone()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);
            station.Introduce(0);
            station.Send(s_bytes, RawStation.Echo(s_bytes, 32));
            station.Stack.Poll(40000);
            Assert.AreEqual(74, station.Receive(s_bytes), "an answer, which uses the entry");

            station.Stack.Poll(ArpLayer.ReconfirmTime);
            Assert.AreEqual(60, station.Receive(s_bytes));
            RawStation.Arp(s_expected, 1, RawStation.StackAddress, RawStation.StackMac, RawStation.StationAddress);
            Check.Bytes(RawStation.StationMac, 0, s_bytes, 0, 6);
            Check.Bytes(s_expected, 6, s_bytes, 6, 36);

            RawStation.Arp(s_bytes, 2, RawStation.StationAddress, RawStation.StationMac, RawStation.StackAddress);
            station.Send(s_bytes, 60);
            station.Stack.Poll(ArpLayer.ReconfirmTime + 1);
            station.Stack.Poll(ArpLayer.ReachableTime + 1);
            int row = Row(station, RawStation.StationAddress);
            Assert.AreEqual((int)ArpEntryState.Reachable, (int)station.Stack.Arp.GetState(row));
            Assert.AreEqual(-1, station.Receive(s_bytes));
            AssertEnd(station);
        }

        [TestMethod]
        public void AnAddressThatSomebodyElseUsesTwiceIsGivenUpIfWanted()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst, new StackConfiguration() { GuardFrames = true, YieldAddress = true });
            station.Stack.Poll(0);
            station.Stack.Poll(2000);
            station.Receive(s_bytes);
            station.Receive(s_bytes);
            SocketLayer sockets = station.Stack.Sockets;
            int socket = sockets.Socket();
            Assert.AreEqual((int)SocketError.InProgress, sockets.Connect(socket, RawStation.StationAddress, 80));
            for (int i = 0; i < 2; i++)
            {
                Assert.AreEqual((int)AddressState.InUse, (int)station.Stack.Arp.AddressState);
                RawStation.Arp(s_bytes, 1, RawStation.StackAddress, RawStation.StationMac, RawStation.StackAddress);
                station.Send(s_bytes, 60);
                station.Stack.Poll(3000 + i);
            }

            Assert.AreEqual((int)AddressState.Taken, (int)station.Stack.Arp.AddressState);
            Assert.AreEqual(0U, station.Stack.IPv4.Address);
            Assert.AreEqual(1U, station.Stack.Arp.Counters.Defences);
            Check.Error(SocketError.AddressNotAvailable, sockets.GetError(socket));
            while (station.Receive(s_bytes) >= 0)
            {
                // the defence, and the request for the peer
            }

            // asked for again after a minute, in use again after three probes that nobody has answered
            for (int now = 3100; now < 75000; now += 100)
            {
                station.Stack.Poll(now);
            }

            Assert.AreEqual(3U, station.Stack.Arp.Counters.ProbesSent);
            Assert.AreEqual(RawStation.StackAddress, station.Stack.IPv4.Address);
            while (station.Receive(s_bytes) >= 0)
            {
                // probes and announcements
            }

            sockets.Close(socket);
            AssertEnd(station);
        }

        private static void ARequestIsAnswered(WordOrder order)
        {
            RawStation station = new RawStation(order);
            station.Stack.Poll(0);
            station.Receive(s_bytes);
            RawStation.Arp(s_bytes, 1, RawStation.StationAddress, RawStation.StationMac, RawStation.StackAddress);
            station.Send(s_bytes, 60);
            station.Stack.Poll(10);
            Assert.AreEqual(60, station.Receive(s_bytes));

            RawStation.Arp(s_expected, 2, RawStation.StackAddress, RawStation.StackMac, RawStation.StationAddress);
            for (int i = 0; i < 6; i++)
            {
                s_expected[i] = RawStation.StationMac[i];
                s_expected[32 + i] = RawStation.StationMac[i];
            }

            Check.Bytes(s_expected, 0, s_bytes, 0, 42);
            Assert.AreEqual(-1, station.Receive(s_bytes));
            Assert.AreEqual(1U, station.Stack.Arp.Counters.RequestsReceived);
            Assert.AreEqual(1U, station.Stack.Arp.Counters.RepliesSent);
            Assert.AreEqual((int)ArpEntryState.Reachable, (int)station.Stack.Arp.GetState(Row(station, RawStation.StationAddress)));
            AssertEnd(station);
        }

        private static RawStation Announced()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst);

            // the link came up a while ago: both announcements are out
            station.Stack.Poll(-3000);
            station.Stack.Poll(-1000);
            Assert.AreEqual(60, station.Receive(s_bytes));
            Assert.AreEqual(60, station.Receive(s_bytes));
            station.Stack.Poll(0);
            return station;
        }

        private static int Row(RawStation station, uint address)
        {
            for (int i = 0; i < station.Stack.Arp.EntryCount; i++)
            {
                if (station.Stack.Arp.GetAddress(i) == address)
                {
                    return i;
                }
            }

            return -1;
        }

        private static void AssertEnd(RawStation station)
        {
            Check.AllReturned(station.Stack.Pool);
            Check.AllReturned(station.Pool);
            Assert.AreEqual(0, station.Stack.Tcp.BlocksInUse);
        }
    }
}
