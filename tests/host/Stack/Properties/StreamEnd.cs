// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Properties;

/// <summary>An application at one end of a connection: writes so much, reads so fast, and closes in its own way.</summary>
internal sealed class StreamEnd
{
    private readonly LossyLink _link;
    private readonly SocketLayer _sockets;
    private readonly int _socket;
    private readonly int _start;
    private readonly int _size;
    private readonly int _chunk;
    private readonly int _readChunk;
    private readonly int _pause;
    private readonly int _slowAt;
    private readonly int _sleep;
    private readonly Manner _manner;
    private readonly int _leavesAt;
    private readonly byte[] _buffer = new byte[4000];
    private int _written;
    private int _read;
    private bool _shut;
    private bool _end;
    private bool _slept;
    private bool _moved;
    private int _notBefore;

    public StreamEnd(LossyLink link, LinkStation station, int socket, int start, Choices choices, bool gentle)
    {
        _link = link;
        _sockets = station.Stack.Sockets;
        _socket = socket;
        _start = start;
        _size = choices.Pick(1, 0, 100, 1460, 3000, 8000, 25000);
        _chunk = choices.Between(1, 4000);
        _readChunk = choices.Between(1, 4000);
        _pause = choices.Pick(0, 0, 3, gentle ? 0 : 50, gentle ? 3 : 900);

        // small segments fill the receive queue before the window is full, and then a sleeper costs its peer a long backoff
        _sleep = choices.Pick(0, 0, 5000, 20000, gentle ? 0 : 100000);
        _slowAt = choices.Below(_size + 1);
        _manner = gentle
            ? Manner.ReadsToTheEnd
            : choices.Pick(Manner.ReadsToTheEnd, Manner.ReadsToTheEnd, Manner.ClosesWhenWritten, Manner.Leaves, Manner.Aborts);
        _leavesAt = choices.Below(_size + 1);
        _sockets.SetNoDelay(socket, choices.OneIn(2));
        if (choices.OneIn(4))
        {
            _sockets.SetKeepAlive(socket, 10000);
        }

        WakeAt = link.Now;
        _notBefore = link.Now;
    }

    private enum Manner
    {
        /// <summary>Closes its direction after the last byte, reads until the other has, and only then lets go.</summary>
        ReadsToTheEnd,

        /// <summary>Lets go after the last byte.</summary>
        ClosesWhenWritten,

        /// <summary>Lets go somewhere in the middle.</summary>
        Leaves,

        /// <summary>Resets somewhere in the middle.</summary>
        Aborts,
    }

    public string Name { get; init; } = string.Empty;

    public StreamEnd Peer { get; set; } = null!;

    /// <summary>Gets when it wants to be called again.</summary>
    public int WakeAt { get; private set; }

    /// <summary>Gets a value indicating whether it has let go, or been told of an error.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Gets a value indicating whether it was told of an error.</summary>
    public bool Failed { get; private set; }

    /// <summary>Gets a value indicating whether it stays until it has read all.</summary>
    public bool IsGentle => _manner == Manner.ReadsToTheEnd;

    public string Story { get; private set; } = "goes on";

    public override string ToString()
    {
        return $"{Name}: {_size} bytes by {_chunk}, reads {_readChunk}, pauses {_pause}, sleeps {_sleep} at {_slowAt}, "
            + $"{_manner} at {_leavesAt}";
    }

    public void Work()
    {
        if (IsOver)
        {
            WakeAt = _link.Now + 100_000;
            return;
        }

        if (_notBefore - _link.Now > 0)
        {
            // something has happened, and is looked at in time
            WakeAt = _notBefore;
            return;
        }

        if (!_slept && _written >= _slowAt)
        {
            // it does not look at its socket for a while, neither to read nor to write
            _slept = true;
            if (_sleep > 0)
            {
                _notBefore = _link.Now + _sleep;
                WakeAt = _notBefore;
                return;
            }
        }

        _moved = false;
        Write();
        Read();
        Leave();

        // with nothing done there is nothing to do before something happens
        _notBefore = _link.Now + _pause;
        WakeAt = _link.Now + (_moved ? Math.Max(_pause, 1) : 100_000);
    }

    private void Write()
    {
        int size = Math.Min(_chunk, _size - _written);
        if (size > 0 && !IsOver)
        {
            int taken = _sockets.Write(_socket, Wire.PatternBytes(_start + _written, size), 0, size);
            if (taken > 0)
            {
                _written += taken;
                _moved = true;
            }
            else if (taken is not ((int)SocketError.WouldBlock or (int)SocketError.NoBufferSpace))
            {
                Fail("write", taken);
            }
        }
    }

    private void Read()
    {
        if (IsOver || _end)
        {
            return;
        }

        int count = _sockets.Read(_socket, _buffer, 0, _readChunk);
        if (count == 0)
        {
            _end = true;
            _moved = true;
            Assert.True(Peer._shut, Name + " sees the end, and the other has not closed");
            Assert.True(_read == Peer._written, $"{Name} sees the end after {_read} of {Peer._written} bytes");
            return;
        }

        if (count < 0)
        {
            if (count != (int)SocketError.WouldBlock)
            {
                Fail("read", count);
            }

            return;
        }

        for (int i = 0; i < count; i++)
        {
            if (_buffer[i] != Wire.Pattern(Peer._start + _read + i))
            {
                Assert.Fail($"{Name} reads another byte at {_read + i}");
            }
        }

        _read += count;
        _moved = true;
        Assert.True(_read <= Peer._written, $"{Name} reads more than was written");
    }

    private void Leave()
    {
        if (IsOver)
        {
            return;
        }

        bool written = _written == _size;
        if (_manner is Manner.Leaves or Manner.Aborts && _written >= _leavesAt)
        {
            _shut = true;
            Over(_manner == Manner.Aborts ? _sockets.Abort(_socket) : _sockets.Close(_socket), "leaves");
        }
        else if (_manner == Manner.ClosesWhenWritten && written)
        {
            _shut = true;
            Over(_sockets.Close(_socket), "closes");
        }
        else if (written && !_shut)
        {
            _shut = true;
            int result = _sockets.Shutdown(_socket);
            if (result != 0)
            {
                Fail("shutdown", result);
            }
        }
        else if (_shut && _end)
        {
            Over(_sockets.Close(_socket), "has read to the end");
        }
    }

    private void Over(int result, string how)
    {
        Assert.Equal(0, result);
        IsOver = true;
        Story = $"{how} after {_written} written and {_read} read";
    }

    private void Fail(string call, int result)
    {
        SocketError error = (SocketError)result;
        Assert.True(
            error is SocketError.ConnectionReset or SocketError.TimedOut or SocketError.HostUnreachable or SocketError.NetworkUnreachable,
            $"{Name}: {call} says {error}");
        Failed = true;
        IsOver = true;
        Story = $"{error} at {call} after {_written} written and {_read} read, at {_link.Now}";
    }
}
