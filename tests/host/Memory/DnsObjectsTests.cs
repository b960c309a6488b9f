// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;
using TcpIp.Dns;
using TcpIp.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that a resolver takes is what it takes.</summary>
public sealed class DnsObjectsTests
{
    [Fact]
    public void TheReadmeSaysWhatAResolverTakes()
    {
        TestNetwork net = new(WordOrder.LowByteFirst);
        DnsResolver resolver = new(net.Stack, net.Random, new DnsConfiguration());
        int bytes = new HeapEstimate(o => o is TcpIpStack or SocketLayer or RandomSource).Bytes(resolver);
        Assert.Contains($"`DnsResolver` takes {bytes} bytes", File.ReadAllText(RepositoryFiles.FullPath("stack/Dns/README.md")));
    }
}
