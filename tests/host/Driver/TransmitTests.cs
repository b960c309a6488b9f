// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Frames to the wire, in good times and with collisions of every kind.</summary>
public class TransmitTests
{
    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void EveryLengthLeavesWhole(SpiWordOrder order)
    {
        using DriverBench bench = DriverBench.Running(order: order);
        for (int length = 14; length <= 1514; length++)
        {
            byte[] frame = DriverBench.MakeFrame(length, length);
            bench.SendAndFinish(frame);
            Assert.Equal(DriverBench.Padded(frame), Assert.Single(bench.Sent));
            bench.Sent.Clear();
        }

        Assert.Empty(bench.SentBroken);
        Assert.Equal(1501u, bench.Driver.Counters.FramesSent);
        bench.AssertClean();
    }

    [Fact]
    public void AShortFrameInALongArrayIsPaddedWithZeros()
    {
        using DriverBench bench = DriverBench.Running(capacities: [1518], counts: [2]);
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 1));
        byte[] frame = DriverBench.MakeFrame(42, 2);
        bench.SendAndFinish(frame);
        Assert.Equal(DriverBench.Padded(frame), bench.Sent[1]);
        bench.AssertClean();
    }

    [Fact]
    public void TheNextFrameHasToWait()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Driver.CanSend);
        Assert.True(bench.Send(DriverBench.MakeFrame(1514, 1)));
        Assert.False(bench.Driver.CanSend);
        Assert.False(bench.Send(DriverBench.MakeFrame(60, 2)));
        bench.Clock.Advance(1_300_000);
        Assert.True(bench.Driver.CanSend);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 3));
        Assert.Equal(2, bench.Sent.Count);
        bench.AssertClean();
    }

    [Fact]
    public void APollFindsOutThatAFrameHasLeftThreeMillisecondsAfterTheFirstOne()
    {
        using DriverBench bench = DriverBench.Running();
        bench.RunUntil(() => bench.Driver.IsPhyIdle, 20);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        bench.Clock.Advance(100_000);
        int now = bench.Now;
        bench.Driver.Poll(now);
        bench.Driver.Poll(now + 2);
        Assert.Equal(0u, bench.Driver.Counters.FramesSent);
        bench.Driver.Poll(now + 3);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Assert.Equal(60u, bench.Driver.Counters.BytesSent);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    public void EarlyCollisionsAreTheHardwaresBusiness(int collisions)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptCollision(20, collisions);
        byte[] frame = DriverBench.MakeFrame(200, 1);
        bench.SendAndFinish(frame);
        Assert.Equal(frame, Assert.Single(bench.Sent));
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Fact]
    public void TooManyCollisionsCostOneFrameOnly()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptCollision(20, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 1));
        Assert.Empty(bench.Sent);
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0u, bench.Driver.Counters.LateCollisions);
        Assert.Equal(1u, bench.Driver.Counters.ExcessiveCollisions);
        Assert.Equal(15u, bench.Driver.Counters.Collisions);

        byte[] frame = DriverBench.MakeFrame(300, 2);
        bench.SendAndFinish(frame);
        Assert.Equal(frame, Assert.Single(bench.Sent));
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(false, 1, 70)]
    [InlineData(true, 1, 70)]
    [InlineData(true, 3, 1500)]
    [InlineData(false, 16, 64)]
    [InlineData(true, 16, 64)]
    public void ALateCollisionIsTriedAgainFromTheChipsMemory(bool isFalse, int times, int atByte)
    {
        using DriverBench bench = DriverBench.Running();
        Script(bench.Chip, isFalse, times, atByte);
        byte[] frame = DriverBench.MakeFrame(1514, 1);
        bench.SendAndFinish(frame);

        Assert.Equal(frame, Assert.Single(bench.Sent));
        Assert.Equal((uint)times, bench.Driver.Counters.LateCollisions);
        Assert.Equal((uint)times, bench.Driver.Counters.TransmitRetries);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ESTAT) & 0x12);
        bench.Exchange(DriverBench.MakeFrame(60, 2));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void LateCollisionsWithoutEndAreGivenUp(bool isFalse)
    {
        using DriverBench bench = DriverBench.Running();
        Script(bench.Chip, isFalse, 17, 100);
        bench.SendAndFinish(DriverBench.MakeFrame(500, 1));
        Assert.Empty(bench.Sent);
        Assert.Equal(17u, bench.Driver.Counters.LateCollisions);
        Assert.Equal(16u, bench.Driver.Counters.TransmitRetries);
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);

        bench.SendAndFinish(DriverBench.MakeFrame(500, 2));
        Assert.Single(bench.Sent);
        bench.AssertClean();
    }

    [Fact]
    public void ABusyMediumIsWaitedFor()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.OccupyMedium(300_000_000);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 1));
        Assert.Single(bench.Sent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.AssertClean();
    }

    [Fact]
    public void AMediumThatIsNeverFreeIsGivenUp()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.OccupyMedium(2_000_000_000);
        long before = bench.Clock.NowNs;
        bench.SendAndFinish(DriverBench.MakeFrame(60, 1));
        Assert.InRange(bench.Clock.NowNs - before, 500_000_000, 510_000_000);
        Assert.Equal(1u, bench.Driver.Counters.TransmitTimeouts);
        Assert.Equal(0u, bench.Driver.Counters.FramesSent);

        bench.Run(2000);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 2));
        Assert.Single(bench.Sent);
        bench.AssertClean();
    }

    [Fact]
    public void ALoopThatIsLateDoesNotCutAFrameOff()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Clock.Advance(5_000_000_000);
        Assert.True(bench.Send(DriverBench.MakeFrame(1514, 1)));
        bench.Driver.Poll(bench.Now);
        bench.RunUntil(() => bench.Driver.CanSend, 100);
        Assert.Single(bench.Sent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.AssertClean();
    }

    [Fact]
    public void ATransmitterThatStandsStillIsReset()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Options.TransmitWithoutLink = NoLinkTransmit.NeverEnds;
        bench.Chip.LinkUp = false;
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        bench.Run(600);
        Assert.Equal(1u, bench.Driver.Counters.TransmitTimeouts);
        Assert.False(bench.Driver.CanSend);
        bench.Chip.LinkUp = true;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 2));
        Assert.Single(bench.Sent);
        bench.AssertClean();
    }

    [Fact]
    public void ReceptionGoesOnMeanwhile()
    {
        using DriverBench bench = DriverBench.Running(counts: [4, 4]);
        var random = new Random(1);
        var expected = new Queue<byte[]>();
        int sent = 0;
        for (int i = 0; i < 3000; i++)
        {
            if (random.Next(8) == 0 && bench.Chip.PendingArrivals < 2)
            {
                byte[] frame = DriverBench.MakeFrame(random.Next(60, 1515), i);
                expected.Enqueue(frame);
                bench.Chip.Deliver(frame);
            }

            if (random.Next(4) == 0 && bench.Send(DriverBench.MakeFrame(random.Next(14, 1515), i)))
            {
                sent++;
            }

            bench.Driver.Poll(bench.Now);
            byte[]? received = bench.Receive();
            if (received != null)
            {
                Assert.Equal(expected.Dequeue(), received);
            }

            bench.Clock.Advance(random.Next(1_000_000));
        }

        bench.Run(20);
        Assert.Equal(sent, bench.Sent.Count);
        Assert.InRange(expected.Count, 0, 5);
        Assert.InRange(sent, 300, 3000);
        bench.AssertClean();
    }

    private static void Script(Enc28j60Chip chip, bool isFalse, int times, int atByte)
    {
        if (isFalse)
        {
            chip.ScriptFalseCollision(atByte, times);
        }
        else
        {
            chip.ScriptCollision(atByte, times);
        }
    }

    [Theory]
    [InlineData(Reg.ETXNDH)]
    [InlineData(Reg.ETXNDL)]
    public void AWriteThatWentAstrayHarmsNoLongerThanATurnOfHousekeeping(int register)
    {
        // the driver does not write what it believes to be there; now and then it forgets what it believes
        using DriverBench bench = DriverBench.Running();
        byte[] frame = DriverBench.MakeFrame(60, 1);
        bench.SendAndFinish(frame);
        bench.Chip.PokeRegister(register, (byte)(bench.Chip.PeekRegister(register) ^ 0x03));
        bench.SendAndFinish(frame);
        Assert.Single(bench.Sent, sent => sent.AsSpan().SequenceEqual(frame));
        bench.Run(260);
        bench.SendAndFinish(frame);
        Assert.Equal(2, bench.Sent.Count(sent => sent.AsSpan().SequenceEqual(frame)));
    }

    [Theory]
    [InlineData(60, 60, 5)]
    [InlineData(60, 59, 7)]
    [InlineData(60, 316, 7)]
    [InlineData(60, 400, 8)]
    public void OnlyWhatDiffersFromTheFrameBeforeIsWritten(int before, int length, uint transfers)
    {
        using DriverBench bench = DriverBench.Running();
        Send(bench, before);
        Send(bench, before);
        uint began = bench.Transfers;
        Send(bench, length);
        Assert.Equal(transfers, bench.Transfers - began);
        Assert.Equal(DriverBench.Padded(DriverBench.MakeFrame(length, length)), bench.Sent[^1]);

        // the long one has moved the write pointer's high byte too
        Send(bench, before);
        Assert.Equal(DriverBench.Padded(DriverBench.MakeFrame(before, before)), bench.Sent[^1]);
        bench.AssertClean();
    }

    private static void Send(DriverBench bench, int length)
    {
        Assert.True(bench.Send(DriverBench.MakeFrame(length, length)));
        bench.Clock.Advance(1_500_000);
        Assert.True(bench.Driver.CanSend);
    }
}
