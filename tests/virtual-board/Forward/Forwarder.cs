// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using TcpIp;
using TcpIp.Tcp;
using VirtualBoard.Enc28j60;
using BoardError = TcpIp.SocketError;
using PcError = System.Net.Sockets.SocketError;

namespace VirtualBoard.Forward;

/// <summary>
/// Lets programs on the PC talk to the board without any privilege: connections to a port of 127.0.0.1 are passed on by a second
/// instance of the very stack that runs on the board, as a TCP client on the same wire.
/// </summary>
public sealed class Forwarder : IDisposable
{
    // More than the board serves at once would only have their SYNs dropped and wait a second: here they wait for a place.
    private const int MostConnections = Firmware.Application.HttpConnections;
    private const int WaitingConnections = 64;

    // Small, so that a program on the PC feels the board's speed: the kernel's own buffers could hold megabytes.
    private const int KernelBuffer = 65536;
    private const int RetryProbeAfter = 100;
    private const int LongestSleep = 50;

    private readonly Socket _listener;
    private readonly TcpIpStack _stack;
    private readonly WireInterface _interface;
    private readonly SocketAsyncEventArgs _accept = new();
    private readonly List<ForwardedConnection> _connections = [];
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEventSlim _ready = new(false);
    private readonly Thread _thread;
    private volatile bool _accepted;
    private volatile bool _stopping;
    private bool _accepting;
    private int _probe = -1;
    private int _probeAt = Now();
    private int _open;
    private long _total;
    private long _reset;

    /// <summary>Takes the PC's port and starts to look for the board.</summary>
    /// <param name="wire">The wire that the board is on.</param>
    /// <param name="port">The port on the PC; 0 for any free one.</param>
    /// <param name="seed">Seed of the stack's random numbers.</param>
    /// <exception cref="SetupException">The port cannot be had.</exception>
    public Forwarder(VirtualWire wire, int port, int seed)
    {
        _listener = Listen(port);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _interface = new WireInterface(wire, "forwarder", BoardSubnet.PartnerMac, Wake);
        _stack = new TcpIpStack(MakeConfiguration(), _interface, new SeededSource(seed));
        _stack.Configure(BoardSubnet.Partner, BoardSubnet.Netmask, 0);
        _accept.Completed += (_, _) => Accepted();
        _thread = new Thread(Run) { IsBackground = true, Name = "Forwarder" };
        _thread.Start();
    }

    /// <summary>The port on the PC.</summary>
    public int Port { get; }

    /// <summary>Set once the board has accepted a connection.</summary>
    public bool IsReady => _ready.IsSet;

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => Volatile.Read(ref _open);

    /// <summary>Connections so far.</summary>
    public long Connections => Volatile.Read(ref _total);

    /// <summary>Connections that ended with a reset.</summary>
    public long Resets => Volatile.Read(ref _reset);

    /// <summary>Why it ended by itself; null if it has not.</summary>
    public Exception? Error { get; private set; }

    /// <summary>The stack that forwards, for its counters and its pool. It belongs to another thread.</summary>
    public TcpIpStack Stack => _stack;

    /// <summary>Frames that were lost on the PC's side.</summary>
    public long FramesDropped => _interface.Dropped;

    /// <summary>Waits until the board has accepted a connection.</summary>
    public bool WaitUntilReady(TimeSpan timeout) => _ready.Wait(timeout);

    /// <summary>Gives the port back and resets what is open.</summary>
    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            Wake();
            _thread.Join();
            _listener.Dispose();
            _accept.Dispose();
        }
    }

    private static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // On Windows others could take the same port otherwise. Elsewhere that is the default, and to set it means more.
            if (OperatingSystem.IsWindows())
            {
                listener.ExclusiveAddressUse = true;
            }

            // inherited by the connections
            listener.ReceiveBufferSize = KernelBuffer;
            listener.SendBufferSize = KernelBuffer;
            listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
            listener.Listen(WaitingConnections);
            return listener;
        }
        catch (SocketException e)
        {
            listener.Dispose();
            throw new SetupException(DescribeListen(port, e), e);
        }
    }

    private static string DescribeListen(int port, SocketException e) => e.SocketErrorCode switch
    {
        PcError.AddressAlreadyInUse =>
            $"Port {port} of 127.0.0.1 is used by another program. Choose another with --forward PORT, or any free one with --forward 0.",
        PcError.AccessDenied =>
            $"Port {port} of 127.0.0.1 may not be used by this user. Choose another with --forward PORT, or any free one with --forward 0.",
        _ => $"Port {port} of 127.0.0.1 cannot be opened: {e.Message}",
    };

    /// <summary>A PC has room: enough sockets for connections that are still closing, and enough frames for all of them.</summary>
    private static StackConfiguration MakeConfiguration() => new()
    {
        FrameCapacities = [64, 256, 1518],
        FrameCounts = [128, 64, 192],
        TcpSockets = StackConfiguration.MaximumSockets,
        UdpSockets = 0,
        EchoSockets = 0,
        ReassemblyBytes = 0,
        TcpReceiveWindow = 16384,
        TcpReceiveFrames = 16,
        TcpSendFrames = 8,
        TransmitQueue = 32,
        TcpDelayedAck = 40,
    };

    private static int Now() => (int)Environment.TickCount64;

    private void Wake() => _wake.Set();

    private void Run()
    {
        try
        {
            while (!_stopping)
            {
                int wait = _stack.Poll(Now());
                bool moved = StepConnections();
                moved |= IsReady ? Accept() : Probe();

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

        foreach (ForwardedConnection connection in _connections)
        {
            connection.Dispose();
        }

        // what the resets left in the stack's queue
        _stack.Poll(Now());
    }

    private bool StepConnections()
    {
        bool moved = false;
        for (int i = _connections.Count - 1; i >= 0; i--)
        {
            ForwardedConnection connection = _connections[i];
            moved |= connection.Step();
            if (connection.IsOver)
            {
                _reset += connection.WasReset ? 1 : 0;
                _connections.RemoveAt(i);
                Volatile.Write(ref _open, _connections.Count);
            }
        }

        return moved;
    }

    /// <summary>Opens and closes a connection to the board until that works.</summary>
    private bool Probe()
    {
        if (_probe < 0)
        {
            if (Now() - _probeAt < 0)
            {
                return false;
            }

            _probe = _stack.Sockets.Socket();
            _stack.Sockets.Connect(_probe, BoardSubnet.Board, Firmware.Board.HttpPort);
            return true;
        }

        if (_stack.Sockets.GetState(_probe) == TcpState.Established)
        {
            _ready.Set();
        }
        else if (_stack.Sockets.GetError(_probe) == BoardError.Success)
        {
            return false;
        }

        _stack.Sockets.Close(_probe);
        _probe = -1;
        _probeAt = Now() + RetryProbeAfter;
        return true;
    }

    private bool Accept()
    {
        bool any = false;
        while (_connections.Count < MostConnections)
        {
            if (!_accepting)
            {
                _accepting = true;
                _accepted = false;
                _accept.AcceptSocket = null;
                if (!_listener.AcceptAsync(_accept))
                {
                    _accepted = true;
                }
            }

            if (!_accepted)
            {
                return any;
            }

            _accepting = false;
            if (_accept.SocketError != PcError.Success)
            {
                // The client has gone again, or the PC is short of something: the next turn tries anew.
                return any;
            }

            Add(_accept.AcceptSocket!);
            any = true;
        }

        return any;
    }

    private void Add(Socket pc)
    {
        _connections.Add(new ForwardedConnection(pc, _stack.Sockets, BoardSubnet.Board, Firmware.Board.HttpPort, Wake));
        _total++;
        Volatile.Write(ref _open, _connections.Count);
    }

    private void Accepted()
    {
        _accepted = true;
        Wake();
    }
}
