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
