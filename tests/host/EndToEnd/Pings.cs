// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.RegularExpressions;

namespace HostTests.EndToEnd;

/// <summary>
/// Asks with <c>ping</c>. Once something was answered, that of iputils waits for the last answers for twice the longest time of an answer so
/// far, or for an interval: less than a busy PC takes to let somebody answer. So it is told to go on until so many were answered, and
/// whoever wants to know whether any was lost asks those who count.
/// </summary>
internal static partial class Pings
{
    private const string Deadline = "40";

    /// <summary>The command line that asks until so many were answered; it may have asked more often by then.</summary>
    /// <param name="count">Number of answers.</param>
    /// <param name="address">Who is asked.</param>
    /// <param name="options">What else is to be so.</param>
    public static string[] Command(int count, string address, params string[] options) => ["ping", "-n", "-c", $"{count}", "-w", Deadline, .. options, address];

    /// <summary>The number of answers.</summary>
    /// <param name="report">What ping wrote.</param>
    public static int CountReplies(string report)
    {
        Match match = Received().Match(report);
        Assert.True(match.Success, report);
        return int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"packets transmitted, (\d+) received")]
    private static partial Regex Received();
}
