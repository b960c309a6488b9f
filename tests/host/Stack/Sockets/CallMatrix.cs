// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Repository;
using TcpIp.Sockets;

namespace HostTests.Stack.Sockets;

/// <summary>A table of stack/README.md with a row for each state and a column for one or more calls.</summary>
internal sealed class CallMatrix
{
    /// <summary>The call does its work.</summary>
    public const string Allowed = "yes";

    /// <summary>The call says 0.</summary>
    public const string Zero = "0";

    /// <summary>The call says why the connection ended.</summary>
    public const string Why = "why";

    private readonly List<string[]> _rows;

    private CallMatrix(List<string[]> rows) => _rows = rows;

    public IEnumerable<string> States => _rows.Skip(1).Select(row => row[0]);

    public IEnumerable<string> Calls => _rows[0].Skip(1).SelectMany(CallsOf);

    /// <summary>Reads the table whose first state this is.</summary>
    public static CallMatrix Read(string firstState)
    {
        string[] lines = Lines();
        int first = Array.FindIndex(lines, line => line.StartsWith("| " + firstState + " |", StringComparison.Ordinal));
        Assert.True(first > 1, "stack/README.md has no table that begins with " + firstState);
        return new([Cells(lines[first - 2]), .. lines.Skip(first).TakeWhile(line => line.StartsWith('|')).Select(Cells)]);
    }

    /// <summary>Which kinds of sockets have a call.</summary>
    public static SocketType[] KindsOf(string call)
    {
        string[][] rows = [.. Lines().SkipWhile(line => !line.StartsWith("| calls |", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|')).Select(Cells)];
        string[] row = Assert.Single(rows, r => CallsOf(r[0]).Contains(call));
        return [.. Enum.GetValues<SocketType>().Where(kind => row[1 + (int)kind] == Allowed)];
    }

    public string Cell(string state, string call)
    {
        string[] row = Assert.Single(_rows, r => r[0] == state);
        return row[Array.FindIndex(_rows[0], 1, cell => CallsOf(cell).Contains(call))];
    }

    private static string[] Lines() => File.ReadAllText(RepositoryFiles.FullPath("stack/README.md")).ReplaceLineEndings("\n").Split('\n');

    private static string[] Cells(string line) => [.. line.Split('|')[1..^1].Select(cell => cell.Trim())];

    /// <summary>The calls stand before the first semicolon.</summary>
    private static string[] CallsOf(string cell) => cell.Split(';')[0].Replace("`", string.Empty, StringComparison.Ordinal).Split(", ");
}
