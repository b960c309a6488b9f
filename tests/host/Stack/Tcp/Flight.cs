// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>
/// A connection's send queue with segments under way, made by hand: each as long, as old and as much marked as a test wants it.
/// </summary>
internal sealed class Flight
{
    /// <summary>The number of the first byte, -2500: it wraps in the third segment.</summary>
    public static uint Start => 0xFFFFF63C;

    public const int Mss = 1000;

    public Flight(bool sack = true)
    {
        Block = new TcpControlBlock(0) { SndMss = Mss, State = TcpState.Established };
        Block.ResetConnection();
        Handshake.BeginSending(Block, Start - 1, 0);
        Block.SndUna = Start;
        Block.SackPermitted = sack;
    }

    public TcpControlBlock Block { get; }

    public TcpCounters Counters { get; } = new();

    public List<Frame> Segments { get; } = [];

    /// <summary>Writes a segment and sends it.</summary>
    public Frame Send(int length = Mss, int at = 0, int marks = 0)
    {
        Frame frame = Write(length);
        frame.SentAt = at;
        frame.Marks = marks;
        Block.LostSegments += (marks & TcpLossDetection.Lost) != 0 ? 1 : 0;
        Block.SndNxt = Block.SndMax = Block.SndEnd;
        Block.SendTimer = SendTimerKind.Retransmission;
        return frame;
    }

    /// <summary>Sends some segments at once.</summary>
    public Flight SendMany(int count, int at = 0)
    {
        for (int i = 0; i < count; i++)
        {
            Send(at: at);
        }

        return this;
    }

    /// <summary>Writes a segment that is not sent.</summary>
    public Frame Write(int length = Mss)
    {
        Frame frame = new(1514, WordOrder.LowByteFirst)
        {
            Sequence = Block.SndEnd,
            PayloadOffset = TcpTransmitter.TextStart,
            PayloadLength = length,
            References = 1,
        };
        Block.SendQueue.Enqueue(frame);
        Block.SndEnd += (uint)length;
        Segments.Add(frame);
        return frame;
    }

    /// <summary>Sends a FIN behind what was sent.</summary>
    public void SendFin()
    {
        Block.FinQueued = true;
        Block.SndNxt = Block.SndMax = Block.SndEnd + 1;
        Block.SendTimer = SendTimerKind.Retransmission;
    }

    /// <summary>The segment with this place in the flight has arrived last of those that were sent, after a round trip.</summary>
    public void Arrived(int place, int rtt)
    {
        Frame frame = Segments[place];
        frame.Marks |= TcpLossDetection.Sacked;
        Block.RackSentAt = frame.SentAt;
        Block.RackEnd = Block.RackFack = frame.Sequence + (uint)frame.PayloadLength;
        Block.RackRtt = rtt;
    }
}
