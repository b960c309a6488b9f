// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>A start step by step: what is written, read back and waited for.</summary>
public class StartBoundTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void TheChipIsLeftAloneUntilTwoMillisecondsHaveBegun(int now)
    {
        // DS80349C 2: CLKRDY does not tell when a reset is over
        using var bench = new DriverBench();
        bench.Driver.StartChip();
        uint transfers = bench.Transfers;
        Assert.Equal(1, bench.Driver.Poll(now));
        Assert.Equal(1, bench.Driver.Poll(unchecked(now + 1)));
        Assert.Equal(transfers, bench.Transfers);
        bench.Clock.Advance(2_000_000);

        // from now on nothing is waited for
        for (int i = 0; bench.Driver.State == Enc28j60State.Starting; i++)
        {
            Assert.InRange(i, 0, 50);
            Assert.Equal(0, bench.Driver.Poll(unchecked(now + 2)));
            Assert.NotEqual(transfers, bench.Transfers);
        }

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
    }

    [Fact]
    public void ALateClockIsLookedForEveryMillisecond()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        bench.Driver.StartChip();
        bench.Driver.Poll(0);
        for (int now = 2; now < 50; now++)
        {
            uint transfers = bench.Transfers;
            Assert.Equal(1, bench.Driver.Poll(now));
            Assert.Equal(transfers + 1, bench.Transfers);
        }

        Assert.Equal(0, bench.Driver.Poll(50));
        Assert.Equal(Enc28j60Fault.ClockNotReady, bench.Driver.Fault);
    }

    [Fact]
    public void AFaultIsToldAtOnce()
    {
        using var bench = new DriverBench(new ChipOptions { Revision = 3 });
        bench.Driver.StartChip();
        bench.Driver.Poll(0);
        bench.Clock.Advance(2_000_000);
        Assert.Equal(0, bench.Driver.Poll(2));
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
    }

    [Theory]
    [InlineData(2, Enc28j60Fault.None)]
    [InlineData(3, Enc28j60Fault.RegisterReadBack)]
    public void AMacRegisterIsWrittenThreeTimesIfItHasTo(int lost, Enc28j60Fault fault)
    {
        // DS80349C 1. The first one, MACON1; the commands of other banks with the same number have gone before.
        using var bench = new DriverBench();
        int left = lost;
        bench.Tap.Pass = first => first != 0x40 || (bench.Chip.PeekRegister(Reg.ECON1) & 3) != 2 || left-- <= 0;
        bench.Start();
        Assert.Equal(fault, bench.Driver.Fault);
        Assert.InRange(left, int.MinValue, 0);
    }

    [Theory]
    [InlineData(0, 7, Enc28j60Fault.UnstableReads)]
    [InlineData(0, 8, Enc28j60Fault.None)]
    public void TheRevisionIsReadEightTimes(int from, int odd, Enc28j60Fault fault)
    {
        using var bench = new DriverBench();
        int reads = from;
        bench.Tap.Answer = (first, index, answer) => first == 0x12 && index == 1 && reads++ == odd ? (byte)(answer ^ 1) : answer;
        bench.Start();
        Assert.Equal(fault, bench.Driver.Fault);
        Assert.Equal(8, reads);
    }

    [Theory]
    [InlineData(0, Enc28j60Fault.None)]
    [InlineData(1, Enc28j60Fault.ClockTooSlow)]
    [InlineData(8_000_000, Enc28j60Fault.None)]
    public void AClockThatNobodyToldIsTakenForAGoodOne(int clockFrequency, Enc28j60Fault fault)
    {
        using var bench = new DriverBench(new ChipOptions { Revision = ChipOptions.RevisionB1 });
        bench.Driver.StartChip();
        var startup = new Startup(bench.Driver.Chip, clockFrequency);
        startup.BeginAfterReset();
        for (int now = 0; !startup.IsDone && !startup.IsFailed; now++)
        {
            Assert.InRange(now, 0, 100);
            startup.Poll(now);
            bench.Clock.Advance(1_000_000);
        }

        Assert.Equal(fault, startup.Fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheRevisionIsNotKnownUntilItWasReadAgain(bool isRestart)
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Equal(ChipOptions.RevisionB7, bench.Driver.Revision);
        if (isRestart)
        {
            bench.Driver.Restart();
            bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        }
        else
        {
            bench.Driver.StartChip();
        }

        Assert.Equal(0, bench.Driver.Revision);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 100);
        Assert.Equal(ChipOptions.RevisionB7, bench.Driver.Revision);
    }

    [Theory]
    [InlineData(Reg.ERXSTL)]
    [InlineData(Reg.ERXSTH)]
    [InlineData(Reg.ERXNDL)]
    [InlineData(Reg.ERXNDH)]
    [InlineData(Reg.ETXSTL)]
    [InlineData(Reg.ETXSTH)]
    [InlineData(Reg.ECOCON)]
    [InlineData(Reg.ERXFCON)]
    public void SettingsThatDoNotReadBackAreAFault(int register)
    {
        using var bench = new DriverBench();
        bench.Driver.StartChip();
        var wrong = new Misreads(bench, register, int.MaxValue, 0x01);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 100);
        Assert.NotEqual(int.MaxValue, wrong.Left);
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
    }

    [Theory]
    [InlineData(1, Enc28j60State.Running)]
    [InlineData(2, Enc28j60State.Failed)]
    public void ReceptionIsSwitchedOffAgainWhereTheCanaryIsLost(int misreads, Enc28j60State state)
    {
        using var bench = new DriverBench();
        bench.Driver.StartChip();
        var wrong = new Misreads(bench, Reg.EDMADSTL, misreads, 0x01);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 100);
        Assert.Equal(0, wrong.Left);
        Assert.Equal(state, bench.Driver.State);
        Assert.Equal(misreads == 1 ? 0x04 : 0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
    }

    [Theory]
    [InlineData(0x02, 0xFF, Enc28j60Fault.PhyNotResponding)]
    [InlineData(0x00, 0x01, Enc28j60Fault.PhyNotResponding)]
    [InlineData(0x00, 0x08, Enc28j60Fault.None)]
    [InlineData(0x10, 0x01, Enc28j60Fault.PhyNotResponding)]
    [InlineData(0x12, 0x02, Enc28j60Fault.PhyNotResponding)]
    [InlineData(0x12, 0x10, Enc28j60Fault.PhyNotResponding)]
    [InlineData(0x12, 0x01, Enc28j60Fault.None)]
    public void APhyRegisterThatDoesNotReadBackIsAPhyThatDoesNotRespond(int register, byte flipped, Enc28j60Fault fault)
    {
        // PHID1; the duplex mode of PHCON1; HDLDIS of PHCON2, in the high byte as well; both bits of PHIE, in the low one
        using var bench = new DriverBench();
        bench.Tap.Answer = (first, index, answer) =>
            index == 2 && first == (register == 0x12 ? 0x18 : 0x19) && bench.Chip.PeekRegister(Reg.MIREGADR) == register && IsBank(bench, 2)
                ? (byte)(answer ^ flipped)
                : answer;
        bench.Start();
        Assert.Equal(fault, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(31, Enc28j60Fault.None)]
    [InlineData(32, Enc28j60Fault.PhyNotResponding)]
    public void ThePhyIsWaitedForThirtyTwoLooks(int busy, Enc28j60Fault fault)
    {
        using var bench = new DriverBench();
        int left = busy;
        bench.Tap.Answer = (first, index, answer) => first == 0x0A && index == 2 && IsBank(bench, 3) && left-- > 0 ? (byte)1 : answer;
        bench.Start();
        Assert.Equal(fault, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void APhyThatDoesNotAnswerOneOfTheReadsDoesNotRespond(bool fullDuplex)
    {
        // whatever duplex mode its last answer looks like: PHID1, PHCON1, PHCON2, PHIE
        foreach (int register in (int[])[0x02, 0x00, 0x10, 0x12])
        {
            using var bench = new DriverBench(driverOptions: new Enc28j60Options { FullDuplex = fullDuplex });
            bench.Tap.Answer = (first, index, answer) =>
                first == 0x0A && index == 2 && IsBank(bench, 3) && bench.Chip.PeekRegister(Reg.MICMD) == 1 && bench.Chip.PeekRegister(Reg.MIREGADR) == register
                    ? (byte)1
                    : answer;
            bench.Start();
            Assert.Equal(Enc28j60Fault.PhyNotResponding, bench.Driver.Fault);
        }
    }

    [Fact]
    public void AScanOfThePhyThatAFormerLifeBeganIsEnded()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(100);
        byte bank = (byte)(bench.Chip.PeekRegister(Reg.ECON1) & 3);
        bench.Driver.Restart();
        Raw(bench, 0xBF, 3);
        Raw(bench, 0x9F, 2);

        // MICMD.MIISCAN
        Raw(bench, 0x52, 0x02);
        Raw(bench, 0xBF, 3);
        Raw(bench, 0x9F, bank);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Running, 10);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 1000);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.Equal(Enc28j60Fault.None, bench.Driver.Fault);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.MICMD));
        Assert.Equal(0, bench.Chip.Violations.Count);
    }

    [Fact]
    public void FlagsAndRequestsOfAFormerLifeAreTakenBack()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(100);
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);

        // EIR: all that can be cleared; ESTAT: BUFER, LATECOL, TXABRT; ECON1: resets, checksum; ECON2: no AUTOINC, VRPS
        bench.Chip.PokeRegister(Reg.EIR, 0x2B);
        bench.Chip.PokeRegister(Reg.ESTAT, (byte)(bench.Chip.PeekRegister(Reg.ESTAT) | 0x52));
        bench.Chip.PokeRegister(Reg.ECON1, 0xD0);
        bench.Chip.PokeRegister(Reg.ECON2, 0x08);
        bench.Chip.PokeRegister(Reg.EIE, 0xFF);
        bench.Chip.PokeRegister(Reg.EBSTCON, 0xF0);
        bench.Chip.PokeRegister(Reg.EFLOCON, 0x01);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 1000);
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EIR) & 0x2B);
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.ESTAT) & 0x52);
        Assert.Equal(0x04, bench.Chip.PeekRegister(Reg.ECON1) & 0xFC);
        Assert.Equal(0x80, bench.Chip.PeekRegister(Reg.ECON2));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EIE));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EBSTCON));
        Assert.Equal(0, bench.Chip.PeekRegister(Reg.EFLOCON));
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        bench.Exchange(DriverBench.MakeFrame(1000, 1));
        bench.SendAndFinish(DriverBench.MakeFrame(1000, 2));
    }

    [Fact]
    public void BeforeAChipIsSetUpTransmitterAndReceiverAreResetAndNoInterruptIsEnabled()
    {
        // DS80349C 12: the flags last, for the end of the reset may set them
        using DriverBench bench = DriverBench.Running();
        bench.Run(100);
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        bench.Tap.Log = [];
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 1000);
        string[] log = [.. bench.Tap.Log.Select(w => Convert.ToHexString(w.AsSpan(0, Math.Min(2, w.Length))))];
        int[] order =
        [
            Array.IndexOf(log, "BE28"), Array.IndexOf(log, "9E80"), Array.IndexOf(log, "5B00"),
            Array.IndexOf(log, "9F80"), Array.IndexOf(log, "BF80"), Array.IndexOf(log, "BC0A"), Array.IndexOf(log, "BD12"),
            Array.IndexOf(log, "9F40"), Array.IndexOf(log, "BF40"), Array.IndexOf(log, "BC01"), Array.IndexOf(log, "BD40"), Array.IndexOf(log, "9F04"),
        ];
        Assert.DoesNotContain(-1, order);
        Assert.Equal(order.Order(), order);

        // before the clock is waited for, the probe alone ends what ECON1 has begun
        Assert.InRange(Array.IndexOf(log, "BFBF"), 0, Array.IndexOf(log, "1D00"));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(250)]
    public void PacketsOfAFormerLifeAreCountedDownSixtyFourInAPoll(int packets)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State == Enc28j60State.Starting, 10);
        bench.Chip.PokeRegister(Reg.EPKTCNT, (byte)packets);
        bench.Tap.Log = [];
        var steps = new List<int>();
        while (bench.Driver.State == Enc28j60State.Starting)
        {
            int before = bench.Tap.Log.Count;
            bench.Turn();
            int counted = bench.Tap.Log.Skip(before).Count(w => w[0] == 0x9E && w[1] == 0x40);
            if (counted > 0)
            {
                steps.Add(counted);
            }
        }

        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        Assert.Equal(packets, steps.Sum());
        Assert.Equal(64, steps[0]);
        Assert.Equal((packets + 63) / 64, steps.Count);
    }

    [Fact]
    public void ACountThatStaysIsGivenUpAfterEightRounds()
    {
        using var bench = new DriverBench();
        bench.Driver.StartChip();
        bench.Tap.Log = [];
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 && IsBank(bench, 1) ? (byte)200 : answer;
        for (int i = 1; i <= 2; i++)
        {
            bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 1000);
            Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
            Assert.Equal(i * 8 * 64, bench.Tap.Log.Count(w => w[0] == 0x9E && w[1] == 0x40));
            bench.Driver.StartChip();
        }
    }

    [Fact]
    public void TheResetPinIsHighBeforeTheStart()
    {
        using var bench = new DriverBench(driverOptions: new Enc28j60Options { ResetPin = DriverBench.ResetPin });
        Assert.True(bench.Board.Gpio.Level(DriverBench.ResetPin));
        Assert.True(bench.Driver.Probe());
    }

    [Fact]
    public void ACountThatNeverReachesZeroIsAFailedStart()
    {
        using var bench = new DriverBench();
        bench.Tap.Answer = (first, index, answer) => first == 0x19 && index == 1 ? (byte)1 : answer;
        bench.Start();
        Assert.Equal(Enc28j60State.Failed, bench.Driver.State);
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
    }

    [Fact]
    public void TheEndOfAnIgnoredResetIsLookedForTwentyTimes()
    {
        using var bench = new DriverBench();
        bench.Tap.Pass = first => first != 0xFF;
        bench.Tap.Log = [];
        bench.Start();
        Assert.Equal(Enc28j60Fault.ResetIgnored, bench.Driver.Fault);
        Assert.Equal(3, bench.Tap.Log.Count(w => w[0] == 0xFF));
        int last = bench.Tap.Log.FindLastIndex(w => w[0] == 0xFF);
        Assert.Equal(20, bench.Tap.Log.Skip(last).Count(w => w[0] == 0x00));
    }

    [Fact]
    public void AWriteThatIsLostDuringTheStartIsFound()
    {
        // ETXSTH; no register of the MAC is written by then
        using var bench = new DriverBench();
        int seen = 0;
        bench.Tap.Pass = first => first != 0x45 || seen++ > 0;
        bench.Start();
        Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
    }

    [Fact]
    public void TheOscillatorIsWaitedForFiftyMillisecondsAtTheStartToo()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.DeadOscillator = true;
        bench.Chip.PowerOnReset();
        bench.Driver.StartChip();
        bench.Driver.Poll(bench.Now);
        int began = bench.Now;
        while (bench.Driver.State == Enc28j60State.Starting)
        {
            Assert.InRange(bench.Now - began, 0, 50);
            bench.Clock.Advance(1_000_000);
            bench.Driver.Poll(bench.Now);
        }

        Assert.Equal(50, bench.Now - began);
        Assert.Equal(Enc28j60Fault.ClockNotReady, bench.Driver.Fault);
    }

    [Fact]
    public void ABitThatIsStuckEndsTheMemoryTestAtOnce()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.StuckAddress = 3;
        bench.Chip.Faults.StuckOnes = 0xFF;
        bench.Chip.Faults.StuckZeros = 0x00;
        bench.Start();
        Assert.Equal(Enc28j60Fault.MemoryTest, bench.Driver.Fault);

        // the first of two patterns was written whole, and read for a seventh
        Assert.InRange(bench.TransferBytes, 8000u, 11_000u);
    }

    private static bool IsBank(DriverBench bench, int bank) => (bench.Chip.PeekRegister(Reg.ECON1) & 3) == bank;

    private static void Raw(DriverBench bench, params ReadOnlySpan<byte> bytes)
    {
        bench.Chip.Select();
        foreach (byte value in bytes)
        {
            bench.Chip.Exchange(value);
        }

        bench.Chip.Deselect();
    }
}
