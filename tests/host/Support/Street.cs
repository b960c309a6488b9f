// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>
/// One stack, and many who want something of it at once: honest clients, silent ones and floods. Frames take time in both directions,
/// and time is virtual: a run of minutes takes a moment and is the same each time.
/// </summary>
internal sealed class Street
{
    private readonly PriorityQueue<Action, (int Time, int Order)> _events = new();
    private readonly Dictionary<(uint Ip, int Port), Action<SeenFrame>> _ends = [];
    private readonly Dictionary<uint, ulong> _answersArp = [];
    private readonly int _start;
    private int _order;
    private int _due;

    public Street(Action<StackConfiguration>? configure = null, uint seed = 1, StackConfiguration? configuration = null)
    {
        Configuration = configuration ?? StackConfiguration.ForClients(8);
        Configuration.GuardFrames = true;
        configure?.Invoke(Configuration);
        Interface = new TestInterface(WordOrder.LowByteFirst, TestNetwork.StackMac);
        Random = new TestRandom(seed);
        Stack = new TcpIpStack(Configuration, Interface, Random);
        Now = _start = TestNetwork.DefaultStart;
        Stack.Poll(Now);
        Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        Know(TestNetwork.GatewayIp, TestNetwork.GatewayMac);
    }

    public StackConfiguration Configuration { get; }

    public TestInterface Interface { get; }

    public TestRandom Random { get; }

    public TcpIpStack Stack { get; }

    /// <summary>Gets the virtual time in milliseconds.</summary>
    public int Now { get; private set; }

    /// <summary>Gets the milliseconds since the start.</summary>
    public int Elapsed => Now - _start;

    /// <summary>Gets or sets the milliseconds that a frame takes, in each direction.</summary>
    public int Delay { get; set; } = 2;

    /// <summary>Gets the programs on the board: each is given the time and says when it wants to be called again.</summary>
    public List<Func<int, int>> Programs { get; } = [];

    public int FramesSent { get; private set; }

    /// <summary>Gets the TCP segments that the stack sent to somebody who does not listen.</summary>
    public List<SeenFrame> Strays { get; } = [];

    /// <summary>Has ARP requests for an address answered.</summary>
    public void Know(uint ip, ulong mac) => _answersArp[ip] = mac;

    /// <summary>Names who gets the segments for an endpoint.</summary>
    public void Attach(uint ip, int port, Action<SeenFrame> end) => _ends[(ip, port)] = end;

    public void After(int milliseconds, Action action) => _events.Enqueue(action, (Elapsed + milliseconds, _order++));

    /// <summary>A frame leaves for the stack.</summary>
    public void Send(byte[] frame) => After(Delay, () => Interface.Deliver(frame));

    /// <summary>A segment leaves for the stack.</summary>
    public void SendSegment(
        uint ip, ulong mac, int port, int stackPort, uint seq, uint ack, int flags, int window, byte[]? options = null, byte[]? text = null)
    {
        byte[] segment = FrameBuilder.Tcp(ip, TestNetwork.StackIp, port, stackPort, seq, ack, flags, window, options, text);
        Send(FrameBuilder.Ethernet(TestNetwork.StackMac, mac, 0x0800, FrameBuilder.Ip(ip, TestNetwork.StackIp, 6, segment)));
    }

    /// <summary>SYNs from addresses that never answer, evenly spread.</summary>
    public void Flood(int perSecond, int milliseconds, bool onLink, int stackPort = 80)
    {
        int count = (int)((long)perSecond * milliseconds / 1000);
        for (int i = 0; i < count; i++)
        {
            After((int)((long)i * 1000 / perSecond), () =>
            {
                uint ip = onLink
                    ? (TestNetwork.StackIp & 0xFFFFFF00) | (uint)(60 + Random.Below(190))
                    : 0x2D000000 | (Random.Next() & 0x00FFFFFF);
                ulong mac = onLink ? 0x020000009900ul | (ip & 0xFF) : TestNetwork.GatewayMac;
                SendSegment(ip, mac, 1024 + Random.Below(60000), stackPort, Random.Next(), 0, SeenFrame.Syn, 8192, [2, 4, 5, 180]);
            });
        }
    }

    /// <summary>Lets time pass until something is so.</summary>
    /// <returns>Whether it was so in time.</returns>
    public bool Run(int milliseconds, Func<bool>? done = null)
    {
        int end = Elapsed + milliseconds;
        while (true)
        {
            while (_events.TryPeek(out Action? next, out var key) && key.Time <= Elapsed)
            {
                _events.Dequeue();
                next();
            }

            Poll();
            if (done?.Invoke() == true)
            {
                return true;
            }

            int step = Math.Min(Math.Max(_due, 1), end - Elapsed);
            if (_events.TryPeek(out _, out var first))
            {
                step = Math.Min(step, first.Time - Elapsed);
            }

            if (end - Elapsed <= 0)
            {
                return false;
            }

            Now += Math.Max(step, 1);
        }
    }

    /// <summary>Nothing may be left of it all: everybody goes, time passes, and every frame is back in the pool.</summary>
    public void Finish()
    {
        _events.Clear();
        _ends.Clear();
        Programs.Clear();
        TcpIp.Sockets.SocketStatus status = new();
        for (int row = 0; row < Stack.Sockets.RowCount; row++)
        {
            if (Stack.Sockets.GetStatus(row, status))
            {
                Stack.Sockets.Close(status.Descriptor);
            }
        }

        Run(400_000);
        Assert.Equal(0, Stack.Tcp.BlocksInUse);
        Assert.Equal(0, Stack.Tcp.HalfOpen);
        for (int i = 0; i < Stack.Pool.Classes; i++)
        {
            Assert.Equal(0, Stack.Pool.InUse(i));
        }
    }

    private void Poll()
    {
        for (int i = 0; i < 5000; i++)
        {
            int wait = Stack.Poll(Now);
            foreach (Func<int, int> program in Programs)
            {
                wait = Math.Min(wait, program(Now));
            }

            if (Programs.Count > 0 && Stack.NeedsPoll)
            {
                wait = 0;
            }

            Collect();
            if (wait > 0 && !Interface.HasInbound)
            {
                Invariants.Check(Stack, Configuration);
                _due = wait;
                return;
            }
        }

        throw new InvalidOperationException("the stack never comes to rest");
    }

    private void Collect()
    {
        while (Interface.HasOutbound)
        {
            FramesSent++;
            SeenFrame frame = new(Interface.TakeSent(), Now, TestNetwork.StackMac, TestNetwork.StackIp);
            if (frame.IsArp)
            {
                if (frame.ArpOperation == 1 && _answersArp.TryGetValue(frame.ArpTargetIp, out ulong mac))
                {
                    After(Delay, () => Send(FrameBuilder.Arp(
                        TestNetwork.StackMac, mac, 2, mac, frame.ArpTargetIp, TestNetwork.StackMac, TestNetwork.StackIp)));
                }
            }
            else if (frame.IsTcp && _ends.TryGetValue((frame.IpDestination, frame.DestinationPort), out Action<SeenFrame>? end))
            {
                After(Delay, () => end(frame));
            }
            else if (frame.IsTcp)
            {
                Strays.Add(frame);
            }
        }
    }
}
