// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Mdns;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// A name on the link: what a question for it takes in IL instructions, and in objects on the heap: none.
    /// </summary>
    [TestClass]
    public class MdnsTests
    {
        private const int Message = 42;

        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];

        // "board.local", type A, class IN
        private static readonly byte[] s_question = new byte[]
        {
            0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, (byte)'B', (byte)'o', (byte)'a', (byte)'r', (byte)'d', 5, (byte)'l', (byte)'o', (byte)'c',
            (byte)'a', (byte)'l', 0, 0, 1, 0, 1,
        };

        // somebody else's "board.local"
        private static readonly byte[] s_claim = new byte[]
        {
            0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 5, (byte)'b', (byte)'o', (byte)'a', (byte)'r', (byte)'d', 5, (byte)'l', (byte)'o', (byte)'c',
            (byte)'a', (byte)'l', 0, 0, 1, 0x80, 1, 0, 0, 0, 120, 0, 4, 192, 168, 1, 66,
        };

        private static RawStation s_station;
        private static MdnsResponder s_responder;
        private static int s_now;

        [TestMethod]
        public void ANameIsTakenToldAndLeftToWhoHasIt()
        {
            Begin();
            Pass(4000);
            Assert.AreEqual((int)MdnsState.Established, (int)s_responder.State);
            Assert.AreEqual("board.local", s_responder.GetHostName());
            Drain();
            Say(s_question);
            Poll();
            int length = s_station.Receive(s_bytes);
            Assert.IsTrue(length > Message, "no answer");
            Assert.AreEqual(1, Check.BigEndian16(s_bytes, Message + 6));
            Assert.AreEqual(192, (int)s_bytes[Message + 35]);
            Assert.AreEqual(50, (int)s_bytes[Message + 38]);

            // he says so, and says it again when he is asked
            Say(s_claim);
            Poll();
            Pass(300);
            Say(s_claim);
            Poll();
            Pass(4000);
            Assert.AreEqual("board-2.local", s_responder.GetHostName());
            Assert.AreEqual((int)MdnsState.Established, (int)s_responder.State);
            Drain();
            Check.AllReturned(s_station.Stack.Pool);
        }

        [TestMethod]
        public void WhatANameTakes()
        {
            Begin();
            NanoCounter.Reset();
            for (int i = 0; i < 400; i++)
            {
                s_now += 10;
                NanoCounter.Start();
                Poll();
                NanoCounter.Stop();
                Drain();
            }

            NanoCounter.Print("mdns-probe-and-announce-in-400-polls");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Assert.AreEqual((int)MdnsState.Established, (int)s_responder.State);

            Say(s_question);
            Count("mdns-question");
            Drain();
            s_now += 2000;
            Poll();
            Drain();
            s_question[13] = (byte)'x';
            Say(s_question);
            Count("mdns-question-for-others");
            s_question[13] = (byte)'B';

            // one turn looks whether there is more of what has just come
            s_now += 10;
            Poll();
            s_now += 10;
            NanoCounter.Reset();
            NanoCounter.Start();
            s_responder.Poll(s_now);
            NanoCounter.Stop();
            NanoCounter.Print("mdns-idle-poll");
            Check.AllReturned(s_station.Stack.Pool);
        }

        private static void Count(string what)
        {
            NanoCounter.Reset();
            NanoCounter.Start();
            Poll();
            NanoCounter.Stop();
            NanoCounter.Print(what);
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
        }

        private static void Begin()
        {
            s_now = 10000;
            s_station = new RawStation(WordOrder.LowByteFirst, new StackConfiguration() { MulticastGroups = 1 });
            s_station.Introduce(s_now);
            MdnsConfiguration configuration = new MdnsConfiguration()
            {
                Services = new MdnsService[] { new MdnsService() { Name = "Board page" } },
            };
            s_responder = new MdnsResponder(s_station.Stack, new SeededRandom(7), configuration);
            s_responder.Start();
            Drain();
        }

        private static void Poll()
        {
            s_station.Stack.Poll(s_now);
            s_responder.Poll(s_now);
        }

        private static void Pass(int milliseconds)
        {
            for (int i = 0; i < milliseconds; i += 10)
            {
                s_now += 10;
                Poll();
                Drain();
            }
        }

        private static void Drain()
        {
            while (s_station.Receive(s_bytes) >= 0)
            {
                // probes, announcements, reports of the group
            }
        }

        /// <summary>
        /// Has the station say something to the group.
        /// </summary>
        private static void Say(byte[] message)
        {
            RawStation.IPv4(s_bytes, 17, 8 + message.Length);
            s_bytes[0] = 0x01;
            s_bytes[1] = 0x00;
            s_bytes[2] = 0x5E;
            s_bytes[3] = 0x00;
            s_bytes[4] = 0x00;
            s_bytes[5] = 0xFB;
            RawStation.Write32(s_bytes, 30, 0xE00000FB);
            RawStation.Write16(s_bytes, 24, 0);
            RawStation.Write16(s_bytes, 24, Check.NaiveChecksum(0, s_bytes, 14, 20));
            RawStation.Write16(s_bytes, 34, 5353);
            RawStation.Write16(s_bytes, 36, 5353);
            RawStation.Write16(s_bytes, 38, 8 + message.Length);
            RawStation.Write16(s_bytes, 40, 0);
            for (int i = 0; i < message.Length; i++)
            {
                s_bytes[Message + i] = message[i];
            }

            s_station.Send(s_bytes, Message + message.Length);
        }
    }
}
