// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;
using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Net;
using TcpIp.Net.Sockets;
using TcpIp.Sockets;
using GC = nanoFramework.Runtime.Native.GC;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Calls that wait, and the types that stand on them.
    /// </summary>
    [TestClass]
    public class WaitingTests
    {
        private static readonly byte[] s_buffer = new byte[2000];

        [TestMethod]
        public void ConnectWriteReadClose()
        {
            TwoHosts hosts = NewHosts();
            EchoServer echo = new EchoServer(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, echo));
            byte[] data = Check.Pattern(500, 3);
            for (int i = 0; i < 3; i++)
            {
                int socket = sockets.Layer.Socket();
                Assert.AreEqual(0, sockets.Connect(socket, TwoHosts.ServerAddress, EchoServer.Port, 5000));
                Assert.AreEqual(500, sockets.Write(socket, data, 0, 500, 5000));
                int read = 0;
                while (read < 500)
                {
                    int count = sockets.Read(socket, s_buffer, read, 500, 5000);
                    Assert.IsTrue(count > 0, "read");
                    read += count;
                }

                Check.Bytes(data, 0, s_buffer, 0, 500);
                Assert.AreEqual(0, sockets.Close(socket, 5000));
            }

            End(hosts, echo);
        }

        [TestMethod]
        public void AWaitEndsInTimeAndWithTheRightError()
        {
            TwoHosts hosts = NewHosts();
            EchoServer echo = new EchoServer(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, echo));
            int socket = sockets.Layer.Socket();
            Assert.AreEqual((int)SocketError.ConnectionRefused, sockets.Connect(socket, TwoHosts.ServerAddress, 9, 5000));
            sockets.Layer.Close(socket);
            socket = sockets.Layer.Socket();
            Assert.AreEqual(0, sockets.Connect(socket, TwoHosts.ServerAddress, EchoServer.Port, 5000));
            int before = hosts.Now;
            Assert.AreEqual((int)SocketError.WouldBlock, sockets.Read(socket, s_buffer, 0, 1, 250));
            Assert.AreEqual(250, hosts.Now - before);
            sockets.Layer.Close(socket);
            End(hosts, echo);
        }

        [TestMethod]
        public void WaitingInsideAWaitIsRefused()
        {
            TwoHosts hosts = NewHosts();
            VirtualRunner runner = new VirtualRunner(hosts, null);
            Intruder intruder = new Intruder(runner);
            runner.Background = new IBackgroundWork[] { intruder };
            Assert.AreEqual(0, runner.Wait(10));
            Assert.AreEqual((int)SocketError.WouldDeadlock, intruder.Result);
            Assert.AreEqual(0, runner.Wait(10));
        }

        [TestMethod]
        public void WhatIsLaidOutInAFrameComesBack()
        {
            TwoHosts hosts = NewHosts();
            EchoServer echo = new EchoServer(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, echo));
            int socket = sockets.Layer.Socket();
            Assert.AreEqual(0, sockets.Connect(socket, TwoHosts.ServerAddress, EchoServer.Port, 5000));
            byte[] name = Check.BytesOf("level");
            Assert.AreEqual(12, Examples.Report(sockets, socket, new SendView(), name, -1234));
            Assert.AreEqual(12, sockets.Read(socket, s_buffer, 0, 100, 5000));
            Check.Bytes(Check.BytesOf("level=-1234\n"), 0, s_buffer, 0, 12);
            Assert.AreEqual(0, sockets.Close(socket, 5000));

            int datagrams = sockets.Layer.Socket(SocketType.Datagram);
            Assert.AreEqual(3, sockets.SendTo(datagrams, new byte[] { 100, 200, 3 }, 0, 3, TwoHosts.ServerAddress, EchoServer.Port, 1000));
            Assert.AreEqual(303, Examples.SumOfNext(sockets, datagrams, new ReceivedView()));
            sockets.Layer.Close(datagrams);
            End(hosts, echo);
        }

        [TestMethod]
        public void TheTypesThatOneKnows()
        {
            TwoHosts hosts = NewHosts();
            EchoServer echo = new EchoServer(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, echo));
            byte[] data = Check.Pattern(100, 9);
            TcpClient client = new TcpClient(sockets);
            client.Connect(new IPEndPoint(IPAddress.Parse("10.0.0.2"), EchoServer.Port));
            NetworkStream stream = client.GetStream();
            stream.Write(data, 0, 100);
            Assert.AreEqual((int)data[0], stream.ReadByte());
            Assert.AreEqual(99, stream.Read(s_buffer, 0, 200));
            Check.Bytes(data, 1, s_buffer, 0, 99);
            stream.Close(1000);
            Assert.IsFalse(client.Connected);
            Assert.AreEqual(50, Examples.AskInADatagram(sockets, "10.0.0.2", EchoServer.Port, Check.Pattern(50, 1), s_buffer));
            Assert.AreEqual(-1, Examples.AskWithTcpClient(sockets, "10.0.0.2", 9, data, s_buffer));

            SocketError error = SocketError.Success;
            try
            {
                client.Connect("10.0.0.2", 9);
            }
            catch (SocketException exception)
            {
                error = exception.SocketErrorCode;
            }

            Check.Error(SocketError.ConnectionRefused, error);
            End(hosts, echo);
        }

        [TestMethod]
        public void AServerThatWaitsServesAClient()
        {
            TwoHosts hosts = NewHosts();
            Caller caller = new Caller(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, caller));
            Examples.Echo(sockets, EchoServer.Port, 3);
            sockets.Runner.Wait(100);
            Assert.AreEqual(3, caller.Answered);
            hosts.Run(TwoHosts.LongTime);
            caller.Close();
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 0);
        }

        [TestMethod]
        public void AddressesAreReadStrictly()
        {
            MemoryInterface driver = new MemoryInterface(new Link.MacAddress(RawStation.StackMac), WordOrder.LowByteFirst);
            Assert.AreEqual(0xC0A80132U, Examples.Begin(driver, new SeededRandom(1)).IPv4.Address);
            Assert.AreEqual(0xC0A80132U, IPAddress.Parse("192.168.1.50").Value);
            Assert.AreEqual("192.168.1.50", new IPAddress(0x3201A8C0).ToString());
            string[] wrong = new string[] { string.Empty, "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", " 1.2.3.4", "1.2.3.x", "a.b" };
            for (int i = 0; i < wrong.Length; i++)
            {
                bool refused = false;
                try
                {
                    IPAddress.Parse(wrong[i]);
                }
                catch (System.ArgumentException)
                {
                    refused = true;
                }

                Assert.IsTrue(refused, wrong[i]);
            }
        }

        [TestMethod]
        public void FreeMemoryIsTheSameAfterManyExchanges()
        {
            TwoHosts hosts = NewHosts();
            EchoServer echo = new EchoServer(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, echo));
            TcpClient client = new TcpClient(sockets);
            IPEndPoint server = new IPEndPoint(IPAddress.Parse("10.0.0.2"), EchoServer.Port);
            int failed = Exchange(client, server, 20);
            uint before = FreeMemory();
            failed += Exchange(client, server, 200);
            uint after = FreeMemory();
            OutputHelper.WriteLine("nano-memory,free-after-200-waiting-exchanges,before=" + before.ToString() + ",after=" + after.ToString());
            Assert.AreEqual(0, failed);
            Assert.AreEqual(before, after, "free memory before and after");
            End(hosts, echo);
        }

        [TestMethod]
        public void WaitingExchangesMakeNoObject()
        {
            TwoHosts hosts = NewHosts();
            EchoServer echo = new EchoServer(hosts);
            WaitingSockets sockets = new WaitingSockets(new VirtualRunner(hosts, echo));
            TcpClient client = new TcpClient(sockets);
            IPEndPoint server = new IPEndPoint(IPAddress.Parse("10.0.0.2"), EchoServer.Port);
            int failed = Exchange(client, server, 2);
            NanoCounter.Reset();
            NanoCounter.Start();
            failed += Exchange(client, server, 1);
            NanoCounter.Stop();
            NanoCounter.Print("tcpclient-connect-write-100-read-100-close-both-stacks");
            Assert.AreEqual(0, failed);
            Assert.AreEqual(0, (int)NanoCounter.Objects, "objects");
            End(hosts, echo);
        }

        private static int Exchange(TcpClient client, IPEndPoint server, int times)
        {
            int failed = 0;
            for (int i = 0; i < times; i++)
            {
                client.Connect(server);
                NetworkStream stream = client.GetStream();
                stream.Write(s_buffer, 0, 100);
                if (stream.Read(s_buffer, 100, 200) != 100)
                {
                    failed++;
                }

                stream.Close(1000);
            }

            return failed;
        }

        private static void End(TwoHosts hosts, EchoServer echo)
        {
            hosts.Run(100);
            echo.Close();
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 0);
        }

        private static uint FreeMemory()
        {
            GC.Run(false);
            return GC.Run(false);
        }

        private static TwoHosts NewHosts() => new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, true, int.MaxValue - 300);

        /// <summary>Waits where nobody may.</summary>
        private sealed class Intruder : IBackgroundWork
        {
            private readonly StackRunner _runner;

            internal Intruder(StackRunner runner)
            {
                _runner = runner;
            }

            internal int Result { get; private set; }

            public int Poll(int now)
            {
                Result = _runner.Wait(1);
                return 1;
            }
        }

        /// <summary>Calls the server that waits, from the other stack, and reads back what it wrote.</summary>
        private sealed class Caller : IBackgroundWork
        {
            private readonly SocketLayer _sockets;
            private readonly byte[] _answer = new byte[10];
            private int _socket = -1;
            private bool _asked;

            internal Caller(TwoHosts hosts)
            {
                _sockets = hosts.Server.Sockets;
            }

            internal int Answered { get; private set; }

            public int Poll(int now)
            {
                if (_socket < 0)
                {
                    _asked = false;
                    _socket = _sockets.Socket();
                    _sockets.Connect(_socket, TwoHosts.ClientAddress, EchoServer.Port);
                    return 0;
                }

                if (!_asked)
                {
                    _asked = _sockets.Write(_socket, s_buffer, 0, 4) == 4;
                    if (_asked)
                    {
                        _sockets.Shutdown(_socket);
                    }

                    return 0;
                }

                int read = _sockets.Read(_socket, _answer, 0, 10);
                if (read != (int)SocketError.WouldBlock)
                {
                    Answered += read == 4 ? 1 : 0;
                    Close();
                }

                return 0;
            }

            internal void Close()
            {
                _sockets.Close(_socket);
                _socket = -1;
            }
        }
    }
}
