// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Mono.Cecil;
using Mono.Cecil.Rocks;

namespace HostTests.PacketWay;

/// <summary>What the documentation comments say of methods, from the file that the compiler makes of them.</summary>
internal sealed partial class Summaries
{
    private readonly Dictionary<string, string> _summaries;

    public Summaries(string path)
    {
        _summaries = XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") != null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => FirstSentence(member.Element("summary")!));
    }

    /// <summary>The first sentence on a method, or on the one that it overrides.</summary>
    public string Of(MethodDefinition method)
    {
        for (TypeDefinition? type = method.DeclaringType; type != null; type = type.BaseType as TypeDefinition)
        {
            MethodDefinition? same = type == method.DeclaringType
                ? method
                : type.Methods.FirstOrDefault(m => m.IsVirtual && m.Name == method.Name && m.Parameters.Count == method.Parameters.Count);
            if (same != null && _summaries.TryGetValue(DocCommentId.GetDocCommentId(same), out string? summary))
            {
                return summary;
            }
        }

        return string.Empty;
    }

    private static string FirstSentence(XElement summary)
    {
        foreach (XElement reference in summary.Descendants("see").ToArray())
        {
            reference.ReplaceWith(((string?)reference.Attribute("cref") ?? string.Empty).Split('(')[0].Split('.', ':')[^1]);
        }

        string text = Blanks().Replace(summary.Value, " ").Trim();
        int end = text.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? text : text[..end]).TrimEnd('.');
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
