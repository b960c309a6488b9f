// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Commands;

/// <summary>Reads commands line by line, has them done, and writes the answers.</summary>
internal static class LineSource
{
    private const int LongestLine = 1000;

    /// <summary>Goes on until the lines end.</summary>
    /// <param name="lines">Where they come from.</param>
    /// <param name="answers">Where answers go.</param>
    /// <param name="commands">What does them.</param>
    public static void Follow(TextReader lines, TextWriter answers, BoardCommands commands)
    {
        string? line;
        while ((line = lines.ReadLine()) is not null)
        {
            string? answer = line.Length > LongestLine ? "error: the line is too long." : commands.Execute(line);
            if (answer is not null)
            {
                answers.WriteLine(answer);
                answers.Flush();
            }
        }
    }
}
