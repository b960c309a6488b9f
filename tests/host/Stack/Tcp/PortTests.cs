// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Tcp;

/// <summary>Which ports and pairs of endpoints are taken.</summary>
public sealed class PortTests : StackTest
{
    [Theory]
    [InlineData(0, 49152)]
    [InlineData(7, 49159)]
    [InlineData(16383, 65535)]
    public void An_ephemeral_port_is_the_next_that_no_block_has_around_the_end(uint random, int port)
    {
        TcpControlBlock[] blocks = [.. Enumerable.Range(0, 4).Select(i => new TcpControlBlock(i))];
        TcpPorts ports = new(blocks, new Constant(random));
        foreach (TcpControlBlock block in blocks)
        {
            Assert.Equal(SocketError.Success, ports.Bind(block, 0));
            Assert.Equal(port, block.LocalPort);
            port = port == 65535 ? 49152 : port + 1;
        }

        TcpControlBlock other = new(4);
        ports.Bind(other, 0);
        Assert.Equal(port, other.LocalPort);
    }

    [Fact]
    public void A_pair_of_endpoints_is_taken_if_all_of_it_is_the_same()
    {
        TestNetwork net = Begin();
        Assert.Equal((int)SocketError.InProgress, Connect(net, 5000, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.InProgress, Connect(net, 5000, net.Client.Ip, 8));
        Assert.Equal((int)SocketError.InProgress, Connect(net, 5000, net.Gateway.Ip, 7));
        Assert.Equal((int)SocketError.InProgress, Connect(net, 5001, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.AddressInUse, Connect(net, 5000, net.Client.Ip, 7));
        Assert.Equal((int)SocketError.AddressInUse, Connect(net, 5001, net.Client.Ip, 7));
    }

    [Fact]
    public void A_port_is_bound_while_a_socket_has_it_and_no_peer()
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket();
        int second = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(socket, 5000));
        Assert.Equal((int)SocketError.AddressInUse, net.Sockets.Bind(second, 5000));
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, net.Client.Ip, 7));
        Assert.Equal(0, net.Sockets.Bind(second, 5000));
        net.Sockets.Close(second);
        Assert.Equal(0, net.Sockets.Bind(net.Sockets.Socket(), 5000));
    }

    private static int Connect(TestNetwork net, int localPort, uint address, int port)
    {
        int socket = net.Sockets.Socket();
        Assert.Equal(0, net.Sockets.Bind(socket, localPort));
        int result = net.Sockets.Connect(socket, address, port);
        if (result != (int)SocketError.InProgress)
        {
            net.Sockets.Close(socket);
        }

        return result;
    }

    private sealed class Constant(uint value) : RandomSource
    {
        public override uint Next() => value;
    }
}
