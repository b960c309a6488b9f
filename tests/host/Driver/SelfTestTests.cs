// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>The test that a user can run, on good chips and bad ones.</summary>
public class SelfTestTests
{
    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst, false)]
    [InlineData(SpiWordOrder.LowByteFirst, true)]
    [InlineData(SpiWordOrder.HighByteFirst, true)]
    public void AGoodChipPasses(SpiWordOrder order, bool plug)
    {
        using var bench = new DriverBench(order: order);
        if (plug)
        {
            bench.OnSent = frame => bench.Chip.DeliverRaw(frame);
        }

        SelfTest test = Run(bench, plug);
        Assert.Equal("All tests passed.", test.Describe());
        Assert.Equal(SelfTestItems.None, test.Failed);
        Assert.Equal(plug ? (SelfTestItems)0x1FF : (SelfTestItems)0xFF, test.Passed);
        Assert.Equal(0, bench.Chip.Violations.Count);

        // and the driver starts as if nothing had been
        Assert.Equal(Enc28j60State.Stopped, bench.Driver.State);
        bench.AttachPool([64, 1518], [2, 2]);
        bench.OnSent = null;
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(1514, 1));
        bench.SendAndFinish(DriverBench.MakeFrame(1514, 2));
        bench.AssertClean();
    }

    [Fact]
    public void AMissingChipIsNamed()
    {
        using var bench = new DriverBench();
        bench.Chip.Powered = false;
        SelfTest test = Run(bench, false);
        Assert.Equal(SelfTestItems.Bus, test.Failed);
        Assert.Equal(SelfTestItems.None, test.Passed);
        Assert.Contains("MISO", test.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void ABadBitOfMemoryIsNamed()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.StuckAddress = 0x0CFE;
        bench.Chip.Faults.StuckOnes = 1;
        SelfTest test = Run(bench, false);
        Assert.Equal(SelfTestItems.Memory, test.Failed);
        Assert.Equal((SelfTestItems)0x0F, test.Passed);
    }

    [Fact]
    public void ABitThatOnlyTheChipsOwnTestReachesIsNamed()
    {
        // in the last nine bytes, which nothing uses
        using var bench = new DriverBench();
        bench.Chip.Faults.StuckAddress = 0x1FFE;
        bench.Chip.Faults.StuckOnes = 1;
        SelfTest test = Run(bench, false);
        Assert.Equal(SelfTestItems.BuiltIn, test.Failed);
        Assert.Equal((SelfTestItems)0x7F, test.Passed);
    }

    [Fact]
    public void ADeadOscillatorIsNamed()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        SelfTest test = Run(bench, false);
        Assert.Equal(SelfTestItems.Clock, test.Failed);
        Assert.Contains("crystal", test.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void APlugThatIsNotThereIsNamed(bool link)
    {
        using var bench = new DriverBench();
        bench.Chip.LinkUp = link;
        SelfTest test = Run(bench, true);
        Assert.Equal(SelfTestItems.Loopback, test.Failed);
        Assert.Contains("plug", test.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFrameThatComesBackChangedIsNamed()
    {
        using var bench = new DriverBench();
        bench.OnSent = frame =>
        {
            frame[30] ^= 1;
            bench.Chip.Deliver(frame.AsSpan(0, frame.Length - 4));
        };
        Assert.Equal(SelfTestItems.Loopback, Run(bench, true).Failed);
    }

    [Fact]
    public void ADriverAtWorkIsNotDisturbed()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Throws<InvalidOperationException>(() => new SelfTest(bench.Driver));
        Assert.Throws<ArgumentNullException>(() => new SelfTest(null!));
    }

    private static SelfTest Run(DriverBench bench, bool plug)
    {
        var test = new SelfTest(bench.Driver, plug);
        for (int i = 0; i < 10_000 && !test.Poll(bench.Now); i++)
        {
            bench.Clock.Advance(1_000_000);
        }

        return test;
    }
}
