// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>What each expiry of the retransmission timer leaves behind, the last one included (RFC 6298 section 5, RFC 9293 MUST-21).</summary>
public sealed class GivingUpTests : StackTest
{
    [Fact]
    public void Text_is_repeated_six_times_in_two_minutes_and_then_no_more()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, new byte[10]);
        net.Advance(122_999);
        Assert.Equal(7, peer.TakeAll().Count);
        TcpCounters counters = net.Stack.Tcp.Counters;
        Assert.Equal((6u, 6u, 0u), (counters.Timeouts, counters.Retransmissions, counters.TimedOut));
        net.Advance(1);
        peer.ExpectNothing();
        Assert.Equal((int)SocketError.TimedOut, net.ReadResult(socket));
        Assert.Equal((6u, 6u, 1u, 0u), (counters.Timeouts, counters.Retransmissions, counters.TimedOut, counters.FailedOpens));
    }

    [Fact]
    public void A_SYN_is_repeated_and_counted_and_its_failure_is_that_of_an_opening()
    {
        TestNetwork net = Begin(configure: c => c.TcpConnectTimeout = 7000);
        TcpPeer peer = net.Peer(stackPort: 0, port: 80);
        int socket = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, 80));
        net.Advance(6999);
        Assert.Equal(3, peer.TakeAll().Count);
        TcpCounters counters = net.Stack.Tcp.Counters;
        Assert.Equal((2u, 2u, 0u), (counters.Timeouts, counters.Retransmissions, counters.FailedOpens));
        net.Advance(1);
        peer.ExpectNothing();
        Assert.Equal((2u, 2u, 1u, 1u), (counters.Timeouts, counters.Retransmissions, counters.FailedOpens, counters.TimedOut));
    }

    [Fact]
    public void A_timeout_ends_what_was_waited_for_and_the_episode_of_a_probe()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, new byte[10]);
        net.Poll();
        TcpControlBlock block = net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port);
        block.LossTimer = TcpLossTimer.Reordering;
        block.LossTimerAt = net.Now + 100_000;
        block.TailProbe = TcpLossDetection.ProbeOpen | TcpLossDetection.ProbeRepeats | TcpLossDetection.ProbeUntimed;
        block.Station = 1;
        block.RetransmitAt = net.Now;
        net.Poll();
        Assert.Equal((TcpLossTimer.None, TcpLossDetection.ProbeUntimed), (block.LossTimer, block.TailProbe));
        Assert.Equal((1, 2000, 0u), (block.Retransmits, block.Rto, block.Station));
        Assert.Equal((true, net.Now + 2000), (block.RetransmitRunning, block.RetransmitAt));
        peer.TakeAll();
    }
}
