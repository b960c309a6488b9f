// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Net;
using TcpIp.Net.Sockets;

namespace HostTests.Stack.Net;

/// <summary>TcpClient and NetworkStream: used as one knows them, and how they fail.</summary>
public sealed class TcpClientTests : NetTest
{
    private readonly byte[] _buffer = new byte[20000];

    [Theory, BothOrders]
    public void Connect_write_read_close_and_again_with_the_same_object(WordOrder order)
    {
        WaitingNetwork net = Begin(order);
        EchoPartner echo = new(net);
        net.Partner = echo;
        TcpClient client = new(net.Sockets) { NoDelay = true };
        for (int i = 0; i < 3; i++)
        {
            client.Connect("10.0.0.2", 7);
            Assert.True(client.Connected);
            NetworkStream stream = client.GetStream();
            Assert.True(stream.CanRead && stream.CanWrite && !stream.CanSeek && stream.CanTimeout);
            stream.Write([1, 2, 3, 4, 5], 1, 3);
            stream.WriteByte(200);
            stream.Flush();
            Assert.Equal(2, stream.ReadByte());
            int read = 0;
            while (read < 3)
            {
                read += stream.Read(_buffer, 10 + read, 100);
            }

            Assert.Equal([3, 4, 200], _buffer[10..13]);
            Assert.Equal(0, stream.Read(_buffer, 0, 0));
            client.Close();
            Assert.False(client.Connected);
            Assert.Equal(-1, client.Descriptor);
        }

        net.Runner.Wait(500);
        Assert.Equal(3, echo.Served);
    }

    [Fact]
    public void The_end_is_told_once_everything_is_read()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int theirs);
        net.Theirs.Sockets.Write(theirs, [7], 0, 1);
        net.Theirs.Sockets.Close(theirs);
        NetworkStream stream = client.GetStream();
        Assert.Equal(7, stream.ReadByte());
        Assert.Equal(-1, stream.ReadByte());
        Assert.Equal(0, stream.Read(_buffer, 0, 10));
        client.Dispose();
        client.Dispose();
    }

    [Fact]
    public void A_loop_that_asks_for_data_gets_it()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int theirs);
        NetworkStream stream = client.GetStream();
        Assert.Equal(0, client.Available);
        net.Theirs.Sockets.Write(theirs, [1, 2], 0, 2);
        int asked = 0;
        while (!stream.DataAvailable)
        {
            asked++;
            Assert.InRange(asked, 0, 1000);
        }

        Assert.InRange(asked, 1, 1000);
        Assert.Equal(2, client.Available);
        client.Close();
        Assert.False(stream.DataAvailable);
        Assert.Equal(0, client.Available);
    }

    [Fact]
    public void Close_with_a_time_waits_until_the_peer_has_all()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int theirs);
        client.GetStream().Write(_buffer, 0, 10);
        client.GetStream().Close(1000);
        Assert.Equal(10, net.Theirs.Sockets.Read(theirs, _buffer, 0, 100));
        Assert.Equal(0, net.Theirs.Sockets.Read(theirs, _buffer, 0, 100));
        Assert.False(client.Connected);
        client.Close();

        // a time that is none leaves it open
        client.Connect(new IPEndPoint(IPAddress.FromValue(WaitingNetwork.TheirAddress), Listen(net)));
        Expect(SocketError.InvalidArgument, () => client.GetStream().Close(-5));
        Assert.True(client.Connected);
    }

    [Fact]
    public void A_stream_of_its_own_need_not_own_the_socket()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        NetworkStream borrowed = new(net.Sockets, socket, false);
        borrowed.WriteByte(1);
        borrowed.Close();
        Expect(SocketError.BadDescriptor, () => borrowed.WriteByte(1));
        NetworkStream owner = new(net.Sockets, socket, true);
        owner.WriteByte(2);
        owner.Dispose();
        net.Runner.Wait(100);
        Assert.Equal(2, net.Theirs.Sockets.Read(theirs, _buffer, 0, 10));
        Assert.Equal(0, net.Theirs.Sockets.Read(theirs, _buffer, 0, 10));
    }

    [Fact]
    public void A_connection_may_be_refused()
    {
        WaitingNetwork net = Begin();
        TcpClient client = new(net.Sockets);
        Expect(SocketError.ConnectionRefused, () => client.Connect(IPAddress.FromValue(WaitingNetwork.TheirAddress), 9));
        Assert.Equal(-1, client.Descriptor);
        Expect(SocketError.NotConnected, () => client.GetStream());

        // nothing is left behind, and the next attempt may succeed
        Assert.Equal(0, net.Ours.Tcp.BlocksInUse);
        client.Connect(IPAddress.FromValue(WaitingNetwork.TheirAddress), Listen(net));
        Assert.True(client.Connected);
    }

    [Fact]
    public void Unreachable_timed_out_and_no_name()
    {
        WaitingNetwork net = Begin();
        TcpClient client = new(net.Sockets);
        Expect(SocketError.HostUnreachable, () => client.Connect(IPAddress.FromValue(WaitingNetwork.NobodysAddress), 9));
        Expect(SocketError.NetworkUnreachable, () => client.Connect(IPAddress.FromValue(WaitingNetwork.FarAddress), 9));
        Expect(SocketError.HostNotFound, () => client.Connect("example.com", 80));
        Expect(SocketError.HostNotFound, () => new TcpClient(net.Sockets, "localhost", 80));
        Expect(SocketError.HostNotFound, () => client.Connect((string?)null, 80));
        Expect(SocketError.InvalidArgument, () => client.Connect((IPAddress?)null, 80));
        Expect(SocketError.InvalidArgument, () => client.Connect((IPEndPoint?)null));
        Expect(SocketError.InvalidArgument, () => client.Connect("10.0.0.2", 0));
        Expect(SocketError.InvalidArgument, () => client.Connect(IPAddress.Broadcast, 80));
        Expect(SocketError.ConnectionRefused, () => client.Connect(IPAddress.Loopback, 80));

        client.ConnectTimeout = 300;
        net.OurInterface.LoseEvery = 1;
        int before = net.Now;
        Expect(SocketError.TimedOut, () => client.Connect(IPAddress.FromValue(WaitingNetwork.TheirAddress), 9));
        Assert.Equal(300, net.Now - before);
        Assert.Equal(0, net.Ours.Tcp.BlocksInUse);
    }

    [Fact]
    public void Reset_and_shutdown()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int theirs);
        NetworkStream stream = client.GetStream();
        Assert.Equal(0, net.Layer.Shutdown(client.Descriptor));
        Expect(SocketError.Shutdown, () => stream.WriteByte(1));
        net.Theirs.Sockets.Abort(theirs);
        Expect(SocketError.ConnectionReset, () => stream.ReadByte());
        Expect(SocketError.ConnectionReset, () => stream.Read(_buffer, 0, 1));
        Expect(SocketError.ConnectionReset, () => stream.WriteByte(1));
        Assert.False(client.Connected);
        client.Close();
        Expect(SocketError.BadDescriptor, () => stream.Read(_buffer, 0, 1));
    }

    [Fact]
    public void Times_that_are_over()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int theirs);
        NetworkStream stream = client.GetStream();
        Assert.Equal((0, 0, -1, -1), (client.ReceiveTimeout, client.SendTimeout, stream.ReadTimeout, stream.WriteTimeout));
        client.ReceiveTimeout = 250;
        client.SendTimeout = 400;
        Assert.Equal((250, 400, 250, 400), (client.ReceiveTimeout, client.SendTimeout, stream.ReadTimeout, stream.WriteTimeout));
        int before = net.Now;
        Expect(SocketError.TimedOut, () => stream.Read(_buffer, 0, 1));
        Assert.Equal(250, net.Now - before);
        Expect(SocketError.TimedOut, () => stream.Write(_buffer, 0, _buffer.Length));
        Assert.InRange(net.Now - before, 650, 652);

        // the connection has taken no harm
        Assert.True(client.Connected);
        net.Theirs.Sockets.Write(theirs, [5], 0, 1);
        Assert.Equal(5, stream.ReadByte());
        client.ReceiveTimeout = 0;
        Assert.Equal(-1, stream.ReadTimeout);
        Expect(SocketError.InvalidArgument, () => stream.ReadTimeout = 0);
        Expect(SocketError.InvalidArgument, () => stream.WriteTimeout = -2);
        Expect(SocketError.InvalidArgument, () => client.ReceiveTimeout = -3);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int _);
        NetworkStream stream = client.GetStream();
        Expect(SocketError.IsConnected, () => client.Connect("10.0.0.2", 7));
        Expect(SocketError.InvalidArgument, () => stream.Read(null, 0, 0));
        Expect(SocketError.InvalidArgument, () => stream.Read(_buffer, 20000, 1));
        Expect(SocketError.InvalidArgument, () => stream.Read(_buffer, -1, 1));
        Expect(SocketError.InvalidArgument, () => stream.Write(_buffer, 0, 20001));
        Expect(SocketError.InvalidArgument, () => stream.Write(null, 0, 1));
        List<int> all = [];
        for (int socket = net.Layer.Socket(); socket >= 0; socket = net.Layer.Socket())
        {
            all.Add(socket);
        }

        Expect(SocketError.TooManyOpenSockets, () => new TcpClient(net.Sockets, "10.0.0.2", 7));
        Expect(SocketError.TooManyOpenSockets, () => new TcpListener(net.Sockets, IPAddress.Any, 7).Start());
        all.ForEach(socket => net.Layer.Close(socket));
    }

    [Fact]
    public void No_frame()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int _);
        client.SendTimeout = 100;
        List<Frame> all = Drain(net.Ours.Pool);
        Expect(SocketError.NoBufferSpace, () => client.GetStream().WriteByte(1));
        all.ForEach(net.Ours.Pool.Return);
        client.GetStream().WriteByte(1);
    }

    [Fact]
    public void From_background_work_nothing_may_wait_but_closing_is_allowed()
    {
        WaitingNetwork net = Begin();
        TcpClient client = Connected(net, out int theirs);
        NetworkStream stream = client.GetStream();
        net.Theirs.Sockets.Write(theirs, [1], 0, 1);
        net.Runner.Background =
        [
            new ScriptedPartner(_ =>
            {
                if (client.Connected && stream.DataAvailable)
                {
                    Expect(SocketError.WouldDeadlock, () => stream.ReadByte());
                    Expect(SocketError.WouldDeadlock, () => stream.WriteByte(1));
                    Expect(SocketError.WouldDeadlock, () => stream.Close(100));
                    client.Close();
                }
            }),
        ];
        net.Runner.Wait(100);
        Assert.Equal(-1, client.Descriptor);
    }

    internal static void Expect(SocketError error, Action act)
    {
        SocketException exception = Assert.Throws<SocketException>(act);
        Assert.Equal(error, exception.SocketErrorCode);
        Assert.Equal((int)error, exception.ErrorCode);
    }

    private static int Listen(WaitingNetwork net)
    {
        net.TheirListener(700);
        return 700;
    }

    private static TcpClient Connected(WaitingNetwork net, out int theirs)
    {
        int listener = net.TheirListener(7);
        TcpClient client = new(net.Sockets, "10.0.0.2", 7);
        net.Runner.Wait(10);
        theirs = net.Theirs.Sockets.Accept(listener);
        Assert.True(theirs >= 0);
        net.Theirs.Sockets.Close(listener);
        return client;
    }
}
