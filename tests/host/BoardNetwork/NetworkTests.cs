// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;
using TcpIp.Dhcp;
using VirtualBoard.Services;

namespace HostTests.BoardNetwork;

/// <summary>The firmware's network: it tells what it is doing, comes by an address, the time and servers for names, and keeps up with changes.</summary>
public sealed class NetworkTests
{
    [Fact]
    public void By_DHCP_it_goes_from_nothing_to_all_and_each_step_is_a_change()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        uint before = board.Network.Changes;
        Assert.False(board.Network.HasAddress);
        board.Pass(10_000);
        Assert.Equal([NetworkState.Starting, NetworkState.NoAddress, NetworkState.Checking, NetworkState.Ready], board.States);
        Assert.True(board.Network.HasAddress);
        Assert.Equal(BoardOnWire.First, board.Application.Stack.IPv4.Address);
        Assert.InRange(board.Network.Changes - before, 3u, 8u);

        // servers of the lease: names and the time
        Assert.Equal(BoardOnWire.Router, board.Network.Resolver.GetServer(0));
        Assert.Equal(BoardOnWire.Router, board.Network.Sntp.Server);
        Assert.Equal(new DateTime(2030, 1, 2, 3, 4, 5), board.Hardware.SystemTime!.Value, TimeSpan.FromSeconds(1));
        Assert.Equal(0, board.Chip.Violations.Count);

        // at rest nothing changes
        before = board.Network.Changes;
        board.Pass(20_000);
        Assert.Equal(before, board.Network.Changes);
    }

    [Fact]
    public void A_fixed_address_is_there_as_soon_as_the_link()
    {
        BoardOnWire board = new(AddressMode.Static) { Dhcp = null };
        board.Pass(3000);
        uint before = board.Network.Changes;
        Assert.Equal([NetworkState.Starting, NetworkState.Ready], board.States);
        Assert.Null(board.Network.Dhcp);
        Assert.Equal(IPv4Address.Parse(Board.Address), board.Application.Stack.IPv4.Address);
        Assert.Equal(IPv4Address.Parse(Board.DnsServer), board.Network.Resolver.GetServer(0));

        // nothing to ask for, nothing to give back but the name
        board.Network.ForgetLease();
        board.Pass(1000);
        Assert.Equal(before, board.Network.Changes);
        board.Network.Release();
        board.Pass(1000);
        Assert.Equal(before + 1, board.Network.Changes);
        Assert.Equal(NetworkState.Ready, board.Network.State);
    }

    [Theory]
    [InlineData(AddressMode.Dhcp, 12_000, 30_000)]
    [InlineData(AddressMode.LinkLocal, 3_000, 12_000)]
    public void Without_a_server_it_has_an_address_of_the_link_until_one_answers(AddressMode mode, int notBefore, int atLatest)
    {
        BoardOnWire board = new(mode) { Dhcp = null };
        board.Pass(notBefore);
        Assert.False(board.Network.HasAddress);
        board.Pass(atLatest - notBefore);
        Assert.Equal(NetworkState.LinkLocal, board.Network.State);
        Assert.True(board.Network.HasAddress);
        Assert.True(IPv4Address.IsLinkLocal(board.Application.Stack.IPv4.Address));

        board.Dhcp = new DhcpServer(BoardOnWire.Router, 0xFFFFFF00, BoardOnWire.First, 10);
        board.Pass(80_000);
        Assert.Equal(NetworkState.Ready, board.Network.State);
        Assert.Equal(BoardOnWire.First, board.Application.Stack.IPv4.Address);
    }

    [Fact]
    public void A_cable_that_is_pulled_is_noticed_and_so_is_one_that_was_never_there()
    {
        BoardOnWire board = new(AddressMode.Static);
        board.Pass(2000);
        board.Chip.LinkUp = false;
        board.Pass(3000);
        Assert.Equal(NetworkState.NoLink, board.Network.State);
        Assert.False(board.Network.HasAddress);
        board.Chip.LinkUp = true;
        board.Pass(3000);
        Assert.Equal(NetworkState.Ready, board.Network.State);

        BoardOnWire bare = new(AddressMode.Dhcp);
        bare.Chip.LinkUp = false;
        bare.Pass(5000);
        Assert.Equal([NetworkState.Starting, NetworkState.NoLink], bare.States);
    }

    [Fact]
    public void An_address_that_somebody_has_is_declined_and_the_next_one_used()
    {
        BoardOnWire board = new(AddressMode.Dhcp) { TakenAddress = BoardOnWire.First };
        board.Pass(40_000);
        Assert.Equal(NetworkState.Ready, board.Network.State);
        Assert.Equal(BoardOnWire.First + 1, board.Application.Stack.IPv4.Address);
        Assert.Equal(1u, board.Network.Dhcp.Counters.Declines);
    }

    [Fact]
    public void The_time_goes_on_though_the_cable_is_out_for_two_months()
    {
        const int Hours = 60 * 24;
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(10_000);
        long time = board.Network.Sntp.GetTime(board.Now);
        board.Chip.LinkUp = false;
        board.Pass(1000);
        for (int i = 0; i < Hours; i++)
        {
            board.Skip(3_600_000);
            board.Pass(2);
        }

        Assert.Equal(NetworkState.NoLink, board.Network.State);

        // what the bus takes is time, too
        long passed = 1000 + (Hours * 3_600_002L);
        Assert.InRange(board.Network.Sntp.GetTime(board.Now) - time, passed, passed + 1000);
    }

    [Fact]
    public void A_lease_that_is_forgotten_is_asked_for_anew()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(10_000);
        board.Network.ForgetLease();
        board.Pass(10_000);
        Assert.Equal([NetworkState.NoAddress, NetworkState.Checking, NetworkState.Ready], board.States[^3..]);
        Assert.Equal(7, board.States.Count);
        Assert.Equal(2u, board.Network.Dhcp.Counters.Acks);
    }

    [Fact]
    public void To_stop_it_gives_the_address_back_and_then_says_that_all_is_over()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(10_000);
        board.Application.Stop();
        board.Pass(300);
        Assert.Empty(board.Ends);
        board.Pass(1500);
        Assert.Equal(Application.Over, board.Ends[0]);
        Assert.Equal(1, board.Dhcp!.Releases);
        Assert.Equal(DhcpState.Stopped, board.Network.Dhcp.State);
    }

    [Fact]
    public void A_chip_that_is_lost_is_told_once()
    {
        BoardOnWire board = new(AddressMode.Static);
        board.Pass(2000);
        board.Chip.Faults.Disconnected = true;
        board.Pass(20_000);
        Assert.Equal([Application.ChipFailed], board.Ends);
        Assert.Equal(NetworkState.ChipFailed, board.Network.State);
    }

    [Fact]
    public void Work_beside_is_done_often()
    {
        BoardOnWire board = new(AddressMode.Static);
        Counter counter = new();
        board.Network.Background = counter;
        board.Pass(10_000);
        Assert.InRange(counter.Polls, 30, 100);
    }

    [Fact]
    public void The_longest_time_between_two_polls_is_remembered()
    {
        BoardOnWire board = new(AddressMode.Static);
        board.Pass(100);
        Assert.InRange(board.Application.LongestPoll, 1, 3);
        board.Skip(76);
        board.Pass(1000);
        Assert.Equal(77, board.Application.LongestPoll);
        board.Skip(10);
        board.Pass(10);
        Assert.Equal(77, board.Application.LongestPoll);
    }

    private sealed class Counter : IBackgroundWork
    {
        public int Polls { get; private set; }

        public int Poll(int now)
        {
            Polls++;
            return 200;
        }
    }
}
