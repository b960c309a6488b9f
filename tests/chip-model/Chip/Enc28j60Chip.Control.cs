// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>ECON1 and ECON2: what their bits set off.</content>
public sealed partial class Enc28j60Chip
{
    private bool ReceiveEnabled => (_reg[Reg.ECON1] & Econ1.RXEN) != 0;

    private bool TransmitRequested => (_reg[Reg.ECON1] & Econ1.TXRTS) != 0;

    private bool FullDuplex => (_reg[Reg.MACON3] & Macon3.FULDPX) != 0;

    private void WriteEcon1(byte value, byte setByHost)
    {
        byte old = _reg[Reg.ECON1];
        bool bitOperation = _opcode != 2;
        if (bitOperation && (setByHost & old & Econ1.TXRTS) != 0)
        {
            Violate(ViolationRule.TransmitBusy, "TXRTS set while it is still set: there is no second frame");
        }

        if (!bitOperation && (old & Econ1.RXEN) != 0 && (value & Econ1.RXEN) == 0 && ((old ^ value) & Econ1.BSEL) != 0)
        {
            Warn(ViolationRule.BankWriteDropsReceive, "a write of the bank bits cleared RXEN");
        }

        int rising = value & ~old;
        int falling = old & ~value;
        if (((rising | falling) & Econ1.CSUMEN) != 0 && (old & Econ1.DMAST) != 0)
        {
            Violate(ViolationRule.Dma, "CSUMEN changed while the DMA runs");
        }

        FlushReceived();
        const int plain = Econ1.BSEL | Econ1.CSUMEN | Econ1.TXRST | Econ1.RXRST;
        _reg[Reg.ECON1] = (byte)((old & ~plain) | (value & plain));

        if ((rising & Econ1.TXRST) != 0)
        {
            TransmitReset();
        }
        else if ((falling & Econ1.TXRST) != 0)
        {
            TransmitResetReleased();
        }

        if ((rising & Econ1.RXRST) != 0)
        {
            ReceiveReset();
        }

        if ((falling & Econ1.RXEN) != 0)
        {
            _reg[Reg.ECON1] &= unchecked((byte)~Econ1.RXEN);
        }
        else if ((rising & Econ1.RXEN) != 0)
        {
            EnableReceive();
        }

        // Cancel before start, DMA before transmitter: as the bits' order of precedence is not documented, one order is fixed here.
        if ((falling & Econ1.DMAST) != 0)
        {
            CancelDma();
        }
        else if ((rising & Econ1.DMAST) != 0)
        {
            StartDma();
        }

        if ((falling & Econ1.TXRTS & old) != 0 && TransmitRequested)
        {
            CancelTransmit();
        }
        else if ((rising & Econ1.TXRTS) != 0)
        {
            RequestTransmit();
        }
    }

    private void WriteEcon2(byte value, byte setByHost)
    {
        byte old = _reg[Reg.ECON2];
        _reg[Reg.ECON2] = value;
        if ((setByHost & Econ2.PKTDEC) != 0)
        {
            if (_reg[Reg.EPKTCNT] == 0)
            {
                Violate(ViolationRule.PacketCounter, "PKTDEC with EPKTCNT at zero");
            }
            else
            {
                _reg[Reg.EPKTCNT]--;
            }
        }

        if ((value & ~old & Econ2.PWRSV) != 0)
        {
            EnterPowerSave();
        }
        else if ((old & ~value & Econ2.PWRSV) != 0)
        {
            LeavePowerSave();
        }
    }

    private void EnableReceive()
    {
        if (!IsMacReady)
        {
            Violate(ViolationRule.NotReady, "RXEN set before the clock is ready, within 1 ms after a reset, or in power save");
            return;
        }

        if ((_reg[Reg.ECON1] & Econ1.RXRST) != 0)
        {
            Violate(ViolationRule.ReceiveSetup, "RXEN set while RXRST is set");
            return;
        }

        _reg[Reg.ECON1] |= Econ1.RXEN;
        CheckReceiveSetup();
        CheckMacSetup();
    }

    private void CheckReceiveSetup()
    {
        int start = Pair(Reg.ERXSTL);
        int end = Pair(Reg.ERXNDL);
        int pointer = Pair(Reg.ERXRDPTL);
        if (end <= start)
        {
            Violate(ViolationRule.ReceiveSetup, "RXEN set with ERXND not above ERXST");
        }

        if ((end & 1) == 0)
        {
            Violate(ViolationRule.ReceiveSetup, "RXEN set with an even ERXND: no odd ERXRDPT can stand for an empty buffer (erratum 14)");
        }

        if (start != 0 && Options.Errata[5] > 0)
        {
            Violate(ViolationRule.BufferStart, "receive buffer does not start at 0000h (erratum 5)");
        }

        if ((pointer & 1) == 0)
        {
            Violate(ViolationRule.ReadPointerWrite, "RXEN set with an even ERXRDPT (erratum 14)");
        }

        if (!IsInFifo(pointer))
        {
            Violate(ViolationRule.ReadPointerOutside, "RXEN set with ERXRDPT outside of the receive buffer");
        }

        if ((_reg[Reg.MACON1] & Macon1.MARXEN) == 0)
        {
            Violate(ViolationRule.ReceiveSetup, "RXEN set without MACON1.MARXEN");
        }
    }

    /// <summary>What must be right in MAC and PHY before frames move (DS39662E 6.5, 6.6).</summary>
    private void CheckMacSetup()
    {
        if (FullDuplex != PhyFullDuplex)
        {
            Violate(ViolationRule.Duplex, "PHCON1.PDPXMD and MACON3.FULDPX differ");
        }
        else if (!_phcon1Written && Options.Errata[16] > 0)
        {
            Violate(ViolationRule.Duplex, "PHCON1 not written since the reset: PDPXMD depends on the wiring of an LED (erratum 16)", ViolationSeverity.Warning);
        }

        if (!FullDuplex && !LoopbackDisabled)
        {
            Warn(ViolationRule.Loopback, "half duplex without PHCON2.HDLDIS: own frames are received");
        }

        bool pads = (_reg[Reg.MACON3] & 0x20) != 0;
        if (pads && (_reg[Reg.MACON3] & Macon3.TXCRCEN) == 0)
        {
            Violate(ViolationRule.MacSetup, "PADCFG set without TXCRCEN");
        }
    }

    private void CheckDuplexChange(bool changed)
    {
        if (changed && (ReceiveEnabled || TransmitRequested))
        {
            Violate(ViolationRule.Duplex, "duplex changed while RXEN or TXRTS is set");
        }
    }

    private void CheckFilterChange(byte value)
    {
        if (ReceiveEnabled && value != _reg[Reg.ERXFCON])
        {
            Violate(
                ViolationRule.FilterChange,
                _rxActive ? "ERXFCON changed while a frame is received" : "ERXFCON changed while RXEN is set",
                _rxActive ? ViolationSeverity.Error : ViolationSeverity.Warning);
        }
    }

    private void CheckAddressChange(bool changed)
    {
        if (changed && ReceiveEnabled)
        {
            Violate(
                ViolationRule.FilterChange,
                _rxActive ? "MAADR changed while a frame is received" : "MAADR changed while RXEN is set",
                _rxActive ? ViolationSeverity.Error : ViolationSeverity.Warning);
        }
    }

    private void CheckTransmitIdle(string message)
    {
        if (TransmitRequested)
        {
            Violate(ViolationRule.TransmitBusy, message);
        }
    }
}
