// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text.RegularExpressions;
using HostTests.Repository;

namespace HostTests.BoardNetwork.Story;

/// <summary>The story of a board, from the cable to the page, that firmware/README.md tells as a ladder: here it is played, frame by frame.</summary>
public sealed class BoardStoryTests
{
    private const string Readme = "firmware/README.md";
    private const string Update = "UPDATE_STORY";

    // what a transfer less over SPI makes of a time is no other story
    private const int Tolerance = 5;

    [Fact]
    public void A_board_does_what_the_README_tells_frame_by_frame()
    {
        string file = RepositoryFiles.FullPath(Readme);
        string readme = File.ReadAllText(file).ReplaceLineEndings("\n");
        Regex block = new("(?<=<!-- " + Update + " -->\n```\n).*?(?=```\n)", RegexOptions.Singleline);
        string story = Assert.Single(block.Matches(readme)).Value;
        StoryPlay play = new();
        List<StoryLine> told = StoryLine.Read(story.TrimEnd());
        List<StoryLine> played = play.Run(told);
        if (Environment.GetEnvironmentVariable(Update) == "1")
        {
            File.WriteAllText(file, block.Replace(readme, _ => string.Concat(played.Select(l => l.Write()))));
            told = played;
        }

        foreach ((StoryLine line, StoryLine happened) in told.Zip(played))
        {
            bool same = line.Text == happened.Text && Math.Abs(line.Time - happened.Time) <= Tolerance;
            Assert.True(same, $"{Readme} ({Update}=1 mends times and words) tells\n{line}\nand this happens\n{happened}");
        }

        CheckEnd(play);
    }

    /// <summary>What the lines mean for the board and for the browser.</summary>
    private static void CheckEnd(StoryPlay play)
    {
        BoardOnWire board = play.OnWire;
        Assert.Equal(BoardOnWire.First, board.Application.Stack.IPv4.Address);
        Assert.True(board.Network.HasName);
        Assert.Equal(new DateTime(2030, 1, 2, 3, 4, 5), board.Hardware.SystemTime!.Value, TimeSpan.FromSeconds(1));
        string[] answer = play.Answer.Split("\r\n\r\n", 2);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer[0], StringComparison.Ordinal);
        Assert.Contains($"Content-Length: {answer[1].Length}\r\n", answer[0] + "\r\n", StringComparison.Ordinal);
        Assert.EndsWith("</script>\n", answer[1], StringComparison.Ordinal);
        Assert.Equal(0, board.Chip.Violations.Count);
        Assert.Equal(0, board.Application.Http.Clients);
    }
}
