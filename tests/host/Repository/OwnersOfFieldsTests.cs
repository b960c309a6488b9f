// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Mono.Cecil;
using Xunit;

namespace HostTests.Repository;

/// <summary>
/// Each field of the stack has one owner: the only class that writes it, in the folder of the field's class. Those that have none, and
/// why, stand in OwnersOfFields.txt; a list that is to become shorter.
/// </summary>
public sealed class OwnersOfFieldsTests
{
    private const string List = "tests/host/Repository/OwnersOfFields.txt";
    private const string Update = "UPDATE_OWNERS";
    private const string NoReason = "say why";

    [Fact]
    public void Each_field_has_one_owner()
    {
        string file = RepositoryFiles.FullPath(List);
        string listed = File.ReadAllText(file).ReplaceLineEndings("\n");
        string actual = Render(FieldWriters.WithoutOwner(Path.Combine(AppContext.BaseDirectory, "TcpIp.dll")), Headings(listed));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(file, actual);
            listed = actual;
        }

        string[] before = listed.Split('\n');
        string[] after = actual.Split('\n');
        string wrong = string.Concat(after.Except(before).Select(line => $"\n  not in the list: {line}")
            .Concat(before.Except(after).Select(line => $"\n  no longer so: {line}")));
        Assert.True(wrong.Length == 0, $"{List} ({Update}=1 rewrites it, if a field cannot have one owner):{wrong}");
        Assert.DoesNotContain(NoReason, listed, StringComparison.Ordinal);
    }

    [Fact]
    public void The_README_says_who_owns_each_variable_of_a_connection()
    {
        string file = RepositoryFiles.FullPath("stack/README.md");
        string readme = File.ReadAllText(file).ReplaceLineEndings("\n");
        int start = readme.IndexOf("```\n", readme.IndexOf("### Who owns the variables of a connection", StringComparison.Ordinal), StringComparison.Ordinal) + 4;
        string drawn = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)];
        SortedDictionary<string, string[]> owners = FieldWriters.Of(Path.Combine(AppContext.BaseDirectory, "TcpIp.dll"), nameof(TcpIp.Tcp.TcpControlBlock));
        string actual = string.Concat(owners.Select(owner => $"{owner.Key,-22} {string.Join(", ", owner.Value)}\n"));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(file, readme[..start] + actual + readme[(start + drawn.Length)..]);
            drawn = actual;
        }

        Assert.Equal(actual, drawn);
    }

    [Fact]
    public void A_field_without_an_owner_is_found()
    {
        using ModuleDefinition module = ModuleDefinition.ReadModule(typeof(OwnersOfFieldsTests).Assembly.Location);
        TypeDefinition[] types = [.. module.GetType(typeof(OwnersOfFieldsTests).FullName).NestedTypes];
        Assert.Equal(
            "[Shared] say why\nByBoth: Owner, Shared\nProperty: Other, Owner\n",
            Render(FieldWriters.WithoutOwner(types), []));
    }

    /// <summary>The lines before the first field of each type: its name and the reason.</summary>
    private static Dictionary<string, string> Headings(string list)
    {
        return list.Split('\n').Where(line => line.StartsWith('[')).ToDictionary(line => line[1..line.IndexOf(']')]);
    }

    private static string Render(SortedDictionary<string, SortedDictionary<string, string[]>> fields, Dictionary<string, string> headings)
    {
        StringBuilder text = new();
        foreach ((string type, SortedDictionary<string, string[]> members) in fields)
        {
            text.Append(text.Length > 0 ? "\n" : string.Empty).Append(headings.GetValueOrDefault(type, $"[{type}] {NoReason}")).Append('\n');
            foreach ((string member, string[] writers) in members)
            {
                text.Append($"{member}: {string.Join(", ", writers)}\n");
            }
        }

        return text.ToString();
    }

    private class Shared
    {
        internal int ByOne;
        internal int ByBoth;
        internal int ByDerived;

        internal Shared()
        {
            ByOne = 1;
        }

        internal int Property { get; set; }

        internal void Write() => ByBoth = 1;

        internal void Reset() => ByOne = 0;
    }

    private sealed class Derived : Shared
    {
        internal void WriteInherited() => ByDerived = 1;
    }

    private sealed class Owner
    {
        internal static void Write(Shared shared)
        {
            shared.ByOne++;
            shared.ByBoth++;
            shared.Property++;
        }
    }

    private sealed class Other
    {
        internal static void Write(Shared shared) => shared.Property = 2;
    }
}
