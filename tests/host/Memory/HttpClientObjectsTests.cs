// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using HostTests.Repository;
using TcpIp.Http;
using TcpIp.Sockets;

namespace HostTests.Memory;

/// <summary>What the README says that an HTTP client takes is what it takes.</summary>
public sealed class HttpClientObjectsTests
{
    [Fact]
    public void TheReadmeSaysWhatAClientTakes()
    {
        TestNetwork net = new(WordOrder.LowByteFirst);
        TcpIp.Http.HttpClient client = new(net.Stack, new HttpClientConfiguration());
        int bytes = new HeapEstimate(o => o is TcpIpStack or SocketLayer or RandomSource).Bytes(client);
        HttpRequest request = new("GET", "http://192.168.1.10/reading", WordOrder.LowByteFirst);
        int more = new HeapEstimate(o => false).Bytes(request);
        Match said = Regex.Match(File.ReadAllText(RepositoryFiles.FullPath("stack/HttpClient/README.md")), @"`HttpClient` takes (\d+) bytes of RAM as it comes, a GET (\d+)");
        Assert.Equal((bytes, more), (int.Parse(said.Groups[1].Value), int.Parse(said.Groups[2].Value)));
    }
}
