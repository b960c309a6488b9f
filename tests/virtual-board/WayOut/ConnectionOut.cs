// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;
using TcpIp.Sockets;
using VirtualBoard.Forward;
using SocketType = System.Net.Sockets.SocketType;

namespace VirtualBoard.WayOut;

/// <summary>
/// A connection that the board opens. First the PC connects to where it goes, while the board's SYN waits; then a socket of our own stack,
/// listening on a port that stands for this connection alone, takes the SYN, and both are tied together.
/// </summary>
internal sealed class ConnectionOut : IDisposable
{
    private const int HandshakeLimit = 30_000;

    private readonly SocketLayer _sockets;
    private readonly Action _wake;
    private readonly Socket _pc = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _listener = -1;
    private long _openingAt;
    private ForwardedConnection? _tied;

    /// <summary>Begins to connect the PC to where the connection goes.</summary>
    /// <param name="sockets">The calls of the PC's stack.</param>
    /// <param name="flow">Who talks to whom on the wire.</param>
    /// <param name="port">The port that stands for it.</param>
    /// <param name="syn">The frame that opens it.</param>
    /// <param name="peer">Where it goes.</param>
    /// <param name="done">Called, on any thread, with what came of it: null once the PC is connected.</param>
    /// <param name="wake">Called, on any thread, when there is something to do.</param>
    public ConnectionOut(SocketLayer sockets, Flow flow, int port, byte[] syn, IPEndPoint peer, Action<ConnectionOut, SocketError?> done, Action wake)
    {
        _sockets = sockets;
        _wake = wake;
        Flow = flow;
        Port = port;
        Syn = syn;
        _ = ConnectAsync(peer, done);
    }

    /// <summary>Who talks to whom on the wire.</summary>
    public Flow Flow { get; }

    /// <summary>The port of our stack that stands for it.</summary>
    public int Port { get; }

    /// <summary>The frame that opens it.</summary>
    public byte[] Syn { get; }

    /// <summary>Whether the board's segments go to our stack by now.</summary>
    public bool IsListening { get; private set; }

    /// <summary>When it ended, in milliseconds; null if it has not. Segments that come late still find our stack for a while.</summary>
    public long? OverSince { get; private set; }

    /// <summary>Takes the board's SYN from now on.</summary>
    /// <returns>Whether a socket was free.</returns>
    public bool Listen()
    {
        _openingAt = Environment.TickCount64;
        _listener = _sockets.Socket();
        IsListening = _listener >= 0 && _sockets.Bind(_listener, Port) == 0 && _sockets.Listen(_listener, 1) == 0;
        return IsListening;
    }

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Whether anything was.</returns>
    public bool Step(int now)
    {
        if (OverSince is not null || !IsListening)
        {
            return false;
        }

        if (_tied is null)
        {
            int accepted = _sockets.Accept(_listener);
            if (accepted < 0)
            {
                if (Environment.TickCount64 - _openingAt > HandshakeLimit)
                {
                    Dispose();
                }

                return false;
            }

            _sockets.Close(_listener);
            _listener = -1;
            _tied = new ForwardedConnection(_pc, _sockets, accepted, _wake);
        }

        bool moved = _tied.Step(now);
        if (_tied.IsOver)
        {
            OverSince = Environment.TickCount64;
        }

        return moved;
    }

    /// <summary>Resets whatever is open.</summary>
    public void Dispose()
    {
        OverSince ??= Environment.TickCount64;
        if (_listener >= 0)
        {
            _sockets.Close(_listener);
            _listener = -1;
        }

        _tied?.Dispose();
        _pc.Dispose();
    }

    private async Task ConnectAsync(IPEndPoint peer, Action<ConnectionOut, SocketError?> done)
    {
        try
        {
            await _pc.ConnectAsync(peer).ConfigureAwait(false);
            done(this, null);
        }
        catch (SocketException e)
        {
            done(this, e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            // the board was switched off meanwhile
        }
    }
}
