// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Which faults happen when, fixed beforehand: the same seed gives the same plan.</summary>
public sealed class FaultPlan
{
    private readonly FaultEvent[] _events;

    /// <summary>A plan of given faults, one at a time.</summary>
    public FaultPlan(params ReadOnlySpan<FaultEvent> events)
    {
        _events = events.ToArray();
        for (int i = 1; i < _events.Length; i++)
        {
            if (_events[i].StartNs < _events[i - 1].EndNs)
            {
                throw new ArgumentException($"{_events[i]} begins before the end of {_events[i - 1]}.", nameof(events));
            }
        }
    }

    /// <summary>The faults in the order in which they happen.</summary>
    public ReadOnlySpan<FaultEvent> Events => _events;

    /// <summary>All kinds of faults.</summary>
    public static ReadOnlySpan<FaultKind> AllKinds => Enum.GetValues<FaultKind>();

    /// <summary>
    /// Faults at random, one at a time. Kinds come in shuffled rounds, so that none is left out by chance; between the end of one and the
    /// start of the next are between a half and one and a half of the mean gap.
    /// </summary>
    /// <param name="seed">Decides everything.</param>
    /// <param name="fromNs">No fault begins before.</param>
    /// <param name="toNs">Every fault is over by then.</param>
    /// <param name="meanGapNs">Time for recovery.</param>
    /// <param name="kinds">Which ones.</param>
    public static FaultPlan Random(int seed, long fromNs, long toNs, long meanGapNs, ReadOnlySpan<FaultKind> kinds)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(meanGapNs);
        ArgumentOutOfRangeException.ThrowIfZero(kinds.Length);
        var random = new SeededRandom(seed);
        FaultKind[] round = kinds.ToArray();
        var events = new List<FaultEvent>();
        long time = fromNs;
        for (int i = 0; ; i++)
        {
            if (i % round.Length == 0)
            {
                Shuffle(round, random);
            }

            time += (meanGapNs / 2) + (long)(meanGapNs * (random.Next() / (double)uint.MaxValue));
            FaultEvent next = Make(round[i % round.Length], time, random);
            if (next.EndNs > toNs)
            {
                return new FaultPlan([.. events]);
            }

            events.Add(next);
            time = next.EndNs;
        }
    }

    private static FaultEvent Make(FaultKind kind, long time, SeededRandom random)
    {
        int seed = (int)random.Next();
        long duration = kind switch
        {
            FaultKind.MisoFlips or FaultKind.MosiFlips => Between(random, 1, 2_000),
            FaultKind.MisoStuckLow or FaultKind.MisoStuckHigh => Between(random, 1, 5_000),
            FaultKind.PowerLoss or FaultKind.ResetHeld => Between(random, 1, 20_000),
            FaultKind.LinkDown => Between(random, 1, 10_000),
            FaultKind.DeafReceiver or FaultKind.LostEdges or FaultKind.DeadInterruptPin or FaultKind.PacketFlagLies => Between(random, 100, 10_000),
            FaultKind.FalseCollisions or FaultKind.DuplexMismatch => Between(random, 100, 10_000),
            FaultKind.BusyMedium => Between(random, 1, 300),
            _ => 0,
        };

        // From a bit in a hundred thousand bytes to one in a hundred.
        double strength = kind switch
        {
            FaultKind.MisoFlips or FaultKind.MosiFlips => Math.Pow(10, -2 - (3 * (random.Next() / (double)uint.MaxValue))),
            FaultKind.FalseCollisions => 0.05 + (0.25 * (random.Next() / (double)uint.MaxValue)),
            _ => 0,
        };
        return new FaultEvent(kind, time, duration, strength, seed);
    }

    /// <summary>Nanoseconds between so many milliseconds, short times being as likely as long ones.</summary>
    private static long Between(SeededRandom random, double fromMs, double toMs) =>
        (long)(fromMs * Math.Pow(toMs / fromMs, random.Next() / (double)uint.MaxValue) * 1_000_000);

    private static void Shuffle(FaultKind[] kinds, SeededRandom random)
    {
        for (int i = kinds.Length - 1; i > 0; i--)
        {
            int j = random.Below(i + 1);
            (kinds[i], kinds[j]) = (kinds[j], kinds[i]);
        }
    }
}
