// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using System.Xml.Linq;
using VirtualBoard;

namespace HostTests.Repository;

/// <summary>Each sample runs on the virtual board, or says how it is flashed; and what it says of its project and its packages is so.</summary>
public class SampleFoldersTests
{
    private const string Samples = "firmware/samples";

    public static TheoryData<string> OnBoardsOnly => [.. VirtualBoard.Samples.OnBoardsOnly];

    [Fact]
    public void Each_folder_is_a_sample()
    {
        string[] folders = [.. Directory.GetFiles(RepositoryFiles.FullPath(Samples), "*.nfproj", SearchOption.AllDirectories).Where(IsItsOwn).Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))];
        Assert.Equal(folders.Order(StringComparer.Ordinal), VirtualBoard.Samples.Names.Concat(VirtualBoard.Samples.OnBoardsOnly).Order(StringComparer.Ordinal));
        string readme = File.ReadAllText(RepositoryFiles.FullPath($"{Samples}/README.md"));
        Assert.All(folders, folder => Assert.Contains($"| [`{folder}`]({folder}/", readme, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(OnBoardsOnly))]
    public void It_says_how_it_is_flashed(string sample)
    {
        string folder = RepositoryFiles.FullPath($"{Samples}/{sample}");
        string project = Path.GetFileNameWithoutExtension(Assert.Single(Directory.GetFiles(folder, "*.nfproj"), IsItsOwn));
        XDocument xml = XDocument.Load(Path.Combine(folder, project + ".nfproj"));
        string assembly = xml.Descendants().First(element => element.Name.LocalName == "AssemblyName").Value;
        string readme = File.ReadAllText(Path.Combine(folder, "README.md")).Replace("\r\n", "\n");
        Assert.Contains($"nuget restore {Samples}/{sample}/{project}.nfproj -SolutionDirectory .\n", readme, StringComparison.Ordinal);
        Assert.Contains($"msbuild {Samples}/{sample}/{project}.nfproj -p:Configuration=Release\n", readme, StringComparison.Ordinal);
        Assert.Contains($"msbuild {Samples}/{sample}/{project}.nfproj -p:Configuration=Release -p:SampleBoard=Pico\n", readme, StringComparison.Ordinal);
        Assert.Contains($"--image {Samples}/{sample}/bin/Release/{assembly}.bin\n", readme, StringComparison.Ordinal);

        // what it tells to install is what it is built with
        string[] packages = [.. XDocument.Load(Path.Combine(folder, "packages.config")).Root!.Elements("package").Select(package => (string)package.Attribute("id")!)];
        string[] named = [.. Regex.Matches(Regex.Match(readme, "^Install (.*) with NuGet", RegexOptions.Multiline).Groups[1].Value, "`([^`]+)`").Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(packages));
        Assert.All(Regex.Matches(readme, @"\]\((?<file>[^)#:]+)\)").Select(match => match.Groups["file"].Value), file => Assert.True(File.Exists(Path.Combine(folder, file)) || Directory.Exists(Path.Combine(folder, file)), file));
    }
    [Fact]
    public void The_versions_that_samples_name_are_told_beside_those_that_ran()
    {
        // without what every program for a board has, and what the libraries bring along
        string[] named = [.. VirtualBoard.Samples.OnBoardsOnly.SelectMany(Packages).Distinct().Except(Packages("socket-echo")).Where(package => !Regex.IsMatch(package, @"\.(Buffers|Collections|Http\.Server)\b"))];
        string readme = File.ReadAllText(RepositoryFiles.FullPath("stack/SystemNet/README.md"));
        string told = Regex.Match(readme, "those whose hashes are known: ([^:]*?[0-9])\\. ").Groups[1].Value;
        Assert.Equal(named.Select(Short).Order(StringComparer.Ordinal), told.Split(", ").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Packages(string sample) =>
        XDocument.Load(RepositoryFiles.FullPath($"{Samples}/{sample}/packages.config")).Root!.Elements("package").Select(package => $"{(string)package.Attribute("id")!} {(string)package.Attribute("version")!}");

    private static string Short(string package) => Regex.Replace(package, @"^nanoframework\.(System\.Net\.Sockets\.|Iot\.Device\.)?", string.Empty, RegexOptions.IgnoreCase);

    /// <summary>A project beside the sample's own says no more than for which board it is.</summary>
    private static bool IsItsOwn(string project) => !project.EndsWith(".Pico.nfproj", StringComparison.Ordinal);
}
