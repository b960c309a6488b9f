// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class ClockTests
{
    [Fact]
    public void NextEventIsKnown()
    {
        var bench = new ChipBench();
        Assert.Equal(long.MaxValue, bench.Clock.NextEventNs);
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(bench.Clock.NowNs, bench.Clock.NextEventNs);
        Assert.True(bench.Clock.AdvanceToNextEvent(long.MaxValue));
        Assert.Equal(bench.Clock.NowNs + 57_600, bench.Clock.NextEventNs);
        Assert.False(bench.Clock.AdvanceToNextEvent(bench.Clock.NowNs + 1000));
    }

    [Fact]
    public void SameSeedSameTimes()
    {
        Assert.Equal(Run(), Run());

        static string Run()
        {
            var options = new ChipOptions { Seed = 9 };
            options.Errata[13] = 0.2;
            var bench = new ChipBench(options);
            for (int i = 0; i < 50; i++)
            {
                bench.Send(ChipBench.Frame(ChipBench.Peer, 60 + i));
                bench.Set(Reg.ECON1, Econ1.TXRST);
                bench.Clear(Reg.ECON1, Econ1.TXRST);
            }

            return string.Join(",", bench.SentAt) + bench.Chip.Counters;
        }
    }

    [Fact]
    public void RealTimePumpMovesThePinWithoutSpiTraffic()
    {
        var bench = new ChipBench();
        bench.Set(Reg.EIE, 0xDB);
        using var low = new ManualResetEventSlim();
        bench.Chip.InterruptChanged += isLow =>
        {
            if (isLow)
            {
                low.Set();
            }
        };
        using (new RealTimePump(bench.Clock))
        {
            bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
            Assert.True(low.Wait(10_000));
        }

        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
    }

    [Fact]
    public void InRealTimeSpiCannotRunFarAhead()
    {
        var bench = new ChipBench();
        bench.Clock.StartRealTime();
        long start = bench.Clock.NowNs;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        while (bench.Clock.NowNs - start < 50_000_000)
        {
            bench.Read(Reg.ESTAT);
        }

        Assert.True(watch.Elapsed.TotalMilliseconds > 40, $"{watch.Elapsed}");
    }

    [Fact]
    public void SteadyStateAllocatesNothing()
    {
        var bench = new ChipBench { Record = false };
        var wire = new VirtualWire(bench.Clock) { Impairment = new SeededImpairment(1) { DelayNs = 50_000, JitterNs = 50_000, CorruptRate = 0.1 } };
        wire.Connect("chip", bench.Chip);
        var sink = new Counter();
        WirePort host = wire.Connect("host", sink);
        byte[] frame = ChipBench.Frame(ChipBench.Station, 500);
        byte[] own = [0, .. ChipBench.Frame(ChipBench.Peer, 500)];
        long allocated = Allocation.Fewest(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                Round(bench, host, frame, own);
            }
        });
        bench.AssertClean();
        Assert.Equal(0, allocated);
        Assert.True(sink.Frames > 400);
        bench.AssertClean();
    }

    private static void Round(ChipBench bench, WirePort host, byte[] frame, byte[] own)
    {
        host.Send(frame);
        Instruction(bench, 0xBF, 0x03);
        Instruction(bench, 0x42, 0x00);
        Instruction(bench, 0x43, 0x1A);
        bench.Chip.Select();
        bench.Chip.Exchange(0x7A);
        foreach (byte b in own)
        {
            bench.Chip.Exchange(b);
        }

        bench.Chip.Deselect();
        int end = ChipBench.TransmitStart + own.Length - 1;
        Instruction(bench, 0x46, (byte)end);
        Instruction(bench, 0x47, (byte)(end >> 8));
        Instruction(bench, 0x9F, Econ1.TXRTS);
        bench.Clock.Advance(2_000_000);
        Instruction(bench, 0xBC, Eir.TXIF);
        while (bench.Chip.PeekRegister(Reg.EPKTCNT) > 0)
        {
            Instruction(bench, 0x40, (byte)bench.NextPacket);
            Instruction(bench, 0x41, (byte)(bench.NextPacket >> 8));
            bench.Chip.Select();
            bench.Chip.Exchange(0x3A);
            int next = bench.Chip.Exchange(0) | (bench.Chip.Exchange(0) << 8);
            for (int i = 0; i < 508; i++)
            {
                bench.Chip.Exchange(0);
            }

            bench.Chip.Deselect();
            bench.NextPacket = next;
            int free = ChipBench.FreePointer(next);
            Instruction(bench, 0x4C, (byte)free);
            Instruction(bench, 0x4D, (byte)(free >> 8));
            Instruction(bench, 0x9E, Econ2.PKTDEC);
        }
    }

    private static void Instruction(ChipBench bench, byte first, byte second)
    {
        bench.Chip.Select();
        bench.Chip.Exchange(first);
        bench.Chip.Exchange(second);
        bench.Chip.Deselect();
    }

    private sealed class Counter : IWireSink
    {
        public int Frames { get; private set; }

        public void FrameArrived(ReadOnlySpan<byte> frameWithFcs, long timeNs) => Frames++;
    }
}
