// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Properties;

/// <summary>
/// The checks of sequence and acknowledgment number (RFC 9293 section 3.10.7.4, RFC 5961 section 5.2) all around the circle of 2^32
/// numbers. The oracle counts each number of a segment in 64 bits, so that it has no half of the circle to be wrong about.
/// </summary>
public sealed class AcceptabilityProperties
{
    private const long Circle = 1L << 32;

    private static readonly long[] s_quarters = [0, 1L << 30, 1L << 31, 3L << 30, 1L << 16, Circle - (1L << 16), 1L << 24, Circle - (1L << 24)];

    private readonly HashSet<(bool, bool, bool)> _seen = [];

    [Fact]
    public void F1_exactly_the_segments_with_a_number_in_the_window_are_acceptable_wherever_they_begin_3_10_7_4()
    {
        Property.Check(4000, 24, One, stream: 41);

        // of what was tried there was each kind: acceptable, its acknowledgment too, and one that moves SND.UNA
        Assert.Superset(new HashSet<(bool, bool, bool)> { (false, false, false), (true, false, false), (true, true, false), (true, true, true) }, _seen);
    }

    private static long Around(long number) => ((number % Circle) + Circle) % Circle;

    private void One(Choices choices)
    {
        int window = choices.Pick(536, 537, 1460, 2920, choices.Between(536, 8760));
        TestNetwork net = new(
            choices.Pick(WordOrder.LowByteFirst, WordOrder.HighByteFirst), c => c.TcpReceiveWindow = window, seed: choices.Word());
        TcpPeer peer = net.Peer(iss: choices.Word());
        peer.Window = choices.Pick(8192, 0, 1, 65535);
        int socket = peer.OpenTo(net.Listen());
        int written = choices.Pick(0, 1, 100);
        if (written > 0)
        {
            net.Write(socket, new byte[written]);
        }

        net.Poll();
        peer.TakeAll();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port && b.State == TcpState.Established);
        if (choices.OneIn(4))
        {
            // the window closed: no more than what the peer knows is taken back
            block.RcvEdge = block.RcvNxt;
        }

        long room = Around((long)block.RcvEdge - block.RcvNxt);
        long flight = Around((long)block.SndMax - block.SndUna);
        int length = choices.Pick(0, 1, 2, 3, 100, 1460);
        bool fin = choices.OneIn(5);
        long size = length + (fin ? 1 : 0);
        long at = Around(choices.Pick(0, 0, room, -size, choices.Pick(s_quarters)) + choices.Between(-3, 3));
        long ackAt = Around(choices.Pick(0, flight, -block.MaxSndWnd, choices.Pick(s_quarters)) + choices.Between(-3, 3));

        bool acceptable = size == 0 ? (room == 0 ? at == 0 : at <= room) : Enumerable.Range(0, (int)size).Any(i => Around(at + i) < room);
        bool acks = Around(ackAt + block.MaxSndWnd) <= flight + block.MaxSndWnd;
        bool moves = ackAt > 0 && ackAt <= flight;

        // MUST-66: with the window closed, what stands at its place or shortly before it acknowledges all the same
        bool heard = acceptable || (room == 0 && Around(at + 65535) <= 65536);
        uint una = block.SndUna;
        uint nxt = block.RcvNxt;
        uint refused = net.Stack.Tcp.Counters.Unacceptable;
        uint bad = net.Stack.Tcp.Counters.BadAcknowledgment;
        choices.Note($"window {room}, in flight {flight}, largest window {block.MaxSndWnd}: <- SEG.SEQ=RCV.NXT+{at:X} len={length} fin={fin} SEG.ACK=UNA+{ackAt:X}");
        byte[] segment = FrameBuilder.Tcp(
            net.Client.Ip, TestNetwork.StackIp, peer.Port, peer.StackPort, nxt + (uint)at, una + (uint)ackAt,
            SeenFrame.Ack | (fin ? SeenFrame.Fin : 0), 8192, null, new byte[length], 0);
        net.Deliver(FrameBuilder.Ethernet(
            TestNetwork.StackMac, net.Client.Mac, 0x0800, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 6, segment)));
        Assert.Equal(refused + (acceptable ? 0u : 1u), net.Stack.Tcp.Counters.Unacceptable);
        Assert.Equal(bad + (acceptable && !acks ? 1u : 0u), net.Stack.Tcp.Counters.BadAcknowledgment);
        Assert.Equal(una + (heard && moves ? (uint)ackAt : 0), block.SndUna);
        if (!acceptable || !acks)
        {
            // it is answered at once, and nothing of it is taken
            Assert.Equal(nxt, block.RcvNxt);
            Assert.Contains(peer.TakeAll(), seen => seen.AckNumber == nxt);
        }

        _seen.Add((acceptable, acceptable && acks, acceptable && acks && moves));
        net.Sockets.Abort(socket);
        peer.TakeAll();
        net.Finish();
    }
}
