// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Net;
using TcpIp.Net;
using TcpIp.Net.Sockets;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Sockets;

/// <summary>Without a link or an address nothing is sent, and whoever sends is told; whoever may wait waits for both.</summary>
public sealed class NetworkDownTests : NetTest
{
    private static readonly IPEndPoint s_they = new(IPAddress.Parse("10.0.0.2"), 7);

    private readonly byte[] _data = new byte[4];

    /// <summary>Every call that sends: its name, and its result.</summary>
    public static TheoryData<string> SendingCalls => ["connect", "send to", "write", "commit to", "commit", "echo", "broadcast", "group"];

    [Theory]
    [MemberData(nameof(SendingCalls))]
    public void Without_a_link_every_call_that_sends_says_so(string call)
    {
        WaitingNetwork net = Begin();
        Func<int> send = Sender(net, call);
        net.OurInterface.IsLinkUp = false;
        net.Runner.Wait(0);
        uint sent = net.OurInterface.Sent;
        Assert.Equal((int)SocketError.NetworkDown, send());
        Assert.Equal((int)SocketError.NetworkDown, Sender(net, call)());
        Assert.Equal(sent, net.OurInterface.Sent);

        net.OurInterface.IsLinkUp = true;
        net.Runner.Wait(0);
        int result = Sender(net, call)();
        Assert.True(result >= 0 || result == (int)SocketError.InProgress, ((SocketError)result).ToString());
    }

    [Theory]
    [MemberData(nameof(SendingCalls))]
    public void Without_an_address_every_call_that_sends_says_so(string call)
    {
        WaitingNetwork net = Begin();
        Func<int> send = Sender(net, call);
        net.Ours.Configure(0, 0xFFFFFF00, 0);
        net.Runner.Wait(0);
        Assert.Equal((int)SocketError.AddressNotAvailable, send());
    }

    [Fact]
    public void What_is_sent_to_ourselves_needs_no_link()
    {
        WaitingNetwork net = Begin();
        int receiver = net.Layer.Socket(SocketType.Datagram);
        net.Layer.Bind(receiver, 9);
        net.OurInterface.IsLinkUp = false;
        net.Runner.Wait(0);
        int sender = net.Layer.Socket(SocketType.Datagram);
        Assert.Equal(4, net.Layer.SendTo(sender, _data, 0, 4, WaitingNetwork.OurAddress, 9));
        Assert.Equal(4, net.Layer.SendTo(sender, _data, 0, 4, 0x7F000001, 9));
        Assert.Equal(4, net.Sockets.ReceiveFrom(receiver, _data, 0, 4, new DatagramSource(), 100));
        int echo = net.Layer.Socket(SocketType.Echo);
        Assert.Equal(0, net.Layer.SendEcho(echo, 0x7F000001, 10, 1000));
        net.Layer.Close(receiver);
        net.Layer.Close(sender);
        net.Layer.Close(echo);
    }

    [Fact]
    public void A_connection_outlives_it_and_takes_what_is_written()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        net.OurInterface.IsLinkUp = false;
        net.Runner.Wait(10);
        Assert.Equal(4, net.Sockets.Write(socket, _data, 0, 4, 100));
        net.Runner.Wait(20_000);
        Assert.Equal(TcpState.Established, net.Layer.GetState(socket));
        net.OurInterface.IsLinkUp = true;
        net.Runner.Wait(10);
        Assert.Equal(4, net.Theirs.Sockets.Read(theirs, _data, 0, 4));
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("send to")]
    [InlineData("write")]
    public void A_call_that_waits_waits_for_the_link_within_its_time(string call)
    {
        WaitingNetwork net = Begin();
        net.TheirListener(7);
        net.OurInterface.IsLinkUp = false;
        net.Runner.Wait(0);
        int begun = net.Now;
        Assert.Equal((int)SocketError.NetworkDown, Wait(net, call, 300));
        Assert.InRange(net.Now - begun, 300, 310);

        // it comes while the call waits
        begun = net.Now;
        net.Partner = new ScriptedPartner(now => net.OurInterface.IsLinkUp = now - begun >= 2000);
        Assert.InRange(Wait(net, call, 5000), 0, 4);
        Assert.InRange(net.Now - begun, 2000, 2100);
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("send to")]
    [InlineData("write")]
    public void A_call_that_waits_waits_for_an_address_that_is_being_asked_for_but_not_for_one_that_was_never_set(string call)
    {
        WaitingNetwork net = Begin(configure: c => c.ProbeAddress = true);
        net.TheirListener(7);
        Assert.Equal((int)SocketError.AddressNotAvailable, Wait(net, call, 300));
        Assert.InRange(Wait(net, call, StackRunner.Forever), 0, 4);
        Assert.InRange(net.Elapsed, 3000, 9000);

        net.Ours.Configure(0, 0xFFFFFF00, 0);
        int begun = net.Now;
        Assert.Equal((int)SocketError.AddressNotAvailable, Wait(net, call, 1000));
        Assert.InRange(net.Now - begun, 0, 1);
    }

    [Fact]
    public void A_connection_that_has_lost_its_address_is_not_waited_for()
    {
        WaitingNetwork net = Begin();
        (int socket, int _) = net.Connect();
        net.Ours.Configure(WaitingNetwork.OurAddress + 5, 0xFFFFFF00, 0);
        int begun = net.Now;
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Write(socket, _data, 0, 4, 1000));
        Assert.Equal(begun, net.Now);
    }

    [Fact]
    public void The_link_is_waited_for()
    {
        WaitingNetwork net = Begin();
        Assert.Equal(0, net.Sockets.WaitForLink(0));
        Assert.True(net.Ours.IsLinkUp);
        net.OurInterface.IsLinkUp = false;
        net.Runner.Wait(0);
        Assert.False(net.Ours.IsLinkUp);
        int begun = net.Now;
        Assert.Equal((int)SocketError.NetworkDown, net.Sockets.WaitForLink(250));
        Assert.InRange(net.Now - begun, 250, 260);
        net.Partner = new ScriptedPartner(now => net.OurInterface.IsLinkUp = now - begun >= 1000);
        Assert.Equal(0, net.Sockets.WaitForLink(StackRunner.Forever));
        Assert.InRange(net.Now - begun, 1000, 1300);
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.WaitForLink(-2));
    }

    [Fact]
    public void TcpClient_and_UdpClient_wait_for_it_too_and_say_what_is_wrong()
    {
        WaitingNetwork net = Begin();
        net.TheirListener(7);
        net.OurInterface.IsLinkUp = false;
        net.Runner.Wait(0);
        TcpClient stream = new(net.Sockets) { ConnectTimeout = 200 };
        UdpClient datagrams = new(net.Sockets) { SendTimeout = 200 };
        SocketException failure = Assert.Throws<SocketException>(() => stream.Connect(s_they));
        Assert.Equal(SocketError.NetworkDown, failure.SocketErrorCode);
        Assert.Equal("There is no link: no cable, or nobody at its other end. (SocketError -23)", failure.Message);
        Assert.Equal(SocketError.NetworkDown, Assert.Throws<SocketException>(() => datagrams.Send(_data, s_they)).SocketErrorCode);

        int begun = net.Now;
        net.Partner = new ScriptedPartner(now => net.OurInterface.IsLinkUp = now - begun >= 100);
        stream.Connect(s_they);
        Assert.Equal(4, datagrams.Send(_data, s_they));
        stream.Close();
        datagrams.Close();
    }

    private int Wait(WaitingNetwork net, string call, int timeout)
    {
        int socket = net.Layer.Socket(call == "connect" ? SocketType.Stream : SocketType.Datagram);
        if (call == "write")
        {
            net.Layer.Connect(socket, WaitingNetwork.TheirAddress, 7);
        }

        int result = call switch
        {
            "connect" => net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, timeout),
            "write" => net.Sockets.Write(socket, _data, 0, 4, timeout),
            _ => net.Sockets.SendTo(socket, _data, 0, 4, WaitingNetwork.TheirAddress, 7, timeout),
        };
        net.Layer.Close(socket);
        return result;
    }

    /// <summary>Prepares a socket while there is a network, so that only the sending can fail.</summary>
    private Func<int> Sender(WaitingNetwork net, string call)
    {
        SocketType type = call switch { "connect" => SocketType.Stream, "echo" => SocketType.Echo, _ => SocketType.Datagram };
        int socket = net.Layer.Socket(type);
        SendView view = new();
        switch (call)
        {
            case "write":
            case "commit":
                net.Layer.Connect(socket, WaitingNetwork.TheirAddress, 7);
                break;
            case "broadcast":
                net.Layer.SetBroadcast(socket, true);
                break;
            default:
                break;
        }

        return () =>
        {
            if (call.StartsWith("commit"))
            {
                net.Layer.Reserve(socket, 4, view);
            }

            int result = call switch
            {
                "connect" => net.Layer.Connect(socket, WaitingNetwork.TheirAddress, 7),
                "write" => net.Layer.Write(socket, _data, 0, 4),
                "commit" => net.Layer.Commit(socket, 4),
                "commit to" => net.Layer.CommitTo(socket, 4, WaitingNetwork.TheirAddress, 7),
                "echo" => net.Layer.SendEcho(socket, WaitingNetwork.TheirAddress, 4, 1000),
                "broadcast" => net.Layer.SendTo(socket, _data, 0, 4, 0xFFFFFFFF, 7),
                "group" => net.Layer.SendTo(socket, _data, 0, 4, 0xEF010203, 7),
                _ => net.Layer.SendTo(socket, _data, 0, 4, WaitingNetwork.TheirAddress, 7),
            };
            net.Layer.Close(socket);
            return result;
        };
    }
}
