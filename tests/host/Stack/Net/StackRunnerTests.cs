// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Stack.Net;

/// <summary>What runs the stack while a call waits: other work goes on, it sleeps when it can, and nobody waits inside a wait.</summary>
public sealed class StackRunnerTests : NetTest
{
    private readonly byte[] _buffer = new byte[2000];

    [Fact]
    public void A_web_server_goes_on_serving_while_a_call_waits()
    {
        WaitingNetwork net = Begin();
        HttpServer http = new(net.Layer, net.Ours.Pool.Order, 80, 2, [new ZeroAllocation.DigitsPage(WordOrder.LowByteFirst, 300)]);
        net.Runner.Background = [http];
        ZeroAllocation.WebClient browser = new(net.Theirs.Sockets, WaitingNetwork.OurAddress, 80, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        net.Partner = new ScriptedPartner(_ => browser.Step());
        int listener = net.OurListener(7);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener, 1000));
        Assert.InRange(browser.Pages, 50, 1000);
        Assert.Equal(0, browser.Failures);
    }

    [Fact]
    public void Each_kind_of_background_work_is_asked_as_often_as_it_wants()
    {
        WaitingNetwork net = Begin();
        int often = 0;
        int seldom = 0;
        net.Runner.Background =
        [
            new ScriptedPartner(_ => seldom++) { Interval = 500 },
            new ScriptedPartner(_ => often++) { Interval = 100 },
        ];
        net.Runner.Wait(10);
        (often, seldom) = (0, 0);
        Assert.Equal(0, net.Runner.Wait(1000));
        Assert.InRange(often, 11, 13);
        Assert.InRange(seldom, 11, 13);
        net.Runner.Background = [];
        Assert.Equal(0, net.Runner.Wait(10));
    }

    [Fact]
    public void With_nothing_to_do_it_sleeps_through()
    {
        WaitingNetwork net = Begin();
        net.Runner.Wait(10000);
        int sleeps = net.Runner.Sleeps;
        int before = net.Now;
        Assert.Equal(0, net.Runner.Wait(1000));
        Assert.Equal(1000, net.Now - before);
        Assert.Equal(sleeps + 1, net.Runner.Sleeps);
        Assert.Equal(0, net.Runner.Wait(0));
        Assert.Equal(1000, net.Now - before);
    }

    [Fact]
    public void Waiting_inside_a_wait_is_refused_and_does_no_harm()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        List<int> results = [];
        net.Runner.Background = [new ScriptedPartner(_ => results.AddRange(EveryWaitingCall(net, socket)))];
        net.Partner = new ScriptedPartner(_ => net.Theirs.Sockets.Write(theirs, [1], 0, net.Elapsed > 300 ? 1 : 0));
        Assert.Equal(1, net.Sockets.Read(socket, _buffer, 0, 1, 5000));
        Assert.InRange(net.Elapsed, 300, 320);
        Assert.NotEmpty(results);
        Assert.All(results, result => Assert.Equal((int)SocketError.WouldDeadlock, result));

        // the socket is still there, and the calls work again
        net.Runner.Background = null;
        Assert.Equal(0, net.Sockets.Close(socket, 1000));
    }

    [Fact]
    public void Waiting_inside_a_sleep_is_refused()
    {
        WaitingNetwork net = Begin();
        (int socket, int _) = net.Connect();
        int result = 0;
        net.Runner.InsteadOfSleep = () => result = net.Sockets.Read(socket, _buffer, 0, 1, 100);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Read(socket, _buffer, 0, 1, 100));
        Assert.Equal((int)SocketError.WouldDeadlock, result);
    }

    [Fact]
    public void Calls_that_do_not_wait_are_allowed_in_the_background()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        (int other, int theirOther) = net.Connect(8);
        int copied = 0;
        net.Partner = new ScriptedPartner(_ => net.Theirs.Sockets.Write(theirs, [1, 2, 3], 0, 3));
        net.Runner.Background =
        [
            new ScriptedPartner(_ =>
            {
                int count = net.Layer.Read(socket, _buffer, 0, 100);
                copied += count > 0 ? net.Layer.Write(other, _buffer, 0, count) : 0;
            }),
        ];
        net.Runner.Wait(500);
        Assert.True(copied > 100);
        Assert.InRange(net.Theirs.Sockets.Read(theirOther, _buffer, 0, 2000), 100, 2000);
    }

    [Fact]
    public void What_background_work_writes_leaves_before_the_next_sleep()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        (int silent, int _) = net.Connect(8);
        int written = 0;
        int arrived = 0;
        net.Runner.Background =
        [
            new ScriptedPartner(now =>
            {
                if (written == 0 && net.Elapsed > 500)
                {
                    written = now;
                    net.Layer.Write(socket, _buffer, 0, 1);
                }
            })
            {
                Interval = 100,
            },
        ];
        net.Partner = new ScriptedPartner(
            now => arrived = arrived == 0 && net.Theirs.Sockets.GetAvailable(theirs) > 0 ? now : arrived);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Read(silent, _buffer, 1000, 1, 2000));
        Assert.NotEqual(0, written);
        Assert.InRange(arrived - written, 0, 5);
    }

    [Fact]
    public void Background_work_that_fails_does_not_lock_the_calls_up()
    {
        WaitingNetwork net = Begin();
        net.Runner.Background = [new ScriptedPartner(_ => throw new InvalidOperationException())];
        Assert.Throws<InvalidOperationException>(() => net.Runner.Wait(10));
        net.Runner.Background = null;
        Assert.Equal(0, net.Runner.Wait(10));
    }

    private IEnumerable<int> EveryWaitingCall(WaitingNetwork net, int socket) =>
    [
        net.Runner.Wait(0),
        net.Sockets.WaitForAddress(0),
        net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, 10),
        net.Sockets.WaitConnected(socket, 10),
        net.Sockets.Accept(socket, 10),
        net.Sockets.Read(socket, _buffer, 0, 1, 10),
        net.Sockets.Peek(socket, new ReceivedView(), 10),
        net.Sockets.Write(socket, _buffer, 0, 1, 10),
        net.Sockets.Write(socket, new WordBuffer("x", WordOrder.LowByteFirst), 10),
        net.Sockets.Reserve(socket, 1, new SendView(), 10),
        net.Sockets.Commit(socket, 1),
        net.Sockets.SendTo(socket, _buffer, 0, 1, WaitingNetwork.TheirAddress, 7, 10),
        net.Sockets.ReceiveFrom(socket, _buffer, 0, 1, new DatagramSource(), 10),
        net.Sockets.Close(socket, 10),
    ];
}
