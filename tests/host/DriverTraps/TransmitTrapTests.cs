// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>T34 to T46: sending.</summary>
public class TransmitTrapTests
{
    [Fact]
    public void T34AFrameOnItsWayIsLeftAlone()
    {
        using TrapBench bench = TrapBench.Running();
        byte[] first = TrapBench.Frame(1514, 1, TrapBench.Peer);
        Assert.True(bench.Send(first));
        Assert.False(bench.Send(TrapBench.Frame(60, 2, TrapBench.Peer)));
        Assert.False(bench.Driver.CanSend);
        bench.Deliver(TrapBench.Frame(60, 3));
        bench.ReceiveAll();
        Assert.True(bench.RunUntil(() => bench.Driver.CanSend, 100));
        Assert.Equal(first, Assert.Single(bench.Sent)[..^4]);
        bench.AssertClean();
    }

    [Fact]
    public void T35EveryLengthLeavesByteForByte()
    {
        using TrapBench bench = TrapBench.Running();
        for (int length = 14; length <= 1514; length += 25)
        {
            bench.SendWhole(TrapBench.Frame(length, length, TrapBench.Peer));
            bench.SendWhole(TrapBench.Frame(length - 1 < 14 ? 15 : length - 1, length, TrapBench.Peer));
        }

        bench.SendWhole(TrapBench.Frame(1514, 1, TrapBench.Peer));
        bench.AssertClean();
    }

    [Fact]
    public void T36TheLongestFramesStatusVectorStaysOutOfTheReceiveBuffer()
    {
        using TrapBench bench = TrapBench.Running();
        bench.Deliver(TrapBench.Frame(500, 1));
        Assert.True(bench.SendAndFinish(TrapBench.Frame(1514, 2, TrapBench.Peer)));
        Assert.Equal(TrapBench.Frame(500, 1), bench.Receive());
        Assert.True(bench.Chip.PeekPair(Reg.ETXNDL) + 7 <= 0x1FFF);
        bench.AssertClean();
    }

    [Fact]
    public void T37WritingAFrameDoesNotTouchTheReceiveBuffer()
    {
        using TrapBench bench = TrapBench.Running();
        for (int i = 0; i < 4; i++)
        {
            bench.Deliver(TrapBench.Frame(1500, i));
        }

        var before = new byte[0x1A00];
        bench.Chip.PeekMemory(0, before);
        bench.SendWhole(TrapBench.Frame(1514, 9, TrapBench.Peer));
        bench.SendWhole(TrapBench.Frame(60, 10, TrapBench.Peer));
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
        using TrapBench bench = TrapBench.Running();
        for (int i = 0; i < aborts; i++)
        {
            bench.Chip.ScriptCollision(10, 16);
            Assert.True(bench.SendAndFinish(TrapBench.Frame(200, i, TrapBench.Peer)));
            Assert.Empty(bench.Sent);
        }

        Assert.Equal((uint)aborts, bench.Driver.Counters.TransmitAborts);
        bench.SendWhole(TrapBench.Frame(200, 9, TrapBench.Peer));
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
        using TrapBench bench = TrapBench.Running();
        bench.Chip.ScriptFalseCollision(atByte, 2);
        bench.SendWhole(TrapBench.Frame(1014, 1, TrapBench.Peer));
        Assert.Single(bench.Sent);
        bench.SendWhole(TrapBench.Frame(60, 2, TrapBench.Peer));
        Assert.Equal(2u, bench.Driver.Counters.FramesSent);
        bench.AssertClean();
    }

    [Fact]
    public void T40NoFrameIsCut()
    {
        using TrapBench bench = TrapBench.Running();
        for (int i = 0; i < 200; i++)
        {
            // polled at every point of a frame's way out
            Assert.True(bench.Send(TrapBench.Frame(60 + (i * 7), i, TrapBench.Peer)));
            bench.Clock.Advance(i * 7_000);
            Assert.True(bench.RunUntil(() => bench.Driver.CanSend, 100));
        }

        Assert.All(bench.Sent, frame => Assert.True(EthernetCrc.IsValid(frame)));
        Assert.Equal(0, bench.Chip.Counters.FramesCut);
        bench.AssertClean();
    }

    [Fact]
    public void T41SuccessIsNotReadFromAnOldFlag()
    {
        using TrapBench bench = TrapBench.Running();
        bench.SendWhole(TrapBench.Frame(60, 1, TrapBench.Peer));

        // a medium that is busy for 20 ms: nobody may believe in the flag of the frame before
        bench.Chip.OccupyMedium(20_000_000);
        Assert.True(bench.Send(TrapBench.Frame(60, 2, TrapBench.Peer)));
        bench.Run(10);
        Assert.False(bench.Driver.CanSend);
        Assert.Equal(1u, bench.Driver.Counters.FramesSent);
        Assert.True(bench.RunUntil(() => bench.Driver.CanSend, 100));
        Assert.Equal(2, bench.Sent.Count);

        // and an error is not believed twice
        bench.Chip.ScriptCollision(10, 16);
        Assert.True(bench.SendAndFinish(TrapBench.Frame(60, 3, TrapBench.Peer)));
        bench.SendWhole(TrapBench.Frame(60, 4, TrapBench.Peer));
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
        using TrapBench bench = TrapBench.Running();
        bench.SendWhole(TrapBench.Frame(length, 1, TrapBench.Peer));
        Assert.Equal(64, bench.Sent[0].Length);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(300)]
    public void T43ABusyMediumIsNoStall(int milliseconds)
    {
        using TrapBench bench = TrapBench.Running();
        bench.Chip.OccupyMedium(milliseconds * 1_000_000L);
        bench.SendWhole(TrapBench.Frame(100, 1, TrapBench.Peer));
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        Assert.Equal(0u, bench.Driver.Counters.TransmitAborts);
        bench.AssertClean();
    }

    [Fact]
    public void T44APauseFrameDoesNotStopAHalfDuplexStation()
    {
        using TrapBench bench = TrapBench.Running();
        bench.Deliver(Pause(0xFFFF));
        Assert.Empty(bench.ReceiveAll());
        bench.SendWhole(TrapBench.Frame(100, 1, TrapBench.Peer), 50);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1000, 45)]
    [InlineData(0xFFFF, 3300)]
    public void T44InFullDuplexThePauseIsKeptAndIsNoStall(int quanta, int milliseconds)
    {
        using TrapBench bench = TrapBench.Running(fullDuplex: true);
        bench.Deliver(Pause(quanta));
        long start = bench.Clock.NowNs;
        bench.SendWhole(TrapBench.Frame(100, 1, TrapBench.Peer), 5000);
        Assert.True(bench.Clock.NowNs - start > milliseconds * 1_000_000L);
        Assert.Equal(0u, bench.Driver.Counters.TransmitTimeouts);
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T45AnOversizeFrameCostsItselfOnly()
    {
        using TrapBench bench = TrapBench.Running(largest: 1534);
        if (bench.Send(TrapBench.Frame(1530, 1, TrapBench.Peer)))
        {
            Assert.True(bench.RunUntil(() => bench.Driver.CanSend, 1000));
        }

        Assert.DoesNotContain(bench.Sent, sent => EthernetCrc.IsValid(sent));
        bench.SendWhole(TrapBench.Frame(1514, 2, TrapBench.Peer));
        bench.Exchange(TrapBench.Frame(1514, 3));
        bench.AssertClean();
    }

    [Fact]
    public void T46TheDmaIsNotUsed()
    {
        using TrapBench bench = TrapBench.Running();
        bench.Exercise();
        bench.Run(20_000);
        Assert.DoesNotContain(bench.Tap.Log, w => w.Opcode == SpiWindow.Set && w.Register == Reg.ECON1 && (w.Data & (Econ1.DMAST | Econ1.CSUMEN)) != 0);
    }

    private static byte[] Pause(int quanta)
    {
        byte[] pause = new byte[60];
        ((byte[])[0x01, 0x80, 0xC2, 0x00, 0x00, 0x01]).CopyTo(pause, 0);
        TrapBench.Peer.CopyTo(pause, 6);
        ((byte[])[0x88, 0x08, 0x00, 0x01, (byte)(quanta >> 8), (byte)quanta]).CopyTo(pause, 12);
        return pause;
    }
}
