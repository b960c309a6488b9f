// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Support;

/// <summary>
/// The other end of a connection, played by the test line by line. Sequence and acknowledgment numbers are relative: 0 is the
/// SYN of whoever sends, 1 the first byte of text, as Wireshark shows them.
/// </summary>
internal sealed class TcpPeer
{
    private readonly TestNetwork _network;
    private readonly TestHost _host;
    private readonly Queue<SeenFrame> _seen = new();
    private uint? _stackIss;

    public TcpPeer(TestNetwork network, TestHost host, int port, int stackPort, uint iss)
    {
        _network = network;
        _host = host;
        Port = port;
        StackPort = stackPort;
        Iss = iss;
        network.AddPeer(this);
    }

    public int Port { get; }

    public int StackPort { get; set; }

    public uint Iss { get; }

    /// <summary>Gets or sets the stack's initial sequence number, which its SYN tells.</summary>
    public uint StackIss
    {
        get => _stackIss ?? throw new InvalidOperationException("the stack has not sent a SYN");
        set => _stackIss = value;
    }

    /// <summary>Gets or sets the next sequence number that the peer sends, relative.</summary>
    public long SndNxt { get; set; }

    /// <summary>Gets or sets the next sequence number that the peer expects, relative.</summary>
    public long RcvNxt { get; set; }

    /// <summary>Gets or sets the window that the peer announces.</summary>
    public int Window { get; set; } = 8192;

    /// <summary>Gets or sets a value indicating whether the test has told the stack lies about MAC addresses.</summary>
    public bool AnyMac { get; set; }

    /// <summary>Gets the number of segments that wait to be looked at.</summary>
    public int Waiting
    {
        get
        {
            _network.Collect();
            return _seen.Count;
        }
    }

    public bool IsFor(SeenFrame frame)
    {
        return frame.IpDestination == _host.Ip && frame.DestinationPort == Port && (StackPort == 0 || frame.SourcePort == StackPort);
    }

    public void Take(SeenFrame frame)
    {
        Assert.True(AnyMac || _host.Mac == frame.Destination, $"sent to {frame.Destination:X12}, not {_host.Mac:X12}: {frame}");
        _seen.Enqueue(frame);
    }

    /// <summary>
    /// peer ---> stack. What is not named goes on from before.
    /// </summary>
    /// <param name="flags">Letters of S F R P A U, or "-" for none.</param>
    /// <param name="seq">Relative sequence number.</param>
    /// <param name="ack">Relative acknowledgment number; it is sent only with the flag A.</param>
    /// <param name="win">Window; it is kept for the segments that follow.</param>
    /// <param name="mss">MSS option.</param>
    /// <param name="text">Text.</param>
    /// <param name="length">Bytes of the test pattern instead.</param>
    /// <param name="options">Raw options instead of the MSS.</param>
    /// <param name="urgent">Urgent pointer.</param>
    /// <param name="poll">Whether the stack may deal with it at once.</param>
    public void Send(
        string flags,
        long? seq = null,
        long? ack = null,
        int? win = null,
        int? mss = null,
        string? text = null,
        int length = 0,
        byte[]? options = null,
        int urgent = 0,
        bool poll = true)
    {
        byte[] frame = Build(flags, seq, ack, win, mss, text, length, options, urgent);
        if (poll)
        {
            _network.Deliver(frame);
        }
        else
        {
            _network.Interface.Deliver(frame);
        }
    }

    /// <summary>Builds what <see cref="Send"/> would send.</summary>
    public byte[] Build(
        string flags,
        long? seq = null,
        long? ack = null,
        int? win = null,
        int? mss = null,
        string? text = null,
        int length = 0,
        byte[]? options = null,
        int urgent = 0)
    {
        int bits = SeenFrame.FlagsOf(flags);
        long sequence = seq ?? SndNxt;
        byte[] bytes = text != null ? Encoding.Latin1.GetBytes(text) : Wire.PatternBytes(sequence, length);
        Window = win ?? Window;
        if (mss is int size)
        {
            options = [2, 4, (byte)(size >> 8), (byte)size];
        }

        long end = sequence + bytes.Length + ((bits & SeenFrame.Syn) != 0 ? 1 : 0) + ((bits & SeenFrame.Fin) != 0 ? 1 : 0);
        if (sequence == SndNxt)
        {
            SndNxt = end;
        }

        uint acknowledgment = (bits & SeenFrame.Ack) == 0 ? 0 : (_stackIss ?? 0) + (uint)(ack ?? RcvNxt);
        byte[] segment = FrameBuilder.Tcp(
            _host.Ip, TestNetwork.StackIp, Port, StackPort, Iss + (uint)sequence, acknowledgment, bits, Window, options, bytes, urgent);
        return FrameBuilder.Ethernet(
            TestNetwork.StackMac, _host.Mac, 0x0800, FrameBuilder.Ip(_host.Ip, TestNetwork.StackIp, 6, segment));
    }

    /// <summary>
    /// peer &lt;--- stack. The flags must be exactly these, but for P, which counts only where it is named.
    /// </summary>
    public SeenFrame Expect(
        string flags, long? seq = null, long? ack = null, int? len = null, int? win = null, string? text = null, int? mss = null)
    {
        if (_seen.Count == 0)
        {
            _network.Poll();
        }

        Assert.True(_seen.Count > 0, $"expected {flags} seq={seq} ack={ack} len={len}, and the stack is silent");
        SeenFrame frame = _seen.Dequeue();
        string seen = frame.ToString();
        int mask = flags.Contains('P') ? 0x3F : 0x3F & ~SeenFrame.Psh;
        Assert.True((frame.Flags & mask) == SeenFrame.FlagsOf(flags), $"expected {flags}, saw {seen}");
        if ((frame.Flags & SeenFrame.Syn) != 0)
        {
            _stackIss ??= frame.Seq;
            StackPort = frame.SourcePort;
        }

        long relative = (int)(frame.Seq - (_stackIss ?? 0));
        CheckNumber("seq", seq, relative, seen);
        CheckNumber("ack", ack, (int)(frame.AckNumber - Iss), seen);
        CheckNumber("len", len, frame.Text.Length, seen);
        CheckNumber("win", win, frame.Window, seen);
        CheckNumber("mss", mss, frame.Mss ?? -1, seen);
        if (text != null)
        {
            Assert.Equal(text, Encoding.Latin1.GetString(frame.Text));
        }

        long end = relative + frame.SequenceLength;
        if (relative <= RcvNxt && end > RcvNxt && (frame.Flags & SeenFrame.Rst) == 0)
        {
            RcvNxt = end;
        }

        return frame;
    }

    /// <summary>The stack says nothing more.</summary>
    public void ExpectNothing()
    {
        _network.Poll();
        Assert.True(_seen.Count == 0, _seen.Count == 0 ? string.Empty : "expected silence, saw " + _seen.Peek());
    }

    /// <summary>Forgets what the stack has said.</summary>
    public List<SeenFrame> TakeAll()
    {
        _network.Poll();
        List<SeenFrame> all = [.. _seen];
        _seen.Clear();
        return all;
    }

    /// <summary>The peer opens: S, SA, A.</summary>
    public void Handshake(int? mss = 1460)
    {
        Send("S", mss: mss);
        Expect("SA", seq: 0, ack: 1);
        Send("A");
    }

    /// <summary>The peer opens to a listener, and the application accepts.</summary>
    public int OpenTo(int listener, int? mss = 1460)
    {
        Handshake(mss);
        return _network.Accept(listener);
    }

    /// <summary>The stack opens: S, SA, A.</summary>
    /// <returns>The stack's socket.</returns>
    public int OpenFrom(int? mss = 1460)
    {
        StackPort = 0;
        int socket = _network.Sockets.Socket();
        Assert.Equal((int)TcpIp.SocketError.InProgress, _network.Sockets.Connect(socket, _host.Ip, Port));
        Expect("S", seq: 0);
        Send("SA", mss: mss);
        Expect("A", seq: 1, ack: 1);
        return socket;
    }

    private static void CheckNumber(string name, long? expected, long actual, string seen)
    {
        Assert.True(expected == null || expected == actual, $"expected {name}={expected}, saw {name}={actual} in {seen}");
    }
}
