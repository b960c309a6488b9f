// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Threading;
using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Link;
using TcpIp.Threading;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Sockets for many threads, with the runtime's own threads and time, over loopback in the stack and over a cable in memory.
    /// </summary>
    [TestClass]
    public class ThreadingTests
    {
        private const uint Localhost = 0x7F000001;
        private const int Port = 7;
        private const int Clients = 3;
        private const int Rounds = 20;
        private const int Pings = 40;

        // a computing thread has the processor for 20 ms at a time: 50 ms where the runtime has a processor of its own, and a PC's other work comes on top
        private const int LongestAverage = 150;

        private static EthernetInterface s_network;
        private static int s_listener;
        private static int s_done;
        private static int s_nextClient;
        private static int s_wrong;
        private static int s_result;
        private static int s_endedAt;
        private static bool s_stop;
        private static int s_work;
        private static int s_sum;
        private static PingLink s_link;
        private static PolledController s_controller;

        [TestMethod]
        public void ThreadsTalkOverLoopback()
        {
            SocketHost host = Begin();
            s_listener = Listen(host);
            s_done = 0;
            s_wrong = 0;
            s_nextClient = 0;
            for (int i = 0; i < Clients; i++)
            {
                new Thread(Serve).Start();
                new Thread(Ask).Start();
            }

            WaitFor(2 * Clients, 20000);
            Assert.AreEqual(0, s_wrong, "wrong answers");
            Assert.AreEqual(2 * Clients, s_done, "threads that have ended");
            Assert.AreEqual(0, host.Close(s_listener));
            Assert.AreEqual(0, host.OpenHandles, "handles");
            End();
        }

        [TestMethod]
        public void ClosingEndsAWaitInAnotherThread()
        {
            SocketHost host = Begin();
            s_listener = Listen(host);
            s_done = 0;
            new Thread(WaitToAccept).Start();
            Thread.Sleep(100);
            Assert.AreEqual(0, s_done, "it waits");
            int closedAt = Now();
            Assert.AreEqual(0, host.Close(s_listener));
            WaitFor(1, 1000);
            Assert.AreEqual((int)SocketError.ConnectionAborted, s_result);
            Assert.IsTrue(s_endedAt - closedAt < 100, "it took long");
            End();
        }

        [TestMethod]
        public void AWaitEndsInTime()
        {
            SocketHost host = Begin();
            int listener = Listen(host);
            int beganAt = Now();
            Assert.AreEqual((int)SocketError.WouldBlock, host.Accept(listener, 150));
            int took = Now() - beganAt;
            Assert.IsTrue(took >= 150 && took < 400, "took " + took.ToString());
            host.Close(listener);
            End();
        }

        /// <summary>Questions, and calls that find all they want, with the loopback's way through the stack where there is one.</summary>
        [TestMethod]
        public void CallsMakeNoObject()
        {
            SocketHost host = Begin();
            byte[] buffer = new byte[1400];
            uint[] source = new uint[2];
            int listener = Listen(host);
            int client = host.OpenStream();

            // once before it is counted: a thread's first wait may cost
            Assert.AreEqual(0, host.Connect(client, Localhost, Port, 2000));
            int server = host.Accept(listener, 2000);
            Assert.IsTrue(server >= 0, "accept");
            Exchange(host, client, server, buffer, 10);

            Count();
            host.Poll(client, SocketHost.PollRead, 0);
            NanoCounter.Stop();
            Report("poll-read-0");
            Count();
            host.GetAvailable(client);
            NanoCounter.Stop();
            Report("available");
            Count();
            host.GetRemoteAddress(client);
            NanoCounter.Stop();
            Report("remote-address");
            Exchange(host, client, server, buffer, 100);
            Exchange(host, client, server, buffer, 1400);
            Count();
            int result = host.Receive(client, buffer, 0, 100, false, 20);
            NanoCounter.Stop();
            Report("receive-that-waits-20-ms");
            Assert.AreEqual((int)SocketError.WouldBlock, result);
            Count();
            int other = host.OpenStream();
            host.Bind(other, 0, 0);
            host.Listen(other, 1);
            host.Close(other);
            NanoCounter.Stop();
            Report("open-bind-listen-close");
            Count();
            other = host.OpenStream();
            result = host.Connect(other, Localhost, Port, 2000);
            int accepted = host.Accept(listener, 2000);
            host.Close(other);
            host.Close(accepted);
            Thread.Sleep(50);
            NanoCounter.Stop();
            Report("connect-accept-close");
            Assert.AreEqual(0, result);
            int datagrams = host.OpenDatagram();
            host.Bind(datagrams, 0, 9);
            Count();
            host.SendTo(datagrams, buffer, 0, 100, Localhost, 9, 1000);
            result = host.ReceiveFrom(datagrams, buffer, 0, 1400, false, 1000, source);
            NanoCounter.Stop();
            Report("datagram-to-itself-100");
            Assert.AreEqual(100, result);
            host.Close(datagrams);
            host.Close(client);
            host.Close(server);
            host.Close(listener);
            End();
        }

        [TestMethod]
        public void WhatStartingTakes()
        {
            PingLink link = new PingLink();
            EthernetConfiguration configuration = Configuration();
            End();
            NanoCounter.Reset();
            NanoCounter.Start();
            s_network = EthernetInterface.Use(new PolledController(link, configuration.Threads), configuration);
            NanoCounter.Stop();
            NanoCounter.Print("threading-start-with-stack-and-resolver");
            End();
        }

        [TestMethod]
        public void APingIsAnsweredBesideThreadsThatCompute()
        {
            PingLink link = new PingLink();
            End();
            EthernetConfiguration configuration = Configuration();
            configuration.Address = RawStation.StackAddress;
            PolledController controller = new PolledController(link, configuration.Threads);
            s_network = EthernetInterface.Use(controller, configuration);
            Thread.Sleep(50);
            int alone = Ping(link, controller);
            s_stop = false;
            s_done = 0;
            s_link = link;
            s_controller = controller;
            link.Worst = 0;
            new Thread(ComputeAndPing).Start();
            new Thread(Compute).Start();
            new Thread(Compute).Start();
            WaitFor(1, 20000);
            s_stop = true;
            int beside = s_done == 0 ? -1 : s_sum * 1000 / Pings;
            OutputHelper.WriteLine("nano-ping,alone-us=" + alone.ToString() + ",beside-three-that-compute-us=" + beside.ToString()
                + ",worst-ms=" + link.Worst.ToString());
            End();
            Assert.IsTrue(alone >= 0 && beside >= 0, "a ping was not answered");
            Assert.IsTrue(beside < LongestAverage * 1000, "on average " + (beside / 1000).ToString() + " ms");
        }

        /// <summary>A controller without a pin is asked again and again for some time after a frame; a thread that computes goes on all the same.</summary>
        [TestMethod]
        public void AThreadThatComputesGoesOnBesideTraffic()
        {
            End();
            PingLink link = new PingLink();
            EthernetConfiguration configuration = Configuration();
            configuration.Address = RawStation.StackAddress;
            PolledController controller = new WatchfulController(link, configuration.Threads);
            s_network = EthernetInterface.Use(controller, configuration);
            Thread.Sleep(200);
            s_stop = false;
            new Thread(Compute).Start();
            int before = s_work;
            Thread.Sleep(400);
            int alone = s_work - before;
            before = s_work;
            for (int i = 0; i < 20; i++)
            {
                link.Ask();
                controller.Wake();
                Thread.Sleep(20);
            }

            int beside = s_work - before;
            s_stop = true;
            OutputHelper.WriteLine("nano-share,percent=" + (beside / ((alone / 100) + 1)).ToString());
            End();
            Assert.IsTrue(beside > alone / 10, "of " + alone.ToString() + " only " + beside.ToString());
        }

        /// <summary>What a turn of the network thread takes that finds nothing: a driver without a pin has it made often.</summary>
        [TestMethod]
        public void AnIdleTurn()
        {
            End();
            PingLink link = new PingLink();
            EthernetConfiguration configuration = Configuration();
            configuration.Address = RawStation.StackAddress;
            s_network = EthernetInterface.Use(new PolledController(link, configuration.Threads), configuration);
            Thread.Sleep(500);
            link.Interval = 5;
            link.Polls = 0;
            Thread.Sleep(1200);
            Count();
            int polls = link.Polls;
            Thread.Sleep(200);
            polls = link.Polls - polls;
            NanoCounter.Stop();
            OutputHelper.WriteLine("nano-cost,threading-idle-turn,il=" + (NanoCounter.Instructions / (polls == 0 ? 1 : polls)).ToString()
                + ",turns=" + polls.ToString());
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            End();
        }

        private static int Ping(PingLink link, PolledController controller)
        {
            int sum = 0;
            link.Worst = 0;
            for (int i = 0; i < Pings; i++)
            {
                // not in step with anything
                Thread.Sleep(7 + ((i * 13) % 31));
                link.Ask();
                controller.Wake();
                for (int wait = 0; wait < 200 && link.Took < 0; wait++)
                {
                    Thread.Sleep(5);
                }

                if (link.Took < 0)
                {
                    return -1;
                }

                sum += link.Took;
            }

            return sum * 1000 / Pings;
        }

        private static void Compute()
        {
            while (!s_stop)
            {
                s_work++;
            }
        }

        /// <summary>Computes too; the frames come in while it has the processor, as they do on a board, and it does not give it up for them.</summary>
        private static void ComputeAndPing()
        {
            int next = Now();
            int pings = 0;
            s_sum = 0;
            while (!s_stop)
            {
                for (int i = 0; i < 200; i++)
                {
                    s_work++;
                }

                int now = Now();
                if (now - next >= 0 && s_link.Took >= 0)
                {
                    if (pings > 0)
                    {
                        s_sum += s_link.Took;
                    }

                    if (pings++ == Pings)
                    {
                        s_stop = true;
                        s_done = 1;
                        return;
                    }

                    next = now + 31 + ((pings * 13) % 47);
                    s_link.Ask();
                    s_controller.Wake();
                }
            }
        }

        private static void Exchange(SocketHost host, int from, int to, byte[] buffer, int count)
        {
            string size = count.ToString();
            string send = "send-" + size;
            string arrive = "arrive-" + size;
            string receive = "receive-" + size;
            Count();
            int sent = host.Send(from, buffer, 0, count, 1000);
            NanoCounter.Stop();
            Report(send);

            // the network thread brings it in, and the acknowledgment back
            Count();
            Thread.Sleep(150);
            NanoCounter.Stop();
            Report(arrive);
            Assert.AreEqual(count, sent);
            Count();
            int received = host.Receive(to, buffer, 0, 1400, false, 1000);
            NanoCounter.Stop();
            Report(receive);
            Assert.AreEqual(count, received);
        }

        /// <summary>Between this and Stop no text may be named: it is an object.</summary>
        private static void Count()
        {
            NanoCounter.Reset();
            NanoCounter.Start();
        }

        private static void Report(string what)
        {
            NanoCounter.Print("threading-" + what);
            Assert.AreEqual(0L, NanoCounter.Objects, "objects of " + what);
        }

        private static void Serve()
        {
            SocketHost host = s_network.Sockets;
            byte[] buffer = new byte[200];
            int handle = host.Accept(s_listener, 10000);
            int count = handle;
            while (count > 0)
            {
                count = host.Receive(handle, buffer, 0, 200, false, 10000);
                if (count > 0 && host.Send(handle, buffer, 0, count, 10000) != count)
                {
                    s_wrong++;
                }
            }

            s_wrong += count < 0 ? 1 : 0;
            host.Close(handle);
            Interlocked.Increment(ref s_done);
        }

        private static void Ask()
        {
            SocketHost host = s_network.Sockets;
            int number = Interlocked.Increment(ref s_nextClient);
            byte[] sent = Check.Pattern(150, number);
            byte[] buffer = new byte[200];
            int handle = host.OpenStream();
            if (host.Connect(handle, Localhost, Port, 10000) != 0)
            {
                s_wrong++;
            }

            for (int round = 0; round < Rounds; round++)
            {
                host.Send(handle, sent, 0, 150, 10000);
                int length = 0;
                while (length < 150)
                {
                    int count = host.Receive(handle, buffer, length, 150 - length, false, 10000);
                    if (count <= 0)
                    {
                        break;
                    }

                    length += count;
                }

                for (int i = 0; i < 150; i++)
                {
                    if (length != 150 || buffer[i] != sent[i])
                    {
                        s_wrong++;
                        break;
                    }
                }
            }

            host.Close(handle);
            Interlocked.Increment(ref s_done);
        }

        private static void WaitToAccept()
        {
            s_result = s_network.Sockets.Accept(s_listener, SocketHost.Forever);
            s_endedAt = Now();
            Interlocked.Increment(ref s_done);
        }

        private static int Now() => (int)Environment.TickCount64;

        /// <summary>The last test leaves nobody behind, or the runtime would not end.</summary>
        [Cleanup]
        public void StopNetwork() => End();

        private static void WaitFor(int threads, int milliseconds)
        {
            for (int i = 0; i < milliseconds && s_done < threads; i += 10)
            {
                Thread.Sleep(10);
            }
        }

        private static EthernetConfiguration Configuration()
        {
            EthernetConfiguration configuration = new EthernetConfiguration();
            configuration.Dhcp = null;
            configuration.Address = TwoHosts.ServerAddress;
            configuration.Netmask = 0xFFFFFF00;
            configuration.Random = new SeededRandom(99);
            return configuration;
        }

        private static SocketHost Begin()
        {
            End();
            EthernetConfiguration configuration = Configuration();
            MemoryInterface one = new MemoryInterface(new MacAddress(new byte[] { 2, 0, 0, 0, 0, 1 }), WordOrder.LowByteFirst);
            MemoryInterface other = new MemoryInterface(new MacAddress(new byte[] { 2, 0, 0, 0, 0, 2 }), WordOrder.LowByteFirst);
            MemoryInterface.Join(one, other);
            s_network = EthernetInterface.Use(new PolledController(one, configuration.Threads), configuration);
            return s_network.Sockets;
        }

        private static int Listen(SocketHost host)
        {
            int listener = host.OpenStream();
            Assert.AreEqual(0, host.Bind(listener, 0, Port));
            Assert.AreEqual(0, host.Listen(listener, Clients));
            return listener;
        }

        private static void End()
        {
            if (EthernetInterface.Current != null)
            {
                EthernetInterface.Current.Stop();
                Thread.Sleep(20);
            }
        }

        /// <summary>It does not sleep for a while after a frame.</summary>
        private sealed class WatchfulController : PolledController
        {
            internal WatchfulController(INetworkInterface networkInterface, HostThreads threads)
                : base(networkInterface, threads)
            {
            }

            public override int StayAwake => 50;
        }

        /// <summary>A controller with one frame to receive, a ping, that notes when the answer leaves.</summary>
        private sealed class PingLink : INetworkInterface
        {
            private readonly byte[] _bytes = new byte[RawStation.LongestFrame];
            private int _length;
            private bool _hasFrame;
            private int _askedAt;

            internal PingLink()
            {
                MacAddress = new MacAddress(RawStation.StackMac);
                RawStation.Arp(_bytes, 1, RawStation.StationAddress, RawStation.StationMac, RawStation.StackAddress);
                _length = 60;
                _hasFrame = true;
            }

            public WordOrder WordOrder => WordOrder.LowByteFirst;

            public MacAddress MacAddress { get; }

            public bool IsLinkUp => true;

            public bool CanSend => true;

            internal int Took { get; private set; }

            internal int Worst { get; set; }

            internal int Interval { get; set; } = int.MaxValue;

            internal int Polls { get; set; }

            public int Poll(int now)
            {
                Polls++;
                return Interval;
            }

            public bool Send(Frame frame)
            {
                if (Took < 0 && frame.Length >= 98)
                {
                    Took = Now() - _askedAt;
                    Worst = Took > Worst ? Took : Worst;
                }

                return true;
            }

            public Frame Receive(FramePool pool)
            {
                if (!_hasFrame)
                {
                    return null;
                }

                _hasFrame = false;
                Frame frame = pool.RentForReceive(_length);
                frame.CopyBytesFrom(0, _bytes, 0, _length);
                return frame;
            }

            public bool JoinMulticast(int group) => true;

            public void LeaveMulticast(int group)
            {
            }

            internal void Ask()
            {
                _length = RawStation.Echo(_bytes, 56);
                Took = -1;
                _askedAt = Now();
                _hasFrame = true;
            }
        }
    }
}
