// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>Which PHY registers are read, how often, and what follows from them.</summary>
public class LinkBoundTests
{
    private const int Phcon1 = 0x00;
    private const int Phstat1 = 0x01;
    private const int Phcon2 = 0x10;
    private const int Phstat2 = 0x11;
    private const int Phir = 0x13;

    [Fact]
    public void TheLinkIsLookedAtFourTimesASecondAndTheSettingsEverySixteenthTime()
    {
        using DriverBench bench = DriverBench.Running();
        int now = bench.Now;
        List<(int Register, int Time)> reads = Watch(bench, () => now);
        for (int end = now + 9000; now < end; now++)
        {
            bench.Driver.Poll(now);
            bench.Clock.Advance(1_000_000);
        }

        int[] looks = [.. reads.Where(r => r.Register == Phstat1).Select(r => r.Time)];
        int[] registers = [.. reads.Select(r => r.Register).SkipWhile(r => r != Phcon1)];

        // duplex, loopback, and fifteen looks; the first of these at once
        int[] cycle = [Phcon1, Phcon2, .. Enumerable.Repeat(Phstat1, 15)];
        Assert.Equal(cycle, registers[..17]);
        Assert.Equal(Phcon1, registers[17]);
        // but for the looks with which it begins
        int[] steps = [.. looks.Zip(looks.Skip(1), (one, next) => next - one).Skip(2)];
        Assert.Equal(250, steps.Order().ElementAt(steps.Length / 2));
        Assert.All(steps, step => Assert.True(step is 250 or (> 250 and < 260), string.Join(' ', steps)));
    }

    [Theory]
    [InlineData(1, Enc28j60Recovery.None)]
    [InlineData(2, Enc28j60Recovery.RegistersLost)]
    public void SettingsThatReadWrongAreReadAgainAtOnce(int misreads, Enc28j60Recovery recovery)
    {
        foreach (int register in (int[])[Phcon1, Phcon2])
        {
            using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
            int left = misreads;
            int last = 0;
            bench.Tap.Answer = (first, index, answer) =>
            {
                if (first != 0x19 || index != 2 || bench.Chip.PeekRegister(Reg.MIREGADR) != register || left == 0)
                {
                    return answer;
                }

                Assert.True(left == misreads || bench.Now - last < 200);
                left--;
                last = bench.Now;
                return (byte)(answer ^ 0x01);
            };
            bench.Run(4500);
            Assert.Equal(0, left);
            Assert.Equal(recovery, bench.Driver.LastRecovery);
        }
    }

    [Fact]
    public void ABadReadNowAndAnotherOneSecondsLaterAreTwoDisturbances()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        int reads = 0;
        bench.Tap.Answer = (first, index, answer) =>
            first == 0x19 && index == 2 && bench.Chip.PeekRegister(Reg.MIREGADR) == Phcon1 && (reads++ & 1) == 0 ? (byte)(answer ^ 0x01) : answer;
        bench.Run(14_000);
        Assert.InRange(reads, 6, 8);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        Assert.True(bench.Driver.IsLinkUp);
    }

    [Fact]
    public void ADoubtDoesNotOutliveAStart()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        int left = 2;
        bench.Tap.Answer = (first, index, answer) =>
            first == 0x19 && index == 2 && bench.Chip.PeekRegister(Reg.MIREGADR) == Phcon1 && bench.Driver.IsLinkUp && left-- > 0
                ? (byte)(answer ^ 0x01)
                : answer;
        bench.RunUntil(() => bench.Driver.Counters.Restarts == 1, 5000);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        left = 1;
        bench.Run(9000);
        Assert.InRange(left, int.MinValue, 0);
        Assert.Equal(1u, bench.Driver.Counters.Restarts);
    }

    [Fact]
    public void EachReadOfThePhyIsWaitedForAnew()
    {
        // sixty busy polls each
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        for (int i = 0; i < 3; i++)
        {
            var busy = new Misreads(bench, Reg.MISTAT, 60, 0x01);
            bench.RunUntil(() => busy.Left == 0, 400);
            bench.Run(3);
        }

        Assert.Equal(0u, bench.Driver.Counters.PhyTimeouts);
        Assert.True(bench.Driver.IsLinkUp);
    }

    [Fact]
    public void InFullDuplexTheDuplexModeIsThatOfFullDuplex()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { FullDuplex = true, InterruptPin = DriverBench.InterruptPin });
        bench.Run(9000);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
        int left = 2;
        bench.Tap.Answer = (first, index, answer) =>
            first == 0x19 && index == 2 && bench.Chip.PeekRegister(Reg.MIREGADR) == Phcon1 && left-- > 0 ? (byte)(answer ^ 0x01) : answer;
        bench.RunUntil(() => bench.Driver.LastRecovery == Enc28j60Recovery.RegistersLost, 5000);
    }

    [Fact]
    public void AShortDropIsToldAsOne()
    {
        var listener = new Links();
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { Listener = listener });
        bench.Run(1000);
        bench.Chip.LinkUp = false;
        bench.Clock.Advance(1_000_000);
        bench.Chip.LinkUp = true;
        bench.Run(300);
        Assert.Equal([true, false, true], listener.All);
    }

    [Fact]
    public void ALinkThatIsUpIsOneReadAndOneThatWentTwo()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        List<(int Register, int Time)> reads = Watch(bench);
        bench.Run(600);
        Assert.All(reads, r => Assert.Equal(Phstat1, r.Register));
        bench.Chip.LinkUp = false;
        reads.Clear();
        bench.RunUntil(() => !bench.Driver.IsLinkUp, 300);
        Assert.Equal([Phstat1, Phstat2], reads.Select(r => r.Register));
    }

    [Fact]
    public void TheInterruptIsTakenBackOnceAndTheLinkLookedAtThen()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        bench.Run(300);
        while (bench.Driver.WaitForInterrupt(0))
        {
            bench.Run(60);
        }

        bench.Run(100);
        List<(int Register, int Time)> reads = Watch(bench);
        bench.Chip.LinkUp = false;
        Assert.True(bench.Driver.WaitForInterrupt(0));
        bench.RunUntil(() => !bench.Driver.IsLinkUp, 20);
        Assert.Equal([Phir, Phstat1, Phstat2], reads.Select(r => r.Register));
        bench.Run(100);
        Assert.Single(reads, r => r.Register == Phir);
        Assert.False(bench.Driver.WaitForInterrupt(0));
        bench.AssertClean();
    }

    [Fact]
    public void APhyThatDoesNotAnswerIsTriedAgainAQuarterOfASecondLater()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1000);
        var busy = new Misreads(bench, Reg.MISTAT, int.MaxValue, 0x01);
        List<int> lost = [];
        for (int i = 0; i < 1000; i++)
        {
            uint before = bench.Driver.Counters.PhyTimeouts;
            bench.Turn();
            if (bench.Driver.Counters.PhyTimeouts != before)
            {
                lost.Add(bench.Now);
                Assert.True(bench.Driver.IsPhyIdle);
                Assert.False(bench.Driver.IsLinkUp);
            }
        }

        Assert.NotEqual(int.MaxValue, busy.Left);
        Assert.InRange(lost.Count, 3, 4);
        Assert.All(lost.Zip(lost.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 248, 252));
        bench.Tap.Answer = null;
        bench.RunUntil(() => bench.Driver.IsLinkUp, 300);
        bench.AssertClean();
    }

    /// <summary>The PHY registers that are read from now on, and when.</summary>
    private static List<(int Register, int Time)> Watch(DriverBench bench, Func<int>? time = null)
    {
        var reads = new List<(int Register, int Time)>();
        bool isChosen = false;
        bench.Tap.Answer = (first, index, answer) =>
        {
            // a write of MIREGADR, and the write of MICMD that follows it
            if (index == 1 && (first is 0x54 or 0x52) && (bench.Chip.PeekRegister(Reg.ECON1) & 3) == 2)
            {
                if (first == 0x52 && isChosen)
                {
                    reads.Add((bench.Chip.PeekRegister(Reg.MIREGADR), time?.Invoke() ?? bench.Now));
                }

                isChosen = first == 0x54;
            }

            return answer;
        };
        return reads;
    }

    private sealed class Links : Enc28j60Listener
    {
        public List<bool> All { get; } = [];

        public override void OnLinkChanged(bool isUp) => All.Add(isUp);
    }
}
