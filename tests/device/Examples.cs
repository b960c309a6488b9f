// Licensed under the MIT license. See LICENSE in the repository root.

#nullable disable

using System;
using System.Threading;
using nanoFramework.Runtime.Native;
using TcpIp.Dhcp;
using TcpIp.Dns;
using TcpIp.Frames;
using TcpIp.Http;
using TcpIp.Link;
using TcpIp.Mdns;
using TcpIp.Net;
using TcpIp.Net.Sockets;
using TcpIp.Sntp;
using TcpIp.Sockets;
using TcpIp.Threading;
using HttpClient = TcpIp.Http.HttpClient;

// What stands between the marks is printed in stack/README.md or a README below it, and a test on the PC compares them.
namespace TcpIp.DeviceTests
{
    // [poll]

    /// <summary>Asks a server something, without ever waiting: Step is called after each poll of the stack.</summary>
    internal sealed class Question
    {
        private readonly byte[] _buffer = new byte[512];
        private int _socket = -1;
        private bool _asked;

        /// <summary>Gets the bytes of the answer that have arrived so far.</summary>
        internal int Received { get; private set; }

        /// <summary>Does what can be done now.</summary>
        /// <returns>1 when the answer is complete, a negative SocketError if it will not come, else WouldBlock.</returns>
        internal int Step(SocketLayer sockets, uint address, int port, byte[] request)
        {
            if (_socket < 0)
            {
                _socket = sockets.Socket();
                int result = sockets.Connect(_socket, address, port);
                return result == (int)SocketError.InProgress ? (int)SocketError.WouldBlock : End(sockets, result);
            }

            if (!_asked)
            {
                // a short request fits a segment, which is taken whole
                int written = sockets.Write(_socket, request, 0, request.Length);
                _asked = written > 0;
                if (written == (int)SocketError.InProgress || written == (int)SocketError.NoBufferSpace)
                {
                    return (int)SocketError.WouldBlock;
                }

                if (written < 0)
                {
                    return End(sockets, written);
                }
            }

            int read = sockets.Read(_socket, _buffer, 0, _buffer.Length);
            while (read > 0)
            {
                Received += read;
                read = sockets.Read(_socket, _buffer, 0, _buffer.Length);
            }

            // 0: the server has closed, and all was read
            return read == 0 ? End(sockets, 1) : read == (int)SocketError.WouldBlock ? read : End(sockets, read);
        }

        private int End(SocketLayer sockets, int result)
        {
            sockets.Close(_socket);
            _socket = -1;
            _asked = false;
            return result;
        }
    }

    // [/poll]

    // [runner]

    /// <summary>The world outside, as the stack sees it while a call waits.</summary>
    internal sealed class BoardRunner : StackRunner
    {
        internal BoardRunner(TcpIpStack stack)
            : base(stack)
        {
        }

        /// <inheritdoc/>
        protected override int Now() => (int)Environment.TickCount64;

        /// <inheritdoc/>
        protected override void Sleep(int milliseconds) => Thread.Sleep(milliseconds);
    }

    // [/runner]

    // [lookup]

    /// <summary>Looks a host up without ever waiting: Step is called after each poll of the stack and of the resolver.</summary>
    internal sealed class Lookup
    {
        private int _lookup = -1;
        private uint _address;

        /// <summary>Gets the address, once it is found.</summary>
        internal uint Address => _address;

        /// <summary>Does what can be done now.</summary>
        /// <returns>0 when the address is there, WouldBlock before that, or why there is none.</returns>
        internal int Step(INameResolver resolver, string hostname)
        {
            if (_lookup < 0)
            {
                _lookup = resolver.Begin(hostname);
            }

            int result = _lookup < 0 ? _lookup : resolver.GetResult(_lookup, out _address);
            if (result != (int)SocketError.WouldBlock)
            {
                _lookup = -1;
            }

            return result;
        }
    }

    // [/lookup]

    // [download]

    /// <summary>Reads an answer as it comes, without ever waiting: Step is called after each poll of the stack and of the client.</summary>
    internal sealed class Download
    {
        private readonly byte[] _buffer = new byte[256];

        /// <summary>Gets the bytes that have come so far.</summary>
        internal int Received { get; private set; }

        /// <summary>Does what can be done now. client.Begin(request) was called before.</summary>
        /// <returns>The status code when the whole answer is there, WouldBlock before that, or why there is none.</returns>
        internal int Step(HttpClient client)
        {
            int count = client.Read(_buffer, 0, _buffer.Length);
            while (count > 0)
            {
                Received += count;
                count = client.Read(_buffer, 0, _buffer.Length);
            }

            return count == 0 ? client.Result : count;
        }
    }

    // [/download]

    // [upload]

    /// <summary>Posts a log line by line as it is made: Step is called after each poll of the stack and of the client.</summary>
    internal sealed class LogUpload
    {
        private int _written;

        /// <summary>Does what can be done now. client.Begin(HttpRequest.Streamed("POST", ...)) was called before.</summary>
        /// <returns>WouldBlock while there is more to write; the result of the request once the body has ended, and WouldBlock before that is there.</returns>
        internal int Step(HttpClient client, byte[] log, int length, bool isComplete)
        {
            int taken = client.Write(log, _written, length - _written);
            if (taken > 0)
            {
                _written += taken;
            }

            if (isComplete && _written == length)
            {
                client.EndBody();
            }

            return client.Result;
        }
    }

    // [/upload]

    // [post]

    /// <summary>Posts readings to a server. All that it needs it makes once.</summary>
    internal sealed class Reporter
    {
        private readonly byte[] _answer = new byte[200];
        private readonly StackRunner _runner;
        private readonly HttpClient _client;
        private readonly HttpRequest _request;

        internal Reporter(StackRunner runner, INameResolver names, string url)
        {
            _runner = runner;
            _client = new HttpClient(runner.Stack, new HttpClientConfiguration() { Resolver = names });
            _request = new HttpRequest("POST", url, "text/plain", "Accept: text/plain\r\n", runner.Stack.Pool.Order);
            runner.Background = new IBackgroundWork[] { _client };
        }

        /// <summary>Gets what the server said.</summary>
        internal byte[] Answer => _answer;

        /// <summary>Posts one, and waits for the answer.</summary>
        /// <returns>The status code, such as 200, or a negative error, which HttpClient.Describe says in words.</returns>
        internal int Report(byte[] reading, int length)
        {
            _request.SetBody(reading, 0, length);
            int result = _client.Fetch(_runner, _request, _answer);
            return result < 0 ? result : _client.Result;
        }
    }

    // [/post]

    // [handler]

    /// <summary>Switches a lamp: POST /api/led/2 with on=0 or on=1.</summary>
    internal static class LedHandler
    {
        // a text in the code is a new object each time on nanoCLR: keep it
        private static readonly string s_json = "application/json";
        private static readonly string s_on = "on";
        private static readonly string s_answer = "{\"on\":";

        private static readonly int[] s_leds = new int[4];

        internal static void Set(HttpContext context)
        {
            int id = context.Parameter(0).ToInt32(-1);
            HttpValue value = context.Form(s_on);
            int on = value == null ? -1 : value.ToInt32(-1);
            if (id < 0 || id >= s_leds.Length)
            {
                context.Reply(404);
                return;
            }

            if (on < 0 || on > 1)
            {
                context.Reply(422);
                return;
            }

            s_leds[id] = on;
            Show(context);
        }

        internal static void Show(HttpContext context)
        {
            int id = context.Parameter(0).ToInt32(-1);
            if (id < 0 || id >= s_leds.Length)
            {
                context.Reply(404);
                return;
            }

            context.Begin(200, s_json);
            context.Write(s_answer);
            context.WriteDecimal(s_leds[id]);
            context.WriteByte('}');
        }
    }

    // [/handler]

    // [threads]

    /// <summary>Sends back what clients send. Any number of threads may run Serve, and each serves one client at a time.</summary>
    internal sealed class EchoForMany
    {
        private readonly SocketHost _host;
        private readonly int _listener;

        internal EchoForMany(SocketHost host, int port)
        {
            _host = host;
            _listener = host.OpenStream();
            host.Bind(_listener, 0, port);
            host.Listen(_listener, 4);
        }

        /// <summary>What a thread does until Stop.</summary>
        internal void Serve()
        {
            byte[] buffer = new byte[256];
            int client = _host.Accept(_listener, SocketHost.Forever);
            while (client >= 0)
            {
                // 0 is the client's end, a negative number says why there will be no more of it
                int count = _host.Receive(client, buffer, 0, 256, false, 60000);
                if (count <= 0 || _host.Send(client, buffer, 0, count, 60000) != count)
                {
                    _host.Close(client);
                    client = _host.Accept(_listener, SocketHost.Forever);
                }
            }
        }

        /// <summary>Ends all threads that wait for a client: their Accept says ConnectionAborted.</summary>
        internal void Stop() => _host.Close(_listener);
    }

    // [/threads]

    /// <summary>
    /// The examples of the README, compiled and run.
    /// </summary>
    internal static class Examples
    {
        // [dns]

        /// <summary>Has names looked up, with servers of one's own choice, until a DHCP server names others.</summary>
        internal static DnsResolver BeginDns(StackRunner runner, RandomSource random)
        {
            DnsResolver dns = new DnsResolver(runner.Stack, random, new DnsConfiguration());
            dns.SetServer(0, IPv4Address.Create(192, 168, 1, 254));
            dns.SetServer(1, IPv4Address.Create(9, 9, 9, 9));
            runner.Resolver = dns;
            return dns;
        }

        /// <summary>Takes over the servers of the lease. To be called when <see cref="DhcpClient.Changes"/> has changed.</summary>
        internal static void TakeServers(DnsResolver dns, DhcpLease lease)
        {
            for (int i = 0; i < dns.MaximumServers; i++)
            {
                dns.SetServer(i, lease.GetDnsServer(i));
            }
        }

        // [/dns]

        // [sntp]

        /// <summary>Has the time of day come from servers: by name, until a DHCP server names others.</summary>
        internal static SntpClient BeginSntp(StackRunner runner, INameResolver names, RandomSource random)
        {
            SntpConfiguration configuration = new SntpConfiguration() { ServerName = "pool.ntp.org", Resolver = names };
            SntpClient sntp = new SntpClient(runner.Stack, random, configuration);
            runner.Background = new IBackgroundWork[] { sntp };
            return sntp;
        }

        /// <summary>Sets the board's own clock. To be called when <see cref="SntpClient.Changes"/> has changed.</summary>
        internal static void SetClock(SntpClient sntp, int now)
        {
            Rtc.SetSystemTime(new DateTime(DateTime.UnixEpoch.Ticks + (sntp.GetTime(now) * TimeSpan.TicksPerMillisecond)));
        }

        // [/sntp]

        // [mdns]

        /// <summary>Has the board found as board.local, and its page in lists. The stack's configuration needs MulticastGroups = 1, and a UDP socket to spare.</summary>
        internal static MdnsResponder BeginMdns(StackRunner runner, RandomSource random)
        {
            MdnsConfiguration configuration = new MdnsConfiguration()
            {
                HostName = "board",
                Services = new MdnsService[] { new MdnsService() { Type = "_http._tcp", Name = "Board page", Port = 80, Text = new string[] { "path=/" } } },
            };
            MdnsResponder mdns = new MdnsResponder(runner.Stack, random, configuration);
            mdns.Start();
            runner.Background = new IBackgroundWork[] { mdns };
            return mdns;
        }

        // [/mdns]

        // [start]

        /// <summary>Makes a stack over a driver. All memory is taken here, from sizes that one object names.</summary>
        internal static TcpIpStack Begin(INetworkInterface driver, RandomSource random)
        {
            TcpIpStack stack = new TcpIpStack(new StackConfiguration(), driver, random);
            uint address = IPv4Address.Create(192, 168, 1, 50);
            uint netmask = IPv4Address.Create(255, 255, 255, 0);
            uint gateway = IPv4Address.Create(192, 168, 1, 254);
            stack.Configure(address, netmask, gateway);
            return stack;
        }

        // [/start]

        // [wait]

        /// <summary>Asks a server something, and waits for the answer.</summary>
        /// <returns>The bytes of the answer, or a negative SocketError.</returns>
        internal static int Ask(WaitingSockets sockets, uint address, int port, byte[] request, byte[] answer)
        {
            int socket = sockets.Layer.Socket();
            int result = sockets.Connect(socket, address, port, 5000);
            if (result == 0)
            {
                result = sockets.Write(socket, request, 0, request.Length, 5000);
            }

            int length = 0;
            while (result > 0 && length < answer.Length)
            {
                result = sockets.Read(socket, answer, length, answer.Length - length, 5000);
                length += result > 0 ? result : 0;
            }

            sockets.Close(socket, 1000);
            return result < 0 ? result : length;
        }

        // [/wait]

        // [http]

        /// <summary>Has a style sheet and a lamp served while calls wait. Without a runner: server.Poll(now), after each poll of the stack.</summary>
        internal static HttpServer BeginHttp(StackRunner runner, string css)
        {
            WordOrder order = runner.Stack.Pool.Order;
            HttpServer server = new HttpServer(runner.Stack.Sockets, order, 80, new HttpLimits() { Connections = 8, Viewers = 3 });
            server.Add(new HttpDocument("/style.css", "text/css; charset=utf-8", css, order));
            server.Add(HttpMethods.Get, "/api/led/{id}", LedHandler.Show, HttpOptions.None);
            server.Add(HttpMethods.Post, "/api/led/{id}", LedHandler.Set, HttpOptions.Form | HttpOptions.Protected);
            server.SetCredentials("admin", "secret");
            server.AnswerTo("board.local");
            runner.Background = new IBackgroundWork[] { server };
            return server;
        }

        // [/http]

        // [background]
        internal static WaitingSockets Start(StackRunner runner, HttpPage[] pages)
        {
            // served while a call waits
            HttpServer http = new HttpServer(runner.Stack.Sockets, runner.Stack.Pool.Order, 80, 2, pages);
            runner.Background = new IBackgroundWork[] { http };
            return new WaitingSockets(runner);
        }

        // [/background]

        // [zerocopy]

        /// <summary>Sends a measurement as text, laid out in the frame that goes out.</summary>
        /// <returns>The bytes that were sent, or a negative SocketError.</returns>
        internal static int Report(WaitingSockets sockets, int socket, SendView view, byte[] name, int value)
        {
            int result = sockets.Reserve(socket, name.Length + 13, view, 5000);
            if (result < 0)
            {
                return result;
            }

            view.Write(name, 0, name.Length);
            view.WriteByte('=');
            view.WriteDecimal(value);
            view.WriteByte('\n');
            return sockets.Commit(socket, view.Written);
        }

        // [/zerocopy]

        // [peek]

        /// <summary>Adds up the bytes of the next datagram where they lie.</summary>
        /// <returns>The sum, or a negative SocketError.</returns>
        internal static int SumOfNext(WaitingSockets sockets, int socket, ReceivedView view)
        {
            int length = sockets.Peek(socket, view, 5000);
            if (length < 0)
            {
                return length;
            }

            int sum = 0;
            for (int i = 0; i < length; i++)
            {
                sum += view.GetByte(i);
            }

            sockets.Layer.Consume(socket, length);
            return sum;
        }

        // [/peek]

        // [tcpclient]

        /// <summary>Asks a server something, with types whose names one knows.</summary>
        /// <returns>The bytes of the answer, or -1.</returns>
        internal static int AskWithTcpClient(WaitingSockets sockets, string address, int port, byte[] request, byte[] answer)
        {
            TcpClient client = new TcpClient(sockets) { ReceiveTimeout = 5000, SendTimeout = 5000, ConnectTimeout = 5000 };
            try
            {
                client.Connect(address, port);
                NetworkStream stream = client.GetStream();
                stream.Write(request, 0, request.Length);
                int length = 0;
                int count = stream.Read(answer, 0, answer.Length);
                while (count > 0)
                {
                    length += count;
                    count = stream.Read(answer, length, answer.Length - length);
                }

                return length;
            }
            catch (SocketException)
            {
                // its SocketErrorCode says why
                return -1;
            }
            finally
            {
                client.Close();
            }
        }

        // [/tcpclient]

        // [tcplistener]

        /// <summary>Sends back what clients send, one client after the other; makes no object for each of them.</summary>
        internal static void Echo(WaitingSockets sockets, int port, int clients)
        {
            TcpListener listener = new TcpListener(sockets, IPAddress.Any, port);
            TcpClient client = new TcpClient(sockets) { ReceiveTimeout = 10000, SendTimeout = 10000 };
            byte[] buffer = new byte[256];
            listener.Start();
            for (int i = 0; i < clients; i++)
            {
                listener.AcceptTcpClient(client);
                try
                {
                    NetworkStream stream = client.GetStream();
                    for (int count = stream.Read(buffer, 0, 256); count > 0; count = stream.Read(buffer, 0, 256))
                    {
                        stream.Write(buffer, 0, count);
                    }
                }
                catch (SocketException)
                {
                    // this client is gone; the next one may come
                }

                client.Close();
            }

            listener.Stop();
        }

        // [/tcplistener]

        // [udpclient]

        /// <summary>Asks in a datagram, three times if need be.</summary>
        /// <returns>The bytes of the answer, or -1.</returns>
        internal static int AskInADatagram(WaitingSockets sockets, string address, int port, byte[] request, byte[] answer)
        {
            UdpClient client = new UdpClient(sockets, address, port) { ReceiveTimeout = 1000 };
            IPEndPoint from = new IPEndPoint(IPAddress.Any, 0);
            int length = -1;
            for (int i = 0; i < 3 && length < 0; i++)
            {
                try
                {
                    client.Send(request, request.Length);
                    length = client.Receive(answer, from);
                }
                catch (SocketException)
                {
                    // a datagram may be lost: ask again
                }
            }

            client.Close();
            return length;
        }

        // [/udpclient]

        // [dhcp]

        /// <summary>Has the stack's address come from a DHCP server. The client is polled after the stack: here as background work.</summary>
        internal static DhcpClient BeginDhcp(StackRunner runner, INetworkInterface driver, RandomSource random)
        {
            DhcpConfiguration configuration = new DhcpConfiguration() { HostName = "board" };
            DhcpClient dhcp = new DhcpClient(runner.Stack, driver.MacAddress, random, configuration);
            dhcp.Start();
            runner.Background = new IBackgroundWork[] { dhcp };
            return dhcp;
        }

        // [/dhcp]

        // [beginThreads]

        /// <summary>Has any number of threads use the network, over a driver that runs already; the address comes from a DHCP server.</summary>
        internal static SocketHost BeginThreads(INetworkInterface driver)
        {
            EthernetConfiguration configuration = new EthernetConfiguration();
            EthernetInterface network = EthernetInterface.Use(new PolledController(driver, configuration.Threads), configuration);
            network.WaitForAddress(30000);
            return network.Sockets;
        }

        // [/beginThreads]
    }
}
