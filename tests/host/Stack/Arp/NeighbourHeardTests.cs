// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Ethernet;

namespace HostTests.Stack.Arp;

/// <summary>
/// A peer that was heard a moment ago: it is answered without being asked for, it is noted where that costs nobody anything, and where no
/// neighbour can be asked the answer goes back to the station that the question came from.
/// </summary>
public sealed class NeighbourHeardTests : StackTest
{
    private const ulong Known = 0x020000000077;
    private const ulong Heard = 0x020000000088;

    private static readonly uint Peer = Wire.Address("192.168.1.77");

    [Fact]
    public void One_that_is_known_gets_the_packet_at_the_station_that_it_has_told()
    {
        TestNetwork net = Begin();
        Tell(net, Peer, Known);
        Assert.Equal(Known, SendAddressed(net));
        Assert.Equal(0u, net.Stack.Arp.Counters.RequestsSent);
    }

    [Fact]
    public void One_that_is_not_known_gets_it_at_the_station_in_the_frame_and_takes_no_row()
    {
        TestNetwork net = Begin();
        Assert.Equal(Heard, SendAddressed(net));
        Assert.Equal(0u, net.Stack.Arp.Counters.RequestsSent);
        Assert.Null(StateOf(net, Peer));
    }

    [Fact]
    public void One_that_is_being_asked_for_gets_it_at_the_station_in_the_frame_and_nothing_waits()
    {
        TestNetwork net = Begin();
        Ask(net, Peer);
        Assert.Equal(ArpEntryState.Incomplete, StateOf(net, Peer));
        Assert.Equal(Heard, SendAddressed(net));
        Assert.Equal((1u, 1u), (net.Stack.Arp.Counters.RequestsSent, net.Stack.Arp.Counters.Parked));
    }

    [Fact]
    public void One_that_has_shown_where_it_is_takes_a_free_row_and_is_not_asked_for()
    {
        TestNetwork net = Begin();
        Confirm(net, Peer, Heard);
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, Peer));
        Assert.Equal(Heard, Ask(net, Peer));
        Assert.Equal(0u, net.Stack.Arp.Counters.RequestsSent);
    }

    [Fact]
    public void It_takes_nobody_elses_row()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 2);
        Tell(net, Peer + 1, Known);
        Tell(net, Peer + 2, Known);
        Confirm(net, Peer, Heard);
        Assert.Null(StateOf(net, Peer));
        Assert.Equal(0u, net.Stack.Arp.Counters.Evictions);
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, Peer + 1));
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, Peer + 2));
    }

    [Fact]
    public void What_waited_for_it_goes_to_where_it_is()
    {
        TestNetwork net = Begin();
        Ask(net, Peer);
        Confirm(net, Peer, Heard);
        Assert.Equal(Heard, Wire.Get48(net.Interface.TakeSent(), EthernetHeader.Destination));
        Assert.Equal(ArpEntryState.Reachable, StateOf(net, Peer));
        Assert.Equal(0u, net.Stack.Arp.Counters.ParkedDropped);
    }

    [Fact]
    public void One_that_is_known_is_not_believed_to_be_elsewhere()
    {
        TestNetwork net = Begin();
        Tell(net, Peer, Known);
        Confirm(net, Peer, Heard);
        Assert.Equal(Known, Ask(net, Peer));
    }

    [Fact]
    public void One_that_did_not_answer_is_believed_when_it_is_heard()
    {
        TestNetwork net = Begin();
        Ask(net, Peer);
        net.Advance(ArpLayer.MaximumRequests * ArpLayer.RequestInterval);
        Assert.Equal(ArpEntryState.Failed, StateOf(net, Peer));
        Confirm(net, Peer, Heard);
        Assert.Equal(Heard, Ask(net, Peer));
    }

    [Fact]
    public void What_can_neither_be_sent_nor_wait_is_dropped_and_counted_if_nothing_was_received()
    {
        TestNetwork net = Begin();
        List<Frame> held = [];
        while (net.Stack.Pool.Free > 0)
        {
            held.Add(net.Stack.Pool.Rent(60)!);
        }

        Assert.True(net.Stack.Arp.Send(held[0], Peer));
        Assert.Equal((0u, 1u), (net.Stack.Arp.Counters.Parked, net.Stack.Arp.Counters.ParkedDropped));
        Assert.Equal(1u, net.Stack.Arp.Counters.NoFrame);
        Assert.False(net.Interface.HasOutbound);
        held.ForEach(net.Stack.Pool.Return);
    }

    /// <summary>A packet for the peer, in a frame that names the station it was heard from.</summary>
    /// <returns>The station that it has left for.</returns>
    private static ulong SendAddressed(TestNetwork net)
    {
        Frame frame = MakeFrame(net, EthernetHeader.Destination, Heard);
        net.Stack.Arp.SendAddressed(frame, Peer);
        net.Stack.Pool.Return(frame);
        byte[] sent = net.Interface.TakeSent();
        Assert.Equal(TestNetwork.StackMac, Wire.Get48(sent, EthernetHeader.Source));
        Assert.Equal(EthernetHeader.TypeIPv4, Wire.Get16(sent, EthernetHeader.Type));
        Assert.False(net.Interface.HasOutbound);
        return Wire.Get48(sent, EthernetHeader.Destination);
    }

    /// <summary>Sends a packet by way of a neighbour.</summary>
    /// <returns>The station that the frame has left for, which is all of them if it is a question.</returns>
    private static ulong Ask(TestNetwork net, uint neighbour)
    {
        Frame frame = MakeFrame(net, EthernetHeader.Destination, Heard + 1);
        Assert.True(net.Stack.Arp.Send(frame, neighbour));
        net.Stack.Pool.Return(frame);
        byte[] sent = net.Interface.TakeSent();
        Assert.False(net.Interface.HasOutbound);
        return Wire.Get48(sent, EthernetHeader.Destination);
    }

    private static void Confirm(TestNetwork net, uint address, ulong station)
    {
        Frame frame = MakeFrame(net, EthernetHeader.Source, station);
        net.Stack.Arp.ConfirmNeighbour(address, frame);
        net.Stack.Pool.Return(frame);
    }

    /// <summary>A neighbour asks for us, and so tells where it is; our answer is of no interest.</summary>
    private static void Tell(TestNetwork net, uint address, ulong station)
    {
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, station, 1, station, address, 0, TestNetwork.StackIp));
    }

    private static Frame MakeFrame(TestNetwork net, int offset, ulong station)
    {
        Frame frame = net.Stack.Pool.Rent(60)!;
        for (int i = 0; i < 3; i++)
        {
            frame.SetUInt16(offset + (2 * i), (int)(station >> (32 - (16 * i))) & 0xFFFF);
        }

        return frame;
    }

    private static ArpEntryState? StateOf(TestNetwork net, uint address)
    {
        for (int row = 0; row < net.Stack.Arp.EntryCount; row++)
        {
            if (net.Stack.Arp.GetAddress(row) == address && net.Stack.Arp.GetState(row) != ArpEntryState.Free)
            {
                return net.Stack.Arp.GetState(row);
            }
        }

        return null;
    }
}
