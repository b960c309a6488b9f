// Licensed under the MIT license. See LICENSE in the repository root.

namespace Mutation;

/// <summary>An assembly of the product, as the host build makes it.</summary>
/// <param name="Assembly">Name of the assembly.</param>
/// <param name="Folder">Where its sources are.</param>
/// <param name="Project">Folder of its host project.</param>
/// <param name="References">Other assemblies of ours that it needs.</param>
/// <param name="Tests">Beginnings of the names of the tests that are for it, and fast.</param>
internal sealed record ProductProject(string Assembly, string Folder, string Project, string[] References, string[] Tests)
{
    /// <summary>All that can be mutated.</summary>
    internal static ProductProject[] All { get; } =
    [
        new("TcpIp", "stack", "tests/host-build/stack", [], ["HostTests.Stack."]),
        new("TcpIp.Net", "stack/Net", "tests/host-build/net", ["TcpIp"], ["HostTests.Stack.Net."]),
        new("TcpIp.Dhcp", "stack/Dhcp", "tests/host-build/dhcp", ["TcpIp"], ["HostTests.Stack.Dhcp."]),
        new("TcpIp.Dns", "stack/Dns", "tests/host-build/dns", ["TcpIp"], ["HostTests.Stack.Dns."]),
        new("TcpIp.Sntp", "stack/Sntp", "tests/host-build/sntp", ["TcpIp"], ["HostTests.Stack.Sntp."]),
        new("TcpIp.Mdns", "stack/Mdns", "tests/host-build/mdns", ["TcpIp", "TcpIp.Dns"], ["HostTests.Stack.Mdns."]),
        new("TcpIp.Threading", "stack/Threading", "tests/host-build/threading", ["TcpIp", "TcpIp.Dhcp", "TcpIp.Dns"], ["HostTests.Stack.Threading."]),
        new("TcpIp.HttpClient", "stack/HttpClient", "tests/host-build/httpclient", ["TcpIp"], ["HostTests.Stack.HttpClients."]),
        new("TcpIp.Http", "stack/Http", "tests/host-build/http", ["TcpIp"], ["HostTests.Stack.Http."]),
        new("Iot.Device.Enc28j60", "drivers/enc28j60", "tests/host-build/enc28j60", ["TcpIp", "DeviceApi"],
            ["HostTests.Driver.", "HostTests.DriverTraps."]),
    ];

    /// <summary>Folders of assemblies that stand among others' sources, and that are not mutated: one that is built in two shapes, one that needs a thread.</summary>
    private static readonly string[] s_left = ["stack/SystemNet", "drivers/enc28j60/Threading"];

    /// <summary>The attributes that the build wrote, friends of the assembly among them.</summary>
    internal string AssemblyInfo => Directory.GetFiles(Repository.FullPath($"{Project}/obj/Debug/net10.0"), "*.AssemblyInfo.cs").Single();

    /// <summary>The sources, as the host project takes them.</summary>
    internal IEnumerable<string> Sources()
    {
        string home = Repository.FullPath(Folder);
        string[] others = [.. All.Where(p => p != this).Select(p => p.Folder).Concat(s_left).Select(folder => Repository.FullPath(folder) + Path.DirectorySeparatorChar)
            .Where(folder => folder.StartsWith(home, StringComparison.Ordinal))];
        return Directory.EnumerateFiles(home, "*.cs", SearchOption.AllDirectories)
            .Where(path => !others.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            .Where(path => Path.GetRelativePath(home, path).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj" or "Properties"))
            .Order(StringComparer.Ordinal);
    }
}
