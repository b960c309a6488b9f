// Licensed under the MIT license. See LICENSE in the repository root.

using System.Xml.Linq;
using HostTests.Repository;
using Mono.Cecil;

namespace HostTests.SystemNet;

/// <summary>
/// Both shapes show what nanoFramework's System.Net shows: libraries are bound by names and signatures, and one that is missing keeps a whole
/// program from starting.
/// </summary>
public sealed class SurfaceTests
{
    private const string Listing = "tests/host/SystemNet/Surface.txt";
    private const string PublicKeyToken = "c07d481e9758c731";

    [Theory]
    [InlineData("Plain")]
    [InlineData("Mirror")]
    public void The_surface_is_the_listing(string shape)
    {
        SortedDictionary<string, SortedSet<string>> listed = SurfaceListing.Read(File.ReadAllText(RepositoryFiles.FullPath(Listing)));
        SortedDictionary<string, SortedSet<string>> built = SurfaceListing.Of(ShapeFiles.Of(shape));
        string wrong = string.Concat(listed.SelectMany(l => l.Value.Except(built.GetValueOrDefault(l.Key) ?? []).Select(m => $"\n{l.Key} lacks {m}"))
            .Concat(built.SelectMany(b => b.Value.Except(listed.GetValueOrDefault(b.Key) ?? []).Select(m => $"\n{b.Key} has {m}"))));
        Assert.True(wrong.Length == 0, wrong);
        Assert.True(listed.Count > 45, $"{listed.Count} types in the listing");
    }

    [Fact]
    public void A_member_that_is_missing_is_found()
    {
        SortedDictionary<string, SortedSet<string>> listed = SurfaceListing.Read("type [Public] A : B\n  method [Public] C D()\n\ntype [Public] E : F\n");
        Assert.Equal(["A", "E"], listed.Keys);
        Assert.Equal(2, listed["A"].Count);
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("Mirror")]
    public void Both_projects_compile_the_same_sources_and_their_own_last(string shape)
    {
        string file = RepositoryFiles.FullPath($"stack/SystemNet/{shape}/System.Net.{shape}.nfproj");
        string[] compiled = XDocument.Load(file).Descendants().Where(e => e.Name.LocalName == "Compile").Select(e => ((string)e.Attribute("Include")!).Replace('\\', '/')).ToArray();
        string[] shared = RepositoryFiles.Sources("stack/SystemNet")
            .Select(source => Path.GetRelativePath(RepositoryFiles.FullPath("stack/SystemNet"), source).Replace('\\', '/'))
            .Where(source => !source.StartsWith("Plain/", StringComparison.Ordinal) && !source.StartsWith("Mirror/", StringComparison.Ordinal))
            .Select(source => "../" + source)
            .ToArray();
        Assert.Equal(shared.Order(StringComparer.Ordinal), compiled.TakeWhile(c => c.StartsWith("../", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(compiled.Skip(shared.Length), c => c.StartsWith("../", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Plain")]
    [InlineData("Mirror")]
    public void Name_key_and_version_are_what_libraries_ask_for(string shape)
    {
        XDocument project = XDocument.Load(RepositoryFiles.FullPath($"stack/SystemNet/{shape}/System.Net.{shape}.nfproj"));
        string Property(string name) => project.Descendants().Single(e => e.Name.LocalName == name).Value;
        Assert.Equal("System.Net", Property("AssemblyName"));
        Assert.Equal("true", Property("PublicSign"));
        Assert.Equal(@"..\PublicKey.snk", Property("AssemblyOriginatorKeyFile"));
        AssemblyNameReference name = new("System.Net", new Version(1, 11)) { PublicKey = File.ReadAllBytes(RepositoryFiles.FullPath("stack/SystemNet/PublicKey.snk")) };
        Assert.Equal(PublicKeyToken, Convert.ToHexStringLower(name.PublicKeyToken));

        // a public key and no private one
        Assert.Equal(160, name.PublicKey.Length);
        string information = File.ReadAllText(RepositoryFiles.FullPath("stack/SystemNet/Properties/AssemblyInfo.cs"));
        Assert.Contains("AssemblyVersion(\"1.11.999.0\")", information, StringComparison.Ordinal);
        Assert.Contains("not nanoFramework's", information, StringComparison.Ordinal);
        Assert.Contains("not nanoFramework's", File.ReadAllText(RepositoryFiles.FullPath("stack/SystemNet/NetworkInformation/NetworkChange.cs")), StringComparison.Ordinal);

        // the host's build has a name of its own; what was built for the device says itself who it is
        if (ShapeFiles.IsFromElsewhere(shape))
        {
            using ModuleDefinition module = ModuleDefinition.ReadModule(ShapeFiles.Of(shape));
            Assert.Equal($"System.Net, Version=1.11.999.0, Culture=neutral, PublicKeyToken={PublicKeyToken}", module.Assembly.Name.FullName);
            Assert.DoesNotContain("System.Net", module.AssemblyReferences.Select(r => r.Name));
        }
    }

    [Theory]
    [InlineData("Plain", "SystemNet.dll")]
    [InlineData("Mirror", "SystemNet.Mirror.dll")]
    public void Another_build_is_taken_where_it_is_named(string shape, string ours)
    {
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, ours), ShapeFiles.Find(shape, null));
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, ours), ShapeFiles.Find(shape, string.Empty));
        Assert.Equal(RepositoryFiles.FullPath("stack/bin/System.Net.dll"), ShapeFiles.Find(shape, "stack/bin/System.Net.dll"));
        string full = Path.Combine(Path.GetTempPath(), "System.Net.dll");
        Assert.Equal(full, ShapeFiles.Find(shape, full));
    }
}
