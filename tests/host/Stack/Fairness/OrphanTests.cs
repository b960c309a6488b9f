// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Fairness;

/// <summary>
/// Control blocks that nobody owns: clients that fall silent, in whatever state, keep the next one waiting for seconds at most, and an
/// honest one does not lose its answer to the crowd.
/// </summary>
public sealed class OrphanTests
{
    [Theory]
    [InlineData((int)Silence.AcknowledgesNothing)]
    [InlineData((int)Silence.KeepsItsWindowClosed)]
    [InlineData((int)Silence.AcknowledgesByTheByte)]
    [InlineData((int)Silence.NeverCloses)]
    [InlineData((int)Silence.ClosesAtTheSameTime)]
    [InlineData((int)Silence.ClosesFirst)]
    [InlineData((int)Silence.ClosesProperly)]
    public void The_next_client_is_served_within_3_seconds_however_the_others_fell_silent(int silence)
    {
        foreach (int later in new[] { 20, 300, 900, 3000, 20_000 })
        {
            Street street = new();
            _ = new StreetServer(street);
            for (int i = 0; i < 9; i++)
            {
                _ = new SilentClient(street, (Silence)silence, Address(100 + i), 5000 + i);
            }

            street.Run(later);
            Assert.Equal(10, street.Stack.Tcp.BlocksInUse);
            StreetClient client = new(street, Address(1), 40000);
            Assert.True(street.Run(3000, () => client.ServedAfter >= 0), $"not served, {later} ms after the others");
            Assert.Equal(400, client.Text.Length);
            street.Finish();
        }
    }

    [Theory]
    [InlineData((int)Silence.AcknowledgesNothing)]
    [InlineData((int)Silence.NeverCloses)]
    [InlineData((int)Silence.ClosesAtTheSameTime)]
    [InlineData((int)Silence.ClosesFirst)]
    public void Silent_clients_that_come_again_and_again_keep_nobody_out(int silence)
    {
        Street street = new();
        _ = new StreetServer(street);
        for (int i = 0; i < 50; i++)
        {
            int port = 5000 + i;
            street.After(i * 300, () => _ = new SilentClient(street, (Silence)silence, Address(100 + (port % 50)), port));
        }

        street.Run(2000);
        List<StreetClient> clients = [];
        for (int i = 0; i < 8; i++)
        {
            clients.Add(new StreetClient(street, Address(1), 40000 + i));
            street.Run(1100);
        }

        street.Run(3000);
        Assert.All(clients, c => Assert.InRange(c.ServedAfter, 0, 3000));
        street.Finish();
    }

    [Fact]
    public void A_client_whose_answer_is_on_its_way_does_not_lose_it_to_the_crowd()
    {
        // 600 ms there and back, which is less than the fair time, and nine others who want the place
        Street street = new();
        _ = new StreetServer(street, pageLength: 1200);
        _ = new StreetClient(street, Far(50), 40000);
        street.Run(100);
        street.Delay = 300;
        List<StreetClient> slow = [];
        for (int i = 0; i < 9; i++)
        {
            slow.Add(new StreetClient(street, Far(i), 40000));
        }

        street.Run(1250);
        for (int i = 0; i < 9; i++)
        {
            slow.Add(new StreetClient(street, Far(20 + i), 40000));
            street.Run(50);
        }

        street.Run(20_000, () => slow.All(c => c.ServedAfter >= 0));
        Assert.All(slow, c => Assert.False(c.WasReset));
        Assert.All(slow, c => Assert.Equal(1200, c.Text.Length));
        street.Finish();
    }

    [Fact]
    public void A_SYN_that_finds_no_place_is_answered_as_soon_as_there_is_one_and_not_when_it_comes_again()
    {
        Street street = new();
        _ = new StreetServer(street);
        for (int i = 0; i < 9; i++)
        {
            _ = new SilentClient(street, Silence.AcknowledgesNothing, Address(100 + i), 5000 + i);
        }

        street.Run(900);
        StreetClient client = new(street, Address(1), 40000);
        street.Run(2000);
        Assert.InRange(client.ServedAfter, 500, 700);
        Assert.Equal(1, client.Syns);
        street.Finish();
    }

    [Fact]
    public void Who_has_been_silent_for_longest_gives_way_first()
    {
        Street street = new(c => c.TcpSockets = 4);
        _ = new StreetServer(street);
        foreach (int i in new[] { 0, 1, 2 })
        {
            _ = new SilentClient(street, Silence.AcknowledgesNothing, Address(100 + i), 5000 + i);
            street.Run(500);
        }

        street.Run(2000);
        StreetClient client = new(street, Address(1), 40000);
        Assert.True(street.Run(100, () => client.ServedAfter >= 0));
        int[] left = [.. street.Stack.Tcp.Blocks.Where(b => b.InUse && b.RemotePort is >= 5000 and < 6000).Select(b => b.RemotePort).Order()];
        Assert.Equal([5001, 5002], left);
        Assert.Equal(1u, street.Stack.Tcp.Counters.OrphansRecycled);
        street.Finish();
    }

    [Fact]
    public void Who_moves_on_gives_way_after_who_does_not()
    {
        Street street = new(c => c.TcpSockets = 4);
        _ = new StreetServer(street);
        _ = new SilentClient(street, Silence.AcknowledgesByTheByte, Address(100), 5000);
        street.Run(2000);
        _ = new SilentClient(street, Silence.AcknowledgesNothing, Address(101), 5001);
        _ = new SilentClient(street, Silence.AcknowledgesByTheByte, Address(102), 5002);
        street.Run(1900);
        StreetClient client = new(street, Address(1), 40000);
        Assert.True(street.Run(100, () => client.ServedAfter >= 0));
        Assert.DoesNotContain(street.Stack.Tcp.Blocks, b => b.InUse && b.RemotePort == 5001);
        Assert.Contains(street.Stack.Tcp.Blocks, b => b.InUse && b.RemotePort == 5000);
        street.Finish();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("answer", 250)]
    public void A_connection_without_text_keeps_no_peer_waiting_and_one_with_text_a_moment(string text, int after)
    {
        TestNetwork net = new(TcpIp.Frames.WordOrder.LowByteFirst, c => c.TcpSockets = 2);
        int listener = net.Listen();
        TcpPeer reserve = net.Peer(port: 5000);
        int socket = reserve.OpenTo(listener);
        if (text.Length > 0)
        {
            net.Write(socket, text);
            reserve.Expect("PA", text: text);
        }

        net.Sockets.Close(socket);
        reserve.Expect("FA");
        reserve.Send("A", ack: 2 + text.Length);
        TcpPeer next = net.Peer(port: 5001);
        next.Send("S", mss: 1460);
        if (after > 0)
        {
            net.Advance(after - 20);
            next.ExpectNothing();
            net.Advance(40);
        }

        next.Expect("SA");
        next.Send("A");
        net.Sockets.Abort(net.Accept(listener));
        net.Sockets.Close(listener);
    }

    [Fact]
    public void Who_owed_an_acknowledgment_before_the_application_let_go_has_had_that_time()
    {
        TestNetwork net = new(TcpIp.Frames.WordOrder.LowByteFirst, c => c.TcpSockets = 2);
        int listener = net.Listen();
        TcpPeer silent = net.Peer(port: 5000);
        int socket = silent.OpenTo(listener);
        net.Write(socket, new byte[100]);
        net.Advance(2000);
        net.Sockets.Close(socket);

        // at once, not 1.5 s later
        TcpPeer next = net.Peer(port: 5001);
        next.Send("S", mss: 1460);
        next.Expect("SA");
        next.Send("A");
        net.Sockets.Close(net.Accept(listener));
        net.Sockets.Close(listener);
    }

    [Fact]
    public void A_listener_takes_nothing_from_another_while_it_has_a_connection_that_waits_itself()
    {
        TestNetwork net = new(TcpIp.Frames.WordOrder.LowByteFirst, c => c.TcpSockets = 5);
        int first = net.Listen(80);
        int second = net.Listen(81);
        TcpPeer[] others = [net.Peer(80, 5000), net.Peer(80, 5001)];
        TcpPeer own = net.Peer(81, 5002);
        foreach (TcpPeer peer in others.Append(own))
        {
            peer.Handshake();
        }

        net.Advance(5000);
        TcpPeer late = net.Peer(81, 5003);
        late.Send("S", mss: 1460);
        net.Advance(5000);
        Assert.All(others, p => Assert.Equal(0, p.Waiting));
        Assert.Equal(0, late.Waiting);

        // once its own one is accepted it has none, and may
        net.Accept(second);
        net.Advance(10);
        late.Expect("SA");
        late.Send("A");
        net.Accept(second);
        Assert.Single(others, p => p.Waiting == 1);
        Assert.Equal(1u, net.Stack.Tcp.Counters.OrphansRecycled);
        net.Sockets.Close(first);
    }

    [Fact]
    public void A_connection_that_an_application_holds_never_gives_way()
    {
        Street street = new(c => c.TcpSockets = 3);
        SocketLayer sockets = street.Stack.Sockets;
        StreetServer server = new(street);
        _ = new SilentClient(street, Silence.SaysNothing, Address(100), 5000);
        _ = new SilentClient(street, Silence.SaysNothing, Address(101), 5001);
        street.Run(60_000);
        StreetClient client = new(street, Address(1), 40000);
        street.Run(10_000);
        Assert.Equal(-1, client.ServedAfter);
        Assert.Equal(2, server.Accepted);
        Assert.Equal((int)SocketError.TooManyOpenSockets, sockets.Socket());
        street.Finish();
    }

    [Fact]
    public void A_listener_whose_application_does_not_accept_does_not_starve_another_one()
    {
        Street street = new(c => c.TcpSockets = 6);
        StreetServer deaf = new(street, port: 81);
        deaf.Accepts = false;
        _ = new StreetServer(street, port: 80);
        List<StreetClient> ignored = [];
        for (int i = 0; i < 8; i++)
        {
            ignored.Add(new StreetClient(street, Address(20 + i), 50000, stackPort: 81));
        }

        street.Run(500);
        Assert.Equal(6, street.Stack.Tcp.BlocksInUse);
        StreetClient client = new(street, Address(1), 40000);
        Assert.True(street.Run(3000, () => client.ServedAfter >= 0));

        // and the deaf one's clients, who come again, do not take it back from a connection that is being served
        StreetClient second = new(street, Address(2), 40000);
        Assert.True(street.Run(3000, () => second.ServedAfter >= 0));
        street.Finish();
    }

    [Fact]
    public void Those_who_wait_to_be_accepted_keep_their_turn_among_themselves()
    {
        Street street = new(c => c.TcpSockets = 4);
        StreetServer server = new(street);
        server.Accepts = false;
        List<StreetClient> clients = [];
        for (int i = 0; i < 6; i++)
        {
            clients.Add(new StreetClient(street, Address(i), 40000));
            street.Run(10);
        }

        street.Run(5000);
        Assert.All(clients, c => Assert.False(c.WasReset));
        server.Accepts = true;
        street.Run(20_000, () => clients.All(c => c.ServedAfter >= 0));
        Assert.All(clients, c => Assert.True(c.ServedAfter >= 0));
        Assert.True(clients[0].ServedAfter < clients[5].ServedAfter + 50);
        street.Finish();
    }

    private static uint Far(int host) => Wire.Address("203.0.113.1") + (uint)host;

    private static uint Address(int host) => Wire.Address("192.168.1.60") + (uint)host;
}
