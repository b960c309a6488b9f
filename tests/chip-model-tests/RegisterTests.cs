// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class RegisterTests
{
    [Theory]
    [InlineData(Reg.ERDPTL, 0x05FA)]
    [InlineData(Reg.ERXSTL, 0x05FA)]
    [InlineData(Reg.ERXNDL, 0x1FFF)]
    [InlineData(Reg.ERXRDPTL, 0x05FA)]
    [InlineData(Reg.ERXWRPTL, 0x0000)]
    [InlineData(Reg.MAMXFLL, 0x0600)]
    [InlineData(Reg.EPAUSL, 0x1000)]
    public void PairsAfterReset(int low, int expected) => Assert.Equal(expected, Fresh().ReadPair(low));

    [Theory]
    [InlineData(Reg.ERXFCON, 0xA1)]
    [InlineData(Reg.MACLCON1, 0x0F)]
    [InlineData(Reg.MACLCON2, 0x37)]
    [InlineData(Reg.EREVID, 0x06)]
    [InlineData(Reg.ECOCON, 0x04)]
    [InlineData(Reg.ECON2, 0x80)]
    [InlineData(Reg.ECON1, 0x00)]
    [InlineData(Reg.ESTAT, 0x01)]
    [InlineData(Reg.EIR, 0x00)]
    [InlineData(Reg.MACON1, 0x00)]
    public void RegistersAfterReset(int register, int expected) => Assert.Equal(expected, Fresh().Read(register));

    [Theory]
    [InlineData(ChipOptions.RevisionB1)]
    [InlineData(ChipOptions.RevisionB4)]
    [InlineData(ChipOptions.RevisionB5)]
    public void RevisionIsSelectable(byte revision) =>
        Assert.Equal(revision, new ChipBench(new ChipOptions { Revision = revision }).Read(Reg.EREVID));

    [Fact]
    public void PointersHave13Bits()
    {
        var bench = new ChipBench();
        bench.WritePair(Reg.EWRPTL, 0xFFFF);
        Assert.Equal(0x1FFF, bench.ReadPair(Reg.EWRPTL));
    }

    [Fact]
    public void UnimplementedReadsZeroAndIgnoresWrites()
    {
        var bench = new ChipBench();
        bench.Write(0x18, 0x55);
        Assert.Equal(0, bench.Read(0x18));
        Assert.Equal(0, bench.Chip.Violations.Count);
        Assert.Equal(1, bench.Chip.Violations.WarningCount);
    }

    [Theory]
    [InlineData(Reg.EPKTCNT)]
    [InlineData(Reg.ERXWRPTL)]
    [InlineData(Reg.EREVID)]
    [InlineData(Reg.MISTAT)]
    [InlineData(Reg.MIRDL)]
    public void ReadOnlyRegistersDoNotTakeWrites(int register)
    {
        var bench = new ChipBench();
        byte before = bench.Read(register);
        bench.Write(register, 0x5A);
        Assert.Equal(before, bench.Read(register));
        bench.AssertViolated(ViolationRule.ReadOnly);
    }

    [Fact]
    public void ReservedBitsMustStayZero()
    {
        var bench = new ChipBench();
        bench.Set(Reg.EIE, 0x04);
        bench.AssertViolated(ViolationRule.ReservedAddress);
        Assert.Equal(0, bench.Read(Reg.EIE) & 0x04);
    }

    [Fact]
    public void StaleBankHitsAnotherRegister()
    {
        var bench = new ChipBench();
        bench.SelectBank(Reg.ERXFCON);
        bench.Transfer(0xFF);
        bench.Clock.Advance(1_000_000);

        // The cache says bank 1, the chip is back in bank 0: address 18h is unimplemented there.
        bench.Transfer(0x58, 0x00);
        Assert.Equal(0xA1, bench.Chip.PeekRegister(Reg.ERXFCON));
        Assert.Equal(1, bench.Chip.Violations.WarningCount);
    }

    [Fact]
    public void ReceiveReadPointerTakesEffectWithItsHighByte()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Write(Reg.ERXRDPTL, 0x33);
        Assert.Equal(ChipBench.ReceiveEnd, bench.ReadPair(Reg.ERXRDPTL));
        bench.Write(Reg.ERXRDPTH, 0x02);
        Assert.Equal(0x0233, bench.ReadPair(Reg.ERXRDPTL));
        bench.AssertClean();
        bench.Write(Reg.ERXRDPTH, 0x03);
        bench.AssertViolated(ViolationRule.ReadPointerWrite);
    }

    [Fact]
    public void EvenReceiveReadPointerIsFound()
    {
        var bench = new ChipBench();
        bench.WritePair(Reg.ERXRDPTL, 0x0100);
        bench.AssertViolated(ViolationRule.ReadPointerWrite);
    }

    [Fact]
    public void BufferReadWrapsAtErxndOnlyByEquality()
    {
        var bench = new ChipBench();
        bench.WriteMemory(0x0000, 0xA0, 0xA1);
        bench.WriteMemory(0x19FE, 0xB0, 0xB1);
        bench.WriteMemory(0x1A00, 0xC0, 0xC1);
        bench.WriteMemory(0x1FFF, 0xD0, 0xA0);
        Assert.Equal<byte>([0xB0, 0xB1, 0xA0, 0xA1], bench.ReadMemory(0x19FE, 4));
        Assert.Equal<byte>([0xC0, 0xC1], bench.ReadMemory(0x1A00, 2));
        Assert.Equal<byte>([0xD0, 0xA0, 0xA1], bench.ReadMemory(0x1FFF, 3));
    }

    [Fact]
    public void BufferWriteWrapsOnlyAtTheEndOfMemory()
    {
        var bench = new ChipBench(start: false);
        bench.Clock.Advance(300_000);
        bench.WritePair(Reg.ERXNDL, 0x19FF);
        bench.WriteMemory(0x19FF, 1, 2);
        bench.WriteMemory(0x1FFF, 3, 4);
        Assert.Equal(2, bench.ReadMemory(0x1A00, 1)[0]);
        Assert.Equal(4, bench.ReadMemory(0x0000, 1)[0]);
        Assert.Equal(0x0001, bench.ReadPair(Reg.EWRPTL));
    }

    [Fact]
    public void WithoutAutoincAllBytesHitOneAddress()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON2, Econ2.AUTOINC);
        bench.WriteMemory(0x1B00, 1, 2, 3);
        Assert.Equal<byte>([3, 3], bench.ReadMemory(0x1B00, 2));
        Assert.Equal(0x1B00, bench.ReadPair(Reg.EWRPTL));
    }

    [Fact]
    public void PacketDecrementByPlainWriteClearsAutoinc()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Write(Reg.ECON2, Econ2.PKTDEC);
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(0, bench.Read(Reg.ECON2));
    }

    [Fact]
    public void PacketDecrementAtZeroIsIgnoredAndFound()
    {
        var bench = new ChipBench();
        bench.Set(Reg.ECON2, Econ2.PKTDEC);
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        bench.AssertViolated(ViolationRule.PacketCounter);
    }

    [Fact]
    public void FlagsCanBeClearedButNotSet()
    {
        var bench = new ChipBench();
        bench.Set(Reg.EIR, Eir.TXIF | Eir.TXERIF);
        Assert.Equal(0, bench.Read(Reg.EIR));
        bench.Set(Reg.ESTAT, Estat.TXABRT | Estat.LATECOL);
        Assert.Equal(Estat.CLKRDY, bench.Read(Reg.ESTAT));
    }

    [Fact]
    public void BankChangeByPlainWriteThatDropsReceiveIsFound()
    {
        var bench = new ChipBench();
        bench.Write(Reg.ECON1, 0x01);
        Assert.Equal(0x01, bench.Read(Reg.ECON1));
        bench.AssertViolated(ViolationRule.BankWriteDropsReceive);
    }

    [Fact]
    public void ViolationSaysWhatWhereAndWhen()
    {
        var bench = new ChipBench();
        bench.Set(Reg.MACON3, 1);
        ChipViolation violation = Assert.Single(bench.Chip.Violations.Items);
        Assert.Equal("T04", violation.RuleId);
        Assert.Equal(2, violation.Bank);
        Assert.Equal(2, violation.Address);
        Assert.True(violation.TimeNs > 0);
        Assert.Contains("MACON3", violation.ToString());
        Assert.Contains("T04", bench.Chip.Violations.ToString());
    }

    private static ChipBench Fresh()
    {
        var bench = new ChipBench(start: false);
        bench.Clock.Advance(1_000_000);
        return bench;
    }
}
