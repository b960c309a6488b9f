// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.RegularExpressions;

namespace HostTests.EndToEnd;

/// <summary>What the board's page says about the board.</summary>
internal sealed partial record StatusPageText(int FreeFrames, int TotalFrames, int PagesServed)
{
    public const string Title = "ENC28J60 on nanoFramework";

    private const string Heading = "<h1>Hello from a managed TCP/IP stack</h1>";

    public bool AllFramesAreFree => FreeFrames == TotalFrames;

    /// <summary>Reads the page; fails if it is not the page.</summary>
    public static StatusPageText Parse(string html)
    {
        Assert.StartsWith("<!DOCTYPE html>", html, StringComparison.Ordinal);
        Assert.EndsWith("without one allocation.\n", html, StringComparison.Ordinal);
        Assert.Contains("<title>" + Title + "</title>", html, StringComparison.Ordinal);
        Assert.Contains(Heading, html, StringComparison.Ordinal);
        Assert.Matches(@"<td>Link<td>\s*up<tr>", html);
        Match frames = Frames().Match(html);
        Match served = Served().Match(html);
        Assert.True(frames.Success && served.Success, html);
        return new StatusPageText(Number(frames.Groups[1]), Number(frames.Groups[2]), Number(served.Groups[1]));
    }

    private static int Number(Group group) => int.Parse(group.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<td>Free frames<td>\s*(\d+) of (\d+)<")]
    private static partial Regex Frames();

    [GeneratedRegex(@"<td>Pages served<td>\s*(\d+)<")]
    private static partial Regex Served();
}
