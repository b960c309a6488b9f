// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>T47 to T52: interrupts, PHY, link, address, status registers.</summary>
public class LinkTrapTests
{
    [Fact]
    public void T47NothingDependsOnAnEdge()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Faults.InterruptEdgeLoss = 1;
        bench.Chip.Faults.InterruptPinDead = true;
        bench.Exercise();
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10_000)]
    [InlineData(250_000_000)]
    public void T48EveryEdgeOfTheLinkIsSeenWithoutHurryingTheMii(long stepNs)
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 6; i++)
        {
            bool up = i % 2 == 1;
            bench.Chip.LinkUp = up;
            long end = bench.Clock.NowNs + 2_000_000_000;
            while (bench.Driver.IsLinkUp != up && bench.Clock.NowNs < end)
            {
                bench.Tap.BeginCall();
                bench.Driver.Poll(bench.Now);
                bench.Clock.Advance(stepNs);
            }

            Assert.Equal(up, bench.Driver.IsLinkUp);
        }

        bench.AssertClean();
    }

    [Fact]
    public void T49PhyWritesAreLowThenHighAndReadsAreTakenBack()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Run(2000);
        List<SpiWindow> log = bench.Tap.Instructions;
        int writes = 0;
        for (int i = 0; i < log.Count; i++)
        {
            if (log[i].IsWriteOf(Reg.MIWRH))
            {
                Assert.True(log[i - 1].IsWriteOf(Reg.MIWRL), log[i - 1].ToString());
                int command = log.FindLastIndex(i, w => w.IsWriteOf(Reg.MICMD));
                Assert.True(command < 0 || log[command].Data == 0, "MICMD was left set");
                writes++;
            }
        }

        Assert.True(writes >= 3);
        bench.AssertClean();
    }

    [Fact]
    public void T50NoLinkAtTheStartAndALateOne()
    {
        using var bench = new DriverBench();
        bench.Chip.LinkUp = false;
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        bench.Run(5000);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.False(bench.Driver.CanSend);
        bench.Chip.LinkUp = true;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exercise();
        bench.AssertClean();
    }

    [Theory]
    [InlineData(NoLinkTransmit.Completes)]
    [InlineData(NoLinkTransmit.Aborts)]
    [InlineData(NoLinkTransmit.NeverEnds)]
    public void T50FramesInFlightWhenTheCableIsPulled(NoLinkTransmit option)
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { TransmitWithoutLink = option });
        for (int i = 0; i < 20; i++)
        {
            bench.Send(DriverBench.MakeFrame(1000, i, DriverBench.Peer));
            bench.Chip.Deliver(DriverBench.MakeFrame(1000, i));
            bench.Clock.Advance(i * 60_000);
            bench.Chip.LinkUp = false;
            bench.RunUntil(() => !bench.Driver.IsLinkUp, 2000);
            bench.Chip.LinkUp = true;
            bench.RunUntil(() => bench.Driver.IsLinkUp && bench.Driver.CanSend, 3000);
            bench.ReceiveAll();
        }

        bench.Exchange(DriverBench.MakeFrame(100, 1));
        bench.SendWhole(DriverBench.MakeFrame(100, 2, DriverBench.Peer));
        bench.AssertClean();
    }

    [Fact]
    public void T51TheAddressIsInTheRightRegisters()
    {
        using DriverBench bench = DriverBench.Running();
        int[] inWireOrder = [Reg.MAADR1, Reg.MAADR2, Reg.MAADR3, Reg.MAADR4, Reg.MAADR5, Reg.MAADR6];
        Assert.Equal(DriverBench.Station, inWireOrder.Select(bench.Chip.PeekRegister));
        byte[] reversed = [.. DriverBench.Station.Reverse()];
        bench.Deliver(DriverBench.MakeFrame(60, 1, reversed));
        Assert.Empty(bench.ReceiveAll());
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.AssertClean();
    }

    [Fact]
    public void T52StatusRegistersAreOnlyClearedBitByBit()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Chip.ScriptCollision(10, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 1, DriverBench.Peer));
        bench.Exercise();
        IEnumerable<SpiWindow> writes = bench.Tap.Instructions.Where(w => w.Opcode is SpiWindow.Write or SpiWindow.Set or SpiWindow.Clear);
        Assert.DoesNotContain(writes, w => (w.Register is Reg.EIR or Reg.ESTAT) && w.Opcode != SpiWindow.Clear);
        Assert.DoesNotContain(writes, w => RegisterMap.WritableBits(w.Register) == 0);
        bench.AssertClean();
    }
}
