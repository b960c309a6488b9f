// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The MII management interface between MAC and PHY (DS39662E 3.3).</content>
public sealed partial class Enc28j60Chip
{
    /// <summary>Time of one MII operation, nanoseconds.</summary>
    public const long MiiOperationNs = 10_240;

    private long _miiDue = Never;
    private bool _miiWrites;
    private bool _miiReads;
    private bool _scanning;
    private bool _miwrLowWritten;
    private long _scanValidAt;
    private ushort _miiWriteData;

    private bool MiiBusy => _miiDue != Never || _scanning;

    private byte MiiStatus()
    {
        int status = MiiBusy ? Mistat.BUSY : 0;
        status |= _scanning ? Mistat.SCAN : 0;
        status |= _scanning && _clock.NowNs < _scanValidAt ? Mistat.NVALID : 0;
        return (byte)status;
    }

    private void WriteMiiCommand(byte value)
    {
        byte old = _reg[Reg.MICMD];
        _reg[Reg.MICMD] = value;
        int rising = value & ~old;
        if ((old & Micmd.MIISCAN) != 0 && (value & Micmd.MIISCAN) == 0)
        {
            // The last sample is still finished.
            _scanning = false;
            _miiDue = _clock.NowNs + MiiOperationNs;
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

        if (MiiBusy)
        {
            Violate(ViolationRule.MiiBusy, "MII operation started while the MII is busy");
            return;
        }

        if ((rising & Micmd.MIISCAN) != 0)
        {
            _scanning = true;
            _scanValidAt = _clock.NowNs + MiiOperationNs;
        }
        else
        {
            _miiReads = true;
            _miiDue = _clock.NowNs + MiiOperationNs;
        }
    }

    private void WriteMiiAddress(byte value)
    {
        if (MiiBusy && value != _reg[Reg.MIREGADR])
        {
            Violate(ViolationRule.MiiBusy, "MIREGADR changed while the MII is busy");
        }

        _reg[Reg.MIREGADR] = value;
    }

    private void WriteMiiDataLow(byte value)
    {
        if (MiiBusy)
        {
            Violate(ViolationRule.MiiBusy, "MIWRL written while the MII is busy");
        }

        _reg[Reg.MIWRL] = value;
        _miwrLowWritten = true;
    }

    private void WriteMiiDataHigh(byte value)
    {
        _reg[Reg.MIWRH] = value;
        if (MiiBusy)
        {
            Violate(ViolationRule.MiiBusy, "PHY write started while the MII is busy: it is lost");
            return;
        }

        if (!_miwrLowWritten)
        {
            Violate(ViolationRule.MiiOrder, "MIWRH written without MIWRL before it");
        }

        if ((_reg[Reg.MICMD] & Micmd.MIIRD) != 0)
        {
            Violate(ViolationRule.MiiOrder, "PHY write with MICMD.MIIRD still set");
        }

        _miwrLowWritten = false;
        _miiWriteData = (ushort)Pair(Reg.MIWRL);
        _miiWrites = true;
        _miiDue = _clock.NowNs + MiiOperationNs;
    }

    private void MiiDone()
    {
        _miiDue = Never;
        if (_miiWrites)
        {
            _miiWrites = false;
            WritePhy(_reg[Reg.MIREGADR], _miiWriteData);
        }
        else if (_miiReads)
        {
            _miiReads = false;
            SetPair(Reg.MIRDL, ReadPhy(_reg[Reg.MIREGADR]));
        }
    }

    /// <summary>The host reads MIRDL or MIRDH: in scan mode it gets a fresh sample each time, otherwise the last result.</summary>
    private void MiiDataRead()
    {
        if (_scanning)
        {
            if (_clock.NowNs >= _scanValidAt)
            {
                SetPair(Reg.MIRDL, ReadPhy(_reg[Reg.MIREGADR]));
            }
            else
            {
                Violate(ViolationRule.MiiBusy, "MIRD read before the first sample of a scan");
            }
        }
        else if (_miiReads)
        {
            Violate(ViolationRule.MiiBusy, "MIRD read while the MII is busy: it still has the old value");
        }
    }

    private void ResetMii()
    {
        _miiDue = Never;
        _miiWrites = false;
        _miiReads = false;
        _scanning = false;
        _miwrLowWritten = false;
    }
}
