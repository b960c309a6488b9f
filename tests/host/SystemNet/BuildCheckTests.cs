// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.EndToEnd;
using HostTests.Repository;

namespace HostTests.SystemNet;

/// <summary>A program that refers to two assemblies called System.Net is told so before the compiler lists each type.</summary>
public sealed class BuildCheckTests
{
    private const string Theirs = """<Reference Include="System.Net, Version=1.11.54.0"><HintPath>..\packages\nanoFramework.System.Net.1.11.54\lib\System.Net.dll</HintPath></Reference>""";
    private const string OtherOfTheirs = """<Reference Include="System.Net.Http"><HintPath>..\packages\nanoFramework.System.Net.Http.1.5.210\lib\System.Net.Http.dll</HintPath></Reference>""";
    private const string Package = """<Reference Include="System.Net"><HintPath>..\packages\TcpIp.SystemNet.Mirror.0.1.0\lib\System.Net.dll</HintPath></Reference>""";
    private const string RestOfPackage = """<Reference Include="TcpIp"><HintPath>..\packages\TcpIp.SystemNet.Mirror.0.1.0\lib\TcpIp.dll</HintPath></Reference>""";
    private const string OtherPackage = """<Reference Include="System.Net"><HintPath>..\packages\TcpIp.SystemNet.Plain.0.1.0\lib\System.Net.dll</HintPath></Reference>""";
    private const string Plain = """<ProjectReference Include="..\stack\SystemNet\Plain\System.Net.Plain.nfproj" />""";
    private const string Mirror = """<ProjectReference Include="..\stack\SystemNet\Mirror\System.Net.Mirror.nfproj" />""";

    [Theory]
    [InlineData(Theirs + OtherOfTheirs, null)]
    [InlineData(Plain + OtherOfTheirs, null)]
    [InlineData(Package + RestOfPackage + OtherOfTheirs, null)]
    [InlineData(Theirs + Mirror, "TCPIP001")]
    [InlineData(Theirs + Package, "TCPIP001")]
    [InlineData(Mirror + Plain, "TCPIP002")]
    [InlineData(Package + Plain, "TCPIP002")]
    [InlineData(Package + OtherPackage, "TCPIP002")]
    public void Two_of_the_same_name_are_an_error(string references, string? code)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("system-net-");
        try
        {
            string project = Path.Combine(folder.FullName, "Program.proj");
            string targets = RepositoryFiles.FullPath("nfproj-settings/SystemNet.targets");
            File.WriteAllText(project, $"""<Project><ItemGroup>{references}</ItemGroup><Target Name="CoreCompile" /><Import Project="{targets}" /></Project>""");
            (int exitCode, string output, string errors) = Tool.Run(TimeSpan.FromMinutes(2), ["dotnet", "msbuild", project, "-nologo", "-t:CoreCompile"]);
            Assert.Equal(code == null, exitCode == 0);
            Assert.Contains(code ?? string.Empty, output + errors, StringComparison.Ordinal);
            Assert.Equal(code == "TCPIP001", (output + errors).Contains("Take the Reference with the HintPath to nanoFramework.System.Net out of Program.proj", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void Every_project_here_is_checked()
    {
        string common = File.ReadAllText(RepositoryFiles.FullPath("nfproj-settings/Common.props"));
        Assert.Contains("SystemNet.targets", common, StringComparison.Ordinal);
    }
}
