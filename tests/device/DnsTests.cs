// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Dns;
using TcpIp.Frames;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Names from a server made of a few bytes: what a lookup takes in IL instructions, and in objects on the heap: none.
    /// </summary>
    [TestClass]
    public class DnsTests
    {
        private const uint Address = 0xCB007150;
        private const int Message = 42;

        // a literal in a statement would be made anew each time
        private static readonly string s_name = "www.Example.org";
        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];

        private static RawStation s_station;
        private static DnsResolver s_resolver;
        private static int s_now;

        [TestMethod]
        public void ANameIsFoundRememberedAndForgotten()
        {
            Begin();
            int lookup = s_resolver.Begin(s_name);
            Poll();
            Answer(0, 5);
            Poll();
            Expect(0, lookup);
            lookup = s_resolver.Begin("WWW.example.ORG.");
            Poll();
            Expect(0, lookup);
            Assert.AreEqual(1U, s_resolver.Counters.Queries);
            s_now += 5000;
            lookup = s_resolver.Begin(s_name);
            Poll();
            Answer(3, 60);
            Poll();
            Expect((int)SocketError.HostNotFound, lookup);
            Assert.AreEqual(2U, s_resolver.Counters.Queries);
            Check.AllReturned(s_station.Stack.Pool);
        }

        [TestMethod]
        public void WhatIsNoNameIsRefusedAndAnAddressNeedsNobody()
        {
            Begin();
            Assert.AreEqual((int)SocketError.InvalidArgument, s_resolver.Begin("a b"));
            Assert.AreEqual((int)SocketError.InvalidArgument, s_resolver.Begin("b\u00FCcher"));
            uint address;
            Assert.AreEqual(0, s_resolver.GetResult(s_resolver.Begin("203.0.113.80"), out address));
            Assert.AreEqual(Address, address);
            Assert.AreEqual((int)SocketError.HostNotFound, s_resolver.GetResult(s_resolver.Begin("1.2.3"), out address));
        }

        [TestMethod]
        public void AnAnswerWithAnotherNumberIsNotHeard()
        {
            Begin();
            int lookup = s_resolver.Begin(s_name);
            Poll();
            int length = Read(0, 60);
            s_bytes[Message] ^= 1;
            s_station.Send(s_bytes, length);
            Poll();
            Expect((int)SocketError.WouldBlock, lookup);
            Assert.AreEqual(1U, s_resolver.Counters.NotOurs);
            s_bytes[Message] ^= 1;
            s_station.Send(s_bytes, length);
            Poll();
            Expect(0, lookup);
            Check.AllReturned(s_station.Stack.Pool);
        }

        [TestMethod]
        public void WhatALookupTakes()
        {
            Begin();
            NanoCounter.Reset();
            int lookup = Count();
            Answer(0, 60);
            CountPoll();
            Expect(0, lookup);
            NanoCounter.Print("dns-lookup");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");

            NanoCounter.Reset();
            lookup = Count();
            Expect(0, lookup);
            NanoCounter.Print("dns-lookup-remembered");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");

            s_now += 10;
            Poll();
            NanoCounter.Reset();
            NanoCounter.Start();
            s_resolver.Poll(s_now);
            NanoCounter.Stop();
            NanoCounter.Print("dns-idle-poll");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Check.AllReturned(s_station.Stack.Pool);
        }

        private static void Begin()
        {
            s_now = 10000;
            s_station = new RawStation(WordOrder.LowByteFirst, false);
            s_station.Introduce(s_now);
            s_resolver = new DnsResolver(s_station.Stack, new SeededRandom(7), new DnsConfiguration());
            Assert.AreEqual(0, s_resolver.SetServer(0, RawStation.StationAddress));
            Poll();
            while (s_station.Receive(s_bytes) >= 0)
            {
                // announcements
            }
        }

        private static void Poll()
        {
            s_station.Stack.Poll(s_now);
            s_resolver.Poll(s_now);
        }

        private static int Count()
        {
            NanoCounter.Start();
            int lookup = s_resolver.Begin(s_name);
            NanoCounter.Stop();
            CountPoll();
            return lookup;
        }

        private static void CountPoll()
        {
            NanoCounter.Start();
            Poll();
            NanoCounter.Stop();
        }

        private static void Expect(int result, int lookup)
        {
            uint address;
            Assert.AreEqual(result, s_resolver.GetResult(lookup, out address));
            Assert.AreEqual(result == 0 ? Address : 0U, address);
        }

        private static void Answer(int code, int seconds)
        {
            s_station.Send(s_bytes, Read(code, seconds));
        }

        /// <summary>
        /// Makes an answer of the question that was asked last.
        /// </summary>
        /// <returns>The length of the frame.</returns>
        private static int Read(int code, int seconds)
        {
            int end;
            do
            {
                end = s_station.Receive(s_bytes);
                Assert.IsTrue(end >= 0, "nothing was asked");
            }
            while (Check.BigEndian16(s_bytes, 36) != 53);

            int port = Check.BigEndian16(s_bytes, 34);
            end = Message + Check.BigEndian16(s_bytes, 38) - 8;
            for (int i = 0; i < 6; i++)
            {
                s_bytes[i] = RawStation.StackMac[i];
                s_bytes[6 + i] = RawStation.StationMac[i];
            }

            s_bytes[Message + 2] = 0x81;
            s_bytes[Message + 3] = (byte)(0x80 | code);
            if (code == 0)
            {
                // the name in the question, type A, class IN
                s_bytes[Message + 7] = 1;
                byte[] record = new byte[] { 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, (byte)seconds, 0, 4 };
                for (int i = 0; i < record.Length; i++)
                {
                    s_bytes[end + i] = record[i];
                }

                end += record.Length;
                RawStation.Write32(s_bytes, end, Address);
                end += 4;
            }

            RawStation.Write16(s_bytes, 16, end - 14);
            RawStation.Write32(s_bytes, 26, RawStation.StationAddress);
            RawStation.Write32(s_bytes, 30, RawStation.StackAddress);
            RawStation.Write16(s_bytes, 24, 0);
            RawStation.Write16(s_bytes, 24, Check.NaiveChecksum(0, s_bytes, 14, 20));
            RawStation.Write16(s_bytes, 34, 53);
            RawStation.Write16(s_bytes, 36, port);
            RawStation.Write16(s_bytes, 38, end - 34);
            RawStation.Write16(s_bytes, 40, 0);
            return end;
        }
    }
}
