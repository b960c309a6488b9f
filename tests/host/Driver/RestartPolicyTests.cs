// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>How soon a chip is started again: at once if it was lost, more and more slowly while starts fail, every five seconds in the end.</summary>
public class RestartPolicyTests
{
    private const int LongestWaitMs = 5000;

    [Fact]
    public void WaitsDoubleWhileStartsFailAndEndAtFiveSeconds()
    {
        var policy = new RestartPolicy();
        int now = int.MaxValue - 2000;
        int[] waits = [0, 100, 200, 400, 800, 1600, 3200, 5000, 5000, 5000];
        foreach (int wait in waits)
        {
            policy.OnStarting(now);
            policy.OnFailed();
            Assert.Equal(wait, policy.GetLeft(now));
            if (wait > 0)
            {
                Assert.Equal(1, policy.GetLeft(unchecked(now + wait - 1)));
                Assert.Equal(0, policy.GetLeft(unchecked(now + wait)));
            }

            now = unchecked(now + wait);
        }

        policy.OnRunning();
        policy.OnStarting(now);
        policy.OnFailed();
        Assert.Equal(0, policy.GetLeft(now));
    }

    [Fact]
    public void TheWaitCountsFromTheBeginningOfTheFailedStart()
    {
        var policy = new RestartPolicy();
        policy.OnStarting(0);
        policy.OnFailed();
        policy.OnStarting(1000);
        policy.OnFailed();
        Assert.Equal(40, policy.GetLeft(1060));
        Assert.Equal(-10, policy.GetLeft(1110));
    }

    [Fact]
    public void AnApplicationsOwnStartCountsFromTheFirstPollAfterIt()
    {
        var policy = new RestartPolicy();
        policy.OnFailed();
        policy.OnFailed();
        Assert.Equal(100, policy.GetLeft(70_000));
        Assert.Equal(60, policy.GetLeft(70_040));

        policy.Forget();
        policy.OnFailed();
        Assert.Equal(0, policy.GetLeft(70_050));
        policy.OnFailed();
        Assert.Equal(100, policy.GetLeft(90_000));
    }

    [Fact]
    public void ALostChipIsStartedAtOnceButNotMoreThanOnceASecond()
    {
        var policy = new RestartPolicy();
        policy.OnStarting(5000);
        policy.OnRunning();
        policy.OnGood(5999);
        policy.OnLost();
        Assert.Equal(1, policy.GetLeft(5999));
        Assert.Equal(0, policy.GetLeft(6000));

        policy.OnStarting(6000);
        policy.OnRunning();
        policy.OnGood(7000);
        policy.OnLost();
        Assert.Equal(0, policy.GetLeft(7000));
    }

    [Fact]
    public void AChipThatRanForMonthsIsStartedAtOnce()
    {
        // longer than half of the count of milliseconds, where differences turn negative
        var policy = new RestartPolicy();
        policy.OnStarting(0);
        policy.OnRunning();
        policy.OnGood(1000);
        policy.OnLost();
        Assert.Equal(0, policy.GetLeft(int.MinValue + 10));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(15)]
    [InlineData(60)]
    public void ASupplyThatDipsEverySoManySecondsCostsAFractionOfASecondEachTime(int seconds)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        for (int i = 0; i < 12; i++)
        {
            bench.Chip.PowerOnReset();
            long dippedAt = bench.Clock.NowNs;
            bench.RunUntil(() => bench.Driver.Counters.Restarts == i + 1, 100);
            bench.RunUntil(() => bench.Driver.IsLinkUp, 100);
            bench.Exchange(DriverBench.MakeFrame(60, i));
            bench.SendAndFinish(DriverBench.MakeFrame(60, i));
            bench.Run((int)((dippedAt + (seconds * 1_000_000_000L) - bench.Clock.NowNs) / 1_000_000));
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(700)]
    [InlineData(1000)]
    [InlineData(3000)]
    [InlineData(10_000)]
    [InlineData(30_000)]
    [InlineData(61_234)]
    [InlineData(300_000)]
    public void AfterAnOutageTheChipIsBackWithinFiveSecondsAndAStart(int milliseconds)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        long slowest = 0;
        for (int i = 0; i < 6; i++)
        {
            bench.Chip.Powered = false;
            bench.Run(milliseconds + (i * 331));
            bench.Chip.Powered = true;
            long at = bench.Clock.NowNs;
            bench.RunUntil(() => bench.Driver.IsLinkUp, LongestWaitMs + 100);
            slowest = Math.Max(slowest, bench.Clock.NowNs - at);
            bench.Exchange(DriverBench.MakeFrame(60, i));
        }

        // a start and the link, which take 30 ms here
        Assert.InRange(slowest, 1, (LongestWaitMs + 50) * 1_000_000L);
    }

    [Fact]
    public void ASupplyThatDipsFasterThanTheChipStartsIsOverWhenTheDipsAre()
    {
        // each dip falls into the start after the one before, so that it is starts that fail
        using DriverBench bench = DriverBench.Running();
        bench.Run(1500);
        for (int i = 0; i < 400; i++)
        {
            bench.Chip.PowerOnReset();
            bench.Run(7);
        }

        bench.RunUntil(() => bench.Driver.IsLinkUp, LongestWaitMs + 100);
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }
}
