// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;

namespace HostTests.EndToEnd;

/// <summary>
/// Asks with <c>arping</c>. Two programs have this name, in Debian the packages iputils-arping and arping (by Thomas Habets): their options
/// and what they write are not the same.
/// </summary>
internal static class Arping
{
    private const string Mac = "0[0-9a-f]:28:60:00:00:01";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>The command line of whichever is installed.</summary>
    /// <param name="count">Number of requests.</param>
    /// <param name="network">The interface.</param>
    /// <param name="address">Who is asked.</param>
    public static string[] Command(int count, string network, string address)
    {
        // both write how they are used, one to its output and the other to its errors
        (_, string output, string errors) = Tool.Run(s_limit, ["arping", "-h"]);
        return Command((output + errors).Contains("Thomas Habets", StringComparison.Ordinal), count, network, address);
    }

    /// <summary>The command line of one of the two: that of iputils waits for as many replies within a time, the other sends so many requests.</summary>
    public static string[] Command(bool isHabets, int count, string network, string address) => isHabets
        ? ["arping", "-c", $"{count}", "-i", network, address]
        : ["arping", "-c", $"{count}", "-w", "20", "-I", network, address];

    /// <summary>The replies of the board, with its MAC address.</summary>
    public static int CountReplies(string output, string address) => Regex.Count(
        output,
        $@"reply from {Regex.Escape(address)} \[{Mac}\]|bytes from {Mac} \({Regex.Escape(address)}\)",
        RegexOptions.IgnoreCase);
}
