// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Support;

/// <summary>
/// One stack on a LAN that the test speaks for. Time is virtual: it moves only in <see cref="Advance"/>, in the steps that
/// the stack asks for, so a deadline that the stack forgets to name is missed here as it would be on the board.
/// </summary>
internal sealed class TestNetwork
{
    public const ulong StackMac = 0x02AABBCCDD01;
    public const ulong GatewayMac = 0x0200000000FE;

    public static readonly uint StackIp = Wire.Address("192.168.1.50");
    public static readonly uint Netmask = Wire.Address("255.255.255.0");
    public static readonly uint GatewayIp = Wire.Address("192.168.1.254");
    public static readonly uint SubnetBroadcast = Wire.Address("192.168.1.255");

    /// <summary>When time begins: shortly before the millisecond count changes its sign, so that each longer test wraps it.</summary>
    public const int DefaultStart = int.MaxValue - 2500;

    private readonly List<TestHost> _hosts = [];
    private readonly List<TcpPeer> _peers = [];
    private readonly SentFragments _sentFragments = new();

    public TestNetwork(WordOrder order, Action<StackConfiguration>? configure = null, uint seed = 1, int start = DefaultStart)
    {
        // a little more of everything than the defaults, as the firmware has it; and the shortest timeout is RFC 6298's, so that
        // what is shown of timers reads as it does there (MinimumTimeoutTests shows the stack's own)
        Configuration = new StackConfiguration { GuardFrames = true, TcpSockets = 10, FrameCounts = [12, 6, 4, 4, 4, 6], TcpMinimumRto = 1000 };
        configure?.Invoke(Configuration);
        Interface = new TestInterface(order, StackMac);
        Random = new TestRandom(seed);
        Stack = new TcpIpStack(Configuration, Interface, Random);
        Now = start;
        Start = start;
        Gateway = AddHost(GatewayMac, GatewayIp);
        Client = AddHost(0x020000000010, Wire.Address("192.168.1.10"));
        Far = AddHost(GatewayMac, Wire.Address("203.0.113.7"));
        Poll();
        Stack.Configure(StackIp, Netmask, GatewayIp);
        Poll();
        Announcements.Clear();
    }

    public StackConfiguration Configuration { get; }

    public TestInterface Interface { get; }

    public TestRandom Random { get; }

    public TcpIpStack Stack { get; }

    public SocketLayer Sockets => Stack.Sockets;

    /// <summary>Gets the virtual time in milliseconds.</summary>
    public int Now { get; private set; }

    public int Start { get; }

    /// <summary>Gets the milliseconds since the start.</summary>
    public int Elapsed => Now - Start;

    public TestHost Gateway { get; }

    public TestHost Client { get; }

    /// <summary>Gets a host behind the gateway.</summary>
    public TestHost Far { get; }

    /// <summary>Gets the ARP packets that the stack has sent.</summary>
    public List<SeenFrame> Arps { get; } = [];

    /// <summary>Gets what the stack said of its own address: probes and announcements.</summary>
    public List<SeenFrame> Announcements { get; } = [];

    /// <summary>Gets the IPv4 packets that the stack has sent and no <see cref="TcpPeer"/> was waiting for.</summary>
    public List<SeenFrame> Packets { get; } = [];

    /// <summary>Gets the fragments that the stack has sent. What they make is in <see cref="Packets"/>, too.</summary>
    public List<SeenFrame> Fragments { get; } = [];

    /// <summary>Gets the times to live that the stack may send: 64 unless a test asks for others.</summary>
    public HashSet<int> TimesToLive { get; } = [64];

    /// <summary>Gets the bytes that the thread allocated in polls of the stack and of the application.</summary>
    public long AllocatedInPoll { get; private set; }

    /// <summary>Gets or sets an application that is polled after the stack; it says when it wants to be polled again.</summary>
    public Func<int, int>? Application { get; set; }

    /// <summary>Gets or sets who is shown each IPv4 packet that the stack has sent, before anybody else; what he answers arrives at once.</summary>
    public Action<SeenFrame>? Listener { get; set; }

    public int FramesSent { get; private set; }

    /// <summary>Adds a host; the network answers ARP requests in its name.</summary>
    public TestHost AddHost(ulong mac, uint ip)
    {
        TestHost host = new(mac, ip);
        _hosts.Add(host);
        return host;
    }

    public void AddPeer(TcpPeer peer) => _peers.Add(peer);

    /// <summary>Makes a peer that speaks TCP.</summary>
    public TcpPeer Peer(int stackPort = 80, int port = 40000, TestHost? host = null, uint iss = 5000)
    {
        return new TcpPeer(this, host ?? Client, port, stackPort, iss);
    }

    public int Listen(int port = 80, int backlog = 4)
    {
        int socket = Sockets.Socket();
        Assert.True(socket >= 0);
        Assert.Equal(0, Sockets.Bind(socket, port));
        Assert.Equal(0, Sockets.Listen(socket, backlog));
        return socket;
    }

    public int Accept(int listener)
    {
        int socket = Sockets.Accept(listener);
        Assert.True(socket >= 0, "accept: " + (SocketError)socket);
        return socket;
    }

    /// <summary>Writes all of some bytes.</summary>
    public void Write(int socket, byte[] bytes)
    {
        Assert.Equal(bytes.Length, Sockets.Write(socket, bytes, 0, bytes.Length));
    }

    public void Write(int socket, string text) => Write(socket, System.Text.Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until there is nothing more right now.</summary>
    public byte[] Read(int socket, int chunk = 4000)
    {
        List<byte> all = [];
        byte[] buffer = new byte[chunk];
        int count = Sockets.Read(socket, buffer, 0, chunk);
        while (count > 0)
        {
            all.AddRange(buffer.AsSpan(0, count).ToArray());
            count = Sockets.Read(socket, buffer, 0, chunk);
        }

        return [.. all];
    }

    /// <summary>The result of a read: bytes, 0 at the end, or an error.</summary>
    public int ReadResult(int socket)
    {
        byte[] buffer = new byte[1];
        return Sockets.Read(socket, buffer, 0, 1);
    }

    public void Deliver(byte[] frame)
    {
        Interface.Deliver(frame);
        Poll();
    }

    /// <summary>Sends an IPv4 packet from a host to the stack's station address.</summary>
    public void DeliverIp(TestHost from, byte[] packet) => Deliver(FrameBuilder.Ethernet(StackMac, from.Mac, 0x0800, packet));

    /// <summary>Sends an IPv4 packet from a host to a multicast group.</summary>
    public void DeliverToGroup(TestHost from, uint group, int protocol, byte[] payload)
    {
        byte[] packet = FrameBuilder.Ip(from.Ip, group, protocol, payload, ttl: 1);
        Deliver(FrameBuilder.Ethernet(0x01005E000000ul | (group & 0x7FFFFF), from.Mac, 0x0800, packet));
    }

    /// <summary>An echo request of the client, as a frame.</summary>
    public byte[] EchoRequest(int sequence = 1, byte[]? data = null, TestHost? from = null)
    {
        TestHost host = from ?? Client;
        byte[] packet = FrameBuilder.Ip(host.Ip, StackIp, 1, FrameBuilder.Echo(0x77, sequence, data ?? Wire.PatternBytes(sequence, 32)));
        return FrameBuilder.Ethernet(StackMac, host.Mac, 0x0800, packet);
    }

    /// <summary>The stack still serves: an echo request is answered.</summary>
    public void AssertAlive()
    {
        Packets.Clear();
        byte[] data = Wire.PatternBytes(FramesSent, 41);
        Deliver(EchoRequest(99, data));
        SeenFrame? reply = Packets.SingleOrDefault(p => p.IsIcmp && p.IcmpType == 0);
        Assert.True(reply != null, "no echo reply: the stack is deaf");
        Assert.Equal(data, reply.IcmpData);
        Packets.Clear();
    }

    /// <summary>Gets or sets a value indicating whether the stack is polled in two halves.</summary>
    public bool InHalves { get; set; }

    /// <summary>Lets the stack do all that is due now.</summary>
    /// <returns>Milliseconds until it wants to be called again; more than 0.</returns>
    public int Poll()
    {
        for (int i = 0; i < 2000; i++)
        {
            AllocationMark mark = AllocationMark.Now();
            int wait = InHalves ? Stack.Flush(Stack.BeginTurn(Now)) : Stack.Poll(Now);
            uint received = Stack.Ethernet.Counters.FramesReceived;
            if (Application != null)
            {
                // what was sent so far was sent before the application changes anything
                AllocatedInPoll += mark.Since();
                Collect();
                mark = AllocationMark.Now();

                // what the application writes leaves in the stack's next poll
                wait = Math.Min(wait, Application(Now));
                wait = Math.Min(wait, Stack.Poll(Now));
            }

            AllocatedInPoll += mark.Since();
            Collect();
            if (Interface.HasInbound || (Application != null && Stack.Ethernet.Counters.FramesReceived != received))
            {
                // the application has not seen it yet
                continue;
            }

            if (wait > 0)
            {
                return wait;
            }

            if (Interface.Busy || Interface.SendsLeft == 0)
            {
                // it waits for the controller, which would say when it is done
                return 1;
            }
        }

        throw new InvalidOperationException("the stack never comes to rest");
    }

    /// <summary>Lets time pass, in the steps that the stack asks for.</summary>
    public void Advance(int milliseconds)
    {
        int end = Now + milliseconds;
        for (int steps = 0; steps < 1000000; steps++)
        {
            int wait = Poll();
            int left = end - Now;
            if (left <= 0)
            {
                return;
            }

            Now += wait < left ? wait : left;
        }

        throw new InvalidOperationException("time does not move");
    }

    /// <summary>Lets time pass without a poll, as when the application is busy: what is due and what arrives meet in the next one.</summary>
    public void Oversleep(int milliseconds)
    {
        Now += milliseconds;
    }

    /// <summary>Takes what the stack has sent off the wire, answers ARP for the hosts, and sorts the rest.</summary>
    public void Collect()
    {
        while (Interface.HasOutbound)
        {
            FramesSent++;
            SeenFrame frame = new(Interface.TakeSent(), Now, StackMac, Stack.IPv4.Address, TimesToLive);
            if (frame.IsArp && frame.ArpTargetIp == StackIp && frame.ArpOperation == 1)
            {
                Announcements.Add(frame);
                continue;
            }

            if (frame.IsArp)
            {
                Arps.Add(frame);
                AnswerArp(frame);
                continue;
            }

            if (frame.IsFragment)
            {
                Fragments.Add(frame);
                byte[]? whole = _sentFragments.Add(frame);
                if (whole == null)
                {
                    continue;
                }

                frame = new SeenFrame(whole, Now, StackMac, Stack.IPv4.Address, TimesToLive, joined: true);
            }

            Listener?.Invoke(frame);
            TcpPeer? peer = frame.IsTcp ? _peers.LastOrDefault(p => p.IsFor(frame)) : null;
            if (peer != null)
            {
                peer.Take(frame);
            }
            else
            {
                Packets.Add(frame);
            }
        }
    }

    /// <summary>
    /// Ends the test: the application lets go of all its sockets, time passes, and then everything must be back in its place.
    /// </summary>
    public void Finish()
    {
        Interface.Busy = false;
        Interface.SendsLeft = int.MaxValue;
        Interface.IsLinkUp = true;
        Poll();
        SocketStatus status = new();
        for (int row = 0; row < Sockets.RowCount; row++)
        {
            if (Sockets.GetStatus(row, status))
            {
                // those that the application does not hold are refused, and must end by themselves
                Sockets.Close(status.Descriptor);
            }
        }

        Advance(200000);
        Advance(200000);
        Assert.Equal(0, Stack.Tcp.BlocksInUse);
        Assert.True(Stack.IPv4.IsReassemblyFree, "somebody has the buffer that fragments are put together in");
        Assert.False(_sentFragments.IsIncomplete, "a datagram was sent in part");
        AssertPoolWhole();
    }

    /// <summary>Takes all frames out of the pool, but so many of the largest.</summary>
    public List<Frame> DrainPool(int left = 0)
    {
        FramePool pool = Stack.Pool;
        List<Frame> taken = [];
        for (int i = 0; i < pool.Classes; i++)
        {
            while (pool.Rent(pool.Capacity(i)) is Frame frame)
            {
                taken.Add(frame);
            }
        }

        taken[^left..].ForEach(pool.Return);
        return taken[..^left];
    }

    /// <summary>All frames lie in the pool, and nobody has touched them there.</summary>
    public void AssertPoolWhole()
    {
        FramePool pool = Stack.Pool;
        List<Frame> rented = [];
        int total = 0;
        for (int i = 0; i < pool.Classes; i++)
        {
            Assert.Equal(0, pool.InUse(i));
            total += pool.Total(i);
            for (int n = 0; n < pool.Total(i); n++)
            {
                rented.Add(pool.Rent(pool.Capacity(i))!);
            }
        }

        Assert.Equal(total, rented.Distinct().Count());
        Assert.Equal(0, pool.Free);
        rented.ForEach(pool.Return);
        Assert.Equal(total, pool.Free);
        Assert.Equal(0u, pool.DoubleReturns);
        Assert.Equal(0u, pool.UsesAfterReturn);
        Assert.Equal(0, Stack.IPv4.Looped.Count);
    }

    private void AnswerArp(SeenFrame frame)
    {
        TestHost? host = frame.ArpOperation == 1 ? _hosts.LastOrDefault(h => h.Ip == frame.ArpTargetIp && h.AnswersArp) : null;
        if (host != null)
        {
            Interface.Deliver(FrameBuilder.Arp(StackMac, host.Mac, 2, host.Mac, host.Ip, StackMac, StackIp));
        }
    }
}
