// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>From power-on, from sleep, from the middle of things, and with every kind of defect.</summary>
public class StartupTests
{
    [Theory]
    [InlineData(ChipOptions.RevisionB1, SpiWordOrder.LowByteFirst)]
    [InlineData(ChipOptions.RevisionB4, SpiWordOrder.HighByteFirst)]
    [InlineData(ChipOptions.RevisionB5, SpiWordOrder.LowByteFirst)]
    [InlineData(ChipOptions.RevisionB7, SpiWordOrder.LowByteFirst)]
    [InlineData(ChipOptions.RevisionB7, SpiWordOrder.HighByteFirst)]
    public void ComesUp(byte revision, SpiWordOrder order)
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { Revision = revision, Strap = DuplexStrap.Full }, order);

        Assert.Equal(revision, bench.Driver.Revision);
        Assert.Equal(Enc28j60Fault.None, bench.Driver.Fault);
        Assert.Equal(order == SpiWordOrder.LowByteFirst ? WordOrder.LowByteFirst : WordOrder.HighByteFirst, bench.Driver.WordOrder);
        Assert.Equal(1u, bench.Driver.Counters.LinkChanges);
        bench.AssertClean();
    }

    [Fact]
    public void RegistersHoldWhatTheDataSheetAsksFor()
    {
        using DriverBench bench = DriverBench.Running();
        Enc28j60Chip chip = bench.Chip;

        Assert.Equal(0x0000, chip.PeekPair(Reg.ERXSTL));
        Assert.Equal(0x19FF, chip.PeekPair(Reg.ERXNDL));
        Assert.Equal(0x19FF, chip.PeekPair(Reg.ERXRDPTL));
        Assert.Equal(0x1A00, chip.PeekPair(Reg.ETXSTL));
        Assert.Equal(0xA1, chip.PeekRegister(Reg.ERXFCON));
        Assert.Equal(0x01, chip.PeekRegister(Reg.MACON1));
        Assert.Equal(0x32, chip.PeekRegister(Reg.MACON3));
        Assert.Equal(0x40, chip.PeekRegister(Reg.MACON4));
        Assert.Equal(0x12, chip.PeekRegister(Reg.MABBIPG));
        Assert.Equal(0x12, chip.PeekRegister(Reg.MAIPGL));
        Assert.Equal(0x0C, chip.PeekRegister(Reg.MAIPGH));
        Assert.Equal(0x0F, chip.PeekRegister(Reg.MACLCON1));
        Assert.Equal(0x3F, chip.PeekRegister(Reg.MACLCON2));
        Assert.Equal(1518, chip.PeekPair(Reg.MAMXFLL));
        Assert.Equal(0x00, chip.PeekRegister(Reg.ECOCON));
        Assert.Equal(0x00, chip.PeekRegister(Reg.EIE));
        Assert.Equal(0x0000, chip.PeekPhy(0x00));
        Assert.Equal(0x0100, chip.PeekPhy(0x10));
        Assert.Equal(0x3476, chip.PeekPhy(0x14));

        byte[] address =
        [
            chip.PeekRegister(Reg.MAADR1), chip.PeekRegister(Reg.MAADR2), chip.PeekRegister(Reg.MAADR3),
            chip.PeekRegister(Reg.MAADR4), chip.PeekRegister(Reg.MAADR5), chip.PeekRegister(Reg.MAADR6),
        ];
        Assert.Equal(DriverBench.Station, address);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue - 3)]
    [InlineData(-2)]
    public void TakesMillisecondsWhateverTheTimeIs(int epoch)
    {
        using var bench = new DriverBench(epoch: epoch);
        bench.Start();

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.InRange(bench.Clock.NowNs, 2_000_000, 60_000_000);
    }

    [Fact]
    public void WaitsLongEnoughHoweverOftenItIsPolled()
    {
        for (int phase = 0; phase < 1_000_000; phase += 20_000)
        {
            using var bench = new DriverBench();
            bench.Clock.Advance(phase);
            bench.Driver.StartChip();
            while (bench.Driver.State == Enc28j60State.Starting)
            {
                bench.Driver.Poll(bench.Now);
                bench.Clock.Advance(10_000);
            }

            Assert.Equal(Enc28j60State.Running, bench.Driver.State);
            bench.AssertClean();
        }
    }

    [Fact]
    public void NoPollTakesLong()
    {
        using var bench = new DriverBench();
        bench.Driver.StartChip();
        uint most = 0;
        while (bench.Driver.State == Enc28j60State.Starting)
        {
            uint before = bench.Transfers;
            bench.Turn();
            most = Math.Max(most, bench.Transfers - before);
        }

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.InRange(most, 1u, 150u);
    }

    [Fact]
    public void WakesAChipThatSleeps()
    {
        using var bench = new DriverBench();
        bench.Clock.Advance(1_000_000);

        // BFS ECON2.PWRSV
        bench.Chip.Select();
        bench.Chip.Exchange(0x9E);
        bench.Chip.Exchange(0x28);
        bench.Chip.Deselect();
        bench.Start();

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void StartsAgainFromTheMiddleOfThings(int bank)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Deliver(5, 300);
        bench.Chip.Select();
        bench.Chip.Exchange(0x9F);
        bench.Chip.Exchange((byte)bank);
        bench.Chip.Deselect();

        Assert.False(bench.Driver.CanSend && bench.Driver.State != Enc28j60State.Running);
        bench.Start();
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);

        // what waited is gone, what comes is received
        Assert.Null(bench.Receive());
        bench.Exchange(DriverBench.MakeFrame(60, 7));
        Assert.Equal(0, bench.Chip.Violations.Count);
    }

    [Fact]
    public void NothingIsSentOrReceivedBeforeTheStart()
    {
        using var bench = new DriverBench();
        Assert.True(bench.Driver.Probe());
        bench.AttachPool([64, 1518], [2, 2]);

        Assert.False(bench.Driver.CanSend);
        Assert.False(bench.Driver.IsLinkUp);
        Assert.Null(bench.Receive());
        Assert.False(bench.Send(DriverBench.MakeFrame(60, 1)));
        Assert.Equal(Enc28j60State.Stopped, bench.Driver.State);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0x00, Enc28j60Fault.NoAnswer)]
    [InlineData(0xFF, Enc28j60Fault.AnswersAllOnes)]
    [InlineData(0x5A, Enc28j60Fault.NoChip)]
    public void AStuckAnswerIsNamed(byte value, Enc28j60Fault fault)
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.MisoStuck = value;

        Assert.False(bench.Driver.Probe());
        Assert.Equal(fault, bench.Driver.Fault);
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(fault, bench.Driver.Fault);
        Assert.Throws<InvalidOperationException>(() => bench.Driver.WordOrder);

        // and the next attempt finds the wire mended
        bench.Chip.Faults.MisoStuck = null;
        bench.Start();
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.Equal(Enc28j60Fault.None, bench.Driver.Fault);
    }

    [Fact]
    public void AnEchoOfMosiIsNoChip()
    {
        using var bench = new DriverBench();
        byte last = 0;
        bench.Tap.Pass = _ => false;
        bench.Tap.Answer = (first, index, _) => index == 0 ? last = first : last;

        Assert.False(bench.Driver.Probe());
        Assert.Equal(Enc28j60Fault.NoChip, bench.Driver.Fault);
    }

    [Fact]
    public void AnUnpoweredChipIsNoChip()
    {
        using var bench = new DriverBench();
        bench.Chip.Powered = false;
        bench.Start();
        Assert.Equal(Enc28j60Fault.AnswersAllOnes, bench.Driver.Fault);
    }

    [Fact]
    public void ADeadOscillatorIsNamed()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        bench.Start();

        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(Enc28j60Fault.ClockNotReady, bench.Driver.Fault);
        Assert.Equal(0, bench.Chip.Violations.Count);
    }

    [Theory]
    [InlineData(0x03)]
    [InlineData(0x00)]
    [InlineData(0x1F)]
    public void AnUnknownRevisionIsNamed(byte revision)
    {
        using var bench = new DriverBench(new ChipOptions { Revision = revision });
        bench.Start();
        Assert.Equal(Enc28j60Fault.RevisionUnknown, bench.Driver.Fault);
    }

    [Fact]
    public void ARevisionThatChangesIsABadWire()
    {
        using var bench = new DriverBench();
        int reads = 0;
        bench.Tap.Answer = (first, index, answer) => first == 0x12 && index == 1 ? (byte)(answer + (reads++ & 1)) : answer;
        bench.Start();
        Assert.Equal(Enc28j60Fault.UnstableReads, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(0x0000, 0x01, 0x00)]
    [InlineData(0x0CFE, 0x00, 0x80)]
    [InlineData(0x19FF, 0x10, 0x00)]
    [InlineData(0x1A00, 0x00, 0x01)]
    [InlineData(0x1FF1, 0x80, 0x00)]
    public void AStuckBitIsFound(int address, byte ones, byte zeros)
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.StuckAddress = address;
        bench.Chip.Faults.StuckOnes = ones;
        bench.Chip.Faults.StuckZeros = zeros;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(Enc28j60Fault.MemoryTest, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(0.01, 0)]
    [InlineData(0, 0.01)]
    public void BadWiresNeverPass(double miso, double mosi)
    {
        for (int seed = 0; seed < 20; seed++)
        {
            using var bench = new DriverBench();
            bench.Chip.Faults.Seed = seed;
            bench.Chip.Faults.MisoFlip = miso;
            bench.Chip.Faults.MosiFlip = mosi;
            bench.Start();
            Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
            Assert.NotEqual(Enc28j60Fault.None, bench.Driver.Fault);
        }
    }

    [Fact]
    public void MacRegistersThatDoNotHoldAreFound()
    {
        using var bench = new DriverBench(new ChipOptions { ChipSelectHoldNs = 100 });
        bench.Start();
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
    }

    [Fact]
    public void AnIgnoredResetIsRepeatedAndThenNamed()
    {
        foreach (int ignored in new[] { 1, 2, 3 })
        {
            using var bench = new DriverBench();
            int seen = 0;
            bench.Tap.Pass = first => first != 0xFF || ++seen > ignored;
            bench.Start();
            Assert.Equal(ignored < 3 ? Enc28j60Fault.None : Enc28j60Fault.ResetIgnored, bench.Driver.Fault);
            Assert.Equal(ignored < 3 ? Enc28j60State.Running : Enc28j60State.Failed, bench.Driver.State);
        }
    }

    [Fact]
    public void EveryFaultHasWords()
    {
        foreach (Enc28j60Fault fault in Enum.GetValues<Enc28j60Fault>())
        {
            Assert.NotEqual("Unknown fault.", Enc28j60.Describe(fault));
        }

        Assert.Contains("crystal", Enc28j60.Describe(Enc28j60Fault.ClockNotReady), StringComparison.Ordinal);
        Assert.Contains("MISO", Enc28j60.Describe(Enc28j60Fault.AnswersAllOnes), StringComparison.Ordinal);
    }

    [Fact]
    public void MisuseIsRefusedAtOnce()
    {
        using var bench = new DriverBench();
        Assert.Throws<InvalidOperationException>(() => bench.Driver.WordOrder);
        Assert.Throws<ArgumentNullException>(() => new Enc28j60(null!, new MacAddress(DriverBench.Station)));
        Assert.Throws<ArgumentNullException>(() => bench.Driver.Attach(null!));

        var pool = new FramePool([64], [1], WordOrder.HighByteFirst, 0, false);
        Assert.Throws<InvalidOperationException>(() => bench.Driver.Attach(pool));
        Assert.True(bench.Driver.Probe());
        Assert.Throws<InvalidOperationException>(() => bench.Driver.Attach(pool));
        Assert.Throws<ArgumentException>(() => bench.Driver.Attach(new FramePool([1536], [1], WordOrder.LowByteFirst, 0, false)));
        bench.AttachPool([64, 1534], [1, 1]);
    }

    [Theory]
    [InlineData(20_000_001, SpiMode.Mode0)]
    [InlineData(20_000_000, SpiMode.Mode1)]
    [InlineData(20_000_000, SpiMode.Mode3)]
    public void AWrongBusIsRefused(int clockHz, SpiMode mode)
    {
        var board = new BoardHardware();
        board.Spi.RequirePinFunctions = false;
        BoardHardware.Current = board;
        using SpiDevice device = SpiDevice.Create(new SpiConnectionSettings(1, 5) { ClockFrequency = clockHz, Mode = mode });
        Assert.Throws<ArgumentException>(() => new Enc28j60(device, new MacAddress(DriverBench.Station)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void DisposesTheDeviceOnlyIfAskedTo(bool shouldDispose)
    {
        var board = new BoardHardware();
        board.Spi.RequirePinFunctions = false;
        BoardHardware.Current = board;
        using SpiDevice device = SpiDevice.Create(new SpiConnectionSettings(1, 5) { ClockFrequency = 10_000_000 });
        new Enc28j60(device, new MacAddress(DriverBench.Station), shouldDispose).Dispose();
        if (shouldDispose)
        {
            Assert.Throws<ObjectDisposedException>(() => device.WriteByte(0));
        }
        else
        {
            device.WriteByte(0);
        }
    }
}
