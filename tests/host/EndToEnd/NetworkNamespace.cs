// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.EndToEnd;

/// <summary>
/// How to start a process in a network namespace of its own, and others in the same. The namespace has no name and no way out, and is gone
/// with its last process: nothing is left behind, whatever happens.
/// </summary>
internal static class NetworkNamespace
{
    private const string TunDevice = "/dev/net/tun";

    private static readonly TimeSpan s_probeLimit = TimeSpan.FromSeconds(20);

    // Root makes a network namespace as it is. Others need a user namespace around it, in which they are root.
    private static readonly string[] s_enterNew = Environment.IsPrivilegedProcess ? ["unshare", "--net"] : ["unshare", "--map-root-user", "--net"];

    private static readonly string[] s_enterOther = Environment.IsPrivilegedProcess
        ? ["nsenter", "--net"]
        : ["nsenter", "--user", "--preserve-credentials", "--net"];

    /// <summary>Starts a command in a new namespace.</summary>
    public static string[] New => s_enterNew;

    /// <summary>Starts a command in the namespace of a process.</summary>
    public static string[] Of(int process) => [.. s_enterOther, "--target", $"{process}", "--"];

    /// <summary>Why this cannot work here, or null if it can.</summary>
    public static string? FindObstacle()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "TAP devices are there on Linux only.";
        }

        if (!File.Exists(TunDevice))
        {
            return $"There is no {TunDevice}: load the kernel's module tun, or give the container the device.";
        }

        foreach (string tool in (string[])["unshare", "nsenter", "ip"])
        {
            if (!Tool.Exists(tool))
            {
                return $"{tool} is not installed (packages util-linux and iproute2).";
            }
        }

        (int exitCode, _, string errors) = Tool.Run(s_probeLimit, [.. New, "ip", "tuntap", "add", "dev", "probe0", "mode", "tap"]);
        return exitCode == 0 ? null : $"This user cannot make a TAP device in a network namespace of its own: {errors.Trim()}";
    }
}
