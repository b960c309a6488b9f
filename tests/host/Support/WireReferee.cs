// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>
/// Watches one connection on the wire from its first SYN on and knows only what the segments say: what a number once stood for it
/// always stands for, nobody acknowledges what was not sent, takes a window back, or sends beyond one.
/// </summary>
internal sealed class WireReferee
{
    private readonly LinkStation _a;
    private readonly int _startA;
    private readonly int _startB;
    private readonly Dictionary<int, (Side A, Side B)> _connections = [];

    /// <param name="a">The end that connects; its text is the test pattern from <paramref name="startA"/> on.</param>
    /// <param name="startA">Place in the test pattern.</param>
    /// <param name="startB">Place in the test pattern of the other end's text.</param>
    public WireReferee(LinkStation a, int startA, int startB)
    {
        _a = a;
        _startA = startA;
        _startB = startB;
    }

    /// <summary>Looks at a frame that is being sent.</summary>
    public void See(LinkStation from, SeenFrame frame)
    {
        if (!frame.IsTcp)
        {
            return;
        }

        // the end that connects has another port each time
        int port = from == _a ? frame.SourcePort : frame.DestinationPort;
        if (!_connections.TryGetValue(port, out (Side A, Side B) sides))
        {
            sides = (new Side(_startA), new Side(_startB));
            _connections.Add(port, sides);
        }

        See(from == _a ? sides.A : sides.B, from == _a ? sides.B : sides.A, frame);
    }

    private static void See(Side sender, Side receiver, SeenFrame frame)
    {
        if ((frame.Flags & SeenFrame.Syn) != 0)
        {
            if (sender.Iss != frame.Seq)
            {
                // another attempt, after one that failed
                sender.Begin(frame.Seq);
            }

            sender.Edge = Math.Max(sender.Edge, 1 + frame.Window);
            return;
        }

        if (sender.Iss == null || receiver.Iss == null)
        {
            return;
        }

        long seq = (int)(frame.Seq - sender.Iss.Value);
        long end = seq + frame.Text.Length;
        for (int i = 0; i < frame.Text.Length; i++)
        {
            Require(frame.Text[i] == Wire.Pattern(sender.Start + seq - 1 + i), "another byte", seq + i, frame);
        }

        if ((frame.Flags & SeenFrame.Fin) != 0)
        {
            Require(sender.FinAt == null || sender.FinAt == end, "a second end", end, frame);
            sender.FinAt = end;
            end++;
        }

        if ((frame.Flags & SeenFrame.Rst) != 0)
        {
            return;
        }

        // a probe of a closed window goes one byte beyond it, and so may a FIN
        Require(end <= receiver.Edge + 1, "sends beyond the window", receiver.Edge, frame);
        Require(sender.FinAt == null || end <= sender.FinAt + 1, "text behind the FIN", end, frame);
        sender.Max = Math.Max(sender.Max, end);

        long acknowledged = (int)(frame.AckNumber - receiver.Iss.Value);
        Require(acknowledged <= receiver.Max, "acknowledges what was not sent", acknowledged, frame);
        Require(acknowledged >= sender.Acknowledged, "takes an acknowledgment back", acknowledged, frame);
        Require(acknowledged + frame.Window >= sender.Edge, "takes the window back", sender.Edge, frame);
        sender.Acknowledged = acknowledged;
        sender.Edge = acknowledged + frame.Window;
    }

    private static void Require(bool condition, string otherwise, long number, SeenFrame frame)
    {
        if (!condition)
        {
            Assert.Fail($"{otherwise} ({number}): {frame}");
        }
    }

    private sealed class Side(int start)
    {
        public int Start { get; } = start;

        public uint? Iss { get; private set; }

        /// <summary>Gets or sets the number behind the last one that it has sent.</summary>
        public long Max { get; set; }

        /// <summary>Gets or sets what it has acknowledged to the other.</summary>
        public long Acknowledged { get; set; }

        /// <summary>Gets or sets how far it lets the other send.</summary>
        public long Edge { get; set; }

        public long? FinAt { get; set; }

        public void Begin(uint iss)
        {
            Iss = iss;
            Max = 1;
            Acknowledged = 0;
            Edge = 0;
            FinAt = null;
        }
    }
}
