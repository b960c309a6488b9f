// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Forward;

namespace HostTests.EndToEnd;

/// <summary>A board on a TAP device of a network namespace, and programs in the same.</summary>
internal sealed class TapBoard : IDisposable
{
    public const string Interface = "tap0";

    private static readonly TimeSpan s_pageLimit = TimeSpan.FromSeconds(30);

    private readonly BoardProcess _process;

    /// <summary>Starts a board.</summary>
    /// <param name="scenario">Name of the capture.</param>
    public TapBoard(string scenario)
    {
        Capture = OutputFolder.PathOf(scenario + ".pcapng");
        _process = new BoardProcess(NetworkNamespace.New, "--tap", Interface, "--address", "static", "--pcap", Capture);
        Assert.Equal(Url, _process.WaitUntilOpen());
    }

    public static string Address { get; } = IPv4Address.ToString(BoardSubnet.Board);

    public static string Url { get; } = $"http://{Address}/";

    /// <summary>The page without a script.</summary>
    public static string PageUrl { get; } = Url + "status";

    /// <summary>Path of the capture.</summary>
    public string Capture { get; }

    /// <summary>Runs a program in the namespace; fails if the program does.</summary>
    public string Run(TimeSpan limit, params string[] command)
    {
        (int exitCode, string output, string errors) = Tool.Run(limit, [.. NetworkNamespace.Of(_process.Id), .. command]);
        Assert.True(exitCode == 0, $"{string.Join(' ', command)}: exit code {exitCode}\n{output}\n{errors}\n{_process.Output}");
        return output;
    }

    public StatusPageText GetPage() => StatusPageText.Parse(Run(s_pageLimit, "curl", "--silent", "--show-error", "--max-time", "20", PageUrl));

    /// <summary>Ends the board and looks at what it left: frames, violations, capture.</summary>
    public void AssertClean(double repeatedPercent = 1)
    {
        StatusPageText? page = null;
        Assert.True(Eventually.Is(() => (page = GetPage()).AllFramesAreFree), $"The board lacks frames: {page}");

        // The exit code is 1 if the driver broke a rule of the chip.
        Assert.True(_process.Stop() == 0, _process.Output);
        Assert.EndsWith(" errors 0, violations 0", _process.Output.Split('\n')[^2], StringComparison.Ordinal);
        if (Tool.Exists("tshark"))
        {
            Tshark.AssertSound(Capture, repeatedPercent);
        }
    }

    public void Dispose() => _process.Dispose();
}
