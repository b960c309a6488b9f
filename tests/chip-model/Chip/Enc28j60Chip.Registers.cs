// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>Control registers (DS39662E chapter 3).</content>
public sealed partial class Enc28j60Chip
{
    private byte _latchedReadPointerLow;
    private bool _readPointerLowWritten;

    private int Bank => _reg[Reg.ECON1] & Econ1.BSEL;

    /// <summary>A read by the host, with its side effects.</summary>
    private byte ReadRegister(int register)
    {
        if (RegisterMap.HasDummyByte(register))
        {
            if (!IsMacReady)
            {
                return _random.NextByte();
            }

            if (register is Reg.MIRDL or Reg.MIRDH)
            {
                MiiDataRead();
            }
        }

        if (register == Reg.EIR)
        {
            byte flags = RegisterValue(register);

            // Erratum 6: the flag is not reliable, the pin is.
            return (flags & Eir.PKTIF) != 0 && ErratumStrikes(6) ? (byte)(flags & ~Eir.PKTIF) : flags;
        }

        return RegisterValue(register);
    }

    /// <summary>The present value, without side effects.</summary>
    private byte RegisterValue(int register)
    {
        switch (register)
        {
            case Reg.EIR:
                return (byte)((_reg[Reg.EIR] & ~(Eir.PKTIF | Eir.LINKIF)) | (_reg[Reg.EPKTCNT] != 0 ? Eir.PKTIF : 0) | (LinkInterrupt ? Eir.LINKIF : 0));
            case Reg.ESTAT:
                return (byte)(_reg[Reg.ESTAT] | (InterruptFlag ? Estat.INT : 0) | (_rxActive && !_rxIgnored ? Estat.RXBUSY : 0));
            case Reg.EREVID:
                return Options.Revision;
            case Reg.EFLOCON:
                return (byte)(_reg[Reg.EFLOCON] | (FullDuplex ? 0x04 : 0));
            case Reg.MISTAT:
                return MiiStatus();
            default:
                return _reg[register];
        }
    }

    /// <summary>A write by the host. <paramref name="setByHost"/> has the bits that the instruction itself sets.</summary>
    private void WriteRegister(int register, byte value, byte setByHost)
    {
        if (!CheckWrite(register, setByHost))
        {
            return;
        }

        value &= RegisterMap.WritableBits(register);
        switch (RegisterMap.KindOf(register))
        {
            case RegisterKind.Mac or RegisterKind.Mii:
                if (MacWriteTakes())
                {
                    WriteMacOrMii(register, value);
                }

                break;
            default:
                WriteEth(register, value, setByHost);
                break;
        }

        UpdateInterrupt();
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

        if (RegisterMap.HasDummyByte(register) && !IsMacReady)
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
                WriteEcon1(value, setByHost);
                break;
            case Reg.ECON2:
                WriteEcon2(value, setByHost);
                break;
            case Reg.EIR:
                // Flags can be cleared, not set, by the host.
                _reg[Reg.EIR] &= value;
                break;
            case Reg.ESTAT:
                _reg[Reg.ESTAT] &= (byte)(value | Estat.CLKRDY);
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
                CheckTransmitIdle("ETXST or ETXND written while TXRTS is set");
                _reg[register] = value;
                break;
            case >= Reg.EDMASTL and <= Reg.EDMACSH:
                CheckDmaIdle();
                _reg[register] = value;
                break;
            case Reg.ERXFCON:
                CheckFilterChange(value);
                _reg[register] = value;
                break;
            case Reg.EBSTCON:
                WriteBistControl(value);
                break;
            case Reg.ECOCON:
                if ((value & 0x06) == 0x06)
                {
                    Violate(ViolationRule.ReservedAddress, "reserved clock output setting");
                }

                _reg[register] = value;
                break;
            case Reg.EFLOCON:
                _reg[register] = value;
                FlowControlWritten();
                break;
            default:
                _reg[register] = value;
                break;
        }
    }

    private void WriteMacOrMii(int register, byte value)
    {
        switch (register)
        {
            case Reg.MICMD:
                WriteMiiCommand(value);
                return;
            case Reg.MIREGADR:
                WriteMiiAddress(value);
                return;
            case Reg.MIWRL:
                WriteMiiDataLow(value);
                return;
            case Reg.MIWRH:
                WriteMiiDataHigh(value);
                return;
            case Reg.MACON3:
                CheckDuplexChange(((_reg[Reg.MACON3] ^ value) & Macon3.FULDPX) != 0);
                CheckTransmitIdle("MACON3 written while TXRTS is set");
                break;
            case Reg.MACON4 or Reg.MABBIPG or Reg.MAIPGL or Reg.MAIPGH or Reg.MACLCON1 or Reg.MACLCON2 or Reg.MAMXFLL or Reg.MAMXFLH:
                CheckTransmitIdle("transmit setting of the MAC written while TXRTS is set");
                break;
            case >= Reg.MAADR5 and <= Reg.MAADR2:
                CheckAddressChange(value != _reg[register]);
                break;
        }

        _reg[register] = value;
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

        FlushReceived();
        SetPair(Reg.ERXRDPTL, pointer);
        if (ReceiveEnabled && !IsInFifo(pointer))
        {
            Violate(ViolationRule.ReadPointerOutside, "ERXRDPT outside of the receive buffer");
        }

        BookFreed(pointer);
    }

    private void WriteBufferLimit(int register, byte value)
    {
        if (ReceiveEnabled)
        {
            Violate(ViolationRule.ReceiveSetup, "ERXST or ERXND changed while RXEN is set");
        }

        FlushReceived();
        _reg[register] = value;

        // A write to either also loads the internal write pointer with ERXST (DS39662E 6.1).
        _rxWritePointer = Pair(Reg.ERXSTL);
        ForgetPackets();
    }
}
