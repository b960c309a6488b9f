// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Packets out of the receive buffer, whole ones and damaged ones.</summary>
public class ReceiveTests
{
    private static readonly byte[] s_broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst, 64, 1518)]
    [InlineData(SpiWordOrder.HighByteFirst, 64, 1518)]
    [InlineData(SpiWordOrder.LowByteFirst, 60, 1514)]
    [InlineData(SpiWordOrder.LowByteFirst, 70, 1534)]
    public void EveryLengthArrivesWhole(SpiWordOrder order, int small, int large)
    {
        using DriverBench bench = DriverBench.Running(order: order, capacities: [small, large], counts: [4, 4]);
        uint bytes = 0;
        for (int length = 60; length <= 1514; length++)
        {
            bench.Exchange(DriverBench.MakeFrame(length, length));
            bytes += (uint)length;
        }

        Assert.Null(bench.Receive());
        Assert.Equal(1455u, bench.Driver.Counters.FramesReceived);
        Assert.Equal(bytes, bench.Driver.Counters.BytesReceived);
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void BatchesOfAnySizeArriveInOrder(int seed)
    {
        using DriverBench bench = DriverBench.Running(counts: [8, 8]);
        var random = new Random(seed);
        for (int batch = 0; batch < 300; batch++)
        {
            var frames = new List<byte[]>();
            int room = 5000;
            for (int i = random.Next(1, 20); i > 0; i--)
            {
                byte[] frame = DriverBench.MakeFrame(random.Next(3) == 0 ? random.Next(60, 1515) : random.Next(60, 65), random.Next());
                room -= frame.Length + 12;
                if (room < 0)
                {
                    break;
                }

                frames.Add(frame);
                Assert.True(bench.Chip.Deliver(frame));
            }

            bench.Arrive();
            foreach (byte[] frame in frames)
            {
                Assert.Equal(frame, bench.Receive());
            }

            Assert.Null(bench.Receive());
            if (random.Next(4) == 0)
            {
                bench.Turn();
            }
        }

        bench.AssertClean();
    }

    [Fact]
    public void BroadcastsArriveAndOthersPacketsDoNot()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Deliver(DriverBench.MakeFrame(60, 1, [0x02, 1, 2, 3, 4, 5]));
        bench.Chip.Deliver(DriverBench.MakeFrame(60, 2, [0x01, 0x00, 0x5E, 0, 0, 1]));
        byte[] broadcast = DriverBench.MakeFrame(61, 3, s_broadcast);
        bench.Exchange(broadcast);
        Assert.Null(bench.Receive());
        bench.AssertClean();
    }

    [Fact]
    public void RuntsAreCountedAndSkipped()
    {
        using DriverBench bench = DriverBench.Running();
        for (int length = 18; length < 64; length++)
        {
            byte[] runt = DriverBench.MakeFrame(length, length);
            EthernetCrc.Append(runt);
            bench.Chip.DeliverRaw(runt);
            bench.Exchange(DriverBench.MakeFrame(60 + length, length));
        }

        Assert.Equal(46u, bench.Driver.Counters.DamagedPackets);
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(245, true)]
    [InlineData(246, true)]
    [InlineData(247, false)]
    [InlineData(1014, true)]
    public void APacketThatLeavesTheLowByteOfTheWritePointerWhereItWasIsFoundByTheSecondLook(int length, bool isSecond)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Assert.Null(bench.Driver.Receive(bench.Pool));
        bench.Chip.Deliver(DriverBench.MakeFrame(length, 2));
        bench.Arrive();
        Frame? frame = bench.Driver.Receive(bench.Pool);
        Assert.Equal(isSecond, frame == null);
        frame ??= bench.Driver.Receive(bench.Pool);
        Assert.Equal(length, frame!.Length);
        bench.Pool.Return(frame);
        Assert.Null(bench.Receive());
        bench.AssertClean();
    }

    [Fact]
    public void AResetChipsWritePointerIsNotBelieved()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.Chip.SpontaneousReset();
        uint transfers = bench.Transfers;
        for (int i = 0; i < 4; i++)
        {
            Assert.Null(bench.Driver.Receive(bench.Pool));
        }

        // three looks, and at each whether the chip is at work, twice; no packet is read
        Assert.InRange(bench.Transfers - transfers, 3u, 9u);
        Assert.Equal(0u, bench.Driver.Counters.BadHeaders);
    }

    [Fact]
    public void AFloodOfRuntsDoesNotHoldTheCaller()
    {
        using DriverBench bench = DriverBench.Running();
        byte[] runt = DriverBench.MakeFrame(20, 1);
        EthernetCrc.Append(runt);
        for (int i = 0; i < 260; i++)
        {
            bench.Chip.DeliverRaw(runt);
        }

        bench.Arrive();
        uint before = bench.Transfers;
        Assert.Null(bench.Driver.Receive(bench.Pool));
        Assert.InRange(bench.Transfers - before, 1u, 100u);
        while (bench.Chip.PeekRegister(Reg.EPKTCNT) > 0)
        {
            Assert.Null(bench.Receive());
        }

        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.Run(300);
        Assert.Equal(255u, bench.Driver.Counters.DamagedPackets);
        Assert.Equal(1u, bench.Driver.Counters.ReceiveOverruns);
        bench.AssertClean();
    }

    [Fact]
    public void PacketsWithABadFcsNeverGetIn()
    {
        using DriverBench bench = DriverBench.Running();
        byte[] bad = DriverBench.MakeFrame(100, 1);
        bench.Chip.DeliverRaw(bad);
        bench.Exchange(DriverBench.MakeFrame(100, 2));
        Assert.Equal(1, bench.Chip.Counters.DroppedByCrc);
        bench.AssertClean();
    }

    [Fact]
    public void APacketMarkedAsBadIsSkipped()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(100, 1));

        // CRC error instead of received OK
        bench.Chip.PokeMemory(4, [0x10]);
        Assert.Null(bench.Receive());
        Assert.Equal(1u, bench.Driver.Counters.DamagedPackets);
        bench.Exchange(DriverBench.MakeFrame(100, 2));
        bench.AssertClean();
    }

    [Fact]
    public void AnEmptyPoolDropsAndCounts()
    {
        using DriverBench bench = DriverBench.Running(counts: [1, 1]);
        Frame first = bench.Pool.Rent(60);
        Frame second = bench.Pool.Rent(60);
        for (int i = 0; i < 5; i++)
        {
            bench.Chip.Deliver(DriverBench.MakeFrame(60 + (i * 300), i));
        }

        bench.Arrive();
        Assert.Null(bench.Receive());
        Assert.Equal(5u, bench.Driver.Counters.DroppedNoFrame);
        bench.Pool.Return(first);
        bench.Pool.Return(second);
        bench.Exchange(DriverBench.MakeFrame(1514, 9));
        bench.AssertClean();
    }

    [Fact]
    public void AnotherPoolGetsNothingAndIsCounted()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        Assert.Null(bench.Driver.Receive(new FramePool([64, 1518], [1, 1], bench.Driver.WordOrder, 0, false)));
        Assert.Null(bench.Driver.Receive(null!));
        Assert.Equal(2u, bench.Driver.Counters.ForeignPools);
        Assert.Equal(DriverBench.MakeFrame(60, 1), bench.Receive());
        bench.AssertClean();
    }

    [Fact]
    public void ALargerFrameServesWhenTheSmallOnesAreGone()
    {
        using DriverBench bench = DriverBench.Running(capacities: [64, 300, 1518], counts: [1, 1, 1]);
        Frame small = bench.Pool.Rent(60);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        Frame middle = bench.Pool.Rent(300);
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.Pool.Return(small);
        bench.Pool.Return(middle);
        bench.AssertClean();
    }

    [Fact]
    public void AFullBufferLosesOnlyWhatDoesNotFit()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(120);
        for (int i = 0; i < 95; i++)
        {
            Assert.Equal(DriverBench.MakeFrame(60, i), bench.Receive());
        }

        Assert.Null(bench.Receive());
        bench.Run(300);
        Assert.Equal(1u, bench.Driver.Counters.ReceiveOverruns);
        Assert.Equal(0u, bench.Driver.Counters.ReceiverResets);
        bench.Exchange(DriverBench.MakeFrame(1514, 500));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EIR) & 0x01);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ESTAT) & 0x40);
        bench.AssertClean();
    }

    [Fact]
    public void ThreeFullPacketsFitWhereverTheBufferStands()
    {
        using DriverBench bench = DriverBench.Running(counts: [4, 5]);
        for (int round = 0; round < 40; round++)
        {
            for (int i = 0; i < round; i++)
            {
                bench.Exchange(DriverBench.MakeFrame(60 + (i * 3), i));
            }

            for (int i = 0; i < 3; i++)
            {
                bench.Chip.Deliver(DriverBench.MakeFrame(1514, (round * 3) + i));
            }

            bench.Arrive();
            for (int i = 0; i < 3; i++)
            {
                Assert.Equal(DriverBench.MakeFrame(1514, (round * 3) + i), bench.Receive());
            }
        }

        Assert.Equal(0, bench.Chip.Counters.DroppedByOverflow);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0, 0x47)]
    [InlineData(0, 0x48)]
    [InlineData(1, 0x20)]
    [InlineData(2, 0x41)]
    [InlineData(2, 0x00)]
    [InlineData(3, 0x07)]
    [InlineData(5, 0x80)]
    public void ACorruptedHeaderResetsTheReceiver(int offset, byte value)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Chip.Deliver(DriverBench.MakeFrame(60, 2));
        bench.Deliver(DriverBench.MakeFrame(1000, 3));
        byte[] poke = [value];
        if (offset == 0)
        {
            poke[0] += 0x46;
        }

        bench.Chip.PokeMemory(70 + offset, poke);
        Assert.Null(bench.Receive());
        Assert.Equal(1u, bench.Driver.Counters.BadHeaders);
        Assert.Equal(1u, bench.Driver.Counters.ReceiverResets);

        for (int i = 0; i < 50; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(60 + (i * 20), i));
        }

        bench.Run(300);
        Assert.Equal(0u, bench.Driver.Counters.Restarts);
        Assert.Equal(0, bench.Chip.Violations.Count);
        bench.AssertNothingLost();
    }

    [Fact]
    public void AHeaderMisreadOnceCostsNothing()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        bench.Deliver(DriverBench.MakeFrame(777, 2));
        int glitches = 1;
        bench.Tap.Answer = (first, index, answer) => first == 0x3A && index == 3 && glitches-- > 0 ? (byte)(answer ^ 4) : answer;
        Assert.Equal(DriverBench.MakeFrame(777, 2), bench.Receive());
        Assert.Equal(1u, bench.Driver.Counters.BadHeaders);
        Assert.Equal(0u, bench.Driver.Counters.ReceiverResets);
        bench.Exchange(DriverBench.MakeFrame(60, 3));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x41)]
    public void AReadPointerThatWentAstrayIsSetAgain(byte command)
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 30; i++)
        {
            // a write of ERDPTL or ERDPTH that the chip does not get: the next packet's header tells
            int lost = 1;
            bench.Tap.Pass = first => first != command || lost-- <= 0;
            bench.Exchange(DriverBench.MakeFrame(900 + i, i));
            bench.Tap.Pass = null;
            bench.Exchange(DriverBench.MakeFrame(700 + i, i));
        }

        Assert.InRange(bench.Driver.Counters.BadHeaders, 20u, 30u);
        Assert.Equal(0u, bench.Driver.Counters.ReceiverResets);
        bench.AssertClean();
    }

    [Fact]
    public void ACountMisreadIsNoReasonToReset()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Exchange(DriverBench.MakeFrame(60, 1));
        int glitches = 1;
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 && glitches-- > 0 ? (byte)1 : answer;
        Assert.Null(bench.Receive());
        Assert.Equal(0u, bench.Driver.Counters.ReceiverResets);
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.AssertClean();
    }

    [Fact]
    public void AReceiverThatCannotBeResetStartsTheChipAnew()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(60, 1));
        bench.Chip.PokeMemory(0, [0x99]);
        int reads = 12;
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 && reads-- > 0 ? (byte)3 : answer;
        Assert.Null(bench.Receive());
        bench.Turn();
        Assert.False(bench.Driver.IsLinkUp);
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.Equal(1u, bench.Driver.Counters.Restarts);
        bench.Exchange(DriverBench.MakeFrame(62, 2));
        bench.AssertNothingLost();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void NothingBreaksOnADisturbedBus(int seed)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Faults.Seed = seed;
        bench.Chip.Faults.MisoFlip = 0.001;
        bench.Chip.Faults.MosiFlip = 0.0001;
        var random = new Random(seed);
        for (int i = 0; i < 2000; i++)
        {
            bench.Chip.Deliver(DriverBench.MakeFrame(random.Next(60, 1515), i));
            bench.Turn();
            bench.Receive();
            if (bench.Driver.CanSend)
            {
                bench.Send(DriverBench.MakeFrame(random.Next(14, 1515), i));
            }
        }

        bench.AssertNothingLost();

        // a bus that is good again
        bench.Chip.Faults.MisoFlip = 0;
        bench.Chip.Faults.MosiFlip = 0;
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Arrive();
        while (bench.Chip.PeekRegister(Reg.EPKTCNT) > 0)
        {
            bench.Receive();
        }

        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }
}
