// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>A second opinion on what was on the wire.</summary>
internal static class Tshark
{
    /// <summary>
    /// A kernel whose sum comes out as 0 writes its other name, all ones, once in 65536 segments: tshark would have it the first way, and calls it bad.
    /// </summary>
    private const string AllOnes = "tcp.checksum == 0xffff";

    private const string Damaged =
        "_ws.malformed || ip.checksum.status == \"Bad\" || (tcp.checksum.status == \"Bad\" && !(" + AllOnes + ")) || udp.checksum.status == \"Bad\" "
        + "|| icmp.checksum.status == \"Bad\" || arp.duplicate-address-detected";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(120);

    /// <summary>Frames that are malformed or have a bad checksum, a line each.</summary>
    public static string FindDamaged(string file) => Run(file, "-Y", Damaged);

    /// <summary>Number of frames that a display filter selects.</summary>
    public static int Count(string file, string filter) =>
        Run(file, "-Y", filter, "-T", "fields", "-e", "frame.number").Count(c => c == '\n');

    /// <summary>Values of a field in the frames that a filter selects.</summary>
    public static string[] Fields(string file, string filter, string field) =>
        Run(file, "-Y", filter, "-T", "fields", "-e", field).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Fails if anything on the wire is not as it should be. On a good wire nothing is lost, so hardly anything may be sent twice; a busy
    /// PC may make someone impatient now and then.
    /// </summary>
    /// <param name="file">The capture.</param>
    /// <param name="repeatedPercent">Percent of the TCP segments that may be repetitions.</param>
    public static void AssertSound(string file, double repeatedPercent)
    {
        string damaged = FindDamaged(file);
        Assert.True(damaged.Length == 0, damaged);

        // That nothing is bad means something only if everything was checked.
        Assert.Equal(Count(file, "ip"), Count(file, "ip.checksum.status == \"Good\""));
        int segments = Count(file, "tcp");
        Assert.Equal(segments, Count(file, "tcp.checksum.status == \"Good\" || " + AllOnes));

        string repeated = Run(file, "-Y", "tcp.analysis.retransmission || tcp.analysis.spurious_retransmission");
        int count = repeated.Count(c => c == '\n');
        Assert.True(count <= 2 + (segments * repeatedPercent / 100), $"{count} of {segments} segments are repetitions:\n{repeated}");
    }

    private static string Run(string file, params string[] arguments)
    {
        (int exitCode, string output, string errors) = Tool.Run(s_limit,
        [
            "tshark", "-n", "-r", file, "-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE", .. arguments,
        ]);
        Assert.True(exitCode == 0, errors);
        return output;
    }
}
