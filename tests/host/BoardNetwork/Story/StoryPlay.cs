// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Firmware;
using Iot.Device.Enc28j60;

namespace HostTests.BoardNetwork.Story;

/// <summary>
/// Plays the story: others speak at the times that it says, and all that the board sends and tells must be the very next line, at the
/// time that it says. Silence is all that no line speaks of.
/// </summary>
internal sealed class StoryPlay
{
    private const int Patience = 30_000;
    private const int SilenceAtTheEnd = 3000;

    private readonly BoardOnWire _board = new(AddressMode.Dhcp, plugged: false);
    private readonly Neighbourhood _neighbours;
    private readonly FrameText _text = new();
    private readonly Queue<StoryLine> _told = new();
    private readonly NetworkLog _log = new(Board.HttpPort);
    private string _heard = string.Empty;

    public StoryPlay()
    {
        _neighbours = new Neighbourhood(Deliver);
        _board.Taker = Hear;
    }

    public BoardOnWire OnWire => _board;

    /// <summary>Gets what the browser has received.</summary>
    public string Answer => _neighbours.Answer;

    /// <summary>Plays it.</summary>
    /// <param name="story">The story.</param>
    /// <returns>It as it was played: the same, but for the times and words of lines of the same kind.</returns>
    public List<StoryLine> Run(List<StoryLine> story)
    {
        List<StoryLine> played = [];
        int shift = 0;
        foreach (StoryLine line in story)
        {
            StoryLine now = line.IsAction ? Act(line, line.Time + shift) : Await(line);
            played.Add(now with { Before = line.Before });
            shift = now.Time - line.Time;
        }

        Pass(SilenceAtTheEnd);
        Assert.True(_told.Count == 0, $"The story is over, and there comes{Rest()}");
        return played;
    }

    private StoryLine Act(StoryLine line, int time)
    {
        // what goes over SPI takes time, too
        while (_board.Now < time)
        {
            Pass(1);
        }

        Assert.True(_told.Count == 0, $"Before{Environment.NewLine}{line}{Environment.NewLine}comes{Rest()}");
        _heard = line.Text;
        if (line.Kind == '<')
        {
            _neighbours.Say(line.Text);
        }
        else
        {
            Assert.Equal("the cable is plugged in", line.Text);
            _board.Chip.LinkUp = true;
        }

        return new StoryLine(_board.Now, line.Kind, _heard, string.Empty);
    }

    private StoryLine Await(StoryLine line)
    {
        for (int i = 0; i < Patience && _told.Count == 0; i++)
        {
            Pass(1);
        }

        Assert.True(_told.TryDequeue(out StoryLine? told), $"This never comes:{Environment.NewLine}{line}");
        Assert.True(told.Kind == line.Kind, $"In place of{Environment.NewLine}{line}{Environment.NewLine}comes{Environment.NewLine}{told}{Rest()}");
        return told;
    }

    /// <summary>What has come and no line has spoken of.</summary>
    private string Rest() => string.Concat(_told.Select(t => Environment.NewLine + t));

    private void Pass(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            TextWriter before = Console.Out;
            using OwnConsole console = new(before, Say);
            Console.SetOut(console);
            _board.Pass(1);

            // as Program.Main does
            if (_board.Network.Log is null && _board.Network.Ethernet.State != Enc28j60State.Starting)
            {
                _log.TellChip(_board.Network.Ethernet);
                _board.Network.Log = _log;
            }

            Console.SetOut(before);
        }
    }

    private void Say(string line) => _told.Enqueue(new StoryLine(_board.Now, '"', line, string.Empty));

    private void Hear(byte[] frame)
    {
        _told.Enqueue(new StoryLine(_board.Now, '>', _text.Of(frame), string.Empty));
        _neighbours.Hear(frame);
    }

    private void Deliver(byte[] frame)
    {
        Array.Resize(ref frame, Math.Max(frame.Length, 60));
        _heard = _text.Of(frame);
        Assert.True(_board.Chip.Deliver(frame));
    }

    /// <summary>Takes the lines of one thread; others write to the console meanwhile.</summary>
    private sealed class OwnConsole(TextWriter others, Action<string> line) : TextWriter
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private readonly StringBuilder _line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (Environment.CurrentManagedThreadId != _thread)
            {
                others.Write(value);
            }
            else if (value == '\n')
            {
                line(_line.ToString().TrimEnd('\r'));
                _line.Clear();
            }
            else
            {
                _line.Append(value);
            }
        }
    }
}
