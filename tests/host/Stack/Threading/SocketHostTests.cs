// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>Each call of the host by itself, between two boards on a wire that does no harm.</summary>
public sealed class SocketHostTests
{
    private const int Port = 7;

    [Fact]
    public void Connect_accept_send_and_receive()
    {
        using VirtualLan lan = new(1);
        byte[] received = new byte[5000];
        lan.Start("server", () =>
        {
            SocketHost host = lan.A.Sockets;
            int listener = Listen(host);
            int handle = host.Accept(listener, SocketHost.Forever);
            Assert.True(handle >= 0, $"{handle}");
            Assert.Equal(lan.B.Ip, host.GetRemoteAddress(handle));
            Assert.Equal(lan.A.Ip, host.GetLocalAddress(handle));
            Assert.Equal(Port, host.GetLocalPort(handle));
            int length = 0;
            int count;
            while ((count = host.Receive(handle, received, length, received.Length - length, false, SocketHost.Forever)) > 0)
            {
                length += count;
            }

            Assert.Equal(0, count);
            Assert.Equal(4000, length);
            Assert.Equal(0, host.Close(handle));
            Assert.Equal(0, host.Close(listener));
        });
        lan.Start("client", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, lan.A.Ip, Port, SocketHost.Forever));
            Assert.True(host.IsConnected(handle));
            Assert.Equal(4000, host.Send(handle, Wire.PatternBytes(0, 4000), 0, 4000, SocketHost.Forever));
            Assert.Equal(0, host.Close(handle));
        });
        lan.Run(60000);
        Assert.Equal(Wire.PatternBytes(0, 4000), received[..4000]);
    }

    private static int Listen(SocketHost host, int port = Port)
    {
        int listener = host.OpenStream();
        Assert.Equal(0, host.Bind(listener, 0, port));
        Assert.Equal(0, host.Listen(listener, 2));
        Assert.True(host.IsListening(listener));
        return listener;
    }
}
