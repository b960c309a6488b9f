// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The MAC: its settings, and what must be right in them before frames move (DS39662E 6.5, 6.6).</summary>
internal sealed class Mac(ChipBlocks chip) : Block(chip)
{
    internal long BackToBackGapNs => (Registers[Reg.MABBIPG] + (Registers.FullDuplex ? 3 : 6)) * 400L;

    /// <summary>Byte of the station address, 0 being the first on the wire (DS39662E table 3-1).</summary>
    internal byte StationByte(int index) => index switch
    {
        0 => Registers[Reg.MAADR1],
        1 => Registers[Reg.MAADR2],
        2 => Registers[Reg.MAADR3],
        3 => Registers[Reg.MAADR4],
        4 => Registers[Reg.MAADR5],
        _ => Registers[Reg.MAADR6],
    };

    internal bool IsStationAddress(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < 6; i++)
        {
            if (bytes[i] != StationByte(i))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What must be right in MAC and PHY before frames move (DS39662E 6.5, 6.6).</summary>
    internal void CheckSetup()
    {
        if (Registers.FullDuplex != Chip.Phy.IsFullDuplex)
        {
            Violate(ViolationRule.Duplex, "PHCON1.PDPXMD and MACON3.FULDPX differ");
        }
        else if (!Chip.Phy.IsDuplexWritten && Options.Errata[16] > 0)
        {
            Violate(ViolationRule.Duplex, "PHCON1 not written since the reset: PDPXMD depends on the wiring of an LED (erratum 16)", ViolationSeverity.Warning);
        }

        if (!Registers.FullDuplex && !Chip.Phy.IsLoopbackDisabled)
        {
            Warn(ViolationRule.Loopback, "half duplex without PHCON2.HDLDIS: own frames are received");
        }

        bool pads = (Registers[Reg.MACON3] & 0x20) != 0;
        if (pads && (Registers[Reg.MACON3] & Macon3.TXCRCEN) == 0)
        {
            Violate(ViolationRule.MacSetup, "PADCFG set without TXCRCEN");
        }
    }

    internal void CheckDuplexChange(bool changed)
    {
        if (changed && (Registers.ReceiveEnabled || Registers.TransmitRequested))
        {
            Violate(ViolationRule.Duplex, "duplex changed while RXEN or TXRTS is set");
        }
    }

    internal void CheckFilterChange(byte value)
    {
        if (Registers.ReceiveEnabled && value != Registers[Reg.ERXFCON])
        {
            Violate(
                ViolationRule.FilterChange,
                Chip.Receive.IsActive ? "ERXFCON changed while a frame is received" : "ERXFCON changed while RXEN is set",
                Chip.Receive.IsActive ? ViolationSeverity.Error : ViolationSeverity.Warning);
        }
    }

    internal void CheckAddressChange(bool changed)
    {
        if (changed && Registers.ReceiveEnabled)
        {
            Violate(
                ViolationRule.FilterChange,
                Chip.Receive.IsActive ? "MAADR changed while a frame is received" : "MAADR changed while RXEN is set",
                Chip.Receive.IsActive ? ViolationSeverity.Error : ViolationSeverity.Warning);
        }
    }

    /// <summary>The gap between own frames must be the standard's (DS39662E 6.5: 15h in full duplex, 12h in half duplex).</summary>
    internal void CheckGap()
    {
        if (BackToBackGapNs < Enc28j60Chip.InterFrameGapNs)
        {
            Violate(ViolationRule.MacSetup, "MABBIPG gives a gap below 9.6 us");
        }
        else if (BackToBackGapNs > Enc28j60Chip.InterFrameGapNs)
        {
            Warn(ViolationRule.MacSetup, "MABBIPG gives a gap above 9.6 us");
        }
    }
}
