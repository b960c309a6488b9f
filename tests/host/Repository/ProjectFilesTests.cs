// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace HostTests.Repository;

/// <summary>What the nanoFramework build would notice late or never: unlisted sources, package pins that disagree.</summary>
public class ProjectFilesTests
{
    private const string LockFramework = ".NETnanoFramework,Version=v1.0";
    private const int LongestMethod = 70;

    private static readonly string[] s_deviceFolders = ["stack", "drivers", "firmware"];

    /// <summary>Projects with a package whose hash nobody could look up yet. They have no lock file: NuGet makes one at the first restore.</summary>
    private static readonly Dictionary<string, string> s_unlocked = new()
    {
        ["firmware/samples/listener-echo/ListenerEcho.nfproj"] = "nanoframework.System.Net.Sockets.TcpClient",
    };

    /// <summary>Assemblies whose version is not their package's with ".0": System.Threading's names a commit.</summary>
    private static readonly Dictionary<string, string> s_assemblyVersions = new()
    {
        ["System.Threading 1.1.52"] = "1.1.52.34401",
        ["nanoFramework.UnitTestLauncher 3.0.80"] = "0.0.0.0",
    };

    /// <summary>Each nanoFramework project, and the folders beside it whose sources it must list; those after "!" are another's.</summary>
    public static TheoryData<string, string> Projects => new()
    {
        { "stack/TcpIp.nfproj", ".;!Net;!Dhcp;!Dns;!Mdns;!Sntp;!Http;!HttpClient;!Threading;!SystemNet" },
        { "stack/Net/TcpIp.Net.nfproj", "." },
        { "stack/Dhcp/TcpIp.Dhcp.nfproj", "." },
        { "stack/Dns/TcpIp.Dns.nfproj", "." },
        { "stack/Mdns/TcpIp.Mdns.nfproj", "." },
        { "stack/Sntp/TcpIp.Sntp.nfproj", "." },
        { "stack/Threading/TcpIp.Threading.nfproj", "." },
        { "stack/SystemNet/Plain/System.Net.Plain.nfproj", "." },
        { "stack/SystemNet/Mirror/System.Net.Mirror.nfproj", "." },
        { "stack/Http/TcpIp.Http.nfproj", "." },
        { "stack/HttpClient/TcpIp.HttpClient.nfproj", "." },
        { "drivers/enc28j60/Enc28j60.nfproj", ".;!Threading" },
        { "drivers/enc28j60/Threading/Iot.Device.Enc28j60.Threading.nfproj", "." },
        { "firmware/Firmware.nfproj", ".;!samples" },
        { "firmware/samples/udp-sensor/UdpSensor.nfproj", "." },
        { "firmware/samples/post-reading/PostReading.nfproj", "." },
        { "firmware/samples/rest-server/RestServer.nfproj", "." },
        { "firmware/samples/bare-server/BareServer.nfproj", "." },
        { "firmware/samples/ping/Ping.nfproj", "." },
        { "firmware/samples/echo/Echo.nfproj", "." },
        { "firmware/samples/walk/Walk.nfproj", "." },
        { "firmware/samples/web-server/WebServerSample.nfproj", "." },
        { "firmware/samples/http-client/HttpClientSample.nfproj", "." },
        { "firmware/samples/m2mqtt/M2MqttSample.nfproj", "." },
        { "firmware/samples/multicast-dns/MulticastDnsSample.nfproj", "." },
        { "firmware/samples/listener-echo/ListenerEcho.nfproj", "." },
        { "firmware/samples/socket-echo/SocketEcho.nfproj", "." },
        { "firmware/samples/socket-walk/SocketWalk.nfproj", "." },
        { "tests/DeviceTests.nfproj", "device;Properties" },
    };

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_source_file_is_listed(string project, string folders)
    {
        string file = RepositoryFiles.FullPath(project);
        string home = Path.GetDirectoryName(file)!;
        string[] others = [.. folders.Split(';').Where(f => f[0] == '!').Select(f => f[1..] + '\\')];
        string[] sources = folders.Split(';')
            .Where(folder => folder[0] != '!')
            .SelectMany(folder => RepositoryFiles.Sources(Path.Combine(home, folder)))
            .Select(source => Path.GetRelativePath(home, source).Replace('/', '\\'))
            .Where(source => !others.Any(other => source.StartsWith(other, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (Environment.GetEnvironmentVariable("UPDATE_NFPROJ") == "1")
        {
            RewriteCompileList(file, sources);
        }

        // samples have some files from the firmware's folder
        string[] compiled = Named(XDocument.Load(file), "Compile").Select(item => (string)item.Attribute("Include")!).ToArray();
        string[] shared = [.. compiled.Where(item => item.StartsWith("..", StringComparison.Ordinal))];
        Assert.All(shared, item => Assert.True(File.Exists(Path.Combine(home, item.Replace('\\', '/'))), item));
        string[] listed = [.. compiled.Except(shared)];
        string wrong = string.Concat(
            sources.Except(listed).Select(s => $"\n  not listed: {s}")
                .Concat(listed.Except(sources).Select(s => $"\n  listed, but not there: {s}"))
                .Concat(listed.GroupBy(s => s).Where(g => g.Count() > 1).Select(g => $"\n  listed twice: {g.Key}")));
        Assert.True(wrong.Length == 0, $"{project} (UPDATE_NFPROJ=1 mends it):{wrong}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Package_pins_agree(string project, string folders)
    {
        _ = folders;
        string file = RepositoryFiles.FullPath(project);
        string home = Path.GetDirectoryName(file)!;
        SortedDictionary<string, string> hints = HintPaths(file);

        SortedDictionary<string, string> config = [];
        foreach (XElement package in Named(XDocument.Load(Path.Combine(home, "packages.config")), "package"))
        {
            config.Add((string)package.Attribute("id")!, (string)package.Attribute("version")!);
        }

        Assert.Equal(hints, config);
        if (s_unlocked.TryGetValue(project, out string? withoutHash))
        {
            Assert.Contains(withoutHash, config.Keys);
            Assert.False(File.Exists(Path.Combine(home, "packages.lock.json")), "the hash is known: the project is like the others now");
            return;
        }

        SortedDictionary<string, string> locked = [];
        using JsonDocument lockFile = JsonDocument.Parse(File.ReadAllText(Path.Combine(home, "packages.lock.json")));
        foreach (JsonProperty package in lockFile.RootElement.GetProperty("dependencies").GetProperty(LockFramework).EnumerateObject())
        {
            string version = package.Value.GetProperty("resolved").GetString()!;
            Assert.Equal($"[{version}, {version}]", package.Value.GetProperty("requested").GetString());
            locked.Add(package.Name, version);
        }

        Assert.Equal(hints, locked);
    }

    /// <summary>A property that does nothing would be taken for one that does.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void A_program_without_System_Net_can_be_made_smaller(string project, string folders)
    {
        _ = folders;
        XDocument file = XDocument.Load(RepositoryFiles.FullPath(project));
        bool isProgram = Named(file, "OutputType").Any(type => type.Value == "Exe");
        bool hasSystemNet = Named(file, "ProjectReference").Any(reference => ((string)reference.Attribute("Include")!).Contains("System.Net.", StringComparison.Ordinal));
        string[] imports = [.. Named(file, "Import").Select(import => Path.GetFileName(((string)import.Attribute("Project")!).Replace('\\', '/')))];
        int trim = Array.IndexOf(imports, "Trim.targets");
        Assert.Equal(isProgram && !hasSystemNet, trim > Array.IndexOf(imports, "NFProjectSystem.CSharp.targets"));
    }

    /// <summary>MSBuild takes an assembly of exactly the version that is asked for, or, where none is, any.</summary>
    [Theory]
    [MemberData(nameof(Projects))]
    public void References_ask_for_the_version_that_the_assembly_has(string project, string folders)
    {
        _ = folders;
        foreach (XElement reference in Named(XDocument.Load(RepositoryFiles.FullPath(project)), "Reference"))
        {
            Match asked = Regex.Match((string)reference.Attribute("Include")!, @"^(?<name>[^,]+), Version=(?<version>[\d.]+),");
            if (asked.Success)
            {
                string package = Regex.Match(Named(reference, "HintPath").Single().Value, @"\.(\d+(\.\d+)+)\\lib\\").Groups[1].Value;
                string has = s_assemblyVersions.GetValueOrDefault($"{asked.Groups["name"].Value} {package}", package + ".0");
                Assert.Equal(has, asked.Groups["version"].Value);
            }
        }
    }

    [Fact]
    public void All_projects_pin_the_same_package_versions_and_hashes()
    {
        Dictionary<string, string> seen = [];
        foreach (string project in Projects.Select(row => (string)row[0]).Except(s_unlocked.Keys))
        {
            string lockPath = Path.Combine(Path.GetDirectoryName(RepositoryFiles.FullPath(project))!, "packages.lock.json");
            using JsonDocument lockFile = JsonDocument.Parse(File.ReadAllText(lockPath));
            foreach (JsonProperty package in lockFile.RootElement.GetProperty("dependencies").GetProperty(LockFramework).EnumerateObject())
            {
                string pin = package.Value.GetProperty("resolved").GetString() + " " + package.Value.GetProperty("contentHash").GetString();
                Assert.True(seen.TryAdd(package.Name, pin) || seen[package.Name] == pin, $"{project} pins another {package.Name}: {pin}");
            }
        }
    }

    [Fact]
    public void The_device_solution_has_the_device_projects_alone()
    {
        using JsonDocument filter = JsonDocument.Parse(File.ReadAllText(RepositoryFiles.FullPath("nfproj-settings/Device.slnf")));
        JsonElement solution = filter.RootElement.GetProperty("solution");
        Assert.Equal("..\\Firmware.sln", solution.GetProperty("path").GetString());
        string[] projects = solution.GetProperty("projects").EnumerateArray().Select(p => p.GetString()!.Replace('\\', '/')).ToArray();
        Assert.Equal(Projects.Select(row => (string)row[0]).Order(StringComparer.Ordinal), projects.Order(StringComparer.Ordinal));
        string whole = File.ReadAllText(RepositoryFiles.FullPath("Firmware.sln"));
        Assert.All(projects, project => Assert.Contains($"\"{project.Replace('/', '\\')}\"", whole, StringComparison.Ordinal));
    }

    [Fact]
    public void Device_sources_are_not_conditional()
    {
        string[] conditional = s_deviceFolders.SelectMany(RepositoryFiles.Sources)
            .Where(source => Regex.IsMatch(File.ReadAllText(source), @"^\s*#\s*if\b", RegexOptions.Multiline))
            .Select(RepositoryFiles.Relative)
            .ToArray();
        Assert.Empty(conditional);
    }

    [Fact]
    public void A_long_method_says_why_it_is_in_one_piece()
    {
        string[] unexplained = s_deviceFolders.SelectMany(RepositoryFiles.Sources)
            .SelectMany(source => LongMethods(File.ReadAllLines(source)).Select(line => $"{RepositoryFiles.Relative(source)}:{line}"))
            .ToArray();
        Assert.Empty(unexplained);
    }

    [Fact]
    public void Long_methods_are_found()
    {
        string[] body = [.. Enumerable.Repeat("            Work();", LongestMethod)];
        string[] longer = [.. body, "            Work();"];
        Assert.Equal([], LongMethods(["        void M()", "        {", .. body, "        }"]));
        Assert.Equal([2], LongMethods(["        void M()", "        {", .. longer, "        }"]));
        Assert.Equal([], LongMethods(["        void M()", "        {", "            // in one piece: because", .. longer, "        }"]));
    }

    /// <summary>Lines, counted from 1, where methods begin that are longer than they may be without a reason.</summary>
    private static IEnumerable<int> LongMethods(string[] lines)
    {
        int start = -1;
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i] == "        {")
            {
                start = i;
            }
            else if (lines[i] == "        }" && start >= 0)
            {
                if (i - start - 1 > LongestMethod && !lines[start + 1].Contains("// in one piece: ", StringComparison.Ordinal))
                {
                    yield return start + 1;
                }

                start = -1;
            }
        }
    }

    private static SortedDictionary<string, string> HintPaths(string project)
    {
        SortedDictionary<string, string> pins = [];
        foreach (XElement hint in Named(XDocument.Load(project), "HintPath"))
        {
            Match match = Regex.Match(hint.Value, @"^(\.\.\\)+packages\\(?<id>[A-Za-z.0-9]+?)\.(?<version>\d+(\.\d+)+)\\lib\\");
            Assert.True(match.Success, $"{project}: {hint.Value}");
            string version = match.Groups["version"].Value;
            Assert.True(pins.TryAdd(match.Groups["id"].Value, version) || pins[match.Groups["id"].Value] == version, hint.Value);
        }

        return pins;
    }

    private static IEnumerable<XElement> Named(XContainer document, string name) =>
        document.Descendants().Where(element => element.Name.LocalName == name);

    /// <summary>Works on the text, so that the rest of the file (byte order mark, order, spacing) stays as it was.</summary>
    private static void RewriteCompileList(string project, string[] sources)
    {
        UTF8Encoding encoding = new(false);
        string before = encoding.GetString(File.ReadAllBytes(project));
        string newLine = before.Contains("\r\n") ? "\r\n" : "\n";
        string list = string.Concat(sources.Select(source => $"    <Compile Include=\"{source}\" />{newLine}"));
        string after = new Regex(@"(?:[ \t]*<Compile Include=""[^""]*"" />\r?\n)+").Replace(before, _ => list, 1);
        if (after != before)
        {
            File.WriteAllBytes(project, encoding.GetBytes(after));
        }
    }
}
