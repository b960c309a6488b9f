// Licensed under the MIT license. See LICENSE in the repository root.

extern alias bareserver;
extern alias socketecho;
extern alias socketwalk;

namespace VirtualBoard;

/// <summary>The programs of <c>firmware/samples</c>, which run in place of the firmware.</summary>
public static class Samples
{
    private static readonly Dictionary<string, Action> s_programs = new()
    {
        ["bare-server"] = bareserver::BareServer.Program.Main,
        ["echo"] = Echo.Program.Main,
        ["ping"] = Ping.Program.Main,
        ["post-reading"] = PostReading.Program.Main,
        ["rest-server"] = RestServer.Program.Main,
        ["socket-echo"] = socketecho::SocketEcho.Program.Main,
        ["socket-walk"] = socketwalk::SocketWalk.Program.Main,
        ["udp-sensor"] = UdpSensor.Program.Main,
        ["walk"] = Walk.Program.Main,
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => s_programs.Keys.Order(StringComparer.Ordinal);

    /// <summary>The names of those that need nanoFramework's own libraries, of which there are none for a PC.</summary>
    public static IEnumerable<string> OnBoardsOnly { get; } = ["http-client", "listener-echo", "m2mqtt", "multicast-dns", "web-server"];

    /// <summary>Finds a sample.</summary>
    /// <returns>Its entry point, or null if there is none of this name.</returns>
    public static Action? Find(string name) => s_programs.GetValueOrDefault(name);
}
