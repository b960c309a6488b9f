// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using System.Text.RegularExpressions;
using HostTests.Repository;
using Xunit.Abstractions;

namespace HostTests.PacketWay;

/// <summary>The way of a packet that stack/README.md draws is the one that packets take: they are sent on it, and followed.</summary>
public sealed class PacketWayTests(ITestOutputHelper output)
{
    private const string Readme = "stack/README.md";
    private const string Update = "UPDATE_PACKETWAY";

    /// <summary>Every call of the journeys stands here, beside the tests.</summary>
    private const string AllCalls = "packet-way.txt";

    /// <summary>What the journeys are called in the drawing, and where each begins.</summary>
    private static readonly (string Title, string From)[] s_ways =
    [
        ("A segment with text arrives", "EthernetLayer.Receive"),
        ("The application reads it", "SocketLayer.Read"),
        ("The application writes", "SocketLayer.Write"),
        ("The next poll sends what was written", "TcpLayer.Poll"),
    ];

    [Fact]
    public void A_packet_takes_the_way_that_the_README_draws()
    {
        StringBuilder drawing = new();
        StringBuilder all = new();
        Call[][] journeys = TracedStack.Run();
        for (int i = 0; i < s_ways.Length; i++)
        {
            Call[] calls = Drawing.Under(journeys[i], s_ways[i].From);
            drawing.Append($"{s_ways[i].Title}\n\n{Drawing.Draw(Drawing.Steps(calls))}\n");
            string title = $"{s_ways[i].Title}: {Drawing.Count(calls)}";
            output.WriteLine($"{title}; with all that goes on meanwhile: {Drawing.Count(journeys[i])}");
            all.Append($"{title}\n\n{Drawing.Draw(calls)}\n");
        }

        string path = Path.Combine(AppContext.BaseDirectory, AllCalls);
        File.WriteAllText(path, all.ToString());
        output.WriteLine("All calls: " + path);
        CompareWithReadme(drawing.ToString().TrimEnd());
    }

    private static void CompareWithReadme(string drawing)
    {
        string file = RepositoryFiles.FullPath(Readme);
        string readme = File.ReadAllText(file).ReplaceLineEndings("\n");
        Regex block = new("(?<=<!-- " + Update + " -->\n```\n).*?(?=```\n)", RegexOptions.Singleline);
        Assert.Single(block.Matches(readme));
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            readme = block.Replace(readme, _ => drawing + "\n");
            File.WriteAllText(file, readme);
        }

        string[] drawn = block.Match(readme).Value.TrimEnd().Split('\n');
        string[] taken = drawing.Split('\n');
        int same = drawn.Zip(taken).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.True(
            same == drawn.Length && same == taken.Length,
            $"{Readme} ({Update}=1 mends it) draws\n  {drawn.ElementAtOrDefault(same)}\nand the packet takes\n  {taken.ElementAtOrDefault(same)}");
    }
}
