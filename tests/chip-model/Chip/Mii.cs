// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The MII management interface between MAC and PHY (DS39662E 3.3).</summary>
internal sealed class Mii(ChipBlocks chip) : Block(chip)
{
    /// <summary>Time of one MII operation, nanoseconds.</summary>
    internal const long MiiOperationNs = 10_240;

    private bool _isWriting;
    private bool _isReading;
    private bool _isScanning;
    private bool _miwrLowWritten;
    private long _scanValidAt;
    private ushort _writeData;

    internal long Due { get; private set; } = Never;

    private bool IsBusy => Due != Never || _isScanning;

    internal byte Status()
    {
        int status = IsBusy ? Mistat.BUSY : 0;
        status |= _isScanning ? Mistat.SCAN : 0;
        status |= _isScanning && Clock.NowNs < _scanValidAt ? Mistat.NVALID : 0;
        return (byte)status;
    }

    internal void WriteCommand(byte value)
    {
        byte old = Registers[Reg.MICMD];
        Registers[Reg.MICMD] = value;
        int rising = value & ~old;
        if ((old & Micmd.MIISCAN) != 0 && (value & Micmd.MIISCAN) == 0)
        {
            // The last sample is still finished.
            _isScanning = false;
            Due = Clock.NowNs + MiiOperationNs;
            return;
        }

        if (rising == 0)
        {
            if ((value & Micmd.MIIRD) != 0)
            {
                Violate(ViolationRule.MiiOrder, "MIIRD written while it is still set: nothing is read");
            }

            return;
        }

        if (IsBusy)
        {
            Violate(ViolationRule.MiiBusy, "MII operation started while the MII is busy");
            return;
        }

        if ((rising & Micmd.MIISCAN) != 0)
        {
            _isScanning = true;
            _scanValidAt = Clock.NowNs + MiiOperationNs;
        }
        else
        {
            _isReading = true;
            Due = Clock.NowNs + MiiOperationNs;
        }
    }

    internal void WriteAddress(byte value)
    {
        if (IsBusy && value != Registers[Reg.MIREGADR])
        {
            Violate(ViolationRule.MiiBusy, "MIREGADR changed while the MII is busy");
        }

        Registers[Reg.MIREGADR] = value;
    }

    internal void WriteDataLow(byte value)
    {
        if (IsBusy)
        {
            Violate(ViolationRule.MiiBusy, "MIWRL written while the MII is busy");
        }

        Registers[Reg.MIWRL] = value;
        _miwrLowWritten = true;
    }

    internal void WriteDataHigh(byte value)
    {
        Registers[Reg.MIWRH] = value;
        if (IsBusy)
        {
            Violate(ViolationRule.MiiBusy, "PHY write started while the MII is busy: it is lost");
            return;
        }

        if (!_miwrLowWritten)
        {
            Violate(ViolationRule.MiiOrder, "MIWRH written without MIWRL before it");
        }

        if ((Registers[Reg.MICMD] & Micmd.MIIRD) != 0)
        {
            Violate(ViolationRule.MiiOrder, "PHY write with MICMD.MIIRD still set");
        }

        _miwrLowWritten = false;
        _writeData = (ushort)Registers.Pair(Reg.MIWRL);
        _isWriting = true;
        Due = Clock.NowNs + MiiOperationNs;
    }

    internal void Finish()
    {
        Due = Never;
        if (_isWriting)
        {
            _isWriting = false;
            Chip.Phy.Write(Registers[Reg.MIREGADR], _writeData);
        }
        else if (_isReading)
        {
            _isReading = false;
            Registers.SetPair(Reg.MIRDL, Chip.Phy.Read(Registers[Reg.MIREGADR]));
        }
    }

    /// <summary>The host reads MIRDL or MIRDH: in scan mode it gets a fresh sample each time, otherwise the last result.</summary>
    internal void RefreshData()
    {
        if (_isScanning)
        {
            if (Clock.NowNs >= _scanValidAt)
            {
                Registers.SetPair(Reg.MIRDL, Chip.Phy.Read(Registers[Reg.MIREGADR]));
            }
            else
            {
                Violate(ViolationRule.MiiBusy, "MIRD read before the first sample of a scan");
            }
        }
        else if (_isReading)
        {
            Violate(ViolationRule.MiiBusy, "MIRD read while the MII is busy: it still has the old value");
        }
    }

    internal void Reset()
    {
        Due = Never;
        _isWriting = false;
        _isReading = false;
        _isScanning = false;
        _miwrLowWritten = false;
    }
}
