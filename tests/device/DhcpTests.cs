// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Arp;
using TcpIp.Dhcp;
using TcpIp.Frames;
using TcpIp.Link;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// A lease from a server made of a few bytes: what it takes in IL instructions, and in objects on the heap: none.
    /// </summary>
    [TestClass]
    public class DhcpTests
    {
        private const uint Leased = 0xC0A8014D;
        private const int Message = 42;
        private const int Options = Message + 240;

        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];

        private static RawStation s_station;
        private static DhcpClient s_client;
        private static int s_now;

        [TestMethod]
        public void ALeaseIsObtainedKeptAndRenewed()
        {
            Begin(1);
            Poll();
            Answer(2);
            Poll();
            Answer(5);
            Poll();
            Assert.IsTrue(s_client.IsBound, "no lease");
            Assert.AreEqual(Leased, s_station.Stack.IPv4.Address);
            Assert.AreEqual(RawStation.StationAddress, s_client.Lease.Router);
            Assert.AreEqual(RawStation.StationAddress, s_client.Lease.GetDnsServer(0));
            Assert.AreEqual(3600U, s_client.SecondsLeft);

            // at T1 it is asked for again, and ends with its time
            Advance(1800);
            Assert.AreEqual((int)DhcpState.Renewing, (int)s_client.State);
            Advance(1790);
            Assert.AreEqual(Leased, s_station.Stack.IPv4.Address);
            Advance(20);
            Assert.AreEqual(0U, s_station.Stack.IPv4.Address);
            Drain();
            Check.AllReturned(s_station.Stack.Pool);
        }

        [TestMethod]
        public void WhatALeaseTakes()
        {
            Begin(1);
            NanoCounter.Reset();
            Poll();
            Answer(2);
            Poll();
            Answer(5);
            Poll();
            NanoCounter.Print("dhcp-lease");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Assert.IsTrue(s_client.IsBound, "no lease");
            Drain();
            Advance(10);
            Drain();

            NanoCounter.Reset();
            NanoCounter.Start();
            s_client.Poll(s_now);
            NanoCounter.Stop();
            NanoCounter.Print("dhcp-idle-poll");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Check.AllReturned(s_station.Stack.Pool);
        }

        private static void Begin(uint seed)
        {
            s_now = 1000;
            s_station = new RawStation(WordOrder.LowByteFirst, false);
            DhcpConfiguration configuration = new DhcpConfiguration() { HostName = "board", StartSpread = 1, Conflicts = ConflictPolicy.None };
            s_client = new DhcpClient(s_station.Stack, new MacAddress(RawStation.StackMac), new SeededRandom(seed), configuration);
            s_client.Start();
            Drain();
        }

        private static void Poll()
        {
            NanoCounter.Start();
            s_station.Stack.Poll(s_now);
            s_client.Poll(s_now);
            NanoCounter.Stop();
        }

        private static void Advance(int seconds)
        {
            for (int i = 0; i < seconds; i++)
            {
                s_now += 1000;
                s_station.Stack.Poll(s_now);
                s_client.Poll(s_now);
                Drain();
            }
        }

        private static void Drain()
        {
            while (s_station.Receive(s_bytes) >= 0)
            {
                // announcements, and questions that nobody answers
            }
        }

        /// <summary>
        /// Answers the client's last message, to all.
        /// </summary>
        private static void Answer(int type)
        {
            do
            {
                Assert.IsTrue(s_station.Receive(s_bytes) >= 0, "nothing was asked");
            }
            while (Check.BigEndian16(s_bytes, 36) != 67);

            // xid and chaddr stay as they are
            for (int i = 0; i < 6; i++)
            {
                s_bytes[i] = 0xFF;
                s_bytes[6 + i] = RawStation.StationMac[i];
            }

            s_bytes[Message] = 2;
            RawStation.Write32(s_bytes, Message + 16, Leased);
            byte[] options = new byte[]
            {
                53, 1, (byte)type, 54, 4, 192, 168, 1, 7, 51, 4, 0, 0, 14, 16, 1, 4, 255, 255, 255, 0, 3, 4, 192, 168, 1, 7,
                6, 4, 192, 168, 1, 7, 255,
            };
            int length = 300 + 8;
            for (int i = 0; i < length - 240 - 8; i++)
            {
                s_bytes[Options + i] = i < options.Length ? options[i] : (byte)0;
            }

            RawStation.Write16(s_bytes, 16, 20 + length);
            RawStation.Write32(s_bytes, 26, RawStation.StationAddress);
            RawStation.Write32(s_bytes, 30, 0xFFFFFFFF);
            RawStation.Write16(s_bytes, 24, 0);
            RawStation.Write16(s_bytes, 24, Check.NaiveChecksum(0, s_bytes, 14, 20));
            RawStation.Write16(s_bytes, 34, 67);
            RawStation.Write16(s_bytes, 36, 68);
            RawStation.Write16(s_bytes, 38, length);
            RawStation.Write16(s_bytes, 40, 0);
            s_station.Send(s_bytes, 34 + length);
        }
    }
}
