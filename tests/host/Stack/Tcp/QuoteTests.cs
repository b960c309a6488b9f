// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Tcp;

/// <summary>An ICMP error ends only the connection whose segment it quotes: addresses and ports must all agree (RFC 5927 section 4).</summary>
public sealed class QuoteTests : StackTest
{
    [Theory]
    [InlineData(-1, SocketError.ConnectionRefused)]
    [InlineData(19, SocketError.Success)]
    [InlineData(21, SocketError.Success)]
    [InlineData(23, SocketError.Success)]
    public void An_error_that_quotes_another_address_or_port_refuses_nobody(int changed, SocketError result)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, 5000));
        net.Poll();
        byte[] quote = Assert.Single(net.Packets).Bytes[14..42];
        if (changed >= 0)
        {
            quote[changed] ^= 1;
            Wire.Put16(quote, 10, 0);
            Wire.Put16(quote, 10, Wire.Checksum(quote, 0, 20));
        }

        byte[] message = FrameBuilder.Icmp(3, 3, [0, 0, 0, 0, .. quote]);
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, message));
        Assert.Equal(result, net.Sockets.GetError(socket));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void An_error_about_a_listeners_port_leaves_the_listener_alone()
    {
        TestNetwork net = Begin();
        int listener = net.Listen();
        TcpPeer peer = net.Peer();
        peer.Send("S");
        byte[] answer = peer.Expect("SA").Bytes[14..42];
        peer.Send("R");
        Wire.Put32(answer, 16, 0);
        Wire.Put16(answer, 22, 0);
        Wire.Put16(answer, 10, 0);
        Wire.Put16(answer, 10, Wire.Checksum(answer, 0, 20));
        net.DeliverIp(net.Client, FrameBuilder.Ip(net.Client.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, 3, [0, 0, 0, 0, .. answer])));
        Assert.Equal(SocketError.Success, net.Sockets.GetError(listener));
        net.Peer(port: 40001).OpenTo(listener);
    }
}
