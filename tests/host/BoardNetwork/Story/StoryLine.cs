// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;

namespace HostTests.BoardNetwork.Story;

/// <summary>
/// A line of the story: when, and what. '&gt;' is a frame of the board, '&lt;' one of somebody else, '"' a line of the board's console, '*' what else happens. What
/// one frame says may go on in further lines, which have no time.
/// </summary>
/// <param name="Time">Milliseconds since the power came.</param>
/// <param name="Kind">Which of them.</param>
/// <param name="Text">What.</param>
/// <param name="Before">Comments and empty lines before it, as they stand.</param>
internal sealed record StoryLine(int Time, char Kind, string Text, string Before)
{
    private const int TextColumn = 10;
    private static readonly string s_indent = new(' ', TextColumn + 6);

    /// <summary>Whether somebody else acts, and not the board.</summary>
    public bool IsAction => Kind is '<' or '*';

    /// <summary>Reads the story.</summary>
    public static List<StoryLine> Read(string story)
    {
        List<StoryLine> lines = [];
        string before = string.Empty;
        foreach (string line in story.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                before += line + "\n";
            }
            else if (line.StartsWith(s_indent, StringComparison.Ordinal))
            {
                lines[^1] = lines[^1] with { Text = lines[^1].Text + "\n" + line.Trim() };
            }
            else
            {
                string[] parts = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries);
                int time = (int)Math.Round(double.Parse(parts[0], CultureInfo.InvariantCulture) * 1000);
                lines.Add(new StoryLine(time, parts[1][0], parts[2], before));
                before = string.Empty;
            }
        }

        return lines;
    }

    /// <summary>The line as it stands in the story, comments before it included.</summary>
    public string Write() => Before + this + "\n";

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Time / 1000.0).ToString("0.000", CultureInfo.InvariantCulture),7} {Kind} {Text.Replace("\n", "\n" + s_indent)}";
}
