// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Sntp;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// The time from a server made of a few bytes: what it takes in IL instructions, and in objects on the heap: none.
    /// </summary>
    [TestClass]
    public class SntpTests
    {
        private const int Message = 42;

        // 2026-11-30 12:00:00 UTC in seconds since 1900, and in milliseconds since 1970; and two moments around the wrap of 2036
        private const uint Seconds = 4005028800;
        private const long Milliseconds = 1796040000000;
        private const long BeforeWrap = 2085978495000;

        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];

        private static RawStation s_station;
        private static SntpClient s_client;
        private static int s_now;

        [TestMethod]
        public void TheTimeIsToldAndGoesOn()
        {
            Begin();
            Poll();
            Assert.AreEqual(-1L, s_client.GetTime(s_now));
            s_now += 40;
            Answer(Seconds, 0x80000000);
            Poll();
            Assert.AreEqual(Milliseconds + 520, s_client.GetTime(s_now));
            Assert.AreEqual(40, s_client.RoundTrip);
            s_now += 1000000;
            Assert.AreEqual(Milliseconds + 1000520, s_client.GetTime(s_now));
            Check.AllReturned(s_station.Stack.Pool);
        }

        [TestMethod]
        public void TheWrapOf2036IsNothingSpecial()
        {
            Begin();
            Poll();
            Answer(0xFFFFFFFF, 0);
            Poll();
            Assert.AreEqual(BeforeWrap, s_client.GetTime(s_now));
            Begin();
            Poll();
            Answer(0, 0x40000000);
            Poll();
            Assert.AreEqual(BeforeWrap + 1250, s_client.GetTime(s_now));
        }

        [TestMethod]
        public void WhatTheTimeTakes()
        {
            Begin();
            NanoCounter.Reset();
            Poll();
            Answer(Seconds, 0);
            Poll();
            NanoCounter.Print("sntp-time");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Assert.AreEqual(Milliseconds, s_client.GetTime(s_now));

            s_now += 10;
            NanoCounter.Reset();
            NanoCounter.Start();
            s_client.Poll(s_now);
            NanoCounter.Stop();
            NanoCounter.Print("sntp-idle-poll");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Check.AllReturned(s_station.Stack.Pool);
        }

        private static void Begin()
        {
            s_now = 10000;
            s_station = new RawStation(WordOrder.LowByteFirst, false);
            s_station.Introduce(s_now);
            s_client = new SntpClient(s_station.Stack, new SeededRandom(7), new SntpConfiguration() { StartSpread = 1 });
            Assert.AreEqual(0, s_client.SetServer(0, RawStation.StationAddress));
            s_station.Stack.Poll(s_now);
            while (s_station.Receive(s_bytes) >= 0)
            {
                // announcements
            }
        }

        private static void Poll()
        {
            NanoCounter.Start();
            s_station.Stack.Poll(s_now);
            s_client.Poll(s_now);
            NanoCounter.Stop();
        }

        /// <summary>
        /// Answers the question that was asked last.
        /// </summary>
        private static void Answer(uint seconds, uint fraction)
        {
            do
            {
                Assert.IsTrue(s_station.Receive(s_bytes) >= 0, "nothing was asked");
            }
            while (Check.BigEndian16(s_bytes, 36) != 123);

            int port = Check.BigEndian16(s_bytes, 34);
            for (int i = 0; i < 6; i++)
            {
                s_bytes[i] = RawStation.StackMac[i];
                s_bytes[6 + i] = RawStation.StationMac[i];
            }

            s_bytes[Message] = 0x24;
            s_bytes[Message + 1] = 1;
            for (int i = 0; i < 8; i++)
            {
                s_bytes[Message + 24 + i] = s_bytes[Message + 40 + i];
            }

            RawStation.Write32(s_bytes, Message + 32, seconds);
            RawStation.Write32(s_bytes, Message + 36, fraction | 1);
            RawStation.Write32(s_bytes, Message + 40, seconds);
            RawStation.Write32(s_bytes, Message + 44, fraction | 1);
            RawStation.Write32(s_bytes, 26, RawStation.StationAddress);
            RawStation.Write32(s_bytes, 30, RawStation.StackAddress);
            RawStation.Write16(s_bytes, 24, 0);
            RawStation.Write16(s_bytes, 24, Check.NaiveChecksum(0, s_bytes, 14, 20));
            RawStation.Write16(s_bytes, 34, 123);
            RawStation.Write16(s_bytes, 36, port);
            RawStation.Write16(s_bytes, 40, 0);
            s_station.Send(s_bytes, Message + 48);
        }
    }
}
