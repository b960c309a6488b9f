// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.RegularExpressions;

namespace HostTests.Stack.Ladder.Language;

/// <summary>One line: when, who, and what.</summary>
internal sealed partial class LadderStep
{
    public LadderStep(string line, string place)
    {
        Text = line;
        Place = place;
        Match match = Timed().Match(line);
        if (match.Success)
        {
            IsTimed = true;
            int first = Number(match.Groups["first"].Value);
            Earliest = Latest = first;
            if (match.Groups["about"].Success)
            {
                Earliest = first - Number(match.Groups["about"].Value);
                Latest = first + Number(match.Groups["about"].Value);
            }
            else if (match.Groups["last"].Success)
            {
                Latest = Number(match.Groups["last"].Value);
            }

            line = match.Groups["rest"].Value.Trim();
        }

        match = Segments().Match(line);
        if (match.Success)
        {
            Name = match.Groups["name"].Value;
            IsFromPeer = match.Groups["way"].Value == "<";
            IsToPeer = !IsFromPeer;
            Body = match.Groups["body"].Value.Trim();
            if (Body != "nothing" && Body != "any" && !Body.StartsWith("icmp ", StringComparison.Ordinal))
            {
                Segment = new LadderSegment(Body);
            }
        }
        else
        {
            match = Calls().Match(line);
            if (!match.Success)
            {
                throw new FormatException($"{place}: not a line of a ladder: {Text}");
            }

            Name = match.Groups["name"].Value;
            Body = match.Groups["body"].Value.Trim();
            Result = match.Groups["result"].Success ? match.Groups["result"].Value : null;
        }

        if (IsTimed && Latest < Earliest)
        {
            throw new FormatException($"{place}: {Text}");
        }
    }

    public string Text { get; }

    /// <summary>Gets file and line.</summary>
    public string Place { get; }

    public bool IsTimed { get; }

    /// <summary>Gets the milliseconds after the line before at which it happens, at the earliest.</summary>
    public int Earliest { get; }

    /// <summary>Gets the milliseconds after the line before at which it must have happened.</summary>
    public int Latest { get; }

    public bool IsFromPeer { get; }

    public bool IsToPeer { get; }

    /// <summary>Gets the name of the peer, or of the socket; empty for the usual one.</summary>
    public string Name { get; }

    public string Body { get; }

    public LadderSegment? Segment { get; }

    /// <summary>Gets what a call must return, or null where the line does not say.</summary>
    public string? Result { get; }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\+(?<first>\d+)(~(?<about>\d+)|\.\.(?<last>\d+))?(?<rest>(\s.*)?)$")]
    private static partial Regex Timed();

    [GeneratedRegex(@"^(?<name>\w*)\s*(?<way>[<>])\s+(?<body>.+)$")]
    private static partial Regex Segments();

    [GeneratedRegex(@"^((?<name>\w+):\s*)?(?<body>.*?)(\s*->\s*(?<result>\w+))?$")]
    private static partial Regex Calls();
}
