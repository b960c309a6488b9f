// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using TcpIp.Sockets;
using VirtualBoard.Packets;
using BoardError = TcpIp.SocketError;
using PcError = System.Net.Sockets.SocketError;
using SocketType = System.Net.Sockets.SocketType;

namespace VirtualBoard.Forward;

/// <summary>A port of 127.0.0.1: each connection to it is passed on to the board.</summary>
internal sealed class InboundConnections : IDisposable
{
    // One more than the board serves, if it has something to say: so the board knows that somebody waits, and who is idle gives way. More
    // would only wait there; here who speaks goes before who is silent.
    private const int MostSilent = Firmware.Application.HttpConnections;
    private const int MostConnections = MostSilent + 1;
    private const int WaitingConnections = 64;

    // with those that the board has done with, and whose program has yet to close
    private const int AllConnections = 3 * MostConnections;

    // milliseconds that a program has to close its side in, once it was served and others wait
    private const int ServedGrace = 1000;

    // Small, so that a program on the PC feels the board's speed: the kernel's own buffers could hold megabytes.
    private const int KernelBuffer = 65536;

    private readonly Socket _listener;
    private readonly SocketLayer _sockets;
    private readonly BoardWatch _board;
    private readonly Action _wake;
    private readonly int _boardPort;
    private readonly SocketAsyncEventArgs _accept = new();
    private readonly List<ForwardedConnection> _connections = [];
    private readonly List<Socket> _waiting = [];
    private volatile bool _accepted;
    private bool _accepting;
    private int _open;
    private long _total;
    private long _reset;

    /// <summary>Takes the PC's port.</summary>
    /// <param name="port">The port; 0 for any free one.</param>
    /// <param name="sockets">The calls of the PC's stack.</param>
    /// <param name="board">Knows where the board is.</param>
    /// <param name="wake">Called, on any thread, when there is something to do.</param>
    /// <param name="boardPort">The board's port.</param>
    /// <exception cref="SetupException">The port cannot be had.</exception>
    public InboundConnections(int port, SocketLayer sockets, BoardWatch board, Action wake, int boardPort)
    {
        _listener = Listen(port);
        _sockets = sockets;
        _board = board;
        _wake = wake;
        _boardPort = boardPort;
        _accept.Completed += (_, _) => Accepted();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    /// <summary>The port on the PC.</summary>
    public int Port { get; }

    /// <summary>Connections that are open now.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Connections so far.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Connections that ended with a reset.</summary>
    public long Resets => Volatile.Read(ref _reset);

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Step(int now)
    {
        bool moved = false;
        for (int i = _connections.Count - 1; i >= 0; i--)
        {
            ForwardedConnection connection = _connections[i];
            moved |= connection.Step(now);
            if (connection.IsOver)
            {
                _reset += connection.WasReset ? 1 : 0;
                _connections.RemoveAt(i);
                Volatile.Write(ref _open, _connections.Count);
            }
        }

        return moved;
    }

    /// <summary>Takes in programs that wait, as long as there are places.</summary>
    /// <returns>Whether there were any.</returns>
    public bool Accept(int now)
    {
        TakeFromKernel();
        MakeRoom(now);
        bool any = false;
        while (_connections.Count < AllConnections && FindNext() is Socket next)
        {
            _waiting.Remove(next);
            Add(next);
            any = true;
        }

        return any;
    }

    /// <summary>Resets what is open.</summary>
    public void Reset()
    {
        foreach (ForwardedConnection connection in _connections)
        {
            connection.Dispose();
        }

        foreach (Socket socket in _waiting)
        {
            socket.Dispose();
        }
    }

    /// <summary>Gives the port back.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        _accept.Dispose();
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

    private void TakeFromKernel()
    {
        while (_waiting.Count < WaitingConnections)
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
                return;
            }

            _accepting = false;
            if (_accept.SocketError != PcError.Success)
            {
                // The client has gone again, or the PC is short of something: the next turn tries anew.
                return;
            }

            _waiting.Add(_accept.AcceptSocket!);
        }
    }

    /// <summary>The first program that has sent something, or has gone; else, if the board need turn nobody out for it, the first of all.</summary>
    private Socket? FindNext()
    {
        int atBoard = _waiting.Count == 0 ? MostConnections : _connections.Count(c => !c.IsServed);
        return atBoard == MostConnections ? null
            : _waiting.Find(socket => socket.Poll(0, SelectMode.SelectRead)) ?? (atBoard < MostSilent ? _waiting[0] : null);
    }

    /// <summary>While somebody waits for a place, a program that was served and does not close gives way.</summary>
    private void MakeRoom(int now)
    {
        if (_connections.Count < AllConnections || _waiting.Count == 0)
        {
            return;
        }

        ForwardedConnection? longest = _connections
            .Where(c => c.IsServed && now - c.HalfClosedAt >= ServedGrace)
            .MaxBy(c => now - c.HalfClosedAt);
        if (longest is not null)
        {
            longest.Dispose();
            Step(now);
        }
    }

    private void Add(Socket pc)
    {
        int descriptor = _sockets.Socket();
        if (_board.Station is not Station board || _sockets.Connect(descriptor, board.Address, _boardPort) != (int)BoardError.InProgress)
        {
            _sockets.Close(descriptor);
            descriptor = -1;
        }

        _connections.Add(new ForwardedConnection(pc, _sockets, descriptor, _wake));
        _total++;
        Volatile.Write(ref _open, _connections.Count);
    }

    private void Accepted()
    {
        _accepted = true;
        _wake();
    }
}
