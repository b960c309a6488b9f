// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack;

/// <summary>A turn in two halves, with the application between them: what arrives is there for it, and what it says to that leaves with the second.</summary>
public sealed class HalvesOfATurnTests : StackTest
{
    [Theory, BothOrders]
    public void What_was_read_and_answered_between_them_leaves_with_the_second(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        int before = net.Sockets.Changes;
        peer.Send("PA", text: "question", poll: false);
        int wait = net.Stack.BeginTurn(net.Now);
        Assert.False(net.Stack.IsAtRest);
        Assert.NotEqual(before, net.Sockets.Changes);
        Assert.Equal(8, net.Sockets.Read(socket, new byte[20], 0, 20));
        net.Write(socket, "answer");
        Assert.False(net.Interface.HasOutbound);

        wait = net.Stack.Flush(wait);
        Assert.True(net.Interface.HasOutbound);
        Assert.InRange(wait, 1, 1000);
        Assert.False(net.Stack.NeedsPoll);
        net.Poll();
        peer.Expect("PA", seq: 1, ack: 9);
        peer.ExpectNothing();
    }

    [Theory, BothOrders]
    public void Who_closes_between_them_answers_a_FIN_with_one_segment(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        peer.Send("FA", poll: false);
        int wait = net.Stack.BeginTurn(net.Now);
        Assert.Equal(0, net.Sockets.Read(socket, new byte[1], 0, 1));
        Assert.Equal(0, net.Sockets.Close(socket));
        net.Stack.Flush(wait);
        net.Poll();
        peer.Expect("FA", seq: 1, ack: 2);
        peer.ExpectNothing();
    }

    [Fact]
    public void Who_does_not_close_has_it_acknowledged_by_the_second()
    {
        (TestNetwork net, TcpPeer peer, _) = Open();
        peer.Send("FA", poll: false);
        net.Stack.Flush(net.Stack.BeginTurn(net.Now));
        Assert.True(net.Interface.HasOutbound);
        Assert.False(net.Stack.NeedsPoll);
        net.Poll();
        peer.Expect("A", seq: 1, ack: 2);
        peer.ExpectNothing();
    }

    [Fact]
    public void With_nothing_to_do_the_first_says_when_and_the_second_agrees()
    {
        (TestNetwork net, _, _) = Open();
        net.Advance(10_000);
        int wait = net.Stack.BeginTurn(net.Now);
        Assert.True(net.Stack.IsAtRest);
        Assert.Equal(wait, net.Stack.Flush(wait));
        Assert.Equal(wait, net.Stack.Poll(net.Now));
    }

    [Fact]
    public void What_the_second_finds_out_is_worth_another_turn()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Sockets.SetUserTimeout(socket, 5000);
        net.Write(socket, "lost");
        net.Poll();
        peer.Expect("PA", seq: 1);
        int before = 0;
        int end = net.Now + 20_000;
        int wait = 0;
        int now = net.Now;
        while (net.Sockets.GetState(socket) != TcpState.Closed)
        {
            now++;
            Assert.True(now - end < 0);
            wait = net.Stack.BeginTurn(now);
            before = net.Sockets.Changes;
            wait = net.Stack.Flush(wait);
        }

        // the application had had its turn when the connection ended
        Assert.NotEqual(before, net.Sockets.Changes);
        Assert.Equal(0, wait);
        net.Stack.Flush(net.Stack.BeginTurn(now));
        net.Collect();
        Assert.Equal(0, net.Sockets.Close(socket));
    }

    [Fact]
    public void A_SYN_is_no_change_and_a_connection_to_be_accepted_is()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        net.Poll();
        int before = net.Sockets.Changes;
        peer.Send("S", poll: false);
        net.Stack.Flush(net.Stack.BeginTurn(net.Now));
        Assert.Equal(before, net.Sockets.Changes);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener));
        net.Poll();
        peer.Expect("SA", ack: 1);
        peer.Send("A", poll: false);
        net.Stack.BeginTurn(net.Now);
        Assert.NotEqual(before, net.Sockets.Changes);
        Assert.InRange(net.Sockets.Accept(listener), 0, int.MaxValue);
        net.Stack.Flush(0);
    }
}
