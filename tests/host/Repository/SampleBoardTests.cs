// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using HostTests.EndToEnd;

namespace HostTests.Repository;

/// <summary>Each sample is built for an ESP32, or for a Pico without a line changed: which board file, which references and which System.Net are in it.</summary>
public sealed class SampleBoardTests : IDisposable
{
    private const string Samples = "firmware/samples";
    private const string Esp32Library = "nanoFramework.Hardware.Esp32";

    /// <summary>What the ESP32's board has and another has not: pins that the application chooses.</summary>
    private static readonly string[] s_chosenPins = ["Mosi", "Miso", "Clock"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sample-board-");

    public void Dispose() => _folder.Delete(true);

    [Theory]
    [InlineData("", "Board.cs", "Mirror")]
    [InlineData("SampleBoard=Esp32", "Board.cs", "Mirror")]
    [InlineData("SampleBoard=Esp32;SystemNetShape=Plain", "Board.cs", "Plain")]
    [InlineData("SampleBoard=Pico", "samples/pico/Board.cs", "Plain")]
    [InlineData("SampleBoard=pico", "samples/pico/Board.cs", "Plain")]
    [InlineData("SampleBoard=Pico;SystemNetShape=Mirror", "samples/pico/Board.cs", "Mirror")]
    public void The_property_picks_board_file_references_and_shape(string properties, string board, string shape)
    {
        string[] projects = Projects("*.nfproj", except: "*.Pico.nfproj");
        (int exitCode, string output) = Build(projects, properties);
        Assert.True(exitCode == 0, output);
        ILookup<string, string> items = Items(output);
        Assert.Equal(projects.Order(StringComparer.Ordinal), items.Select(group => group.Key).Order(StringComparer.Ordinal));
        foreach (string project in projects)
        {
            Assert.Equal([RepositoryFiles.FullPath("firmware/" + board)], items[project].Where(item => Path.GetFileName(item) == "Board.cs"));
            Assert.Equal(board == "Board.cs", items[project].Any(item => item.StartsWith(Esp32Library, StringComparison.Ordinal)));
            bool hasSystemNet = items[project].Any(item => Path.GetFileName(item) == "EthernetBoard.cs");
            Assert.Equal(hasSystemNet ? [$"System.Net.{shape}.nfproj"] : [], items[project].Select(item => Path.GetFileName(item)).Where(item => item.StartsWith("System.Net.", StringComparison.Ordinal) && item.EndsWith(".nfproj", StringComparison.Ordinal)));
        }

        Assert.Equal(7, projects.Count(project => items[project].Any(item => Path.GetFileName(item) == "EthernetBoard.cs")));
    }

    [Fact]
    public void A_project_of_a_Pico_is_the_samples_own_with_the_property()
    {
        string[] projects = Projects("*.Pico.nfproj");
        ILookup<string, string> items = Items(Build(projects, string.Empty).Output);
        ILookup<string, string> told = Items(Build([.. projects.Select(project => project.Replace(".Pico.nfproj", ".nfproj", StringComparison.Ordinal))], "SampleBoard=Pico").Output);
        Assert.NotEmpty(projects);
        Assert.All(projects, project => Assert.Equal(told[project.Replace(".Pico.nfproj", ".nfproj", StringComparison.Ordinal)].Order(), items[project].Order()));
        Assert.All(projects, project => Assert.Contains(RepositoryFiles.FullPath($"{Samples}/pico/Board.cs"), items[project]));
    }

    [Theory]
    [InlineData("SampleBoard=Pikachu", "TCPIP003")]
    [InlineData("SystemNetShape=Glass", "TCPIP004")]
    public void A_board_or_a_shape_that_is_not_there_is_an_error(string properties, string code)
    {
        (int exitCode, string output) = Build(Projects("WebServerSample.nfproj"), properties);
        Assert.NotEqual(0, exitCode);
        Assert.Contains(code, output, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_board_files_have_what_samples_ask_for()
    {
        string ours = File.ReadAllText(RepositoryFiles.FullPath($"{Samples}/pico/Board.cs"));
        string esp32 = File.ReadAllText(RepositoryFiles.FullPath("firmware/Board.cs"));
        Assert.Equal(Members(esp32).Except(s_chosenPins), Members(ours));
        Assert.DoesNotContain("using " + Esp32Library, ours, StringComparison.Ordinal);

        // who we are on the network is the same on both
        const string Network = "What the board is called";
        const string End = "public static byte[] CreateMacAddress";
        Assert.Equal(Between(esp32, Network, End), Between(ours, Network, End));
    }

    /// <summary>
    /// The clock divider of the Pico's firmware: a prescaler, an even number from 2 to 254, and a rate, 1 to 256, for which it looks in such a
    /// way that a clock is met only by the prescaler 2. Any other number ends at a rate of 256.
    /// </summary>
    [Fact]
    public void The_Picos_clock_is_one_that_its_firmware_meets()
    {
        const int PeripheralClock = 125_000_000;
        string ours = File.ReadAllText(RepositoryFiles.FullPath($"{Samples}/pico/Board.cs"));
        int clock = int.Parse(Regex.Match(ours, @"int SpiClockFrequency = ([0-9_]+);").Groups[1].Value.Replace("_", string.Empty, StringComparison.Ordinal), null);
        int[] others = [.. Regex.Matches(ours, @"(?<= )[0-9]+_[0-9_]+(?=[,.])").Select(match => int.Parse(match.Value.Replace("_", string.Empty, StringComparison.Ordinal), null))];
        Assert.Equal(3, others.Length);
        Assert.All([clock, .. others], f => Assert.InRange(PeripheralClock / 2 / (PeripheralClock / 2 / f), f, f));
        Assert.InRange(clock, 8_000_000, Iot.Device.Enc28j60.Enc28j60.MaximumSpiClockFrequency);
    }

    private static string[] Projects(string pattern, string? except = null)
    {
        string folder = RepositoryFiles.FullPath(Samples);
        string[] left = except == null ? [] : Directory.GetFiles(folder, except, SearchOption.AllDirectories);
        return [.. Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Except(left)];
    }

    private static IEnumerable<string> Members(string source) =>
        Regex.Matches(source, @"^        public (?:const|static) \S+ (\w+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value);

    private static string Between(string text, string begin, string end)
    {
        int start = text.IndexOf(begin, StringComparison.Ordinal);
        int stop = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(start >= 0 && stop > start, begin);
        return text[start..stop];
    }

    private static ILookup<string, string> Items(string output) => output.ReplaceLineEndings("\n").Split('\n')
        .Select(line => Regex.Match(line, @"^\s*item (?<project>[^|]+)\|(?<item>.+?)\s*$"))
        .Where(match => match.Success)
        .ToLookup(match => match.Groups["project"].Value, match => match.Groups["item"].Value);

    /// <summary>Evaluates projects as the nanoFramework tools would, with a compiler that only says what it was given.</summary>
    private (int ExitCode, string Output) Build(string[] projects, string properties)
    {
        string system = Path.Combine(_folder.FullName, "system") + Path.DirectorySeparatorChar;
        Directory.CreateDirectory(system);
        File.WriteAllText(Path.Combine(system, "NFProjectSystem.CSharp.targets"), """
            <Project><Target Name="CoreCompile">
              <Message Importance="high" Text="item $(MSBuildProjectFullPath)|%(Compile.FullPath)" />
              <Message Importance="high" Text="item $(MSBuildProjectFullPath)|%(Reference.Identity)" />
              <Message Importance="high" Text="item $(MSBuildProjectFullPath)|%(ProjectReference.FullPath)" />
            </Target></Project>
            """);
        string all = Path.Combine(_folder.FullName, "all.proj");
        string list = string.Concat(projects.Select(project => $"""<P Include="{project}" />"""));
        File.WriteAllText(all, $"""<Project><ItemGroup>{list}</ItemGroup><Target Name="Build"><MSBuild Projects="@(P)" Targets="CoreCompile" Properties="NanoFrameworkProjectSystemPath={system};{properties}" /></Target></Project>""");
        (int exitCode, string output, string errors) = Tool.Run(TimeSpan.FromMinutes(2), ["dotnet", "msbuild", all, "-nologo", "-v:minimal"]);
        return (exitCode, output + errors);
    }
}
