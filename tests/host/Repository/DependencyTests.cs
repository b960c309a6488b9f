// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;

namespace HostTests.Repository;

/// <summary>
/// The stack's dependencies point down: a source file names types of its own part and of the parts below it, constants included, and no
/// others. A part is a folder; of what lies beside the folders some is what all parts speak of, and some is what puts them together.
/// </summary>
public sealed partial class DependencyTests
{
    private const string Vocabulary = "vocabulary";
    private const string Whole = "whole";

    /// <summary>What stands on all the layers: the stack put together, and what keeps it going.</summary>
    private static readonly string[] s_whole = ["TcpIpStack", "StackRunner"];

    /// <summary>Each part, and the parts that it may name, from the bottom up.</summary>
    private static readonly (string Part, string[] Below)[] s_arrows =
    [
        ("Frames", []),
        (Vocabulary, ["Frames"]),
        ("Link", ["Frames", Vocabulary]),
        ("Ethernet", ["Frames", Vocabulary, "Link"]),
        ("Arp", ["Frames", Vocabulary, "Ethernet"]),
        ("IPv4", ["Frames", Vocabulary, "Ethernet", "Arp"]),
        ("Igmp", ["Frames", Vocabulary, "Link", "Ethernet", "IPv4"]),
        ("Icmp", ["Frames", Vocabulary, "IPv4"]),
        ("Udp", ["Frames", Vocabulary, "Ethernet", "IPv4", "Igmp", "Icmp"]),
        ("Tcp", ["Frames", Vocabulary, "Ethernet", "IPv4", "Icmp"]),
        ("Sockets", ["Frames", Vocabulary, "IPv4", "Icmp", "Udp", "Tcp"]),
        ("Http", ["Frames", Vocabulary, "Sockets"]),
        (Whole, ["Frames", Vocabulary, "Link", "Ethernet", "Arp", "IPv4", "Igmp", "Icmp", "Udp", "Tcp", "Sockets"]),
        ("Dhcp", ["Frames", Vocabulary, "Link", "Arp", "Sockets", Whole]),
        ("Dns", ["Frames", Vocabulary, "IPv4", "Tcp", "Sockets", Whole]),
        ("Mdns", ["Frames", Vocabulary, "Sockets", "Dns", Whole]),
        ("Sntp", ["Frames", Vocabulary, "Sockets", Whole]),
        ("HttpClient", ["Frames", Vocabulary, "Tcp", "Sockets", Whole]),
        ("Net", ["Frames", Vocabulary, "Arp", "IPv4", "Tcp", "Sockets", Whole]),
        ("Threading", ["Frames", Vocabulary, "Link", "Arp", "IPv4", "Udp", "Tcp", "Sockets", "Dhcp", "Dns", Whole]),
    ];

    [Fact]
    public void Dependencies_point_down()
    {
        Dictionary<string, string> sources = Sources().ToDictionary(RepositoryFiles.Relative, File.ReadAllText);
        Assert.Equal([], Violations(sources));
    }

    [Fact]
    public void Each_part_names_only_parts_before_it()
    {
        for (int i = 0; i < s_arrows.Length; i++)
        {
            Assert.All(s_arrows[i].Below, below => Assert.Contains(below, s_arrows[..i].Select(a => a.Part)));
        }
    }

    [Theory]
    [InlineData("stack/Ethernet/EthernetLayer.cs", "private readonly Arp.ArpLayer _arp;", "EthernetLayer names ArpLayer, of Arp")]
    [InlineData("stack/IPv4/Fragmentation.cs", "private const int Start = Udp.UdpHeader.Length;", "Fragmentation names UdpHeader, of Udp")]
    [InlineData("stack/Tcp/Sending/TcpOutput.cs", "private SocketLayer _sockets;", "TcpOutput names SocketLayer, of Sockets")]
    [InlineData("stack/StackConfiguration.cs", "private TcpIpStack _stack;", "StackConfiguration names TcpIpStack, of whole")]
    [InlineData("stack/Sockets/SocketLayer.Data.cs", "private TcpIpStack _stack;", "SocketLayer.Data names TcpIpStack, of whole")]
    [InlineData("stack/Frames/Frame.cs", "// TcpLayer, \"TcpLayer\", as in /// <see cref=\"TcpLayer\"/>", null)]
    public void An_arrow_that_points_up_is_found(string path, string planted, string? found)
    {
        Dictionary<string, string> sources = Sources().ToDictionary(RepositoryFiles.Relative, File.ReadAllText);
        sources[path] += planted;
        Assert.Equal(found == null ? [] : [found], Violations(sources));
    }

    [Fact]
    public void What_stands_on_top_names_only_what_it_stands_on()
    {
        string[] named = RepositoryFiles.Sources("stack/SystemNet")
            .SelectMany(source => UsedNamespace().Matches(File.ReadAllText(source)).Select(m => m.Groups[1].Value))
            .Distinct().Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["TcpIp", "TcpIp.Link", "TcpIp.Threading"], named);
    }

    /// <summary>The stack without System.Net, whose types are called like those of Net.</summary>
    private static IEnumerable<string> Sources() =>
        RepositoryFiles.Sources("stack").Where(source => !RepositoryFiles.Relative(source).StartsWith("stack/SystemNet/", StringComparison.Ordinal));

    private static List<string> Violations(Dictionary<string, string> sources)
    {
        Dictionary<string, string> partOfType = sources.Keys.DistinctBy(TypeOf).ToDictionary(TypeOf, PartOf);
        Dictionary<string, string[]> allowed = s_arrows.ToDictionary(a => a.Part, a => a.Below);
        List<string> violations = [];
        foreach ((string path, string text) in sources)
        {
            string part = PartOf(path);
            string code = NoCode().Replace(text, string.Empty);
            HashSet<string> members = [.. Property().Matches(code).Select(m => m.Groups[1].Value)];
            IEnumerable<string> upward = Identifier().Matches(code).Select(m => m.Value).Distinct()
                .Where(name => !members.Contains(name) && partOfType.TryGetValue(name, out string? other) && other != part && !allowed[part].Contains(other));
            violations.AddRange(upward.Select(name => $"{Path.GetFileNameWithoutExtension(path)} names {name}, of {partOfType[name]}"));
        }

        return violations;
    }

    private static string PartOf(string path)
    {
        string[] steps = path.Split('/');
        return steps.Length > 2 && steps[1] != "Properties" ? steps[1] : s_whole.Contains(TypeOf(path)) ? Whole : Vocabulary;
    }

    private static string TypeOf(string path) => Path.GetFileName(path).Split('.')[0];

    /// <summary>Comments and texts.</summary>
    [GeneratedRegex("""//[^\n]*|"(\\.|[^"\\\n])*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex NoCode();

    /// <summary>Properties, which may have a type's name.</summary>
    [GeneratedRegex(@"using (TcpIp(?:\.[A-Z]\w+)?)(?=;)")]
    private static partial Regex UsedNamespace();

    [GeneratedRegex(@"\bpublic \w+ (\w+) \{")]
    private static partial Regex Property();

    [GeneratedRegex(@"(?<![\w.])[A-Za-z_]\w*|(?<=\b(Frames|Link|Ethernet|Arp|IPv4|Igmp|Icmp|Udp|Tcp|Sockets|Http|Dhcp|Dns|Mdns|Sntp|Net|Threading)\.)[A-Za-z_]\w*")]
    private static partial Regex Identifier();
}
