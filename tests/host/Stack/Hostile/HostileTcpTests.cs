// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Sockets;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Hostile;

/// <summary>Segments that broke other stacks (tcpip-behaviours.md, section 5.2). After each an honest client is served.</summary>
public sealed class HostileTcpTests : StackTest
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(15)]
    public void D2_H42_a_data_offset_that_cannot_be_is_dropped_without_a_reset(int words)
    {
        TestNetwork net = Begin();
        net.Listen();
        TcpPeer peer = net.Peer();
        foreach (int port in new[] { 80, 81 })
        {
            byte[] segment = FrameBuilder.Tcp(
                net.Client.Ip, TestNetwork.StackIp, 40000, port, 1, 0, SeenFrame.Syn, 1000, headerWords: words);
            net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 6, segment));
        }

        peer.ExpectNothing();
        Assert.Empty(net.Packets);
        Assert.Equal(2u, net.Stack.Tcp.Counters.BadLength);
        net.AssertAlive();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(19)]
    public void D2_a_segment_shorter_than_its_header_is_dropped(int length)
    {
        TestNetwork net = Begin();
        byte[] segment = FrameBuilder.Tcp(net.Client.Ip, TestNetwork.StackIp, 40000, 81, 1, 0, SeenFrame.Syn, 1000);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 6, segment[..length]));
        Assert.Empty(net.Packets);
        net.AssertAlive();
    }

    [Fact]
    public void D1_a_bad_checksum_is_dropped_without_a_reset()
    {
        TestNetwork net = Begin();
        net.Listen();
        foreach (int port in new[] { 80, 81 })
        {
            byte[] segment = FrameBuilder.Tcp(net.Client.Ip, TestNetwork.StackIp, 40000, port, 1, 0, SeenFrame.Syn, 1000, checksum: 0x1234);
            net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 6, segment));
        }

        Assert.Empty(net.Packets);
        Assert.Equal(2u, net.Stack.Tcp.Counters.BadChecksum);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Theory]
    [InlineData("2 0 5 180", null)]
    [InlineData("2 1 5 180", null)]
    [InlineData("2 3 5 180", null)]
    [InlineData("2 5 5 180", null)]
    [InlineData("2 255 5 180", null)]
    [InlineData("255 0 0 0", null)]
    [InlineData("255 1 2 4 5 180 0 0", null)]
    [InlineData("5 3 1 2 4 2 8 0", 520)]
    [InlineData("5 11 0 0 0 0 0 0 0 0 0 2 4 2 8 0", 520)]
    [InlineData("5 255 2 4 2 8 0 0", null)]
    [InlineData("3 3 15 2 4 2 8 0", 520)]
    [InlineData("3 3 255 3 3 1 2 4 2 8 0 0", 520)]
    [InlineData("19 18 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2 4 2 8 0 0", 520)]
    [InlineData("29 4 0 0 2 4 2 8", 520)]
    [InlineData("1 1 1 2 4 2 8 0", 520)]
    [InlineData("1 2 4 2 8 0 0 0", 520)]
    [InlineData("0 2 4 2", null)]
    [InlineData("1 1 1 2", null)]
    [InlineData("1 1 2 4", null)]
    [InlineData("8 10 0 0 0 1 0 0 0 0 2 4 2 8 0 0", 520)]
    public void D3_D4_H43_to_H49_odd_options_neither_loop_nor_lead_astray(string options, int? mss)
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S", options: [.. options.Split(' ').Select(byte.Parse)]);
        peer.Expect("SA", ack: 1, mss: 1460);
        peer.Send("A");
        int socket = net.Accept(listener);
        net.Sockets.Write(socket, new byte[1460], 0, 1460);
        Assert.Equal(mss ?? 536, peer.TakeAll()[0].Text.Length);

        // D3: and in any later segment
        peer.Send("PA", text: "x", options: [.. options.Split(' ').Select(byte.Parse)]);
        Assert.Equal("x"u8.ToArray(), net.Read(socket));
    }

    [Fact]
    public void H50_every_combination_of_flags_in_every_situation_leaves_the_stack_standing()
    {
        for (int flags = 0; flags < 64; flags++)
        {
            TestNetwork net = Begin();
            int listener = net.Listen();
            TcpPeer half = net.Peer(port: 40001);
            half.Send("S");
            half.Expect("SA");
            TcpPeer open = net.Peer(port: 40002);
            open.OpenTo(listener);
            TcpPeer closing = net.Peer(port: 40003);
            net.Sockets.Shutdown(closing.OpenTo(listener));
            closing.Expect("FA");
            closing.RcvNxt = 1;
            TcpPeer waiting = net.Peer(port: 40004);
            int last = waiting.OpenTo(listener);
            waiting.Send("FA");
            net.Sockets.Close(last);
            waiting.TakeAll();
            TcpPeer fresh = net.Peer(port: 40005);
            TcpPeer closed = net.Peer(port: 40006, stackPort: 81);
            string letters = flags == 0 ? "-" : SeenFrame.Letters(flags);
            foreach (TcpPeer peer in new[] { half, open, closing, waiting, fresh, closed })
            {
                foreach (long offset in new long[] { -1, 0, 1, 3000 })
                {
                    peer.Send(letters, seq: peer.SndNxt + offset, text: offset == 1 ? "text" : null, urgent: 2);
                    Assert.InRange(peer.TakeAll().Count, 0, 4);
                }
            }

            net.AssertAlive();
        }
    }

    [Theory]
    [InlineData("US")]
    [InlineData("UFA")]
    [InlineData("URA")]
    public void H48_URG_on_SYN_FIN_and_RST_means_nothing(string flags)
    {
        foreach (int pointer in new[] { 0, 1, 65535 })
        {
            TestNetwork net = Begin();
            int listener = net.Listen();
            TcpPeer peer = net.Peer();
            if (flags == "US")
            {
                peer.Send(flags, urgent: pointer);
                peer.Expect("SA", ack: 1);
                continue;
            }

            int socket = peer.OpenTo(listener);
            peer.Send(flags, urgent: pointer);
            Assert.Equal(flags == "UFA" ? TcpState.CloseWait : TcpState.Closed, net.Sockets.GetState(socket));
        }
    }

    [Fact]
    public void H51_a_flood_of_SYNs_leaves_open_connections_alone_and_is_over_in_half_a_minute()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer friend = net.Peer(port: 39999);
        int socket = friend.OpenTo(listener);
        TestRandom random = new(4);
        for (int i = 0; i < 10000; i++)
        {
            uint source = (random.Next() & 0x3FFFFFFF) + 0x10000000;
            byte[] syn = FrameBuilder.Tcp(source, TestNetwork.StackIp, 1024 + (i % 60000), 80, random.Next(), 0, SeenFrame.Syn, 1000);
            net.DeliverIp(net.Far, FrameBuilder.Ip(source, TestNetwork.StackIp, 6, syn));
            if (i % 100 == 0)
            {
                net.Advance(1);
                friend.Send("PA", length: 10);
                Assert.Equal(10, net.Read(socket).Length);
            }

            net.Packets.Clear();
        }

        Assert.True(net.Stack.Tcp.BlocksInUse <= 2 + 4);
        net.AssertAlive();
        net.Advance(30000);
        net.Peer(port: 40000).OpenTo(listener);
    }

    [Fact]
    public void H58_text_far_outside_the_window_is_answered_and_nothing_grows()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        int free = net.Stack.Pool.Free;
        for (int i = 0; i < 1000; i++)
        {
            peer.Send("PA", seq: 100000 + (i * 7), length: 1);
            peer.Expect("A", seq: 1, ack: 1, len: 0);
            net.Advance(1);
        }

        Assert.Equal(free, net.Stack.Pool.Free);
        peer.Send("PA", text: "honest");
        Assert.Equal("honest"u8.ToArray(), net.Read(socket));
    }

    [Fact]
    public void H59_every_second_byte_of_the_window_is_bounded_and_the_stream_recovers()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        for (int seq = 2; seq < 2900; seq += 2)
        {
            peer.Send("PA", seq: seq, length: 1);
        }

        Assert.True(net.Stack.Pool.Free >= net.Configuration.ReceiveReserve);
        net.AssertAlive();
        peer.TakeAll();
        List<byte> read = [];
        for (int i = 0; i < 20 && read.Count < 2900; i++)
        {
            peer.SndNxt = 1 + read.Count;
            peer.Send("PA", length: Math.Min(1460, 2900 - read.Count));
            read.AddRange(net.Read(socket));
            net.Advance(200);
        }

        Assert.Equal(Wire.PatternBytes(1, 2900), read.ToArray());
    }

    [Fact]
    public void H61_8_peers_that_keep_their_windows_closed_take_no_more_than_their_share()
    {
        TestNetwork net = Begin(configure: c =>
        {
            c.TcpSockets = 10;
            c.FrameCounts[^1] = 40;
        });
        int listener = net.Listen(backlog: 8);
        for (int i = 0; i < 8; i++)
        {
            TcpPeer peer = net.Peer(port: 40000 + i);
            int socket = peer.OpenTo(listener);
            peer.Send("A", win: 0);
            int taken = net.Sockets.Write(socket, new byte[10000], 0, 10000);
            Assert.Equal(3 * 1460, taken);
        }

        net.AssertAlive();
        net.Peer(port: 50000).OpenTo(listener);
        net.Advance(200000);
        net.AssertAlive();
        Assert.Equal(40, net.Stack.Pool.FreeLargest());
    }

    [Fact]
    public void H24_Land_is_dropped()
    {
        TestNetwork net = Begin();
        net.Listen();
        byte[] land = FrameBuilder.Tcp(TestNetwork.StackIp, TestNetwork.StackIp, 80, 80, 1, 0, SeenFrame.Syn, 1000);
        net.DeliverIp(net.Client, FrameBuilder.Ip(TestNetwork.StackIp, TestNetwork.StackIp, 6, land));
        net.Advance(5000);
        Assert.Empty(net.Packets);
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }
}
