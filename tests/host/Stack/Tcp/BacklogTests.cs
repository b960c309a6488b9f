// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>A backlog full of peers that never complete their handshake: RFC 4987.</summary>
public sealed class BacklogTests : StackTest
{
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
