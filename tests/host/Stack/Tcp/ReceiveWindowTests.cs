// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>What the peer is promised (RFC 9293 section 3.8.6): as much as can be kept, in steps that are worth a segment.</summary>
public sealed class ReceiveWindowTests
{
    private const int Mss = 1460;

    private readonly List<Frame> _others = [];
    private FramePool _pool = null!;
    private TcpControlBlock _block = null!;

    [Theory]
    [InlineData(2920, 1460, 2920)]
    [InlineData(2920, 1459, 2918)] // whole segments: a sliver would be of no use to the peer
    [InlineData(2920, 1299, 2598)]
    [InlineData(2920, 1298, 2920)] // but a quarter of one is
    [InlineData(2920, 1000, 2920)]
    [InlineData(2048, 1460, 2048)] // and a segment is no more than half of the window
    [InlineData(2049, 1460, 2048)]
    [InlineData(4096, 1460, 4096)]
    [InlineData(2920, 2919, 2920)]
    [InlineData(2920, 2920, 2920)]
    [InlineData(2920, 2921, 2920)]
    [InlineData(2920, 0, 2920)]
    [InlineData(2920, 1, 2920)]
    [InlineData(536, 1460, 536)]
    public void All_there_is_room_for_is_offered_but_for_a_sliver(int size, int mss, int offered)
    {
        TcpReceiveWindow window = Begin(size);
        _block.SndMss = mss;
        Assert.Equal(offered, window.Open(_block));
        Assert.Equal(_block.RcvNxt + (uint)offered, _block.RcvEdge);
        Assert.Equal(offered, window.Initial(mss));
    }

    [Theory]
    [InlineData(8760, 1460)] // a full segment
    [InlineData(2921, 1460)]
    [InlineData(2920, 1460)]
    [InlineData(2919, 1459)] // or half of the buffer
    [InlineData(2000, 1000)]
    public void The_window_opens_in_steps_of_a_segment_or_half_the_buffer_SHLD14(int size, int step)
    {
        TcpReceiveWindow window = Begin(size);
        _block.SndMss = 1;
        Tell(size - step + 1);
        Assert.Equal(size - step + 1, window.Open(_block));
        Assert.Equal(_block.RcvNxt + (uint)(size - step + 1), _block.RcvEdge);
        Tell(size - step);
        Assert.Equal(size, window.Open(_block));
        Assert.Equal(_block.RcvNxt + (uint)size, _block.RcvEdge);
    }

    [Fact]
    public void That_is_half_of_the_whole_buffer_however_much_of_it_is_taken()
    {
        TcpReceiveWindow window = Begin(2000);
        _block.SndMss = 1;
        Hold(500);
        Tell(501);
        Assert.Equal(501, window.Open(_block));
        Tell(500);
        Assert.Equal(1500, window.Open(_block));
    }

    [Fact]
    public void It_is_never_taken_back_because_whole_segments_are_less()
    {
        foreach (int size in (int[])[536, 1000, 1460, 2048, 2919, 4096, 8760])
        {
            TcpReceiveWindow window = Begin(size);
            for (int told = 0; told <= size; told += 1 + (size >> 6))
            {
                _block.SndMss = 64 + (told % 1397);
                Tell(told);
                Assert.InRange(window.Open(_block), told, size);
            }
        }
    }

    [Fact]
    public void What_is_not_read_takes_room()
    {
        TcpReceiveWindow window = Begin(8760, frames: 2);
        Hold(3000);
        Assert.Equal(5760, window.Open(_block));

        // as many frames as it may hold: nothing more could be kept
        Tell(0);
        Hold(1);
        Assert.Equal(0, window.Open(_block));
        Tell(700);
        Assert.Equal(700, window.Open(_block));
    }

    [Fact]
    public void After_a_FIN_nothing_more_is_asked_for()
    {
        TcpReceiveWindow window = Begin(8760);
        Tell(100);
        _block.FinReceived = true;
        Assert.Equal(100, window.Open(_block));
        Assert.Equal(_block.RcvNxt + 100, _block.RcvEdge);
    }

    [Theory]
    [InlineData(6, 8760, false)]
    [InlineData(5, 7300, true)]
    [InlineData(1, 1460, true)]
    public void No_more_is_promised_than_frames_can_take_and_their_return_is_waited_for(int toKeep, int offered, bool waits)
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(toKeep);
        Assert.Equal(offered, window.Open(_block));
        Assert.Equal(offered, window.Initial(Mss));
        AssertWaits(waits);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void Who_holds_nothing_is_promised_a_segment_whatever_others_hold(int toKeep)
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(toKeep);
        Assert.Equal(Mss, window.Initial(0));
        Assert.Equal(Mss, window.Open(_block));
        Tell(0);
        Hold(1);
        Assert.Equal(0, window.Open(_block));
        AssertWaits(true);
    }

    [Fact]
    public void Who_holds_something_is_promised_what_can_be_kept()
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(1);
        Hold(100);
        Assert.Equal(Mss, window.Open(_block));

        // of its own share, if that is less
        Tell(0);
        LeaveToKeep(6);
        Assert.Equal(8660, window.Open(_block));
    }

    [Theory]
    [InlineData(1, 730)] // half of what the buffer is now
    [InlineData(2, 1460)]
    [InlineData(3, 1460)]
    public void Where_the_buffer_is_smaller_for_want_of_frames_so_are_the_steps(int toKeep, int step)
    {
        TcpReceiveWindow window = Begin(8760);
        _block.SndMss = 1;
        LeaveToKeep(toKeep);
        int most = toKeep * Mss;
        Tell(most - step + 1);
        Assert.Equal(most - step + 1, window.Open(_block));
        Tell(most - step);
        Assert.Equal(most, window.Open(_block));

        // that is over when they have come back
        LeaveToKeep(8);
        Tell(8760 - 1459);
        Assert.Equal(8760 - 1459, window.Open(_block));
    }

    [Fact]
    public void So_are_they_where_the_share_leaves_as_little_as_the_frames_do()
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(1);
        Hold(8760 - Mss);
        Tell(Mss - 730);
        Assert.Equal(Mss, window.Open(_block));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Without_a_frame_that_could_be_kept_there_is_nothing_to_tell(int toKeep)
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(toKeep);
        Hold(1);
        Tell(0);
        Assert.False(window.WantsUpdate(_block));
        Assert.Equal(0, window.Open(_block));
    }

    [Fact]
    public void A_peer_that_nothing_is_remembered_of_is_always_offered_the_same()
    {
        Assert.Equal(Mss, Begin(8760).Least());
        Assert.Equal(Mss, Begin(1461).Least());
        Assert.Equal(Mss, Begin(1460).Least());
        Assert.Equal(1459, Begin(1459).Least());
    }

    [Theory]
    [InlineData(8760, 5840, true)] // two segments
    [InlineData(8760, 5841, false)]
    [InlineData(8760, 5839, true)]
    [InlineData(5000, 2500, true)] // half of the buffer
    [InlineData(5000, 2501, false)]
    [InlineData(2920, 1459, true)] // a segment, if the peer cannot send one now
    [InlineData(2920, 1460, true)]
    [InlineData(2920, 1461, false)]
    [InlineData(2900, 1451, false)]
    [InlineData(2900, 1450, true)]
    [InlineData(60000, 1460, true)]
    public void The_peer_hears_of_what_was_read_once_it_is_worth_a_segment(int size, int told, bool wants)
    {
        TcpReceiveWindow window = Begin(size, largest: 70);
        Tell(told);
        Assert.Equal(wants, window.WantsUpdate(_block));
    }

    [Theory]
    [InlineData(0, 730, true)] // what it could have is two steps of 730
    [InlineData(730, 730, true)]
    [InlineData(731, 730, false)]
    public void With_few_frames_left_a_peer_hears_of_smaller_steps(int told, int step, bool wants)
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(1);
        Tell(told);
        Assert.Equal(wants, window.WantsUpdate(_block));
        Assert.Equal(wants, Mss - told >= step);
    }

    [Fact]
    public void A_window_that_a_segment_fits_is_not_worth_an_update_of_one_more()
    {
        TcpReceiveWindow window = Begin(8760);
        LeaveToKeep(2);
        Tell(1460);
        Assert.False(window.WantsUpdate(_block));
        Tell(1459);
        Assert.True(window.WantsUpdate(_block));
    }

    [Theory]
    [InlineData(TcpState.Established, false, true)]
    [InlineData(TcpState.FinWait1, false, true)]
    [InlineData(TcpState.FinWait2, false, true)]
    [InlineData(TcpState.Closed, false, false)]
    [InlineData(TcpState.Established, true, false)]
    [InlineData(TcpState.SynReceived, false, false)]
    [InlineData(TcpState.SynSent, false, false)]
    public void When_frames_come_back_those_are_told_who_were_promised_less(TcpState state, bool fin, bool tells)
    {
        TcpReceiveWindow window = Begin(8760);
        _block.State = state;
        _block.FinReceived = fin;
        TcpControlBlock content = new(1) { State = TcpState.Established, SndMss = Mss, RcvEdge = 8760 };
        TcpControlBlock last = new(2) { State = state, FinReceived = fin };
        Assert.Equal([tells, false, tells], new[] { _block, content, last }.Select(window.Tell));
        Assert.Equal((tells, tells), (_block.AcknowledgmentDue == AcknowledgmentDue.Now, _block.OutputPending));
        Assert.Equal((tells, tells), (last.AcknowledgmentDue == AcknowledgmentDue.Now, last.OutputPending));
        Assert.False(content.AcknowledgmentDue == AcknowledgmentDue.Now || content.OutputPending);
    }

    [Theory]
    [InlineData(true, 1459, true)]
    [InlineData(true, 1460, false)]
    [InlineData(true, 0, true)]
    [InlineData(false, 0, false)]
    public void It_is_the_readers_turn_when_the_peer_cannot_send_a_segment(bool attached, int told, bool expected)
    {
        Begin(8760);
        _block.Attached = attached;
        Tell(told);
        Assert.Equal(expected, TcpReceiveWindow.IsReadersTurn(_block));
    }

    private TcpReceiveWindow Begin(int size, int frames = 4, int largest = 12)
    {
        _pool = new FramePool([64, 1518], [4, largest], WordOrder.LowByteFirst, 0, guard: false);
        _block = new TcpControlBlock(0) { SndMss = Mss, RcvNxt = uint.MaxValue - 100, RcvEdge = uint.MaxValue - 100 };
        return new TcpReceiveWindow(_pool, new StackConfiguration { TcpReceiveWindow = size, TcpReceiveFrames = frames });
    }

    private void Tell(int window) => _block.RcvEdge = _block.RcvNxt + (uint)window;

    private void Hold(int bytes)
    {
        _block.ReceiveQueue.Enqueue(new Frame(1518, WordOrder.LowByteFirst) { PayloadLength = bytes });
    }

    /// <summary>Others hold so many frames that this number could be kept now.</summary>
    private void LeaveToKeep(int count)
    {
        while (_pool.FreeLargestToKeep() > count)
        {
            _others.Add(_pool.Rent(1518)!);
        }

        while (_pool.FreeLargestToKeep() < count)
        {
            _pool.Return(_others[^1]);
            _others.RemoveAt(_others.Count - 1);
        }

        _pool.HasLargestReturned = false;
    }

    private void AssertWaits(bool waits)
    {
        _pool.Return(_pool.Rent(64)!);
        Assert.False(_pool.HasLargestReturned);
        _pool.Return(_others.Count > 0 ? _others[^1] : _pool.Rent(1518)!);
        Assert.Equal(waits, _pool.HasLargestReturned);
    }
}
