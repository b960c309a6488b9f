// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>Two stacks and a wire between them that loses, repeats, delays and so reorders frames, all from one seed.</summary>
internal sealed class LossyLink
{
    private readonly PriorityQueue<(LinkStation To, byte[] Frame), (int Time, int Order)> _flying = new();
    private readonly TestRandom _random;
    private int _order;

    public LossyLink(uint seed, Action<StackConfiguration>? configure = null, Action<StackConfiguration>? configureB = null)
    {
        _random = new TestRandom(seed + 77);
        A = new LinkStation(0x02000000000A, "10.0.0.1", WordOrder.LowByteFirst, seed, configure);
        B = new LinkStation(0x02000000000B, "10.0.0.2", WordOrder.HighByteFirst, seed + 1000, configureB ?? configure);
        Poll(A);
        Poll(B);
    }

    public LinkStation A { get; }

    public LinkStation B { get; }

    public double Loss { get; set; }

    public double Duplication { get; set; }

    public double Corruption { get; set; }

    /// <summary>Gets or sets the shortest delay in milliseconds.</summary>
    public int Delay { get; set; } = 5;

    /// <summary>Gets or sets how much longer a frame may take: more than the distance of two frames reorders them.</summary>
    public int Jitter { get; set; }

    /// <summary>Gets or sets the largest MSS that a router lets pass in a SYN, as those at narrow links do; 0 for any.</summary>
    public int MssLimit { get; set; }

    /// <summary>Gets or sets when the applications want to be called again at the latest.</summary>
    public int? WakeAt { get; set; }

    /// <summary>Gets or sets who sees each frame as it is sent, and by which station.</summary>
    public Action<LinkStation, SeenFrame>? Tap { get; set; }

    /// <summary>Gets or sets what is done to a stack before each of its polls.</summary>
    public Action<TcpIpStack>? BeforePoll { get; set; }

    /// <summary>Gets or sets who is told of each poll: the station, and the stack's wait.</summary>
    public Action<LinkStation, int>? AfterPoll { get; set; }

    /// <summary>Gets the virtual time.</summary>
    public int Now { get; private set; } = int.MaxValue - 20000;

    public int FramesOnWire { get; private set; }

    /// <summary>Gets or sets who is told of each frame, when a test is being looked into.</summary>
    public Action<string>? Trace { get; set; }

    /// <summary>
    /// Runs until something is so. The applications work after each step.
    /// </summary>
    /// <returns>Whether it was so in time.</returns>
    public bool Run(int milliseconds, Action applications, Func<bool> done)
    {
        int end = Now + milliseconds;
        while (end - Now > 0)
        {
            while (_flying.TryPeek(out var next, out var key) && key.Time - Now <= 0)
            {
                _flying.Dequeue();
                next.To.Interface.Deliver(next.Frame);
                Poll(next.To);
            }

            applications();
            Poll(A);
            Poll(B);
            if (done())
            {
                return true;
            }

            int step = Math.Min(Math.Min(A.DueAt - Now, B.DueAt - Now), end - Now);
            if (WakeAt is int wake)
            {
                step = Math.Min(step, wake - Now);
            }

            if (_flying.TryPeek(out _, out var first))
            {
                step = Math.Min(step, first.Time - Now);
            }

            Now += Math.Max(step, 1);
        }

        return done();
    }

    private void Poll(LinkStation station)
    {
        int wait = 0;
        for (int i = 0; wait == 0; i++)
        {
            Assert.True(i < 1000, "the stack never comes to rest");
            BeforePoll?.Invoke(station.Stack);
            wait = station.Stack.Poll(Now);
            AfterPoll?.Invoke(station, wait);
            if (station.Interface.Busy && wait == 0)
            {
                // it has to wait for the interface
                wait = 1;
            }

            LinkStation other = station == A ? B : A;
            while (station.Interface.HasOutbound)
            {
                Carry(other, station.Interface.TakeSent());
            }
        }

        station.DueAt = Now + Math.Min(wait, 1000000);
    }

    private void Carry(LinkStation to, byte[] frame)
    {
        FramesOnWire++;
        bool lost = _random.Chance(Loss);
        if (Trace != null || Tap != null)
        {
            LinkStation from = to == A ? B : A;
            SeenFrame seen = new(frame, Now, Wire.Get48(frame, 6), from.Ip);
            Trace?.Invoke((to == A ? "B " : "A ") + seen + (lost ? " LOST" : string.Empty));
            Tap?.Invoke(from, seen);
        }

        if (lost)
        {
            return;
        }

        int copies = _random.Chance(Duplication) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            byte[] copy = new byte[Math.Max(frame.Length, 60)];
            frame.CopyTo(copy, 0);
            LimitMss(copy);
            if (_random.Chance(Corruption))
            {
                // one byte of the IP packet: each of these is under a checksum
                copy[14 + _random.Below(frame.Length - 14)] ^= (byte)(1 + _random.Below(255));
            }

            int delay = Delay + (Jitter > 0 ? _random.Below(Jitter) : 0);
            _flying.Enqueue((to, copy), (Now + delay, _order++));
        }
    }

    private void LimitMss(byte[] frame)
    {
        bool syn = Wire.Get16(frame, 12) == 0x0800 && frame[23] == 6 && (frame[47] & SeenFrame.Syn) != 0;
        if (MssLimit > 0 && syn && frame[54] == 2 && Wire.Get16(frame, 56) > MssLimit)
        {
            Wire.Put16(frame, 56, MssLimit);
            FrameBuilder.Repair(frame);
        }
    }
}
