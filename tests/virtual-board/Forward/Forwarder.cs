// Licensed under the MIT license. See LICENSE in the repository root.

using System.Collections.Concurrent;
using TcpIp;
using VirtualBoard.Enc28j60;
using VirtualBoard.Packets;
using VirtualBoard.WayOut;

namespace VirtualBoard.Forward;

/// <summary>
/// The PC's end of the wire, without any privilege: a second instance of the very stack that runs on the board. Connections to a port of
/// 127.0.0.1 are passed on to the board; as a <see cref="Gateway"/> the PC also gives the board an address, and a way out.
/// </summary>
public sealed class Forwarder : IFrameFilter, IDisposable
{
    private const int LongestSleep = 50;
    private const uint LinkLocalNetmask = 0xFFFF0000;

    // of the first 256, which no station picks (RFC 3927 section 2.1)
    private const uint LinkLocalAddress = 0xA9FE0001;

    private readonly TcpIpStack _stack;
    private readonly WireInterface _interface;
    private readonly BoardWatch _board = new();
    private readonly ReadinessProbe _probe;
    private readonly InboundConnections _inbound;
    private readonly Gateway? _gateway;
    private readonly uint _address;
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly ConcurrentQueue<string> _notices = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _ready = new(false);
    private readonly Thread _thread;
    private volatile bool _stopping;
    private bool _isLinkLocal;

    /// <summary>Takes the PC's port and starts to look for the board.</summary>
    /// <param name="wire">The wire that the board is on.</param>
    /// <param name="port">The port on the PC; 0 for any free one.</param>
    /// <param name="seed">Seed of the stack's random numbers.</param>
    /// <param name="gateway">What the PC is for the board; null if somebody else is its router.</param>
    /// <param name="boardPort">The board's port.</param>
    /// <exception cref="SetupException">A port cannot be had.</exception>
    public Forwarder(VirtualWire wire, int port, int seed, GatewayOptions? gateway = null, int boardPort = Firmware.Board.HttpPort)
    {
        _address = gateway is null ? BoardSubnet.Partner : BoardSubnet.Gateway;
        _interface = new WireInterface(wire, "forwarder", BoardSubnet.PartnerMac, Wake) { Filter = this };
        _stack = new TcpIpStack(MakeConfiguration(), _interface, new SeededSource(seed));
        _stack.Configure(_address, BoardSubnet.Netmask, 0);
        _probe = new ReadinessProbe(_stack.Sockets, _board, boardPort);
        _inbound = new InboundConnections(port, _stack.Sockets, _board, Wake, boardPort);
        try
        {
            _gateway = gateway is null ? null : new Gateway(_interface, _stack.Sockets, _board, gateway, Post, Wake, _notices.Enqueue);
        }
        catch
        {
            _inbound.Dispose();
            throw;
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "Forwarder" };
        _thread.Start();
    }

    /// <summary>The port on the PC.</summary>
    public int Port => _inbound.Port;

    /// <summary>The PC's port whose datagrams go to the board, or 0.</summary>
    public int UdpPort => _gateway?.UdpPort ?? 0;

    /// <summary>Set once the board has accepted a connection.</summary>
    public bool IsReady => _ready.IsSet;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _inbound.Open;

    /// <summary>Connections so far.</summary>
    public long Connections => _inbound.Total;

    /// <summary>Connections that ended with a reset.</summary>
    public long Resets => _inbound.Resets;

    /// <summary>Why it ended by itself; null if it has not.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The stack that forwards, for its counters and its pool. It belongs to another thread.</summary>
    public TcpIpStack Stack => _stack;

    /// <summary>Frames that were lost on the PC's side.</summary>
    public long FramesDropped => _interface.Dropped;

    /// <summary>The PC as the board's router, or null.</summary>
    internal Gateway? Gateway => _gateway;

    /// <summary>Takes the next thing that the user should know.</summary>
    public bool TryTakeNotice(out string? notice) => _notices.TryDequeue(out notice);

    /// <summary>Waits until the board has accepted a connection.</summary>
    public bool WaitUntilReady(TimeSpan timeout) => _ready.Wait(timeout);

    /// <summary>Gives the ports back and resets what is open.</summary>
    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            Wake();
            _thread.Join();
            _inbound.Dispose();
        }
    }

    /// <inheritdoc/>
    bool IFrameFilter.Take(Span<byte> frame)
    {
        _board.Hear(frame);
        return _gateway?.Take(frame) ?? false;
    }

    /// <inheritdoc/>
    void IFrameFilter.Leaving(Span<byte> frame) => _gateway?.Leaving(frame);

    /// <summary>A PC has room: enough sockets for connections that are still closing, and enough frames for all of them.</summary>
    private static StackConfiguration MakeConfiguration() => new()
    {
        FrameCapacities = [64, 256, 1518],
        FrameCounts = [192, 128, 256],
        TcpSockets = StackConfiguration.MaximumSockets,
        UdpSockets = 0,
        EchoSockets = 0,
        MulticastGroups = 0,
        ReassemblyBytes = 0,
        TcpReceiveWindow = 16384,
        TcpReceiveFrames = 16,
        TcpSendFrames = 8,
        TransmitQueue = 32,
        TcpDelayedAck = 40,
    };

    private static int Now() => (int)Environment.TickCount64;

    private void Wake() => _wake.Set();

    private void Post(Action action)
    {
        _posted.Enqueue(action);
        Wake();
    }

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                int wait = _stack.Poll(Now());
                bool moved = Step(Now());

                // What the calls above left to be sent leaves with the next poll.
                if (wait > 0 && !moved)
                {
                    _wake.WaitOne(Math.Min(wait, LongestSleep));
                }
            }
        }
        catch (Exception e)
        {
            // A defect, in the stack or here: whoever runs the board has to tell it.
            Error = e;
        }

        _inbound.Reset();
        _gateway?.Dispose();

        // what the resets left in the stack's queue
        _stack.Poll(Now());
    }

    private bool Step(int now)
    {
        bool moved = false;
        while (_posted.TryDequeue(out Action? action))
        {
            action();
            moved = true;
        }

        FollowBoard();
        moved |= _inbound.Step(now);
        moved |= _gateway?.Step(now) ?? false;
        if (IsReady)
        {
            return moved | _inbound.Accept(now);
        }

        moved |= _probe.Step(now);
        if (_probe.HasAnswered)
        {
            _ready.Set();
        }

        return moved;
    }

    /// <summary>A board that nobody gave an address has one that is good on its link, and so needs whoever wants to reach it.</summary>
    private void FollowBoard()
    {
        bool isLinkLocal = _board.Station is Station station && IPv4Address.IsLinkLocal(station.Address);
        if (isLinkLocal != _isLinkLocal)
        {
            _isLinkLocal = isLinkLocal;
            _stack.Configure(isLinkLocal ? LinkLocalAddress : _address, isLinkLocal ? LinkLocalNetmask : BoardSubnet.Netmask, 0);
        }
    }
}
