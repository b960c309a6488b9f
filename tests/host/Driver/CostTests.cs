// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using VirtualBoard.Enc28j60;
using Xunit;
using Xunit.Abstractions;

namespace HostTests.Driver;

/// <summary>What a frame costs: SPI transfers, bytes, allocations.</summary>
public class CostTests(ITestOutputHelper output)
{
    private static readonly byte[] s_zeros = new byte[0x1A00];

    [Theory]
    [InlineData(60, 8)]
    [InlineData(400, 11)]
    [InlineData(1000, 11)]
    [InlineData(1514, 9)]
    public void AReceivedFrameTakesFewTransfers(int length, int limit)
    {
        using DriverBench bench = DriverBench.Running();
        const int count = 200;
        uint most = 0;

        // the first one finds the bank at the link's registers and the read pointer anywhere
        bench.Exchange(DriverBench.MakeFrame(length, 0));
        uint transfers = bench.Transfers;
        uint bytes = bench.TransferBytes;
        for (int i = 0; i < count; i++)
        {
            uint before = bench.Transfers;
            bench.Exchange(DriverBench.MakeFrame(length, i));
            most = Math.Max(most, bench.Transfers - before);
        }

        Report(bench, $"receive {length}, one at a time", count, transfers, bytes, most);
        Assert.InRange(most, 1u, (uint)limit);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(60, 10)]
    [InlineData(60, 60)]
    [InlineData(200, 12)]
    [InlineData(300, 1)]
    [InlineData(400, 2)]
    [InlineData(400, 10)]
    [InlineData(700, 5)]
    [InlineData(1000, 1)]
    [InlineData(1000, 3)]
    [InlineData(1000, 4)]
    [InlineData(1514, 1)]
    [InlineData(1514, 3)]
    public void ABatchTakesFivePerFrameAndSevenMore(int length, int together)
    {
        using DriverBench bench = DriverBench.Running();
        const int batches = 50;
        uint transfers = bench.Transfers;
        uint bytes = bench.TransferBytes;
        uint most = 0;
        for (int i = 0; i < batches; i++)
        {
            bench.Deliver(together, length);
            uint before = bench.Transfers;
            for (int k = 0; k < together; k++)
            {
                Assert.Equal(DriverBench.MakeFrame(length, k), bench.Receive());
            }

            // the look that finds nothing more belongs to the batch
            Assert.Null(bench.Receive());

            // the first batch finds the bank at the link's registers
            most = i == 0 ? 0 : Math.Max(most, bench.Transfers - before);
        }

        Report(bench, $"receive {length}, {together} at a time", batches * together, transfers, bytes, most);
        // one of them where a packet goes on at the buffer's start
        Assert.InRange(most, 1u, (uint)((5 * together) + 7));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(60, 64, 10)]
    [InlineData(252, 256, 10)]
    [InlineData(508, 512, 8)]
    [InlineData(1514, 1518, 3)]
    public void FramesThatFitAPoolSizeTakeTwentyBytesMore(int length, int capacity, int together)
    {
        using DriverBench bench = DriverBench.Running(capacities: [capacity], counts: [12]);
        uint bytes = bench.TransferBytes;
        for (int i = 0; i < 50; i++)
        {
            bench.Deliver(together, length);
            for (int k = 0; k < together; k++)
            {
                Assert.Equal(DriverBench.MakeFrame(length, k), bench.Receive());
            }

            Assert.Null(bench.Receive());
        }

        double received = (double)(bench.TransferBytes - bytes) / (50 * together);
        bytes = bench.TransferBytes;
        for (int i = 0; i < 50; i++)
        {
            Assert.True(bench.Send(DriverBench.MakeFrame(length, i)));
            bench.Clock.Advance(1_500_000);
            Assert.True(bench.Driver.CanSend);
        }

        double sent = (double)(bench.TransferBytes - bytes) / 50;
        output.WriteLine($"{length} bytes in {capacity}: received {received:F1}, sent {sent:F1} SPI bytes each");
        Assert.InRange(received, length, length + 20);
        Assert.InRange(sent, length, length + 20);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(42, 5)]
    [InlineData(60, 5)]
    [InlineData(1514, 6)]
    public void ASentFrameTakesFewTransfers(int length, int limit)
    {
        using DriverBench bench = DriverBench.Running();
        const int count = 200;

        // The first one finds the bank at the link's registers, and pointers of which nothing is known. Housekeeping forgets them now and
        // then: two more transfers. A length that differs from that of the frame before costs one or two.
        uint first = bench.Transfers;
        Assert.True(bench.Send(DriverBench.MakeFrame(length, 0)));
        bench.Clock.Advance(1_500_000);
        Assert.True(bench.Driver.CanSend);
        Assert.InRange(bench.Transfers - first, 7u, 10u);
        uint most = 0;
        uint transfers = bench.Transfers;
        uint bytes = bench.TransferBytes;
        for (int i = 0; i < count; i++)
        {
            uint before = bench.Transfers;
            Assert.True(bench.Send(DriverBench.MakeFrame(length, i)));
            bench.Clock.Advance(1_500_000);
            Assert.True(bench.Driver.CanSend);
            most = Math.Max(most, bench.Transfers - before);
        }

        Report(bench, $"send {length}, with its completion", count, transfers, bytes, most);
        Assert.Equal((uint)limit, most);
        bench.AssertClean();
    }

    [Fact]
    public void AnEchoTakesFewTransfers()
    {
        using DriverBench bench = DriverBench.Running();
        uint transfers = bench.Transfers;
        uint bytes = bench.TransferBytes;
        for (int i = 0; i < 200; i++)
        {
            bench.Exchange(DriverBench.MakeFrame(60, i));
            Assert.True(bench.Send(DriverBench.MakeFrame(60, i)));
            bench.Clock.Advance(100_000);
            Assert.True(bench.Driver.CanSend);
        }

        Assert.InRange(Report(bench, "receive 60 and send 60", 200, transfers, bytes, 0), 1, 14.5);
        bench.AssertClean();
    }

    [Fact]
    public void AnIdleTurnIsOneTransfer()
    {
        using DriverBench bench = DriverBench.Running();
        uint transfers = bench.Transfers;
        uint bytes = bench.TransferBytes;
        for (int i = 0; i < 1000; i++)
        {
            Assert.Null(bench.Receive());
            bench.Turn();
        }

        Assert.InRange(Report(bench, "idle turn of 1 ms", 1000, transfers, bytes, 0), 1, 1.1);
        bench.AssertClean();
    }

    [Fact]
    public void AStartIsShort()
    {
        using var bench = new DriverBench();
        long began = bench.Clock.NowNs;
        bench.Start();
        Report(bench, $"start, {(bench.Clock.NowNs - began) / 1e6:F1} ms with the bus at 20 MHz", 1, 0, 0, 0);
        Assert.InRange(bench.Transfers, 200u, 550u);
        Assert.InRange(bench.TransferBytes, 32_000u, 36_000u);
    }

    [Fact]
    public void TrafficOfEveryKindAllocatesNothing()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Remember = false;
        byte[] shortFrame = DriverBench.MakeFrame(60, 1);
        byte[] longFrame = DriverBench.MakeFrame(1514, 2);
        byte[] runt = DriverBench.MakeFrame(30, 3);
        EthernetCrc.Append(runt);
        long allocated = 0;
        for (int i = 0; i < 300; i++)
        {
            if (i == 100)
            {
                // takes this thread's allocation buffer away before another test's collection does, which would count as allocated
                GC.Collect();
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            bench.Chip.Deliver((i & 1) == 0 ? shortFrame : longFrame);
            bench.Chip.DeliverRaw(runt);
            if (i % 50 == 0)
            {
                bench.Chip.ScriptCollision(70, 17);
                bench.Chip.LinkUp = false;
            }
            else if (i % 50 == 20)
            {
                bench.Chip.LinkUp = true;
            }
            else if (i % 50 == 40)
            {
                // a header that makes no sense twice: the receiver is reset
                bench.Arrive();
                bench.Chip.PokeMemory(0, s_zeros);
            }

            for (int k = 0; k < 12; k++)
            {
                bench.Driver.Poll(bench.Now);
                Frame frame = bench.Driver.Receive(bench.Pool);
                if (frame != null)
                {
                    bench.Driver.Send(frame);
                    bench.Pool.Return(frame);
                }

                bench.Clock.Advance(1_000_000);
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - allocated);
        Assert.InRange(bench.Driver.Counters.FramesReceived, 100u, 300u);
        Assert.InRange(bench.Driver.Counters.FramesSent, 50u, 300u);
        Assert.InRange(bench.Driver.Counters.LateCollisions, 17u, 300u);
        bench.AssertNothingLost();
    }

    private double Report(DriverBench bench, string what, int count, uint transfers, uint bytes, uint most)
    {
        double each = (double)(bench.Transfers - transfers) / count;
        double bytesEach = (double)(bench.TransferBytes - bytes) / count;
        string limit = most == 0 ? string.Empty : $", at most {most} transfers";
        output.WriteLine($"{what}: {each:F2} transfers, {bytesEach:F1} bytes each{limit}");
        return each;
    }
}
