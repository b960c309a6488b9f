// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>How much is sent at once, byte by byte: as far as the peer's window and the network's allow (RFC 5681, RFC 9293 section 3.8.6).</summary>
public sealed class TrustTests : StackTest
{
    private const int Mss = 1000;

    private TestNetwork _net = null!;
    private TcpPeer _peer = null!;
    private TcpControlBlock _block = null!;
    private int _socket;

    [Theory]
    [InlineData(1, 1)] // with nothing under way one is always trusted
    [InlineData(1000, 1)]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    [InlineData(2999, 2)]
    [InlineData(3000, 3)]
    [InlineData(4000, 4)]
    public void New_text_goes_as_far_as_the_network_is_trusted(int trusted, int segments)
    {
        Open();
        _block.CongestionWindow = trusted;
        _net.Write(_socket, new byte[5 * Mss]);
        Assert.Equal(Enumerable.Repeat(Mss, segments), _peer.TakeAll().Select(s => s.Text.Length));
        Assert.False(_block.OutputPending || _block.PersistRunning);
        Assert.True(_block.RetransmitRunning);
    }

    [Theory]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    [InlineData(2999, 2)]
    [InlineData(3000, 3)]
    public void Nor_does_it_go_farther_than_the_peers_window(int window, int segments)
    {
        Open();
        _peer.Send("A", win: window);
        _block.CongestionWindow = 60000;
        _net.Write(_socket, new byte[5 * Mss]);
        Assert.Equal(Enumerable.Repeat(Mss, segments), _peer.TakeAll().Select(s => s.Text.Length));
        Assert.False(_block.PersistRunning);
    }

    [Theory]
    [InlineData(false, 0, false)]
    [InlineData(false, 1, true)]
    [InlineData(true, 1, false)]
    public void What_was_learnt_is_forgotten_after_a_rest_of_more_than_a_timeout_RFC5681_4_1(bool underWay, int more, bool forgotten)
    {
        Open();
        _net.Write(_socket, new byte[10]);
        _peer.TakeAll();
        if (!underWay)
        {
            _peer.Send("A", ack: 11);
        }

        _block.NoDelay = true;
        _block.CongestionWindow = 60000;
        _block.RetransmitAt = _net.Now + 100_000;
        _block.LossTimer = TcpLossTimer.None;
        _net.Advance(_block.Rto + more);
        _net.Write(_socket, new byte[10]);
        _peer.TakeAll();
        Assert.Equal(forgotten ? 4 * Mss : 60000, _block.CongestionWindow);
    }

    [Fact]
    public void The_peer_owes_an_acknowledgment_since_the_first_text_that_it_has_not_acknowledged()
    {
        Open();
        _net.Advance(77);
        int first = _net.Now;
        _net.Write(_socket, new byte[Mss]);
        _net.Poll();
        Assert.Equal((first, first), (_block.UnacknowledgedSince, _block.LastSentAt));
        _net.Advance(33);
        _net.Write(_socket, new byte[Mss]);
        _net.Poll();
        Assert.Equal((first, first + 33), (_block.UnacknowledgedSince, _block.LastSentAt));
        Assert.Equal(first + _block.Rto, _block.RetransmitAt);
        _peer.TakeAll();
    }

    [Theory]
    [InlineData(2999, 0)]
    [InlineData(3000, 1)]
    [InlineData(3999, 1)]
    [InlineData(4000, 2)]
    public void What_was_lost_goes_first_and_as_far_as_the_network_is_trusted(int trusted, int segments)
    {
        // the first two of four are lost, and the others are on their way
        Open();
        _net.Write(_socket, new byte[4 * Mss]);
        Assert.Equal(4, _peer.TakeAll().Count);
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.SendQueue.Head.Next.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 2;
        _block.CongestionWindow = trusted;
        _net.Write(_socket, new byte[Mss]);
        Assert.Equal(Enumerable.Range(0, segments).Select(i => 1 + (i * Mss)), _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
        Assert.Equal((uint)segments, _net.Stack.Tcp.Counters.Retransmissions);
        Assert.Equal(2 - segments, _block.LostSegments);
    }

    [Fact]
    public void With_all_of_it_lost_one_is_sent_whatever_the_network_is_trusted_with()
    {
        Open();
        _net.Write(_socket, new byte[2 * Mss]);
        _peer.TakeAll();
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.SendQueue.Head.Next.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 2;
        _block.CongestionWindow = 1;
        _block.OutputPending = true;
        Assert.Equal([1], _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
    }

    [Fact]
    public void What_is_new_does_not_go_before_what_is_lost()
    {
        Open();
        _net.Write(_socket, new byte[3 * Mss]);
        _peer.TakeAll();
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 1;
        _block.CongestionWindow = 2500;
        _block.NoDelay = true;
        _net.Write(_socket, new byte[100]);
        _peer.ExpectNothing();
        _block.CongestionWindow = 3100;
        _block.OutputPending = true;
        Assert.Equal([1, 3001], _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
    }

    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1999, 1)]
    [InlineData(2000, 2)]
    [InlineData(999, 0)]
    public void What_is_lost_behind_the_edge_of_a_window_that_has_shrunk_waits_SHLD15(int window, int segments)
    {
        Open();
        _net.Write(_socket, new byte[3 * Mss]);
        _peer.TakeAll();
        for (int i = 0; i < 2; i++)
        {
            (i == 0 ? _block.SendQueue.Head : _block.SendQueue.Head.Next).Marks = TcpLossDetection.Lost;
        }

        _block.LostSegments = 2;
        _block.CongestionWindow = 60000;
        _block.SndWnd = window;
        _block.NoDelay = true;
        _net.Write(_socket, new byte[10]);
        Assert.Equal(Enumerable.Range(0, segments).Select(i => 1 + (i * Mss)), _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));

        // the third is under way, and its timer runs
        Assert.True(_block.RetransmitRunning && !_block.PersistRunning);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void With_nothing_under_way_a_window_that_is_too_small_is_asked_for(bool lost)
    {
        Open();
        _net.Write(_socket, new byte[Mss]);
        _net.Advance(70);
        _peer.TakeAll();
        if (lost)
        {
            _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
            _block.LostSegments = 1;
            _block.SndWnd = 999;
        }
        else
        {
            _peer.Send("A", ack: 1 + Mss, win: 0);
        }

        int since = _block.UnacknowledgedSince;
        _net.Advance(30);
        _block.LossTimer = TcpLossTimer.None;
        _net.Write(_socket, new byte[Mss]);
        _peer.ExpectNothing();
        Assert.Equal((true, false, TcpLossTimer.None, 0), (_block.PersistRunning, _block.RetransmitRunning, _block.LossTimer, _block.Probes));
        Assert.Equal(_net.Now + _block.Rto, _block.PersistAt);

        // what is owed is owed for longer: the peer has taken back what it had offered
        Assert.Equal(lost ? since : _net.Now, _block.UnacknowledgedSince);
        int due = _block.PersistAt;
        _block.OutputPending = true;
        _block.Probes = 3;
        _net.Advance(20);
        Assert.Equal((due, 3), (_block.PersistAt, _block.Probes));
    }

    [Theory]
    [InlineData(3000, 2001, 5, 3001)] // what is new fits the window
    [InlineData(2999, 1001, 7, 2001)] // it does not: the last one again
    public void The_end_is_probed_with_what_is_new_or_else_with_the_last_segment_RFC8985_7_3(int window, int sequence, int flags, int end)
    {
        Open();
        _block.CongestionWindow = 2000;
        _net.Write(_socket, new byte[3 * Mss]);
        Assert.Equal(2, _peer.TakeAll().Count);
        _net.Advance(40);
        _block.SndWnd = window;
        Expire();
        Assert.Equal([sequence], _peer.TakeAll().Select(s => (int)(s.Seq - _peer.StackIss)));
        Assert.Equal((flags, _block.Iss + (uint)end, TcpLossTimer.None), (_block.TailProbe, _block.TailProbeEnd, _block.LossTimer));
        Assert.Equal((1u, _net.Now + _block.Rto), (_net.Stack.Tcp.Counters.TailProbes, _block.RetransmitAt));
        Assert.Equal(flags == 7 ? 1u : 0u, _net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void A_segment_of_which_a_part_was_sent_is_not_new()
    {
        Open();
        _block.CongestionWindow = 2000;
        _net.Write(_socket, new byte[2 * Mss]);
        Assert.Equal(2, _peer.TakeAll().Count);
        _block.SndNxt--;
        _block.SndMax--;
        Expire();
        SeenFrame probe = _peer.Expect("A", seq: 1001);
        Assert.Equal(Mss - 1, probe.Text.Length);
        Assert.Equal(7, _block.TailProbe);
        _block.SndNxt++;
        _block.SndMax++;
    }

    [Fact]
    public void Where_nothing_is_under_way_there_is_no_end_to_probe()
    {
        Open();
        Expire();
        _peer.ExpectNothing();
        Assert.Equal((0, 0u, false), (_block.TailProbe, _net.Stack.Tcp.Counters.TailProbes, _block.RetransmitRunning));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(1, 1, false)]
    [InlineData(600, 600, false)]
    [InlineData(1000, 1000, false)]
    [InlineData(5000, 1000, false)] // it has opened meanwhile
    public void What_has_waited_for_the_window_long_enough_is_sent_as_far_as_it_fits_3_8_6_2_1(int window, int length, bool probe)
    {
        Open();
        _peer.Send("A", win: 0);
        _net.Write(_socket, new byte[Mss]);
        _net.Advance(100);
        _peer.ExpectNothing();
        _block.SndWnd = window;
        _block.PersistAt = _net.Now;
        SeenFrame sent = Assert.Single(_peer.TakeAll());
        Assert.Equal((length, SeenFrame.Ack | SeenFrame.Psh), (sent.Text.Length, sent.Flags));
        Assert.Equal(1u, sent.Seq - _peer.StackIss);
        Assert.Equal((uint)length, _block.SndMax - _block.SndUna);
        Assert.Equal(probe ? 0u : (uint)length, _block.SndNxt - _block.SndUna);
        Assert.Equal((probe, !probe), (_block.PersistRunning, _block.RetransmitRunning));
        Assert.Equal(probe ? 1u : 0u, _net.Stack.Tcp.Counters.WindowProbes);
    }

    /// <summary>It is time to probe the end.</summary>
    private void Expire()
    {
        _block.LossTimer = TcpLossTimer.TailProbe;
        _block.LossTimerAt = _net.Now;
        _net.Poll();
    }

    private void Open()
    {
        _net = Begin(configure: c =>
        {
            c.TcpSendFrames = 10;
            c.FrameCounts = [12, 6, 4, 4, 4, 20];
        });
        _peer = _net.Peer();
        _peer.Window = 30000;
        _socket = _peer.OpenTo(_net.Listen(), Mss);
        _block = _net.Stack.Tcp.Blocks.Single(b => b.RemotePort == _peer.Port);
    }
}
