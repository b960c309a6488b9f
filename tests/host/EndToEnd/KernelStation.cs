// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;
using VirtualBoard.Forward;
using VirtualBoard.Tap;

namespace HostTests.EndToEnd;

/// <summary>The stack by itself on a TAP device, in a namespace where nobody else is but the kernel. The test's thread polls it, in real time.</summary>
internal sealed class KernelStation : IDisposable
{
    /// <summary>Whether captures of tests that pass are kept, too.</summary>
    private static readonly bool s_keep = Environment.GetEnvironmentVariable("KEEP_CAPTURES") == "1";

    private readonly string _capturePath;
    private readonly TapDevice _device;
    private bool _isClean;

    /// <summary>Makes namespace, TAP device and stack.</summary>
    /// <param name="scenario">Name of the capture, which is left behind if the test fails.</param>
    /// <param name="configuration">All sizes.</param>
    /// <param name="impairedPercent">Percent of the frames that are lost, repeated and held back, each.</param>
    /// <param name="seed">Decides which, and the stack's random numbers.</param>
    public KernelStation(string scenario, StackConfiguration configuration, double impairedPercent = 0, int seed = 1)
    {
        configuration.GuardFrames = true;
        Configuration = configuration;
        _capturePath = OutputFolder.PathOf($"kernel-{scenario}.pcapng");
        Namespace = new KernelNamespace();
        _device = Namespace.OpenTap("tap0");
        Wire = new KernelWire(_device, _capturePath, impairedPercent, seed);
        Stack = new TcpIpStack(configuration, Wire, new TestRandom((uint)seed));
        Stack.Configure(BoardSubnet.Board, BoardSubnet.Netmask, 0);
    }

    public KernelNamespace Namespace { get; }

    public KernelWire Wire { get; }

    public TcpIpStack Stack { get; }

    public SocketLayer Sockets => Stack.Sockets;

    public StackConfiguration Configuration { get; }

    /// <summary>Gets the milliseconds that the test's thread was away from its work at most: the PC had others to do.</summary>
    public int LongestAbsence { get; private set; }

    /// <summary>Gets the number of times that it was away for longer than a peer takes for a delay of the network.</summary>
    public int Absences { get; private set; }

    /// <summary>
    /// Sizes for much at once: windows of 64 kB both ways, and frames for several such connections. A PC has the memory.
    /// </summary>
    public static StackConfiguration BigWindows() => new()
    {
        FrameCapacities = [64, 1518],
        FrameCounts = [128, 384],
        TransmitQueue = 128,
        TcpReceiveWindow = 65535,
        TcpReceiveFrames = 64,
        TcpOutOfOrderFrames = 46,
        TcpSendFrames = 46,

        // what the kernel takes, too
        TcpMinimumRto = 200,
    };

    /// <summary>Lets the stack work until something is so; fails if it is not so in time, or if a partner fails.</summary>
    /// <param name="limit">The longest time.</param>
    /// <param name="partner">What the kernel's side does; its end is waited for.</param>
    /// <param name="application">What the application on the stack does after each poll; tells whether it is done.</param>
    public void Run(TimeSpan limit, Task partner, Func<bool> application)
    {
        const int LongestWait = 2;
        const int Delay = 10;
        int last = Wire.Now;
        int end = Wire.Now + (int)limit.TotalMilliseconds;
        bool done = false;
        while (!done || !partner.IsCompleted)
        {
            int absence = Wire.Now - last - LongestWait;
            LongestAbsence = Math.Max(LongestAbsence, absence);
            Absences += absence > Delay ? 1 : 0;
            int wait = Stack.Poll(Wire.Now);
            done = application();
            last = Wire.Now;
            if (partner.IsFaulted)
            {
                Assert.Fail($"{partner.Exception.InnerException}\n{Describe()}");
            }

            if (Wire.Now > end)
            {
                Assert.Fail($"After {limit.TotalSeconds} s: application done: {done}, partner done: {partner.IsCompleted}\n{Describe()}");
            }

            if (wait > 0 && !Stack.NeedsPoll)
            {
                Wire.Wait(Math.Min(wait, LongestWait));
            }
        }
    }

    /// <summary>Lets the stack work on while a partner is at work, with nothing to do for an application.</summary>
    public void Run(TimeSpan limit, Task partner) => Run(limit, partner, () => true);

    /// <summary>What must be true after each scenario: no frame is missing, none was misused, no socket is open but those named.</summary>
    /// <param name="openSockets">Sockets that are meant to be open still, such as listeners.</param>
    public void AssertClean(int openSockets = 0)
    {
        FramePool pool = Stack.Pool;
        int total = Enumerable.Range(0, pool.Classes).Sum(pool.Total);
        int end = Wire.Now + 15_000;
        while ((pool.Free != total || CountOpen() != openSockets) && Wire.Now < end)
        {
            Stack.Poll(Wire.Now);
            Wire.Wait(2);
        }

        Assert.True(pool.Free == total, $"{total - pool.Free} of {total} frames are missing.\n{Describe()}");
        Assert.True(CountOpen() == openSockets, $"{CountOpen()} sockets are open, not {openSockets}.\n{Describe()}");
        Assert.Equal(0u, pool.DoubleReturns);
        Assert.Equal(0u, pool.UsesAfterReturn);
        Assert.Equal(0, Wire.Refused);
        _isClean = true;
    }

    /// <summary>Ends the capture, so that others can read it.</summary>
    /// <returns>Its path.</returns>
    public string EndCapture()
    {
        Wire.Dispose();
        return _capturePath;
    }

    public void Dispose()
    {
        Wire.Dispose();
        _device.Dispose();
        Namespace.Dispose();
        if (_isClean && !s_keep)
        {
            // only a test that fails leaves its capture behind
            File.Delete(_capturePath);
        }
    }

    /// <summary>What a person who has to find out why a test failed wants to know.</summary>
    public string Describe()
    {
        TcpCounters tcp = Stack.Tcp.Counters;
        string text = $"{_capturePath}: {Wire.FromKernel} frames from the kernel, {Wire.FromStack} from the stack, {Wire.Lost} lost, "
            + $"{Wire.NoPlace} without a place | TCP: {tcp.Retransmissions} retransmissions, {tcp.FastRetransmissions} of them fast, "
            + $"{tcp.SegmentsLost} found lost, {tcp.TailProbes} tail probes, {tcp.Timeouts} timeouts, "
            + $"{tcp.OutOfOrder} out of order, {tcp.OutOfOrderDropped} dropped, {tcp.Unacceptable} unacceptable, {tcp.WindowProbes} window probes";
        var status = new SocketStatus();
        for (int i = 0; i < Sockets.Count; i++)
        {
            if (Sockets.GetStatus(i, status))
            {
                text += $"\n{status.State} {status.LocalPort} -> {status.RemotePort}, to read {status.ReceiveQueueBytes}, to be acknowledged "
                    + $"{status.SendQueueBytes}, windows {status.ReceiveWindow} {status.SendWindow}, RTO {status.RetransmissionTimeout}, "
                    + $"RTT {status.RoundTripTime}, repeated {status.Retransmissions}";
            }
        }

        return text;
    }

    private int CountOpen()
    {
        int open = 0;
        var status = new SocketStatus();
        for (int i = 0; i < Sockets.Count; i++)
        {
            open += Sockets.GetStatus(i, status) && status.State != TcpState.TimeWait ? 1 : 0;
        }

        return open;
    }
}
