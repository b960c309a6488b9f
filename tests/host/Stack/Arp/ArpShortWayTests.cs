// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace HostTests.Stack.Arp;

/// <summary>
/// Which requests go the short way, and what is answered there: those of a neighbour that is known, to the bit. The addresses are odd where the
/// low byte of a word could be lost, and differ in both halves.
/// </summary>
public sealed class ArpShortWayTests : StackTest
{
    private const ulong PeerMac = 0x0A1B2C3D4E5F;

    private static readonly uint s_ours = Wire.Address("203.170.2.51");
    private static readonly uint s_peer = Wire.Address("203.171.4.53");

    [Theory, BothOrders]
    public void One_that_is_known_is_answered_and_good_for_another_minute(WordOrder order)
    {
        TestNetwork net = BeginKnown(order);
        ArpCounters counters = net.Stack.Arp.Counters;
        net.Advance(59_999);
        net.Stack.ClearCounters();
        net.Arps.Clear();
        net.Deliver(Request());
        SeenFrame reply = Assert.Single(net.Arps);
        byte[] expected = FrameBuilder.Arp(PeerMac, TestNetwork.StackMac, 2, TestNetwork.StackMac, s_ours, PeerMac, s_peer);
        Assert.Equal(expected[..42], reply.Bytes[..42]);
        Assert.Equal((1u, 1u), (counters.RequestsReceived, counters.RepliesSent));
        net.Advance(59_999);
        Assert.Equal(ArpEntryState.Reachable, net.Stack.Arp.GetState(0));
        net.Advance(1);
        Assert.Equal(ArpEntryState.Free, net.Stack.Arp.GetState(0));
    }

    [Theory, BothOrders]
    public void It_goes_the_short_way_if_all_is_as_it_was_and_not_if_one_bit_is_another(WordOrder order)
    {
        TestNetwork net = BeginKnown(order);
        foreach (ulong to in new[] { TestHost.BroadcastMac, TestNetwork.StackMac })
        {
            Assert.True(Takes(net, Request(to)));
            for (int bit = 0; bit < 42 * 8; bit++)
            {
                // the type is looked at before, and the target's MAC address means nothing in a request
                int offset = bit / 8;
                byte[] frame = Request(to);
                frame[offset] ^= (byte)(1 << (bit % 8));
                Assert.True(Takes(net, frame) == offset is 12 or 13 or (>= 32 and < 38), $"bit {bit % 8} of byte {offset}");
            }
        }
    }

    [Theory]
    [InlineData(1514, true)]
    [InlineData(1515, false)]
    public void The_longest_frame_goes_it_and_what_is_longer_does_not(int length, bool taken)
    {
        TestNetwork net = BeginKnown();
        byte[] frame = Request();
        Array.Resize(ref frame, length);
        Assert.Equal(taken, Takes(net, frame));
    }

    [Fact]
    public void None_does_while_a_frame_waits_for_the_interface()
    {
        TestNetwork net = BeginKnown();
        net.Interface.Busy = true;
        net.Stack.Arp.SendProbe(s_ours);
        Assert.Equal(1, net.Stack.Ethernet.Queued);
        Assert.False(Takes(net, Request()));
    }

    [Fact]
    public void None_does_while_we_have_no_address()
    {
        TestNetwork net = BeginKnown();
        Assert.Equal(0, net.Stack.Configure(s_ours, 0xFF000000, 0, ConflictPolicy.Probe));
        Confirm(net, s_peer);
        Assert.False(Takes(net, Request(target: 0)));
    }

    [Fact]
    public void None_does_that_names_our_own_address_as_the_askers()
    {
        TestNetwork net = BeginKnown();
        Confirm(net, s_ours);
        Assert.False(Takes(net, Request(sender: s_ours)));
    }

    [Fact]
    public void None_does_from_one_that_is_being_asked_again()
    {
        TestNetwork net = BeginKnown();
        net.Deliver(FrameBuilder.Arp(TestNetwork.StackMac, PeerMac + 1, 2, PeerMac + 1, s_peer, 0, s_ours));
        Assert.Equal(1u, net.Stack.Arp.Counters.RequestsSent);
        Assert.False(Takes(net, Request()));
    }

    [Fact]
    public void None_does_from_one_that_was_forgotten_though_its_row_still_holds_the_station()
    {
        TestNetwork net = BeginKnown(entries: 1);
        for (uint i = 1; i <= 17; i++)
        {
            // the last one is wanted again when sixteen have been asked
            net.Stack.Arp.Resolve(i <= 16 ? s_peer + i : s_peer, 1);
        }

        Assert.Equal(16u, net.Stack.Arp.Counters.RequestsSent);
        Assert.Equal(ArpEntryState.Incomplete, net.Stack.Arp.GetState(0));
        Assert.False(Takes(net, Request()));
        net.Deliver(Request());
        Assert.Equal(ArpEntryState.Reachable, net.Stack.Arp.GetState(0));
    }

    [Fact]
    public void None_does_for_a_link_local_address_whose_answer_goes_to_all()
    {
        TestNetwork net = Begin();
        uint ours = Wire.Address("169.254.5.51");
        uint peer = Wire.Address("169.254.7.53");
        Assert.Equal(0, net.Stack.Configure(ours, 0xFFFF0000, 0));
        net.Deliver(Request(sender: peer, target: ours));
        Assert.False(Takes(net, Request(sender: peer, target: ours)));
        net.Arps.Clear();
        net.Deliver(Request(sender: peer, target: ours));
        Assert.Equal(TestHost.BroadcastMac, Assert.Single(net.Arps).Destination);
    }

    /// <summary>A network with a peer that has asked for us once.</summary>
    private TestNetwork BeginKnown(WordOrder order = WordOrder.LowByteFirst, int entries = 8)
    {
        TestNetwork net = Begin(order, c =>
        {
            c.ArpEntries = entries;
            c.FrameCapacities[^1] = 1600;
        });
        Assert.Equal(0, net.Stack.Configure(s_ours, 0xFF000000, 0));
        net.Deliver(Request());
        return net;
    }

    private static byte[] Request(ulong to = TestHost.BroadcastMac, uint? sender = null, uint? target = null) =>
        FrameBuilder.Arp(to, PeerMac, 1, PeerMac, sender ?? s_peer, 0, target ?? s_ours);

    /// <summary>Whether a frame goes the short way.</summary>
    private static bool Takes(TestNetwork net, byte[] bytes)
    {
        net.Interface.Deliver(bytes);
        Frame frame = net.Interface.Receive(net.Stack.Pool)!;
        bool taken = net.Stack.Arp.TryReceive(frame, net.Stack.Ethernet.AddressWords);
        net.Stack.Pool.Return(frame);
        return taken;
    }

    /// <summary>An address is learned to be at the peer's station, as from a packet of its own.</summary>
    private static void Confirm(TestNetwork net, uint address)
    {
        net.Interface.Deliver(Request());
        Frame frame = net.Interface.Receive(net.Stack.Pool)!;
        net.Stack.Arp.ConfirmNeighbour(address, frame);
        net.Stack.Pool.Return(frame);
    }
}
