// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What can go wrong with a chip, its wires and its surroundings while it works.</summary>
public enum FaultKind
{
    /// <summary>Bits from the chip flip, with the event's strength as probability per byte.</summary>
    MisoFlips,

    /// <summary>Bits to the chip flip, with the event's strength as probability per byte.</summary>
    MosiFlips,

    /// <summary>MISO reads as zeros; the chip hears and works on.</summary>
    MisoStuckLow,

    /// <summary>MISO reads as ones; the chip hears and works on.</summary>
    MisoStuckHigh,

    /// <summary>All registers go to their reset values, memory is kept. At once.</summary>
    SpontaneousReset,

    /// <summary>As after power-on, memory included. At once.</summary>
    BrownOut,

    /// <summary>The chip has no power.</summary>
    PowerLoss,

    /// <summary>The RESET pin is held low.</summary>
    ResetHeld,

    /// <summary>The header of the next packet is wrong in one bit. At once.</summary>
    CorruptHeader,

    /// <summary>One bit of a setting that reception depends on is wrong: RXEN, MARXEN, ERXFCON. At once.</summary>
    RegisterFlip,

    /// <summary>An overflow makes the receiver deaf until it is reset.</summary>
    DeafReceiver,

    /// <summary>There is no cable.</summary>
    LinkDown,

    /// <summary>The host sees no edge of the interrupt pin.</summary>
    LostEdges,

    /// <summary>The interrupt pin does not move.</summary>
    DeadInterruptPin,

    /// <summary>EIR.PKTIF always reads 0 (erratum 6).</summary>
    PacketFlagLies,

    /// <summary>Link pulses taken for collisions, with the event's strength as probability per transmission (erratum 13).</summary>
    FalseCollisions,

    /// <summary>The next three transmissions collide late. At once.</summary>
    LateCollisions,

    /// <summary>The next sixteen transmissions collide early, which is one more than the hardware repeats. At once.</summary>
    ExcessCollisions,

    /// <summary>Somebody else holds the medium.</summary>
    BusyMedium,

    /// <summary>The partner's port is in full duplex.</summary>
    DuplexMismatch,
}
