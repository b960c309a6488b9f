// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class SpiProtocolTests
{
    [Fact]
    public void RightStartLeavesNoViolation() => new ChipBench().AssertClean();

    [Fact]
    public void RightStartInFullDuplexLeavesNoViolation() => new ChipBench(fullDuplex: true).AssertClean();

    [Fact]
    public void EthRegisterAnswersAtOnceAndMacAfterADummyByte()
    {
        var bench = new ChipBench(new ChipOptions { UndefinedReadByte = UndefinedByte.Zero });
        bench.SelectBank(Reg.MAADR1);
        Assert.Equal(0x02, bench.Transfer(0x04, 0, 0)[2]);
        Assert.Equal(0x00, bench.Transfer(0x04, 0, 0)[1]);
        Assert.Equal(0x06, bench.Transfer(0x12, 0)[1]);
        bench.AssertClean();
    }

    [Fact]
    public void MoreBytesAfterAReadAreNoViolation()
    {
        var bench = new ChipBench(new ChipOptions { UndefinedReadByte = UndefinedByte.Ones });
        bench.SelectBank(Reg.MAADR1);
        byte[] mac = bench.Transfer(0x04, 0, 0, 0);
        Assert.Equal(0x02, mac[2]);
        Assert.Equal(0xFF, mac[3]);
        byte[] eth = bench.Transfer(0x12, 0, 0, 0);
        Assert.Equal(0x06, eth[1]);
        Assert.Equal(0xFF, eth[2]);
        bench.AssertClean();
    }

    [Fact]
    public void MissingDummyByteIsFound()
    {
        var bench = new ChipBench();
        bench.SelectBank(Reg.MACON1);
        bench.Transfer(0x00, 0);
        bench.AssertViolated(ViolationRule.MissingDummyByte);
    }

    [Theory]
    [InlineData(BitOperationEffect.Ignored, 0x01)]
    [InlineData(BitOperationEffect.PlainWrite, 0x08)]
    [InlineData(BitOperationEffect.Works, 0x09)]
    public void BitOperationOnMacRegister(BitOperationEffect effect, byte expected)
    {
        var bench = new ChipBench(new ChipOptions { BitOperationOnMac = effect });
        bench.Set(Reg.MACON1, 0x08);
        Assert.Equal(expected, bench.Read(Reg.MACON1));
        bench.AssertViolated(ViolationRule.BitOperationOnMac);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Address1AhIsForbiddenInEveryBank(int bank)
    {
        var bench = new ChipBench();
        bench.SelectBank(bank << 5);
        bench.Transfer(0x1A, 0, 0);
        bench.Transfer(0x5A, 0);
        Assert.Equal(2, bench.Chip.Violations.CountOf(ViolationRule.ReservedAddress));
    }

    [Fact]
    public void WriteToReservedAddressIsFoundEvenWithZero()
    {
        var bench = new ChipBench();
        bench.Write(0x41, 0);
        bench.AssertViolated(ViolationRule.ReservedAddress);
    }

    [Theory]
    [InlineData(0xC0)]
    [InlineData(0x39)]
    [InlineData(0x78)]
    [InlineData(0xE0)]
    public void UndefinedInstructionIsIgnored(byte first)
    {
        var bench = new ChipBench();
        bench.Transfer(first, 0x55);
        bench.AssertViolated(ViolationRule.Framing);
    }

    [Fact]
    public void BytesAfterAWriteAreIgnoredAndFound()
    {
        var bench = new ChipBench();
        bench.SelectBank(Reg.EWRPTL);
        bench.Transfer(0x42, 0x12, 0x34);
        Assert.Equal(0x12, bench.Read(Reg.EWRPTL));
        bench.AssertViolated(ViolationRule.Framing);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void BytesAfterASystemReset(bool lenient, int expected)
    {
        var bench = new ChipBench(new ChipOptions { LenientResetTail = lenient });
        bench.Transfer(0xFF, 0xFF);
        Assert.Equal(expected, bench.Chip.Violations.Count);
        Assert.Equal(0x05FA, bench.Chip.PeekPair(Reg.ERXRDPTL));
    }

    [Fact]
    public void WriteCutShortDoesNotHappen()
    {
        var bench = new ChipBench();
        bench.Write(Reg.EWRPTL, 0x11);
        bench.Chip.Select();
        bench.Chip.Exchange(0x42);
        bench.Chip.ExchangeBits(7);
        bench.Chip.Deselect();
        Assert.Equal(0x11, bench.Read(Reg.EWRPTL));
        bench.AssertViolated(ViolationRule.Truncated);
    }

    [Fact]
    public void ClockAbove20MHzAndWrongModeAreFound()
    {
        var bench = new ChipBench();
        bench.Chip.Attach(new Hardware.SpiLineSettings(26_000_000, System.Device.Spi.SpiMode.Mode0, System.Device.Spi.DataFlow.MsbFirst));
        bench.Read(Reg.ESTAT);
        Assert.Equal(1, bench.Chip.Violations.CountOf(ViolationRule.SpiTiming));
        bench.Chip.Attach(new Hardware.SpiLineSettings(8_000_000, System.Device.Spi.SpiMode.Mode1, System.Device.Spi.DataFlow.MsbFirst));
        bench.Read(Reg.ESTAT);
        Assert.Equal(2, bench.Chip.Violations.CountOf(ViolationRule.SpiTiming));
    }

    [Theory]
    [InlineData(ChipOptions.RevisionB1, 5_100_000, true)]
    [InlineData(ChipOptions.RevisionB4, 6_250_000, false)]
    [InlineData(ChipOptions.RevisionB7, 5_100_000, false)]
    public void SlowClockLosesMacWritesOnEarlySilicon(byte revision, int hertz, bool lost)
    {
        var bench = new ChipBench(new ChipOptions { Revision = revision });
        bench.Chip.Attach(new Hardware.SpiLineSettings(hertz, System.Device.Spi.SpiMode.Mode0, System.Device.Spi.DataFlow.MsbFirst));
        bench.Write(Reg.MACON4, 0);
        Assert.Equal(lost ? 0x40 : 0, bench.Read(Reg.MACON4));
    }

    [Fact]
    public void ShortHoldTimeLosesMacWrites()
    {
        var bench = new ChipBench();
        bench.Chip.Options.ChipSelectHoldNs = 100;
        bench.Write(Reg.MACON4, 0);
        Assert.Equal(0x40, bench.Read(Reg.MACON4));
        bench.AssertViolated(ViolationRule.SpiTiming);
    }

    [Fact]
    public void FourZeroBytesAtOpeningAreNoViolationEvenInPowerSave()
    {
        var bench = new ChipBench();
        bench.SelectBank(Reg.MACON1);
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Set(Reg.ECON2, Econ2.PWRSV);
        bench.Transfer(0, 0, 0, 0);
        bench.AssertClean();
        bench.Transfer(0, 0, 0);
        bench.AssertViolated(ViolationRule.NotReady);
    }

    [Theory]
    [InlineData(20_000_000, 606_000)]
    [InlineData(8_000_000, 1_515_000)]
    public void BufferReadTakesItsTime(int hertz, long expectedNs)
    {
        var bench = new ChipBench();
        bench.Chip.Attach(new Hardware.SpiLineSettings(hertz, System.Device.Spi.SpiMode.Mode0, System.Device.Spi.DataFlow.MsbFirst));
        long before = bench.Clock.NowNs;
        bench.ReadBuffer(1514);
        long overhead = bench.Chip.Options.ChipSelectHighNs + bench.Chip.Options.ChipSelectHoldNs + bench.Chip.Options.ChipSelectSetupNs;
        Assert.Equal(expectedNs, bench.Clock.NowNs - before - overhead);
    }

    [Fact]
    public void FractionsOfNanosecondsAddUp()
    {
        var bench = new ChipBench();
        bench.Chip.Attach(new Hardware.SpiLineSettings(12_000_000, System.Device.Spi.SpiMode.Mode0, System.Device.Spi.DataFlow.MsbFirst));
        long before = bench.Clock.NowNs;
        bench.Chip.Select();
        long selected = bench.Clock.NowNs;
        for (int i = 0; i < 3000; i++)
        {
            bench.Chip.Exchange(i == 0 ? (byte)0x3A : (byte)0);
        }

        Assert.Equal(2_000_000, bench.Clock.NowNs - selected);
        bench.Chip.Deselect();
        Assert.True(before < selected);
    }
}
