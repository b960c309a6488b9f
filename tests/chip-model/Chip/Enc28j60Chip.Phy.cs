// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <content>The PHY's registers and the link (DS39662E table 3-3, chapter 12).</content>
public sealed partial class Enc28j60Chip
{
    private const ushort Phid1 = 0x0083;
    private const ushort Phid2 = 0x1400;
    private const ushort Phcon1Bits = 0x4900;
    private const ushort Prst = 0x8000;
    private const ushort Ploopbk = 0x4000;
    private const ushort Ppwrsv = 0x0800;
    private const ushort Pdpxmd = 0x0100;
    private const ushort Phcon2Bits = 0x6500;
    private const ushort Frclnk = 0x4000;
    private const ushort Txdis = 0x2000;
    private const ushort Hdldis = 0x0100;
    private const ushort PhieBits = 0x0012;
    private const ushort Plnkif = 0x0010;
    private const ushort Pgif = 0x0004;
    private const ushort PhlconMustBeOne = 0x3000;
    private const ushort PhlconMustBeZero = 0xC001;
    private const long PhyResetNs = 100_000;

    private ushort _phcon1;
    private ushort _phcon2;
    private ushort _phie;
    private ushort _phir;
    private ushort _phlcon;
    private bool _phcon1Written;
    private long _phyResetUntil;
    private bool _cable = true;
    private bool _link;
    private bool _linkWasDown;
    private long _linkFrom;
    private long _linkDue = Never;

    /// <summary>
    /// Whether there is a partner at the other end of the cable; true unless set. The link follows, after resets with <see cref="ChipOptions.LinkDelayNs"/>; a change
    /// by this property takes effect at once. From any thread.
    /// </summary>
    public bool LinkUp
    {
        get => _cable;
        set
        {
            Enter();
            try
            {
                _cable = value;
                UpdateLink();
                Replan();
                UpdateInterrupt();
            }
            finally
            {
                Exit();
            }
        }
    }

    /// <summary>Whether the PHY has a link now, as PHSTAT2.LSTAT says.</summary>
    public bool HasLink => _link;

    private bool PhyFullDuplex => (_phcon1 & Pdpxmd) != 0;

    private bool LoopbackDisabled => (_phcon2 & Hdldis) != 0;

    private bool PhyLoopback => (_phcon1 & Ploopbk) != 0;

    private bool TransmitterDisabled => (_phcon2 & Txdis) != 0;

    private bool LinkInterrupt => (_phir & Plnkif) != 0 && (_phie & PhieBits) == PhieBits;

    /// <summary>Value of a PHY register, without side effects.</summary>
    public ushort PeekPhy(int address) => address switch
    {
        0x00 => (ushort)(_phcon1 | (_clock.NowNs < _phyResetUntil ? Prst : 0)),
        0x01 => (ushort)(0x1800 | (_linkWasDown || !_link ? 0 : 0x0004)),
        0x02 => Phid1,
        0x03 => Phid2,
        0x10 => _phcon2,
        0x11 => PhyStatus2(),
        0x12 => _phie,
        0x13 => (ushort)(_phir | (LinkInterrupt ? Pgif : 0)),
        0x14 => _phlcon,
        _ => 0,
    };

    private ushort PhyStatus2()
    {
        int status = _txState == TransmitState.Sending ? 0x2000 : 0;
        status |= _rxActive ? 0x1000 : 0;
        status |= _link ? 0x0400 : 0;
        status |= PhyFullDuplex ? 0x0200 : 0;
        return (ushort)status;
    }

    private ushort ReadPhy(int address)
    {
        ushort value = PeekPhy(address);
        switch (address)
        {
            case 0x01:
                // Latched until it is read.
                _linkWasDown = !_link;
                break;
            case 0x13:
                _phir = 0;
                UpdateInterrupt();
                break;
        }

        return value;
    }

    private void WritePhy(int address, ushort value)
    {
        switch (address)
        {
            case 0x00:
                WritePhyControl1(value);
                break;
            case 0x10:
                CheckPhyBits(value, Phcon2Bits, "reserved bit of PHCON2 written as one");
                _phcon2 = (ushort)(value & Phcon2Bits);
                UpdateLink();
                break;
            case 0x12:
                CheckPhyBits(value, PhieBits, "reserved bit of PHIE written as one");
                _phie = (ushort)(value & PhieBits);
                UpdateInterrupt();
                break;
            case 0x14:
                if ((value & PhlconMustBeOne) != PhlconMustBeOne || (value & PhlconMustBeZero) != 0)
                {
                    Violate(ViolationRule.PhyReserved, "PHLCON written without ones in bits 13:12 or with ones in bits 15:14 or 0");
                }

                _phlcon = value;
                break;
            case 0x01 or 0x02 or 0x03 or 0x11 or 0x13:
                Violate(ViolationRule.ReadOnly, "read-only PHY register written");
                break;
            default:
                Violate(ViolationRule.PhyReserved, "PHY register written that does not exist");
                break;
        }
    }

    private void WritePhyControl1(ushort value)
    {
        if ((value & Prst) != 0)
        {
            ResetPhy();
            _phyResetUntil = _clock.NowNs + PhyResetNs;
            return;
        }

        CheckPhyBits(value, Phcon1Bits, "reserved bit of PHCON1 written as one");
        CheckDuplexChange(((_phcon1 ^ value) & Pdpxmd) != 0);
        if ((value & Ploopbk) != 0)
        {
            Warn(ViolationRule.Loopback, "PHCON1.PLOOPBK: unreliable on silicon (errata 9 and 10)");
        }

        bool wakes = (_phcon1 & ~value & Ppwrsv) != 0;
        _phcon1 = (ushort)(value & Phcon1Bits);
        _phcon1Written = true;
        if (wakes)
        {
            _linkFrom = _clock.NowNs + Options.LinkDelayNs;
        }

        UpdateLink();
    }

    private void CheckPhyBits(ushort value, ushort allowed, string message)
    {
        if ((value & ~allowed) != 0)
        {
            Violate(ViolationRule.PhyReserved, message);
        }
    }

    /// <summary>Registers to their reset values; the link has to be found anew.</summary>
    private void ResetPhy()
    {
        bool full = Options.Strap == DuplexStrap.Full ||
            (Options.Strap == DuplexStrap.Random && Options.Errata[16] > 0 && _random.Below(2) == 1);
        _phcon1 = full ? Pdpxmd : (ushort)0;
        _phcon2 = 0;
        _phie = 0;
        _phlcon = 0x3422;
        _phcon1Written = false;
        _linkFrom = _clock.NowNs + Options.LinkDelayNs;
        _link = false;
        _linkWasDown = true;
        UpdateLink();
        _phir = 0;
    }

    /// <summary>Works out whether there is a link now, and notes a change.</summary>
    private void UpdateLink()
    {
        bool possible = IsAlive && !InPowerSave && (_phcon1 & Ppwrsv) == 0;
        bool forced = (_phcon2 & Frclnk) != 0;
        bool wanted = possible && (_cable || forced);
        bool link = wanted && (_clock.NowNs >= _linkFrom || forced);
        _linkDue = wanted && !link ? _linkFrom : Never;
        if (link == _link)
        {
            return;
        }

        _link = link;
        _phir |= Plnkif;
        if (!link)
        {
            _linkWasDown = true;
            DropReception();
        }
    }
}
