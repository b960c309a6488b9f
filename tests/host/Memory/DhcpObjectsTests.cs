// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;
using TcpIp.Dhcp;
using TcpIp.Link;
using TcpIp.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that a DHCP client takes is what it takes.</summary>
public sealed class DhcpObjectsTests
{
    [Fact]
    public void TheReadmeSaysWhatAClientTakes()
    {
        TestNetwork net = new(WordOrder.LowByteFirst);
        DhcpClient client = new(net.Stack, net.Interface.MacAddress, net.Random, new DhcpConfiguration());
        int bytes = new HeapEstimate(o => o is TcpIpStack or SocketLayer or MacAddress or RandomSource).Bytes(client);
        Assert.Contains($"`DhcpClient` takes {bytes} bytes", File.ReadAllText(RepositoryFiles.FullPath("stack/Dhcp/README.md")));
    }
}
