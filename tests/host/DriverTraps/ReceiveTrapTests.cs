// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>T17 to T33: the receive buffer and the filters.</summary>
public class ReceiveTrapTests
{
    private const int BufferSize = 0x1A00;
    private const int HeaderLength = 6;

    [Fact]
    public void T17TheReadPointerIsWrittenLowThenHighAndOdd()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Exercise();
        List<SpiWindow> log = bench.Tap.Instructions;
        int writes = 0;
        for (int i = 0; i < log.Count; i++)
        {
            if (log[i].IsWriteOf(Reg.ERXRDPTH))
            {
                int low = log.FindLastIndex(i, w => w.IsWriteOf(Reg.ERXRDPTL));
                Assert.True(low >= 0 && log[low].Data % 2 == 1, $"{log[i]}");
                Assert.DoesNotContain(log[low..i], w => w.IsWriteOf(Reg.ERXRDPTH));
                writes++;
            }
        }

        Assert.True(writes > 10);
        bench.AssertClean();
    }

    [Fact]
    public void T18ReceptionDoesNotStopWhereThePointerLiesAfterAReset()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 40; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(1000, i));
        }

        bench.AssertClean();
    }

    [Fact]
    public void T19TheBufferBeginsAtZero()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(0, bench.Chip.PeekPair(Reg.ERXSTL));
    }

    [Fact]
    public void T20ThePointersAreSetBeforeRxenAndNotAfter()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Exercise();
        List<SpiWindow> log = bench.Tap.Instructions;
        int enabled = log.FindIndex(w => w.Opcode == SpiWindow.Set && w.Register == Reg.ECON1 && (w.Data & Econ1.RXEN) != 0);
        foreach (int register in new[] { Reg.ERXSTL, Reg.ERXSTH, Reg.ERXNDL, Reg.ERXNDH, Reg.ERXRDPTL, Reg.ERXRDPTH, Reg.MACON1 })
        {
            int first = log.FindIndex(w => w.IsWriteOf(register));
            Assert.InRange(first, 0, enabled - 1);
        }

        Assert.DoesNotContain(log[enabled..], w => w.IsRegister && w.Opcode != SpiWindow.Read && w.Register >= Reg.ERXSTL && w.Register <= Reg.ERXNDH);
    }

    [Fact]
    public void T21NothingIsFreedThatWasNotRead()
    {
        using DriverBench bench = DriverBench.Running();
        for (int round = 0; round < 30; round++)
        {
            for (int i = 0; i < 4; i++)
            {
                bench.Deliver(DriverBench.MakeFrame(700 + round, (10 * round) + i));
            }

            // after each packet read, the rest must still be whole, whatever comes in meanwhile
            for (int i = 0; i < 4; i++)
            {
                Assert.Equal(DriverBench.MakeFrame(700 + round, (10 * round) + i), bench.Receive());
                bench.Deliver(DriverBench.MakeFrame(60, 9000 + i));
            }

            Assert.Equal(4, bench.ReceiveAll().Count);
        }

        bench.AssertClean();
    }

    [Fact]
    public void T22EveryPacketIsFreedAndCountedDown()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 300; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(60 + i, i));
            Assert.Equal(0, bench.Chip.PeekRegister(Reg.EPKTCNT));
        }

        bench.Run(600);
        Assert.Equal(0, bench.Chip.PacketsInMemory);
        bench.AssertClean();
    }

    [Fact]
    public void T23ThePacketCounterIsNotDecrementedBelowZero()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(60, 1));

        // the count is misread once as three
        bool lie = true;
        bench.Tap.RegisterAnswer = (register, value) =>
        {
            bool now = lie && register == Reg.EPKTCNT;
            lie &= !now;
            return now ? (byte)3 : value;
        };
        Assert.Equal(DriverBench.MakeFrame(60, 1), bench.Receive());
        for (int i = 0; i < 20; i++)
        {
            bench.ReceiveAll();
            bench.Turn();
        }

        bench.Exchange(DriverBench.MakeFrame(61, 2));
        Assert.Equal(0, bench.Chip.Violations.CountOf(ViolationRule.PacketCounter));
    }

    [Fact]
    public void T24ACounterFullOfRuntsIsWorkedOff()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 270; i++)
        {
            bench.Chip.Deliver(DriverBench.MakeFrame(14, i));
        }

        bench.Arrive();
        Assert.Equal(255, bench.Chip.PeekRegister(Reg.EPKTCNT));
        Assert.NotEqual(0, bench.Chip.PeekRegister(Reg.EIR) & Eir.RXERIF);
        bool worked = bench.TryRunUntil(
            () =>
            {
                bench.ReceiveAll();
                return bench.Chip.PeekRegister(Reg.EPKTCNT) == 0 && (bench.Chip.PeekRegister(Reg.EIR) & Eir.RXERIF) == 0;
            },
            2000);
        Assert.True(worked);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Fact]
    public void T25AnOverflowLosesOnlyWhatDoesNotFit()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 120; i++)
        {
            bench.Chip.Deliver(DriverBench.MakeFrame(60, i));
        }

        bench.Arrive();
        long accepted = bench.Chip.Counters.FramesReceived;
        Assert.InRange(accepted, 90, 95);
        bench.Run(300);
        var frames = bench.ReceiveAll();
        while (frames.Count < accepted && bench.Receive() is { } more)
        {
            frames.Add(more);
        }

        Assert.Equal(accepted, frames.Count);
        for (int i = 0; i < frames.Count; i++)
        {
            Assert.Equal(DriverBench.MakeFrame(60, i), frames[i]);
        }

        Assert.Equal(0u, bench.Driver.Counters.ReceiverResets);
        Assert.Equal(0u, bench.Driver.Counters.Restarts);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(6)]
    [InlineData(8)]
    public void T26AHeaderMayBeSplitByTheWrap(int beforeEnd)
    {
        using DriverBench bench = DriverBench.Running();
        int position = 0;
        int target = BufferSize - beforeEnd;
        while (position != target)
        {
            int step = Math.Min(1000, target - position);
            if (step < 70 || (target - position - step is > 0 and < 70))
            {
                step = target - position - 70 >= 70 ? target - position - 70 : target - position;
            }

            bench.Exchange(DriverBench.MakeFrame(step - HeaderLength - 4, position));
            position += step;
        }

        Assert.Equal(target, bench.Chip.PeekPair(Reg.ERXWRPTL));
        bench.Exchange(DriverBench.MakeFrame(61, 1));
        bench.SendWhole(DriverBench.MakeFrame(300, 2, DriverBench.Peer));
        bench.Exchange(DriverBench.MakeFrame(1514, 3));
        bench.AssertClean();
    }

    [Fact]
    public void T27OddLengthsArePadded()
    {
        using DriverBench bench = DriverBench.Running();
        for (int length = 61; length < 200; length += 2)
        {
            bench.Exchange(DriverBench.MakeFrame(length, length));
        }

        bench.AssertClean();
    }

    [Theory]
    [InlineData(13, false)]
    [InlineData(14, false)]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(1514, true)]
    [InlineData(1515, false)]
    [InlineData(3000, false)]
    public void T28LengthsAtTheLimits(int length, bool delivered)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(length, length));
        Assert.Equal(delivered ? 1 : 0, bench.ReceiveAll().Count);
        bench.Exchange(DriverBench.MakeFrame(100, 1));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0, 0x01)]
    [InlineData(0, 0x40)]
    [InlineData(1, 0x10)]
    [InlineData(1, 0x80)]
    [InlineData(2, 0x08)]
    [InlineData(3, 0x20)]
    [InlineData(5, 0x80)]
    public void T28AWrongHeaderIsNotBelieved(int offset, byte mask)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.CorruptNextHeader(offset, mask);
        bench.Deliver(DriverBench.MakeFrame(300, 1));
        foreach (byte[] frame in bench.ReceiveAll())
        {
            Assert.Equal(DriverBench.MakeFrame(300, 1), frame);
        }

        bench.Run(100);
        bench.ReceiveAll();
        bench.Exchange(DriverBench.MakeFrame(400, 2));
        bench.AssertNothingLost();
    }

    [Fact]
    public void T29OnlyOwnAndBroadcastFramesComeIn()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(60, 1, DriverBench.Peer));
        bench.Deliver(DriverBench.MakeFrame(60, 2, [0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB]));
        bench.Deliver(DriverBench.MakeFrame(60, 3, DriverBench.Broadcast));
        bench.Deliver(DriverBench.MakeFrame(60, 4));
        byte[] bad = [.. DriverBench.MakeFrame(60, 5), 0, 0, 0, 0];
        bench.Chip.DeliverRaw(bad);
        bench.Arrive();
        List<byte[]> frames = bench.ReceiveAll();
        Assert.Equal(2, frames.Count);
        Assert.Equal(DriverBench.MakeFrame(60, 3, DriverBench.Broadcast), frames[0]);
        Assert.Equal(DriverBench.MakeFrame(60, 4), frames[1]);
        bench.AssertClean();
    }

    [Fact]
    public void T30OwnFramesDoNotComeBack()
    {
        using DriverBench bench = DriverBench.Running();
        bench.SendWhole(DriverBench.MakeFrame(100, 1, DriverBench.Broadcast));
        bench.SendWhole(DriverBench.MakeFrame(100, 2));
        Assert.Empty(bench.ReceiveAll());
        bench.AssertClean();
    }

    [Theory]
    [InlineData(DuplexStrap.Half, 1)]
    [InlineData(DuplexStrap.Full, 1)]
    [InlineData(DuplexStrap.Random, 1)]
    [InlineData(DuplexStrap.Random, 2)]
    public void T31TheDuplexModeIsWrittenWhateverTheLedSays(DuplexStrap strap, int seed)
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Strap = strap, Seed = seed });
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T31FullDuplexIsSetInMacAndPhyAlike()
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Strap = DuplexStrap.Half }, driverOptions: new Enc28j60Options { FullDuplex = true });
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T31ALinkPartnerInFullDuplexCostsCollisionsAndNoFrameSent()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.PartnerFullDuplex = true;
        for (int i = 0; i < 50; i++)
        {
            Assert.True(bench.Send(DriverBench.MakeFrame(1000, i, DriverBench.Peer)));
            bench.Clock.Advance(400_000);
            bench.Chip.Deliver(DriverBench.MakeFrame(60, i));
            bench.RunUntil(() => bench.Driver.CanSend, 1000);
        }

        Assert.Equal(50, bench.Sent.Count);
        Assert.True(bench.Driver.Counters.LateCollisions >= 50);
        bench.Chip.PartnerFullDuplex = null;
        bench.ReceiveAll();
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T32PacketsAreFoundThoughPktifLies()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Options.Errata[6] = 1;
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T33FiltersAndAddressAreLeftAloneInOperation()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Tap.Instructions.Clear();
        bench.Exercise();
        Assert.DoesNotContain(bench.Tap.Instructions, w => w.IsWriteOf(Reg.ERXFCON) || (w.Opcode == SpiWindow.Write && w.Register >= Reg.MAADR5 && w.Register <= Reg.MAADR2));
    }
}
