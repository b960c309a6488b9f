// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Sockets;

/// <summary>GetReadiness promises what calls would say, and changes nothing.</summary>
public sealed class ReadinessTests : StackTest
{
    [Theory]
    [InlineData("CLOSED, new", 0)]
    [InlineData("LISTEN", 0)]
    [InlineData("SYN-SENT", 0)]
    [InlineData("SYN-RECEIVED", 0)]
    [InlineData("ESTABLISHED", SocketLayer.ReadyToWrite)]
    [InlineData("FIN-WAIT-1", SocketLayer.ReadyToWrite)]
    [InlineData("FIN-WAIT-2", SocketLayer.ReadyToWrite)]
    [InlineData("CLOSE-WAIT", SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite)]
    [InlineData("CLOSING", SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite)]
    [InlineData("LAST-ACK", SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite)]
    [InlineData("TIME-WAIT", SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite)]
    [InlineData("CLOSED, with a port", 0)]
    [InlineData("CLOSED, both have closed", SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite)]
    [InlineData("CLOSED, failed", SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite | SocketLayer.HasFailed)]
    public void A_stream_with_nothing_to_read_is_ready_for_what_its_state_answers_at_once(string state, int readiness)
    {
        TestNetwork net = Begin();
        int socket = SocketStates.Stream(net, state, _ => { });
        Assert.Equal(readiness, net.Sockets.GetReadiness(socket));
        Assert.Equal(readiness, net.Sockets.GetReadiness(socket));
        bool reads = !IsWaiting(SocketCalls.Make(net, socket, "Read"));
        bool writes = !IsWaiting(SocketCalls.Make(net, socket, "Write"));
        Assert.Equal((reads, writes), ((readiness & SocketLayer.ReadyToRead) != 0, (readiness & SocketLayer.ReadyToWrite) != 0));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void Text_a_connection_and_an_end_make_ready_to_read()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int listener = net.Listen();
        Assert.Equal(0, net.Sockets.GetReadiness(listener));
        int socket = peer.OpenTo(listener);
        Assert.Equal(SocketLayer.ReadyToWrite, net.Sockets.GetReadiness(socket));
        peer.Send("PA", text: "hello");
        Assert.Equal(SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite, net.Sockets.GetReadiness(socket));
        Assert.Equal(5, net.Sockets.Read(socket, new byte[10], 0, 10));
        Assert.Equal(SocketLayer.ReadyToWrite, net.Sockets.GetReadiness(socket));
        net.Sockets.Close(socket);
        net.Sockets.Close(listener);
    }

    [Fact]
    public void A_full_send_queue_is_not_ready_to_write()
    {
        (TestNetwork net, TcpPeer _, int socket) = Connect();
        byte[] bytes = new byte[1460];
        while (net.Sockets.Write(socket, bytes, 0, bytes.Length) > 0)
        {
            Assert.Equal(net.Sockets.Write(socket, bytes, 0, 1) is var probe && probe > 0, probe > 0);
        }

        int readiness = net.Sockets.GetReadiness(socket);
        int written = net.Sockets.Write(socket, bytes, 0, 1);
        Assert.Equal(written == (int)SocketError.WouldBlock ? 0 : SocketLayer.ReadyToWrite, readiness);
        Assert.Equal((int)SocketError.WouldBlock, written);
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void A_datagram_socket_is_ready_to_read_with_a_datagram_or_an_error()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(SocketLayer.ReadyToWrite, net.Sockets.GetReadiness(socket));
        Assert.Equal(0, net.Sockets.Bind(socket, 9));
        Assert.Equal(3, net.Sockets.SendTo(socket, new byte[3], 0, 3, TestNetwork.StackIp, 9));
        net.Advance(10);
        Assert.Equal(SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite, net.Sockets.GetReadiness(socket));
        Assert.Equal(3, net.Sockets.Read(socket, new byte[3], 0, 3));
        Assert.Equal(SocketLayer.ReadyToWrite, net.Sockets.GetReadiness(socket));
        net.Sockets.Close(socket);
        int connected = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Connect(connected, TestNetwork.StackIp, 9));
        Assert.Equal(3, net.Sockets.Write(connected, new byte[3], 0, 3));
        net.Advance(10);
        const int All = SocketLayer.ReadyToRead | SocketLayer.ReadyToWrite | SocketLayer.HasFailed;
        Assert.Equal(All, net.Sockets.GetReadiness(connected));
        Assert.Equal((int)SocketError.ConnectionRefused, net.Sockets.Read(connected, new byte[3], 0, 3));
        net.Sockets.Close(connected);
    }

    private static bool IsWaiting(int result) =>
        result is (int)SocketError.WouldBlock or (int)SocketError.InProgress or (int)SocketError.NotConnected;
}
