// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Properties;

/// <summary>
/// Two stacks of any size, applications of any habits, a wire of any quality: what is written is what is read, or an error says
/// that it is not. After every step both stacks are looked into, and a referee reads every segment.
/// </summary>
public sealed class StreamProperties
{
    /// <summary>Where the second end's pattern begins: far enough from the first to look different.</summary>
    private const int StartB = 1_000_003;

    private int _whole;
    private int _failed;

    [Fact]
    public void A_bad_wire_delivers_what_was_written_in_order_or_an_error()
    {
        Property.Check(300, 60, choices => Exchange(choices, goodWire: false), stream: 1);

        // an error is always allowed, but must stay the exception
        Assert.True(_whole > 2 * _failed, $"{_whole} whole, {_failed} failed");
    }

    [Fact]
    public void A_good_wire_delivers_all_of_it_without_any_error()
    {
        Property.Check(150, 60, choices => Exchange(choices, goodWire: true), stream: 2);
        Assert.Equal(0, _failed);
    }

    private static void Configure(StackConfiguration configuration, Choices choices, bool goodWire)
    {
        configuration.TcpReceiveWindow = choices.Pick(2920, 1460, 536, 700, 1000, 4380, 5840, 20000, 65535);
        configuration.TcpReceiveFrames = choices.Pick(4, goodWire ? 4 : 1, 2, 3, 6);
        configuration.TcpOutOfOrderFrames = choices.Pick(2, 0, 1, 4);
        configuration.TcpSendFrames = choices.Pick(3, 1, 2, 5);
        configuration.TransmitQueue = choices.Pick(16, 4, 2, 1);
        configuration.TcpDelayedAck = choices.Pick(100, 0, 500);
        configuration.TcpMinimumRto = choices.Pick(1000, 200);
        configuration.FrameCounts = choices.Pick<int[]>(
            [12, 6, 4, 4, 4, 6], [6, 2, 2, 2, 2, 4], [8, 0, 0, 0, 0, 8], [0, 0, 0, 0, 0, 12], [20, 10, 10, 10, 10, 20]);
        configuration.ReceiveReserve = choices.Pick(6, 2, 3);
    }

    private void Exchange(Choices choices, bool goodWire)
    {
        uint seed = choices.Word();
        LossyLink link = new(seed, c => Configure(c, choices, goodWire), c => Configure(c, choices, goodWire))
        {
            MssLimit = choices.Pick(0, 1000, 536, goodWire ? 536 : 100, goodWire ? 536 : 64),
            Delay = choices.Between(0, 60),
            Jitter = choices.Pick(0, 1, 30, 200),
        };
        if (!goodWire)
        {
            link.Loss = choices.Below(16) / 100.0;
            link.Duplication = choices.Below(20) / 100.0;
            link.Corruption = choices.Below(8) / 100.0;
        }

        ConnectedPair pair = new(link);
        choices.Note($"delay {link.Delay}+{link.Jitter}, loss {link.Loss}, duplication {link.Duplication}, corruption {link.Corruption}");
        WireReferee referee = new(link.A, 0, StartB);
        link.Tap = referee.See;
        if (!pair.Open(patient: !goodWire))
        {
            _failed++;
            return;
        }

        bool gentle = goodWire;
        StreamEnd a = new(link, link.A, pair.A, 0, choices, gentle) { Name = "A" };
        StreamEnd b = new(link, link.B, pair.B, StartB, choices, gentle) { Name = "B" };
        a.Peer = b;
        b.Peer = a;
        choices.Note(link.A.Configuration.TcpReceiveWindow + " " + a);
        choices.Note(link.B.Configuration.TcpReceiveWindow + " " + b);
        int? failedAt = null;
        uint timedOut = link.A.Stack.Tcp.Counters.TimedOut + link.B.Stack.Tcp.Counters.TimedOut;
        bool over = link.Run(
            4 * 3600 * 1000,
            () =>
            {
                a.Work();
                b.Work();
                link.WakeAt = a.WakeAt - link.Now < b.WakeAt - link.Now ? a.WakeAt : b.WakeAt;
                Invariants.Check(link.A.Stack, link.A.Configuration);
                Invariants.Check(link.B.Stack, link.B.Configuration);
            },
            () =>
            {
                // who has nothing to send does not notice that the other has given up, perhaps after its application has let
                // go, or that its reset was lost: nothing more will come of it
                bool gaveUp = link.A.Stack.Tcp.Counters.TimedOut + link.B.Stack.Tcp.Counters.TimedOut > timedOut;
                gaveUp |= (a.IsOver && !a.IsGentle) || (b.IsOver && !b.IsGentle);
                failedAt ??= a.Failed || b.Failed || gaveUp ? link.Now : null;
                return (a.IsOver && b.IsOver) || (failedAt is int at && link.Now - at > 1_800_000);
            });
        choices.Note("A: " + a.Story + Environment.NewLine + "B: " + b.Story);
        foreach (TcpIp.Tcp.TcpControlBlock block in link.A.Stack.Tcp.Blocks.Concat(link.B.Stack.Tcp.Blocks).Where(x => x.InUse))
        {
            choices.Note(Invariants.Describe(block));
        }

        Assert.True(over || failedAt != null, "neither the end nor an error after four hours");
        link.WakeAt = null;
        link.Tap = null;
        Assert.False(goodWire && failedAt != null, "an error on a good wire");
        if (a.IsGentle && b.IsGentle)
        {
            _failed += failedAt != null ? 1 : 0;
            _whole += failedAt != null ? 0 : 1;
        }

        pair.Finish();
    }
}
