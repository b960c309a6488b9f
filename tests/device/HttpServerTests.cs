// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Http;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Pages over the whole stack: HTTP, TCP, IPv4, ARP and Ethernet, to another stack and back.
    /// </summary>
    [TestClass]
    public class HttpServerTests
    {
        private const string Body = "pages, odd length";
        private const string Fields = " HTTP/1.1\r\nHost: 10.0.0.2\r\n\r\n";

        private static readonly string s_header = HttpResponse.Header("200 OK", "text/plain", 10 + Body.Length, string.Empty);

        [TestMethod]
        public void GetLowByteFirst() => Get(WordOrder.LowByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void GetHighByteFirst() => Get(WordOrder.HighByteFirst, WordOrder.HighByteFirst);

        [TestMethod]
        public void GetMixed() => Get(WordOrder.HighByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void HeadIsTheHeaderAlone()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            WebClient client = new WebClient(hosts);
            Assert.AreEqual(0, client.Fetch(Check.BytesOf("HEAD /" + Fields)));
            Assert.AreEqual(s_header.Length, client.Length);
            Assert.IsTrue(client.HasText(0, s_header));
            Assert.AreEqual(0, client.Fetch(Check.BytesOf("HEAD /none" + Fields)));
            Assert.IsTrue(client.HasText(0, "HTTP/1.1 404 Not Found\r\n"));
            Assert.IsTrue(client.HasText(client.Length - 4, "\r\n\r\n"));
            End(hosts);
        }

        [TestMethod]
        public void OtherAnswers()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            ExpectError(hosts, "GET /none" + Fields, "404 Not Found", string.Empty);
            ExpectError(hosts, "PUT /" + Fields, "405 Method Not Allowed", "Allow: GET, HEAD, OPTIONS");
            ExpectError(hosts, "BREW /" + Fields, "501 Not Implemented", string.Empty);
            ExpectError(hosts, "rubbish\r\n", "400 Bad Request", string.Empty);
            ExpectError(hosts, "GET / HTTP/3.0\r\n\r\n", "505 HTTP Version Not Supported", string.Empty);
            HttpCounters counters = hosts.Http.Counters;
            Assert.AreEqual(5U, counters.Connections);
            Assert.AreEqual(1U, counters.NotFound);
            Assert.AreEqual(2U, counters.MethodRefused);
            Assert.AreEqual(2U, counters.BadRequests);
            Assert.AreEqual(0U, counters.Pages + counters.Aborted + counters.TimedOut);
            End(hosts);
        }

        [TestMethod]
        public void APageOfSeveralSegments()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            WebClient client = new WebClient(hosts);
            Assert.AreEqual(0, client.Fetch(Check.BytesOf("GET /long" + Fields)));
            string header = HttpResponse.Header("200 OK", "text/plain", 10 + LongBody().Length, string.Empty);
            Assert.IsTrue(client.HasText(0, header));
            Assert.AreEqual(header.Length + 10 + LongBody().Length, client.Length);
            Assert.IsTrue(client.HasText(header.Length + 10, LongBody()));
            End(hosts);
        }

        [TestMethod]
        public void AnswersArriveThoughFramesAreLost()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            WebClient client = new WebClient(hosts);
            byte[] request = Check.BytesOf("GET /long" + Fields);
            Assert.AreEqual(0, client.Fetch(request));
            int length = client.Length;
            for (int lost = 0; lost < 6; lost++)
            {
                hosts.ServerInterface.SendBeforeLoss = lost;
                hosts.ServerInterface.LoseNext = 1;
                Assert.AreEqual(0, client.Fetch(request), "frame " + lost.ToString() + " of the server lost");
                Assert.AreEqual(length, client.Length);
                hosts.ServerInterface.LoseNext = 0;
                hosts.ClientInterface.SendBeforeLoss = lost;
                hosts.ClientInterface.LoseNext = 1;
                Assert.AreEqual(0, client.Fetch(request), "frame " + lost.ToString() + " of the client lost");
                Assert.AreEqual(length, client.Length);
                hosts.ClientInterface.LoseNext = 0;
                hosts.Run(TwoHosts.LongTime);
            }

            End(hosts);
        }

        [TestMethod]
        public void ASilentClientIsGivenUp()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            int socket = hosts.Connect(WebClient.Port);
            hosts.Run(new HttpLimits().IdleTimeout - 100);
            Assert.AreEqual(1, hosts.Http.Clients);
            hosts.Run(200);
            Assert.AreEqual(1U, hosts.Http.Counters.TimedOut);
            hosts.Run(HttpServer.DrainTimeout);
            Assert.AreEqual(0, hosts.Http.Clients);
            byte[] answer = new byte[200];
            Assert.IsTrue(hosts.Client.Sockets.Read(socket, answer, 0, 12) == 12);
            Assert.AreEqual((int)'4', (int)answer[9]);
            Assert.AreEqual((int)'8', (int)answer[11]);
            hosts.Client.Sockets.Close(socket);
            End(hosts);
        }

        private static void Get(WordOrder clientOrder, WordOrder serverOrder)
        {
            TwoHosts hosts = NewHosts(clientOrder, serverOrder);
            WebClient client = new WebClient(hosts);
            for (int i = 1; i <= 12; i++)
            {
                Assert.AreEqual(0, client.Fetch(Check.BytesOf("GET /" + Fields)));
                string number = i.ToString();
                while (number.Length < 10)
                {
                    number = " " + number;
                }

                string expected = s_header + number + Body;
                Assert.AreEqual(expected.Length, client.Length);
                Assert.IsTrue(client.HasText(0, expected), expected);
            }

            Assert.AreEqual(12U, hosts.Http.Counters.Pages);
            Assert.AreEqual(0, hosts.Http.Clients);
            End(hosts);
        }

        private static void ExpectError(TwoHosts hosts, string request, string status, string otherFields)
        {
            WebClient client = new WebClient(hosts);
            Assert.AreEqual(0, client.Fetch(Check.BytesOf(request)), status);
            string body = status + "\n";
            Assert.IsTrue(client.HasText(0, "HTTP/1.1 " + status + "\r\n"), status);
            Assert.IsTrue(client.HasText(client.Length - body.Length - 4, "\r\n\r\n" + body), status);
            Assert.IsTrue(client.Contains(otherFields), status);
        }

        private static TwoHosts NewHosts(WordOrder clientOrder, WordOrder serverOrder)
        {
            TwoHosts hosts = new TwoHosts(clientOrder, serverOrder, true, 0);
            HttpPage[] pages = new HttpPage[] { new StaticPage("/", Body, serverOrder), new StaticPage("/long", LongBody(), serverOrder) };
            hosts.Http = new HttpServer(hosts.Server.Sockets, serverOrder, WebClient.Port, 2, pages);
            return hosts;
        }

        private static string LongBody()
        {
            string text = "0123456789abcdefghijklmnopqrstuvwxyz";
            while (text.Length < 4500)
            {
                text += text;
            }

            return text.Substring(0, 4500);
        }

        private static void End(TwoHosts hosts)
        {
            hosts.Run(TwoHosts.LongTime);
            hosts.AssertAllReturned(0, 1);
        }
    }
}
