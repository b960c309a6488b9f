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
    private bool _over;

    /// <summary>Takes a program's connection and starts to connect to the board.</summary>
    public ForwardedConnection(Socket pc, SocketLayer board, uint address, int port, Action wake)
    {
        _pc = pc;
        _board = board;
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
        _descriptor = board.Socket();
        _board.SetNoDelay(_descriptor, true);
        if (_descriptor < 0 || _board.Connect(_descriptor, address, port) != (int)BoardError.InProgress)
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

    /// <summary>Moves what can be moved.</summary>
    /// <returns>Whether anything was, so that the stack may have something to send.</returns>
    public bool Step()
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
