// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 54, 55, 60, 62 and 63 of HOSTILE.md: sequence numbers, acknowledgments and windows.</summary>
public sealed class HostileTcpNumberTests : HostileTest
{
    private TcpCounters Counters => Net.Stack.Tcp.Counters;

    [Fact]
    public void X54_a_reset_at_every_place_around_the_window()
    {
        (TcpPeer peer, int socket) = Connected();
        long window = Net.Configuration.TcpReceiveWindow;
        long[] offsets =
            [-0x7FFFFFFF, -70000, -window, -2, -1, 1, 2, 3, window / 2, window - 2, window - 1, window, window + 1, 70000, 0x7FFFFFFE];
        foreach (long offset in offsets)
        {
            foreach (string flags in new[] { "R", "RA", "RFA", "RPA" })
            {
                Strike(peer, flags, seq: 1 + offset);
                Assert.Equal(TcpState.Established, Net.Sockets.GetState(socket));
                Assert.DoesNotContain(peer.TakeAll(), s => (s.Flags & SeenFrame.Rst) != 0);
                Wait(600);
            }
        }

        Assert.Equal(0u, Counters.ResetsReceived);
        Strike(peer, "PA", seq: 1, text: "honest");
        Assert.Equal("honest"u8.ToArray(), Net.Read(socket));
        Strike(peer, "R", seq: 7);
        Assert.Equal(1u, Counters.ResetsReceived);
        Assert.Equal(TcpState.Closed, Net.Sockets.GetState(socket));
        AssertServed();
    }

    [Fact]
    public void X55_a_SYN_anywhere_on_an_open_connection()
    {
        (TcpPeer peer, int socket) = Connected();
        uint challenges = 0;
        foreach (long offset in new long[] { -0x7FFFFFFF, -1000, -1, 0, 1, 1000, 2919, 2920, 100_000 })
        {
            foreach (string flags in new[] { "S", "SA", "SFA", "SPA" })
            {
                Strike(peer, flags, seq: 1 + offset, ack: 1);
                peer.Expect("A", seq: 1, ack: 1, len: 0);
                challenges++;
                Assert.Equal(TcpState.Established, Net.Sockets.GetState(socket));
                Wait(600);
            }
        }

        Assert.Equal(challenges, Counters.ChallengeAcks);
        Strike(peer, "PA", seq: 1, text: "honest");
        Assert.Equal("honest"u8.ToArray(), Net.Read(socket));
        AssertServed();
    }

    [Theory]
    [InlineData(21, 10)]
    [InlineData(11, 30)]
    [InlineData(16, 10)]
    [InlineData(31, 5)]
    public void X60_a_retransmission_with_other_bytes(int start, int length)
    {
        (TcpPeer peer, int socket) = Connected();

        // bytes 21 to 40 arrive early; then others for some of the same places; then the gap closes
        Strike(peer, "PA", seq: 21, text: new string('f', 20));
        Strike(peer, "PA", seq: start, text: new string('x', length));
        Strike(peer, "PA", seq: 1, text: new string('g', 20));
        Strike(peer, "PA", seq: 1, text: new string('x', 20));
        string read = System.Text.Encoding.ASCII.GetString(Net.Read(socket));

        // of what comes before its turn the first copy stays; what comes in its turn is taken whole; nothing is taken twice
        Assert.Equal(new string('g', 20) + new string('f', 20), read);
        peer.SndNxt = 1 + read.Length;
        peer.TakeAll();
        Strike(peer, "PA", text: "honest");
        Assert.Equal("honest"u8.ToArray(), Net.Read(socket));
        AssertServed();
    }

    [Fact]
    public void X62_a_peer_that_acknowledges_one_byte_at_a_time()
    {
        (TcpPeer peer, int socket) = Connected();
        byte[] text = Wire.PatternBytes(1, 20_000);
        int written = 0;
        int segments = 0;
        int received = 1;
        for (int ack = 1; ack <= 3000; ack++)
        {
            int count = Net.Sockets.Write(socket, text, written, Math.Min(4000, text.Length - written));
            written += Math.Max(0, count);
            Strike(peer, "A", ack: ack, win: 4000);
            foreach (SeenFrame segment in peer.TakeAll())
            {
                int seq = (int)(segment.Seq - peer.StackIss);
                Assert.Equal(Wire.PatternBytes(seq, segment.Text.Length), segment.Text);
                segments += segment.Text.Length > 0 ? 1 : 0;
                received = Math.Max(received, seq + segment.Text.Length);
            }

            Wait(1);
        }

        // one segment for each 1460 bytes or so, and not one for each acknowledgment
        Assert.InRange(segments, 3, 12);
        Assert.InRange(received, 3000, 3001 + 4000);
        AssertServed();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1459)]
    public void X63_a_window_that_shrinks_below_what_is_under_way(int window)
    {
        (TcpPeer peer, int socket) = Connected();
        Net.Write(socket, Wire.PatternBytes(1, 4380));
        Net.Poll();
        int sent = peer.TakeAll().Sum(s => s.Text.Length);
        Assert.True(sent > 2000);
        Strike(peer, "A", ack: 1, win: window);
        Strike(peer, "A", ack: 101, win: window);
        for (int i = 0; i < 20; i++)
        {
            Wait(3000);
            foreach (SeenFrame segment in peer.TakeAll())
            {
                // nothing new; what was sent may be sent again, or a byte to probe
                Assert.InRange(segment.Seq - peer.StackIss + (uint)segment.Text.Length, 1u, (uint)sent + 1);
            }

            Strike(peer, "A", ack: 101, win: window);
        }

        Strike(peer, "A", ack: 101, win: 8000);
        Wait(60_000);
        int end = peer.TakeAll().Max(s => (int)(s.Seq - peer.StackIss) + s.Text.Length);
        Assert.True(end > 101);
        Strike(peer, "A", ack: end, win: 8000);
        Assert.Equal(TcpState.Established, Net.Sockets.GetState(socket));
        AssertServed();
    }
}
