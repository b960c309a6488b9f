// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class WireTests
{
    [Fact]
    public void ChipAndHostTalk()
    {
        var bench = new ChipBench();
        var wire = new VirtualWire(bench.Clock);
        WirePort chipPort = wire.Connect("chip", bench.Chip);
        var sink = new Recorder();
        WirePort host = wire.Connect("host", sink);
        byte[] frame = ChipBench.Frame(ChipBench.Station);
        Assert.True(host.Send(frame));
        bench.Clock.Advance(1_000_000);
        Assert.Equal(ChipBench.WithFcs(frame), bench.Take());
        byte[] answer = ChipBench.Frame(ChipBench.Peer);
        bench.Send(answer);
        Assert.Equal(ChipBench.WithFcs(answer), Assert.Single(sink.Frames));
        Assert.Equal(1, chipPort.FramesSent);
        Assert.Equal(1, chipPort.FramesReceived);
        bench.AssertClean();
    }

    [Fact]
    public void TwoChipsTalk()
    {
        var clock = new VirtualClock();
        var wire = new VirtualWire(clock);
        var first = new Enc28j60Chip(clock, new ChipOptions { Seed = 1 });
        var second = new Enc28j60Chip(clock, new ChipOptions { Seed = 2 });
        wire.Connect("first", first);
        wire.Connect("second", second);
        wire.Connect("host", (IWireSink?)null).Send(ChipBench.Frame([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]));
        clock.Advance(1_000_000);
        Assert.Equal(1, first.Counters.FramesOffered);
        Assert.Equal(1, second.Counters.FramesOffered);
    }

    [Fact]
    public void ImpairmentsAreSeeded()
    {
        (string first, VirtualWire wire) = Impaired(3);
        (string second, _) = Impaired(3);
        Assert.Equal(first, second);
        Assert.NotEqual(first, Impaired(4).Trace);
        Assert.InRange(wire.FramesLost, 50, 150);
        Assert.InRange(wire.FramesDuplicated, 50, 150);
        Assert.InRange(wire.FramesCorrupted, 50, 150);
        Assert.Equal(0, wire.FramesUnderWay);
    }

    [Fact]
    public void DelayedFramesAreReordered()
    {
        var clock = new VirtualClock();
        var wire = new VirtualWire(clock) { Impairment = new SeededImpairment(1) { JitterNs = 1_000_000 } };
        var sink = new Recorder();
        WirePort from = wire.Connect("from", (IWireSink?)null);
        wire.Connect("to", sink);
        for (int i = 0; i < 20; i++)
        {
            from.Send([.. new byte[13], (byte)i]);
        }

        clock.Advance(2_000_000);
        byte[] order = [.. sink.Frames.Select(frame => frame[13])];
        Assert.Equal(20, order.Length);
        Assert.NotEqual(order.Order(), order);
        Assert.Equal(sink.Times.Order(), sink.Times);
    }

    [Theory]
    [InlineData(false, 0, 1)]
    [InlineData(true, 1, 0)]
    public void CorruptedFramesAreRefusedUnlessRepaired(bool repair, int received, int refused)
    {
        var clock = new VirtualClock();
        var wire = new VirtualWire(clock) { Impairment = new SeededImpairment(1) { CorruptRate = 1, RepairFcs = repair, CorruptFrom = 14 } };
        var sink = new Recorder();
        WirePort from = wire.Connect("from", (IWireSink?)null);
        WirePort to = wire.Connect("to", sink);
        byte[] frame = ChipBench.Frame(ChipBench.Peer);
        from.Send(frame);
        clock.Advance(0);
        Assert.Equal(received, to.FramesReceived);
        Assert.Equal(refused, to.FramesRefused);
        Assert.All(sink.Frames, seen =>
        {
            Assert.Equal(frame[..14], seen[..14]);
            Assert.NotEqual(frame[14..], seen[14..^4]);
        });
    }

    [Fact]
    public void SwitchLearns()
    {
        var clock = new VirtualClock();
        var wire = new VirtualWire(clock) { IsSwitch = true };
        Recorder[] sinks = [new(), new(), new()];
        WirePort[] ports = [.. sinks.Select((sink, i) => wire.Connect($"{i}", sink))];
        byte[] hello = ChipBench.Frame([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        ports[1].Send(hello);
        clock.Advance(0);
        byte[] answer = ChipBench.Frame(ChipBench.Peer);
        ChipBench.Station.CopyTo(answer, 6);
        ports[0].Send(answer);
        clock.Advance(0);
        Assert.Single(sinks[0].Frames);
        Assert.Single(sinks[1].Frames);
        Assert.Single(sinks[2].Frames);
    }

    [Fact]
    public void TapSeesEverything()
    {
        var clock = new VirtualClock();
        var tap = new Tap();
        var wire = new VirtualWire(clock) { Tap = tap };
        WirePort from = wire.Connect("from", (IWireSink?)null);
        wire.Connect("to", new Recorder());
        from.Send(ChipBench.Frame(ChipBench.Peer));
        from.SendRaw(ChipBench.Frame(ChipBench.Peer));
        clock.Advance(0);
        from.Impairment = new SeededImpairment(1) { LossRate = 1 };
        from.Send(ChipBench.Frame(ChipBench.Peer));
        clock.Advance(0);
        Assert.Equal("Sent from, Delivered to, Sent from, Refused to, Sent from, Lost from", string.Join(", ", tap.Seen));
    }

    [Fact]
    public void HostThreadsMaySendWhileTheFirmwareWorks()
    {
        var bench = new ChipBench();
        var wire = new VirtualWire(bench.Clock);
        wire.Connect("chip", bench.Chip);
        WirePort host = wire.Connect("host", new Recorder());
        const int count = 2000;
        var thread = new Thread(() =>
        {
            byte[] frame = ChipBench.Frame(ChipBench.Station);
            for (int i = 0; i < count;)
            {
                if (bench.Chip.Counters.FramesOffered + 200 > i && host.Send(frame))
                {
                    i++;
                }
            }
        });
        thread.Start();
        int taken = 0;
        while (taken + bench.Chip.Counters.DroppedTotal < count)
        {
            bench.Clock.Advance(50_000);
            while (bench.Read(Reg.EPKTCNT) > 0)
            {
                Assert.Equal(64, bench.Take().Length);
                taken++;
            }
        }

        thread.Join();
        Assert.Equal(count, taken);
        bench.AssertClean();
    }

    [Fact]
    public void AnswersFromASinkGoOut()
    {
        var bench = new ChipBench();
        var wire = new VirtualWire(bench.Clock);
        wire.Connect("chip", bench.Chip);
        var echo = new Echo();
        echo.Port = wire.Connect("echo", echo);
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        bench.Clock.Advance(1_000_000);
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
    }

    private static (string Trace, VirtualWire Wire) Impaired(int seed)
    {
        var clock = new VirtualClock();
        var wire = new VirtualWire(clock)
        {
            Impairment = new SeededImpairment(seed)
            {
                LossRate = 0.1,
                DuplicateRate = 0.1,
                CorruptRate = 0.1,
                DelayNs = 100_000,
                JitterNs = 300_000,
                ReorderRate = 0.05,
            },
        };
        var sink = new Recorder();
        WirePort from = wire.Connect("from", (IWireSink?)null);
        wire.Connect("to", sink).RefuseBadFcs = false;
        for (int i = 0; i < 1000; i++)
        {
            from.Send(ChipBench.Frame(ChipBench.Peer, 14 + (i % 100)));
            clock.Advance(100_000);
        }

        clock.Advance(10_000_000);
        return (string.Join(",", sink.Frames.Select((frame, i) => $"{sink.Times[i]}:{Convert.ToHexString(frame)}")), wire);
    }

    private sealed class Recorder : IWireSink
    {
        public List<byte[]> Frames { get; } = [];

        public List<long> Times { get; } = [];

        public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs)
        {
            Frames.Add(frameWithFcs.ToArray());
            Times.Add(timeNs);
        }
    }

    private sealed class Echo : IWireSink
    {
        public WirePort? Port { get; set; }

        public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs)
        {
            byte[] frame = frameWithFcs[..^4].ToArray();
            ChipBench.Station.CopyTo(frame, 0);
            Port!.Send(frame);
        }
    }

    private sealed class Tap : IWireTap
    {
        public List<string> Seen { get; } = [];

        public void FrameSeen(WireEvent what, WirePort port, ReadOnlySpan<byte> frameWithFcs, long timeNs) => Seen.Add($"{what} {port.Name}");
    }
}
