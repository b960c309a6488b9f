// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Text.RegularExpressions;
using HostTests.EndToEnd;

namespace HostTests.Repository;

/// <summary>Each service can be left out of an image: what is flashed with a program is what its assemblies refer to, and no service refers to another.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class LeftOutTests
{
    /// <summary>Each service, and what else of ours is flashed with it beside the stack.</summary>
    [Theory]
    [InlineData("TcpIp.Dhcp")]
    [InlineData("TcpIp.Dns")]
    [InlineData("TcpIp.Sntp")]
    [InlineData("TcpIp.Mdns", "TcpIp.Dns")]
    [InlineData("TcpIp.Http")]
    [InlineData("TcpIp.HttpClient")]
    [InlineData("TcpIp.Net")]
    [InlineData("Iot.Device.Enc28j60")]
    public void A_service_needs_the_stack_and_no_other_service(string service, params string[] others)
    {
        Assert.Equal(((string[])["TcpIp", service, .. others]).Order(StringComparer.Ordinal), Flashed(service));
    }

    [Fact]
    public void A_program_that_names_none_flashes_none()
    {
        Assert.Equal(["BareServer", "Iot.Device.Enc28j60", "TcpIp", "TcpIp.Http"], Flashed("BareServer"));

        // and so says its project for the device
        string project = File.ReadAllText(RepositoryFiles.FullPath("firmware/samples/bare-server/BareServer.nfproj"));
        Assert.Equal(["Enc28j60", "TcpIp", "TcpIp.Http"], Regex.Matches(project, @"<ProjectReference Include=""[^""]*\\([^\\""]+)\.nfproj""").Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Contains("TcpIp.Dhcp", Flashed("Firmware"));
    }

    [Fact]
    public async Task And_it_serves_its_page()
    {
        using var board = new BoardProcess([], "--forward", "0", "--sample", "bare-server", "--address", "static");
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(board.WaitUntilOpen()) };
        Assert.Equal("Hello from C#, and from nothing else.\n", await client.GetStringAsync("/"));
        Assert.Equal(0, board.Stop());
    }

    /// <summary>An assembly and all of ours that it refers to, and so on.</summary>
    private static IEnumerable<string> Flashed(string name)
    {
        SortedSet<string> found = new(StringComparer.Ordinal);
        Queue<string> left = new([name]);
        while (left.TryDequeue(out string? next))
        {
            if (found.Add(next))
            {
                foreach (AssemblyName referred in Assembly.Load(next).GetReferencedAssemblies().Where(r => r.Name!.StartsWith("TcpIp", StringComparison.Ordinal) || r.Name.StartsWith("Iot.", StringComparison.Ordinal) || r.Name == "Firmware"))
                {
                    left.Enqueue(referred.Name!);
                }
            }
        }

        return found;
    }
}
