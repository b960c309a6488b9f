// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>A backlog full of peers that never complete their handshake: RFC 4987.</summary>
public sealed class BacklogTests : StackTest
{
    [Fact]
    public void A_peer_that_leaves_our_SYN_unanswered_makes_room_oldest_first()
    {
        TestNetwork net = Begin(configure: c => c.TcpSynQueue = 2);
        int listener = net.Listen(backlog: 2);
        TcpPeer first = net.Peer(port: 1001);
        TcpPeer second = net.Peer(port: 1002);
        first.Send("S", mss: 1460);
        first.Expect("SA");
        net.Advance(100);
        second.Send("S", mss: 1460);
        second.Expect("SA");

        // both are fresh: the third waits
        TcpPeer third = net.Peer(port: 1003);
        third.Send("S", mss: 1460);
        third.ExpectNothing();
        Assert.Equal(1u, net.Stack.Tcp.Counters.SynDropped);

        // after a timeout neither has answered: the older one makes room
        net.Advance(1200);
        first.TakeAll();
        second.TakeAll();
        third.SndNxt = 0;
        third.Send("S", mss: 1460);
        third.Expect("SA", ack: 1);
        third.Send("A");
        int socket = net.Accept(listener);
        Assert.Equal(1u, net.Stack.Tcp.Counters.HalfOpenRecycled);

        // the second one was only slow, and has kept its place
        second.Send("A");
        int other = net.Accept(listener);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(other));

        // the first one's answer comes too late
        first.Send("A");
        first.Expect("R", seq: 1);
        net.Sockets.Abort(socket);
        net.Sockets.Abort(other);
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
}
