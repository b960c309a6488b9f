// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 42 to 50 of HOSTILE.md: the TCP header, its options and flags.</summary>
public sealed class HostileTcpHeaderTests : HostileTest
{
    private TcpCounters Counters => Net.Stack.Tcp.Counters;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(15)]
    public void X42_a_data_offset_that_cannot_be(int words)
    {
        foreach (int port in new[] { 80, 81 })
        {
            foreach (string flags in new[] { "S", "A", "R" })
            {
                Strike(6, FrameBuilder.Tcp(
                    Client, TestNetwork.StackIp, 40000, port, 1, 1, SeenFrame.FlagsOf(flags), 1000, headerWords: words));
            }
        }

        Assert.Equal(6u, Counters.BadLength);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void X42_a_segment_shorter_than_its_header()
    {
        byte[] segment = FrameBuilder.Tcp(Client, TestNetwork.StackIp, 40000, 81, 1, 0, SeenFrame.Syn, 1000);
        for (int length = 0; length < 20; length++)
        {
            Strike(6, segment[..length]);
        }

        Assert.Equal(20u, Counters.BadLength);
        AssertSilence();
        AssertServed();
    }

    [Theory]
    [InlineData("2 0 5 180")]
    [InlineData("3 0 0 0")]
    [InlineData("4 0 0 0")]
    [InlineData("5 0 0 0")]
    [InlineData("8 0 0 0 0 0 0 0")]
    [InlineData("255 0 0 0")]
    [InlineData("1 1 1 2")]
    public void X43_an_option_of_length_0(string options) => AssertMss(options, 536);

    [Theory]
    [InlineData("2 1 5 180", 536)]
    [InlineData("2 3 5 180", 536)]
    [InlineData("2 5 5 180", 536)]
    [InlineData("2 255 5 180", 536)]
    [InlineData("255 1 2 4 5 180 0 0", 536)]
    [InlineData("1 1 2 4", 536)]
    [InlineData("0 2 4 2", 536)]
    [InlineData("1 2 4 2 8 0 0 0", 520)]
    public void X44_an_option_of_length_1_or_past_the_header(string options, int mss) => AssertMss(options, mss);

    [Theory]
    [InlineData("5 3 1 2 4 2 8 0", 520)]
    [InlineData("5 11 0 0 0 0 0 0 0 0 0 2 4 2 8 0", 520)]
    [InlineData("5 255 2 4 2 8 0 0", 536)]
    [InlineData("4 2 2 4 2 8 0 0", 520)]
    [InlineData("4 3 0 2 4 2 8 0", 520)]
    public void X45_SACK_options_of_odd_lengths(string options, int mss)
    {
        AssertMss(options, mss);

        // and where they would count, on an open connection with something to acknowledge
        (TcpPeer peer, int socket) = Connected();
        Net.Write(socket, "under way");
        peer.TakeAll();
        Strike(peer, "A", ack: 1, options: Bytes(options));
        Assert.Equal(TcpState.Established, Net.Sockets.GetState(socket));
        Strike(peer, "A", ack: 10, options: Bytes(options));
        Assert.Equal(0, Net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port).SendQueue.Count);
        AssertServed();
    }

    [Theory]
    [InlineData(0, 536)]
    [InlineData(1, 64)]
    [InlineData(7, 64)]
    [InlineData(63, 64)]
    [InlineData(1461, 1460)]
    [InlineData(65535, 1460)]
    public void X46_MSS_of_any_size(int mss, int taken) => AssertMss($"2 4 {mss >> 8} {mss & 255}", taken);

    [Theory]
    [InlineData("3 3 15 2 4 2 8 0", 520)]
    [InlineData("3 3 255 3 3 1 2 4 2 8 0 0", 520)]
    [InlineData("3 4 1 1 2 4 2 8", 520)]
    [InlineData("3 2 2 4 2 8 0 0", 520)]
    public void X47_window_scales_that_cannot_be(string options, int mss)
    {
        TcpPeer peer = AssertMss(options, mss, window: 100);

        // whatever the scale said: we have named none, so the window is what the field says
        Assert.Equal(100, Net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port).SndWnd);
    }

    [Fact]
    public void X48_urgent_pointers_anywhere()
    {
        (TcpPeer peer, int socket) = Connected();
        List<byte> read = [];
        foreach (int pointer in new[] { 0, 1, 3, 4, 1000, 65535 })
        {
            Strike(peer, "PAU", length: 3, urgent: pointer);
            Strike(peer, "AU", urgent: pointer);
            read.AddRange(Net.Read(socket));
        }

        // read in line, none of it twice, none of it lost
        Assert.Equal(Wire.PatternBytes(1, 18), read.ToArray());
        Strike(peer, "FAU", urgent: 65535);
        Assert.Equal(TcpState.CloseWait, Net.Sockets.GetState(socket));
        Assert.Equal(0, Net.ReadResult(socket));

        (TcpPeer other, int second) = Connected();
        Strike(other, "RU", urgent: 5);
        Assert.Equal(TcpState.Closed, Net.Sockets.GetState(second));
        TcpPeer third = Net.Peer(80, NextPort());
        Strike(third, "SU", urgent: 65535);
        third.Expect("SA", ack: 1);
        Strike(third, "R", seq: 1);
        AssertServed();
    }

    [Theory]
    [InlineData("19 18 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 2 4 2 8 0 0", 520)]
    [InlineData("29 4 0 0 2 4 2 8", 520)]
    [InlineData("29 12 1 1 0 0 0 0 0 0 0 0 2 4 2 8", 520)]
    [InlineData("8 10 0 0 0 1 0 0 0 0 2 4 2 8 0 0", 520)]
    [InlineData("34 2 2 4 2 8 0 0", 520)]
    public void X49_signatures_and_other_options_that_nobody_asked_for(string options, int mss) => AssertMss(options, mss);

    [Fact]
    public void X50_every_combination_of_flags_in_every_situation()
    {
        // the web server stays; the situations are made anew for each combination
        for (int flags = 0; flags < 64; flags++)
        {
            int listener = Net.Listen(1000, 4);
            TcpPeer half = Net.Peer(1000, NextPort());
            half.Send("S");
            half.Expect("SA");
            TcpPeer open = Net.Peer(1000, NextPort());
            int first = open.OpenTo(listener);
            TcpPeer closing = Net.Peer(1000, NextPort());
            int second = closing.OpenTo(listener);
            Net.Sockets.Shutdown(second);
            closing.TakeAll();
            TcpPeer waiting = Net.Peer(1000, NextPort());
            int third = waiting.OpenTo(listener);
            waiting.Send("FA");
            Net.Sockets.Close(third);
            waiting.TakeAll();
            TcpPeer fresh = Net.Peer(1000, NextPort());
            TcpPeer closed = Net.Peer(81, NextPort());
            string letters = flags == 0 ? "-" : SeenFrame.Letters(flags);
            foreach (TcpPeer peer in new[] { half, open, closing, waiting, fresh, closed })
            {
                foreach (long offset in new long[] { -1, 0, 1, 3000 })
                {
                    Strike(peer, letters, seq: peer.SndNxt + offset, text: offset == 1 ? "text" : null, urgent: 2);
                    List<SeenFrame> answers = peer.TakeAll();
                    Assert.InRange(answers.Count, 0, 4);
                    bool reset = (flags & SeenFrame.Rst) != 0;
                    Assert.True(!reset || answers.TrueForAll(a => (a.Flags & SeenFrame.Rst) == 0), "a reset is answered with a reset");
                }
            }

            Net.AssertAlive();
            Net.Sockets.Abort(first);
            Net.Sockets.Abort(second);
            Net.Sockets.Abort(listener);
            Net.Advance(100_000);
            foreach (TcpPeer peer in new[] { half, open, closing, waiting, fresh, closed })
            {
                peer.TakeAll();
            }

            Net.Packets.Clear();
        }

        AssertServed();
    }

    /// <summary>Options in a SYN lead to a certain segment size, are harmless in later segments, and nothing else.</summary>
    private TcpPeer AssertMss(string options, int mss, int window = 8000)
    {
        int listener = Net.Listen(1000, 1);
        TcpPeer peer = Net.Peer(1000, NextPort());
        Strike(peer, "S", win: window, options: Bytes(options));
        peer.Expect("SA", ack: 1, mss: 1460);
        Strike(peer, "A", win: window);
        int socket = Net.Accept(listener);
        Net.Sockets.Close(listener);
        Net.Sockets.Write(socket, new byte[1460], 0, 1460);
        int first = peer.TakeAll()[0].Text.Length;
        Assert.InRange(first, 1, mss);
        Assert.True(window < mss || first == mss, $"{first} bytes in a segment");

        // and in any later segment
        Strike(peer, "PA", text: "x", options: Bytes(options));
        Assert.Equal("x"u8.ToArray(), Net.Read(socket));
        AssertServed();
        return peer;
    }

    private static byte[] Bytes(string options) => [.. options.Split(' ').Select(byte.Parse)];
}
