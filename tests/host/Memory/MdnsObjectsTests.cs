// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;
using TcpIp.Mdns;
using TcpIp.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that a responder takes is what it takes.</summary>
public sealed class MdnsObjectsTests
{
    [Fact]
    public void TheReadmeSaysWhatAResponderTakes()
    {
        TestNetwork net = new(WordOrder.LowByteFirst, c => c.MulticastGroups = 1);
        MdnsResponder responder = new(net.Stack, net.Random, new MdnsConfiguration { Services = [new MdnsService()] });
        int bytes = new HeapEstimate(o => o is TcpIpStack or SocketLayer or RandomSource).Bytes(responder);
        Assert.Contains($"`MdnsResponder` takes {bytes} bytes", File.ReadAllText(RepositoryFiles.FullPath("stack/Mdns/README.md")));
    }
}
