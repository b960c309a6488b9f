// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Fairness;

/// <summary>Text passes through the last frame of the largest size if it is read at once, and is not acknowledged before.</summary>
public sealed class PassingTextTests : FairnessTest
{
    private int _listener;
    private int[] _others = [];

    [Fact]
    public void Text_that_is_read_at_once_passes_through_whole()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        Arrive(net, peer, 1, 1460);
        Assert.Equal(0, net.Stack.Pool.FreeLargest());
        Assert.True(net.Stack.NeedsPoll);
        Assert.False(net.Interface.HasOutbound);
        Assert.Equal(1460, net.Sockets.GetAvailable(socket));
        Assert.Equal(Wire.PatternBytes(1, 1460), net.Read(socket));
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        Assert.Equal(0, net.Sockets.GetAvailable(socket));
        net.Poll();
        peer.Expect("A", ack: 1461, win: 1460);
        Assert.False(net.Stack.NeedsPoll);
    }

    [Fact]
    public void A_FIN_behind_it_has_not_come_before_it_is_taken()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        net.Interface.Deliver(peer.Build("FA", seq: 1, length: 1460));
        net.Stack.Poll(net.Now);
        Assert.Equal(TcpIp.Tcp.TcpState.Established, net.Sockets.GetState(socket));
        Assert.Equal(Wire.PatternBytes(1, 1460), net.Read(socket));
        net.Poll();
        peer.Expect("A", ack: 1461);
        Assert.Equal(TcpIp.Tcp.TcpState.Established, net.Sockets.GetState(socket));
        peer.Send("FA", seq: 1461);
        peer.Expect("A", ack: 1462);
        Assert.Equal(TcpIp.Tcp.TcpState.CloseWait, net.Sockets.GetState(socket));
    }

    [Fact]
    public void It_can_be_looked_at_where_it_lies_and_reaches_what_came_early()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        peer.Send("A", seq: 1401, length: 50);
        peer.TakeAll();
        Arrive(net, peer, 1, 1400);
        ReceivedView view = new();
        Assert.Equal(1400, net.Sockets.Peek(socket, view));
        Assert.Equal(0, net.Sockets.Consume(socket, 1400));
        Assert.Equal(Wire.PatternBytes(1401, 50), net.Read(socket));
        net.Poll();
        peer.Expect("A", ack: 1451);
    }

    [Fact]
    public void What_is_not_read_by_the_next_poll_goes_over_into_smaller_frames_and_the_rest_comes_again()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        Arrive(net, peer, 1, 1460);
        net.Poll();
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        peer.Expect("A", ack: 1 + 968 + 492);
        Assert.Equal(Wire.PatternBytes(1, 1460), net.Read(socket));

        // with less room a part is taken
        for (int i = 0; i < 2; i++)
        {
            TcpPeer hog = net.Peer(port: 40100 + i);
            hog.Send("S", mss: 1460);
            hog.Expect("SA");
            hog.Send("A");
            net.Accept(_listener);
            Arrive(net, hog, 1, 1460);
            net.Poll();
        }

        peer.TakeAll();
        uint full = net.Stack.Tcp.Counters.ReceiveQueueFull;
        Arrive(net, peer, 1461, 1460);
        net.Poll();
        Assert.Equal(full + 1, net.Stack.Tcp.Counters.ReceiveQueueFull);
        int taken = (int)(peer.TakeAll()[^1].AckNumber - peer.Iss - 1461);
        Assert.InRange(taken, 144, 1459);
        Assert.Equal(Wire.PatternBytes(1461, taken), net.Read(socket));
    }

    [Fact]
    public void One_at_a_time_passes_and_the_next_goes_over_at_once()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        TcpPeer other = net.Peer(port: 40077);
        other.Send("S", mss: 1460);
        other.Expect("SA");
        other.Send("A");
        int second = net.Accept(_listener);
        net.Interface.Deliver(peer.Build("A", seq: 1, length: 600));
        net.Interface.Deliver(other.Build("A", seq: 1, length: 600));
        net.Stack.Poll(net.Now);
        net.Collect();
        Assert.Equal(600, net.Sockets.GetAvailable(socket));
        Assert.Equal(Wire.PatternBytes(1, 600), net.Read(socket));
        Assert.Equal(Wire.PatternBytes(1, net.Sockets.GetAvailable(second)), net.Read(second));
    }

    [Fact]
    public void The_second_segment_of_a_promise_passes_through_even_if_the_application_writes_before_it_reads()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Promised();
        Arrive(net, peer, 1, 1460);
        Arrive(net, peer, 1461, 1460);
        Assert.Equal(0u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(2920, net.Sockets.GetAvailable(socket));
        Assert.Equal(Wire.PatternBytes(1, 1460), ReadSome(net, socket, 1460));
        Assert.Equal(Wire.PatternBytes(1461, 1460), ReadSome(net, socket, 1460));
        net.Poll();
        Assert.Equal(2921u, peer.TakeAll()[^1].AckNumber - peer.Iss);
        Invariants.Check(net.Stack);
    }

    [Fact]
    public void What_could_not_be_kept_is_kept_at_the_next_poll_if_there_is_room_by_then()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Promised();
        Arrive(net, peer, 1, 1460);
        Arrive(net, peer, 1461, 1460);
        foreach (int other in _others)
        {
            net.Sockets.Abort(other);
        }

        net.Poll();
        Assert.Equal(0u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(2921u, peer.TakeAll()[^1].AckNumber - peer.Iss);
        Assert.Equal(Wire.PatternBytes(1, 2920), net.Read(socket));
    }

    [Fact]
    public void What_is_neither_read_nor_can_be_kept_comes_again_and_the_peer_hears_of_it()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Promised();
        Arrive(net, peer, 1, 1460);
        Arrive(net, peer, 1461, 1460);
        net.Poll();
        Assert.Equal(1u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(1460, net.Sockets.GetAvailable(socket));
        Assert.Equal(1461u, peer.TakeAll()[^1].AckNumber - peer.Iss);
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
    }

    [Fact]
    public void Who_holds_text_gives_way_to_who_holds_none()
    {
        // one frame of each of the two largest sizes is left
        TestNetwork net = BeginSized("firmware");
        _listener = net.Listen();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(_listener);
        TcpPeer other = net.Peer(port: 40077);
        int second = other.OpenTo(_listener);
        KeepDatagrams(net, 900);
        for (int i = 0; net.Stack.Pool.FreeLargest() > 1; i++)
        {
            TcpPeer hog = net.Peer(port: 40100 + i);
            hog.OpenTo(_listener);
            hog.Send("A", length: net.Stack.Pool.Total(4) - net.Stack.Pool.InUse(4) > 1 ? 900 : 1440);
        }

        Arrive(net, peer, 1, 1460);
        net.Poll();
        int held = net.Sockets.GetAvailable(socket);
        Assert.InRange(held, 1, 1460);
        net.Interface.Deliver(peer.Build("A", seq: 1 + held, length: 1400));
        net.Interface.Deliver(other.Build("A", seq: 1, length: 900));
        uint full = net.Stack.Tcp.Counters.ReceiveQueueFull;
        net.Stack.Poll(net.Now);
        Assert.Equal(held, net.Sockets.GetAvailable(socket));
        Assert.Equal(900, net.Sockets.GetAvailable(second));
        Assert.Equal(full + 1, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(Wire.PatternBytes(1, 900), net.Read(second));
        Invariants.Check(net.Stack);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_connection_that_ends_meanwhile_gives_the_frame_back(bool abort)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        Arrive(net, peer, 1, 1460);
        if (abort)
        {
            net.Sockets.Abort(socket);
        }
        else
        {
            net.Sockets.Close(socket);
        }

        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        Invariants.Check(net.Stack);
    }

    /// <summary>A connection that holds nothing, and one frame of the largest size that is free.</summary>
    private (TestNetwork Network, TcpPeer Peer, int Socket) Short()
    {
        TestNetwork net = BeginSized("default");
        _listener = net.Listen();
        KeepDatagrams(net);
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(_listener);
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        return (net, peer, socket);
    }

    /// <summary>A connection that was promised two segments, and whose application then wrote as much as it could, there and to others.</summary>
    private (TestNetwork Network, TcpPeer Peer, int Socket) Promised()
    {
        TestNetwork net = BeginSized("default");
        _listener = net.Listen();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(_listener);
        _others = [net.Peer(port: 40078).OpenTo(_listener), net.Peer(port: 40079).OpenTo(_listener)];
        Assert.All(_others, other => Assert.True(net.Sockets.Write(other, new byte[1460], 0, 1460) > 0));
        Assert.True(net.Sockets.Write(socket, new byte[20000], 0, 20000) > 0);
        net.Poll();
        peer.TakeAll();
        return (net, peer, socket);
    }

    private static byte[] ReadSome(TestNetwork net, int socket, int count)
    {
        byte[] buffer = new byte[count];
        int read = net.Sockets.Read(socket, buffer, 0, count);
        return buffer[..read];
    }

    /// <summary>A segment is taken in by one poll, and no more.</summary>
    private static void Arrive(TestNetwork net, TcpPeer peer, long seq, int length)
    {
        net.Interface.Deliver(peer.Build("A", seq: seq, length: length));
        net.Stack.Poll(net.Now);
    }

    [Fact]
    public void What_is_read_as_it_passes_is_acknowledged_at_the_next_poll_and_nobody_else_s_read_takes_it()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        TcpPeer other = net.Peer(port: 40077);
        other.Send("S", mss: 1460);
        other.Expect("SA");
        other.Send("A");
        int second = net.Accept(_listener);
        other.TakeAll();
        Arrive(net, peer, 1, 1460);
        Assert.NotNull(net.Stack.Tcp.ReceiveQueue.PassingTo);
        Assert.Equal((int)SocketError.WouldBlock, net.ReadResult(second));
        Assert.NotNull(net.Stack.Tcp.ReceiveQueue.PassingTo);

        // one byte of it is enough
        Assert.Equal(1, net.ReadResult(socket));
        Assert.Null(net.Stack.Tcp.ReceiveQueue.PassingTo);
        Assert.True(net.Stack.NeedsPoll);
        net.Poll();
        peer.Expect("A", ack: 1461);
        other.ExpectNothing();
        Assert.Equal(Wire.PatternBytes(2, 1459), net.Read(socket));
    }

    [Fact]
    public void What_was_read_as_it_passed_is_not_acknowledged_once_the_connection_is_reset()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Short();
        Arrive(net, peer, 1, 1460);
        Assert.NotNull(net.Stack.Tcp.ReceiveQueue.PassingTo);
        Assert.Equal(1, net.ReadResult(socket));
        peer.Send("R", seq: 1461);
        Assert.Equal(SocketError.ConnectionReset, net.Sockets.GetError(socket));
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, 1000));
        peer.ExpectNothing();
    }
}
