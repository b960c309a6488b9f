// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>A bad wire: rates from 0 to 1, the same sequence for the same seed.</summary>
public sealed class SeededImpairment(int seed) : IWireImpairment
{
    private readonly SeededRandom _random = new(seed);

    /// <summary>Part of the frames that is lost.</summary>
    public double LossRate { get; set; }

    /// <summary>Part of the frames that arrives twice.</summary>
    public double DuplicateRate { get; set; }

    /// <summary>Part of the frames with a flipped bit.</summary>
    public double CorruptRate { get; set; }

    /// <summary>Whether flipped bits get a fitting check sequence, so that the receiver's MAC does not notice.</summary>
    public bool RepairFcs { get; set; }

    /// <summary>First byte in which a bit may be flipped; 14 spares the Ethernet header.</summary>
    public int CorruptFrom { get; set; }

    /// <summary>Delay of every frame, nanoseconds.</summary>
    public long DelayNs { get; set; }

    /// <summary>Largest additional random delay, nanoseconds; beyond the gap between frames it reorders them.</summary>
    public long JitterNs { get; set; }

    /// <summary>Part of the frames that is held back, so that later ones overtake them.</summary>
    public double ReorderRate { get; set; }

    /// <summary>For how long those are held back, nanoseconds.</summary>
    public long ReorderDelayNs { get; set; } = 2_000_000;

    /// <inheritdoc/>
    public WireFate Judge(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (_random.Chance(LossRate))
        {
            return new WireFate { Lost = true };
        }

        long delay = DelayNs;
        if (JitterNs > 0)
        {
            delay += (long)(((ulong)_random.Next() * (ulong)JitterNs) >> 32);
        }

        if (_random.Chance(ReorderRate))
        {
            delay += ReorderDelayNs;
        }

        bool corrupted = _random.Chance(CorruptRate);
        int from = Math.Min(CorruptFrom, frameWithFcs.Length - 1);
        return new WireFate
        {
            DelayNs = delay,
            ExtraCopies = _random.Chance(DuplicateRate) ? 1 : 0,
            Corrupted = corrupted,
            CorruptBit = corrupted ? (from * 8) + _random.Below((frameWithFcs.Length - from) * 8) : 0,
            RepairFcs = RepairFcs,
        };
    }
}
