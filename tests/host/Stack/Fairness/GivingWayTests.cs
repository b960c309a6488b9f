// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Fairness;

/// <summary>Who keeps what can be done without gives way, and who was told less for want of frames hears when there are more.</summary>
public sealed class GivingWayTests : FairnessTest
{
    private static readonly byte[] s_sackPermitted = [2, 4, 5, 180, 1, 1, 4, 2];

    [Fact]
    public void Early_text_makes_room_for_text_in_its_turn_and_is_not_told_of_any_more()
    {
        TestNetwork net = BeginSized("default");
        int listener = net.Listen();
        TcpPeer early = net.Peer(port: 40001);
        early.Send("S", options: s_sackPermitted);
        early.Expect("SA");
        early.Send("A");
        int socket = net.Accept(listener);
        early.Send("A", seq: 11, length: 1440);
        early.Send("A", seq: 1451, length: 1440);
        Assert.Equal(12, early.TakeAll()[^1].Options.Length);

        // two others fill the frames of the largest size with text that nobody reads; the third needs one of those
        for (int i = 0; i < 3; i++)
        {
            TcpPeer peer = net.Peer(port: 40002 + i);
            peer.OpenTo(listener);
            peer.Send("A", length: 1440);
            Assert.Equal(0u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        }

        Assert.Equal(1u, net.Stack.Tcp.Counters.OutOfOrderDropped);
        Assert.Equal(1, net.Stack.Pool.FreeLargest());

        // the furthest is gone: what is told now is the first of the two alone
        early.Send("A", seq: 11, length: 10);
        SeenFrame told = early.TakeAll()[^1];
        Assert.Equal(early.Iss + 11, Wire.Get32(told.Options, 4));
        Assert.Equal(early.Iss + 1451, Wire.Get32(told.Options, 8));
        early.Send("A", seq: 1, length: 10);
        Assert.Equal(early.Iss + 1451, early.TakeAll()[^1].AckNumber);
        byte[] read = net.Read(socket);
        early.Send("A", seq: 1451, length: 1440);
        Assert.Equal(Wire.PatternBytes(1, 2890), read.Concat(net.Read(socket)).ToArray());
    }

    [Fact]
    public void The_oldest_parked_frame_makes_room_for_the_newest_and_for_text()
    {
        TestNetwork net = BeginSized("default");
        for (int i = 0; i < 5; i++)
        {
            AskFromNowhere(net);
            net.Advance(10);
        }

        Assert.Equal((5u, 2u), (net.Stack.Arp.Counters.Parked, net.Stack.Arp.Counters.ParkedDropped));
        Assert.Equal(2, net.Stack.Pool.FreeLargest());
        int listener = net.Listen();
        for (int i = 0; i < 2; i++)
        {
            TcpPeer peer = net.Peer(port: 40002 + i);
            peer.OpenTo(listener);
            peer.Send("A", length: 1440);
        }

        Assert.Equal(0u, net.Stack.Tcp.Counters.ReceiveQueueFull);
        Assert.Equal(3u, net.Stack.Arp.Counters.ParkedDropped);
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
    }

    [Fact]
    public void A_connection_that_was_offered_less_in_a_shortage_hears_when_it_ends()
    {
        TestNetwork net = BeginSized("default");
        int listener = net.Listen();
        KeepDatagrams(net);
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        TcpPeer peer = net.Peer();
        peer.Send("S", mss: 1460);
        peer.Expect("SA", win: 1460);
        peer.Send("A");
        net.Accept(listener);
        peer.ExpectNothing();
        ReadDatagrams(net);

        // the frames came back between two polls, from another protocol
        Assert.True(net.Stack.NeedsPoll);
        net.Poll();
        peer.Expect("A", ack: 1, win: 2920);
        Assert.False(net.Stack.NeedsPoll);
    }

    [Fact]
    public void A_connection_with_unread_text_that_was_offered_nothing_in_a_shortage_hears_when_it_ends()
    {
        TestNetwork net = BeginSized("default");
        int listener = net.Listen();
        KeepDatagrams(net);
        TcpPeer peer = net.Peer();
        peer.Send("S", mss: 1460);
        peer.Expect("SA", win: 1460);
        peer.Send("A");
        int socket = net.Accept(listener);

        // the last frame of the largest size is not kept: the text goes over into two smaller ones
        peer.Send("A", length: 1460);
        net.Advance(200);
        peer.Expect("A", ack: 1461, win: 0);
        Assert.Equal(1, net.Stack.Pool.FreeLargest());
        ReadDatagrams(net);
        Assert.True(net.Stack.NeedsPoll);
        net.Poll();
        peer.Expect("A", ack: 1461, win: 1460);
        peer.Send("A", length: 1460);
        Assert.Equal(Wire.PatternBytes(1, 2920), net.Read(socket));
        net.Advance(200);
        Assert.Equal(2920, peer.TakeAll()[^1].Window);
        Assert.False(net.Stack.NeedsPoll);
    }

    [Fact]
    public void The_window_is_whole_segments_of_the_peers()
    {
        foreach ((int mss, int window) in new[] { (1460, 2920), (1458, 2916), (972, 2916), (560, 2800), (100, 2900) })
        {
            TestNetwork net = BeginSized("default");
            int listener = net.Listen();
            TcpPeer peer = net.Peer();
            peer.Send("S", mss: mss);
            peer.Expect("SA", win: window);
            peer.Send("A");
            int socket = net.Accept(listener);
            for (int sent = 0; sent < window; sent += mss)
            {
                peer.Send("A", length: mss);
            }

            net.Advance(200);
            Assert.Equal(0, peer.TakeAll()[^1].Window);
            Assert.Equal(window, net.Read(socket).Length);
            peer.Expect("A", win: window);
        }
    }

    [Fact]
    public void A_small_window_is_opened_as_soon_as_a_segment_can_be_offered()
    {
        TestNetwork net = Begin(configure: c => (c.TcpReceiveWindow, c.TcpReceiveFrames, c.FrameCounts[^1]) = (8760, 7, 12));
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(listener);
        for (int i = 0; i < 6; i++)
        {
            peer.Send("A", length: 1400);
        }

        net.Advance(200);
        int told = peer.TakeAll()[^1].Window;
        Assert.InRange(told, 0, 1459);
        Assert.Equal(1400, net.Sockets.Read(socket, new byte[1400], 0, 1400));
        Assert.Equal(1400, net.Sockets.Read(socket, new byte[1400], 0, 1400));
        net.Poll();
        Assert.InRange(peer.Expect("A").Window, 1460, 2920);
    }

    private static void ReadDatagrams(TestNetwork net)
    {
        SocketStatus status = new();
        byte[] buffer = new byte[2000];
        for (int row = 0; row < net.Sockets.RowCount; row++)
        {
            if (net.Sockets.GetStatus(row, status) && status.Type == SocketType.Datagram)
            {
                while (net.Sockets.ReceiveFrom(status.Descriptor, buffer, 0, 2000, new DatagramSource()) >= 0)
                {
                    // all of them
                }
            }
        }
    }
}
