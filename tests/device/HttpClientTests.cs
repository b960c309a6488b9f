// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Http;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// The HTTP client asks our own web server, over the whole stack there and back.
    /// </summary>
    [TestClass]
    public class HttpClientTests
    {
        private const string Host = "http://10.0.0.2";
        private const int LongestWait = 1000;

        private static readonly byte[] s_page = Check.BytesOf("hello from the other stack");
        private static readonly string s_type = "application/octet-stream";
        private static readonly byte[] s_piece = new byte[200];
        private static readonly byte[] s_buffer = new byte[3000];
        private static readonly byte[] s_received = new byte[3000];

        private static TwoHosts s_hosts;
        private static HttpClient s_client;
        private static int s_field;
        private static bool s_countsStack;

        [TestMethod]
        public void GetLowByteFirst() => Get(WordOrder.LowByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void GetHighByteFirst() => Get(WordOrder.HighByteFirst, WordOrder.HighByteFirst);

        [TestMethod]
        public void GetMixed() => Get(WordOrder.HighByteFirst, WordOrder.LowByteFirst);

        [TestMethod]
        public void PostIsEchoedCountedAndInChunks()
        {
            Begin(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            HttpRequest request = new HttpRequest("POST", Host + "/echo", "text/plain", "Accept: text/plain\r\n", WordOrder.LowByteFirst);
            for (int i = 0; i < s_buffer.Length; i++)
            {
                s_buffer[i] = (byte)i;
            }

            int[] lengths = { 0, 1, 100, 2900 };
            for (int n = 0; n < lengths.Length; n++)
            {
                Assert.AreEqual(0, request.SetBody(s_buffer, 0, lengths[n]));
                Assert.AreEqual(lengths[n], Fetch(request));
                Assert.AreEqual(200, s_client.Result);
                for (int i = 0; i < lengths[n]; i++)
                {
                    Assert.IsTrue(s_received[i] == (byte)i, "another byte");
                }
            }

            Assert.AreEqual(1U, s_client.Counters.Connections);
            End();
        }

        [TestMethod]
        public void ARedirectIsFollowed()
        {
            Begin(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            Assert.AreEqual(s_page.Length, Fetch(new HttpRequest("POST", Host + "/a/b/move", WordOrder.LowByteFirst)));
            Assert.AreEqual(200, s_client.Result);
            Assert.AreEqual(1U, s_client.Counters.Redirects);
            Assert.AreEqual(404, Ask(new HttpRequest("GET", Host + "/none", WordOrder.LowByteFirst)));
            End();
        }

        [TestMethod]
        public void HttpsIsRefusedInWords()
        {
            try
            {
                new HttpRequest("GET", "https://10.0.0.2/", WordOrder.LowByteFirst);
                Assert.IsTrue(false, "there is no TLS");
            }
            catch (System.ArgumentException)
            {
            }
        }

        [TestMethod]
        public void CallsThatWait()
        {
            Begin(WordOrder.LowByteFirst, WordOrder.LowByteFirst);
            VirtualRunner runner = new VirtualRunner(s_hosts, null);
            HttpRequest request = new HttpRequest("GET", Host + "/page", WordOrder.LowByteFirst);
            Assert.AreEqual((int)SocketError.InvalidArgument, s_client.Fetch(runner, request, s_received));
            runner.Background = new IBackgroundWork[] { s_client };
            Assert.AreEqual(s_page.Length, s_client.Fetch(runner, request, s_received));
            Assert.AreEqual(200, s_client.Result);
            Assert.AreEqual(0, s_client.Begin(request));
            Assert.AreEqual(200, s_client.WaitForAnswer(runner));
            Assert.AreEqual(5, s_client.Read(runner, s_received, 0, 5));
            Assert.AreEqual(s_page.Length - 5, s_client.Read(runner, s_received, 5, 100));
            Assert.AreEqual(0, s_client.Read(runner, s_received, 5, 100));
            End();
        }

        [TestMethod]
        public void ABodyThatIsWrittenPieceByPieceComesBack()
        {
            Begin(WordOrder.LowByteFirst, WordOrder.HighByteFirst);
            HttpRequest request = HttpRequest.Streamed("POST", Host + "/keep", "text/plain", string.Empty, WordOrder.LowByteFirst);
            for (int times = 0; times < 2; times++)
            {
                int written = 0;
                int length = 0;
                Assert.AreEqual(0, s_client.Begin(request));
                for (int i = 0; i < 1000 && s_client.State != HttpClientState.Done; i++)
                {
                    s_hosts.PollClient();
                    s_client.Poll(s_hosts.Now);
                    int taken = s_client.Write(s_page, written, s_page.Length - written < 7 ? s_page.Length - written : 7);
                    written += taken > 0 ? taken : 0;
                    if (written == s_page.Length)
                    {
                        s_client.EndBody();
                    }

                    int read = s_client.Read(s_received, length, s_received.Length - length);
                    length += read > 0 ? read : 0;
                    s_hosts.PollServer();
                    s_hosts.Now += 1;
                }

                Assert.AreEqual(200, s_client.Result);
                Assert.AreEqual(s_page.Length, length);
                for (int k = 0; k < length; k++)
                {
                    Assert.IsTrue(s_received[k] == s_page[k], "another byte");
                }
            }

            Assert.AreEqual(1U, s_client.Counters.Connections);
            End();
        }

        [TestMethod]
        public void WhatAGetTakes()
        {
            Begin(WordOrder.LowByteFirst, WordOrder.LowByteFirst, false);
            HttpRequest request = new HttpRequest("GET", Host + "/page", WordOrder.LowByteFirst);
            Fetch(request);
            NanoCounter.Reset();
            Assert.AreEqual(s_page.Length, Fetch(request));
            NanoCounter.Print("http-client-get");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            s_countsStack = true;
            NanoCounter.Reset();
            Assert.AreEqual(s_page.Length, Fetch(request));
            NanoCounter.Print("http-client-get-with-stack");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");

            // and with a connection of its own
            s_client.Cancel();
            s_hosts.Run(TwoHosts.LongTime);
            NanoCounter.Reset();
            Assert.AreEqual(s_page.Length, Fetch(request));
            NanoCounter.Print("http-client-connect-and-get-with-stack");
            s_countsStack = false;
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");

            s_hosts.Now += 10;
            NanoCounter.Reset();
            NanoCounter.Start();
            s_client.Poll(s_hosts.Now);
            NanoCounter.Stop();
            NanoCounter.Print("http-client-idle-poll");
            Assert.AreEqual(0L, NanoCounter.Objects, "objects");
            End();
        }

        private static void Get(WordOrder clientOrder, WordOrder serverOrder)
        {
            Begin(clientOrder, serverOrder);
            HttpRequest get = new HttpRequest("GET", Host + "/page", clientOrder);
            for (int i = 0; i < 3; i++)
            {
                Assert.AreEqual(s_page.Length, Fetch(get));
                Assert.AreEqual(200, s_client.Result);
                Assert.AreEqual(s_page.Length, s_client.ContentLength);
                Assert.IsTrue(s_client.FieldIs(s_field, "text/plain"));
                for (int k = 0; k < s_page.Length; k++)
                {
                    Assert.IsTrue(s_received[k] == s_page[k], "another byte");
                }
            }

            Assert.AreEqual(0, Fetch(new HttpRequest("HEAD", Host + "/page", clientOrder)));
            Assert.AreEqual(s_page.Length, s_client.ContentLength);
            Assert.AreEqual(1U, s_client.Counters.Connections);
            End();
        }

        private static void Begin(WordOrder clientOrder, WordOrder serverOrder) => Begin(clientOrder, serverOrder, true);

        private static void Begin(WordOrder clientOrder, WordOrder serverOrder, bool guard)
        {
            s_hosts = new TwoHosts(clientOrder, serverOrder, guard, 10000);
            HttpServer server = new HttpServer(s_hosts.Server.Sockets, serverOrder, WebClient.Port, new HttpLimits());
            server.Add(new HttpDocument("/page", "text/plain", s_page, string.Empty, serverOrder));
            server.Add(HttpMethods.Post, "/echo", Echo, HttpOptions.StreamsBody);
            server.Add(HttpMethods.Post, "/keep", Echo, HttpOptions.None);
            server.Add(HttpMethods.Post, "/a/b/move", Move, HttpOptions.None);
            s_hosts.Http = server;
            s_client = new HttpClient(s_hosts.Client, new HttpClientConfiguration() { Redirects = 2 });
            s_field = s_client.AskForField("Content-Type");
            s_hosts.Settle();
        }

        private static void End()
        {
            s_client.Cancel();
            s_hosts.Run(TwoHosts.LongTime);
            s_hosts.AssertAllReturned(0, 1);
        }

        private static int Ask(HttpRequest request)
        {
            Fetch(request);
            return s_client.Result;
        }

        /// <summary>
        /// Makes a request, and reads the whole answer. Of what it takes the client alone is counted, or its stack too.
        /// </summary>
        private static int Fetch(HttpRequest request)
        {
            int length = 0;
            Assert.AreEqual(0, s_client.Begin(request));
            for (int i = 0; i < 1000; i++)
            {
                if (s_countsStack)
                {
                    NanoCounter.Start();
                }

                int wait = s_hosts.PollClient();
                if (!s_countsStack)
                {
                    NanoCounter.Start();
                }

                s_client.Poll(s_hosts.Now);
                int read = s_client.Read(s_received, length, s_received.Length - length);
                NanoCounter.Stop();
                if (read > 0)
                {
                    length += read;
                    continue;
                }

                if (read != (int)SocketError.WouldBlock)
                {
                    return read == 0 ? length : read;
                }

                int due = s_hosts.PollServer();
                wait = due < wait ? due : wait;
                if (!s_hosts.IsBusy)
                {
                    s_hosts.Now += wait < LongestWait ? wait : LongestWait;
                }
            }

            return (int)SocketError.WouldBlock;
        }

        private static void Echo(HttpContext context)
        {
            context.Begin(200, s_type);
            int count = 1;
            while (count > 0 && context.Room >= s_piece.Length)
            {
                count = context.ReadBody(s_piece, 0, s_piece.Length);
                context.Write(s_piece, 0, count > 0 ? count : 0);
            }

            if (!context.IsBodyOver)
            {
                context.Continue(1);
            }
        }

        private static void Move(HttpContext context)
        {
            context.Redirect("../../page");
        }
    }
}
