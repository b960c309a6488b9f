// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>ECON1 and ECON2: what their bits set off.</summary>
internal sealed class ControlRegisters(ChipBlocks chip) : Block(chip)
{
    internal void WriteEcon1(byte value, byte setByHost)
    {
        byte old = Registers[Reg.ECON1];
        bool bitOperation = Chip.Spi.IsBitOperation;
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

        Chip.Receive.Flush();
        const int plain = Econ1.BSEL | Econ1.CSUMEN | Econ1.TXRST | Econ1.RXRST;
        Registers[Reg.ECON1] = (byte)((old & ~plain) | (value & plain));

        if ((rising & Econ1.TXRST) != 0)
        {
            Chip.Transmit.Reset();
        }
        else if ((falling & Econ1.TXRST) != 0)
        {
            Chip.Transmit.ReleaseReset();
        }

        if ((rising & Econ1.RXRST) != 0)
        {
            Chip.Receive.Reset();
        }

        if ((falling & Econ1.RXEN) != 0)
        {
            Registers[Reg.ECON1] &= unchecked((byte)~Econ1.RXEN);
        }
        else if ((rising & Econ1.RXEN) != 0)
        {
            EnableReceive();
        }

        // Cancel before start, DMA before transmitter: as the bits' order of precedence is not documented, one order is fixed here.
        if ((falling & Econ1.DMAST) != 0)
        {
            Chip.Dma.Cancel();
        }
        else if ((rising & Econ1.DMAST) != 0)
        {
            Chip.Dma.Start();
        }

        if ((falling & Econ1.TXRTS & old) != 0 && Registers.TransmitRequested)
        {
            Chip.Transmit.Cancel();
        }
        else if ((rising & Econ1.TXRTS) != 0)
        {
            Chip.Transmit.Request();
        }
    }

    internal void WriteEcon2(byte value, byte setByHost)
    {
        byte old = Registers[Reg.ECON2];
        Registers[Reg.ECON2] = value;
        if ((setByHost & Econ2.PKTDEC) != 0)
        {
            if (Registers[Reg.EPKTCNT] == 0)
            {
                Violate(ViolationRule.PacketCounter, "PKTDEC with EPKTCNT at zero");
            }
            else
            {
                Registers[Reg.EPKTCNT]--;
            }
        }

        if ((value & ~old & Econ2.PWRSV) != 0)
        {
            Chip.Power.EnterPowerSave();
        }
        else if ((old & ~value & Econ2.PWRSV) != 0)
        {
            Chip.Power.LeavePowerSave();
        }
    }

    private void EnableReceive()
    {
        if (!Chip.Power.IsMacReady)
        {
            Violate(ViolationRule.NotReady, "RXEN set before the clock is ready, within 1 ms after a reset, or in power save");
            return;
        }

        if ((Registers[Reg.ECON1] & Econ1.RXRST) != 0)
        {
            Violate(ViolationRule.ReceiveSetup, "RXEN set while RXRST is set");
            return;
        }

        Registers[Reg.ECON1] |= Econ1.RXEN;
        CheckReceiveSetup();
        Chip.Mac.CheckSetup();
    }

    private void CheckReceiveSetup()
    {
        int start = Registers.Pair(Reg.ERXSTL);
        int end = Registers.Pair(Reg.ERXNDL);
        int pointer = Registers.Pair(Reg.ERXRDPTL);
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

        if (!Chip.ReceiveBuffer.Contains(pointer))
        {
            Violate(ViolationRule.ReadPointerOutside, "RXEN set with ERXRDPT outside of the receive buffer");
        }

        if ((Registers[Reg.MACON1] & Macon1.MARXEN) == 0)
        {
            Violate(ViolationRule.ReceiveSetup, "RXEN set without MACON1.MARXEN");
        }
    }
}
