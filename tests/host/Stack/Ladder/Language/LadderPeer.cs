// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Ladder.Language;

/// <summary>The other end of a connection: knows who it is, and how far both directions have come.</summary>
internal sealed class LadderPeer(string name, TestHost host, int port, uint iss)
{
    public const int UsualPort = 40000;
    public const int UsualStackPort = 80;

    public string Name { get; } = name;

    public TestHost Host { get; } = host;

    public int Port { get; } = port;

    /// <summary>Gets the peer's initial sequence number.</summary>
    public uint Iss { get; } = iss;

    /// <summary>Gets or sets the stack's port; 0 until the stack's SYN tells it.</summary>
    public int StackPort { get; set; } = UsualStackPort;

    /// <summary>Gets or sets the stack's initial sequence number; null until its SYN tells it.</summary>
    public uint? StackIss { get; set; }

    /// <summary>Gets the next number that the peer sends.</summary>
    public long SndNxt { get; private set; }

    /// <summary>Gets the next number that the peer expects.</summary>
    public long RcvNxt { get; private set; }

    /// <summary>Gets or sets the window that the peer offers.</summary>
    public int Window { get; set; } = 8192;

    private uint StackInitial => StackIss ?? 0;

    public bool IsFor(SeenFrame frame)
    {
        return frame.IsTcp && frame.IpDestination == Host.Ip && frame.DestinationPort == Port
            && (StackPort == 0 || frame.SourcePort == StackPort);
    }

    /// <summary>Builds the frame that a line describes.</summary>
    public byte[] Build(LadderSegment segment)
    {
        uint sequence = segment.Sequence.On(Iss, SndNxt);
        long relative = segment.Sequence.Relative(Iss, SndNxt);
        byte[] text = Wire.PatternBytes(relative + ((segment.Flags & SeenFrame.Syn) != 0 ? 1 : 0), segment.Length);
        if (segment.IsGarbage)
        {
            text = [.. text.Select(b => (byte)~b)];
        }

        uint acknowledgment = 0;
        if (segment.Acknowledgment != null || (segment.Flags & SeenFrame.Ack) != 0)
        {
            acknowledgment = segment.Acknowledgment?.On(StackInitial, RcvNxt) ?? (StackInitial + (uint)RcvNxt);
        }

        Window = segment.Window ?? Window;
        uint from = segment.From ?? Host.Ip;
        uint to = segment.To ?? TestNetwork.StackIp;
        byte[] bytes = FrameBuilder.Tcp(
            from,
            to,
            segment.SourcePort ?? Port,
            segment.DestinationPort ?? (StackPort == 0 ? UsualStackPort : StackPort),
            sequence,
            acknowledgment,
            segment.Flags | (segment.Reserved << 8),
            Window,
            segment.Options?.Bytes(StackInitial),
            text,
            segment.Urgent,
            segment.HeaderWords,
            segment.Checksum);
        Sent(relative, segment);
        bool toAll = to == TestNetwork.SubnetBroadcast || to == uint.MaxValue;
        return FrameBuilder.Ethernet(
            toAll ? TestHost.BroadcastMac : TestNetwork.StackMac, Host.Mac, 0x0800, FrameBuilder.Ip(from, to, 6, bytes));
    }

    /// <summary>
    /// Compares a segment with what a line expects.
    /// </summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Compare(LadderSegment expected, SeenFrame frame)
    {
        if (frame.Destination != Host.Mac)
        {
            return $"sent to {frame.Destination:X12} instead of {Host.Mac:X12}";
        }

        bool syn = (frame.Flags & SeenFrame.Syn) != 0;
        if (syn && expected.Sequence.IsInitial)
        {
            if (StackIss is uint former && (int)(frame.Seq - former - (uint)RcvNxt) < 0)
            {
                return "an initial sequence number that does not lie behind all numbers of the connection before";
            }

            StackIss = null;
            RcvNxt = 0;
        }

        Learn(frame);

        // P counts only where it is named
        int mask = expected.Letters.Contains('P') ? 0xFFF : 0xFFF & ~SeenFrame.Psh;
        if ((frame.Flags & mask) != (expected.Flags & mask))
        {
            return "the flags";
        }

        if (!expected.Sequence.IsAny && frame.Seq != expected.Sequence.On(StackInitial, RcvNxt))
        {
            return "the sequence number";
        }

        if (!expected.AnyLength && frame.Text.Length != expected.Length)
        {
            return "the length";
        }

        if ((frame.Flags & SeenFrame.Ack) != 0 && expected.Acknowledgment == null)
        {
            return "the line names no acknowledgment number";
        }

        if (expected.Acknowledgment is { IsAny: false } ack && frame.AckNumber != (ack.IsOnWire ? ack.On(0, 0) : ack.On(Iss, SndNxt)))
        {
            return "the acknowledgment number";
        }

        if (expected.DontFragment is int whole && whole != ((frame.Bytes[20] >> 6) & 1))
        {
            return "the bit that forbids to cut it up";
        }

        if (expected.Window is int window && frame.Window != window)
        {
            return "the window";
        }

        if (expected.Options is LadderOptions options && !options.Fit(frame.Options, Iss))
        {
            return "the options";
        }

        if (expected.Without is int kind && LadderOptions.Holds(frame.Options, kind))
        {
            return "an option that must not be there";
        }

        long relative = (int)(frame.Seq - StackInitial);
        if (!frame.Text.SequenceEqual(Wire.PatternBytes(relative + (syn ? 1 : 0), frame.Text.Length)))
        {
            return "the text is not what was written at this place";
        }

        return null;
    }

    /// <summary>Learns the stack's initial number and port from its SYN.</summary>
    public void Learn(SeenFrame frame)
    {
        if ((frame.Flags & SeenFrame.Syn) != 0 && StackIss == null)
        {
            StackIss = frame.Seq;
            StackPort = frame.SourcePort;
        }
    }

    /// <summary>Takes note of a segment that was as expected.</summary>
    public void Took(SeenFrame frame)
    {
        long relative = (int)(frame.Seq - StackInitial);
        long end = relative + frame.SequenceLength;
        if (relative <= RcvNxt && end > RcvNxt && (frame.Flags & SeenFrame.Rst) == 0)
        {
            RcvNxt = end;
        }

        long acknowledged = (int)(frame.AckNumber - Iss);
        if ((frame.Flags & SeenFrame.Ack) != 0 && acknowledged > SndNxt)
        {
            SndNxt = acknowledged;
        }
    }

    /// <summary>Says what a segment of the stack is, in the words of a ladder.</summary>
    public string Describe(SeenFrame frame)
    {
        long relative = (int)(frame.Seq - StackInitial);
        string said = $"{LadderSegment.LettersOf(frame.Flags)} {relative}:{relative + frame.Text.Length}({frame.Text.Length})";
        if ((frame.Flags & SeenFrame.Ack) != 0)
        {
            said += $" ack {(int)(frame.AckNumber - Iss)}";
        }

        said += $" win {frame.Window}";
        return frame.Options.Length == 0 ? said : $"{said} <{LadderOptions.Describe(frame.Options, Iss)}>";
    }

    /// <summary>Builds an ICMP error about a segment that the stack has sent, or says it has.</summary>
    public byte[] BuildError(TestHost from, int type, int code, LadderNumber quoted, int mtu)
    {
        byte[] segment = FrameBuilder.Tcp(
            TestNetwork.StackIp, Host.Ip, StackPort, Port, quoted.On(StackInitial, RcvNxt), 0, SeenFrame.Ack, 0);
        byte[] packet = FrameBuilder.Ip(TestNetwork.StackIp, Host.Ip, 6, segment);
        byte[] body = new byte[4 + FrameBuilder.IpLength + 8];
        Wire.Put16(body, 2, mtu);
        packet.AsSpan(0, FrameBuilder.IpLength + 8).CopyTo(body.AsSpan(4));
        return FrameBuilder.Ethernet(
            TestNetwork.StackMac,
            from.Mac,
            0x0800,
            FrameBuilder.Ip(from.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(type, code, body)));
    }

    private void Sent(long relative, LadderSegment segment)
    {
        int length = segment.Length;
        length += (segment.Flags & SeenFrame.Syn) != 0 ? 1 : 0;
        length += (segment.Flags & SeenFrame.Fin) != 0 ? 1 : 0;
        bool countsForNothing = (segment.Flags & SeenFrame.Rst) != 0 || ((segment.Flags & SeenFrame.Syn) != 0 && SndNxt != 0);
        if (relative == SndNxt && !countsForNothing)
        {
            SndNxt = relative + length;
        }
    }
}
