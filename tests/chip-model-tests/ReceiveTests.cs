// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class ReceiveTests
{
    [Fact]
    public void FirstUnicastFrameOf64Bytes()
    {
        var bench = new ChipBench();
        byte[] frame = ChipBench.Frame(ChipBench.Station);
        bench.Deliver(frame);
        Assert.Equal<byte>([0x46, 0x00, 0x40, 0x00, 0xC0, 0x00], bench.ReadMemory(0, 6));
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        Assert.Equal(0x0046, bench.ReadPair(Reg.ERXWRPTL));
        Assert.Equal(ChipBench.WithFcs(frame), bench.Take());
        Assert.Equal(0x0045, bench.ReadPair(Reg.ERXRDPTL));
        Assert.Equal(0, bench.Chip.PacketsInMemory);
        bench.AssertClean();
    }

    [Fact]
    public void OddLengthIsPaddedToAnEvenNextPacket()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station, 61));
        (int next, uint status, byte[] frame) = bench.ReadPacket();
        Assert.Equal(6 + 66, next);
        Assert.Equal(65u, status & 0xFFFF);
        Assert.Equal(65, frame.Length);
    }

    [Fact]
    public void StatusVectorFlags()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Write(Reg.ERXFCON, 0);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        Assert.Equal(0x00C0u, Status(bench, ChipBench.Frame(ChipBench.Station)));
        Assert.Equal(0x01C0u, Status(bench, ChipBench.Frame([0x01, 0, 0x5E, 0, 0, 1])));
        Assert.Equal(0x02C0u, Status(bench, ChipBench.Frame([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])));
        Assert.Equal(0x40C0u, Status(bench, ChipBench.Frame(ChipBench.Station, 60, 0x8100)));
        Assert.Equal(0x0080u, Status(bench, ChipBench.Frame(ChipBench.Station, 60, 46)));
        Assert.Equal(0x0080u, Status(bench, ChipBench.Frame(ChipBench.Station, 60, 20)));
        Assert.Equal(0x00A0u, Status(bench, ChipBench.Frame(ChipBench.Station, 100, 50)));
        bench.AssertClean();
    }

    [Fact]
    public void BroadcastMayAlsoCountAsMulticast()
    {
        var bench = new ChipBench(new ChipOptions { MulticastFlagOnBroadcast = true });
        Assert.Equal(0x03C0u, Status(bench, ChipBench.Frame([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF])));
    }

    [Fact]
    public void BadFcsIsDroppedOrMarked()
    {
        var bench = new ChipBench();
        byte[] bad = ChipBench.WithFcs(ChipBench.Frame(ChipBench.Station));
        bad[20] ^= 1;
        bench.Chip.DeliverRaw(bad);
        bench.SettleReceive();
        Assert.Equal(1, bench.Chip.Counters.DroppedByCrc);
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(0, bench.Read(Reg.EIR));
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Write(Reg.ERXFCON, 0x81);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.Chip.DeliverRaw(bad, FrameFlags.DribbleNibble | FrameFlags.CarrierEvent);
        bench.SettleReceive();
        Assert.Equal(0x0454u, bench.ReadPacket().Status >> 16);
    }

    [Fact]
    public void NinetyFiveFramesFillTheBufferAndTheNextOverflows()
    {
        var bench = new ChipBench();
        for (int i = 0; i < 95; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station));
        }

        Assert.Equal(95, bench.Read(Reg.EPKTCNT));
        Assert.Equal(0, bench.Read(Reg.EIR) & Eir.RXERIF);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(95, bench.Read(Reg.EPKTCNT));
        Assert.Equal(Eir.RXERIF, bench.Read(Reg.EIR) & Eir.RXERIF);
        Assert.Equal(Estat.BUFER, bench.Read(Reg.ESTAT) & Estat.BUFER);
        Assert.Equal(95 * 70, bench.ReadPair(Reg.ERXWRPTL));
        Assert.Equal(1, bench.Chip.Counters.DroppedByOverflow);

        // Freeing is enough to go on; the next packet reports the drop.
        for (int i = 0; i < 95; i++)
        {
            Assert.Equal(64, bench.Take().Length);
        }

        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0x00C1u, bench.ReadPacket().Status >> 16);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(200)]
    public void HeaderAndDataWrapAtTheEndOfTheBuffer(int before)
    {
        var bench = new ChipBench();
        foreach (int slot in (int[])[1524, 1524, 1524, 1524, ChipBench.ReceiveEnd + 1 - before - (4 * 1524)])
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station, slot - 10));
            bench.Take();
        }

        Assert.Equal(ChipBench.ReceiveEnd + 1 - before, bench.NextPacket);
        byte[] frame = ChipBench.Frame(ChipBench.Station, 301);
        bench.Deliver(frame);
        Assert.Equal(ChipBench.WithFcs(frame), bench.Take());
        Assert.Equal(312 - before, bench.NextPacket);
        bench.AssertClean();
    }

    [Fact]
    public void ManyFramesOfManyLengths()
    {
        var bench = new ChipBench();
        var random = new SeededRandom(3);
        for (int i = 0; i < 1000; i++)
        {
            byte[] frame = ChipBench.Frame(ChipBench.Station, 60 + random.Below(1455));
            bench.Deliver(frame);
            Assert.Equal(ChipBench.WithFcs(frame), bench.Take());
        }

        bench.AssertClean();
    }

    [Fact]
    public void FrameThatEndsAtTheWrapMeansErxndAsReadPointer()
    {
        var bench = new ChipBench();
        for (int left = 6656; left > 0;)
        {
            int slot = left is > 1524 and < 1600 ? 760 : Math.Min(left, 1524);
            bench.Deliver(ChipBench.Frame(ChipBench.Station, slot - 6 - 4));
            left -= slot;
            (int next, _, _) = bench.ReadPacket();
            Assert.Equal(left == 0 ? 0 : 6656 - left, next);
            bench.Free(next);
        }

        Assert.Equal(ChipBench.ReceiveEnd, bench.ReadPair(Reg.ERXRDPTL));
        bench.AssertClean();
    }

    [Fact]
    public void ReadPointerNeverSetStopsReceptionBelowIt()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WritePair(Reg.ERXRDPTL, 0x05FA);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        for (int i = 0; i < 30; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station));
        }

        Assert.Equal(21, bench.Read(Reg.EPKTCNT));
        bench.AssertViolated(ViolationRule.ReadPointerWrite);
    }

    [Fact]
    public void OverflowDuringReceptionIsAvoidedByFreeingInTime()
    {
        var bench = new ChipBench();
        for (int i = 0; i < 4; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station, 1514));
        }

        // 6656 - 4 * 1524 leaves 560 bytes: the fifth frame hits the barrier after about 450 us.
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1514));
        bench.Clock.Advance(300_000);
        Assert.Equal(Estat.RXBUSY, bench.Read(Reg.ESTAT) & Estat.RXBUSY);
        bench.Free(bench.ReadPacket().Next);
        bench.SettleReceive();
        Assert.Equal(Eir.RXERIF, bench.Read(Reg.EIR) & Eir.RXERIF);
        Assert.Equal(3, bench.Read(Reg.EPKTCNT));

        // The same, but freed before the barrier is hit.
        bench.Clear(Reg.EIR, Eir.RXERIF);
        bench.Deliver(ChipBench.Frame(ChipBench.Station, 1514));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1514));
        bench.Clock.Advance(300_000);
        bench.Free(bench.NextPacket + 1524);
        bench.SettleReceive();
        Assert.Equal(0, bench.Read(Reg.EIR) & Eir.RXERIF);
        Assert.Equal(4, bench.Read(Reg.EPKTCNT));
    }

    [Fact]
    public void CounterStopsAt255WithRunts()
    {
        var bench = new ChipBench();
        for (int i = 0; i < 256; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station, 14));
        }

        Assert.Equal(255, bench.Read(Reg.EPKTCNT));
        Assert.Equal(255 * 24, bench.ReadPair(Reg.ERXWRPTL));
        Assert.Equal(Eir.RXERIF, bench.Read(Reg.EIR) & Eir.RXERIF);
        Assert.Equal(1, bench.Chip.Counters.DroppedByOverflow);
    }

    [Theory]
    [InlineData(13, false)]
    [InlineData(14, true)]
    [InlineData(1514, true)]
    [InlineData(1515, false)]
    public void Lengths(int length, bool accepted)
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station, length));
        Assert.Equal(accepted ? 1 : 0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(accepted ? 0 : 1, bench.Chip.Counters.DroppedByLength);
    }

    [Fact]
    public void HugeFramesPassWithHfrmen()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Write(Reg.MACON3, 0x36);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.Deliver(ChipBench.Frame(ChipBench.Station, 3000));
        Assert.Equal(3004u, bench.ReadPacket().Status & 0xFFFF);
    }

    [Fact]
    public void ReceptionTakesWireTime()
    {
        var bench = new ChipBench();
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Clock.Advance(0);
        long start = bench.Clock.NowNs;
        bench.Clock.AdvanceTo(start + 57_599);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EPKTCNT));
        Assert.Equal(Estat.RXBUSY, bench.Chip.PeekRegister(Reg.ESTAT) & Estat.RXBUSY);
        bench.Clock.AdvanceTo(start + 57_600);
        Assert.Equal(1, bench.Chip.PeekRegister(Reg.EPKTCNT));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ESTAT) & Estat.RXBUSY);
        bench.Clock.AdvanceTo(start + 57_600 + 67_199);
        Assert.Equal(1, bench.Chip.PeekRegister(Reg.EPKTCNT));
        bench.Clock.AdvanceTo(start + 57_600 + 67_200);
        Assert.Equal(2, bench.Chip.PeekRegister(Reg.EPKTCNT));
    }

    [Fact]
    public void BytesReachMemoryWhileTheFrameComesIn()
    {
        var bench = new ChipBench();
        byte[] frame = ChipBench.WithFcs(ChipBench.Frame(ChipBench.Station, 1000));
        byte before = bench.ReadMemory(6 + 900, 1)[0];
        bench.Chip.DeliverRaw(frame);
        bench.Clock.Advance(6_400 + (500 * 800));
        Assert.Equal(frame[..400], bench.ReadMemory(6, 400));
        Assert.Equal(before, bench.Chip.IsReceiving ? bench.ReadMemory(6 + 900, 1)[0] : -1);
    }

    [Fact]
    public void NothingIsReceivedWithoutRxenOrLink()
    {
        var bench = new ChipBench();
        bench.Chip.LinkUp = false;
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.DroppedByLinkDown);
        bench.Chip.LinkUp = true;
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.DroppedByRxOff);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Chip.Counters.FramesReceived);
        Assert.Equal(3, bench.Chip.Counters.FramesOffered);
        bench.AssertClean();
    }

    [Fact]
    public void FrameInProgressSurvivesRxenOff()
    {
        var bench = new ChipBench();
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(100_000);
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.SettleReceive();
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
    }

    [Fact]
    public void ReceiveResetDropsTheFrameInProgress()
    {
        var bench = new ChipBench();
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(100_000);
        bench.Set(Reg.ECON1, Econ1.RXRST);
        Assert.Equal(0, bench.Read(Reg.ESTAT) & Estat.RXBUSY);
        bench.SettleReceive();
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(1, bench.Chip.Counters.DroppedByAbort);
    }

    [Fact]
    public void FreeingWhatWasNeverReadIsFound()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.ReadPacket();
        bench.WritePair(Reg.ERXRDPTL, 140 - 1);
        Assert.Equal(1, bench.Chip.Violations.WarningCount);
        bench.WritePair(Reg.ERXRDPTL, 210 - 1);
        bench.AssertViolated(ViolationRule.FreedUnread);
        Assert.Equal(1, bench.Chip.Violations.Count);
    }

    [Fact]
    public void FreeingSeveralPacketsAtOnceIsRight()
    {
        var bench = new ChipBench();
        for (int i = 0; i < 3; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station));
        }

        for (int i = 0; i < 3; i++)
        {
            bench.NextPacket = bench.ReadPacket().Next;
            bench.Set(Reg.ECON2, Econ2.PKTDEC);
        }

        Assert.Equal(3, bench.Chip.PacketsInMemory);
        bench.WritePair(Reg.ERXRDPTL, ChipBench.FreePointer(bench.NextPacket));
        Assert.Equal(0, bench.Chip.PacketsInMemory);
        bench.AssertClean();
    }

    [Fact]
    public void WriteIntoTheReceiveBufferIsFoundAndHappens()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.WriteMemory(20, 0xEE);
        Assert.Equal(0xEE, bench.ReadMemory(20, 1)[0]);
        bench.AssertViolated(ViolationRule.WriteIntoReceiveBuffer);
    }

    [Fact]
    public void BufferLimitsChangedInOperationAreFound()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Write(Reg.ERXNDL, 0xFF);
        bench.AssertViolated(ViolationRule.ReceiveSetup);
        Assert.Equal(0x46, bench.ReadPair(Reg.ERXWRPTL));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(0x46, bench.ReadPair(Reg.ERXWRPTL));
    }

    [Fact]
    public void EvenReadPointerCorruptsTheNextPacketPointer()
    {
        var bench = new ChipBench();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.WritePair(Reg.ERXRDPTL, 0x46);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        byte[] header = bench.ReadMemory(0x46, 2);
        Assert.NotEqual(0x8C, header[0] | (header[1] << 8));
    }

    [Fact]
    public void BufferNotAtZeroIsFoundAndSpills()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WritePair(Reg.ERXSTL, 0x0600);
        bench.WritePair(Reg.ERXRDPTL, ChipBench.ReceiveEnd);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.AssertViolated(ViolationRule.BufferStart);
        var before = new byte[16];
        var after = new byte[16];
        bench.Chip.PeekMemory(0x0600 - 16, before);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Chip.PeekMemory(0x0600 - 16, after);
        Assert.NotEqual(before, after);
    }

    [Fact]
    public void RxenWithoutMarxenOrPointersIsFound()
    {
        var bench = new ChipBench(start: false);
        bench.Clock.Advance(300_000);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.AssertViolated(ViolationRule.ReceiveSetup);
        bench.AssertViolated(ViolationRule.BufferStart);
        bench.AssertViolated(ViolationRule.ReadPointerWrite);
    }

    [Fact]
    public void FilterChangeInOperationIsAWarningAndAnErrorWhileReceiving()
    {
        var bench = new ChipBench();
        bench.Write(Reg.ERXFCON, 0xA3);
        Assert.Equal(0, bench.Chip.Violations.Count);
        Assert.Equal(1, bench.Chip.Violations.WarningCount);
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Clock.Advance(10_000);
        bench.Write(Reg.ERXFCON, 0xA1);
        bench.AssertViolated(ViolationRule.FilterChange);
        Assert.Equal(1, bench.Chip.Violations.Count);
    }

    [Fact]
    public void OwnFramesComeBackInHalfDuplexWithoutHdldis()
    {
        var bench = new ChipBench();
        bench.WritePhy(0x10, 0);
        byte[] frame = ChipBench.Frame([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]);
        bench.Send(frame);
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        Assert.Equal(ChipBench.WithFcs(frame), bench.Take());
        Assert.True(bench.Chip.Violations.CountOf(ViolationRule.Loopback) > 0);
    }

    [Fact]
    public void PointerOutsideOfTheBufferNeverStops()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.WritePair(Reg.ERXRDPTL, 0x1B01);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        for (int i = 0; i < 100; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station));
        }

        Assert.Equal(100, bench.Read(Reg.EPKTCNT));
        bench.AssertViolated(ViolationRule.ReadPointerOutside);
    }

    [Fact]
    public void ChipCanGoDeafAfterOverflowUntilReset()
    {
        var bench = new ChipBench();
        bench.Chip.Faults.DeafAfterOverflow = true;
        for (int i = 0; i < 96; i++)
        {
            bench.Deliver(ChipBench.Frame(ChipBench.Station));
        }

        bench.Take();
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(94, bench.Read(Reg.EPKTCNT));
        bench.Set(Reg.ECON1, Econ1.RXRST);
        bench.Clear(Reg.ECON1, Econ1.RXRST);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(95, bench.Read(Reg.EPKTCNT));
    }

    private static uint Status(ChipBench bench, byte[] frame)
    {
        bench.Deliver(frame);
        (int next, uint status, byte[] received) = bench.ReadPacket();
        Assert.Equal(ChipBench.WithFcs(frame), received);
        bench.Free(next);
        return status >> 16;
    }
}
