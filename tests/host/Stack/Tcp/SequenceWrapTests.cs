// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Frames;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>Sequence numbers that wrap in the middle of a connection, on both sides (F33, RFC 9293 section 3.4).</summary>
public sealed class SequenceWrapTests : StackTest
{
    public static TheoryData<uint, uint, WordOrder> Numbers()
    {
        TheoryData<uint, uint, WordOrder> data = [];
        foreach (WordOrder order in new[] { WordOrder.LowByteFirst, WordOrder.HighByteFirst })
        {
            data.Add(0xFFFFFFFD, 0x7FFFFFFE, order);
            data.Add(0xFFFFFFFF, 0xFFFFFFFF, order);
            data.Add(0xFFFFFFFE, 0xFFFFFFF0, order);
            data.Add(0x7FFFFFFD, 0xFFFFFFFD, order);
            data.Add(0, 0, order);
            data.Add(0xFFFFFA00, 0xFFFFFA00, order);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void F33_open_exchange_repeat_and_close_across_the_wrap(uint iss, uint irs, WordOrder order)
    {
        TestNetwork net = BeginWithIss(iss, order);
        int listener = net.Listen();
        TcpPeer peer = net.Peer(iss: irs);
        peer.Send("S", mss: 1460);
        Assert.Equal(iss, peer.Expect("SA", seq: 0, ack: 1).Seq);
        peer.Send("A");
        int socket = net.Accept(listener);

        // text to us, with a repetition and an overlap
        peer.Send("PA", length: 1000);
        peer.Send("PA", seq: 1, length: 1000);
        peer.Send("PA", seq: 501, length: 1000);
        peer.SndNxt = 1501;
        Assert.Equal(Wire.PatternBytes(1, 1500), net.Read(socket));
        peer.TakeAll();

        // text from us, partly acknowledged, repeated, and completed
        net.Write(socket, Wire.PatternBytes(1, 2920));
        peer.TakeAll();
        peer.Send("A", ack: 1461);
        net.Advance(4000);
        Assert.All(peer.TakeAll(), s => Assert.Equal(Wire.PatternBytes((int)(s.Seq - iss), s.Text.Length), s.Text));
        peer.RcvNxt = 2921;
        peer.Send("A");
        net.Advance(60000);
        peer.TakeAll();

        // numbers outside are seen to be outside
        peer.Send("R", seq: peer.SndNxt - 1);
        peer.Send("R", seq: peer.SndNxt + 5000);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        peer.TakeAll();

        // and the end
        peer.Send("FA");
        peer.Expect("A", ack: 1502);
        net.Sockets.Close(socket);
        peer.Expect("FA", seq: 2921, ack: 1502);
        peer.Send("A");
        Assert.Equal(1, net.Stack.Tcp.BlocksInUse);
    }

    [Theory]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0xFFFFFFF6u)]
    public void F33_zero_window_across_the_wrap(uint iss)
    {
        TestNetwork net = BeginWithIss(iss);
        int listener = net.Listen();
        TcpPeer peer = net.Peer(iss: iss);
        int socket = peer.OpenTo(listener);
        Assert.Equal(iss, peer.StackIss);
        peer.Send("A", win: 0);
        net.Write(socket, Wire.PatternBytes(1, 20));
        net.Advance(1000);
        peer.Expect("A", seq: 1, len: 1);
        peer.Send("A", ack: 2, win: 0);
        net.Advance(10000);
        peer.TakeAll();
        peer.Send("A", ack: 2, win: 8000);
        SeenFrame rest = peer.TakeAll()[^1];
        Assert.Equal(21L, (int)(rest.Seq - iss) + rest.Text.Length);
        peer.RcvNxt = 21;
        peer.Send("A");
    }

    [Fact]
    public void Comparison_is_by_the_shorter_way_round()
    {
        Assert.True(SequenceNumber.Before(0xFFFFFFFF, 0));
        Assert.False(SequenceNumber.Before(0, 0xFFFFFFFF));
        Assert.True(SequenceNumber.Before(0x7FFFFFFF, 0x80000000));
        Assert.False(SequenceNumber.Before(5, 5));
        Assert.True(SequenceNumber.BeforeOrAt(5, 5));
        Assert.True(SequenceNumber.InWindow(2, 0xFFFFFFFE, 5));
        Assert.False(SequenceNumber.InWindow(3, 0xFFFFFFFE, 5));
        Assert.False(SequenceNumber.InWindow(0xFFFFFFFD, 0xFFFFFFFE, 5));
        Assert.False(SequenceNumber.InWindow(7, 7, 0));
    }
}
