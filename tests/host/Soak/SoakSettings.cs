// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.Soak;

/// <summary>What a soak is made of.</summary>
internal sealed record SoakSettings
{
    /// <summary>Gets the seed of traffic, faults and chip.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Gets the virtual time that it lasts.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets the time from the end of a fault to the beginning of the next one, on average.</summary>
    public TimeSpan MeanGap { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Gets the time after the end of a fault in which traffic must flow both ways again.</summary>
    public TimeSpan RecoveryBound { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the SPI transfers that one call of the driver may take.</summary>
    public int MostTransfers { get; init; } = 2000;

    /// <summary>Gets the faults.</summary>
    public FaultKind[] Kinds { get; init; } = [.. FaultPlan.AllKinds];

    /// <summary>Gets the silicon revision.</summary>
    public byte Revision { get; init; } = ChipOptions.RevisionB7;

    /// <summary>Gets a value indicating whether the chip's interrupt pin is wired.</summary>
    public bool UseInterruptPin { get; init; }

    /// <summary>Gets the bus's word order.</summary>
    public SpiWordOrder Order { get; init; } = SpiWordOrder.LowByteFirst;
}
