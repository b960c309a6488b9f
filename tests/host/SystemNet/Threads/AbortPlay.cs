// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using HostTests.Stack.Threading;
using ours::System.Net;
using ours::System.Net.Sockets;
using TcpIp.Dhcp;
using TcpIp.Threading;
using Board = HostTests.Stack.Threading.VirtualBoard;
using HostOption = TcpIp.Threading.HostOption;

namespace HostTests.SystemNet.Threads;

/// <summary>
/// A thread that makes one kind of call and is aborted somewhere in it, between others that go on. When all is over nothing of it may be left: no lock,
/// no waiter, no handle, no frame.
/// </summary>
internal static class AbortPlay
{
    private const int Port = 80;
    private const int Late = 300;

    [ThreadStatic]
    private static bool s_isVictim;
    private static int s_instructions;
    private static int s_abortAt;
    private static VirtualWorld? s_world;

    /// <summary>Gets the method in which the thread was aborted.</summary>
    public static string Place { get; private set; } = string.Empty;

    /// <summary>Gets the kinds of calls.</summary>
    public static string[] Kinds => [.. typeof(Calls).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(m => m.Name)];

    /// <summary>Plays.</summary>
    /// <param name="kind">The kind of call.</param>
    /// <param name="point">At which place where it could lose the processor the thread is aborted, from 1 on; or 0.</param>
    /// <param name="instruction">At which instruction, if these call back; or 0.</param>
    /// <returns>How many instructions the thread has come to, and how often it was aborted.</returns>
    public static int[] Play(string kind, int point, int instruction)
    {
        s_instructions = 0;
        s_abortAt = instruction;
        InstrumentedAssemblies.Hook(Come);
        EthernetInterface? before = EthernetInterface.Current;
        try
        {
            bool wasAborted = Play(kind, point);
            return [s_instructions, wasAborted ? 1 : 0];
        }
        finally
        {
            EthernetInterface.Current = before!;
        }
    }

    private static void Come()
    {
        if (s_isVictim && ++s_instructions == s_abortAt)
        {
            MethodBase method = new StackFrame(2).GetMethod()!;
            Place = $"{method.DeclaringType!.Name}.{method.Name}";
            s_world!.Current.IsBeingAborted = true;
            throw new AbortedException();
        }
    }

    private static bool Play(string kind, int point)
    {
        using VirtualLan lan = new(5, Configure) { Strict = false };
        s_world = lan.World;
        bool wasAborted = Stage(lan, kind, point);

        // what nobody knows any more closes itself
        GC.Collect();
        GC.WaitForPendingFinalizers();
        foreach (Board board in new[] { lan.A, lan.B })
        {
            Assert.False(board.Threads.IsLocked, "the lock is kept");
            Assert.True(board.Network.Owner.Waiting == 0, "a waiter is kept");

            // between two instructions of a poll is in the midst of it
            Assert.InRange(board.Network.Faults, 0, s_abortAt > 0 ? 1 : 0);
            Assert.True(board.Sockets.OpenHandles == 0, "a handle is kept");
            Assert.True(board.Network.Stack.Tcp.Blocks.All(b => !b.Attached), "a stream is kept");

            // the DHCP client has one
            Assert.True(board.Network.Stack.Udp.Blocks.Count(b => b.Attached) == 1, "a datagram socket is kept");
            Invariants.Check(board.Network.Stack, board.Configuration.Stack);
            Rest(lan, board.Network.Stack);
        }

        return wasAborted;
    }

    /// <summary>By itself, so that nothing here keeps an object alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Stage(VirtualLan lan, string kind, int point)
    {
        Bench bench = new(lan);
        MethodInfo call = typeof(Calls).GetMethod(kind, BindingFlags.Public | BindingFlags.Static)!;
        VirtualThread? victim = null;
        lan.Start("peer", bench.Serve);
        lan.Start("before", () =>
        {
            EthernetInterface.Current = lan.A.Network;
            bench.Prepare();
            victim = lan.Start("victim", () =>
            {
                s_isVictim = true;
                try
                {
                    call.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [bench], null);
                }
                finally
                {
                    s_isVictim = false;
                }
            });
            victim.AbortAt = point;
            while (!victim.IsDone)
            {
                lan.A.Threads.Sleep(20);
            }

            bench.GoOn();
        });
        lan.World.Run(400000);
        return victim!.WasAborted;
    }

    public static void Configure(EthernetConfiguration configuration)
    {
        configuration.Waiters = 3;
        configuration.Dhcp = new DhcpConfiguration();
        configuration.Stack = new StackConfiguration { GuardFrames = true, TcpSockets = 8, UdpSockets = 4, MulticastGroups = 2, TcpTimeWait = 5000, TcpUserTimeout = 20000 };
    }

    /// <summary>Time goes by; then all places and frames are free.</summary>
    public static void Rest(VirtualLan lan, TcpIpStack stack)
    {
        int now = lan.World.Now;
        for (int i = 0; i < 2000 && (stack.Tcp.BlocksInUse > 0 || stack.Tcp.SynQueue.InUse > 0); i++)
        {
            now += Math.Clamp(stack.Poll(now), 1, 1000);
        }

        for (int i = 0; i < 10; i++)
        {
            now += 1000;
            stack.Poll(now);
        }

        Assert.Equal(0, stack.Tcp.BlocksInUse);
        Assert.Equal(Enumerable.Range(0, stack.Pool.Classes).Sum(stack.Pool.Total), stack.Pool.Free);
    }

    /// <summary>What the calls are made with, and who else is there.</summary>
    internal sealed class Bench(VirtualLan lan)
    {
        private readonly List<int> _peers = [];
        private int _peerListener;

        public VirtualLan Lan => lan;

        public EthernetInterface Network => lan.A.Network;

        /// <summary>Gets a connection to a peer that sends back what it gets.</summary>
        public Socket Stream { get; private set; } = null!;

        public Socket Listener { get; private set; } = null!;

        public Socket Datagrams { get; private set; } = null!;

        public IPEndPoint Peer { get; } = new(IPAddress.Parse("10.0.0.2"), Port);

        public static Socket Tcp() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public static Socket Udp() => new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);

        public void Prepare()
        {
            Stream = Tcp();
            Stream.Connect(Peer);
            Listener = Tcp();
            Listener.Bind(new IPEndPoint(IPAddress.Any, Port));
            Listener.Listen(2);
            Datagrams = Udp();
            Datagrams.Bind(new IPEndPoint(IPAddress.Any, Port));
        }

        /// <summary>Something happens a little later.</summary>
        public void Later(Action happens) => lan.Start("later", () =>
        {
            lan.A.Threads.Sleep(Late);
            happens();
        });

        /// <summary>The thread is gone. Its sockets can be closed, and others can do what they like.</summary>
        public void GoOn()
        {
            lan.A.Threads.Sleep(2 * Late);
            Stream.Close();
            Listener.Close();
            Datagrams.Close();
            Assert.Equal(0, Network.EnableStatic(lan.A.Ip, lan.A.Configuration.Netmask, 0));
            Network.SetListener(null!);
            Assert.True(Network.WaitForAddress(60000));
            using (Socket again = Tcp())
            {
                again.Connect(Peer);
                Assert.Equal(3000, again.Send(new byte[3000]));
                int received = 0;
                while (received < 3000)
                {
                    received += again.Receive(new byte[1000]);
                }
            }

            // who waits as all waiters can be taken is let go at once
            lan.A.Threads.Sleep(1000);
            lan.B.Sockets.Close(_peerListener);
        }

        /// <summary>The other board: each connection has a thread that sends back what comes.</summary>
        public void Serve()
        {
            SocketHost host = lan.B.Sockets;
            _peerListener = host.OpenStream();
            Assert.Equal(0, host.Bind(_peerListener, 0, Port));
            Assert.Equal(0, host.Listen(_peerListener, 4));
            int handle;
            while ((handle = host.Accept(_peerListener, SocketHost.Forever)) >= 0)
            {
                int connection = handle;
                _peers.Add(connection);
                lan.Start("echo", () =>
                {
                    byte[] buffer = new byte[900];
                    int count;
                    while ((count = host.Receive(connection, buffer, 0, buffer.Length, false, 60000)) > 0 && host.Send(connection, buffer, 0, count, 60000) == count)
                    {
                    }

                    host.Close(connection);
                });
            }
        }
    }

    /// <summary>The calls.</summary>
    internal static class Calls
    {
        public static void Opening(Bench bench)
        {
            using Socket one = Bench.Tcp();
            one.Bind(new IPEndPoint(IPAddress.Any, 0));
            one.Listen(1);
            using Socket other = Bench.Udp();
            other.Bind(new IPEndPoint(IPAddress.Any, 0));
        }

        public static void Connecting(Bench bench)
        {
            using Socket socket = Bench.Tcp();
            socket.Connect(bench.Peer);
        }

        public static void Accepting(Bench bench)
        {
            bench.Later(() =>
            {
                SocketHost host = bench.Lan.B.Sockets;
                int handle = host.OpenStream();
                Assert.Equal(0, host.Connect(handle, bench.Lan.A.Ip, Port, 20000));
                host.Receive(handle, new byte[1], 0, 1, false, 20000);
                host.Close(handle);
            });
            bench.Listener.Accept().Close();
        }

        public static void Sending(Bench bench) => bench.Stream.Send(new byte[6000]);

        public static void Receiving(Bench bench)
        {
            bench.Later(() => bench.Stream.Send(new byte[10]));
            bench.Stream.Receive(new byte[10]);
        }

        public static void Peeking(Bench bench)
        {
            bench.Later(() => bench.Stream.Send(new byte[10]));
            bench.Stream.Receive(new byte[10], SocketFlags.Peek);
        }

        public static void Waiting_in_vain(Bench bench)
        {
            bench.Stream.ReceiveTimeout = 200;
            Fails(() => bench.Stream.Receive(new byte[10]));
        }

        public static void Datagrams_out(Bench bench) => bench.Datagrams.SendTo(new byte[100], bench.Peer);

        public static void Datagrams_in(Bench bench)
        {
            bench.Later(() =>
            {
                SocketHost host = bench.Lan.B.Sockets;
                int handle = host.OpenDatagram();
                Assert.Equal(1, host.SendTo(handle, new byte[1], 0, 1, bench.Lan.A.Ip, Port, 1000));
                host.Close(handle);
            });
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            bench.Datagrams.ReceiveFrom(new byte[10], ref from);
        }

        public static void Polling(Bench bench)
        {
            bench.Later(() => bench.Stream.Send(new byte[10]));
            Assert.True(bench.Stream.Poll(-1, SelectMode.SelectRead));
            bench.Listener.Poll(1000, SelectMode.SelectRead);
        }

        public static void Questions(Bench bench)
        {
            Assert.Equal(0, bench.Stream.Available);
            Assert.True(bench.Stream.Connected);
            Assert.NotNull(bench.Stream.RemoteEndPoint);
            Assert.NotNull(bench.Stream.LocalEndPoint);
            bench.Network.Sockets.IsListening(0);
            bench.Network.Sockets.HasConnectionWaiting(0);
        }

        public static void Options(Bench bench)
        {
            bench.Stream.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay, true);
            bench.Stream.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.NoDelay);
            byte[] group = [224, 0, 0, 251, 0, 0, 0, 0];
            bench.Datagrams.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, group);
            bench.Datagrams.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.DropMembership, group);
        }

        public static void Shutting_down(Bench bench)
        {
            // somebody waits to receive, and must be let go
            bench.Lan.Start("reader", () => bench.Network.Sockets.Receive(HandleOf(bench.Stream), new byte[1], 0, 1, false, SocketHost.Forever));
            bench.Lan.A.Threads.Sleep(10);
            bench.Network.Sockets.Shutdown(HandleOf(bench.Stream), SocketHost.Both);
        }

        public static void Closing(Bench bench)
        {
            bench.Lan.Start("reader", () => bench.Network.Sockets.Receive(HandleOf(bench.Stream), new byte[1], 0, 1, false, SocketHost.Forever));
            bench.Lan.A.Threads.Sleep(10);
            bench.Stream.Close();
        }

        public static void Lingering(Bench bench)
        {
            bench.Stream.Send(new byte[5000]);
            bench.Network.Sockets.SetOption(HandleOf(bench.Stream), HostOption.Linger, 20);
            bench.Stream.Close();
        }

        public static void Streams(Bench bench)
        {
            NetworkStream stream = new(bench.Stream, true);
            stream.Write(new byte[100], 0, 100);
            stream.Read(new byte[100], 0, 100);
            stream.Close();
        }

        public static void Names(Bench bench)
        {
            bench.Network.SetDnsServer(0, bench.Lan.B.Ip);
            Fails(() => Dns.GetHostEntry("nobody.example"));
        }

        public static void Addresses(Bench bench)
        {
            EthernetInterface network = bench.Network;
            network.SetListener(_ => { });
            network.EnableDhcp();
            network.RenewLease();
            network.WaitForAddress(100);
            network.ReleaseLease();
            network.EnableStatic(bench.Lan.A.Ip, bench.Lan.A.Configuration.Netmask, 0);
            network.WaitForAddress(1000);
            network.UseDnsServersOfLease();
        }

        private static void Fails(Action call)
        {
            try
            {
                call();
            }
            catch (SocketException)
            {
                return;
            }

            Assert.Fail("it says nothing");
        }

        private static int HandleOf(Socket socket) =>
            (int)typeof(Socket).GetField("_handle", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(socket)!;
    }
}
