// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Which packets get in, and how that changes while they come.</summary>
public class FilterTests
{
    private static readonly byte[] s_broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] s_other = [0x02, 1, 2, 3, 4, 5];
    private static readonly byte[] s_allSystems = [0x01, 0x00, 0x5E, 0x00, 0x00, 0x01];
    private static readonly byte[] s_mdns = [0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB];

    [Theory]
    [InlineData("01005E000001", 63)]
    [InlineData("01005E0000FB", 62)]
    [InlineData("01005E0000FC", 53)]
    [InlineData("01005E7FFFFA", 28)]
    [InlineData("333300000001", 51)]
    [InlineData("3333000000FB", 50)]
    [InlineData("3333FF000001", 45)]
    [InlineData("0180C2000001", 29)]
    [InlineData("FFFFFFFFFFFF", 62)]
    public void TheHashIsTheChips(string address, int index)
    {
        Assert.Equal(index, ReceiveFilters.HashIndex(Convert.FromHexString(address), 0));
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void AGroupIsHeardForAsLongAsSomebodyWantsIt(SpiWordOrder order)
    {
        using DriverBench bench = DriverBench.Running(order: order);
        Assert.False(Hears(bench, s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(Hears(bench, s_mdns));
        Assert.False(Hears(bench, s_allSystems));
        Assert.True(Hears(bench, DriverBench.Station));
        Assert.True(Hears(bench, s_broadcast));

        Assert.True(bench.Driver.LeaveMulticast(s_mdns));
        Assert.True(Hears(bench, s_mdns));
        Assert.True(bench.Driver.LeaveMulticast(s_mdns));
        Assert.False(Hears(bench, s_mdns));
        Assert.False(bench.Driver.LeaveMulticast(s_mdns));
        bench.AssertClean();
    }

    [Fact]
    public void AnotherGroupWithTheSameHashIsDropped()
    {
        // mDNS and an address that was looked for
        byte[] alias = [.. s_mdns];
        do
        {
            alias[5]++;
            alias[4] += (byte)(alias[5] == 0 ? 1 : 0);
        }
        while (ReceiveFilters.HashIndex(alias, 0) != 62);

        using DriverBench bench = DriverBench.Running();
        bench.Driver.JoinMulticast(s_mdns);
        Assert.False(Hears(bench, alias));
        Assert.Equal(1u, bench.Driver.Counters.FilteredPackets);
        Assert.Equal(0u, bench.Driver.Counters.FramesReceived);
        Assert.Equal(0u, bench.Driver.Counters.BytesReceived);
        Assert.True(Hears(bench, s_mdns));
        bench.AssertClean();
    }

    [Fact]
    public void ABroadcastThatOnlyTheHashLetsInIsDropped()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.JoinMulticast(s_mdns);
        bench.Driver.SetFilters(Enc28j60Filters.Unicast);
        Assert.False(Hears(bench, s_broadcast));
        Assert.Equal(1u, bench.Driver.Counters.FilteredPackets);
        bench.AssertClean();
    }

    [Fact]
    public void APacketForOurselvesThatOnlyTheHashLetsInIsDropped()
    {
        // a group with the hash of our own address
        byte[] group = [.. s_mdns];
        do
        {
            group[5]++;
            group[4] += (byte)(group[5] == 0 ? 1 : 0);
        }
        while (ReceiveFilters.HashIndex(group, 0) != ReceiveFilters.HashIndex(DriverBench.Station, 0));

        using DriverBench bench = DriverBench.Running();
        bench.Driver.JoinMulticast(group);
        Assert.True(Hears(bench, DriverBench.Station));
        bench.Driver.SetFilters(Enc28j60Filters.Broadcast);
        Assert.False(Hears(bench, DriverBench.Station));
        Assert.Equal(1u, bench.Driver.Counters.FilteredPackets);
        Assert.True(Hears(bench, group));
        bench.AssertClean();
    }

    [Fact]
    public void TheTableOfGroupsIsBounded()
    {
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { MulticastGroups = 2 });
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_allSystems));
        Assert.False(bench.Driver.JoinMulticast([0x33, 0x33, 0, 0, 0, 1]));
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(bench.Driver.LeaveMulticast(s_allSystems));
        Assert.True(bench.Driver.JoinMulticast([0x33, 0x33, 0, 0, 0, 1]));
        Assert.False(bench.Driver.JoinMulticast(DriverBench.Station));
        Assert.False(bench.Driver.JoinMulticast(null!));
        Assert.False(bench.Driver.LeaveMulticast([1, 2]));
        Assert.False(Hears(bench, s_allSystems));
        Assert.True(Hears(bench, s_mdns));
    }

    [Fact]
    public void AllGroupsAndEverything()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Unicast | Enc28j60Filters.AllMulticast));
        Assert.True(Hears(bench, s_mdns));
        Assert.True(Hears(bench, s_allSystems));
        Assert.False(Hears(bench, s_other));
        Assert.False(Hears(bench, s_broadcast));

        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Promiscuous));
        Assert.True(Hears(bench, s_other));
        Assert.True(Hears(bench, s_broadcast));
        bench.Chip.DeliverRaw(DriverBench.MakeFrame(100, 1, s_other));
        bench.Arrive();
        Assert.Null(bench.Receive());
        Assert.Equal(Enc28j60Filters.Promiscuous, bench.Driver.Filters);

        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Unicast | Enc28j60Filters.Broadcast));
        Assert.False(Hears(bench, s_other));
        Assert.False(Hears(bench, s_mdns));
        Assert.True(Hears(bench, s_broadcast));
        bench.AssertClean();
    }

    [Fact]
    public void NoFilterAtAllIsRefusedForTheChipWouldTakeEverything()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.False(bench.Driver.SetFilters(Enc28j60Filters.None));
        Assert.False(bench.Driver.SetFilters(Enc28j60Filters.Pattern));
        bench.Driver.JoinMulticast(s_mdns);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.None));
        Assert.False(bench.Driver.LeaveMulticast(s_mdns));
        Assert.True(Hears(bench, s_mdns));
        Assert.False(Hears(bench, DriverBench.Station));
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.7)]
    public void APatternLetsInWhatHasItAndErratum18IsMet(double erratum18)
    {
        using DriverBench bench = DriverBench.Running();
        bench.Chip.Options.Errata[18] = erratum18;
        bench.Driver.SetPattern(12, [0x88, 0xB5, 0, 0x42], [0x0B, 0, 0, 0, 0, 0, 0, 0]);
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Unicast | Enc28j60Filters.Pattern));
        bench.Run(10);
        uint wanted = 0;
        for (int i = 0; i < 200; i++)
        {
            byte[] frame = DriverBench.MakeFrame(90, i, s_other);
            frame[12] = 0x88;
            frame[13] = (byte)((i & 1) == 0 ? 0xB5 : 0xB6);
            frame[15] = 0x42;
            bench.Deliver(frame);
            byte[]? got = bench.Receive();
            Assert.Equal((i & 1) == 0, got != null);
            wanted += got != null ? 1u : 0;
        }

        Assert.Equal(100u, wanted);
        Assert.Equal(erratum18 > 0, bench.Driver.Counters.FilteredPackets > 0);
        bench.AssertClean();
    }

    [Fact]
    public void AMagicPacketWakesAHostThatHearsNothingElse()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.MagicPacket));
        Assert.False(Hears(bench, DriverBench.Station));
        byte[] magic = DriverBench.MakeFrame(130, 1);
        magic.AsSpan(14).Fill(0);
        magic.AsSpan(20, 6).Fill(0xFF);
        for (int i = 0; i < 16; i++)
        {
            DriverBench.Station.CopyTo(magic, 26 + (i * 6));
        }

        bench.Exchange(magic);
        bench.AssertClean();
    }

    [Fact]
    public void AChangeWaitsForThePacketThatComesIn()
    {
        using DriverBench bench = DriverBench.Running();
        for (int i = 0; i < 40; i++)
        {
            byte[] frame = DriverBench.MakeFrame(1514, i);
            bench.Chip.Deliver(frame);
            bench.Clock.Advance(20_000 + (i * 30_000));
            bench.Driver.SetFilters(Enc28j60Filters.Unicast | ((i & 1) == 0 ? Enc28j60Filters.AllMulticast : Enc28j60Filters.Broadcast));
            uint before = bench.Transfers;
            bench.Driver.Poll(bench.Now);
            Assert.InRange(bench.Transfers - before, 1u, 60u);
            bench.Run(5);
            Assert.Equal(frame, bench.Receive());
        }

        bench.AssertClean();
    }

    [Fact]
    public void GroupsSurviveARestart()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Driver.JoinMulticast(s_mdns);
        bench.Run(10);
        bench.Driver.Restart();
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Running, 10);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.True(Hears(bench, s_mdns));
        Assert.False(Hears(bench, s_allSystems));
        bench.AssertClean();
    }

    [Fact]
    public void ChangesAllocateNothing()
    {
        using DriverBench bench = DriverBench.Running();
        long before = 0;
        for (int i = 0; i < 50; i++)
        {
            if (i == 10)
            {
                // takes this thread's allocation buffer away before another test's collection does, which would count as allocated
                GC.Collect();
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            bench.Driver.JoinMulticast(s_mdns);
            bench.Driver.Poll(bench.Now);
            bench.Driver.SetFilters(Enc28j60Filters.Unicast);
            bench.Driver.Poll(bench.Now);
            bench.Driver.LeaveMulticast(s_mdns);
            bench.Driver.Poll(bench.Now);
            bench.Clock.Advance(1_000_000);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static bool Hears(DriverBench bench, byte[] destination)
    {
        bench.Run(5);
        byte[] frame = DriverBench.MakeFrame(100, 1, destination);
        bench.Deliver(frame);
        byte[]? received = bench.Receive();
        if (received != null)
        {
            Assert.Equal(frame, received);
        }

        return received != null;
    }

    [Fact]
    public void AReceiverThatSeemsBusyForEverIsWaitedForTenMilliseconds()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);

        // ESTAT.RXBUSY
        bench.Tap.Answer = (first, index, answer) => first == 0x1D && index == 1 ? (byte)(answer | 0x04) : answer;
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        int before = bench.Chip.PeekRegister(Reg.ERXFCON);
        bench.Driver.Poll(bench.Now);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
            Assert.False(bench.Driver.CanSend);
            Assert.Equal(before, bench.Chip.PeekRegister(Reg.ERXFCON));
            bench.Clock.Advance(1_000_000);
            bench.Driver.Poll(bench.Now);
        }

        Assert.Equal(0x04, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
        Assert.Equal(before | 0x04, bench.Chip.PeekRegister(Reg.ERXFCON));
        Assert.True(bench.Driver.CanSend);
        bench.Tap.Answer = null;
        bench.Run(100);
        Assert.Equal(Enc28j60Recovery.None, bench.Driver.LastRecovery);
    }

    [Fact]
    public void TheLastFilterOfAllStays()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.False(bench.Driver.LeaveMulticast(s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_allSystems));
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.None));
        Assert.True(bench.Driver.LeaveMulticast(s_mdns));
        Assert.True(bench.Driver.LeaveMulticast(s_mdns));
        Assert.False(bench.Driver.LeaveMulticast(s_mdns));
        Assert.False(bench.Driver.LeaveMulticast(s_allSystems));
        Assert.True(bench.Driver.JoinMulticast(s_allSystems));
        Assert.True(bench.Driver.LeaveMulticast(s_allSystems));
        Assert.False(bench.Driver.LeaveMulticast(s_allSystems));
        Assert.True(bench.Driver.SetFilters(Enc28j60Filters.Unicast));
        Assert.True(bench.Driver.LeaveMulticast(s_allSystems));
    }

    [Fact]
    public void TheGroupThatIsLeftIsTheOneThatWasNamed()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Driver.JoinMulticast(s_mdns));
        Assert.True(bench.Driver.JoinMulticast(s_allSystems));
        Assert.True(bench.Driver.LeaveMulticast(s_allSystems));
        bench.Run(5);
        bench.Exchange(DriverBench.MakeFrame(60, 1, s_mdns));
        bench.Deliver(DriverBench.MakeFrame(60, 2, s_allSystems));
        Assert.Null(bench.Receive());
        Assert.False(bench.Driver.LeaveMulticast(s_allSystems));
    }
}
