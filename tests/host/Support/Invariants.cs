// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;
using TcpIp.Tcp;

namespace HostTests.Support;

/// <summary>
/// What must be true of a stack whenever its poll has returned, whatever has happened to it. Any test may ask at any time.
/// </summary>
internal static class Invariants
{
    private static readonly ConditionalWeakTable<TcpIpStack, Dictionary<int, Edge>> s_edges = [];

    /// <summary>
    /// Looks at all control blocks and all frames.
    /// </summary>
    /// <param name="stack">The stack.</param>
    /// <param name="limits">What it was made with, if the lengths of its queues are to be checked too.</param>
    public static void Check(TcpIpStack stack, StackConfiguration? limits = null)
    {
        Dictionary<int, Edge> edges = s_edges.GetValue(stack, _ => []);
        int inUse = 0;
        foreach (TcpControlBlock block in stack.Tcp.Blocks)
        {
            try
            {
                inUse += block.InUse ? 1 : 0;
                Assert.Equal(stack.Tcp.Blocks.Count(b => b.InUse && b.Listener == block), block.Waiting);
                CheckBlock(block, limits);
                CheckEdge(block, edges);
            }
            catch (Exception broken)
            {
                throw new InvariantException(broken.Message + Environment.NewLine + Describe(block), broken);
            }
        }

        Assert.Equal(inUse, stack.Tcp.BlocksInUse);
        FrameLedger.Of(stack).Check();
    }

    /// <summary>A control block in one line.</summary>
    public static string Describe(TcpControlBlock block)
    {
        uint iss = block.Iss;
        uint irs = block.Irs;
        return $"[{block.Index}] {block.State}{(block.Attached ? " attached" : string.Empty)}"
            + $" UNA={block.SndUna - iss} NXT={block.SndNxt - iss} MAX={block.SndMax - iss} END={block.SndEnd - iss} WND={block.SndWnd}"
            + $" RCV.NXT={block.RcvNxt - irs} EDGE={block.RcvEdge - irs}"
            + $" queues {Describe(block.SendQueue, iss)}/{Describe(block.ReceiveQueue, irs)}/{Describe(block.OutOfOrderQueue, irs)}"
            + (SendTimer.AwaitsAcknowledgment(block) ? " rexmt" : string.Empty) + (block.SendTimer == SendTimerKind.Persist ? " persist" : string.Empty)
            + (block.AcknowledgmentDue == AcknowledgmentDue.Soon ? " delack" : string.Empty) + (TcpTransitions.HasEnd(block) ? " state" : string.Empty)
            + (block.FinQueued ? " fin-queued" : string.Empty) + (block.FinReceived ? " fin-received" : string.Empty)
            + (block.EarlyFin ? $" early-fin@{block.EarlyFinAt - irs}" : string.Empty)
            + (block.OutputPending ? " output" : string.Empty) + $" error={block.Error}";
    }

    private static string Describe(FrameQueue queue, uint start)
    {
        List<string> parts = [];
        for (Frame? frame = queue.Head; frame != null; frame = frame.Next)
        {
            parts.Add($"{frame.Sequence - start}+{frame.PayloadLength}");
        }

        return "(" + string.Join(' ', parts) + ")";
    }

    private static void CheckBlock(TcpControlBlock block, StackConfiguration? limits)
    {
        CheckQueue(block.SendQueue, limits?.TcpSendFrames);
        CheckQueue(block.ReceiveQueue, limits?.TcpReceiveFrames + limits?.TcpOutOfOrderFrames);
        CheckQueue(block.OutOfOrderQueue, limits?.TcpOutOfOrderFrames);
        bool running = block.SendTimer != SendTimerKind.None || block.AcknowledgmentDue == AcknowledgmentDue.Soon || TcpTransitions.HasEnd(block);
        if (!block.InUse || block.State is TcpState.Closed or TcpState.Listen)
        {
            Assert.True(!running, "a timer runs and there is no connection");
            Assert.True(block.SendQueue.Count + block.OutOfOrderQueue.Count == 0, "frames are kept and there is no connection");
            Assert.True(block.ReceiveQueue.Count == 0 || (block.InUse && block.Attached), "unread text that nobody can read");
            Assert.True(!block.InUse || block.Attached, "a block that nobody has and that does nothing is in use");
            return;
        }

        Assert.True(AtOrAfter(block.SndNxt, block.SndUna), "SND.NXT is before SND.UNA");
        Assert.True(AtOrAfter(block.SndMax, block.SndNxt), "SND.NXT is behind SND.MAX");
        uint end = block.SndEnd + (block.FinQueued ? 1u : 0u);
        Assert.True(AtOrAfter(end, block.SndMax), "more was sent than was written");
        CheckTimers(block, end);
        if (block.State == TcpState.SynSent)
        {
            return;
        }

        int window = (int)(block.RcvEdge - block.RcvNxt);
        Assert.True(window >= 0, "the window's right edge is before RCV.NXT");
        Assert.True(!block.EarlyFin || !AtOrAfter(block.RcvNxt, block.EarlyFinAt), "a FIN that text has passed is remembered, and its number comes again");
        int room = (limits?.TcpReceiveWindow ?? int.MaxValue) - block.ReceiveQueue.Bytes;
        Assert.True(window <= room, "the window promises more than there is room for");
        CheckSendQueue(block);
        CheckOutOfOrder(block);
    }

    private static void CheckQueue(FrameQueue queue, int? limit)
    {
        int count = 0;
        int bytes = 0;
        Frame? last = null;
        for (Frame? frame = queue.Head; frame != null; frame = frame.Next)
        {
            Assert.True(++count < 10000, "a queue runs in a circle");
            Assert.True(frame.PayloadLength > 0, "an empty frame in a queue");
            bytes += frame.PayloadLength;
            last = frame;
        }

        Assert.True(queue.Count == count, "a queue miscounts its frames");
        Assert.True(queue.Bytes == bytes, "a queue miscounts its bytes");
        Assert.True(queue.Tail == last, "a queue does not know its end");
        Assert.True(limit == null || count <= limit, "a queue is longer than it may be");
    }

    private static void CheckSendQueue(TcpControlBlock block)
    {
        Frame? head = block.SendQueue.Head;
        if (head == null)
        {
            Assert.True(AtOrAfter(block.SndUna, block.SndEnd) || block.State == TcpState.SynReceived, "text that was written is gone");
            return;
        }

        Assert.True(AtOrAfter(block.SndUna, head.Sequence), "the text at SND.UNA is gone");
        Assert.True(AtOrAfter(head.Sequence + (uint)head.PayloadLength - 1, block.SndUna), "a frame is kept that was acknowledged");
        uint next = head.Sequence;
        for (Frame? frame = head; frame != null; frame = frame.Next)
        {
            Assert.True(frame.Sequence == next, "the send queue has a gap or an overlap");
            next += (uint)frame.PayloadLength;
        }

        Assert.True(next == block.SndEnd, "the send queue does not end where the text does");
    }

    private static void CheckOutOfOrder(TcpControlBlock block)
    {
        uint next = block.RcvNxt + 1;
        for (Frame? frame = block.OutOfOrderQueue.Head; frame != null; frame = frame.Next)
        {
            Assert.True(AtOrAfter(frame.Sequence, next), "what came out of order is not sorted and disjoint, or its turn has come");
            next = frame.Sequence + (uint)frame.PayloadLength;
            Assert.True(AtOrAfter(block.RcvEdge, next), "text is kept that lies outside the window");
        }

        Assert.True(block.OutOfOrderQueue.Count == 0 || !block.FinReceived, "text is kept that lies behind the peer's FIN");
    }

    private static void CheckTimers(TcpControlBlock block, uint end)
    {
        bool owed = block.SndUna != end;
        bool sends = block.SendTimer != SendTimerKind.None;
        if (block.State is TcpState.FinWait2 or TcpState.TimeWait)
        {
            Assert.True(!owed, "our FIN is not acknowledged in a state that says it is");
            Assert.True(block.State != TcpState.TimeWait || TcpTransitions.HasEnd(block), "TIME-WAIT without an end");
            Assert.True(block.State != TcpState.FinWait2 || block.Attached || TcpTransitions.HasEnd(block), "FIN-WAIT-2 without owner or end");
        }

        Assert.True(!owed || sends || block.OutputPending, "something is to be sent or acknowledged, and no timer runs");
        Assert.True(owed || !sends, "all is acknowledged, and a timer for it runs");
        Assert.True(
            !TcpTransitions.HasEnd(block) || block.State is TcpState.SynReceived or TcpState.FinWait2 or TcpState.TimeWait,
            "a state ends that has no end");
        Assert.True(
            block.Attached || block.Listener != null || block.State is not (TcpState.SynSent or TcpState.CloseWait or TcpState.Established),
            "an open connection that nobody has");
    }

    private static void CheckEdge(TcpControlBlock block, Dictionary<int, Edge> edges)
    {
        if (!block.InUse || block.State < TcpState.SynReceived)
        {
            edges.Remove(block.Index);
            return;
        }

        Edge now = new(block.Generation, block.Iss, block.Irs, block.RcvEdge, block.SndUna);
        if (edges.TryGetValue(block.Index, out Edge before)
            && before.Generation == now.Generation && before.Iss == now.Iss && before.Irs == now.Irs)
        {
            Assert.True(AtOrAfter(now.Right, before.Right), "the window's right edge has moved left");
            Assert.True(AtOrAfter(now.Una, before.Una), "SND.UNA has moved left");
        }

        edges[block.Index] = now;
    }

    private static bool AtOrAfter(uint a, uint b) => (int)(a - b) >= 0;

    private readonly record struct Edge(int Generation, uint Iss, uint Irs, uint Right, uint Una);
}
