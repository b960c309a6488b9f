// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;

namespace Benchmarks;

/// <summary>
/// The other end of a TCP connection of the board, as plain as it can be on a wire that loses nothing: SYN with the options of Linux;
/// segments of 1460 bytes, each when the last one was acknowledged, so that the two never wait for the wire at once; an acknowledgment
/// for every second segment, and at once for a FIN; one's own FIN soon after the board's, or after the last web page that was asked for has come.
/// </summary>
internal sealed class PeerConnection(Peer peer)
{
    private const int Fin = 1;
    private const int Syn = 2;
    private const int Rst = 4;
    private const int Psh = 8;
    private const int Ack = 16;
    private const int Window = 64240;
    private const int Mss = 1460;

    // an application reads to the end before it closes
    private const int TurnsToClose = 3;

    // milliseconds after which a single segment is acknowledged
    private const int DelayedAck = 40;

    // MSS 1460, SACK permitted, timestamps, window scale 7, in the order of Linux
    private static readonly byte[] s_options = [2, 4, 5, 0xB4, 4, 2, 8, 10, 0, 1, 0x86, 0xA0, 0, 0, 0, 0, 1, 3, 3, 7];
    private static int s_port = 40000;

    private int _boardPort;
    private int _port;
    private byte[] _text = [];
    private uint _first;
    private uint _next;
    private uint _acknowledged;
    private uint _expected;
    private int _boardWindow;
    private int _unacknowledgedSegments;
    private long _ackDue;
    private bool _mustAck;
    private int _turnsToClose;
    private readonly Queue<byte[]> _requests = new();
    private string _answer = "";
    private bool _hasAsked;
    private bool _finSent;
    private bool _finReceived;

    /// <summary>Whether the handshake is done.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Bytes of text from the board.</summary>
    public int Received { get; private set; }

    /// <summary>Whether all that was written has been acknowledged.</summary>
    public bool IsSent => IsOpen && _acknowledged - _first == _text.Length + 1 + (_finSent ? 1 : 0);

    /// <summary>Whether both ends have closed, and know it.</summary>
    public bool IsClosed => _finSent && IsSent && _finReceived && !_mustAck;

    /// <summary>Whether it is kept when all that was asked for has come.</summary>
    public bool Stays { get; set; }

    /// <summary>Whether all that was asked for has come, and the board knows it.</summary>
    public bool IsAnswered => IsSent && !_hasAsked && _unacknowledgedSegments == 0 && !_mustAck;

    /// <summary>Connects, and asks for pages, one after the other, as soon as that is done.</summary>
    /// <param name="port">The board's port.</param>
    /// <param name="requests">The requests; none if something else is to be written.</param>
    public void Open(int port, params byte[][] requests)
    {
        _boardPort = port;
        _port = s_port++;
        _text = [];
        _first = 0x12345678;
        _next = _first + 1;
        _acknowledged = _first;
        _turnsToClose = 0;
        _finSent = false;
        _finReceived = false;
        _requests.Clear();
        _hasAsked = false;
        IsOpen = false;
        Received = 0;
        Ask(requests);
        peer.OnPacket = OnPacket;
        Send(_first, Syn, s_options, []);
    }

    /// <summary>Asks for pages, one after the other.</summary>
    /// <param name="requests">The requests.</param>
    public void Ask(params byte[][] requests)
    {
        Array.ForEach(requests, _requests.Enqueue);
        AskNext();
    }

    /// <summary>Writes more.</summary>
    public void Write(byte[] text) => _text = [.. _text, .. text];

    /// <summary>Ends the connection at once.</summary>
    public void Abort() => Send(_next, Rst | Ack, null, []);

    /// <summary>Sends what there is to send.</summary>
    /// <param name="now">The time in milliseconds.</param>
    public void Work(long now)
    {
        if (!IsOpen)
        {
            return;
        }

        if (_mustAck || _unacknowledgedSegments > 1 || (_unacknowledgedSegments == 1 && now >= _ackDue))
        {
            Send(_next, Ack, null, []);
        }
        else if (_unacknowledgedSegments == 0)
        {
            _ackDue = now + DelayedAck;
        }

        if (_turnsToClose > 0 && --_turnsToClose == 0)
        {
            Send(_next, Fin | Ack, null, []);
            _next++;
            _finSent = true;
        }

        SendText();
    }

    private static bool IsWhole(string answer)
    {
        int header = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        int field = answer.IndexOf("Content-Length: ", StringComparison.Ordinal) + 16;
        return header > 4
            && (field > 16 ? answer.Length == header + int.Parse(answer[field..answer.IndexOf('\r', field)]) : answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal));
    }

    private void AskNext()
    {
        _answer = "";
        _hasAsked = _requests.TryDequeue(out byte[]? request);
        Write(request ?? []);
    }

    private void SendText()
    {
        int sent = (int)(_next - _first) - 1;
        while (!_finSent && sent < _text.Length)
        {
            int count = Math.Min(Mss, _text.Length - sent);
            if (_boardWindow < count || _next != _acknowledged)
            {
                return;
            }

            Send(_next, sent + count == _text.Length ? Psh | Ack : Ack, null, _text[sent..(sent + count)]);
            _next += (uint)count;
            sent += count;
        }
    }

    private void Send(uint sequence, int flags, byte[]? options, byte[] text)
    {
        _mustAck = false;
        _unacknowledgedSegments = 0;
        uint acknowledgment = (flags & Ack) != 0 ? _expected : 0;
        byte[] segment = FrameBuilder.Tcp(
            Peer.Address, Peer.BoardAddress, _port, _boardPort, sequence, acknowledgment, flags, Window, options, text);
        peer.SendPacket(FrameBuilder.Ip(Peer.Address, Peer.BoardAddress, 6, segment));
    }

    private void OnPacket(byte[] packet)
    {
        int start = (packet[0] & 15) * 4;
        int end = Wire.Get16(packet, 2);
        if (packet[9] != 6 || Wire.Get16(packet, start + 2) != _port)
        {
            return;
        }

        int flags = packet[start + 13];
        if ((flags & Rst) != 0)
        {
            throw new InvalidOperationException("The board has reset the connection.");
        }

        _acknowledged = Wire.Get32(packet, start + 8);
        _boardWindow = Wire.Get16(packet, start + 14);
        uint sequence = Wire.Get32(packet, start + 4);
        int length = end - start - (packet[start + 12] >> 4 << 2);
        if ((flags & Syn) != 0)
        {
            _expected = sequence + 1;
            IsOpen = true;
            _mustAck = true;
            return;
        }

        if (sequence != _expected)
        {
            throw new InvalidOperationException("A segment of the board is missing or was repeated.");
        }

        Received += length;
        _expected += (uint)length;
        if (length > 0 && _hasAsked)
        {
            _answer += System.Text.Encoding.Latin1.GetString(packet, end - length, length);
            if (IsWhole(_answer))
            {
                AskNext();
                if (!_hasAsked && !Stays)
                {
                    // who needs nothing more closes
                    _turnsToClose = _turnsToClose > 0 ? _turnsToClose : TurnsToClose;
                }
            }
        }

        _unacknowledgedSegments += length > 0 ? 1 : 0;
        if ((flags & Fin) != 0)
        {
            _expected++;
            _turnsToClose = _finSent || _turnsToClose > 0 ? _turnsToClose : TurnsToClose;
            _finReceived = true;
            _mustAck = true;
        }
    }
}
