// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Sockets;

/// <summary>Which frames text waits in, and what is said of nothing to write or read.</summary>
public sealed class WriteTests : StackTest
{
    private const int Mss = 1460;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_rest_of_a_long_write_waits_in_a_small_frame(bool words)
    {
        TestNetwork net = Begin();
        (int socket, TcpPeer peer) = Open(net);
        Assert.Equal(0, net.Sockets.SetNoDelay(socket, true));
        Write(net, socket, Mss + 10, words);
        Assert.Equal((1, 1), Held(net));
        peer.Expect("A", len: Mss);
        peer.Expect("PA", len: 10);
        peer.Send("A");
        Assert.Equal((0, 0), Held(net));
    }

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 1)]
    [InlineData(false, false, 0)]
    public void What_has_to_wait_for_an_acknowledgment_may_grow_to_a_segment_unless_it_lies_ready(bool words, bool noDelay, int small)
    {
        TestNetwork net = Begin();
        (int socket, TcpPeer peer) = Open(net);
        Assert.Equal(0, net.Sockets.SetNoDelay(socket, noDelay));
        Write(net, socket, Mss, false);
        peer.Expect("PA", len: Mss);
        Write(net, socket, 10, words);
        Assert.Equal((small, 2 - small), Held(net));
        peer.Send("A");
        peer.TakeAll();
        peer.Send("A", ack: 1 + Mss + 10);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_listener_is_told_of_small_segments_holds_for_its_connections(bool noDelay)
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        Assert.Equal(0, net.Sockets.SetNoDelay(listener, noDelay));
        int socket = peer.OpenTo(listener);
        Write(net, socket, 10, false);
        peer.Expect("PA", len: 10);
        Write(net, socket, 20, false);
        if (!noDelay)
        {
            peer.ExpectNothing();
            peer.Send("A", ack: 1 + 10);
        }

        peer.Expect("PA", len: 20);
        peer.Send("A", ack: 1 + 30);
    }

    [Fact]
    public void A_buffer_of_exactly_one_segment_leaves_in_one_though_its_length_is_odd()
    {
        const int Odd = 537;
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        peer.Window = 5 * Odd;
        int socket = peer.OpenFrom(Odd);
        Write(net, socket, Odd, true);
        peer.Expect("PA", len: Odd);
        peer.ExpectNothing();
        peer.Send("A");
    }

    [Fact]
    public void Where_there_is_nothing_left_to_write_nothing_is_written()
    {
        TestNetwork net = Begin();
        (int socket, TcpPeer peer) = Open(net);
        Assert.Equal(0, net.Sockets.Write(socket, new WordBuffer("even", net.Stack.Pool.Order), 4));
        Assert.Equal(0, net.Sockets.Write(socket, new WordBuffer(string.Empty, net.Stack.Pool.Order), 0));
        Assert.Equal(0, net.Sockets.Write(socket, [1], 1, 0));
        peer.ExpectNothing();
        Assert.Equal((0, 0), Held(net));
    }

    [Fact]
    public void To_read_nothing_is_a_mistake_and_to_give_up_nothing_is_none()
    {
        TestNetwork net = Begin();
        (int socket, TcpPeer peer) = Open(net);
        peer.Send("PA", text: "abc");
        byte[] buffer = new byte[4];
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, buffer, 0, 0));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, buffer, 4, 1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, -1));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Consume(socket, 4));
        Assert.Equal(0, net.Sockets.Consume(socket, 0));
        Assert.Equal(3, net.Sockets.Read(socket, buffer, 1, 3));
        Assert.Equal([0, .. "abc"u8.ToArray()], buffer);
    }

    private static (int Socket, TcpPeer Peer) Open(TestNetwork net)
    {
        TcpPeer peer = net.Peer();
        peer.Window = 20000;
        return (peer.OpenFrom(Mss), peer);
    }

    private static void Write(TestNetwork net, int socket, int count, bool words)
    {
        Assert.Equal(count, words
            ? net.Sockets.Write(socket, new WordBuffer(new string('w', count), net.Stack.Pool.Order), 0)
            : net.Sockets.Write(socket, new byte[count], 0, count));
    }

    /// <summary>Frames that are held: small ones, and those of the largest size.</summary>
    private static (int Small, int Large) Held(TestNetwork net)
    {
        FramePool pool = net.Stack.Pool;
        int largest = pool.Classes - 1;
        return (Enumerable.Range(0, largest).Sum(pool.InUse), pool.InUse(largest));
    }

    [Fact]
    public void The_last_byte_of_a_frame_is_filled()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, Wire.PatternBytes(1, 1459));
        net.Write(socket, Wire.PatternBytes(1460, 1));
        Assert.Equal(1460, peer.Expect("PA").Text.Length);
        peer.ExpectNothing();
        net.Sockets.Abort(socket);
    }
}
