// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Text that is to be sent or sent again while the transmit queue is full: it counts as sent when it is.</summary>
public sealed class NoRoomTests : StackTest
{
    private const int Mss = 1000;

    private TestNetwork _net = null!;
    private TcpPeer _peer = null!;
    private TcpControlBlock _block = null!;
    private int _socket;
    private int _other;

    [Fact]
    public void A_loss_that_duplicates_tell_of_is_repaired_as_soon_as_there_is_room()
    {
        Open();
        Fill();
        for (int i = 0; i < 3; i++)
        {
            _peer.Send("A", ack: 1);
        }

        Assert.Equal((0u, 0u), (_net.Stack.Tcp.Counters.FastRetransmissions, _net.Stack.Tcp.Counters.Retransmissions));
        Assert.Equal((1, true), (_block.LostSegments, _block.OutputPending));
        Empty();
        _peer.Expect("A", seq: 1, len: Mss);
        Assert.Equal(1u, _net.Stack.Tcp.Counters.Retransmissions);
    }

    [Fact]
    public void What_is_lost_stays_lost_until_there_is_room()
    {
        Open();
        _block.SendQueue.Head.Marks = TcpLossDetection.Lost;
        _block.LostSegments = 1;
        Fill();
        _net.Stack.Tcp.RequestOutput(_block);
        _peer.ExpectNothing();
        Assert.Equal((1, true, 0u), (_block.LostSegments, _block.OutputPending, _net.Stack.Tcp.Counters.Retransmissions));
        Empty();
        _peer.Expect("A", seq: 1, len: Mss);
    }

    [Fact]
    public void What_is_new_was_not_sent_until_there_is_room()
    {
        Open();
        uint next = _block.SndNxt;
        _block.CongestionWindow = 60000;
        Fill();
        _net.Write(_socket, new byte[Mss]);
        _peer.ExpectNothing();
        Assert.Equal((next, true), (_block.SndNxt, _block.OutputPending));
        Empty();
        _peer.Expect("A", seq: 1 + (4 * Mss), len: Mss);
        Assert.False(_block.OutputPending);
    }

    [Fact]
    public void A_probe_of_the_end_that_finds_no_room_was_none()
    {
        Open();
        Fill();
        _block.SendTimer = SendTimerKind.TailProbe;
        _block.SendTimerAt = _net.Now;
        _net.Stack.Tcp.Touch(_block);
        _peer.ExpectNothing();
        Assert.Equal((0, 0u, 0u), (_block.TailProbe, _net.Stack.Tcp.Counters.TailProbes, _net.Stack.Tcp.Counters.Retransmissions));
        Empty();
        _peer.ExpectNothing();
    }

    /// <summary>Four segments are under way, and the peer does not acknowledge selectively.</summary>
    private void Open()
    {
        _net = Begin(configure: c =>
        {
            c.TransmitQueue = 1;
            c.TcpSendFrames = 10;
            c.FrameCounts = [12, 6, 4, 4, 4, 20];
        });
        _peer = _net.Peer();
        _peer.Window = 30000;
        int listener = _net.Listen();
        _other = _net.Peer(port: 40077).OpenTo(listener);
        _socket = _peer.OpenTo(listener, Mss);
        _block = _net.Stack.Tcp.Blocks.Single(b => b.RemotePort == _peer.Port);
        _net.Write(_socket, new byte[4 * Mss]);
        Assert.Equal(4, _peer.TakeAll().Count);
    }

    /// <summary>The controller takes nothing more, and a segment of another connection waits for it.</summary>
    private void Fill()
    {
        _net.Interface.Busy = true;
        _net.Write(_other, new byte[10]);
        _net.Poll();
    }

    private void Empty()
    {
        _net.Interface.Busy = false;
        _net.Poll();
    }
}
