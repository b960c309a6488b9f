// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>A block of the chip. It has a state of its own; others it asks, or tells what has happened.</summary>
internal abstract class Block(ChipBlocks chip)
{
    protected const long Never = long.MaxValue;
    protected const int PointerMask = Enc28j60Chip.MemorySize - 1;

    protected ChipBlocks Chip { get; } = chip;

    protected RegisterFile Registers { get; } = chip.Registers;

    protected VirtualClock Clock { get; } = chip.Clock;

    protected ChipOptions Options { get; } = chip.Options;

    protected ChipFaults Faults { get; } = chip.Faults;

    protected ChipCounters Counters { get; } = chip.Counters;

    protected SeededRandom Random { get; } = chip.Random;

    /// <summary>Whether an erratum of this silicon shows now.</summary>
    protected bool Strikes(int number)
    {
        bool applies = number switch
        {
            1 => Options.Revision is ChipOptions.RevisionB1 or ChipOptions.RevisionB4,
            13 => Options.Revision is ChipOptions.RevisionB5 or ChipOptions.RevisionB7,
            _ => true,
        };
        return applies && Random.Chance(Options.Errata[number]);
    }

    /// <summary>Notes that the host did what it must not.</summary>
    protected void Violate(ViolationRule rule, string message, ViolationSeverity severity = ViolationSeverity.Error) =>
        Chip.Violations.Add(new ChipViolation(rule, severity, message, Registers.Bank, Chip.Spi.Address, Clock.NowNs));

    protected void Warn(ViolationRule rule, string message) => Violate(rule, message, ViolationSeverity.Warning);
}
