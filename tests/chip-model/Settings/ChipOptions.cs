// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>How a chip is built and wired, and what it does where the data sheet leaves it open. Strict unless set otherwise.</summary>
public sealed class ChipOptions
{
    /// <summary>EREVID of silicon B1.</summary>
    public const byte RevisionB1 = 0x02;

    /// <summary>EREVID of silicon B4.</summary>
    public const byte RevisionB4 = 0x04;

    /// <summary>EREVID of silicon B5.</summary>
    public const byte RevisionB5 = 0x05;

    /// <summary>EREVID of silicon B7.</summary>
    public const byte RevisionB7 = 0x06;

    /// <summary>Silicon revision as EREVID shows it.</summary>
    public byte Revision { get; set; } = RevisionB7;

    /// <summary>Seed of everything random in the chip.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>The errata that the chip shows.</summary>
    public ErrataOptions Errata { get; set; } = new();

    /// <summary>Chip select low to first clock, nanoseconds (at least 50).</summary>
    public long ChipSelectSetupNs { get; set; } = 500;

    /// <summary>Last clock to chip select high, nanoseconds (at least 10; 210 for MAC and MII registers).</summary>
    public long ChipSelectHoldNs { get; set; } = 500;

    /// <summary>Chip select high before the next window, nanoseconds (at least 50).</summary>
    public long ChipSelectHighNs { get; set; } = 1000;

    /// <summary>SPI clock where no bus sets it, hertz.</summary>
    public int DefaultClockHz { get; set; } = 20_000_000;

    /// <summary>
    /// From the end of a reset, of power save or of PHY power-down to the link, if the cable is plugged in, nanoseconds. On real hardware this takes tens to hundreds of
    /// milliseconds; a driver that expects a link right after start-up is wrong. Set 0 for a link at once.
    /// </summary>
    public long LinkDelayNs { get; set; } = 10_000_000;

    /// <summary>How LEDB is wired.</summary>
    public DuplexStrap Strap { get; set; } = DuplexStrap.Half;

    /// <summary>Whether bytes after a system reset command in the same window are let pass.</summary>
    public bool LenientResetTail { get; set; }

    /// <summary>The byte after the data byte of a register read, and the dummy byte before it; both are undefined.</summary>
    public UndefinedByte UndefinedReadByte { get; set; } = UndefinedByte.Random;

    /// <summary>Bit operations on MAC and MII registers.</summary>
    public BitOperationEffect BitOperationOnMac { get; set; } = BitOperationEffect.Ignored;

    /// <summary>Whether RSV and TSV bit 24 (multicast) is also set for broadcast.</summary>
    public bool MulticastFlagOnBroadcast { get; set; }

    /// <summary>Whether RSV bit 16 (long or drop event) is set in the first packet after an overflow.</summary>
    public bool ReportDropEvent { get; set; } = true;

    /// <summary>Whether TXRST clears ESTAT.TXABRT and ESTAT.LATECOL.</summary>
    public bool TransmitResetClearsAbortFlags { get; set; }

    /// <summary>Whether ESTAT.TXABRT is set when the host clears TXRTS.</summary>
    public bool CancelSetsAbortFlag { get; set; }

    /// <summary>Whether a system reset resets the PHY registers.</summary>
    public bool SystemResetResetsPhy { get; set; } = true;

    /// <summary>Transmission without a link.</summary>
    public NoLinkTransmit TransmitWithoutLink { get; set; } = NoLinkTransmit.Completes;

    /// <summary>Reset value of EPAUS.</summary>
    public int EpausReset { get; set; } = 0x1000;

    /// <summary>Whether the byte counts in the transmit status vector include padding and frame check sequence.</summary>
    public bool StatusCountsPaddingAndFcs { get; set; } = true;

    /// <summary>ERXRDPT outside of ERXST to ERXND.</summary>
    public OutsidePointer ReadPointerOutside { get; set; } = OutsidePointer.NeverStops;

    /// <summary>Whether ESTAT.INT needs EIE.INTIE, as the pin does.</summary>
    public bool InterruptFlagNeedsIntie { get; set; }

    /// <summary>Frames that can wait on the wire before the chip.</summary>
    public int ArrivalFrames { get; set; } = 1024;

    /// <summary>Bytes that can wait on the wire before the chip.</summary>
    public int ArrivalBytes { get; set; } = 1 << 19;
}
