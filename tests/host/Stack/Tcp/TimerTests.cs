// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Retransmission and its timer (RFC 6298), and how long a silent peer is borne with (RFC 9293 section 3.8.3).</summary>
public sealed class TimerTests : StackTest
{
    [Fact]
    public void Poll_names_the_next_ARP_deadline_even_when_TCP_has_just_made_it()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Client.AnswersArp = false;
        net.Write(socket, "silence");
        net.Advance(63000);
        net.Arps.Clear();

        // the neighbour has aged out by now; the next repetition must ask for it again each second
        net.Advance(60500);
        List<int> times = [.. net.Arps.Where(a => a.Destination == TestHost.BroadcastMac).Select(a => a.Time)];
        Assert.True(times.Count >= 2, "asked " + times.Count + " times");
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.InRange(pair.Second - pair.First, 1000, 9000));
    }

    [Fact]
    public void The_millisecond_count_may_wrap_at_any_time()
    {
        foreach (int start in new[] { int.MaxValue - 100, int.MinValue, -50, 0, -1 })
        {
            TestNetwork net = Begin(start: start);
            TcpPeer peer = net.Peer();
            int socket = peer.OpenTo(net.Listen());
            net.Write(socket, "x");
            int sent = peer.Expect("PA").Time;
            net.Advance(7000);
            Assert.Equal([1000, 3000, 7000], peer.TakeAll().Select(s => s.Time - sent));
            peer.Send("A");
        }
    }

    [Fact]
    public void A_shorter_timeout_than_the_last_poll_knew_of_asks_for_another_poll()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, "text");
        peer.Expect("PA");
        int wait = net.Stack.Poll(net.Now);
        Assert.False(net.Stack.NeedsPoll);
        Assert.Equal(0, net.Sockets.SetUserTimeout(socket, wait / 2));
        Assert.True(net.Stack.NeedsPoll, "else nobody would look in time");
        Assert.Equal(wait / 2, net.Stack.Poll(net.Now));
        net.Sockets.Abort(socket);
        net.Poll();
        peer.TakeAll();
    }

    [Fact]
    public void A_timeout_ends_what_was_waited_for_and_the_episode_of_a_probe()
    {
        (TestNetwork net, TcpPeer peer, int socket) = Open();
        net.Write(socket, new byte[10]);
        net.Poll();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        block.SendTimer = SendTimerKind.Reordering;
        block.SendTimerAt = net.Now;
        block.TailProbe = TailLossProbe.Open | TailLossProbe.Repeats | TailLossProbe.Untimed;
        block.Station = 1;
        block.RetransmitAt = net.Now;
        net.Stack.Tcp.Touch(block);
        net.Poll();
        Assert.Equal((SendTimerKind.Retransmission, TailLossProbe.Untimed), (block.SendTimer, block.TailProbe));
        Assert.Equal((1, 2000, 0u), (block.Retransmits, block.Rto, block.Station));
        Assert.Equal((true, net.Now + 2000), (SendTimer.AwaitsAcknowledgment(block), block.RetransmitAt));
        peer.TakeAll();
    }
}
