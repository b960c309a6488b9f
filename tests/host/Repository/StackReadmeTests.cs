// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;

namespace HostTests.Repository;

/// <summary>The code in the stack's READMEs is what is compiled for the device and run by tests, to the letter.</summary>
public class StackReadmeTests
{
    private static readonly string[] s_readmes = ["stack/README.md", "stack/Dhcp/README.md", "stack/Dns/README.md", "stack/Mdns/README.md", "stack/Sntp/README.md", "stack/Threading/README.md", "stack/Http/README.md", "stack/HttpClient/README.md"];
    private const string Source = "tests/device/Examples.cs";

    [Fact]
    public void Every_example_is_compiled_code()
    {
        string[] printed = Regex.Matches(string.Concat(s_readmes.Select(Read)), @"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value.TrimEnd())
            .ToArray();
        string[] compiled = Regex.Matches(Read(Source), @"^ *// \[(\w+)\]\n(.*?)^ *// \[/\1\]", RegexOptions.Multiline | RegexOptions.Singleline)
            .Select(match => Dedent(match.Groups[2].Value))
            .ToArray();
        Assert.NotEmpty(printed);
        Assert.Empty(printed.Except(compiled));
        Assert.Empty(compiled.Except(printed));
    }

    private static string Read(string file) => File.ReadAllText(RepositoryFiles.FullPath(file)).Replace("\r\n", "\n");

    private static string Dedent(string text)
    {
        string[] lines = text.Trim('\n').TrimEnd().Split('\n');
        int indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : string.Empty));
    }
}
