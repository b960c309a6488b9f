// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Sockets;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Requests as they come out of a socket, cut into segments of any size.
    /// </summary>
    [TestClass]
    public class HttpParserTests
    {
        private const int Port = 8080;
        private const string Fields = "\r\nHost: a\r\n\r\n";

        private static readonly HttpRequestParser s_parser = new HttpRequestParser();
        private static readonly ReceivedView s_view = new ReceivedView();

        [TestMethod]
        public void Requests()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst);
            Expect(hosts, "GET / HTTP/1.1" + Fields, 0, "/");
            Expect(hosts, "\r\nGET / HTTP/1.1\nhOsT: a\n\n", 0, "/");
            Expect(hosts, "GET / HTTP/1.0\r\n\r\n", 0, "/");
            Expect(hosts, "HEAD /a/b?c=d HTTP/1.1" + Fields, 0, "/a/b");
            Expect(hosts, "GET http://example.com/x HTTP/1.1" + Fields, 0, "/x");
            Expect(hosts, "GET /%41 HTTP/1.1\r\nX: \x00e9\t:;\r\nHost:\r\n\r\n", 0, "/A");
            Expect(hosts, "OPTIONS * HTTP/1.1" + Fields, 0, "*");
            Expect(hosts, "POST /a/./b/../c HTTP/1.1" + Fields, 0, "/a/c");
            End(hosts);
        }

        [TestMethod]
        public void RequestsHighByteFirst()
        {
            TwoHosts hosts = NewHosts(WordOrder.HighByteFirst);
            Expect(hosts, "GET / HTTP/1.1" + Fields, 0, "/");
            Expect(hosts, "HEAD /abc HTTP/1.1" + Fields, 0, "/abc");
            End(hosts);
        }

        [TestMethod]
        public void RefusedRequests()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst);
            Expect(hosts, "BREW / HTTP/1.1" + Fields, 501, null);
            Expect(hosts, "get / HTTP/1.1" + Fields, 501, null);
            Expect(hosts, "GET / HTTP/2.0" + Fields, 505, null);
            Expect(hosts, "GET / HTTP/1.1\r\n\r\n", 400, null);
            Expect(hosts, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, null);
            Expect(hosts, "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400, null);
            Expect(hosts, "GET  / HTTP/1.1" + Fields, 400, null);
            Expect(hosts, "GET /\r\n", 400, null);
            Expect(hosts, "GET x HTTP/1.1" + Fields, 400, null);
            Expect(hosts, "GET / HTTP/1.1\r\nno colon\r\n", 400, null);
            End(hosts);
        }

        [TestMethod]
        public void TooLongRequests()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst);
            string path = string.Empty;
            while (path.Length < HttpLimits.MaximumTarget)
            {
                path += "/0123456789";
            }

            Expect(hosts, "GET " + path + " HTTP/1.1" + Fields, 414, null);

            string field = "X: " + path + path + path + path + "\r\n";
            string fields = string.Empty;
            while (fields.Length < 2 * new HttpLimits().HeaderBytes)
            {
                fields += field;
            }

            Expect(hosts, "GET / HTTP/1.1\r\n" + fields + "\r\n", 431, null);
            End(hosts);
        }

        [TestMethod]
        public void AnySegmentation()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst);
            byte[] request = Check.BytesOf("GET /page HTTP/1.1\r\nHost: a\r\n\r\n");
            for (int piece = 1; piece <= request.Length; piece++)
            {
                Assert.AreEqual((int)0, (int)Parse(hosts, request, piece), "pieces of " + piece.ToString());
                Assert.AreEqual(request.Length, s_parser.BytesRead);
                Assert.IsTrue(s_parser.IsFor(Check.BytesOf("/page"), null));
                Assert.IsFalse(s_parser.IsFor(Check.BytesOf("/pag"), null));
                Assert.IsFalse(s_parser.IsFor(Check.BytesOf("/pages"), null));
            }

            End(hosts);
        }

        [TestMethod]
        public void WhatFollowsARequestIsLeft()
        {
            TwoHosts hosts = NewHosts(WordOrder.LowByteFirst);
            byte[] request = Check.BytesOf("GET / HTTP/1.1" + Fields + "more");
            Assert.AreEqual((int)0, (int)Parse(hosts, request, request.Length));
            Assert.AreEqual(request.Length - 4, s_parser.BytesRead);
            End(hosts);
        }

        private static void Expect(TwoHosts hosts, string request, int status, string path)
        {
            Assert.AreEqual(status, Parse(hosts, Check.BytesOf(request), 700), request.Length < 200 ? request : "a long request");
            Assert.IsTrue(s_parser.IsComplete);
            if (path != null)
            {
                Assert.IsTrue(s_parser.IsFor(Check.BytesOf(path), null), path);
            }
        }

        /// <summary>
        /// Sends a request on a connection of its own and reads it where it lies.
        /// </summary>
        private static int Parse(TwoHosts hosts, byte[] request, int piece)
        {
            SocketLayer server = hosts.Server.Sockets;
            int listener = hosts.Listen(Port, 1);
            int socket = hosts.Connect(Port);
            hosts.Client.Sockets.SetNoDelay(socket, true);
            hosts.Run(5);
            int accepted = server.Accept(listener);
            Assert.IsTrue(accepted >= 0, "no connection");

            s_parser.Reset();
            int written = 0;
            int idle = 0;
            while (!s_parser.IsComplete && idle < 20)
            {
                if (written < request.Length)
                {
                    int count = request.Length - written < piece ? request.Length - written : piece;
                    int taken = hosts.Client.Sockets.Write(socket, request, written, count);
                    written += taken > 0 ? taken : 0;
                }

                hosts.Run(5);
                int length = server.Peek(accepted, s_view);
                idle++;
                if (length > 0)
                {
                    idle = 0;
                    Assert.AreEqual(length, s_view.Length);
                    Assert.AreEqual(0, server.Consume(accepted, s_parser.Parse(s_view)));
                }
            }

            hosts.Client.Sockets.Abort(socket);
            server.Abort(accepted);
            server.Close(listener);
            hosts.Run(5);
            return s_parser.IsComplete ? s_parser.Status : -1;
        }

        private static TwoHosts NewHosts(WordOrder order) => new TwoHosts(order, order, true, 0);

        private static void End(TwoHosts hosts)
        {
            hosts.Run(10);
            hosts.AssertAllReturned(0, 0);
        }
    }
}
