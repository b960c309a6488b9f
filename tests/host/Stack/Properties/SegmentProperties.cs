// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Properties;

/// <summary>
/// Segments of any kind, their numbers near every edge, thrown at a connection in every state. The oracle says which states and
/// numbers may follow.
/// </summary>
public sealed class SegmentProperties
{
    private static readonly int[] s_edges = [0, 1, -1, 2, -2, 3, 100, -100];

    private readonly HashSet<(TcpState, TcpState)> _moves = [];

    public static TheoryData<TcpState> States() =>
    [
        TcpState.SynSent, TcpState.SynReceived, TcpState.Established, TcpState.FinWait1, TcpState.FinWait2,
        TcpState.CloseWait, TcpState.Closing, TcpState.LastAck, TcpState.TimeWait,
    ];

    [Theory]
    [MemberData(nameof(States))]
    public void Any_segment_in_any_state_does_what_RFC_9293_lets_it_do(TcpState state)
    {
        Property.Check(400, 60, choices => Throw(choices, state), stream: 20 + (ulong)state);

        // what is random must also get somewhere: from each state some segment leads on
        Assert.Contains(_moves, m => m.Item1 == state && m.Item2 != state);
    }

    [Fact]
    public void Any_segment_to_a_listener_or_to_nobody_is_answered_as_it_must_be()
    {
        Property.Check(400, 60, ThrowAtNobody, stream: 19);
    }

    private static string Letters(int flags) => flags == 0 ? "-" : SeenFrame.Letters(flags);

    private static void ThrowAtNobody(Choices choices)
    {
        TestNetwork net = new(WordOrder.LowByteFirst, seed: choices.Word());
        net.Listen();
        for (int i = 0; i < 8; i++)
        {
            bool listens = choices.OneIn(2);
            TcpPeer peer = net.Peer(listens ? 80 : 81, 41000 + i, iss: choices.Word());
            int flags = choices.Below(64);
            int length = choices.Pick(0, 1, 3);
            uint ack = choices.Word();
            byte[] frame = FrameBuilder.Ethernet(
                TestNetwork.StackMac,
                net.Client.Mac,
                0x0800,
                FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 6, FrameBuilder.Tcp(
                    net.Client.Ip, TestNetwork.StackIp, peer.Port, peer.StackPort, peer.Iss, ack, flags, 1000, text: new byte[length])));
            choices.Note($"{(listens ? "LISTEN" : "CLOSED")} {Letters(flags)} len={length}");
            net.Deliver(frame);
            Invariants.Check(net.Stack, net.Configuration);
            List<SeenFrame> answers = peer.TakeAll();
            bool syn = (flags & SeenFrame.Syn) != 0;
            bool fin = (flags & SeenFrame.Fin) != 0;
            bool acks = (flags & SeenFrame.Ack) != 0;
            if ((flags & SeenFrame.Rst) != 0 || (listens && !acks && (!syn || fin)))
            {
                Assert.Empty(answers);
                continue;
            }

            SeenFrame answer = Assert.Single(answers);
            if (acks)
            {
                Assert.Equal((SeenFrame.Rst, ack), (answer.Flags, answer.Seq));
            }
            else if (listens)
            {
                Assert.Equal((SeenFrame.Syn | SeenFrame.Ack, peer.Iss + 1), (answer.Flags, answer.AckNumber));
            }
            else
            {
                uint end = peer.Iss + (uint)length + (syn ? 1u : 0) + (fin ? 1u : 0);
                Assert.Equal((SeenFrame.Rst | SeenFrame.Ack, 0u, end), (answer.Flags, answer.Seq, answer.AckNumber));
            }
        }

        net.Finish();
    }

    private static TcpControlBlock? Find(TestNetwork net, TcpPeer peer)
    {
        return net.Stack.Tcp.Blocks.SingleOrDefault(
            b => b.InUse && b.RemotePort == peer.Port && b.RemoteAddress == net.Client.Ip && b.State != TcpState.Closed);
    }

    private void Throw(Choices choices, TcpState state)
    {
        TestNetwork net = new(WordOrder.HighByteFirst, c => c.TcpDelayedAck = choices.Pick(100, 0), seed: choices.Word());
        TcpPeer peer = net.Peer(1000, 41000, iss: choices.Pick(5000u, uint.MaxValue - 10, 0x7FFFFFF0u));
        (int socket, int listener) = Situations.Reach(net, peer, state, choices);
        for (int i = 0; i < 4; i++)
        {
            TcpControlBlock? block = Find(net, peer);
            if (block == null)
            {
                break;
            }

            One(net, peer, block, choices);
            if (socket >= 0 && choices.OneIn(3))
            {
                net.Read(socket);
                net.Poll();
            }

            if (choices.OneIn(4))
            {
                net.Advance(choices.Pick(1, 150, 700, 3000));
                Invariants.Check(net.Stack, net.Configuration);
            }

            peer.TakeAll();
        }

        net.AssertAlive();
        peer.TakeAll();
        _ = listener;
        net.Finish();
    }

    private void One(TestNetwork net, TcpPeer peer, TcpControlBlock block, Choices choices)
    {
        TcpState before = block.State;
        uint una = block.SndUna;
        uint nxt = block.RcvNxt;
        int generation = block.Generation;
        uint window = block.RcvEdge - nxt;
        uint known = before == TcpState.SynSent ? peer.Iss : nxt;
        int flags = choices.Pick(
            SeenFrame.Ack,
            SeenFrame.Ack | SeenFrame.Fin,
            SeenFrame.Ack | SeenFrame.Psh,
            SeenFrame.Syn | SeenFrame.Ack,
            SeenFrame.Rst,
            SeenFrame.Rst | SeenFrame.Ack,
            SeenFrame.Syn,
            choices.Below(64));
        uint seq = choices.Pick(known, known, known, known + window, known - 1, known + (window / 2), known + 0x80000000, choices.Word())
            + (uint)choices.Pick(s_edges);
        uint middle = una + ((block.SndMax - una) / 2);
        uint ack = choices.Pick(block.SndMax, block.SndMax, una, middle, una - (uint)block.MaxSndWnd, una + 0x80000000, choices.Word())
            + (uint)choices.Pick(s_edges);
        int length = choices.Pick(0, 0, 1, 2, 10, 100, (int)Math.Min(window, 1400), (int)Math.Min(window + 1, 1400), 1400);
        int win = choices.Pick(8192, 0, 1, 100, 65535);
        SegmentOracle oracle = new(block);
        oracle.Judge(flags, seq, ack, length);
        string story = $"{Invariants.Describe(block)}{Environment.NewLine}  <- {Letters(flags)} seq=RCV.NXT{(int)(seq - known):+0;-0} "
            + $"ack=UNA{(int)(ack - una):+0;-0} len={length} win={win}";
        byte[] segment = FrameBuilder.Tcp(
            net.Client.Ip, TestNetwork.StackIp, peer.Port, peer.StackPort, seq, ack, flags, win, null, new byte[length], choices.Below(3));
        net.Deliver(FrameBuilder.Ethernet(
            TestNetwork.StackMac, net.Client.Mac, 0x0800, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 6, segment)));
        bool gone = !block.InUse || block.Generation != generation || block.State == TcpState.Closed;
        TcpState after = gone ? TcpState.Closed : block.State;
        choices.Note(story + Environment.NewLine + "  -> " + (gone ? "gone" : Invariants.Describe(block)));
        Invariants.Check(net.Stack, net.Configuration);
        Assert.True(oracle.States.Contains(after), $"{before} -> {after}, allowed: {string.Join(' ', oracle.States)}");
        _moves.Add((before, after));
        List<SeenFrame> answers = peer.TakeAll();
        Assert.InRange(answers.Count, 0, 8);
        Assert.False(
            (flags & SeenFrame.Rst) != 0 && answers.Exists(a => (a.Flags & SeenFrame.Rst) != 0), "a reset is answered with a reset");
        if (!gone && before != TcpState.SynSent)
        {
            long received = (int)(block.RcvNxt - nxt);
            long acknowledged = (int)(block.SndUna - una);
            Assert.True(oracle.Received.Contains(received), $"RCV.NXT moves by {received}, allowed: {string.Join(' ', oracle.Received)}");
            Assert.True(
                oracle.Acknowledged.Contains(acknowledged),
                $"SND.UNA moves by {acknowledged}, allowed: {string.Join(' ', oracle.Acknowledged)}");
        }
    }
}
