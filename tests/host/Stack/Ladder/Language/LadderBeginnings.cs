// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Ladder.Language;

/// <summary>The lines that lead to each state, for <c>given</c>.</summary>
internal static class LadderBeginnings
{
    private const string UsualSyn = "win 8192 <mss 1460>";

    private static readonly string[] s_listen = ["listen 80 backlog 4"];

    private static readonly string[] s_synReceived = [.. s_listen, "< S 0:0(0) " + UsualSyn, "> S. 0:0(0) ack 1"];

    private static readonly string[] s_established = [.. s_synReceived, "< . 1:1(0) ack 1", "accept"];

    private static readonly string[] s_finWait1 = [.. s_established, "shutdown", "> F. 1:1(0) ack 1"];

    private static readonly string[] s_finWait2 = [.. s_finWait1, "< . 1:1(0) ack 2"];

    private static readonly string[] s_closeWait = [.. s_established, "< F. 1:1(0) ack 1", "> . 1:1(0) ack 2"];

    private static readonly string[] s_synSent = ["connect", "> S 0:0(0)"];

    /// <summary>
    /// The lines for a state, or for a state that is reached by our own <c>connect</c>; with what the peer's SYN says, if it is not the usual.
    /// </summary>
    public static string[] Lines(string given)
    {
        string[] parts = given.Split(" with ");
        return parts.Length == 1 ? Lines(given, given) : [.. Lines(parts[0], given).Select(line => line.Replace(UsualSyn, parts[1]))];
    }

    /// <summary>The handshake of a peer, whose SYN may say something of its own.</summary>
    public static string[] Handshake(string peer, string syn) =>
        [$"{peer}< S 0:0(0) {(syn.Length == 0 ? "win 8192" : syn)}", $"{peer}> S. 0:0(0) ack 1", $"{peer}< . 1 ack 1"];

    private static string[] Lines(string state, string given)
    {
        return state switch
        {
            "CLOSED" => [],
            "LISTEN" => s_listen,
            "SYN-SENT" => s_synSent,
            "SYN-RECEIVED" => s_synReceived,
            "SYN-RECEIVED by connect" => [.. s_synSent, "< S 0:0(0) " + UsualSyn, "> S. 0:0(0) ack 1"],
            "ESTABLISHED" => [.. s_established, "state ESTABLISHED"],
            "ESTABLISHED by connect" => [.. s_synSent, "< S. 0:0(0) ack 1 " + UsualSyn, "> . 1:1(0) ack 1", "state ESTABLISHED"],
            "FIN-WAIT-1" => [.. s_finWait1, "state FIN-WAIT-1"],
            "FIN-WAIT-2" => [.. s_finWait2, "state FIN-WAIT-2"],
            "CLOSING" => [.. s_finWait1, "< F. 1:1(0) ack 1", "> . 2:2(0) ack 2", "state CLOSING"],
            "TIME-WAIT" => [.. s_finWait2, "< F. 1:1(0) ack 2", "> . 2:2(0) ack 2", "state TIME-WAIT"],
            "CLOSE-WAIT" => [.. s_closeWait, "state CLOSE-WAIT"],
            "LAST-ACK" => [.. s_closeWait, "shutdown", "> F. 1:1(0) ack 2", "state LAST-ACK"],
            _ => throw new FormatException("nobody knows how to get to " + given),
        };
    }
}
