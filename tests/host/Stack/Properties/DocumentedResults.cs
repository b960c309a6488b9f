// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using System.Xml.Linq;
using TcpIp.Sockets;

namespace HostTests.Stack.Properties;

/// <summary>
/// The errors that the comments of <see cref="SocketLayer"/> promise, read from the file that the compiler makes of them.
/// </summary>
internal sealed partial class DocumentedResults
{
    private static readonly SocketError[] s_ends =
    [
        SocketError.ConnectionRefused, SocketError.ConnectionReset, SocketError.ConnectionAborted, SocketError.TimedOut,
        SocketError.HostUnreachable, SocketError.NetworkUnreachable,
    ];

    private readonly Dictionary<string, HashSet<SocketError>> _results = [];

    private DocumentedResults()
    {
        string file = Path.ChangeExtension(typeof(SocketLayer).Assembly.Location, ".xml");
        Dictionary<string, string> texts = [];
        foreach (XElement member in XDocument.Load(file).Descendants("member"))
        {
            Match name = MethodName().Match(member.Attribute("name")!.Value);
            if (name.Success && member.Element("returns") is { } returns)
            {
                // a reference to another call stands for what that one says
                string text = string.Concat(returns.Nodes().Select(n => n is XElement e ? e.Attribute("cref")?.Value : n.ToString()));
                texts[name.Groups[1].Value] = texts.GetValueOrDefault(name.Groups[1].Value) + " " + text;
            }
        }

        foreach (string name in texts.Keys)
        {
            _results[name] = Read(texts, name);
        }
    }

    public static DocumentedResults Instance { get; } = new();

    /// <summary>A result is a count, a descriptor or an error that the call names.</summary>
    public void Check(string call, int result)
    {
        if (result < 0)
        {
            SocketError error = (SocketError)result;
            Assert.True(_results[call].Contains(error), $"{call} says {error}, which its comment does not");
        }
    }

    private static HashSet<SocketError> Read(Dictionary<string, string> texts, string name)
    {
        string text = texts[name];
        HashSet<SocketError> errors = [.. Enum.GetValues<SocketError>().Where(e => Regex.IsMatch(text, $@"\b{e}\b"))];
        if (text.Contains("why the connection ended") || text.Contains("ICMP error said"))
        {
            errors.UnionWith(s_ends);
        }

        foreach (string other in texts.Keys.Where(k => k != name && text.Contains("SocketLayer." + k + "(")))
        {
            errors.UnionWith(Read(texts, other));
        }

        return errors;
    }

    [GeneratedRegex(@"^M:TcpIp\.Sockets\.SocketLayer\.(\w+)(\(|$)")]
    private static partial Regex MethodName();
}
