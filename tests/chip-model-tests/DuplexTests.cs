// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

/// <summary>Partners with another duplex mode, backpressure, PHY loopback.</summary>
public class DuplexTests
{
    [Fact]
    public void APartnerInFullDuplexCausesLateCollisions()
    {
        var bench = new ChipBench();
        bench.Chip.PartnerFullDuplex = true;
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(400_000);
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Clock.Advance(2_000_000);
        Assert.Empty(bench.Sent);
        Assert.Equal(1, bench.Chip.Counters.DroppedByCollision);
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(Eir.TXIF | Eir.TXERIF, bench.Read(Reg.EIR) & (Eir.TXIF | Eir.TXERIF));
        Assert.Equal(1ul, (bench.TransmitStatus(ChipBench.TransmitStart + 1000) >> 29) & 1);
        Assert.Equal(Estat.TXABRT, bench.Read(Reg.ESTAT) & Estat.TXABRT);
    }

    [Fact]
    public void ACollisionWithinTheWindowIsRetriedEvenThen()
    {
        var bench = new ChipBench();
        bench.Chip.PartnerFullDuplex = true;
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(20_000);
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Clock.Advance(5_000_000);
        Assert.Single(bench.Sent);
        Assert.Equal(1ul, (bench.TransmitStatus(ChipBench.TransmitStart + 1000) >> 16) & 15);
        bench.AssertClean();
    }

    [Fact]
    public void APartnerInHalfDuplexLosesBothFramesAndTheChipDoesNotKnow()
    {
        var bench = new ChipBench(fullDuplex: true);
        bench.Chip.PartnerFullDuplex = false;
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(100_000);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(5_000_000);
        Assert.False(EthernetCrc.IsValid(Assert.Single(bench.Sent)));
        Assert.Equal(1, bench.Chip.Counters.DroppedByCollision);
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(Eir.TXIF, bench.Read(Reg.EIR) & (Eir.TXIF | Eir.TXERIF));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
    }

    [Fact]
    public void ReceptionGoesOnWhileTheChipStartsToSend()
    {
        var bench = new ChipBench(fullDuplex: true);
        bench.LoadFrame(ChipBench.Frame(ChipBench.Peer, 1000));
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station, 1000));
        bench.Clock.Advance(100_000);
        bench.Set(Reg.ECON1, Econ1.TXRTS);
        bench.Clock.Advance(5_000_000);
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        Assert.True(EthernetCrc.IsValid(Assert.Single(bench.Sent)));
        bench.AssertClean();
    }

    [Fact]
    public void BackpressureKeepsThePartnerSilent()
    {
        var bench = new ChipBench();
        bench.Write(Reg.EFLOCON, 0x01);
        bench.Chip.Deliver(ChipBench.Frame(ChipBench.Station));
        bench.Clock.Advance(10_000_000);
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        Assert.Single(bench.Sent);
        Assert.Equal(1ul, (bench.TransmitStatus(ChipBench.TransmitStart + 60) >> 50) & 1);
        bench.Write(Reg.EFLOCON, 0x00);
        bench.SettleReceive();
        Assert.Equal(1, bench.Read(Reg.EPKTCNT));
        bench.Send(ChipBench.Frame(ChipBench.Peer));
        Assert.Equal(0ul, (bench.TransmitStatus(ChipBench.TransmitStart + 60) >> 50) & 1);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void PhyLoopbackReturnsOwnFramesMoreOrLess(double erratum10, int good)
    {
        var options = new ChipOptions();
        options.Errata[10] = erratum10;
        var bench = new ChipBench(options, fullDuplex: true);
        bench.WritePhy(0x00, 0x4100);
        bench.Send(ChipBench.Frame(ChipBench.Station));
        Assert.Empty(bench.Sent);
        Assert.Equal(good, bench.Read(Reg.EPKTCNT));
        bench.Deliver(ChipBench.Frame(ChipBench.Station));
        Assert.Equal(good, bench.Read(Reg.EPKTCNT));
        bench.AssertViolated(ViolationRule.Loopback);
    }

    [Fact]
    public void HalfDuplexLoopbackIsUnreliable()
    {
        var options = new ChipOptions();
        options.Errata[9] = 1;
        var bench = new ChipBench(options);
        bench.WritePhy(0x10, 0);
        bench.Send(ChipBench.Frame(ChipBench.Station));
        Assert.Single(bench.Sent);
        Assert.True(EthernetCrc.IsValid(bench.Sent[0]));
        Assert.Equal(0, bench.Read(Reg.EPKTCNT));
        Assert.Equal(1, bench.Chip.Counters.DroppedByCrc + bench.Chip.Counters.DroppedByFilter);
    }
}
