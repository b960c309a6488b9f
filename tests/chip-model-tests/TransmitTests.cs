// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class TransmitTests
{
    private const ulong Done = 1ul << 23;

    [Fact]
    public void FullSizeFrame()
    {
        var bench = new ChipBench();
        byte[] frame = ChipBench.Frame(ChipBench.Peer, 1514);
        bench.LoadFrame(frame);
        Assert.Equal(0x1FEA, bench.ReadPair(Reg.ETXNDL));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        long start = bench.Clock.NowNs - 500;
        bench.Clock.AdvanceTo(start + 6_400 + (1518 * 800) - 1);
        Assert.Equal(Econ1.TXRTS, bench.Chip.PeekRegister(Reg.ECON1) & Econ1.TXRTS);
        bench.Clock.Advance(1);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & Econ1.TXRTS);
        Assert.Equal(Eir.TXIF, bench.Read(Reg.EIR));
        Assert.Equal(ChipBench.WithFcs(frame), Assert.Single(bench.Sent));
        Assert.Equal(start + 6_400 + (1518 * 800), bench.SentAt[0]);

        // Seven bytes, 1FEBh to 1FF1h, and no more.
        var after = new byte[1];
        bench.Chip.PeekMemory(0x1FF2, after);
        Assert.Equal(1518ul | Done | (1ul << 22) | (1518ul << 32), bench.TransmitStatus(0x1FEA));
        bench.AssertClean();
    }

    [Fact]
    public void StatusVectorDoesNotTouchTheByteAfterIt()
    {
        var bench = new ChipBench();
        bench.WriteMemory(0x1FEB, 1, 2, 3, 4, 5, 6, 7, 8);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 1514));
        Assert.Equal(8, bench.ReadMemory(0x1FF2, 1)[0]);
    }

    [Theory]
    [InlineData(0x32, 0, 14, 64, true)]
    [InlineData(0x32, 0, 60, 64, true)]
    [InlineData(0x32, 0, 61, 65, true)]
    [InlineData(0x72, 0, 14, 68, true)]
    [InlineData(0xF2, 0, 14, 68, true)]
    [InlineData(0x12, 0, 14, 18, true)]
    [InlineData(0x02, 0, 14, 14, false)]
    [InlineData(0xB2, 0, 14, 64, true)]
    [InlineData(0x02, 0x07, 14, 64, true)]
    [InlineData(0x02, 0x03, 14, 18, true)]
    [InlineData(0x32, 0x01, 14, 14, false)]
    [InlineData(0x32, 0x05, 20, 64, true)]
    public void PaddingAndFcs(int macon3, byte control, int length, int onWire, bool fcsGood)
    {
        ChipBench bench = WithMacon3(macon3);
        bench.Send(ChipBench.Frame(ChipBench.Peer, length), control);
        byte[] sent = Assert.Single(bench.Sent);
        Assert.Equal(onWire, sent.Length);
        Assert.Equal(fcsGood, EthernetCrc.IsValid(sent));
        int end = ChipBench.TransmitStart + length;
        Assert.Equal(fcsGood ? 0ul : 1ul, (bench.TransmitStatus(end) >> 20) & 1);
        Assert.Equal((ulong)onWire, bench.TransmitStatus(end) & 0xFFFF);
        bench.AssertClean();
    }

    [Fact]
    public void VlanFramesArePaddedTo64WithPadcfg5()
    {
        ChipBench bench = WithMacon3(0xB2);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 20, 0x8100));
        Assert.Equal(68, Assert.Single(bench.Sent).Length);
        Assert.Equal(1ul, bench.TransmitStatus(ChipBench.TransmitStart + 20) >> 51);
    }

    [Fact]
    public void OwnFcsIsSentAsItIs()
    {
        ChipBench bench = WithMacon3(0x02);
        byte[] frame = ChipBench.WithFcs(ChipBench.Frame(ChipBench.Peer));
        bench.Send(frame);
        Assert.Equal(frame, Assert.Single(bench.Sent));
        Assert.Equal(0ul, (bench.TransmitStatus(ChipBench.TransmitStart + 64) >> 20) & 1);
    }

    [Fact]
    public void PaddingWithoutFcsIsFound()
    {
        ChipBench bench = WithMacon3(0xA4);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 20));
        bench.AssertViolated(ViolationRule.MacSetup);
        Assert.Equal(20, Assert.Single(bench.Sent).Length);
    }

    [Fact]
    public void OversizeIsAborted()
    {
        var bench = new ChipBench();
        bench.Send(ChipBench.Frame(ChipBench.Peer, 1515), start: 0x1A00);
        Assert.Equal(Eir.TXIF | Eir.TXERIF, bench.Read(Reg.EIR));
        Assert.Equal(Estat.TXABRT, bench.Read(Reg.ESTAT) & Estat.TXABRT);
        Assert.Equal(1ul << 30, bench.TransmitStatus(0x1A00 + 1515) & ((1ul << 30) | Done));
        Assert.False(EthernetCrc.IsValid(Assert.Single(bench.Sent)));
        Assert.Equal(1, bench.Chip.Counters.TransmitAborts);
    }

    [Fact]
    public void OversizeIsAllowedByTheControlByte()
    {
        var bench = new ChipBench();
        bench.Send(ChipBench.Frame(ChipBench.Peer, 1515), 0x0F);
        Assert.Equal(1519, Assert.Single(bench.Sent).Length);
        Assert.Equal(Eir.TXIF, bench.Read(Reg.EIR));
    }

    [Fact]
    public void MissingControlByteEatsTheFirstByte()
    {
        var bench = new ChipBench();
        bench.WriteMemory(ChipBench.TransmitStart, ChipBench.Frame([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]));
        bench.WritePair(Reg.ETXNDL, ChipBench.TransmitStart + 59);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        bench.AssertViolated(ViolationRule.TransmitBuffer);
        Assert.Equal(ChipBench.Peer[0], Assert.Single(bench.Sent)[5]);
    }

    [Fact]
    public void EndTooLowIsFound()
    {
        var bench = new ChipBench();
        bench.WritePair(Reg.ETXNDL, ChipBench.TransmitStart);
        bench.WriteMemory(ChipBench.TransmitStart, 0);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        bench.AssertViolated(ViolationRule.TransmitBuffer);
    }

    [Fact]
    public void StatusVectorInTheReceiveBufferIsFoundAndHappens()
    {
        var bench = new ChipBench();
        bench.Send(ChipBench.Frame(ChipBench.Peer, 100), start: 0x2000 - 102);
        bench.AssertViolated(ViolationRule.TransmitOverlap);
        Assert.Equal(104, bench.ReadMemory(0x1FFF, 1)[0]);
        Assert.Equal(0, bench.ReadMemory(0, 1)[0]);
    }

    [Fact]
    public void TouchingAnythingWhileTransmittingIsFound()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Write(Reg.ETXNDL, bench.Read(Reg.ETXNDL));
        bench.WriteMemory(ChipBench.TransmitStart + 500, 0xEE);
        bench.Write(Reg.MABBIPG, 0x12);
        Assert.Equal(4, bench.Chip.Violations.CountOf(ViolationRule.TransmitBusy));
        bench.Clock.Advance(2_000_000);
        Assert.Equal(0xEE, Assert.Single(bench.Sent)[499]);
    }

    [Fact]
    public void SecondSlotMayBeFilledWhileTransmitting()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 600));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.WriteMemory(0x1D00, 1, 2, 3);
        bench.AssertClean();
    }

    [Fact]
    public void ReadModifyWriteOfEcon1SendsTwice()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        byte econ1 = bench.Read(Reg.ECON1);
        bench.Clock.Advance(200_000);
        bench.Write(Reg.ECON1, econ1);
        bench.Clock.Advance(200_000);
        Assert.Equal(2, bench.Sent.Count);
    }

    [Fact]
    public void GapBetweenOwnFrames()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        while (bench.Sent.Count == 0)
        {
            bench.Clock.Advance(100);
        }

        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Equal(9_600 + 6_400 + (64 * 800), bench.SentAt[1] - bench.SentAt[0]);
    }

    [Fact]
    public void WrongGapIsFound()
    {
        var bench = new ChipBench();
        bench.Write(Reg.MABBIPG, 0x0C);
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        bench.AssertViolated(ViolationRule.MacSetup);
    }

    [Fact]
    public void EarlyCollisionsAreRetried()
    {
        var bench = new ChipBench();
        bench.Chip.ScriptCollision(10, 3);
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        Assert.Single(bench.Sent);
        ulong status = bench.TransmitStatus(ChipBench.TransmitStart + 60);
        Assert.Equal(3ul, (status >> 16) & 0xF);
        Assert.Equal(64ul + 30, (status >> 32) & 0xFFFF);
        Assert.Equal(Done, status & Done);
        Assert.Equal(Eir.TXIF, bench.Read(Reg.EIR));
        Assert.Equal(0, bench.Read(Reg.ESTAT) & Estat.TXABRT);
        Assert.Equal(3, bench.Chip.Counters.Collisions);
        bench.AssertClean();
    }

    [Fact]
    public void ExcessiveCollisionsAbortAndStallTheTransmitter()
    {
        var bench = new ChipBench();
        bench.Chip.ScriptCollision(10, 16);
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        bench.Clock.Advance(600_000_000);
        Assert.Equal(Eir.TXIF | Eir.TXERIF, bench.Read(Reg.EIR));
        Assert.Equal(Estat.TXABRT, bench.Read(Reg.ESTAT) & Estat.TXABRT);
        Assert.Equal(1ul << 28, bench.TransmitStatus(ChipBench.TransmitStart + 60) & ((1ul << 28) | Done));
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.TXRTS);

        // Erratum 12: the next one never ends ...
        bench.Clear(Reg.EIR, Eir.TXIF | Eir.TXERIF);
        bench.Clear(Reg.ESTAT, Estat.TXABRT);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(100_000_000);
        Assert.Equal(Econ1.TXRTS, bench.Read(Reg.ECON1) & Econ1.TXRTS);
        Assert.Empty(bench.Sent);

        // ... until the logic is reset, whose release raises a false TXERIF.
        bench.Set(Reg.ECON1, Econ1.TXRST);
        bench.Clear(Reg.ECON1, Econ1.TXRST);
        Assert.Equal(Eir.TXERIF, bench.Read(Reg.EIR) & Eir.TXERIF);
        bench.Clear(Reg.EIR, Eir.TXIF | Eir.TXERIF);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Single(bench.Sent);
        Assert.Equal(Eir.TXIF, bench.Read(Reg.EIR));
        bench.AssertClean();
    }

    [Fact]
    public void WithoutErratum12TheNextFrameGoes()
    {
        var bench = new ChipBench(new ChipOptions { Errata = ErrataOptions.None() });
        bench.Chip.ScriptCollision(60);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 100));
        Assert.Equal(Estat.LATECOL | Estat.TXABRT, bench.Read(Reg.ESTAT) & (Estat.LATECOL | Estat.TXABRT));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Single(bench.Sent);
    }

    [Theory]
    [InlineData(0x37, 0x37, false)]
    [InlineData(0x37, 0x38, true)]
    [InlineData(0x3F, 0x3F, false)]
    public void LateCollision(int window, int atByte, bool late)
    {
        var bench = new ChipBench();
        bench.Write(Reg.MACLCON2, window);
        bench.Chip.ScriptCollision(atByte);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 100));
        ulong status = bench.TransmitStatus(ChipBench.TransmitStart + 100);
        Assert.Equal(late ? 1ul : 0ul, (status >> 29) & 1);
        Assert.Equal(late ? 0 : 1, bench.Sent.Count);

        // Erratum 15: LATECOL does not say so.
        Assert.Equal(late ? Estat.TXABRT : 0, bench.Read(Reg.ESTAT) & (Estat.TXABRT | Estat.LATECOL));
    }

    [Fact]
    public void FalseLateCollisionLeavesTxrtsSetWithoutTxif()
    {
        var bench = new ChipBench();
        bench.Chip.ScriptFalseCollision(100);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 500));
        Assert.Equal(Econ1.TXRTS, bench.Read(Reg.ECON1) & Econ1.TXRTS);
        Assert.Equal(Eir.TXERIF, bench.Read(Reg.EIR));
        Assert.Equal(1ul, (bench.TransmitStatus(ChipBench.TransmitStart + 500) >> 29) & 1);
        bench.Clear(Reg.ECON1, Econ1.TXRTS);
        Assert.Equal(Eir.TXERIF | Eir.TXIF, bench.Read(Reg.EIR));
        bench.Set(Reg.ECON1, Econ1.TXRST);
        bench.Clear(Reg.ECON1, Econ1.TXRST);
        bench.Clear(Reg.EIR, Eir.TXERIF | Eir.TXIF);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Single(bench.Sent);
        bench.AssertClean();
    }

    [Fact]
    public void Erratum13StrikesAtRandomOnlyOnB5AndB7()
    {
        foreach ((byte revision, bool strikes) in new[] { (ChipOptions.RevisionB7, true), (ChipOptions.RevisionB5, true), (ChipOptions.RevisionB4, false) })
        {
            var options = new ChipOptions { Revision = revision };
            options.Errata[13] = 1;
            var bench = new ChipBench(options);
            bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1500));
            bench.Set(Reg.ECON1, Econ1.TXRTS);
            bench.Clock.Advance(2_000_000);
            Assert.Equal(strikes, bench.Chip.Counters.Collisions > 0);
        }
    }

    [Fact]
    public void CollisionsDoNotExistInFullDuplex()
    {
        var bench = new ChipBench(fullDuplex: true);
        bench.Chip.ScriptCollision(100, 5);
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        Assert.Single(bench.Sent);
        Assert.Equal(0, bench.Chip.Counters.Collisions);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0x40, 10_000_000, true)]
    [InlineData(0x00, 10_000_000, false)]
    [InlineData(0x00, 2_000_000, true)]
    public void BusyMedium(int macon4, long busyNs, bool sent)
    {
        var bench = new ChipBench();
        bench.Write(Reg.MACON4, macon4);
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        bench.Chip.OccupyMedium(busyNs);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Empty(bench.Sent);
        bench.Clock.Advance(20_000_000);
        ulong status = bench.TransmitStatus(ChipBench.TransmitStart + 60);
        Assert.Equal(sent ? 1 : 0, bench.Sent.Count);
        Assert.Equal(sent ? 0ul : 1ul, (status >> 27) & 1);
        Assert.Equal(1ul, (status >> 26) & 1);
        Assert.Equal(sent ? 0 : Estat.TXABRT, bench.Read(Reg.ESTAT) & Estat.TXABRT);
    }

    [Fact]
    public void HalfDuplexWaitsForTheForeignFrameAndTheForeignForOurs()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(0);
        long start = bench.Clock.NowNs;
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(5_000_000);
        long firstEnd = start + 6_400 + (1004 * 800);
        long ownEnd = firstEnd + 9_600 + 6_400 + (64 * 800);
        Assert.Equal(ownEnd, bench.SentAt[0]);
        Assert.Equal(1ul, (bench.TransmitStatus(ChipBench.TransmitStart + 60) >> 26) & 1);
        Assert.Equal(2, bench.Read(Reg.EPKTCNT));
        bench.AssertClean();
    }

    [Fact]
    public void FullDuplexDoesBothAtOnce()
    {
        var bench = new ChipBench(fullDuplex: true);
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(10_000);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(100_000);
        Assert.Single(bench.Sent);
        Assert.True(bench.Chip.IsReceiving);
    }

    [Fact]
    public void PauseFrameHoldsTheTransmitterBack()
    {
        var bench = new ChipBench(fullDuplex: true);
        bench.Deliver(FilterTests.PauseFrame(1000));
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(50_000_000);
        Assert.Empty(bench.Sent);
        Assert.Equal(Econ1.TXRTS, bench.Read(Reg.ECON1) & Econ1.TXRTS);
        bench.Clock.Advance(2_000_000);
        Assert.Single(bench.Sent);
        Assert.Equal(1, bench.Chip.Counters.PauseFramesReceived);
        bench.Deliver(FilterTests.PauseFrame(0xFFFF));
        bench.Deliver(FilterTests.PauseFrame(0));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(1_000_000);
        Assert.Equal(2, bench.Sent.Count);
    }

    [Fact]
    public void FlowControlSendsPauseFrames()
    {
        var bench = new ChipBench(fullDuplex: true);
        bench.WritePair(Reg.EPAUSL, 100);
        bench.Write(Reg.EFLOCON, 0x02);
        Assert.Equal(0x06, bench.Read(Reg.EFLOCON));
        bench.Clock.Advance(10_000_000);
        Assert.Equal(3, bench.Sent.Count);
        Assert.Equal<byte>([0, 1, 0, 100], bench.Sent[0][14..18]);
        bench.Write(Reg.EFLOCON, 0x03);
        bench.Clock.Advance(10_000_000);
        Assert.Equal(4, bench.Sent.Count);
        Assert.Equal<byte>([0, 1, 0, 0], bench.Sent[3][14..18]);
        Assert.Equal(0x04, bench.Read(Reg.EFLOCON));
    }

    [Fact]
    public void TransmitResetCutsTheFrame()
    {
        var bench = new ChipBench();
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(200_000);
        bench.Set(Reg.ECON1, Econ1.TXRST);
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.TXRTS);
        byte[] sent = Assert.Single(bench.Sent);
        Assert.InRange(sent.Length, 200, 300);
        Assert.False(EthernetCrc.IsValid(sent));
        bench.AssertViolated(ViolationRule.FrameCut);
        Assert.Equal(1, bench.Chip.Counters.FramesCut);
    }

    [Theory]
    [InlineData(false, Estat.TXABRT)]
    [InlineData(true, 0)]
    public void WhetherTransmitResetClearsTxabrtIsOpen(bool clears, int expected)
    {
        var bench = new ChipBench(new ChipOptions { TransmitResetClearsAbortFlags = clears });
        bench.Chip.ScriptCollision(60);
        bench.Send(ChipBench.Frame(ChipBench.Peer, 100));
        bench.Set(Reg.ECON1, Econ1.TXRST);
        bench.Clear(Reg.ECON1, Econ1.TXRST);
        Assert.Equal(expected, bench.Read(Reg.ESTAT) & Estat.TXABRT);
    }

    [Theory]
    [InlineData(NoLinkTransmit.Completes, 0, Eir.TXIF)]
    [InlineData(NoLinkTransmit.NeverEnds, Econ1.TXRTS, 0)]
    [InlineData(NoLinkTransmit.Aborts, 0, Eir.TXIF | Eir.TXERIF)]
    public void WithoutALink(NoLinkTransmit option, int txrts, int flags)
    {
        var bench = new ChipBench(new ChipOptions { TransmitWithoutLink = option });
        bench.Chip.LinkUp = false;
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        Assert.Empty(bench.Sent);
        Assert.Equal(txrts, bench.Read(Reg.ECON1) & Econ1.TXRTS);
        Assert.Equal(flags, bench.Read(Reg.EIR) & (Eir.TXIF | Eir.TXERIF));
    }

    [Fact]
    public void TxrtsWhileInTransmitResetIsFound()
    {
        var bench = new ChipBench();
        bench.Set(Reg.ECON1, Econ1.TXRST);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        Assert.Equal(0, bench.Read(Reg.ECON1) & Econ1.TXRTS);
        bench.AssertViolated(ViolationRule.TransmitBusy);
    }

    private static ChipBench WithMacon3(int value)
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Write(Reg.MACON3, value);
        return bench;
    }
}
