// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What the host's reads and writes of control registers set off (DS39662E chapter 3).</summary>
internal sealed class RegisterAccess(ChipBlocks chip) : Block(chip)
{
    private byte _latchedReadPointerLow;
    private bool _readPointerLowWritten;

    internal void Reset()
    {
        _latchedReadPointerLow = 0;
        _readPointerLowWritten = false;
    }

    /// <summary>A read by the host, with its side effects.</summary>
    internal byte Read(int register)
    {
        if (RegisterMap.HasDummyByte(register))
        {
            if (!Chip.Power.IsMacReady)
            {
                return Random.NextByte();
            }

            if (register is Reg.MIRDL or Reg.MIRDH)
            {
                Chip.Mii.RefreshData();
            }
        }

        if (register == Reg.EIR)
        {
            byte flags = Peek(register);

            // Erratum 6: the flag is not reliable, the pin is.
            return (flags & Eir.PKTIF) != 0 && Strikes(6) ? (byte)(flags & ~Eir.PKTIF) : flags;
        }

        return Peek(register);
    }

    /// <summary>The present value, without side effects.</summary>
    internal byte Peek(int register)
    {
        switch (register)
        {
            case Reg.EIR:
                return (byte)((Registers[Reg.EIR] & ~(Eir.PKTIF | Eir.LINKIF)) | (Registers[Reg.EPKTCNT] != 0 ? Eir.PKTIF : 0) | (Chip.Phy.LinkInterrupt ? Eir.LINKIF : 0));
            case Reg.ESTAT:
                return (byte)(Registers[Reg.ESTAT] | (Chip.Interrupts.Flag ? Estat.INT : 0) | (Chip.Receive.IsActive && !Chip.Receive.IsIgnored ? Estat.RXBUSY : 0));
            case Reg.EREVID:
                return Options.Revision;
            case Reg.EFLOCON:
                return (byte)(Registers[Reg.EFLOCON] | (Registers.FullDuplex ? 0x04 : 0));
            case Reg.MISTAT:
                return Chip.Mii.Status();
            default:
                return Registers[register];
        }
    }

    /// <summary>A write by the host. <paramref name="setByHost"/> has the bits that the instruction itself sets.</summary>
    internal void Write(int register, byte value, byte setByHost)
    {
        if (!CheckWrite(register, setByHost))
        {
            return;
        }

        value &= RegisterMap.WritableBits(register);
        switch (RegisterMap.KindOf(register))
        {
            case RegisterKind.Mac or RegisterKind.Mii:
                if (Chip.Spi.MacWriteTakes())
                {
                    WriteMacOrMii(register, value);
                }

                break;
            default:
                WriteEth(register, value, setByHost);
                break;
        }

        Chip.Interrupts.Update();
    }

    private bool CheckWrite(int register, byte setByHost)
    {
        switch (RegisterMap.KindOf(register))
        {
            case RegisterKind.Unimplemented:
                Warn(ViolationRule.ReservedAddress, "write to an unimplemented address");
                return false;
            case RegisterKind.Reserved:
                Violate(ViolationRule.ReservedAddress, "write to a reserved address");
                return false;
        }

        if ((setByHost & RegisterMap.ReservedBits(register)) != 0)
        {
            Violate(ViolationRule.ReservedAddress, "reserved bit written as one");
        }

        if (RegisterMap.WritableBits(register) == 0)
        {
            Violate(ViolationRule.ReadOnly, "write to a read-only register");
            return false;
        }

        if (RegisterMap.HasDummyByte(register) && !Chip.Power.IsMacReady)
        {
            Violate(ViolationRule.NotReady, "MAC or MII register written before the clock is ready, within 1 ms after a reset, or in power save");
            return false;
        }

        return true;
    }

    private void WriteEth(int register, byte value, byte setByHost)
    {
        switch (register)
        {
            case Reg.ECON1:
                Chip.Control.WriteEcon1(value, setByHost);
                break;
            case Reg.ECON2:
                Chip.Control.WriteEcon2(value, setByHost);
                break;
            case Reg.EIR:
                // Flags can be cleared, not set, by the host.
                Registers[Reg.EIR] &= value;
                break;
            case Reg.ESTAT:
                Registers[Reg.ESTAT] &= (byte)(value | Estat.CLKRDY);
                break;
            case Reg.ERXRDPTL:
                _latchedReadPointerLow = value;
                _readPointerLowWritten = true;
                break;
            case Reg.ERXRDPTH:
                WriteReadPointer((value << 8) | _latchedReadPointerLow);
                break;
            case Reg.ERXSTL or Reg.ERXSTH or Reg.ERXNDL or Reg.ERXNDH:
                WriteBufferLimit(register, value);
                break;
            case Reg.ETXSTL or Reg.ETXSTH or Reg.ETXNDL or Reg.ETXNDH:
                Chip.Transmit.CheckIdle("ETXST or ETXND written while TXRTS is set");
                Registers[register] = value;
                break;
            case >= Reg.EDMASTL and <= Reg.EDMACSH:
                Chip.Dma.CheckIdle();
                Registers[register] = value;
                break;
            case Reg.ERXFCON:
                Chip.Mac.CheckFilterChange(value);
                Registers[register] = value;
                break;
            case Reg.EBSTCON:
                Chip.Bist.WriteControl(value);
                break;
            case Reg.ECOCON:
                if ((value & 0x06) == 0x06)
                {
                    Violate(ViolationRule.ReservedAddress, "reserved clock output setting");
                }

                Registers[register] = value;
                break;
            case Reg.EFLOCON:
                Registers[register] = value;
                Chip.Flow.ControlWritten();
                break;
            default:
                Registers[register] = value;
                break;
        }
    }

    private void WriteMacOrMii(int register, byte value)
    {
        switch (register)
        {
            case Reg.MICMD:
                Chip.Mii.WriteCommand(value);
                return;
            case Reg.MIREGADR:
                Chip.Mii.WriteAddress(value);
                return;
            case Reg.MIWRL:
                Chip.Mii.WriteDataLow(value);
                return;
            case Reg.MIWRH:
                Chip.Mii.WriteDataHigh(value);
                return;
            case Reg.MACON3:
                Chip.Mac.CheckDuplexChange(((Registers[Reg.MACON3] ^ value) & Macon3.FULDPX) != 0);
                Chip.Transmit.CheckIdle("MACON3 written while TXRTS is set");
                break;
            case Reg.MACON4 or Reg.MABBIPG or Reg.MAIPGL or Reg.MAIPGH or Reg.MACLCON1 or Reg.MACLCON2 or Reg.MAMXFLL or Reg.MAMXFLH:
                Chip.Transmit.CheckIdle("transmit setting of the MAC written while TXRTS is set");
                break;
            case >= Reg.MAADR5 and <= Reg.MAADR2:
                Chip.Mac.CheckAddressChange(value != Registers[register]);
                break;
        }

        Registers[register] = value;
    }

    /// <summary>ERXRDPT takes effect with its high byte (DS39662E 6.1); freed packets leave the books.</summary>
    private void WriteReadPointer(int pointer)
    {
        if (!_readPointerLowWritten)
        {
            Violate(ViolationRule.ReadPointerWrite, "ERXRDPTH written without ERXRDPTL before it");
        }

        _readPointerLowWritten = false;
        pointer &= PointerMask;
        if ((pointer & 1) == 0)
        {
            Violate(ViolationRule.ReadPointerWrite, "even ERXRDPT (erratum 14)");
        }

        Chip.Receive.Flush();
        Registers.SetPair(Reg.ERXRDPTL, pointer);
        if (Registers.ReceiveEnabled && !Chip.ReceiveBuffer.Contains(pointer))
        {
            Violate(ViolationRule.ReadPointerOutside, "ERXRDPT outside of the receive buffer");
        }

        Chip.ReceiveBuffer.NoteFreed(pointer);
    }

    private void WriteBufferLimit(int register, byte value)
    {
        if (Registers.ReceiveEnabled)
        {
            Violate(ViolationRule.ReceiveSetup, "ERXST or ERXND changed while RXEN is set");
        }

        Chip.Receive.Flush();
        Registers[register] = value;

        // A write to either also loads the internal write pointer with ERXST (DS39662E 6.1).
        Chip.ReceiveBuffer.Rewind();
    }
}
