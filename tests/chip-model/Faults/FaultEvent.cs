// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>One fault of a plan.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="StartNs">When, in virtual time.</param>
/// <param name="DurationNs">For how long; of no meaning for faults that happen at once.</param>
/// <param name="Strength">A probability, for the kinds that have one.</param>
/// <param name="Seed">Decides what the kind leaves open, such as which bit flips.</param>
public readonly record struct FaultEvent(FaultKind Kind, long StartNs, long DurationNs = 0, double Strength = 0, int Seed = 0)
{
    /// <summary>When it is over.</summary>
    public long EndNs => StartNs + DurationNs;

    /// <summary>
    /// Whether the host may have seen or written wrong bits, or the chip lost its settings: after that, until the driver has put things
    /// right, neither the chip's list of violations nor the books of frames mean anything.
    /// </summary>
    public bool IsCorrupting => Kind is FaultKind.MisoFlips or FaultKind.MosiFlips or FaultKind.MisoStuckLow or FaultKind.MisoStuckHigh or FaultKind.SpontaneousReset or
        FaultKind.BrownOut or FaultKind.PowerLoss or FaultKind.ResetHeld or FaultKind.CorruptHeader or FaultKind.RegisterFlip;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} at {StartNs / 1_000_000} ms for {DurationNs / 1000} us, strength {Strength:G3}, seed {Seed}";
}
