// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Device.Spi;
using HostTests.EndToEnd;
using Iot.Device.Enc28j60;
using TcpIp.Link;
using TcpIp.Threading;
using VirtualBoard;
using Board = Firmware.Board;

namespace HostTests.SystemNet.Peers;

/// <summary>
/// A virtual board whose network is this process's one: the chip's model, the driver, and our System.Net, which any thread of a test may use. The PC is
/// <see cref="Pc"/> there, and a port of 127.0.0.1 leads to the board.
/// </summary>
internal sealed class SystemNetBoard : IDisposable
{
    /// <summary>The PC's name on the virtual LAN.</summary>
    public const string Pc = "pc";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(30);

    private readonly ManualResetEventSlim _begun = new();
    private readonly ManualResetEventSlim _over = new();
    private readonly BoardThreads _threads = new();
    private readonly BoardRun _run;
    private EthernetInterface? _network;

    /// <summary>Switches a board on.</summary>
    /// <param name="port">The board's port to which <see cref="ForwardedPort"/> leads.</param>
    public SystemNetBoard(int port = 80)
        : this(firmware => new BoardRun(new BoardOptions { ForwardPort = 0, BoardPort = port }, firmware))
    {
    }

    /// <summary>Switches a board on that is on a TAP device of the kernel.</summary>
    /// <param name="network">Where the device is.</param>
    /// <param name="impairment">What the wire does to frames; null if it is a good one.</param>
    public SystemNetBoard(KernelNamespace network, ImpairmentSettings? impairment = null)
        : this(firmware => network.Do(() => new BoardRun(new BoardOptions { TapName = "tap0", Impairment = impairment }, firmware)))
    {
    }

    private SystemNetBoard(Func<Action, BoardRun> start)
    {
        _run = start(Begin);
        try
        {
            Assert.True(_begun.Wait(s_startLimit), "The board does not start: " + _run.Host.FirmwareError);
            Assert.True(Network.WaitForAddress((int)s_startLimit.TotalMilliseconds), "The board has no link.");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public EthernetInterface Network => _network!;

    /// <summary>Where clients on the PC find the board's port.</summary>
    public int ForwardedPort => _run.Forwarder!.Port;

    /// <summary>What must be true when both sides have closed all: nothing is left of it, and no rule of the chip was broken.</summary>
    /// <param name="open">Sockets that are meant to be open still.</param>
    /// <param name="waiting">Threads that are meant to wait still.</param>
    public void AssertClean(int open = 0, int waiting = 0)
    {
        FramePool pool = Network.Stack.Pool;
        int total = Enumerable.Range(0, pool.Classes).Sum(pool.Total);
        bool isClean = Eventually.Is(() => Network.Sockets.OpenHandles == open && Network.Owner.Waiting == waiting && pool.Free == total);
        Assert.True(isClean, $"{Network.Sockets.OpenHandles} handles are open, {Network.Owner.Waiting} threads wait, {total - pool.Free} frames are missing");
        Assert.Equal(0u, pool.DoubleReturns);
        Assert.Null(_run.Host.FirmwareError);
        Assert.Null(_run.Forwarder?.Error);
        Assert.True(_run.Host.Chip.Violations.Count == 0, _run.Host.Chip.Violations.ToString());
    }

    public void Dispose()
    {
        // first the network thread: without power the chip's next transfer throws
        _network?.Stop();
        _threads.Join();
        _over.Set();
        _run.Dispose();
        _begun.Dispose();
        _over.Dispose();
    }

    private void Begin()
    {
        Board.ConfigurePins();
        SpiConnectionSettings spi = new(Board.SpiBus, Board.ChipSelect) { ClockFrequency = Board.SpiClockFrequency, Mode = Enc28j60.DefaultSpiMode };
        Enc28j60 driver = new(SpiDevice.Create(spi), new MacAddress(Board.CreateMacAddress()));
        EthernetConfiguration configuration = new()
        {
            Threads = _threads,
            Random = new TestRandom(17),
            Address = IPv4Address.Parse(Board.Address),
            Netmask = IPv4Address.Parse(Board.Netmask),
            Gateway = IPv4Address.Parse(Board.Gateway),
            DnsServer = IPv4Address.Parse(Board.DnsServer),
        };
        _network = EthernetInterface.Use(new Enc28j60Controller(driver, _threads), configuration);
        _begun.Set();
        _over.Wait();
    }

    /// <summary>The runtime's threads, of which the network's is waited for.</summary>
    private sealed class BoardThreads : HostThreads
    {
        private Thread? _network;

        public override void Start(ThreadStart body, bool isUrgent)
        {
            _network = new Thread(body) { IsBackground = true, Name = "Network" };
            _network.Start();
        }

        public void Join() => _network?.Join();
    }
}
