// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.EndToEnd;
using HostTests.Repository;

namespace HostTests.SystemNet;

/// <summary>A program that refers to two assemblies called System.Net is told so before the compiler lists each type.</summary>
public sealed class BuildCheckTests
{
    private const string Theirs = """<Reference Include="System.Net, Version=1.11.54.0"><HintPath>..\packages\nanoFramework.System.Net.1.11.54\lib\System.Net.dll</HintPath></Reference>""";
    private const string TheirsLater = """<Reference Include="System.Net, Version=3.0.1.0"><HintPath>..\packages\nanoFramework.System.Net.3.0.1\lib\System.Net.dll</HintPath></Reference>""";
    private const string TheirsByNameAlone = """<Reference Include="System.Net, Version=1.11.54.0, Culture=neutral, PublicKeyToken=c07d481e9758c731" />""";
    private const string TheirsByShortName = """<Reference Include="System.Net" />""";
    private const string TheirsByFile = """<Reference Include="..\libraries\System.Net.dll" />""";
    private const string TheirsByHintAlone = """<Reference Include="Sockets"><HintPath>C:\Users\O'Brien\.nuget\packages\nanoframework.system.net\1.11.60\lib\netnano1.0\System.Net.dll</HintPath></Reference>""";
    private const string TheirPackage = """<PackageReference Include="nanoFramework.System.Net" Version="1.11.54" />""";
    private const string TheirPackageInOtherLetters = """<PackageReference Include="nanoframework.system.net" Version="2.0.0-preview.7" ExcludeAssets="runtime" />""";
    private const string TheirPackageKeptOut = """<PackageReference Include="nanoFramework.System.Net" Version="1.11.54" ExcludeAssets="all" />""";
    private const string TheirProject = """<ProjectReference Include="..\..\System.Net\nanoFramework.System.Net\System.Net.nfproj" />""";
    private const string OtherOfTheirs = """
        <Reference Include="System.Net.Http"><HintPath>..\packages\nanoFramework.System.Net.Http.1.5.210\lib\System.Net.Http.dll</HintPath></Reference>
        <Reference Include="System.Net.Sockets.TcpClient, Version=1.1.126.0"><HintPath>..\packages\nanoframework.System.Net.Sockets.TcpClient.1.1.126\lib\System.Net.Sockets.TcpClient.dll</HintPath></Reference>
        <Reference Include="System.Net.Sockets.UdpClient" />
        <Reference Include="System.Net.WebSockets, Version=1.1.150.0"><HintPath>..\packages\nanoFramework.System.Net.WebSockets.Client.1.1.150\lib\System.Net.WebSockets.dll</HintPath></Reference>
        <Reference Include="..\nanoFramework.System.Net.1.Try\Mine.System.Net.dll" />
        <PackageReference Include="nanoFramework.System.Net.Http.Client" Version="1.5.210" />
        <ProjectReference Include="..\System.Net.Http\System.Net.Http.nfproj" />
        """;

    private const string Package = """<Reference Include="System.Net"><HintPath>..\packages\TcpIp.SystemNet.Mirror.0.1.0\lib\System.Net.dll</HintPath></Reference>""";
    private const string RestOfPackage = """<Reference Include="TcpIp"><HintPath>..\packages\TcpIp.SystemNet.Mirror.0.1.0\lib\TcpIp.dll</HintPath></Reference>""";
    private const string OtherPackage = """<Reference Include="System.Net"><HintPath>..\packages\TcpIp.SystemNet.Plain.0.1.0\lib\System.Net.dll</HintPath></Reference>""";
    private const string NewPackage = """<PackageReference Include="TcpIp.SystemNet.Mirror" Version="0.1.0" />""";
    private const string FoundInNewPackage = """<Reference Include="/home/me/.nuget/packages/tcpip.systemnet.mirror/0.1.0/lib/System.Net.dll" />""";
    private const string OurFile = """<Reference Include="System.Net"><HintPath>..\tcpip\stack\SystemNet\Mirror\bin\Release\System.Net.dll</HintPath></Reference>""";
    private const string Plain = """<ProjectReference Include="..\stack\SystemNet\Plain\System.Net.Plain.nfproj" />""";
    private const string Mirror = """<ProjectReference Include="..\stack\SystemNet\Mirror\System.Net.Mirror.nfproj" />""";

    private const string Told = """<Message Importance="high" Text="unify $(AutoUnifyAssemblyReferences), without $(NoWarn)" />""";

    [Theory]
    [InlineData(Theirs + OtherOfTheirs, null)]
    [InlineData(TheirPackage + TheirProject, null)]
    [InlineData(Plain + OtherOfTheirs, null)]
    [InlineData(Package + RestOfPackage + OtherOfTheirs, null)]
    [InlineData(OurFile + OtherOfTheirs, null)]
    [InlineData(NewPackage + FoundInNewPackage + OtherOfTheirs, null)]
    [InlineData(NewPackage + TheirPackageKeptOut, null)]
    [InlineData(Theirs + Mirror, "TCPIP001")]
    [InlineData(Theirs + Package, "TCPIP001")]
    [InlineData(TheirsLater + Plain, "TCPIP001")]
    [InlineData(TheirsByNameAlone + Mirror, "TCPIP001")]
    [InlineData(TheirsByShortName + Mirror, "TCPIP001")]
    [InlineData(TheirsByFile + Mirror, "TCPIP001")]
    [InlineData(TheirsByHintAlone + Mirror, "TCPIP001")]
    [InlineData(TheirPackage + Mirror, "TCPIP001")]
    [InlineData(TheirPackageInOtherLetters + NewPackage, "TCPIP001")]
    [InlineData(TheirProject + Plain, "TCPIP001")]
    [InlineData(Theirs + OurFile, "TCPIP001")]
    [InlineData(Mirror + Plain, "TCPIP002")]
    [InlineData(Package + Plain, "TCPIP002")]
    [InlineData(Package + OtherPackage, "TCPIP002")]
    [InlineData(OurFile + Plain, "TCPIP002")]
    [InlineData(NewPackage + OtherPackage, "TCPIP002")]
    public void Two_of_the_same_name_are_an_error(string references, string? code)
    {
        (bool succeeded, string output) = Build(references, null);
        Assert.True(code == null == succeeded, output);
        Assert.Contains(code ?? string.Empty, output, StringComparison.Ordinal);
        Assert.Equal(code == "TCPIP001", output.Contains("Take the reference to nanoFramework.System.Net out of Program.proj", StringComparison.Ordinal));
        Assert.Equal(code is "TCPIP001" or "TCPIP002", output.Contains("error TCPIP", StringComparison.Ordinal));
    }

    [Fact]
    public void Which_reference_it_is_is_told()
    {
        Assert.Contains("out of Program.proj, nanoFramework.System.Net;", Build(TheirPackage + Mirror, null).Output, StringComparison.Ordinal);
        Assert.Contains("out of Program.proj, System.Net, Version=1.11.54.0;", Build(Theirs + Mirror, null).Output, StringComparison.Ordinal);
    }

    /// <summary>NuGet writes the line for each library, and it does no harm: nothing is compiled from it.</summary>
    [Theory]
    [InlineData("nanoFramework.System.Net", Mirror, true)]
    [InlineData("nanoframework.system.net", Package, true)]
    [InlineData("nanoFramework.System.Net", OtherOfTheirs, false)]
    [InlineData("nanoFramework.System.Net.Http", Mirror, false)]
    [InlineData("nanoFramework.System.Net.Sockets.UdpClient", Mirror, false)]
    public void A_line_in_packages_config_is_told_and_may_stay(string id, string references, bool told)
    {
        (bool succeeded, string output) = Build(references, $"""<packages><package id="{id}" version="1.11.54" targetFramework="netnano1.0" /></packages>""");
        Assert.True(succeeded, output);
        Assert.Equal(told, output.Contains("packages.config lists nanoFramework.System.Net 1.11.54, which may stay", StringComparison.Ordinal));
    }

    [Fact]
    public void With_a_line_in_packages_config_the_reference_is_an_error_all_the_same()
    {
        (bool succeeded, string output) = Build(Theirs + Mirror, """<packages><package id="nanoFramework.System.Net" version="1.11.54" /></packages>""");
        Assert.False(succeeded);
        Assert.Contains("TCPIP001", output, StringComparison.Ordinal);
    }

    /// <summary>Of the libraries that were compiled against an older System.Net neither MSBuild nor the compiler warns.</summary>
    [Theory]
    [InlineData(Mirror + OtherOfTheirs, true)]
    [InlineData(NewPackage + FoundInNewPackage, true)]
    [InlineData(Theirs + OtherOfTheirs, false)]
    public void That_a_library_asks_for_an_older_one_is_no_warning(string references, bool ours)
    {
        (bool succeeded, string output) = Build(references, null);
        Assert.True(succeeded, output);
        Assert.Equal(ours, output.Contains("unify true, without ;1702", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_here_is_checked()
    {
        string common = File.ReadAllText(RepositoryFiles.FullPath("nfproj-settings/Common.props"));
        Assert.Contains("SystemNet.targets", common, StringComparison.Ordinal);
    }

    private static (bool Succeeded, string Output) Build(string references, string? packages)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("system-net-");
        try
        {
            string project = Path.Combine(folder.FullName, "Program.proj");
            string targets = RepositoryFiles.FullPath("nfproj-settings/SystemNet.targets");
            File.WriteAllText(project, $"""<Project><ItemGroup>{references}</ItemGroup><Target Name="CoreCompile">{Told}</Target><Import Project="{targets}" /></Project>""");
            if (packages != null)
            {
                File.WriteAllText(Path.Combine(folder.FullName, "packages.config"), packages);
            }

            (int exitCode, string output, string errors) = Tool.Run(TimeSpan.FromMinutes(2), ["dotnet", "msbuild", project, "-nologo", "-t:CoreCompile"]);
            return (exitCode == 0, output + errors);
        }
        finally
        {
            folder.Delete(true);
        }
    }
}
