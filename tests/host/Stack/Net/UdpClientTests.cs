// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Net;
using TcpIp.Net.Sockets;
using static HostTests.Stack.Net.TcpClientTests;

namespace HostTests.Stack.Net;

/// <summary>UdpClient: datagrams as one knows them, and how they fail.</summary>
public sealed class UdpClientTests : NetTest
{
    private readonly byte[] _buffer = new byte[3000];
    private readonly byte[] _large = new byte[70000];

    [Fact]
    public void Send_and_receive_with_a_port_of_ones_own()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        using UdpClient client = new(net.Sockets, 5000);
        IPEndPoint server = new(IPAddress.Parse("10.0.0.2"), 7);
        Assert.Equal(3, client.Send([1, 2, 3], server));
        IPEndPoint? from = null;
        Assert.Equal(3, client.Receive(_buffer, ref from));
        Assert.Equal([1, 2, 3], _buffer[..3]);
        Assert.Equal(server, from);

        // the object that is there is filled again
        IPEndPoint? same = from;
        Assert.Equal(2, client.Send([8, 9, 10], 2, server));
        Assert.Equal(2, client.Receive(_buffer, ref from));
        Assert.Same(same, from);
        Assert.Equal(0, client.Send([], server));
        Assert.Equal(0, client.Receive(_buffer, from!));
    }

    [Fact]
    public void Groups_are_joined_heard_sent_to_and_left()
    {
        WaitingNetwork net = Begin(configure: c => c.MulticastGroups = 1);
        int sent = 0;
        int theirs = net.Theirs.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        net.Theirs.Sockets.Bind(theirs, 9);
        uint group = IPv4Address.Parse("239.1.2.3");
        net.Partner = new ScriptedPartner(_ => sent += net.Theirs.Sockets.SendTo(theirs, [7], 0, 1, group, 5000) == 1 ? 1 : 0) { Interval = 1 };
        using UdpClient client = new(net.Sockets, 5000) { ReceiveTimeout = 100 };
        IPEndPoint from = new(IPAddress.Any, 0);
        Expect(SocketError.TimedOut, () => client.Receive(_buffer, from));
        client.JoinMulticastGroup(IPAddress.FromValue(group));
        Assert.Equal(1, client.Receive(_buffer, from));
        Assert.Equal(WaitingNetwork.TheirAddress, from.AddressValue);
        Expect(SocketError.InvalidState, () => client.JoinMulticastGroup(IPAddress.FromValue(group)));
        Expect(SocketError.NoBufferSpace, () => client.JoinMulticastGroup(IPAddress.FromValue(group + 1)));
        Expect(SocketError.InvalidArgument, () => client.JoinMulticastGroup(IPAddress.FromValue(WaitingNetwork.TheirAddress)));
        Expect(SocketError.InvalidArgument, () => client.JoinMulticastGroup(null));
        Expect(SocketError.InvalidArgument, () => client.DropMulticastGroup(null));
        client.DropMulticastGroup(IPAddress.FromValue(group));
        Expect(SocketError.InvalidState, () => client.DropMulticastGroup(IPAddress.FromValue(group)));
        while (client.Available > 0)
        {
            client.Receive(_buffer, from);
        }

        Expect(SocketError.TimedOut, () => client.Receive(_buffer, from));
        Assert.True(sent > 100);

        // a group is nobody to be connected to, but may be sent to, joined or not
        Assert.Equal(2, client.Send([1, 2], new IPEndPoint(IPAddress.FromValue(group), 9)));
        client.Close();
        Expect(SocketError.BadDescriptor, () => client.JoinMulticastGroup(IPAddress.FromValue(group)));
    }

    [Fact]
    public void A_peer_of_ones_own_and_what_it_answers()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        UdpClient client = new(net.Sockets, "10.0.0.2", 7) { ReceiveTimeout = 1000 };
        IPEndPoint from = new(0, 0);
        Assert.Equal(2, client.Send([8, 9, 10], 2));
        net.Runner.Wait(50);
        Assert.Equal(2, client.Available);
        Assert.Equal(2, client.Receive(_buffer, from));
        Assert.Equal(0, client.Available);
        client.Close();

        client = new UdpClient(net.Sockets, new IPEndPoint(IPAddress.Any, 5000)) { ReceiveTimeout = 1000 };
        client.Connect(new IPEndPoint(IPAddress.Parse("10.0.0.2"), 9));
        Assert.Equal(1, client.Send([1], 1));
        Expect(SocketError.ConnectionRefused, () => client.Receive(_buffer, from));
        client.Dispose();
        Assert.Equal(0, client.Available);
    }

    [Fact]
    public void What_takes_several_packets_waits_for_the_neighbours_address()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        net.Runner.Wait(3000);
        using UdpClient client = new(net.Sockets, "10.0.0.2", 7) { Ttl = 3 };
        Assert.Equal(3, client.Ttl);
        byte[] data = HostTests.Support.Wire.PatternBytes(3, 2000);
        Assert.InRange(net.Ours.Udp.LargestData, 2000, 65507);
        Assert.Equal(2000, client.Send(data, 2000));
        Assert.Equal(2000, client.Receive(_buffer, new IPEndPoint(0, 0)));
        Assert.Equal(data, _buffer[..2000]);
        Expect(SocketError.InvalidArgument, () => client.Ttl = 0);
        Expect(SocketError.InvalidArgument, () => client.Ttl = 256);
        Assert.Equal(3, client.Ttl);
    }

    [Fact]
    public void A_buffer_that_is_too_small_is_told()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        using UdpClient client = new(net.Sockets);
        client.Connect("10.0.0.2", 7);
        client.Send([1, 2, 3, 4], 4);
        byte[] small = new byte[3];
        Expect(SocketError.MessageTooLong, () => client.Receive(small, new IPEndPoint(0, 0)));
        Assert.Equal([1, 2, 3], small);
    }

    [Fact]
    public void Failures_and_misuse()
    {
        WaitingNetwork net = Begin();
        using UdpClient client = new(net.Sockets) { ReceiveTimeout = 200, SendTimeout = 100 };
        IPEndPoint server = new(IPAddress.Parse("10.0.0.2"), 7);
        int before = net.Now;
        Expect(SocketError.TimedOut, () => client.Receive(_buffer, server));
        Assert.Equal(200, net.Now - before);
        Expect(SocketError.NotConnected, () => client.Send([1], 1));
        Expect(SocketError.InvalidArgument, () => client.Send([1], 2, server));
        Expect(SocketError.InvalidArgument, () => client.Send(null, server));
        Expect(SocketError.InvalidArgument, () => client.Send([1], null));
        Expect(SocketError.InvalidArgument, () => client.Receive(null, server));
        Expect(SocketError.InvalidArgument, () => client.Receive(_buffer, null));
        Expect(SocketError.MessageTooLong, () => client.Send(_large, net.Ours.Udp.LargestData + 1, server));
        Expect(SocketError.NetworkUnreachable, () => client.Send([1], new IPEndPoint(IPAddress.FromValue(WaitingNetwork.FarAddress), 7)));
        Expect(SocketError.InvalidArgument, () => client.Send([1], new IPEndPoint(IPAddress.Broadcast, 7)));
        Assert.False(client.EnableBroadcast);
        client.EnableBroadcast = true;
        Assert.Equal(1, client.Send([1], new IPEndPoint(IPAddress.Broadcast, 7)));
        Expect(SocketError.HostNotFound, () => client.Connect("example.com", 7));
        Expect(SocketError.InvalidArgument, () => client.Connect(null));

        List<TcpIp.Frames.Frame> all = Drain(net.Ours.Pool);
        Expect(SocketError.NoBufferSpace, () => client.Send([1], server));
        all.ForEach(net.Ours.Pool.Return);

        client.Connect(server);

        // it may be given another peer; but where there is one, none is named
        client.Connect(server);
        Expect(SocketError.IsConnected, () => client.Send([1], server));
        client.Close();
        Expect(SocketError.BadDescriptor, () => client.Send([1], server));
        Expect(SocketError.BadDescriptor, () => client.Receive(_buffer, server));
        Expect(SocketError.BadDescriptor, () => client.EnableBroadcast = false);
        Assert.True(client.EnableBroadcast);
    }

    [Fact]
    public void Port_0_is_one_that_no_socket_has()
    {
        WaitingNetwork net = Begin();
        UdpClient client = new(net.Sockets, 0);
        Assert.InRange(net.Layer.GetLocalPort(client.Descriptor), 49152, 65535);
        client.Close();
    }

    [Fact]
    public void A_constructor_that_fails_leaves_no_socket_behind()
    {
        WaitingNetwork net = Begin();
        UdpClient first = new(net.Sockets, 5000);
        for (int i = 0; i < 5; i++)
        {
            Expect(SocketError.AddressInUse, () => new UdpClient(net.Sockets, 5000));
            Expect(SocketError.InvalidArgument, () => new UdpClient(net.Sockets, -1));
            Expect(SocketError.InvalidArgument, () => new UdpClient(net.Sockets, (IPEndPoint?)null));
            Expect(SocketError.AddressNotAvailable, () => new UdpClient(net.Sockets, new IPEndPoint(IPAddress.Loopback, 5001)));
            Expect(SocketError.HostNotFound, () => new UdpClient(net.Sockets, "nobody", 7));
        }

        UdpClient second = new(net.Sockets, new IPEndPoint(IPAddress.FromValue(WaitingNetwork.OurAddress), 5001));
        Expect(SocketError.TooManyOpenSockets, () => new UdpClient(net.Sockets));
        first.Close();
        second.Close();
    }
}
