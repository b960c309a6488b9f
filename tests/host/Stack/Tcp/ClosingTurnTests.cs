// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>The peer's FIN is acknowledged behind the application's turn: its own FIN carries the acknowledgment if it closes then.</summary>
public sealed class ClosingTurnTests : StackTest
{
    [Theory, BothOrders]
    public void Who_closes_in_the_turn_that_he_reads_of_the_end_answers_with_one_segment(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open(order);
        TcpIpStack stack = net.Stack;
        peer.Send("FA", poll: false);
        Assert.Equal(0, stack.Poll(net.Now));
        Assert.False(net.Interface.HasOutbound);
        Assert.True(stack.NeedsPoll);
        Assert.Equal(0, net.Sockets.Read(socket, new byte[1], 0, 1));
        Assert.Equal(0, net.Sockets.Close(socket));
        Assert.NotEqual(0, stack.Flush(0x1000));
        net.Poll();
        peer.Expect("FA", seq: 1, ack: 2);
        peer.ExpectNothing();
    }

    [Theory, BothOrders]
    public void Who_does_not_close_has_it_acknowledged_in_the_same_turn(WordOrder order)
    {
        (TestNetwork net, TcpPeer peer, _) = Open(order);
        peer.Send("FA", poll: false);
        Assert.Equal(0, net.Stack.Poll(net.Now));
        net.Stack.Flush(0);
        Assert.False(net.Stack.NeedsPoll);
        net.Poll();
        peer.Expect("A", seq: 1, ack: 2);
        peer.ExpectNothing();
    }

    [Fact]
    public void With_nobody_to_close_it_is_acknowledged_at_once()
    {
        TestNetwork net = Begin();
        net.Listen();
        TcpPeer peer = net.Peer();
        peer.Handshake();
        peer.Send("FA", poll: false);
        net.Stack.Poll(net.Now);
        Assert.True(net.Interface.HasOutbound);
        net.Poll();
        peer.Expect("A", seq: 1, ack: 2);
    }
}
