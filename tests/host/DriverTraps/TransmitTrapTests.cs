// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Driver;
using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>T34 to T46: sending.</summary>
public class TransmitTrapTests
{
    [Fact]
    public void T34AFrameOnItsWayIsLeftAlone()
    {
        using DriverBench bench = DriverBench.Running();
        byte[] first = DriverBench.MakeFrame(1514, 1, DriverBench.Peer);
        Assert.True(bench.Send(first));
        Assert.False(bench.Send(DriverBench.MakeFrame(60, 2, DriverBench.Peer)));
        Assert.False(bench.Driver.CanSend);
        bench.Deliver(DriverBench.MakeFrame(60, 3));
        bench.ReceiveAll();
        bench.RunUntil(() => bench.Driver.CanSend, 100);
        Assert.Equal(first, Assert.Single(bench.Sent));
        Assert.Empty(bench.SentBroken);
        bench.AssertClean();
    }

    [Fact]
    public void T35EveryLengthLeavesByteForByte()
    {
        using DriverBench bench = DriverBench.Running();
        for (int length = 14; length <= 1514; length += 25)
        {
            bench.SendWhole(DriverBench.MakeFrame(length, length, DriverBench.Peer));
            bench.SendWhole(DriverBench.MakeFrame(length - 1 < 14 ? 15 : length - 1, length, DriverBench.Peer));
        }

        bench.SendWhole(DriverBench.MakeFrame(1514, 1, DriverBench.Peer));
        bench.AssertClean();
    }

    [Fact]
    public void T36TheLongestFramesStatusVectorStaysOutOfTheReceiveBuffer()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(DriverBench.MakeFrame(500, 1));
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 2, DriverBench.Peer));
        Assert.Equal(DriverBench.MakeFrame(500, 1), bench.Receive());
        Assert.True(bench.Chip.PeekPair(Reg.ETXNDL) + 7 <= 0x1FFF);
        bench.AssertClean();
    }

    [Fact]
    public void T37WritingAFrameDoesNotTouchTheReceiveBuffer()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 4; i++)
        {
            bench.Deliver(DriverBench.MakeFrame(1500, i));
        }

        var before = new byte[0x1A00];
        bench.Chip.PeekMemory(0, before);
        bench.SendWhole(DriverBench.MakeFrame(1514, 9, DriverBench.Peer));
        bench.SendWhole(DriverBench.MakeFrame(60, 10, DriverBench.Peer));
        var after = new byte[0x1A00];
        bench.Chip.PeekMemory(0, after);
        Assert.Equal(before, after);
        Assert.Equal(4, bench.ReceiveAll().Count);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void T38AfterAnAbortTheNextFrameLeaves(int aborts)
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < aborts; i++)
        {
            bench.Chip.ScriptCollision(10, 16);
            bench.SendAndFinish(DriverBench.MakeFrame(200, i, DriverBench.Peer));
            Assert.Empty(bench.Sent);
            Assert.Empty(bench.SentBroken);
        }

        Assert.Equal((uint)aborts, bench.Driver.Counters.TransmitAborts);
        bench.SendWhole(DriverBench.MakeFrame(200, 9, DriverBench.Peer));
        Assert.Equal((uint)aborts, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x37)]
    [InlineData(0x3F)]
    [InlineData(0x40)]
    [InlineData(500)]
    [InlineData(1017)]
    public void T39AFalseCollisionAnywhereCostsNoFrame(int atByte)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.ScriptFalseCollision(atByte, 2);
        bench.SendWhole(DriverBench.MakeFrame(1014, 1, DriverBench.Peer));
        Assert.Single(bench.Sent);
        bench.SendWhole(DriverBench.MakeFrame(60, 2, DriverBench.Peer));
        Assert.Equal(2u, bench.Driver.Counters.FramesSent);
        bench.AssertClean();
    }

    [Fact]
    public void T40NoFrameIsCut()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 200; i++)
        {
            // polled at every point of a frame's way out
            Assert.True(bench.Send(DriverBench.MakeFrame(60 + (i * 7), i, DriverBench.Peer)));
            bench.Clock.Advance(i * 7_000);
            bench.RunUntil(() => bench.Driver.CanSend, 100);
        }

        Assert.Empty(bench.SentBroken);
        Assert.Equal(0, bench.Chip.Counters.FramesCut);
        bench.AssertClean();
    }

    [Fact]
    public void T41SuccessIsNotReadFromAnOldFlag()
    {
        using DriverBench bench = DriverBench.Running();
        bench.SendWhole(DriverBench.MakeFrame(60, 1, DriverBench.Peer));

        // a medium that is busy for 20 ms: nobody may believe in the flag of the frame before
        bench.Chip.OccupyMedium(20_000_000);
        Assert.True(bench.Send(DriverBench.MakeFrame(60, 2, DriverBench.Peer)));
        bench.Run(10);
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        bench.RunUntil(() => bench.Driver.CanSend, 100);
        Assert.Equal(2, bench.Sent.Count);

        // and an error is not believed twice
        bench.Chip.ScriptCollision(10, 16);
        bench.SendAndFinish(DriverBench.MakeFrame(60, 3, DriverBench.Peer));
        bench.SendWhole(DriverBench.MakeFrame(60, 4, DriverBench.Peer));
        Assert.Equal(3u, bench.Driver.Counters.FramesSent);
        Assert.Equal(1u, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(14)]
    [InlineData(59)]
    [InlineData(60)]
    public void T42ShortFramesArePaddedTo60(int length)
    {
        using DriverBench bench = DriverBench.Running();
        bench.SendWhole(DriverBench.MakeFrame(length, 1, DriverBench.Peer));
        Assert.Equal(60, bench.Sent[0].Length);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(300)]
    public void T43ABusyMediumIsNoStall(int milliseconds)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.OccupyMedium(milliseconds * 1_000_000L);
        bench.SendWhole(DriverBench.MakeFrame(100, 1, DriverBench.Peer));
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Fact]
    public void T44APauseFrameDoesNotStopAHalfDuplexStation()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(Pause(0xFFFF));
        Assert.Empty(bench.ReceiveAll());
        bench.SendWhole(DriverBench.MakeFrame(100, 1, DriverBench.Peer), 50);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1000, 45)]
    [InlineData(0xFFFF, 3300)]
    public void T44InFullDuplexThePauseIsKeptAndIsNoStall(int quanta, int milliseconds)
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { FullDuplex = true });
        bench.Deliver(Pause(quanta));
        long start = bench.Clock.NowNs;
        bench.SendWhole(DriverBench.MakeFrame(100, 1, DriverBench.Peer), 5000);
        Assert.True(bench.Clock.NowNs - start > milliseconds * 1_000_000L);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T45AnOversizeFrameCostsItselfOnly()
    {
        using DriverBench bench = DriverBench.Running(capacities: [64, 1534]);
        if (bench.Send(DriverBench.MakeFrame(1530, 1, DriverBench.Peer)))
        {
            bench.RunUntil(() => bench.Driver.CanSend, 1000);
        }

        Assert.Empty(bench.Sent);
        bench.SendWhole(DriverBench.MakeFrame(1514, 2, DriverBench.Peer));
        bench.Exchange(DriverBench.MakeFrame(1514, 3));
        bench.AssertClean();
    }

    [Fact]
    public void T46TheDmaIsNotUsed()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Exercise();
        bench.Run(20_000);
        Assert.DoesNotContain(bench.Tap.Instructions, w => w.Opcode == SpiWindow.Set && w.Register == Reg.ECON1 && (w.Data & (Econ1.DMAST | Econ1.CSUMEN)) != 0);
    }

    private static byte[] Pause(int quanta)
    {
        byte[] pause = new byte[60];
        ((byte[])[0x01, 0x80, 0xC2, 0x00, 0x00, 0x01]).CopyTo(pause, 0);
        DriverBench.Peer.CopyTo(pause, 6);
        ((byte[])[0x88, 0x08, 0x00, 0x01, (byte)(quanta >> 8), (byte)quanta]).CopyTo(pause, 12);
        return pause;
    }
}
