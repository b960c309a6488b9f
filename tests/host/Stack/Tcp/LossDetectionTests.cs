// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Losses found by time (RFC 8985), with a clock that counts milliseconds and a wire that is faster.</summary>
public sealed class LossDetectionTests : StackTest
{
    private const int Mss = 100;

    [Fact]
    public void What_is_sent_again_gets_a_millisecond_before_it_is_lost_again()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.TcpSendFrames = 10;
            c.FrameCounts = [12, 6, 24, 4, 4, 6];
        });
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        peer.Send("S", options: [2, 4, 0, Mss, 4, 2, 1, 1]);
        peer.Expect("SA");
        peer.Send("A");
        int socket = net.Accept(listener);

        // the congestion window has to grow to eight segments first
        for (int i = 0; i < 4; i++)
        {
            net.Write(socket, new string('.', 4 * Mss));
            long end = peer.TakeAll().Max(seen => RelativeEnd(peer, seen));
            peer.Send("A", ack: end);
            peer.RcvNxt = end;
        }

        net.Write(socket, new string('.', 8 * Mss));
        List<SeenFrame> sent = peer.TakeAll();
        Assert.InRange(sent.Count, 8, 10);

        // the first is lost; the others arrive one after the other, all within the millisecond
        int repeated = 0;
        long gapEnd = RelativeEnd(peer, sent[0]);
        for (int i = 1; i < sent.Count; i++)
        {
            peer.Send("A", options: Sack(peer, gapEnd, RelativeEnd(peer, sent[i])));
            repeated += peer.TakeAll().Count(seen => seen.Seq == sent[0].Seq);
        }

        Assert.Equal(1, repeated);

        // a millisecond later its acknowledgment could be here
        net.Advance(1);
        peer.Expect("A", seq: peer.RcvNxt, len: sent[0].Text.Length);
        peer.ExpectNothing();
        peer.Send("A", ack: RelativeEnd(peer, sent[^1]));
        Assert.Equal(2u, net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void F17_a_round_trip_told_by_SACK_ends_the_backoff_RFC6298_3()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.TcpSendFrames = 10;
            c.TcpCongestionControl = false;
        });
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        peer.Send("S", options: [2, 4, 0, Mss, 4, 2, 1, 1]);
        peer.Expect("SA");
        net.Advance(50);
        peer.Send("A");
        int socket = net.Accept(listener);
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        net.Write(socket, new string('.', 2 * Mss));
        peer.TakeAll();

        // the tail is probed, the timer expires, and once more
        net.Advance(4000);
        Assert.Equal(4000, block.Rto);
        peer.TakeAll();

        // something new gets through in 60 ms, and the hole is still there: it need not wait for four seconds
        net.Write(socket, new string('!', Mss));
        SeenFrame fresh = peer.TakeAll()[^1];
        net.Advance(60);
        peer.Send("A", ack: 1, options: Sack(peer, RelativeEnd(peer, fresh) - Mss, RelativeEnd(peer, fresh)));
        Assert.Equal(1000, block.Rto);
        Assert.InRange(block.RetransmitAt - net.Now, 1, 1000);
        peer.TakeAll();
        peer.Send("A", ack: 1 + (3 * Mss));
    }

    [Theory]
    [InlineData(126, true)]
    [InlineData(124, false)]
    [InlineData(2_100_000_000, true)]
    [InlineData(2_500_000_000, true)]
    public void What_was_sent_longer_ago_than_is_waited_for_is_lost_even_if_the_clock_has_passed_its_middle_since(long ago, bool lost)
    {
        const int Now = 1000;
        TcpLossDetection detection = new(new TcpCounters());
        TcpControlBlock block = new(0) { SndMss = 1000 };
        block.ResetConnection();
        Handshake.BeginSending(block, 0, 0);
        block.SendQueue.Enqueue(new Frame(100, WordOrder.LowByteFirst) { Sequence = 1, PayloadLength = 10, SentAt = (int)(Now - ago) });
        block.SndNxt = 21;
        block.SndMax = 21;
        block.Srtt8 = 100 << 3;
        block.RackRtt = 100;
        block.MinimumRtt = 100;
        block.RackSentAt = (int)(Now - ago + 1);
        block.RackEnd = 21;
        block.SendTimer = SendTimerKind.Retransmission;
        block.RetransmitAt = Now + 1000;
        Assert.Equal(lost, detection.Detect(block, Now));
        Assert.Equal(lost ? SendTimerKind.Retransmission : SendTimerKind.Reordering, block.SendTimer);
    }

    private static long RelativeEnd(TcpPeer peer, SeenFrame seen) => (int)(seen.Seq - peer.StackIss) + seen.Text.Length;

    /// <summary>The option SACK with one block (RFC 2018 section 3).</summary>
    private static byte[] Sack(TcpPeer peer, long left, long right)
    {
        byte[] option = new byte[12];
        option[0] = 1;
        option[1] = 1;
        option[2] = 5;
        option[3] = 10;
        Wire.Put32(option, 4, peer.StackIss + (uint)left);
        Wire.Put32(option, 8, peer.StackIss + (uint)right);
        return option;
    }
}
