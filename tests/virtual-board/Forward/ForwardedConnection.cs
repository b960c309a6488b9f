// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using TcpIp.Sockets;
using TcpIp.Tcp;
using BoardError = TcpIp.SocketError;
using PcError = System.Net.Sockets.SocketError;

namespace VirtualBoard.Forward;

/// <summary>
/// Two connections back to back: a program's on the PC, and one to the board. Each direction has one buffer. It is filled only when it
/// is empty, so whoever is too fast is held up by the windows of TCP. Ends of streams and resets are passed on as what they are.
/// </summary>
/// <remarks>All but the completions of the PC's socket happen on the thread that owns the stack.</remarks>
internal sealed class ForwardedConnection : IDisposable
{
    private const int BufferSize = 8192;

    // milliseconds: within the minute that is promised
    private const int LongestHalfClosed = 55_000;

    private readonly Socket _pc;
    private readonly SocketLayer _board;
    private readonly int _descriptor;
    private readonly Action _wake;
    private readonly byte[] _toPcBuffer = new byte[BufferSize];
    private readonly byte[] _toBoardBuffer = new byte[BufferSize];
    private readonly SocketAsyncEventArgs _receive = new();
    private readonly SocketAsyncEventArgs _send = new();
    private Direction _toBoard = Direction.NotStarted;
    private Direction _toPc = Direction.NotStarted;
    private int _toBoardOffset;
    private int _toBoardCount;
    private int _toPcOffset;
    private int _toPcCount;
    private volatile bool _receiveCompleted;
    private volatile bool _sendCompleted;
    private bool _pcClosed;
    private bool _halfClosed;
    private bool _over;

    /// <summary>Ties a connection of the PC to one of the stack.</summary>
    /// <param name="pc">The PC's end, connected.</param>
    /// <param name="board">The calls of the PC's stack.</param>
    /// <param name="descriptor">The stack's end, connected or about to be; if it is an error, the PC's end is reset.</param>
    /// <param name="wake">Called, on any thread, when there is something to do.</param>
    public ForwardedConnection(Socket pc, SocketLayer board, int descriptor, Action wake)
    {
        _pc = pc;
        _board = board;
        _descriptor = descriptor;
        _wake = wake;
        _pc.NoDelay = true;
        _receive.SetBuffer(_toBoardBuffer);
        _receive.Completed += (_, _) =>
        {
            _receiveCompleted = true;
            _wake();
        };
        _send.Completed += (_, _) =>
        {
            _sendCompleted = true;
            _wake();
        };
        _board.SetNoDelay(_descriptor, true);
        if (_descriptor < 0)
        {
            Reset();
        }
    }

    private enum Direction
    {
        /// <summary>The board has not accepted the connection yet.</summary>
        NotStarted,

        /// <summary>The buffer is empty.</summary>
        Empty,

        /// <summary>The PC's socket has the buffer.</summary>
        WithPc,

        /// <summary>The buffer holds something for the board.</summary>
        Full,

        /// <summary>The stream has ended, and the other side knows.</summary>
        Ended,
    }

    /// <summary>Whether it is ended by a reset, from whichever side.</summary>
    public bool WasReset { get; private set; }

    /// <summary>Whether both directions have ended.</summary>
    public bool IsOver => _over;

    /// <summary>Whether the board's side has ended and the program's has not: it has got all that it will ever get.</summary>
    public bool IsServed => !_over && _toPc == Direction.Ended && _toBoard != Direction.Ended;

    /// <summary>When the first of the two directions ended, in milliseconds; it says something only if exactly one has.</summary>
    public int HalfClosedAt { get; private set; }

    /// <summary>Moves what can be moved.</summary>
    /// <param name="now">The time in milliseconds.</param>
    /// <returns>Whether anything was, so that the stack may have something to send.</returns>
    public bool Step(int now)
    {
        bool anything = false;
        if (_toBoard == Direction.NotStarted && !_over)
        {
            FollowOpening();
        }

        bool moved = true;
        while (moved && !_over && _toBoard != Direction.NotStarted)
        {
            moved = StepToBoard();
            moved |= !_over && StepToPc();
            anything |= moved;
            if (!_over && _toBoard == Direction.Ended && _toPc == Direction.Ended)
            {
                End();
            }
        }

        LimitHalfClosed(now);
        return anything || _over;
    }

    /// <summary>Resets whatever is still open.</summary>
    public void Dispose()
    {
        if (!_over)
        {
            Reset();
        }
    }

    /// <summary>Who never closes its side would keep a place for ever.</summary>
    private void LimitHalfClosed(int now)
    {
        if (_over || (_toBoard == Direction.Ended) == (_toPc == Direction.Ended))
        {
            _halfClosed = false;
        }
        else if (!_halfClosed)
        {
            _halfClosed = true;
            HalfClosedAt = now;
        }
        else if (now - HalfClosedAt >= LongestHalfClosed)
        {
            Reset();
        }
    }

    private void FollowOpening()
    {
        switch (_board.GetState(_descriptor))
        {
            case TcpState.SynSent:
            case TcpState.SynReceived:
                return;

            case TcpState.Closed:
                // refused, or nobody there
                Reset();
                return;

            default:
                _toBoard = Direction.Empty;
                _toPc = Direction.Empty;
                return;
        }
    }

    private bool StepToBoard()
    {
        switch (_toBoard)
        {
            case Direction.Empty:
                _toBoard = Direction.WithPc;
                _receiveCompleted = false;
                if (!_pc.ReceiveAsync(_receive))
                {
                    _receiveCompleted = true;
                }

                return _receiveCompleted;

            case Direction.WithPc when _receiveCompleted:
                _receiveCompleted = false;
                TakeReceived();
                return true;

            case Direction.Full:
                return WriteToBoard();

            default:
                return false;
        }
    }

    private void TakeReceived()
    {
        if (_receive.SocketError != PcError.Success)
        {
            Reset();
        }
        else if (_receive.BytesTransferred == 0)
        {
            _board.Shutdown(_descriptor);
            _toBoard = Direction.Ended;
        }
        else
        {
            _toBoardOffset = 0;
            _toBoardCount = _receive.BytesTransferred;
            _toBoard = Direction.Full;
        }
    }

    private bool WriteToBoard()
    {
        int written = _board.Write(_descriptor, _toBoardBuffer, _toBoardOffset, _toBoardCount);
        if (written is (int)BoardError.WouldBlock or (int)BoardError.NoBufferSpace)
        {
            return false;
        }

        if (written < 0)
        {
            Reset();
            return false;
        }

        _toBoardOffset += written;
        _toBoardCount -= written;
        _toBoard = _toBoardCount == 0 ? Direction.Empty : Direction.Full;
        return true;
    }

    private bool StepToPc()
    {
        switch (_toPc)
        {
            case Direction.Empty:
                return ReadFromBoard();

            case Direction.WithPc when _sendCompleted:
                _sendCompleted = false;
                TakeSent();
                return true;

            case Direction.WithPc:
            case Direction.Ended:
                // Nobody reads from the board now, so a reset has to be looked for.
                if (_board.GetError(_descriptor) != BoardError.Success)
                {
                    Reset();
                }

                return false;

            default:
                return false;
        }
    }

    private bool ReadFromBoard()
    {
        int read = _board.Read(_descriptor, _toPcBuffer, 0, BufferSize);
        if (read == (int)BoardError.WouldBlock)
        {
            return false;
        }

        if (read < 0)
        {
            Reset();
            return false;
        }

        if (read == 0)
        {
            return EndToPc();
        }

        _toPcOffset = 0;
        _toPcCount = read;
        SendToPc();
        return true;
    }

    private bool EndToPc()
    {
        try
        {
            _pc.Shutdown(SocketShutdown.Send);
            _toPc = Direction.Ended;
            return true;
        }
        catch (SocketException)
        {
            // The program's end is gone already.
            Reset();
            return false;
        }
    }

    private void SendToPc()
    {
        _toPc = Direction.WithPc;
        _sendCompleted = false;
        _send.SetBuffer(_toPcBuffer, _toPcOffset, _toPcCount);
        if (!_pc.SendAsync(_send))
        {
            _sendCompleted = true;
        }
    }

    private void TakeSent()
    {
        if (_send.SocketError != PcError.Success)
        {
            Reset();
            return;
        }

        _toPcOffset += _send.BytesTransferred;
        _toPcCount -= _send.BytesTransferred;
        if (_toPcCount > 0)
        {
            SendToPc();
        }
        else
        {
            _toPc = Direction.Empty;
        }
    }

    private void End()
    {
        CloseSocket();

        // Until the board knows that all is over, it has a socket in use. Who came in its place too early would be turned away.
        if (_board.GetState(_descriptor) is TcpState.Closed or TcpState.TimeWait)
        {
            _over = true;
            _board.Close(_descriptor);
        }
    }

    private void Reset()
    {
        _over = true;
        WasReset = true;
        _board.Abort(_descriptor);
        if (!_pcClosed)
        {
            // Closing without lingering makes the PC's stack send a RST.
            _pc.LingerState = new LingerOption(true, 0);
            CloseSocket();
        }
    }

    private void CloseSocket()
    {
        if (!_pcClosed)
        {
            _pcClosed = true;
            _pc.Dispose();
            _receive.Dispose();
            _send.Dispose();
        }
    }
}
