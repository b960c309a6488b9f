// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>A backlog full of peers that never complete their handshake: RFC 4987.</summary>
public sealed class BacklogTests : StackTest
{
    [Fact]
    public void A_peer_that_leaves_our_SYN_unanswered_keeps_its_entry_and_others_are_answered_with_cookies()
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = 2);
        int listener = net.Listen(backlog: 2);
        TcpPeer first = net.Peer(port: 1001);
        TcpPeer second = net.Peer(port: 1002);
        first.Send("S", mss: 1460);
        first.Expect("SA");
        second.Send("S", mss: 1460);
        second.Expect("SA");

        // both entries are taken: the third does not wait for one
        TcpPeer third = net.Peer(port: 1003);
        third.Send("S", mss: 1460);
        third.Expect("SA", ack: 1);
        Assert.Equal(1u, net.Stack.Tcp.Counters.SynCookiesSent);
        Assert.Equal(2, net.Stack.Tcp.HalfOpen);
        third.Send("A");
        int socket = net.Accept(listener);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));

        // the second one was only slow, and has kept its place
        net.Advance(20_000);
        second.TakeAll();
        second.Send("A");
        int other = net.Accept(listener);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(other));

        // the first one's answer comes too late
        net.Advance(10_000);
        first.TakeAll();
        first.Send("A");
        first.Expect("R", seq: 1);
        net.Sockets.Abort(socket);
        net.Sockets.Abort(other);
    }

    [Fact]
    public void Who_waits_for_a_place_is_served_before_who_completes_his_handshake_when_it_becomes_free()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 1);
        TcpPeer[] peers = [net.Peer(port: 1001), net.Peer(port: 1002), net.Peer(port: 1003)];
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S", mss: 1460);
            peer.Expect("SA");
            net.Advance(5);
        }

        peers[0].Send("A");
        peers[1].Send("A");
        net.Accept(listener);
        peers[2].Send("A");
        int next = net.Accept(listener);
        Assert.Equal(1002, net.Stack.Tcp.Blocks.Single(b => b.InUse && b.RemotePort != 1001 && b.RemotePort != 0).RemotePort);
        net.Poll();
        net.Advance(10);
        net.Accept(listener);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(next));
    }

    [Fact]
    public void A_peer_of_whom_ARP_knows_nothing_is_answered_at_its_station_until_it_answers_no_more()
    {
        TestNetwork net = Begin(configure: c => c.ArpEntries = 1);
        int listener = net.Listen(backlog: 1);
        TestHost other = net.AddHost(0x020000000077, Wire.Address("192.168.1.77"));
        net.Deliver(FrameBuilder.Arp(TestHost.BroadcastMac, other.Mac, 1, other.Mac, other.Ip, 0, TestNetwork.StackIp));
        net.Arps.Clear();
        TcpPeer peer = net.Peer(port: 1001);
        int socket = peer.OpenTo(listener);
        net.Write(socket, "one");
        peer.Expect("PA", text: "one");
        peer.Send("A");
        Assert.Empty(net.Arps);

        // it moves to another station: the one it had does not answer, and then it is asked for
        TestHost moved = net.AddHost(0x020000000099, net.Client.Ip);
        peer.AnyMac = true;
        net.Write(socket, "two");
        Assert.Equal(net.Client.Mac, peer.Expect("PA", text: "two").Destination);
        net.Advance(5000);
        Assert.Contains(peer.TakeAll(), f => f.Destination == moved.Mac);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void A_flood_does_not_disturb_who_is_connected_and_recovers_at_once()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 4);
        TcpPeer peer = net.Peer(port: 999);
        int socket = peer.OpenTo(listener);
        for (int i = 0; i < 10_000; i++)
        {
            net.Peer(port: 10_000 + i).Send("S", mss: 1460);
        }

        net.Write(socket, "still here");
        peer.Expect("PA", text: "still here");
        peer.Send("A");
        net.Advance(1000);

        // the first SYN after the flood finds a place
        TcpPeer late = net.Peer(port: 7);
        int accepted = late.OpenTo(listener);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(accepted));
        net.Sockets.Abort(socket);
        net.Sockets.Abort(accepted);
    }

    [Fact]
    public void The_first_block_of_the_table_counts_among_the_connections_that_wait()
    {
        TestNetwork net = Begin();
        int first = net.Sockets.Socket();
        int listener = net.Listen(backlog: 1);
        net.Sockets.Close(first);
        TcpPeer peer = net.Peer(port: 1001);
        peer.Handshake();
        Assert.Equal(1001, net.Stack.Tcp.Blocks[0].RemotePort);
        TcpPeer next = net.Peer(port: 1002);
        next.Send("S");
        next.ExpectNothing();
        int socket = net.Accept(listener);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Sockets.Abort(socket);
        peer.TakeAll();
        net.Advance(10);
        next.Expect("SA");
        next.Send("A");
        Assert.Equal(1002, net.Stack.Tcp.Blocks[0].RemotePort);
        net.Sockets.Close(listener);
        next.Expect("RA", seq: 1, ack: 1);
        Assert.Equal(0, net.Stack.Tcp.BlocksInUse);
    }
}
