// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Tcp;
using Xunit.Abstractions;

namespace HostTests.EndToEnd;

/// <summary>nmap looks at the stack from all sides: open ports, services, the operating system, protocols, odd flags. The stack must not care.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelScanTests(ITestOutputHelper output)
{
    private const int Ports = 65535;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(330);

    // -n and -Pn: nothing but the scan. On a busy PC an answer may be late: it is asked for often, and nmap goes at the pace of the answers.
    private static readonly string[] s_nmap = ["nmap", "-n", "-Pn", "--reason", "--max-retries", "10", "--host-timeout", "300s"];

    [KernelFact("nmap")]
    public void Nmap_finds_every_port_services_and_the_operating_system()
    {
        using var station = new KernelStation("scan-ports", new StackConfiguration());
        string report = Scan(station, "-sS", "-sV", "--version-light", "-O", "--max-os-tries", "1", "-p-", "-T4");
        Assert.Matches(@"(?m)^7/tcp +open +echo", report);
        Assert.Matches(@"(?m)^80/tcp +open +http", report);
        Assert.Matches($@"Not shown: {Ports - 2} closed tcp ports", report);
        TcpCounters tcp = station.Stack.Tcp.Counters;
        Assert.True(tcp.NoSocket >= Ports - 2, $"{tcp.NoSocket}");
        Assert.True(tcp.ResetsSent >= Ports - 2, $"{tcp.ResetsSent}");
    }

    [KernelTheory("nmap")]
    [InlineData("-sN")]
    [InlineData("-sF")]
    [InlineData("-sX")]
    [InlineData("-sA")]
    [InlineData("-sM")]
    [InlineData("-sW")]
    public void Odd_flags_harm_nothing(string kind)
    {
        using var station = new KernelStation("scan" + kind, new StackConfiguration());
        string report = Scan(station, kind, "-p", "1-200");

        // RFC 9293 section 3.10.7.1: what is closed answers with a RST, whatever came. A listener drops what has neither ACK nor SYN nor
        // RST, and resets what has an ACK.
        bool acknowledges = kind is "-sA" or "-sM" or "-sW";
        Assert.Matches(acknowledges ? "200 (un)?(filtered|closed)" : "198 closed tcp ports", report);
        if (!acknowledges)
        {
            Assert.Matches(@"(?m)^80/tcp +open\|filtered http +no-response", report);
        }
    }

    [KernelFact("nmap")]
    public void Datagrams_and_protocols_are_scanned()
    {
        using var station = new KernelStation("scan-udp", new StackConfiguration());
        var services = new KernelServices(station);
        string report = Scan(station, services, "-sU", "-p", "7,53,67,69,123,161,500,1900,5353");
        Assert.Matches(@"(?m)^7/udp +open +echo +udp-response", report);
        Assert.Matches(@"(?m)^53/udp +closed domain +port-unreach", report);
        string protocols = Scan(station, services, "-sO", "-p", "1,2,6,17,41,47,50,132");
        Assert.Matches(@"(?m)^1 +open +icmp", protocols);
        Assert.Matches(@"(?m)^6 +open +tcp", protocols);
        Assert.Matches(@"(?m)^132 +closed +sctp +proto-unreach", protocols);
    }

    private string Scan(KernelStation station, params string[] arguments) => Scan(station, new KernelServices(station), arguments);

    private string Scan(KernelStation station, KernelServices services, params string[] arguments)
    {
        services.AssertServing();
        string[] command = [.. s_nmap, .. arguments, KernelNamespace.StackAddress.ToString()];
        Task<(int ExitCode, string Output, string Errors)> scan =
            Task.Factory.StartNew(() => station.Namespace.Run(s_limit, command), TaskCreationOptions.LongRunning);
        services.ServeWhile(s_limit, scan);
        output.WriteLine($"{scan.Result.Output}\n{station.Describe()}");
        Assert.True(scan.Result.ExitCode == 0, scan.Result.Errors + scan.Result.Output);
        Assert.DoesNotContain("due to host timeout", scan.Result.Output, StringComparison.Ordinal);

        services.AssertServing();
        station.AssertClean(KernelServices.OpenSockets);
        AssertBooks(station);
        return scan.Result.Output;
    }

    /// <summary>Each frame that came was passed on or counted, at each layer.</summary>
    private static void AssertBooks(KernelStation station)
    {
        TcpIpStack stack = station.Stack;

        // a frame of the kernel's own may have come with the last look at the wire: the stack's turn follows
        int end = station.Wire.Now + 1000;
        while (stack.Ethernet.Counters.FramesReceived != (uint)(station.Wire.FromKernel - station.Wire.NoPlace) && station.Wire.Now < end)
        {
            stack.Poll(station.Wire.Now);
        }

        Assert.Equal((uint)(station.Wire.FromKernel - station.Wire.NoPlace), stack.Ethernet.Counters.FramesReceived);
        Assert.Equal(0u, stack.Tcp.Counters.BadChecksum + stack.Udp.Counters.BadChecksum + stack.IPv4.Counters.BadChecksum);
        var ip = stack.IPv4.Counters;
        Assert.Equal(
            ip.PacketsReceived,
            ip.PacketsDelivered + ip.BadVersion + ip.BadLength + ip.BadChecksum + ip.BadOption + ip.SourceRouted + ip.BadSource + ip.NotForUs
                + ip.Fragments + ip.UnknownProtocol);
    }
}
