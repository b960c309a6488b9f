// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;
using TcpIp.Sntp;
using TcpIp.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that an SNTP client takes is what it takes.</summary>
public sealed class SntpObjectsTests
{
    [Fact]
    public void TheReadmeSaysWhatAClientTakes()
    {
        TestNetwork net = new(WordOrder.LowByteFirst);
        SntpClient client = new(net.Stack, net.Random, new SntpConfiguration());
        int bytes = new HeapEstimate(o => o is TcpIpStack or SocketLayer or RandomSource).Bytes(client);
        Assert.Contains($"`SntpClient` takes {bytes} bytes", File.ReadAllText(RepositoryFiles.FullPath("stack/Sntp/README.md")));
    }
}
