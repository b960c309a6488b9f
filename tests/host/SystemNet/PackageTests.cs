// Licensed under the MIT license. See LICENSE in the repository root.

using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using HostTests.EndToEnd;
using HostTests.Repository;

namespace HostTests.SystemNet;

/// <summary>The packages of System.Net name all that a program needs, and say whose they are not.</summary>
public sealed class PackageTests
{
    private const string Driver = "drivers/enc28j60/Threading/Iot.Device.Enc28j60.Threading.nfproj";

    private static readonly string[] s_made = [".dll", ".pdb", ".pdbx", ".pe", ".xml"];

    /// <summary>The shapes, and boards whose firmware they are for.</summary>
    public static TheoryData<string, string> Shapes => new() { { "Plain", "PICO_RP2040" }, { "Mirror", "every ESP32" } };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void What_the_program_needs_is_in_it(string shape, string board)
    {
        _ = board;
        string[] projects = [.. Closure($"stack/SystemNet/{shape}/System.Net.{shape}.nfproj").Union(Closure(Driver))];
        IEnumerable<(string, string)> made = projects.SelectMany(project => s_made.Select(extension =>
            (Path.Combine(Path.GetDirectoryName(project)!, "bin/Release", Property(project, "AssemblyName") + extension), "lib/" + Property(project, "AssemblyName") + extension)));
        Assert.All(projects, project => Assert.Equal($@"bin\$(Configuration)\{Property(project, "AssemblyName")}.xml", Property(project, "DocumentationFile")));
        (string, string)[] others =
        [
            ("LICENSE", "LICENSE"), ("nfproj-settings/SystemNet.targets", $"build/TcpIp.SystemNet.{shape}.targets"), ("stack/SystemNet/README.md", "docs/README.md"),
        ];
        Assert.Equal(made.Concat(others).Order(), Files(shape).Order());
        Assert.All(others, file => Assert.True(File.Exists(RepositoryFiles.FullPath(file.Item1)), file.Item1));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_brings_along_what_its_assemblies_refer_to(string shape, string board)
    {
        _ = board;
        SortedDictionary<string, string> pins = [];
        foreach (string project in Closure($"stack/SystemNet/{shape}/System.Net.{shape}.nfproj").Union(Closure(Driver)))
        {
            string config = RepositoryFiles.FullPath(Path.Combine(Path.GetDirectoryName(project)!, "packages.config"));
            foreach (XElement package in XDocument.Load(config).Root!.Elements("package"))
            {
                pins[(string)package.Attribute("id")!] = (string)package.Attribute("version")!;
            }
        }

        Assert.Equal(pins, new SortedDictionary<string, string>(Named(Nuspec(shape), "dependency").ToDictionary(d => (string)d.Attribute("id")!, d => (string)d.Attribute("version")!)));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void It_says_whose_it_is_not_and_for_which_firmware_it_is(string shape, string board)
    {
        string Text(string name) => Assert.Single(Named(Nuspec(shape), name)).Value;
        Assert.Equal("TcpIp.SystemNet." + shape, Text("id"));
        Assert.Contains("not nanoFramework's", Text("title"), StringComparison.Ordinal);
        Assert.StartsWith("An assembly called System.Net that is not nanoFramework's own", Text("description"), StringComparison.Ordinal);
        Assert.Contains(board, Text("description"), StringComparison.Ordinal);
        Assert.DoesNotContain("nanoframework", Text("id") + Text("authors"), StringComparison.OrdinalIgnoreCase);

        // each firmware that the README names for a shape, and the native table
        string readme = File.ReadAllText(RepositoryFiles.FullPath("stack/SystemNet/README.md"));
        Match row = Regex.Match(readme, $@"^\| `{shape}/System\.Net\.{shape}\.nfproj` \| (?<firmware>[^|]*)\|", RegexOptions.Multiline);
        Assert.True(row.Success);
        Assert.All(Regex.Matches(row.Groups["firmware"].Value, @"\b[A-Z][A-Z0-9]+_[A-Z0-9_]+\b").Select(m => m.Value), target => Assert.Contains(target, Text("description"), StringComparison.Ordinal));
        if (shape == "Mirror")
        {
            Match table = Regex.Match(readme, @"(?<version>100\.\d+\.\d+\.\d+), checksum `(?<checksum>0x[0-9A-F]{8})`");
            Assert.Contains($"version {table.Groups["version"].Value} (checksum {table.Groups["checksum"].Value})", Text("description"), StringComparison.Ordinal);
        }
    }

    /// <summary>The SDK packs it, from files in the places where the nanoFramework tools leave them; what these hold does not matter here.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_sdk_packs_it(string shape, string board)
    {
        _ = board;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("system-net-package-");
        try
        {
            foreach ((string source, _) in Files(shape))
            {
                string file = Path.Combine(folder.FullName, source);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, source);
            }

            string nuspec = Path.Combine(folder.FullName, NuspecPath(shape));
            File.Copy(RepositoryFiles.FullPath(NuspecPath(shape)), nuspec);
            (int exitCode, string output, string errors) = Tool.Run(TimeSpan.FromMinutes(2), ["dotnet", "pack", nuspec, "--output", folder.FullName]);
            Assert.True(exitCode == 0, output + errors);
            using ZipArchive package = ZipFile.OpenRead(Path.Combine(folder.FullName, $"TcpIp.SystemNet.{shape}.0.1.0.nupkg"));
            Assert.All(Files(shape), file =>
            {
                using StreamReader content = new(package.GetEntry(file.Target)?.Open() ?? throw new FileNotFoundException(file.Target));
                Assert.Equal(file.Source, content.ReadToEnd());
            });
        }
        finally
        {
            folder.Delete(true);
        }
    }

    private static string NuspecPath(string shape) => $"stack/SystemNet/{shape}/TcpIp.SystemNet.{shape}.nuspec";

    private static XDocument Nuspec(string shape) => XDocument.Load(RepositoryFiles.FullPath(NuspecPath(shape)));

    /// <summary>What goes where: paths in the repository, and in the package.</summary>
    private static IEnumerable<(string Source, string Target)> Files(string shape) => Named(Nuspec(shape), "file")
        .Select(file => (Resolve(NuspecPath(shape), (string)file.Attribute("src")!), ((string)file.Attribute("target")!).Replace('\\', '/')));

    /// <summary>A project and all that it refers to.</summary>
    private static IEnumerable<string> Closure(string project) => Named(XDocument.Load(RepositoryFiles.FullPath(project)), "ProjectReference")
        .SelectMany(reference => Closure(Resolve(project, (string)reference.Attribute("Include")!)))
        .Append(project)
        .Distinct();

    private static string Property(string project, string name) => Named(XDocument.Load(RepositoryFiles.FullPath(project)), name).First().Value;

    private static string Resolve(string file, string relative) =>
        Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", Path.GetDirectoryName(file)!, relative.Replace('\\', '/')))).Replace('\\', '/');

    private static IEnumerable<XElement> Named(XDocument document, string name) => document.Descendants().Where(element => element.Name.LocalName == name);
}
