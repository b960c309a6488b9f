// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Text that leaves: segments, Nagle, the peer's window, probes (RFC 9293 sections 3.7 and 3.8.6).</summary>
public sealed class SendTests : StackTest
{
    [Theory, BothOrders]
    public void Text_of_any_length_leaves_as_it_was_written(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        foreach (int length in new[] { 1, 2, 3, 5, 6, 7, 57, 58, 59, 201, 202, 536, 1459, 1460 })
        {
            long start = peer.RcvNxt;
            net.Write(socket, Wire.PatternBytes(start, length));
            Assert.Equal(Wire.PatternBytes(start, length), peer.Expect("PA", seq: start, ack: 1, len: length).Text);
            peer.Send("A");
        }
    }

    [Theory, BothOrders]
    public void Text_written_in_odd_pieces_leaves_whole(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        List<byte> seen = [];
        int written = 0;
        for (int i = 0; i < 60; i++)
        {
            int length = 1 + (i * 5 % 23);
            written += Math.Max(0, net.Sockets.Write(socket, Wire.PatternBytes(1 + written, length), 0, length));
            if (i % 4 == 3)
            {
                seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
                peer.RcvNxt = 1 + seen.Count;
                peer.Send("A");
            }
        }

        seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
        Assert.True(seen.Count > 300);
        Assert.Equal(Wire.PatternBytes(1, seen.Count), seen.ToArray());
    }

    [Fact]
    public void Who_writes_all_the_time_leaves_a_frame_of_the_largest_size_to_receive_in()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(configure: c => c.TcpSendFrames = 10);
        int largest = net.Stack.Pool.Total(net.Stack.Pool.Classes - 1);
        int left = (largest + 1) / 3;
        Assert.Equal((largest - left) * 1460, net.Sockets.Write(socket, new byte[20000], 0, 20000));
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Write(socket, new byte[1460], 0, 1460));
        Assert.Equal(left, net.Stack.Pool.FreeLargest());
        peer.Send("PA", length: 1460);
        Assert.Equal(1460, net.Read(socket).Length);
    }

    [Theory, BothOrders]
    public void Prepared_words_leave_as_they_are_with_odd_and_even_lengths(WordOrder order)
    {
        foreach (int length in new[] { 1, 2, 77, 1000, 1460, 1461, 2919, 2921, 4001 })
        {
            TestNetwork net = Begin(order);
            TcpPeer peer = net.Peer();
            peer.Window = 20000;
            int socket = peer.OpenTo(net.Listen());
            byte[] bytes = Wire.PatternBytes(1, length);
            WordBuffer content = new(System.Text.Encoding.Latin1.GetString(bytes), order);
            int sent = 0;
            List<byte> seen = [];
            while (sent < length)
            {
                int taken = net.Sockets.Write(socket, content, sent);
                Assert.True(taken > 0);
                sent += taken;
                seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
                peer.RcvNxt = 1 + seen.Count;
                peer.Send("A");
            }

            seen.AddRange(peer.TakeAll().SelectMany(s => s.Text));
            Assert.Equal(bytes, seen.ToArray());
            peer.RcvNxt = 1 + seen.Count;

            // a word buffer may be followed by plain bytes, in the same frame
            peer.Send("A");
            net.Write(socket, "tail");
            peer.Expect("PA", text: "tail");
        }
    }

    [Theory, BothOrders]
    public void Prepared_words_that_are_retransmitted_and_joined_have_right_sums(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        WordBuffer content = new("An odd length, 21 b.!", order);
        Assert.Equal(21, net.Sockets.Write(socket, content, 0));
        peer.Expect("PA", seq: 1, text: "An odd length, 21 b.!");
        Assert.Equal(21, net.Sockets.Write(socket, content, 0));
        net.Write(socket, "xy");
        content.SetByte(0, 'a');
        Assert.Equal(21, net.Sockets.Write(socket, content, 0));
        peer.TakeAll();
        net.Advance(1000);
        peer.Expect("A", seq: 1, text: "An odd length, 21 b.!");
        peer.RcvNxt = 22;
        peer.Send("A");
        List<SeenFrame> all = peer.TakeAll();
        peer.RcvNxt = 45;
        peer.Send("A");
        all.AddRange(peer.TakeAll());
        char[] rest = new char[44];
        foreach (SeenFrame seen in all)
        {
            System.Text.Encoding.Latin1.GetString(seen.Text).CopyTo(0, rest, (int)(seen.Seq - peer.StackIss) - 22, seen.Text.Length);
        }

        Assert.Equal("An odd length, 21 b.!xyan odd length, 21 b.!", new string(rest));
    }

    [Fact]
    public void F25_two_stacks_with_both_windows_closed_come_free_when_one_reads()
    {
        LossyLink link = new(9) { Delay = 3 };
        (int a, int b) = LossyLinkTests.Connect(link);
        byte[] buffer = new byte[5000];
        int written = 0;
        link.Run(20000, () => written += Fill(link.A, a) + Fill(link.B, b), () => false);
        Assert.True(written > 5000);

        // A reads and goes on, B's application waits until it can write. Both must not wait for ever
        int more = 0;
        link.Run(
            60000,
            () =>
            {
                link.A.Stack.Sockets.Read(a, buffer, 0, buffer.Length);
                more += Fill(link.B, b);
            },
            () => more >= 6000);
        Assert.True(more >= 6000, "B could write only " + more);

        int Fill(LinkStation station, int socket) => Math.Max(0, station.Stack.Sockets.Write(socket, buffer, 0, 1000));
    }
}
