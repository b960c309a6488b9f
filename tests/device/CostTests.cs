// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;
using nanoFramework.TestFramework;
using TcpIp.Arp;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// What work costs in IL instructions, printed, and in objects on the heap: none. Both are the same on every machine. The
    /// interface in memory is part of it, see the lines that begin with "interface".
    /// </summary>
    [TestClass]
    public class CostTests
    {
        private const string Curl = "GET / HTTP/1.1\r\nHost: 192.168.1.50\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";
        private const string Browser = "GET / HTTP/1.1\r\nHost: 192.168.1.50\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36\r\n"
            + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
            + "Accept-Encoding: gzip, deflate\r\nAccept-Language: en-US,en;q=0.9\r\n\r\n";

        /// <summary>As many as the firmware serves.</summary>
        private const int HttpConnections = 8;

        private static readonly byte[] s_bytes = new byte[RawStation.LongestFrame];
        private static readonly long[] s_perPoll = new long[40];

        [TestMethod]
        public void IdlePoll()
        {
            RawStation station = NewStation();
            station.Stack.Poll(1);
            NanoCounter.Reset();
            NanoCounter.Start();
            station.Stack.Poll(2);
            NanoCounter.Stop();
            Report("idle-poll", station);
        }

        [TestMethod]
        public void IdlePollOfAWebServer()
        {
            TwoHosts hosts = NewHosts();
            NanoCounter.Reset();
            NanoCounter.Start();
            hosts.PollServer();
            NanoCounter.Stop();
            NanoCounter.Print("idle-poll-web-server");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            hosts.AssertAllReturned(0, 1);
        }

        [TestMethod]
        public void InterfaceAlone()
        {
            RawStation station = NewStation();
            int length = RawStation.Echo(s_bytes, 56);
            station.Send(s_bytes, length);
            NanoCounter.Reset();
            NanoCounter.Start();
            Frame frame = station.StackInterface.Receive(station.Stack.Pool);
            station.StackInterface.Send(frame);
            NanoCounter.Stop();
            station.Stack.Pool.Return(frame);
            station.Receive(s_bytes);
            Report("interface-receive-and-send-98-bytes", station);
        }

        [TestMethod]
        public void ArpRequest()
        {
            RawStation station = NewStation();
            RawStation.Arp(s_bytes, 1, RawStation.StationAddress, RawStation.StationMac, RawStation.StackAddress);
            station.Send(s_bytes, 60);
            NanoCounter.Reset();
            NanoCounter.Start();
            station.Stack.Poll(2);
            NanoCounter.Stop();
            Assert.AreEqual(60, station.Receive(s_bytes));
            Assert.AreEqual(ArpPacket.Reply, Check.BigEndian16(s_bytes, 20));
            Report("arp-request", station);
        }

        [TestMethod]
        public void Echo56() => Echo(56, "echo-56-bytes");

        [TestMethod]
        public void Echo1472() => Echo(1472, "echo-1472-bytes");

        [TestMethod]
        public void HttpGetOfCurl() => HttpGet(Curl, "http-get-curl");

        [TestMethod]
        public void HttpGetOfABrowser() => HttpGet(Browser, "http-get-browser");

        /// <summary>
        /// What a loop asks again and again, and what an application asks of each connection.
        /// </summary>
        [TestMethod]
        public void Questions()
        {
            RawStation station = NewStation();
            SocketLayer sockets = station.Stack.Sockets;
            int listener = sockets.Socket();
            sockets.Bind(listener, 80);
            sockets.Listen(listener, 1);
            NanoCounter.Reset();
            NanoCounter.Start();
            int accepted = sockets.Accept(listener);
            NanoCounter.Stop();
            NanoCounter.Print("accept-with-nobody-waiting");
            NanoCounter.Reset();
            NanoCounter.Start();
            int waiting = sockets.GetAvailable(listener);
            NanoCounter.Stop();
            NanoCounter.Print("does-anybody-wait");
            NanoCounter.Reset();
            NanoCounter.Start();
            int port = sockets.GetLocalPort(listener);
            NanoCounter.Stop();
            NanoCounter.Print("which-port");
            NanoCounter.Reset();
            NanoCounter.Start();
            uint address = sockets.GetRemoteAddress(listener);
            NanoCounter.Stop();
            NanoCounter.Print("which-peer");
            Assert.AreEqual((int)SocketError.WouldBlock, accepted);
            Assert.AreEqual(0, waiting);
            Assert.AreEqual(80, port);
            Assert.AreEqual(0U, address);
            sockets.Close(listener);
        }

        [TestMethod]
        public void MakingADefaultStack()
        {
            MemoryInterface networkInterface = new MemoryInterface(new MacAddress(RawStation.StackMac), WordOrder.LowByteFirst);
            StackConfiguration configuration = new StackConfiguration();
            SeededRandom random = new SeededRandom(1);
            NanoCounter.Reset();
            NanoCounter.Start();
            configuration.Validate();
            NanoCounter.Stop();
            int names = (int)NanoCounter.Bytes;
            NanoCounter.Reset();
            NanoCounter.Start();
            TcpIpStack stack = new TcpIpStack(configuration, networkInterface, random);
            NanoCounter.Stop();
            NanoCounter.Print("make-default-stack");

            // all that the constructor makes stays, but for the names of properties that the validation loads
            int computed = configuration.MemoryBytes();
            int counted = (int)NanoCounter.Bytes - names;
            OutputHelper.WriteLine("nano-memory,default-stack-32-bit,counted=" + counted.ToString() + ",computed=" + computed.ToString());
            Assert.AreEqual(computed, counted, "StackConfiguration.MemoryBytes() is not what a stack takes");
            Check.AllReturned(stack.Pool);
        }

        private static void Echo(int data, string what)
        {
            RawStation station = NewStation();
            int length = RawStation.Echo(s_bytes, data);
            station.Send(s_bytes, length);
            NanoCounter.Reset();
            NanoCounter.Start();
            station.Stack.Poll(2);
            NanoCounter.Stop();
            Assert.AreEqual(length, station.Receive(s_bytes));
            Report(what, station);
        }

        /// <summary>
        /// One page, from SYN to the last ACK. The server is polled when something has arrived for it, and again until it wants
        /// to wait, as the firmware does; only it is counted.
        /// </summary>
        private static void HttpGet(string text, string what)
        {
            TwoHosts hosts = NewHosts();
            WebClient client = new WebClient(hosts);
            byte[] request = Check.BytesOf(text);
            Assert.AreEqual(0, client.Fetch(request));
            hosts.Settle();
            int length = client.Length;
            int framesIn = hosts.ClientInterface.Sent;
            int framesOut = hosts.ServerInterface.Sent;

            NanoCounter.Reset();
            int polls = 0;
            client.Start(request);
            bool ended = false;
            while (polls < s_perPoll.Length && !ended)
            {
                bool closed = client.Step();
                hosts.PollClient();
                bool again = hosts.ServerInterface.Waiting > 0;
                ended = closed && !again;
                while (again && polls < s_perPoll.Length)
                {
                    long before = NanoCounter.Instructions;
                    NanoCounter.Start();
                    int wait = hosts.PollServer();
                    NanoCounter.Stop();
                    s_perPoll[polls++] = NanoCounter.Instructions - before;
                    again = wait == 0;
                }
            }

            Assert.AreEqual(0, client.Result);
            Assert.AreEqual(length, client.Length);
            Assert.AreEqual(2U, hosts.Http.Counters.Pages);
            Assert.AreEqual(0, hosts.Http.Clients, "the server has not seen the end");
            NanoCounter.Print(what);
            string each = string.Empty;
            for (int i = 0; i < polls; i++)
            {
                each += "," + s_perPoll[i].ToString();
            }

            framesIn = hosts.ClientInterface.Sent - framesIn;
            framesOut = hosts.ServerInterface.Sent - framesOut;
            OutputHelper.WriteLine("nano-polls," + what + ",request=" + request.Length.ToString() + ",answer=" + length.ToString()
                + ",frames-in=" + framesIn.ToString() + ",frames-out=" + framesOut.ToString() + ",polls=" + polls.ToString() + each);
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 1);
        }

        private static void Report(string what, RawStation station)
        {
            NanoCounter.Print(what);
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            Check.AllReturned(station.Stack.Pool);
            Check.AllReturned(station.Pool);
        }

        /// <summary>
        /// A station that the stack knows, without the guard of the frames: it would be counted.
        /// </summary>
        private static RawStation NewStation()
        {
            RawStation station = new RawStation(WordOrder.LowByteFirst, false);
            station.Introduce(0);
            return station;
        }

        private static TwoHosts NewHosts()
        {
            TwoHosts hosts = new TwoHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst, false, 100000);
            HttpPage[] pages = new HttpPage[] { new FirmwareLikePage(hosts.Server) };
            hosts.Http = new HttpServer(hosts.Server.Sockets, WordOrder.LowByteFirst, WebClient.Port, HttpConnections, pages);
            hosts.Settle();
            return hosts;
        }
    }
}
