// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.ZeroAllocation.Walk;
using Mono.Cecil;
using Xunit.Abstractions;

namespace HostTests.ZeroAllocation;

/// <summary>
/// The proof that nothing which a packet or a tick can reach allocates on nanoCLR, read from the compiled code of stack, driver and
/// firmware.
/// </summary>
public sealed class StaticProofTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>
    /// Names other builds of the same three assemblies to walk, as a list of paths, and folders with the libraries that they refer to:
    /// what device-check leaves with --out, say. The host's build of the sources is not the device's, and the proof is of the IL.
    /// </summary>
    private const string PathsVariable = "ZERO_ALLOCATION_ASSEMBLIES";

    // well below what is there, 381 methods when this was written; an empty walk must not pass
    private const int FewestMethods = 300;
    private const int FewestInstructions = 9000;

    private static readonly string[] s_files = ["TcpIp.dll", "TcpIp.Net.dll", "TcpIp.Dhcp.dll", "TcpIp.Dns.dll", "TcpIp.Mdns.dll", "TcpIp.Sntp.dll", "TcpIp.Threading.dll", "TcpIp.Http.dll", "TcpIp.HttpClient.dll", "Iot.Device.Enc28j60.dll", "Iot.Device.Enc28j60.Threading.dll", "Firmware.dll", "Echo.dll", "RestServer.dll"];

    private readonly AssemblySet _assemblies = AssemblySet.Load(Paths());

    public void Dispose() => _assemblies.Dispose();

    [Fact]
    public void Nothing_reachable_allocates()
    {
        WalkResult result = AllocationWalker.Walk(_assemblies, EntryPoints.Find(_assemblies));
        string[] violations = result.Violations.Where(v => !IsExempt(v)).Select(v => v.ToString()).ToArray();
        Assert.True(violations.Length == 0, $"{violations.Length} violations:\n\n{string.Join("\n\n", violations)}\n");
    }

    [Fact]
    public void Every_call_ends_in_code_that_was_read()
    {
        WalkResult result = AllocationWalker.Walk(_assemblies, EntryPoints.Find(_assemblies));
        Assert.Equal(EntryPoints.ApplicationSupplied.Order(), result.OpenCalls.Order());
    }

    [Fact]
    public void The_walk_reaches_what_it_should()
    {
        WalkResult result = AllocationWalker.Walk(_assemblies, EntryPoints.Find(_assemblies));
        output.WriteLine($"{result.Reached.Count} methods, {result.Instructions} IL instructions, {result.TryBlocks} try blocks");
        output.WriteLine($"{result.Violations.Count} violations, of which {result.Violations.Count(IsExempt)} exempt");
        foreach (IGrouping<string, MethodDefinition> group in result.Reached.Keys.GroupBy(m => m.Module.Name).OrderBy(g => g.Key))
        {
            output.WriteLine($"  {group.Key}: {group.Count()} methods of {group.Select(m => m.DeclaringType).Distinct().Count()} types");
        }

        foreach ((string method, int sites) in result.AllowedCalls)
        {
            output.WriteLine($"  allowed, {sites} call sites: {method}");
        }

        Assert.InRange(result.Reached.Count, FewestMethods, int.MaxValue);
        Assert.InRange(result.Instructions, FewestInstructions, int.MaxValue);

        // one at the far end of each way: by a plain call, an interface, a base class
        string[] landmarks =
        [
            "TcpIp.Tcp.SegmentArrives::Process",
            "TcpIp.Tcp.Timeouts::Process",
            "TcpIp.Arp.ArpLayer::Receive",
            "TcpIp.Icmp.IcmpLayer::Receive",
            "TcpIp.Frames.InternetChecksum::Add",
            "TcpIp.Http.HttpRequestParser::Parse",
            "TcpIp.Sockets.DatagramCalls::CommitTo",
            "TcpIp.Dhcp.DhcpOptionReader::NextPiece",
            "TcpIp.Dhcp.LinkLocalPicker::PickNext",
            "TcpIp.Dns.DnsMessage::Follow",
            "TcpIp.Dns.DnsLookup::StepStream",
            "TcpIp.Sntp.SntpReply::GetTime",
            "TcpIp.Http.HttpClient::Follow",
            "TcpIp.Http.HttpUrl::RemoveDots",
            "TcpIp.Http.HttpAnswerParser::EndChunkSize",
            "TcpIp.Threading.StackOwner::LetReadyGo",
            "TcpIp.Threading.HostSignal::Wait",
            "TcpIp.Threading.PolledController::Sleep",
            "Iot.Device.Enc28j60.Enc28j60Controller::EndSleep",
            "TcpIp.Threading.HostRandom::Next",
            "TcpIp.Mdns.MdnsName::Rename",
            "TcpIp.Mdns.MdnsResponder::GoesFirst",
            "TcpIp.Net.Sockets.TcpClient::TryConnect",
            "TcpIp.Net.Sockets.SocketException::Throw",
            "Iot.Device.Enc28j60.Receiver::TakeFrame",
            "Iot.Device.Enc28j60.Transmitter::Send",
            "Iot.Device.Enc28j60.Startup::Poll",
            "Firmware.StatusPage::Update",
            "Firmware.StatusApi::WriteNeighbour",
            "Firmware.BoardPins::Switch",
            "Iot.Device.Enc28j60.HardwareRandom::Next",
            "Firmware.NetworkLog::WriteNumber",
        ];
        Assert.All(landmarks, landmark => Assert.True(result.HasReached(landmark), landmark));
    }

    [Fact]
    public void Start_up_members_are_not_reached()
    {
        WalkResult result = AllocationWalker.Walk(_assemblies, EntryPoints.Find(_assemblies));
        MethodDefinition[] startUp = EntryPoints.FindStartUpOnly(_assemblies).ToArray();
        Assert.NotEmpty(startUp);
        Assert.All(startUp, member => Assert.DoesNotContain(member, result.Reached.Keys));
    }

    [Fact]
    public void Exemptions_are_needed_and_only_reached_through_their_gate()
    {
        List<MethodDefinition> entryPoints = EntryPoints.Find(_assemblies);
        WalkResult result = AllocationWalker.Walk(_assemblies, entryPoints);
        WalkResult gated = AllocationWalker.Walk(_assemblies, entryPoints, m => EntryPoints.ExemptionGates.Contains(Violation.Name(m)));
        foreach ((string method, string what, string _) in EntryPoints.Exemptions)
        {
            Assert.Contains(result.Violations, v => v.Method == method && v.What == what);
            Assert.False(gated.HasReached(method), method + " is reached by another way");
        }
    }

    [Fact]
    public void An_entry_point_that_is_gone_is_noticed()
    {
        Assert.Throws<InvalidOperationException>(() => EntryPoints.Find(_assemblies, "TcpIp.TcpIpStack", "Pol"));
        Assert.Throws<InvalidOperationException>(() => EntryPoints.Find(_assemblies, "TcpIp.TcpStack", "Poll"));
        Assert.Throws<InvalidOperationException>(() => EntryPoints.Find(_assemblies, "TcpIp.TcpIpStack", "Poll(UInt32)"));
        Assert.Single(EntryPoints.Find(_assemblies, "TcpIp.TcpIpStack", "Poll(Int32)"));
    }

    private static bool IsExempt(Violation violation) =>
        EntryPoints.Exemptions.Any(exemption => exemption.Method == violation.Method && exemption.What == violation.What);

    private static string[] Paths()
    {
        string? named = Environment.GetEnvironmentVariable(PathsVariable);
        return string.IsNullOrEmpty(named)
            ? [.. s_files.Select(name => Path.Combine(AppContext.BaseDirectory, name))]
            : named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
    }
}
