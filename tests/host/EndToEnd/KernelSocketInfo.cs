// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.RegularExpressions;

namespace HostTests.EndToEnd;

/// <summary>What the kernel thinks of a connection with the stack, as <c>ss</c> tells it.</summary>
/// <param name="Text">All of it.</param>
internal sealed record KernelSocketInfo(string Text)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>Gets a value indicating whether the kernel may use selective acknowledgments.</summary>
    public bool Sack => Regex.IsMatch(Text, @"\bsack\b");

    /// <summary>Gets the bytes of text that the kernel puts into a segment.</summary>
    public int Mss => (int)Number(@"\bmss:(\d+)");

    /// <summary>Gets the congestion window in segments.</summary>
    public int CongestionWindow => (int)Number(@"\bcwnd:(\d+)");

    /// <summary>Gets the smoothed round trip time in milliseconds; 0 before it is measured.</summary>
    public double RoundTripTime => Number(@"\brtt:([\d.]+)");

    /// <summary>Gets the retransmission timeout in milliseconds.</summary>
    public double RetransmissionTimeout => Number(@"\brto:([\d.]+)");

    /// <summary>Gets the segments with text that were sent to the stack.</summary>
    public int SegmentsSent => (int)Number(@"\bdata_segs_out:(\d+)");

    /// <summary>Gets the segments with text that came from the stack.</summary>
    public int SegmentsReceived => (int)Number(@"\bdata_segs_in:(\d+)");

    /// <summary>Gets the number of segments that were sent again.</summary>
    public int Retransmitted => (int)Number(@"\bretrans:\d+/(\d+)");

    /// <summary>Gets the number of segments that came out of order.</summary>
    public int OutOfOrder => (int)Number(@"\brcv_ooopack:(\d+)");

    /// <summary>Gets the bytes that the stack has acknowledged.</summary>
    public long Acknowledged => (long)Number(@"\bbytes_acked:(\d+)");

    /// <summary>Gets the bytes that the stack has sent.</summary>
    public long Received => (long)Number(@"\bbytes_received:(\d+)");

    /// <summary>Gets the milliseconds in which the kernel could not send because the stack's window was full.</summary>
    public long WindowLimitedMs => (long)Number(@"\brwnd_limited:(\d+)ms");

    /// <summary>All connections of a namespace that are open.</summary>
    public static IReadOnlyList<KernelSocketInfo> ReadAll(KernelNamespace network)
    {
        (int exitCode, string output, string errors) =
            network.Run(s_limit, "ss", "--tcp", "--info", "--numeric", "--options", "--no-header", "state", "connected");
        Assert.True(exitCode == 0, errors);

        // A connection is a line, and what follows it with a tab in front.
        return
        [
            .. Regex.Split(output, @"\n(?!\s)")
                .Where(text => text.Contains(" cwnd:", StringComparison.Ordinal))
                .Select(text => new KernelSocketInfo(text)),
        ];
    }

    private double Number(string pattern)
    {
        Match match = Regex.Match(Text, pattern);
        return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
    }
}
