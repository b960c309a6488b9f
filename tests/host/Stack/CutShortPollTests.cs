// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack;

/// <summary>
/// An exception of the driver's in the midst of a poll, or memory that has run out there, costs what was in hand: no other connection waits for
/// it, and nobody is slow for ever after.
/// </summary>
public sealed class CutShortPollTests
{
    private const int Connections = FourConnections.Count;

    // the time after which a segment is repeated that was lost with the exception
    private const int ByTimer = 1500;

    public static TheoryData<int> Places()
    {
        var places = new TheoryData<int>();
        for (int i = 0; i < Connections; i++)
        {
            places.Add(i);
        }

        return places;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_other_connections_do_not_wait_for_the_one_that_was_in_hand(int place)
    {
        FourConnections network = new();
        network.Write();
        Assert.True(network.IsCutShort(place));
        network.Run(FourConnections.AtOnce);
        Assert.True(network.Arrived.Count(n => n == 1) >= Connections - 1, string.Join(' ', network.Arrived));

        network.Run(ByTimer);
        Assert.All(network.Arrived, n => Assert.Equal(1, n));
        network.AllIsAsBefore();
    }

    /// <summary>The timers were being looked at when it happened: all were due, and none is forgotten.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void Timers_that_were_due_run_all_the_same(int place)
    {
        FourConnections network = new();
        network.Write();
        network.IsDeaf = true;
        network.Run(50);
        network.IsDeaf = false;

        // nothing has arrived, so all four are repeated at one time
        Assert.True(network.IsCutShort(place, 3000));
        network.Run(FourConnections.AtOnce);
        Assert.True(network.Arrived.Count(n => n == 1) >= Connections - 1, string.Join(' ', network.Arrived));
        network.Run(2 * ByTimer);
        Assert.All(network.Arrived, n => Assert.Equal(1, n));
        network.AllIsAsBefore();
    }

    /// <summary>An address that was being probed for is probed for to the end, and announced.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_address_comes_all_the_same(int place)
    {
        LossyLink link = new(8);
        TcpIpStack stack = link.A.Stack;
        Assert.Equal(0, stack.Configure(Wire.Address("10.0.0.5"), link.A.Stack.IPv4.Netmask, 0, ConflictPolicy.Probe));
        uint announced = stack.Arp.Counters.AnnouncementsSent;
        link.A.Interface.SendsBeforeFault = place;
        Assert.Throws<InvalidOperationException>(() => link.Run(20_000, () => { }, () => false));
        stack.LookAtAll();
        Assert.True(stack.NeedsPoll);
        Assert.True(link.Run(10_000, () => { }, () => stack.Arp.AddressState == AddressState.InUse));
        link.Run(5000, () => { }, () => false);
        Assert.InRange(stack.Arp.Counters.AnnouncementsSent, announced + 1, announced + 2);
    }
}
