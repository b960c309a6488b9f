// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Tcp;
using Xunit;

namespace HostTests.Stack.Tcp;

/// <summary>What a connection hears of ICMP errors: RFC 5927, RFC 1122 section 4.2.3.9, RFC 1191.</summary>
public sealed class IcmpErrorTests : StackTest
{
    private const int NetworkUnreachable = 0;
    private const int HostUnreachable = 1;
    private const int ProtocolUnreachable = 2;
    private const int PortUnreachable = 3;
    private const int FragmentationNeeded = 4;

    [Theory]
    [InlineData(ProtocolUnreachable)]
    [InlineData(PortUnreachable)]
    public void C14_an_unreachable_port_refuses_a_connect_at_once(int code)
    {
        (TestNetwork net, TcpPeer peer, int socket, byte[] syn) = Opening();
        Report(net, syn, code);
        Assert.Equal(TcpState.Closed, net.Sockets.GetState(socket));
        Assert.Equal(SocketError.ConnectionRefused, net.Sockets.GetError(socket));
        net.Advance(10_000);
        peer.ExpectNothing();
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(70_000)]
    public void C11_an_error_about_a_SYN_that_was_not_sent_refuses_nothing(int offset)
    {
        (TestNetwork net, TcpPeer peer, int socket, byte[] syn) = Opening();
        byte[] forged = [.. syn];
        Wire.Put32(forged, FrameBuilder.PayloadStart + 4, (uint)(peer.StackIss + offset));
        Report(net, forged, PortUnreachable);
        Assert.Equal(TcpState.SynSent, net.Sockets.GetState(socket));
        Assert.Equal(1u, net.Stack.Tcp.Counters.ErrorsIgnored);
        net.Sockets.Close(socket);
    }

    [Theory]
    [InlineData(NetworkUnreachable, SocketError.NetworkUnreachable)]
    [InlineData(HostUnreachable, SocketError.HostUnreachable)]
    public void C13_a_soft_error_is_only_told_when_the_connect_fails_in_the_end(int code, SocketError told)
    {
        (TestNetwork net, TcpPeer _, int socket, byte[] syn) = Opening();
        Report(net, syn, code);
        Assert.Equal(TcpState.SynSent, net.Sockets.GetState(socket));
        net.Advance(400_000);
        Assert.Equal(told, net.Sockets.GetError(socket));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void C13_a_soft_error_does_not_keep_a_connection_from_opening()
    {
        (TestNetwork net, TcpPeer peer, int socket, byte[] syn) = Opening();
        Report(net, syn, HostUnreachable);
        peer.Send("SA", mss: 1460);
        peer.Expect("A", seq: 1, ack: 1);
        Assert.Equal(TcpState.Established, net.Sockets.GetState(socket));
        net.Sockets.Abort(socket);
    }

    [Theory]
    [InlineData(1000, 960)]
    [InlineData(577, 537)]
    [InlineData(576, 536)]
    [InlineData(68, 536)]
    [InlineData(0, 536)]
    public void C15_a_narrow_path_makes_segments_smaller_but_not_silly(int mtu, int mss)
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, Wire.PatternBytes(1, 1460));
        SeenFrame large = peer.Expect("PA", seq: 1, len: 1460);
        Assert.NotEqual(0, Flags(large.Bytes) & 0x4000);

        // what was too large comes again, and routers may cut it up now
        Report(net, large.Bytes, FragmentationNeeded, mtu);
        SeenFrame again = peer.Expect("PA", seq: 1, len: 1460);
        Assert.Equal(0, Flags(again.Bytes) & 0x4000);
        peer.Send("A", ack: 1461);

        // what is written from now on fits
        net.Write(socket, Wire.PatternBytes(1461, mss));
        peer.Expect("PA", seq: 1461, len: mss);
        net.Write(socket, Wire.PatternBytes(1461 + mss, mss + 2));
        peer.Expect("A", seq: 1461 + mss, len: mss);
        peer.Send("A", ack: 1461 + (2 * mss));
        peer.Expect("PA", len: 2);
        peer.Send("A");
        net.Sockets.Abort(socket);
    }

    [Fact]
    public void C15_a_path_that_is_wide_enough_changes_nothing()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        int socket = peer.OpenTo(net.Listen());
        net.Write(socket, Wire.PatternBytes(1, 1460));
        Report(net, peer.Expect("PA", len: 1460).Bytes, FragmentationNeeded, 1500);
        peer.ExpectNothing();
        net.Sockets.Abort(socket);
    }

    private static int Flags(byte[] frame) => (frame[20] << 8) | frame[21];

    private static void Report(TestNetwork net, byte[] frame, int code, int mtu = 0)
    {
        byte[] body = new byte[32];
        Wire.Put16(body, 2, mtu);
        frame.AsSpan(14, 28).CopyTo(body.AsSpan(4));
        net.DeliverIp(net.Gateway, FrameBuilder.Ip(net.Gateway.Ip, TestNetwork.StackIp, 1, FrameBuilder.Icmp(3, code, body)));
    }

    private (TestNetwork Net, TcpPeer Peer, int Socket, byte[] Syn) Opening()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        TcpPeer peer = net.Peer(stackPort: 0, port: 7);
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, 7));
        return (net, peer, socket, peer.Expect("S", seq: 0).Bytes);
    }
}
