// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using VirtualBoard;
using VirtualBoard.Forward;

namespace HostTests.EndToEnd;

/// <summary>Each status of the web server as curl sees it, and its bodies both ways; over loopback, a second stack, the wire and the chip.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class CurlTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    [ToolFact("curl")]
    public void Each_status_is_there()
    {
        using var host = new VirtualBoardHost(firmware: HandlerFirmware.Run);
        using var forwarder = new Forwarder(host.Wire, 0, 4);
        host.Start();
        Assert.True(forwarder.WaitUntilReady(s_limit));
        string url = $"http://127.0.0.1:{forwarder.Port}";
        string big = new('x', 3000);

        (string Status, string[] Arguments)[] all =
        [
            ("200", [url + "/"]),
            ("200", ["-I", url + "/"]),
            ("204", ["-X", "OPTIONS", url + "/form"]),
            ("304", ["-H", "If-None-Match: *", url + "/"]),
            ("400", ["-H", "Host: a b", url + "/"]),
            ("400", ["-H", "Transfer-Encoding: chunked", "-H", "Content-Length: 1", "-d", "x", url + "/echo"]),
            ("401", [url + "/secret"]),
            ("401", ["-u", "user:wrong1", url + "/secret"]),
            ("200", ["-u", "user:secret", url + "/secret"]),
            ("404", [url + "/none"]),
            ("405", ["-X", "DELETE", url + "/"]),
            ("411", ["-X", "POST", url + "/form"]),
            ("413", ["-d", big, url + "/form"]),
            ("414", [url + "/?" + big]),
            ("415", ["-H", "Content-Type: text/plain", "-d", "on=1", url + "/form"]),
            ("417", ["-H", "Expect: the unexpected", "-d", "on=1", url + "/form"]),
            ("431", ["-H", "X: " + big + big + big, url + "/"]),
            ("500", [url + "/throws"]),
            ("501", ["-X", "BREW", url + "/"]),
            ("503", [url + "/events"]),
            ("200", ["-H", "Transfer-Encoding: chunked", "-d", "on=1", url + "/form"]),
        ];
        foreach ((string status, string[] arguments) in all)
        {
            Assert.Equal(status, Curl(["-o", "/dev/null", "-w", "%{http_code}", .. arguments]));
        }

        // what is sent comes back, asked for first, counted and in chunks; and two requests share a connection
        Assert.Equal(big, Curl(["-H", "Expect: 100-continue", "-d", big, url + "/echo"]));
        Assert.Equal(big, Curl(["-H", "Transfer-Encoding: chunked", "-d", big, url + "/echo"]));
        Assert.Equal("1", Curl(["-d", "a=b&on=%31", url + "/form"]));
        string words = Curl(["-v", url + "/", url + "/none", url + "/"], errors: true);
        Assert.Equal(2, Regex.Count(words, "Re-using existing"));
    }

    private static string Curl(string[] arguments, bool errors = false)
    {
        (int exitCode, string output, string words) = Tool.Run(s_limit, ["curl", "-s", "-S", "--path-as-is", "--max-time", "20", .. arguments]);
        Assert.True(exitCode is 0, $"curl {string.Join(' ', arguments)}: {exitCode} {words}");
        return errors ? words : output.TrimEnd();
    }
}
