// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Sockets;

namespace HostTests.Stack.Sockets;

/// <summary>Writing into frames of the send queue: what goes out, and what is said to those who do it wrong.</summary>
public sealed class ReserveTests : StackTest
{
    private readonly SendView _view = new();

    [Theory, BothOrders]
    public void What_is_laid_out_in_a_frame_is_what_the_peer_gets(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect(order);
        WordBuffer odd = new("<odd>", order);
        WordBuffer even = new("<even>", order);
        Assert.Equal(200, net.Sockets.Reserve(socket, 200, _view));
        Assert.Equal(200, _view.Length);
        Assert.Equal(5, _view.Write(odd));
        Assert.Equal(6, _view.Write(even));
        Assert.Equal(1, _view.WriteByte('x'));
        Assert.Equal(2, _view.WriteUInt16(0x4142));
        Assert.Equal(1, _view.WriteByte(0x179));
        Assert.Equal(4, _view.WriteUInt32(0x31323334));
        Assert.Equal(6, _view.Write(even));
        Assert.Equal(3, _view.Write(Encoding.ASCII.GetBytes("_abc_"), 1, 3));
        Assert.Equal(0, _view.Write([], 0, 0));
        Assert.Equal(28, _view.Written);
        Assert.Equal(28, net.Sockets.Commit(socket, _view.Written));
        peer.Expect("PA", seq: 1, text: "<odd><even>xABy1234<even>abc");
        peer.Send("A");
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(7, "7")]
    [InlineData(10, "10")]
    [InlineData(90, "90")]
    [InlineData(99, "99")]
    [InlineData(-1, "-1")]
    [InlineData(-100, "-100")]
    [InlineData(int.MaxValue, "2147483647")]
    [InlineData(int.MinValue, "-2147483648")]
    public void Numbers_are_written_as_text(int value, string text)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        Assert.Equal(12, net.Sockets.Reserve(socket, 12, _view));
        Assert.Equal(text.Length, _view.WriteDecimal(value));
        Assert.Equal(1, _view.WriteByte('.'));
        Assert.Equal(text.Length + 1, net.Sockets.Commit(socket, _view.Written));
        peer.Expect("PA", text: text + ".");
        peer.Send("A");
    }

    [Fact]
    public void A_number_that_does_not_fit_leaves_no_digit()
    {
        TestNetwork net = Begin();
        int socket = net.Peer().OpenFrom();
        net.Sockets.Reserve(socket, 3, _view);
        Assert.Equal((int)SocketError.NoBufferSpace, _view.WriteDecimal(-123));
        Assert.Equal((int)SocketError.NoBufferSpace, _view.WriteDecimal(1000));
        Assert.Equal((int)SocketError.NoBufferSpace, _view.WriteUInt32(0));
        Assert.Equal((int)SocketError.NoBufferSpace, _view.Write([1, 2, 3, 4], 0, 4));
        Assert.Equal((int)SocketError.NoBufferSpace, _view.Write(new WordBuffer("four", WordOrder.LowByteFirst)));
        Assert.Equal(0, _view.Written);
        Assert.Equal(3, _view.WriteDecimal(123));
        Assert.Equal((int)SocketError.NoBufferSpace, _view.WriteByte(0));
        Assert.Equal((int)SocketError.NoBufferSpace, _view.WriteUInt16(0));
        Assert.Equal(3, _view.Written);
    }

    [Theory, BothOrders]
    public void Words_may_be_written_as_they_lie(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect(order);
        net.Sockets.Reserve(socket, 4, _view);
        Assert.Equal(0, _view.Offset & 1);
        Assert.Equal(order == WordOrder.LowByteFirst, _view.LowByteFirst);
        _view.Words![_view.Offset >> 1] = (ushort)(_view.LowByteFirst ? 'a' | ('b' << 8) : ('a' << 8) | 'b');
        _view.Words[(_view.Offset >> 1) + 1] = (ushort)(_view.LowByteFirst ? 'c' : 'c' << 8);
        Assert.Equal(3, net.Sockets.Commit(socket, 3));
        peer.Expect("PA", text: "abc");
        peer.Send("A");
    }

    [Theory, BothOrders]
    public void What_is_committed_before_the_poll_shares_a_segment(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect(order);
        net.Sockets.Reserve(socket, 100, _view);
        _view.Write("one "u8.ToArray(), 0, 4);
        Assert.Equal(4, net.Sockets.Commit(socket, 4));
        int frames = net.Stack.Pool.Free;
        foreach (string word in new[] { "two ", "three", " four" })
        {
            Assert.Equal(word.Length, net.Sockets.Reserve(socket, word.Length, _view));
            Assert.Equal(word.Length, _view.Write(Encoding.ASCII.GetBytes(word), 0, word.Length));
            Assert.Equal(word.Length, net.Sockets.Commit(socket, word.Length));
        }

        net.Write(socket, ".");
        Assert.Equal(frames, net.Stack.Pool.Free);
        peer.Expect("PA", seq: 1, text: "one two three four.");
        peer.Send("A");
    }

    [Fact]
    public void More_than_a_segment_is_cut_to_one()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect(mss: 700);
        Assert.Equal(700, net.Sockets.Reserve(socket, 5000, _view));
        Assert.Equal(700, _view.Write(Wire.PatternBytes(1, 700), 0, 700));
        Assert.Equal(700, net.Sockets.Commit(socket, 700));
        Assert.Equal(Wire.PatternBytes(1, 700), peer.Expect("PA", len: 700).Text);
        peer.Send("A");
    }

    [Fact]
    public void What_is_lost_is_sent_again_as_it_was()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        Commit(net, socket, "lost and found");
        peer.Expect("PA", seq: 1, text: "lost and found");
        net.Advance(1500);
        peer.Expect("PA", seq: 1, text: "lost and found");
        peer.Send("A");
    }

    [Fact]
    public void What_was_sent_does_not_grow()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Sockets.SetNoDelay(socket, true);
        Commit(net, socket, "first");
        peer.Expect("PA", seq: 1, text: "first");
        Commit(net, socket, "second");
        peer.Expect("PA", seq: 6, text: "second");
        net.Advance(1500);
        peer.Expect("A", seq: 1, text: "first");
        peer.Send("A", ack: 12);
    }

    [Fact]
    public void Room_behind_something_that_was_sent_meanwhile_is_refused()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Write(socket, "begun");
        Assert.Equal(5, net.Sockets.Reserve(socket, 5, _view));
        Assert.Equal(4, _view.Write(" and"u8.ToArray(), 0, 4));
        peer.Expect("PA", seq: 1, text: "begun");
        peer.Send("A");

        // the frame has been acknowledged; the reservation keeps it out of the pool, so that a late write hurts nobody
        Assert.Equal(1, _view.WriteByte('!'));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 5));
        Assert.Equal((int)SocketError.InvalidState, _view.WriteByte('!'));
        net.AssertPoolWhole();
        peer.ExpectNothing();
    }

    [Fact]
    public void Room_behind_something_that_was_sent_and_not_acknowledged_is_refused()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Write(socket, "begun");
        net.Sockets.Reserve(socket, 5, _view);
        _view.WriteByte('!');
        peer.Expect("PA", seq: 1, text: "begun");
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 1));

        // it is sent again as it was
        net.Advance(1500);
        peer.Expect("PA", seq: 1, text: "begun");
        peer.Send("A");
    }

    [Fact]
    public void Room_behind_something_does_not_become_room_behind_something_else()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Write(socket, "begun");
        net.Sockets.Reserve(socket, 5, _view);
        _view.WriteByte('!');
        peer.Expect("PA", seq: 1, text: "begun");
        peer.Send("A");

        // as long, and not sent yet
        net.Write(socket, "other");
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 1));
        peer.Expect("PA", seq: 6, text: "other");
        peer.Send("A");
    }

    [Fact]
    public void Room_behind_something_that_was_written_to_meanwhile_is_refused()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Write(socket, "begun");
        Assert.Equal(5, net.Sockets.Reserve(socket, 5, _view));
        _view.WriteByte('?');
        net.Write(socket, " end");
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 1));
        peer.Expect("PA", seq: 1, text: "begun end");
        peer.Send("A");
    }

    [Fact]
    public void A_frame_of_its_own_may_wait_over_polls_and_writes()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Sockets.Reserve(socket, 10, _view);
        Assert.Equal(6, _view.Write("second"u8.ToArray(), 0, 6));
        net.Write(socket, "first ");
        net.Poll();
        Assert.Equal(6, net.Sockets.Commit(socket, 6));
        peer.Expect("PA", seq: 1, text: "first ");
        peer.Send("A");
        peer.Expect("PA", seq: 7, text: "second");
        peer.Send("A");
    }

    [Fact]
    public void More_than_was_reserved_is_refused_and_the_room_is_kept()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Sockets.Reserve(socket, 5, _view);
        _view.Write("12345"u8.ToArray(), 0, 5);
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Commit(socket, 6));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Commit(socket, -1));
        Assert.Equal(5, net.Sockets.Commit(socket, 5));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 5));
        peer.Expect("PA", text: "12345");
        peer.Send("A");
    }

    [Fact]
    public void A_second_reservation_takes_the_place_of_the_first()
    {
        TestNetwork net = Begin();
        TcpPeer one = net.Peer(port: 40001);
        TcpPeer other = net.Peer(port: 40002);
        int first = one.OpenFrom();
        int second = other.OpenFrom();
        SendView newer = new();
        net.Sockets.Reserve(first, 100, _view);
        Assert.Equal(100, net.Sockets.Reserve(second, 100, newer));
        Assert.Equal((int)SocketError.InvalidState, _view.WriteByte(1));
        Assert.Equal((int)SocketError.InvalidState, _view.WriteUInt16(1));
        Assert.Equal((int)SocketError.InvalidState, _view.WriteUInt32(1));
        Assert.Equal((int)SocketError.InvalidState, _view.WriteDecimal(1));
        Assert.Equal((int)SocketError.InvalidState, _view.Write([], 0, 0));
        Assert.Equal((int)SocketError.InvalidState, _view.Write(new WordBuffer("", WordOrder.LowByteFirst)));
        Assert.Equal(0, _view.Length);
        Assert.Null(_view.Words);
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(first, 1));
        newer.WriteByte('n');
        Assert.Equal(1, net.Sockets.Commit(second, 1));
        other.Expect("PA", text: "n");
        other.Send("A");
        one.ExpectNothing();
    }

    [Fact]
    public void Room_is_given_up_by_cancel_by_an_empty_commit_and_with_the_socket()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        int free = net.Stack.Pool.Free;
        net.Sockets.Reserve(socket, 100, _view);
        Assert.Equal(free - 1, net.Stack.Pool.Free);
        Assert.Equal(0, net.Sockets.Cancel(socket));
        Assert.Equal(free, net.Stack.Pool.Free);
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Cancel(socket));

        net.Sockets.Reserve(socket, 100, _view);
        Assert.Equal(0, net.Sockets.Commit(socket, 0));
        Assert.Equal(free, net.Stack.Pool.Free);

        net.Sockets.Reserve(socket, 100, _view);
        net.Sockets.Abort(socket);
        Assert.Equal(free, net.Stack.Pool.Free);
        Assert.Equal((int)SocketError.InvalidState, _view.WriteByte(1));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Commit(socket, 1));
        peer.Expect("RA");

        int next = net.Peer(port: 40003).OpenFrom();
        net.Sockets.Reserve(next, 100, _view);
        net.Sockets.Close(next);
        Assert.Equal((int)SocketError.InvalidState, _view.WriteByte(1));
        Assert.Equal(free, net.Stack.Pool.Free);
    }

    [Fact]
    public void Those_who_may_not_write_may_not_reserve()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Reserve(-1, 1, _view));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Reserve(12345, 1, _view));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Commit(12345, 1));
        int fresh = net.Sockets.Socket();
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Reserve(fresh, 1, _view));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(fresh, 1));
        int socket = peer.OpenFrom();
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Reserve(socket, 0, _view));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Reserve(socket, -1, _view));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Reserve(socket, 1, null));
        Assert.Equal(1, net.Sockets.Reserve(socket, 1, _view));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write((byte[]?)null, 0, 0));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write([1], 1, 1));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write([1], -1, 1));
        Assert.Equal((int)SocketError.InvalidArgument, _view.Write((WordBuffer?)null));

        net.Sockets.Shutdown(socket);
        Assert.Equal((int)SocketError.Shutdown, net.Sockets.Commit(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 1));
        Assert.Equal((int)SocketError.Shutdown, net.Sockets.Reserve(socket, 1, _view));
    }

    [Fact]
    public void A_reset_ends_the_reservation()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Sockets.Reserve(socket, 10, _view);
        _view.WriteByte(1);
        peer.Send("RA");
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Commit(socket, 1));
        Assert.Equal((int)SocketError.InvalidState, _view.WriteByte(1));
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Reserve(socket, 1, _view));
    }

    [Fact]
    public void A_full_queue_blocks_and_an_empty_pool_says_so()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        for (int i = 0; i < net.Configuration.TcpSendFrames; i++)
        {
            Commit(net, socket, "full ");
            net.Poll();
            net.Sockets.SetNoDelay(socket, true);
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Reserve(socket, 1, _view));
        peer.TakeAll();
        peer.Send("A", ack: 16);

        List<Frame> all = net.DrainPool();

        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Reserve(socket, 1, _view));
        all.ForEach(net.Stack.Pool.Return);
        Assert.Equal(1, net.Sockets.Reserve(socket, 1, _view));
    }

    [Fact]
    public void A_queue_that_others_have_filled_meanwhile_blocks_the_commit_until_there_is_room()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Connect();
        net.Sockets.SetNoDelay(socket, true);
        net.Sockets.Reserve(socket, 10, _view);
        _view.Write("last"u8.ToArray(), 0, 4);
        for (int i = 0; i < net.Configuration.TcpSendFrames; i++)
        {
            net.Write(socket, "x");
            net.Poll();
        }

        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Commit(socket, 4));
        peer.TakeAll();
        peer.Send("A", ack: 4);
        Assert.Equal(4, net.Sockets.Commit(socket, 4));
        peer.Expect("PA", seq: 4, text: "last");
        peer.Send("A", ack: 8);
    }

    private void Commit(TestNetwork net, int socket, string text)
    {
        Assert.Equal(text.Length, net.Sockets.Reserve(socket, text.Length, _view));
        Assert.Equal(text.Length, _view.Write(Encoding.ASCII.GetBytes(text), 0, text.Length));
        Assert.Equal(text.Length, net.Sockets.Commit(socket, text.Length));
    }
}
