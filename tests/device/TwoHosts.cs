// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;
using nanoFramework.TestFramework;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Http;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Two stacks that face each other, and a clock that only the test moves.
    /// </summary>
    internal sealed class TwoHosts
    {
        internal const uint ClientAddress = 0x0A000001;
        internal const uint ServerAddress = 0x0A000002;

        /// <summary>Longer than TIME-WAIT and everything else that ends by itself.</summary>
        internal const int LongTime = 130000;

        internal readonly MemoryInterface ClientInterface;
        internal readonly MemoryInterface ServerInterface;
        internal readonly TcpIpStack Client;
        internal readonly TcpIpStack Server;
        internal HttpServer Http;
        internal int Now;

        internal TwoHosts(WordOrder clientOrder, WordOrder serverOrder, bool guard, int now)
        {
            Now = now;
            ClientInterface = new MemoryInterface(new MacAddress(new byte[] { 2, 0, 0, 0, 0, 1 }), clientOrder);
            ServerInterface = new MemoryInterface(new MacAddress(new byte[] { 2, 0, 0, 0, 0, 2 }), serverOrder);
            MemoryInterface.Join(ClientInterface, ServerInterface);
            StackConfiguration configuration = new StackConfiguration() { GuardFrames = guard };
            Client = new TcpIpStack(configuration, ClientInterface, new SeededRandom(1234567));
            Server = new TcpIpStack(configuration, ServerInterface, new SeededRandom(7654321));
            Client.Configure(ClientAddress, 0xFFFFFF00, 0);
            Server.Configure(ServerAddress, 0xFFFFFF00, 0);

            // a stack knows the time from its first poll on
            Settle();
        }

        /// <summary>Gets a value indicating whether frames are on their way, or a call has left something to send.</summary>
        internal bool IsBusy => ClientInterface.Waiting > 0 || ServerInterface.Waiting > 0 || Client.NeedsPoll || Server.NeedsPoll;

        /// <summary>
        /// Lets the client do what is due.
        /// </summary>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int PollClient()
        {
            int wait = Client.Poll(Now);
            return Client.NeedsPoll ? 0 : wait;
        }

        /// <summary>
        /// Lets the server, and the web server if it has one, do what is due, as the firmware does.
        /// </summary>
        /// <returns>Milliseconds until it must be called again.</returns>
        internal int PollServer()
        {
            int wait = Server.Poll(Now);
            if (Http != null)
            {
                int due = Http.Poll(Now);
                if (due < wait)
                {
                    wait = due;
                }
            }

            return Server.NeedsPoll ? 0 : wait;
        }

        /// <summary>
        /// Polls both until neither has anything to do at once.
        /// </summary>
        /// <returns>Milliseconds until one of them has.</returns>
        internal int Settle()
        {
            for (int i = 0; i < 1000; i++)
            {
                int wait = PollClient();
                int due = PollServer();
                if (due < wait)
                {
                    wait = due;
                }

                if (wait > 0 && !IsBusy)
                {
                    return wait;
                }
            }

            Assert.IsTrue(false, "the two never come to rest");
            return 0;
        }

        /// <summary>
        /// Lets time pass, from one thing that is due to the next.
        /// </summary>
        internal void Run(int milliseconds)
        {
            int left = milliseconds;
            while (true)
            {
                int wait = Settle();
                if (left == 0)
                {
                    return;
                }

                if (wait > left)
                {
                    wait = left;
                }

                Now += wait;
                left -= wait;
            }
        }

        /// <summary>
        /// Opens a connection from the client to a listener of the server.
        /// </summary>
        /// <returns>The client's descriptor.</returns>
        internal int Connect(int port)
        {
            int socket = Client.Sockets.Socket();
            Assert.IsTrue(socket >= 0, "no socket");
            Assert.AreEqual((int)SocketError.InProgress, Client.Sockets.Connect(socket, ServerAddress, port));
            return socket;
        }

        /// <summary>
        /// Makes the server listen.
        /// </summary>
        /// <returns>The listener's descriptor.</returns>
        internal int Listen(int port, int backlog)
        {
            int socket = Server.Sockets.Socket();
            Assert.AreEqual(0, Server.Sockets.Bind(socket, port));
            Assert.AreEqual(0, Server.Sockets.Listen(socket, backlog));
            return socket;
        }

        /// <summary>
        /// After everything has ended: no frame and no control block may be missing.
        /// </summary>
        internal void AssertAllReturned(int clientBlocks, int serverBlocks)
        {
            Check.AllReturned(Client.Pool);
            Check.AllReturned(Server.Pool);
            Assert.AreEqual(clientBlocks, Client.Tcp.BlocksInUse, "control blocks of the client");
            Assert.AreEqual(serverBlocks, Server.Tcp.BlocksInUse, "control blocks of the server");
            Assert.AreEqual(0, ClientInterface.Dropped, "frames that the client dropped");
            Assert.AreEqual(0, ServerInterface.Dropped, "frames that the server dropped");
        }
    }
}
