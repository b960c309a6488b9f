// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Ethernet;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>The last value of an option that is taken and the first that is not.</summary>
public class OptionBoundTests
{
    [Fact]
    public void LedCodesOneToThirteenAreTakenButForSix()
    {
        for (int code = -1; code < 20; code++)
        {
            bool isGood = code is >= 1 and <= 13 and not 6;
            AssertTaken(isGood, new Enc28j60Options { LedA = (Enc28j60Led)code });
            AssertTaken(isGood, new Enc28j60Options { LedB = (Enc28j60Led)code });
        }
    }

    [Fact]
    public void TheClockIsOffOrOneOfFive()
    {
        for (int code = -1; code < 8; code++)
        {
            AssertTaken(code is >= 0 and <= 5, new Enc28j60Options { ClockOutput = (Enc28j60ClockOutput)code });
        }
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void NoneToSixtyFourGroupsCanBeJoined(int groups, bool isTaken)
    {
        AssertTaken(isTaken, new Enc28j60Options { MulticastGroups = groups });
    }

    [Theory]
    [InlineData(-2, -1, false)]
    [InlineData(-1, -2, false)]
    [InlineData(-1, -1, true)]
    [InlineData(0, -1, true)]
    [InlineData(-1, 0, true)]
    [InlineData(0, 1, true)]
    [InlineData(7, 7, false)]
    public void PinsAreNoneOrTwoDifferentOnes(int interruptPin, int resetPin, bool isTaken)
    {
        AssertTaken(isTaken, new Enc28j60Options { InterruptPin = interruptPin, ResetPin = resetPin });
    }

    [Theory]
    [InlineData(Enc28j60Filters.None, false)]
    [InlineData(Enc28j60Filters.Broadcast, true)]
    [InlineData(Enc28j60Filters.AllMulticast, true)]
    [InlineData(Enc28j60Filters.MagicPacket, true)]
    [InlineData(Enc28j60Filters.Unicast, true)]
    [InlineData(Enc28j60Filters.Promiscuous, true)]
    [InlineData(Enc28j60Filters.Pattern, false)]
    [InlineData(Enc28j60Filters.Unicast | Enc28j60Filters.Pattern, false)]
    public void AtFirstThereIsNoPattern(Enc28j60Filters filters, bool isTaken)
    {
        AssertTaken(isTaken, new Enc28j60Options { Filters = filters });
    }

    [Fact]
    public void UnlessSaidOtherwiseEightGroupsCanBeJoined()
    {
        using var bench = new DriverBench();
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(i < 8, bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, (byte)i]));
        }
    }

    [Fact]
    public void WithRoomForNoneNoGroupCanBeJoined()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { MulticastGroups = 0 });
        Assert.False(bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, 1]));
        Assert.False(bench.Driver.LeaveMulticast([0x01, 0, 0x5E, 0, 0, 1]));
        bench.Exchange(DriverBench.MakeFrame(60, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARunnerSleepsWhereThereIsNothingToDoButNotJustAfterAFrame(bool isFrame)
    {
        using var bench = new DriverBench(driverOptions: new Enc28j60Options { InterruptPin = DriverBench.InterruptPin });
        Assert.True(bench.Driver.Probe());
        var stack = new TcpIpStack(new StackConfiguration(), bench.Driver, new Support.TestRandom(1));
        Assert.Throws<ArgumentNullException>(() => new Enc28j60Runner(stack, null!));
        bench.Driver.Attach(stack.Pool);
        bench.Start();
        var runner = new Enc28j60Runner(stack, bench.Driver);
        if (isFrame)
        {
            bench.Deliver(DriverBench.MakeFrame(60, 1));
        }

        Assert.Equal(0, runner.Wait(0));
        bench.Tap.Log = [];
        int before = Environment.TickCount;
        Assert.Equal(0, runner.Wait(20));
        Assert.InRange(Environment.TickCount - before, 19, 60_000);

        // BFS EIE.INTIE: so often it went to sleep, and woke at once or did not
        Assert.InRange(bench.Tap.Log.Count(w => w[0] == 0x9B), isFrame ? 7 : 1, isFrame ? int.MaxValue : 6);
    }

    private static void AssertTaken(bool isTaken, Enc28j60Options options)
    {
        if (isTaken)
        {
            options.Validate();
        }
        else
        {
            Assert.Throws<ArgumentException>(options.Validate);
        }
    }
}
