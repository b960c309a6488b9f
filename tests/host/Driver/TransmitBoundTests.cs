// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>How long a frame on its way is waited for, and what is read of its status vector (DS39662E table 7-1).</summary>
public class TransmitBoundTests
{
    [Theory]
    [InlineData(false, 500)]
    [InlineData(true, 4000)]
    public void AFrameThatNeverLeavesIsGivenUp(bool fullDuplex, int timeout)
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { FullDuplex = fullDuplex });
        bench.Run(100);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));

        // neither EIR.TXIF nor EIR.TXERIF is ever seen
        bench.Tap.Answer = (first, index, answer) => first == 0x1C && index == 1 ? (byte)(answer & ~0x0A) : answer;
        int began = bench.Now;
        bench.RunUntil(() => bench.Driver.Counters.TransmitTimeouts == 1, 5000);

        // the turn of the loop after it has gone by too
        Assert.InRange(bench.Now - began, timeout, timeout + 1);
        Assert.Equal(0u, bench.Driver.Counters.FramesSent);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EIR) & 0x0A);
        bench.Tap.Answer = null;
        Assert.True(bench.Driver.CanSend);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 2));
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
    }

    [Theory]
    [InlineData(false, 500)]
    [InlineData(true, 4000)]
    public void TheTimeCountsFromTheFirstPollAfterTheFrameWasHandedOver(bool fullDuplex, int timeout)
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { FullDuplex = fullDuplex });
        bench.Run(100);
        bench.Tap.Answer = (first, index, answer) => first == 0x1C && index == 1 ? (byte)(answer & ~0x0A) : answer;
        for (uint i = 0; i < 2; i++)
        {
            Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
            bench.Clock.Advance(700_000_000);
            int now = bench.Now;
            bench.Driver.Poll(now);
            bench.Driver.Poll(now + timeout - 1);
            Assert.Equal(i, bench.Driver.Counters.TransmitTimeouts);
            bench.Driver.Poll(now + timeout);
            Assert.Equal(i + 1, bench.Driver.Counters.TransmitTimeouts);
        }
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void EachBitOfTheStatusCountsAsItsOwn(SpiWordOrder order)
    {
        using DriverBench bench = DriverBench.Running(order: order, driverOptions: new Enc28j60Options { ReadTransmitStatus = true });
        Enc28j60Counters counters = bench.Driver.Counters;
        int status = 0;
        int low = 0;
        bench.Tap.Answer = (first, index, answer) => (first, index) switch
        {
            // the third and fourth of its bytes: collisions in bits 19:16; deferral, excessive deferral and collisions in 28:26
            (0x3A, 3) => (byte)low,
            (0x3A, 4) => (byte)status,
            _ => answer,
        };
        for (int bit = 0; bit < 8; bit++)
        {
            status = 1 << bit;
            low = bit | 0xF0;
            bench.Driver.ClearCounters();
            bench.SendAndFinish(DriverBench.MakeFrame(60, bit));
            Assert.Equal((uint)bit, counters.Collisions);
            Assert.Equal(bit == 2 ? 1u : 0u, counters.Deferrals);
            Assert.Equal(bit == 3 ? 1u : 0u, counters.ExcessiveDeferrals);
            Assert.Equal(bit == 4 ? 1u : 0u, counters.ExcessiveCollisions);
            Assert.Equal(0u, counters.LateCollisions);
            Assert.Equal(1u, counters.FramesSent);
        }
    }

    [Fact]
    public void WithoutTheOptionNoStatusIsReadOfAFrameThatLeft()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Tap.Log = [];
        bench.SendAndFinish(DriverBench.MakeFrame(60, 1));
        Assert.DoesNotContain(bench.Tap.Log, w => w[0] == 0x3A);
    }

    [Fact]
    public void AfterAnAbortTheRequestIsTakenBackBeforeTheStatusIsRead()
    {
        // DS80349C 13: TXRTS may stay set; 12: then the transmit logic is reset, and last its flags are cleared
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptCollision(200, 1);
        bench.Tap.Log = [];
        bench.SendAndFinish(DriverBench.MakeFrame(500, 1));
        string[] log = [.. bench.Tap.Log.Select(w => Convert.ToHexString(w.AsSpan(0, Math.Min(2, w.Length))))];
        int abort = Array.IndexOf(log, "BF08");
        int[] order =
        [
            abort,
            Array.FindIndex(log, abort, w => w.StartsWith("3A", StringComparison.Ordinal)),
            Array.IndexOf(log, "9F80"),
            Array.IndexOf(log, "BF80"),
            Array.IndexOf(log, "BC0A"),
            Array.IndexOf(log, "BD12"),
            Array.LastIndexOf(log, "9F08"),
        ];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);
    }

    [Fact]
    public void AFrameThatWasGivenUpEndsTheRowOfTimeoutsWhenTheNextOneLeaves()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 3; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                TimeOut(bench);
            }

            bench.Tap.Answer = null;
            bench.SendAndFinish(DriverBench.MakeFrame(60, i));
        }

        Assert.Equal(9u, bench.Driver.Counters.TransmitTimeouts);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);

        // an abort, too, is the end of a frame
        for (int k = 0; k < 3; k++)
        {
            TimeOut(bench);
        }

        bench.Tap.Answer = null;
        bench.Chip.ScriptCollision(20, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 1));
        for (int k = 0; k < 3; k++)
        {
            TimeOut(bench);
        }

        bench.Tap.Answer = null;
        bench.Run(10);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Fact]
    public void AnOverflowWhileAFrameIsOnItsWayIsNeitherItsEndNorItsAbort()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        bench.Chip.OccupyMedium(50_000_000);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));

        // EIR.RXERIF
        bench.Chip.PokeRegister(Reg.EIR, 0x01);
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(1u, bench.Driver.Counters.ReceiveOverruns);
        bench.Driver.Poll(bench.Now);
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(0u, bench.Driver.Counters.FramesSent);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        bench.RunUntil(() => bench.Driver.CanSend, 100);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Assert.Equal(1u, bench.Driver.Counters.ReceiveOverruns);
        Assert.Single(bench.Sent);
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(0, 32, true)]
    [InlineData(0, 33, false)]
    [InlineData(64, 32, true)]
    [InlineData(64, 33, false)]
    [InlineData(128, 33, false)]
    public void WithTheSixtyFourthAttemptLateCollisionsCountAnew(int before, int between, bool isSuspicious)
    {
        using DriverBench bench = DriverBench.Running();
        Send(bench, before, false);

        // fifteen that take two attempts each; the sixteenth may come with the sixty-third
        Send(bench, 15, true);
        Send(bench, between, false);
        Assert.False(bench.Driver.SuspectsDuplexMismatch);
        Send(bench, 1, true);
        Assert.Equal(isSuspicious, bench.Driver.SuspectsDuplexMismatch);
    }

    [Fact]
    public void AGroupsFrameWithTooManyCollisionsHasNoLateOne()
    {
        // bit 24 of its status: to a group
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptCollision(20, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(200, 1, [0x01, 0x00, 0x5E, 0, 0, 1]));
        Assert.Equal(0u, bench.Driver.Counters.LateCollisions);
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
        Assert.Equal(0u, bench.Driver.Counters.TransmitRetries);
    }

    [Fact]
    public void AStartInTheMiddleOfAFrameForgetsIt()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Send(DriverBench.MakeFrame(1514, 1)));
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        uint transfers = bench.Transfers;
        Assert.True(bench.Driver.CanSend);
        Assert.Equal(transfers, bench.Transfers);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 2));
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(511)]
    [InlineData(512)]
    public void AfterHousekeepingTheEndIsWrittenWhateverItIs(int length)
    {
        // the low byte of the end is FFh or 00h
        using DriverBench bench = DriverBench.Running();
        bench.SendAndFinish(DriverBench.MakeFrame(60, 1));
        bench.Run(300);
        bench.SendAndFinish(DriverBench.MakeFrame(length, 2));
        Assert.Equal(DriverBench.MakeFrame(length, 2), bench.Sent[^1]);
    }

    [Theory]
    [InlineData(150, 5)]
    [InlineData(254, 5)]
    [InlineData(256, 6)]
    public void TheHighByteOfTheWritePointerIsWrittenWhereTheFrameBeforeHasMovedIt(int capacity, uint transfers)
    {
        using DriverBench bench = DriverBench.Running(capacities: [capacity, 1518], counts: [2, 2]);
        byte[] frame = DriverBench.MakeFrame(100, 1);
        for (int i = 0; i < 3; i++)
        {
            uint before = bench.Transfers;
            Assert.True(bench.Send(frame));
            bench.Clock.Advance(500_000);
            Assert.True(bench.Driver.CanSend);
            Assert.True(i == 0 || bench.Transfers - before == transfers);
            Assert.Equal(frame, bench.Sent[^1]);
        }
    }

    [Fact]
    public void FifteenInEachSixtyFourAttemptsAreNot()
    {
        using DriverBench bench = DriverBench.Running();
        for (int round = 0; round < 3; round++)
        {
            // each takes two attempts: 30, and 34 good ones
            Send(bench, 15, true);
            Send(bench, 34, false);
        }

        Assert.Equal(45u, bench.Driver.Counters.LateCollisions);
        Assert.False(bench.Driver.SuspectsDuplexMismatch);
    }

    [Theory]
    [InlineData(16, 1u, 0u)]
    [InlineData(17, 0u, 1u)]
    public void AFrameIsTriedSeventeenTimes(int collisions, uint sent, uint aborted)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptCollision(200, collisions);
        bench.SendAndFinish(DriverBench.MakeFrame(500, 1));
        Assert.Equal(16u, bench.Driver.Counters.TransmitRetries);
        Assert.Equal(sent, bench.Driver.Counters.FramesSent);
        Assert.Equal(aborted, bench.Driver.Counters.TransmitAborts);
    }

    [Fact]
    public void ADriverThatHasFoundAResetDoesNotOfferToSend()
    {
        // between any two transfers of the look whether a frame has left
        for (int boundary = 0; boundary < 25; boundary++)
        {
            using DriverBench bench = DriverBench.Running();
            bench.Chip.ScriptCollision(200, 1);
            Assert.True(bench.Send(DriverBench.MakeFrame(500, 1)));
            bench.Clock.Advance(1_000_000);
            int countdown = boundary;
            bench.Tap.Before = () =>
            {
                if (countdown-- == 0)
                {
                    bench.Chip.SpontaneousReset();
                }
            };
            bool first = bench.Driver.CanSend;
            Assert.True(!first || bench.Driver.CanSend);
        }
    }

    private static void Send(DriverBench bench, int frames, bool isLate)
    {
        for (int i = 0; i < frames; i++)
        {
            if (isLate)
            {
                bench.Chip.ScriptCollision(200, 1);
            }

            bench.SendAndFinish(DriverBench.MakeFrame(isLate ? 500 : 60, i));
        }
    }

    private static void TimeOut(DriverBench bench)
    {
        bench.Tap.Answer = (first, index, answer) => first == 0x1C && index == 1 ? (byte)(answer & ~0x0A) : answer;
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 1)));
        bench.Driver.Poll(bench.Now);
        bench.Clock.Advance(500_000_000);
        bench.Driver.Poll(bench.Now);
    }
}
