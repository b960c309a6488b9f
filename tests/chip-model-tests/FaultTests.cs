// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class FaultTests
{
    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void MisoStuck(byte level)
    {
        var bench = new ChipBench();
        bench.Chip.Faults.MisoStuck = level;
        Assert.Equal(level, bench.Read(Reg.ESTAT));
        Assert.Equal(level, bench.Read(Reg.EREVID));
        Assert.All(bench.ReadBuffer(10), value => Assert.Equal(level, value));
        bench.Chip.Faults.MisoStuck = null;
        Assert.Equal(0x06, bench.Read(Reg.EREVID));
    }

    [Fact]
    public void DisconnectedChipTakesNothing()
    {
        var bench = new ChipBench();
        bench.Chip.Faults.Disconnected = true;
        Assert.Equal(0xFF, bench.Read(Reg.ESTAT));
        bench.Transfer(0xFF);
        bench.Chip.Faults.Disconnected = false;
        bench.ForgetBank();
        Assert.Equal(ChipBench.ReceiveEnd, bench.ReadPair(Reg.ERXNDL));
    }

    [Fact]
    public void WithoutPowerAndAgainWithIt()
    {
        var bench = new ChipBench();
        bench.Chip.Powered = false;
        Assert.Equal(0xFF, bench.Read(Reg.ESTAT));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.DroppedByPowerState);
        bench.Chip.Powered = true;
        bench.ForgetBank();
        bench.Start();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
    }

    [Fact]
    public void BitFlipsAreSeeded()
    {
        int[] first = Flips(7);
        Assert.Equal(first, Flips(7));
        Assert.NotEqual(first, Flips(8));
        Assert.InRange(first.Count(value => value != 0x55), 20, 180);
    }

    [Fact]
    public void FlipsTowardsTheChipAreFlips()
    {
        var bench = new ChipBench();
        bench.Chip.Faults.MosiFlip = 1;
        bench.Chip.Select();
        bench.Chip.Exchange(0x00);
        bench.Chip.Deselect();
        bench.Chip.Faults.MosiFlip = 0;
        Assert.Equal(0x06, bench.Read(Reg.EREVID));
    }

    [Fact]
    public void StuckBitInMemory()
    {
        var bench = new ChipBench();
        bench.Chip.Faults.StuckAddress = 0x1B01;
        bench.Chip.Faults.StuckOnes = 0x80;
        bench.Chip.Faults.StuckZeros = 0x01;
        bench.WriteMemory(0x1B00, 1, 1, 1);
        Assert.Equal<byte>([1, 0x80, 1], bench.ReadMemory(0x1B00, 3));
    }

    [Fact]
    public void DeadInterruptPin()
    {
        var bench = new ChipBench();
        bench.Chip.Faults.InterruptPinDead = true;
        bench.Set(Reg.EIE, 0xDB);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.False(bench.Chip.InterruptPinLow);
    }

    private static int[] Flips(int seed)
    {
        var bench = new ChipBench();
        bench.WriteMemory(0x1B00, [.. Enumerable.Repeat((byte)0x55, 200)]);
        bench.WritePair(Reg.ERDPTL, 0x1B00);
        bench.Chip.Faults.Seed = seed;
        bench.Chip.Faults.MisoFlip = 0.5;
        int[] read = [.. bench.ReadBuffer(200).Select(value => (int)value)];
        return read;
    }
}
