// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>The driver's own filters, address by address: what the chip is told, and which of the packets that it lets in are wanted.</summary>
public class FilterTableTests
{
    private static readonly byte[] s_broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] s_other = [0x02, 1, 2, 3, 4, 5];
    private static readonly byte[] s_first = [0x01, 0x00, 0x5E, 0x11, 0x22, 0x33];
    private static readonly byte[] s_second = [0x33, 0x33, 0x00, 0x00, 0x00, 0xFB];
    private static readonly byte[] s_third = [0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB];

    private readonly FramePool _pool = new([64], [1], WordOrder.LowByteFirst, 0, false);

    public static TheoryData<Enc28j60Filters> AllFlags
    {
        get
        {
            var data = new TheoryData<Enc28j60Filters>();
            for (int bits = 0; bits < 16; bits++)
            {
                data.Add(((bits & 1) != 0 ? Enc28j60Filters.Broadcast : 0)
                    | ((bits & 2) != 0 ? Enc28j60Filters.AllMulticast : 0)
                    | ((bits & 4) != 0 ? Enc28j60Filters.MagicPacket : 0)
                    | ((bits & 8) != 0 ? Enc28j60Filters.Unicast : 0));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(AllFlags))]
    public void APacketIsWantedByItsAddress(Enc28j60Filters flags)
    {
        ReceiveFilters filters = New(flags);
        bool unicast = (flags & (Enc28j60Filters.Unicast | Enc28j60Filters.MagicPacket)) != 0;
        bool group = (flags & Enc28j60Filters.AllMulticast) != 0;
        bool broadcast = (flags & Enc28j60Filters.Broadcast) != 0;
        for (int joined = 0; joined < 3; joined++)
        {
            Assert.Equal(unicast, Accepts(filters, DriverBench.Station));
            Assert.False(Accepts(filters, s_other));
            Assert.False(Accepts(filters, new byte[6]));
            Assert.Equal(broadcast, Accepts(filters, s_broadcast));
            Assert.Equal(group || joined > 0, Accepts(filters, s_first));
            Assert.Equal(group || joined > 1, Accepts(filters, s_second));
            Assert.Equal(group, Accepts(filters, s_third));
            for (int i = 0; i < 6; i++)
            {
                // the group bit stays
                byte mask = (byte)(i == 0 ? 0x02 : 0x01);
                Assert.False(Accepts(filters, Changed(DriverBench.Station, i, mask)));
                Assert.Equal(group, Accepts(filters, Changed(s_broadcast, i, mask)));
                Assert.Equal(group, Accepts(filters, Changed(s_first, i, mask)));
                Assert.Equal(group, Accepts(filters, Changed(s_second, i, mask)));
            }

            Assert.Equal(joined < 2, filters.Join(joined == 0 ? s_first : joined == 1 ? s_second : s_third));
        }

        // whoever left is not wanted any more, although the table still holds its address
        Assert.True(filters.Leave(s_first));
        Assert.Equal(group, Accepts(filters, s_first));
        Assert.True(Accepts(filters, s_second));
    }

    [Fact]
    public void ABroadcastCanBeJoinedLikeAGroup()
    {
        ReceiveFilters filters = New(Enc28j60Filters.Unicast);
        Assert.False(Accepts(filters, s_broadcast));
        Assert.True(filters.Join(s_broadcast));
        Assert.True(Accepts(filters, s_broadcast));
    }

    [Theory]
    [MemberData(nameof(AllFlags))]
    public void TheChipIsToldTheSameAndAlwaysToCheckTheFcs(Enc28j60Filters flags)
    {
        // UCEN, CRCEN, MPEN, HTEN, MCEN, BCEN
        ReceiveFilters filters = New(flags);
        Assert.Equal(0x20 | (int)flags, filters.Control);
        filters.Join(s_first);
        Assert.Equal(0x24 | (int)flags, filters.Control);
        filters.Join(s_second);
        Assert.Equal(0x24 | (int)flags, filters.Control);
        Assert.Equal(0x20, New(flags | Enc28j60Filters.Promiscuous).Control);
    }

    [Theory]
    [MemberData(nameof(AllFlags))]
    public void PacketsAreLookedAtAgainWhereTheChipMayLetInOthers(Enc28j60Filters flags)
    {
        // all groups to the chip means broadcasts too
        bool groupsOnly = (flags & (Enc28j60Filters.AllMulticast | Enc28j60Filters.Broadcast)) == Enc28j60Filters.AllMulticast;
        ReceiveFilters filters = New(flags);
        Assert.Equal(groupsOnly, filters.NeedsRecheck);
        Assert.False(New(flags | Enc28j60Filters.Promiscuous).NeedsRecheck);
        filters.SetPattern(0, new byte[8], new byte[8]);
        Assert.True(filters.Set(flags | Enc28j60Filters.Pattern));
        Assert.True(filters.NeedsRecheck);
        Assert.True(filters.Set(flags | Enc28j60Filters.Unicast));
        Assert.Equal(groupsOnly, filters.NeedsRecheck);

        // a hash is that of many groups
        filters.Join(s_first);
        Assert.True(filters.NeedsRecheck);
        Assert.True(filters.Set(flags | Enc28j60Filters.Promiscuous | Enc28j60Filters.Pattern));
        Assert.False(filters.NeedsRecheck);
        Assert.True(filters.Set(flags | Enc28j60Filters.Unicast));
        filters.Leave(s_first);
        Assert.Equal(groupsOnly, filters.NeedsRecheck);
    }

    [Fact]
    public void OnlySixOctetsOfAGroupAreAGroup()
    {
        ReceiveFilters filters = New(Enc28j60Filters.Unicast);
        filters.Join(s_first);
        foreach (byte[]? address in (byte[]?[])[null, [], [0x01], s_first[..5], [.. s_first, 0], DriverBench.Station, s_other, new byte[6]])
        {
            Assert.False(filters.Join(address!));
            Assert.False(filters.Leave(address!));
        }

        Assert.True(filters.Join(s_second));
        Assert.True(filters.Leave(s_first));
    }

    [Fact]
    public void APlaceThatBecameFreeIsUsedAgain()
    {
        ReceiveFilters filters = New(Enc28j60Filters.Unicast);
        Assert.True(filters.Join(s_first));
        Assert.True(filters.Join(s_second));
        Assert.False(filters.Join(s_third));
        Assert.True(filters.Join(s_second));
        Assert.True(filters.Leave(s_first));
        Assert.True(filters.Join(s_third));
        Assert.True(Accepts(filters, s_third));
        Assert.True(Accepts(filters, s_second));
        Assert.False(Accepts(filters, s_first));
        Assert.True(filters.Leave(s_second));
        Assert.True(Accepts(filters, s_second));
        Assert.True(filters.Leave(s_second));
        Assert.False(Accepts(filters, s_second));
        Assert.False(filters.Leave(s_second));
    }

    [Fact]
    public void GroupsThatDifferInOneOctetAreTwo()
    {
        for (int i = 0; i < 6; i++)
        {
            ReceiveFilters filters = New(Enc28j60Filters.Unicast);
            byte[] like = Changed(s_first, i, (byte)(i == 0 ? 0x02 : 0x01));
            Assert.True(filters.Join(s_first));
            Assert.False(filters.Leave(like));
            Assert.True(filters.Join(like));
            Assert.False(filters.Join(s_third));
            Assert.True(filters.Leave(like));
            Assert.False(filters.Leave(like));
            Assert.True(Accepts(filters, s_first));
            Assert.False(Accepts(filters, like));
        }
    }

    [Fact]
    public void TheHashTableHoldsTheBitsOfTheGroupsThatAreJoined()
    {
        // a table that is full
        using DriverBench bench = DriverBench.Running(driverOptions: new Enc28j60Options { MulticastGroups = 3 });
        Assert.Equal(0ul, Table(bench));
        bench.Driver.JoinMulticast([0x01, 0x00, 0x5E, 0x00, 0x00, 0x01]);
        Assert.Equal(1ul << 63, Table(bench));
        bench.Driver.JoinMulticast([0x01, 0x00, 0x5E, 0x7F, 0xFF, 0xFA]);
        Assert.Equal((1ul << 63) | (1ul << 28), Table(bench));
        bench.Driver.JoinMulticast([0x33, 0x33, 0xFF, 0x00, 0x00, 0x01]);
        Assert.Equal((1ul << 63) | (1ul << 28) | (1ul << 45), Table(bench));
        bench.Driver.LeaveMulticast([0x01, 0x00, 0x5E, 0x7F, 0xFF, 0xFA]);
        Assert.Equal((1ul << 63) | (1ul << 45), Table(bench));
        bench.Driver.LeaveMulticast([0x01, 0x00, 0x5E, 0x00, 0x00, 0x01]);
        bench.Driver.LeaveMulticast([0x33, 0x33, 0xFF, 0x00, 0x00, 0x01]);
        Assert.Equal(0ul, Table(bench));
        Assert.Equal(0xA1, bench.Chip.PeekRegister(Reg.ERXFCON));
    }

    [Fact]
    public void EachChangeWaitsForTheReceiverForTenMilliseconds()
    {
        using DriverBench bench = DriverBench.Running();
        bench.Run(10);
        var busy = new Misreads(bench, Reg.ESTAT, int.MaxValue, 0x04);
        foreach (byte last in (byte[])[1, 2, 3])
        {
            int now = bench.Now;
            bench.Driver.JoinMulticast([0x01, 0, 0x5E, 0, 0, last]);
            for (int i = 0; i < 10; i++)
            {
                bench.Driver.Poll(now + i);
                Assert.Equal(0, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
            }

            bench.Driver.Poll(now + 10);
            Assert.Equal(0x04, bench.Chip.PeekRegister(Reg.ECON1) & 0x04);
            bench.Clock.Advance(50_000_000);
        }

        Assert.NotEqual(int.MaxValue, busy.Left);
    }

    private static ulong Table(DriverBench bench)
    {
        bench.Run(5);
        ulong table = 0;
        for (int i = 0; i < 8; i++)
        {
            table |= (ulong)bench.Chip.PeekRegister(Reg.EHT0 + i) << (8 * i);
        }

        return table;
    }

    private static byte[] Changed(byte[] address, int at, byte mask)
    {
        byte[] changed = [.. address];
        changed[at] ^= mask;
        return changed;
    }

    private static ReceiveFilters New(Enc28j60Filters flags) => new(null!, new Agenda(), new MacAddress(DriverBench.Station), flags, 2);

    private bool Accepts(ReceiveFilters filters, byte[] destination)
    {
        Frame frame = _pool.Rent(60);
        frame.CopyBytesFrom(0, destination, 0, 6);
        bool accepted = filters.Accepts(frame);
        _pool.Return(frame);
        return accepted;
    }
}
