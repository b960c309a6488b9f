// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Fairness;

/// <summary>A crowd that connects and says nothing stands behind who has a question, and keeps no control block for long once it is turned out.</summary>
public sealed class SilentCrowdTests : FairnessTest
{
    [Fact]
    public void Who_has_sent_something_is_accepted_before_who_is_silent_and_each_in_turn()
    {
        TestNetwork net = new(WordOrder.LowByteFirst);
        int listener = net.Listen();
        TcpPeer[] peers = [.. Enumerable.Range(0, 4).Select(i => net.Peer(port: 40000 + i))];
        Array.ForEach(peers, p => p.Handshake());
        peers[3].Send("PA", text: "later");
        peers[2].Send("PA", text: "first");

        Assert.Equal("first", Text(net, net.Accept(listener)));
        Assert.Equal("later", Text(net, net.Accept(listener)));
        int third = net.Accept(listener);
        peers[0].Send("PA", text: "zero");
        Assert.Equal("zero", Text(net, third));
        int fourth = net.Accept(listener);
        peers[1].Send("PA", text: "one");
        Assert.Equal("one", Text(net, fourth));
        net.Finish();
    }

    [Theory]
    [InlineData(false, 250)]
    [InlineData(true, 1500)]
    public void A_closed_connection_whose_text_has_arrived_gives_way_sooner(bool owesText, int fairTime)
    {
        TestNetwork net = new(WordOrder.LowByteFirst, c => c.TcpSockets = 2);
        int listener = net.Listen();
        TcpPeer first = net.Peer(port: 40000);
        first.Handshake();
        int socket = net.Accept(listener);
        net.Write(socket, "an answer");
        net.Poll();
        if (!owesText)
        {
            first.TakeAll();
            first.Send("A", ack: 10);
        }

        net.Sockets.Close(socket);
        net.Poll();

        TcpPeer next = net.Peer(port: 40001);
        next.Send("S");
        int waited = 0;
        while (next.Waiting == 0 && waited < 5000)
        {
            net.Advance(10);
            waited += 10;
        }

        Assert.InRange(waited, fairTime - 10, fairTime + 20);
        next.Expect("SA", seq: 0, ack: 1);
        net.Finish();
    }

    [Fact]
    public void Of_those_who_wait_for_a_control_block_who_has_sent_something_gets_it_first()
    {
        TestNetwork net = new(WordOrder.LowByteFirst, c => c.TcpSockets = 2);
        int listener = net.Listen();
        TcpPeer[] peers = [.. Enumerable.Range(0, 3).Select(i => net.Peer(port: 40000 + i))];
        foreach (TcpPeer peer in peers)
        {
            peer.Send("S");
            peer.Expect("SA", seq: 0, ack: 1);
        }

        peers[0].Send("A");
        peers[1].Send("A");
        peers[2].Send("PA", text: "question");
        net.Sockets.Abort(net.Accept(listener));
        net.Advance(20);

        Assert.Equal("question", Text(net, net.Accept(listener)));
        net.Finish();
    }

    private static string Text(TestNetwork net, int socket) => System.Text.Encoding.Latin1.GetString(net.Read(socket));
}
