// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;
using HostTests.Stack.Net;
using TcpIp.Net;
using TcpIp.Net.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that the types named as in System.Net take is what they take.</summary>
public sealed class NetObjectsTests : NetTest
{
    [Fact]
    public void The_README_says_what_they_take()
    {
        WaitingNetwork net = Begin();
        TcpClient client = new(net.Sockets);
        using UdpClient datagrams = new(net.Sockets);
        int stream = Bytes(new NetworkStream(net.Sockets, -1, true));
        string text = $"a `NetworkStream` takes {stream} bytes, a `TcpClient` {Bytes(client) - stream} more, a `UdpClient` {Bytes(datagrams)}.";
        Assert.Contains(text, File.ReadAllText(RepositoryFiles.FullPath("stack/README.md")));
    }

    private static int Bytes(object root) => new HeapEstimate(o => o is WaitingSockets).Bytes(root);
}
