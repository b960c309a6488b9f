// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Net;
using TcpIp.Net;
using TcpIp.Net.Sockets;
using TcpIp.Sockets;

namespace HostTests.ZeroAllocation;

/// <summary>
/// The proof by counting for calls that wait and for what stands on them: hundreds of exchanges, and hundreds of failures, allocate
/// nothing on .NET.
/// </summary>
public sealed class WaitingProofTests : NetTest
{
    private const int WarmUp = 50;
    private const int Counted = 500;

    private readonly byte[] _buffer = new byte[3000];
    private readonly DatagramSource _source = new();
    private readonly SendView _outgoing = new();
    private readonly ReceivedView _incoming = new();
    private int _failed;

    [Fact]
    public void Waiting_calls_of_a_client_allocate_nothing()
    {
        WaitingNetwork net = Begin();
        EchoPartner echo = new(net);
        net.Partner = echo;
        long bytes = AllocatedBytes.Of(
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    Exchange(net);
                }
            },
            WarmUp,
            Counted);
        Assert.Equal(0, bytes);
        Assert.Equal(0, _failed);
        net.Runner.Wait(100);
        Assert.Equal(WarmUp + Counted, echo.Served);
    }

    [Fact]
    public void Datagrams_allocate_nothing()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        int socket = net.Layer.Socket(SocketType.Datagram);
        long bytes = AllocatedBytes.Of(
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    Check(net.Sockets.SendTo(socket, _buffer, 0, 100, WaitingNetwork.TheirAddress, 7, 1000), 100);
                    Check(net.Sockets.ReceiveFrom(socket, _buffer, 0, 200, _source, 1000), 100);
                    Check(net.Sockets.Reserve(socket, 50, _outgoing, 1000), 50);
                    Check(net.Layer.CommitTo(socket, 50, WaitingNetwork.TheirAddress, 7), 50);
                    Check(net.Sockets.Peek(socket, _incoming, 1000), 50);
                    Check(net.Layer.Consume(socket, 50), 0);
                }
            },
            WarmUp,
            Counted);
        Assert.Equal(0, bytes);
        Assert.Equal(0, _failed);
        net.Layer.Close(socket);
    }

    [Fact]
    public void Failures_of_waiting_calls_allocate_nothing()
    {
        WaitingNetwork net = Begin();
        (int open, int _) = net.Connect();
        int listener = net.OurListener(80);
        List<Frame> all = [];
        long bytes = AllocatedBytes.Of(
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    int socket = net.Layer.Socket();
                    Check(net.Sockets.Read(socket, _buffer, 0, 1, -1), (int)SocketError.NotConnected);
                    Check(net.Sockets.Connect(socket, WaitingNetwork.FarAddress, 9, -1), (int)SocketError.NetworkUnreachable);
                    Check(net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 9, -1), (int)SocketError.ConnectionRefused);
                    Check(net.Sockets.Write(socket, _buffer, 0, 1, -1), (int)SocketError.ConnectionRefused);
                    Check(net.Sockets.Close(socket, -1), (int)SocketError.ConnectionRefused);
                    Check(net.Sockets.Close(socket, -1), (int)SocketError.BadDescriptor);
                    Check(net.Sockets.Read(open, _buffer, 0, 1, 20), (int)SocketError.WouldBlock);
                    Check(net.Sockets.Accept(listener, 20), (int)SocketError.WouldBlock);
                    Check(net.Layer.Bind(listener, 80), (int)SocketError.InvalidState);
                    Check(net.Sockets.Commit(open, 1), (int)SocketError.InvalidState);
                    socket = net.Layer.Socket();
                    Check(net.Sockets.Connect(socket, WaitingNetwork.NobodysAddress, 9, -1), (int)SocketError.HostUnreachable);
                    Check(net.Sockets.Close(socket, -1), (int)SocketError.HostUnreachable);
                }
            },
            5,
            100);
        Assert.Equal(0, bytes);
        Assert.Equal(0, _failed);
    }

    [Fact]
    public void The_familiar_types_allocate_nothing_once_they_are_made()
    {
        WaitingNetwork net = Begin();
        EchoPartner echo = new(net);
        net.Partner = echo;
        TcpClient client = new(net.Sockets);
        NetworkStream? stream = null;
        IPEndPoint server = new(IPAddress.FromValue(WaitingNetwork.TheirAddress), 7);
        IPEndPoint from = new(0, 0);
        UdpClient datagrams = new(net.Sockets);
        long bytes = AllocatedBytes.Of(
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    client.Connect(server);
                    stream = client.GetStream();
                    stream.Write(_buffer, 0, 500);
                    stream.WriteByte(1);
                    int read = 1;
                    Check(stream.ReadByte(), 0);
                    while (read < 501)
                    {
                        read += stream.Read(_buffer, 1000, 1000);
                    }

                    stream.Close(1000);
                    Check(datagrams.Send(_buffer, 100, server), 100);
                    Check(datagrams.Receive(_buffer, from), 100);
                }
            },
            WarmUp,
            Counted);
        Assert.Equal(0, bytes);
        Assert.Equal(0, _failed);
        Assert.Equal(server, from);
        datagrams.Close();
    }

    [Fact]
    public void A_server_with_one_client_object_allocates_nothing()
    {
        WaitingNetwork net = Begin();
        CallingPartner caller = new(net, 80, 0);
        net.Partner = caller;
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80);
        listener.Start();
        TcpClient client = new(net.Sockets);
        long bytes = AllocatedBytes.Of(
            times =>
            {
                caller.Add(times);
                for (int i = 0; i < times; i++)
                {
                    listener.AcceptTcpClient(client);
                    NetworkStream stream = client.GetStream();
                    Check(stream.Read(_buffer, 0, 100), 4);
                    stream.Write(_buffer, 0, 4);
                    Check(stream.ReadByte(), -1);
                    client.Close();
                }
            },
            WarmUp,
            Counted);
        Assert.Equal(0, bytes);
        Assert.Equal(0, _failed);
        net.Runner.Wait(100);
        Assert.Equal(WarmUp + Counted, caller.Answered);
        Assert.Equal(0, caller.Failed);
        listener.Stop();
    }

    [Fact]
    public void An_object_per_connection_is_noticed()
    {
        WaitingNetwork net = Begin();
        net.Partner = new CallingPartner(net, 80, 20);
        TcpListener listener = new(net.Sockets, IPAddress.Any, 80);
        listener.Start();
        long bytes = AllocatedBytes.Of(
            times =>
            {
                for (int i = 0; i < times; i++)
                {
                    listener.AcceptTcpClient().Close();
                }
            },
            10,
            10);
        Assert.InRange(bytes, 10 * 64, 10 * 1024);
    }

    private void Exchange(WaitingNetwork net)
    {
        int socket = net.Layer.Socket();
        Check(net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, 5000), 0);
        Check(net.Sockets.Write(socket, _buffer, 0, 700, 5000), 700);
        Check(net.Sockets.Reserve(socket, 100, _outgoing, 5000), 100);
        Check(_outgoing.WriteDecimal(1234567), 7);
        Check(net.Sockets.Commit(socket, 7), 7);
        int read = 0;
        while (read < 500)
        {
            int count = net.Sockets.Read(socket, _buffer, 1000, 500, 5000);
            if (count <= 0)
            {
                _failed++;
                return;
            }

            read += count;
        }

        while (read < 707)
        {
            int count = net.Sockets.Peek(socket, _incoming, 5000);
            if (count <= 0)
            {
                _failed++;
                return;
            }

            net.Layer.Consume(socket, count);
            read += count;
        }

        Check(net.Sockets.Close(socket, 5000), 0);
    }

    private void Check(int result, int expected)
    {
        if (result != expected)
        {
            _failed++;
        }
    }
}
