// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Net;
using TcpIp.Net.Sockets;
using TcpIp.Tcp;
using static HostTests.Stack.Net.TcpClientTests;

namespace HostTests.Stack.Net;

/// <summary>TcpListener: clients are taken, with a new object each or with the same.</summary>
public sealed class TcpListenerTests : NetTest
{
    private readonly byte[] _buffer = new byte[100];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Clients_are_served_one_after_the_other(bool reuse)
    {
        WaitingNetwork net = Begin();
        CallingPartner caller = new(net, 80, 5);
        net.Partner = caller;
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80);
        listener.Start();
        TcpClient kept = new(net.Sockets) { NoDelay = true };
        for (int i = 0; i < 5; i++)
        {
            TcpClient client = kept;
            if (reuse)
            {
                listener.AcceptTcpClient(kept);
            }
            else
            {
                client = listener.AcceptTcpClient();
                Assert.NotSame(kept, client);
            }

            NetworkStream stream = client.GetStream();
            Assert.Equal(4, stream.Read(_buffer, 0, 100));
            stream.Write(_buffer, 0, 4);
            Assert.Equal(-1, stream.ReadByte());
            client.Close();
        }

        listener.Stop();
        net.Runner.Wait(100);
        Assert.Equal(5, caller.Answered);
        Assert.Equal(-1, listener.Descriptor);
        Expect(SocketError.BadDescriptor, () => listener.AcceptTcpClient());
        listener.Stop();
    }

    [Fact]
    public void It_can_be_asked_whether_one_waits()
    {
        WaitingNetwork net = Begin();
        TcpListener listener = new(net.Sockets, new IPEndPoint(IPAddress.FromValue(WaitingNetwork.OurAddress), 80));
        Expect(SocketError.BadDescriptor, () => listener.Pending());
        listener.Start(1);
        Assert.False(listener.Pending());
        int theirs = net.Theirs.Sockets.Socket();
        net.Theirs.Sockets.Connect(theirs, WaitingNetwork.OurAddress, 80);
        int asked = 0;
        while (!listener.Pending())
        {
            Assert.InRange(++asked, 0, 1000);
        }

        TcpClient client = listener.AcceptTcpClient();
        Assert.True(client.Connected);
        Assert.False(listener.Pending());
        Assert.Equal("10.0.0.1:80", listener.LocalEndpoint.ToString());
    }

    [Fact]
    public void What_waits_when_it_stops_is_reset()
    {
        WaitingNetwork net = Begin();
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80);
        listener.Start();
        int theirs = net.Theirs.Sockets.Socket();
        net.Theirs.Sockets.Connect(theirs, WaitingNetwork.OurAddress, 80);
        net.Runner.Wait(50);
        Assert.Equal(TcpState.Established, net.Theirs.Sockets.GetState(theirs));
        listener.Stop();
        net.Runner.Wait(50);
        Assert.Equal(SocketError.ConnectionReset, net.Theirs.Sockets.GetError(theirs));
    }

    [Fact]
    public void It_can_be_called_from_the_same_stack()
    {
        WaitingNetwork net = Begin();
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80);
        listener.Start();
        TcpClient client = new(net.Sockets);
        client.Connect(IPAddress.Loopback, 80);
        TcpClient server = listener.AcceptTcpClient();
        client.GetStream().Write([1, 2, 3], 0, 3);
        Assert.Equal(3, server.GetStream().Read(_buffer, 0, 100));
        server.GetStream().WriteByte(9);
        Assert.Equal(9, client.GetStream().ReadByte());
        client.Close();
        Assert.Equal(-1, server.GetStream().ReadByte());
        server.Close();
        Expect(SocketError.AddressNotAvailable, () => new TcpListener(net.Sockets, IPAddress.Loopback, 81).Start());
    }

    [Fact]
    public void Nobody_comes_in_time()
    {
        WaitingNetwork net = Begin();
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80) { AcceptTimeout = 300 };
        listener.Start();
        int before = net.Now;
        Expect(SocketError.TimedOut, () => listener.AcceptTcpClient());
        Assert.Equal(300, net.Now - before);
        listener.AcceptTimeout = -2;
        Expect(SocketError.InvalidArgument, () => listener.AcceptTcpClient());
    }

    [Fact]
    public void Port_0_is_one_that_no_socket_has_and_is_told_while_it_listens()
    {
        WaitingNetwork net = Begin();
        TcpListener listener = new(net.Sockets, IPAddress.Any, 0);
        Assert.Equal(0, listener.LocalEndpoint.Port);
        listener.Start();
        Assert.InRange(listener.LocalEndpoint.Port, 49152, 65535);
        Assert.Equal(net.Layer.GetLocalPort(listener.Descriptor), listener.LocalEndpoint.Port);
        listener.Stop();
        Assert.Equal(0, listener.LocalEndpoint.Port);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        WaitingNetwork net = Begin();
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80);
        Expect(SocketError.InvalidArgument, () => listener.Start(0));
        listener.Start();
        listener.Start();
        Assert.Equal(1, net.Ours.Tcp.BlocksInUse);
        Expect(SocketError.AddressInUse, () => new TcpListener(net.Sockets, IPAddress.Any, 80).Start());
        Expect(SocketError.AddressNotAvailable, () => new TcpListener(net.Sockets, IPAddress.Parse("10.0.0.7"), 81).Start());
        Assert.Equal(1, net.Ours.Tcp.BlocksInUse);
        Assert.Throws<ArgumentNullException>(() => new TcpListener(net.Sockets, null, 80));
        Assert.Throws<ArgumentNullException>(() => new TcpListener(net.Sockets, null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TcpListener(net.Sockets, IPAddress.Any, 65536));

        WaitingNetwork elsewhere = Begin();
        Expect(SocketError.InvalidArgument, () => listener.AcceptTcpClient(null));
        Expect(SocketError.InvalidArgument, () => listener.AcceptTcpClient(new TcpClient(elsewhere.Sockets)));
        net.TheirListener(7);
        TcpClient busy = new(net.Sockets, "10.0.0.2", 7);
        Expect(SocketError.IsConnected, () => listener.AcceptTcpClient(busy));
        net.Runner.Background = [new ScriptedPartner(_ => Expect(SocketError.WouldDeadlock, () => listener.AcceptTcpClient()))];
        net.Runner.Wait(0);
    }
}
