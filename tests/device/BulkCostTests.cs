// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// What 100 kB cost the stack in IL instructions, either way, printed; and that nothing is made on the heap for them.
    /// </summary>
    [TestClass]
    public class BulkCostTests
    {
        private const int Port = 5001;
        private const int Total = 102400;
        private const int Portion = 1460;

        private static readonly byte[] s_bytes = new byte[Portion];
        private static readonly ReceivedView s_view = new ReceivedView();

        [TestMethod]
        public void ReceiveIntoBytes() => Receive("receive-100-kB-into-bytes", false);

        [TestMethod]
        public void ReceiveInPlace() => Receive("receive-100-kB-in-place", true);

        [TestMethod]
        public void SendFromBytes() => Send("send-100-kB-from-bytes", null);

        [TestMethod]
        public void SendLaidOutWords() => Send("send-100-kB-of-laid-out-words", new WordBuffer(new string('x', Portion), WordOrder.LowByteFirst));

        private static void Receive(string what, bool inPlace)
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, false, 100000);
            int listener = hosts.Listen(Port, 1);
            int sending = hosts.Connect(Port);
            hosts.Settle();
            int receiving = hosts.Server.Sockets.Accept(listener);
            int written = 0;
            int received = 0;
            NanoCounter.Reset();
            while (received < Total)
            {
                if (written < Total)
                {
                    int count = hosts.Client.Sockets.Write(sending, s_bytes, 0, Total - written < Portion ? Total - written : Portion);
                    written += count > 0 ? count : 0;
                }

                int wait = hosts.PollClient();
                NanoCounter.Start();
                int due = hosts.PollServer();
                received += inPlace ? TakeInPlace(hosts, receiving) : TakeBytes(hosts, receiving);
                NanoCounter.Stop();
                Pass(hosts, wait, due);
            }

            End(what, hosts, sending, receiving);
        }

        private static void Send(string what, WordBuffer content)
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, false, 100000);
            int listener = hosts.Listen(Port, 1);
            int receiving = hosts.Connect(Port);
            hosts.Settle();
            int sending = hosts.Server.Sockets.Accept(listener);
            int written = 0;
            int received = 0;
            NanoCounter.Reset();
            while (received < Total)
            {
                NanoCounter.Start();
                if (written < Total)
                {
                    int count = content != null && Total - written >= Portion
                        ? hosts.Server.Sockets.Write(sending, content, 0)
                        : hosts.Server.Sockets.Write(sending, s_bytes, 0, Total - written < Portion ? Total - written : Portion);
                    written += count > 0 ? count : 0;
                }

                int due = hosts.PollServer();
                NanoCounter.Stop();
                int wait = hosts.PollClient();
                int read = hosts.Client.Sockets.Read(receiving, s_bytes, 0, Portion);
                while (read > 0)
                {
                    received += read;
                    read = hosts.Client.Sockets.Read(receiving, s_bytes, 0, Portion);
                }

                Pass(hosts, wait, due);
            }

            End(what, hosts, receiving, sending);
        }

        private static int TakeBytes(TwoHosts hosts, int socket)
        {
            int total = 0;
            int read = hosts.Server.Sockets.Read(socket, s_bytes, 0, Portion);
            while (read > 0)
            {
                total += read;
                read = hosts.Server.Sockets.Read(socket, s_bytes, 0, Portion);
            }

            return total;
        }

        private static int TakeInPlace(TwoHosts hosts, int socket)
        {
            int total = 0;
            int shown = hosts.Server.Sockets.Peek(socket, s_view);
            while (shown > 0)
            {
                total += shown;
                hosts.Server.Sockets.Consume(socket, shown);
                shown = hosts.Server.Sockets.Peek(socket, s_view);
            }

            return total;
        }

        private static void Pass(TwoHosts hosts, int wait, int due)
        {
            if (!hosts.IsBusy)
            {
                wait = due < wait ? due : wait;
                hosts.Now += wait > 0 ? wait : 1;
            }
        }

        private static void End(string what, TwoHosts hosts, int client, int server)
        {
            NanoCounter.Print(what);
            OutputHelper.WriteLine("nano-frames," + what + ",to-server=" + hosts.ClientInterface.Sent.ToString()
                + ",from-server=" + hosts.ServerInterface.Sent.ToString());
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Assert.AreEqual(0U, hosts.Client.Tcp.Counters.Retransmissions + hosts.Server.Tcp.Counters.Retransmissions, "retransmissions");
            hosts.Client.Sockets.Close(client);
            hosts.Server.Sockets.Close(server);
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 1);
        }
    }
}
