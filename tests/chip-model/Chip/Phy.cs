// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>The PHY's registers and the link (DS39662E table 3-3, chapter 12).</summary>
internal sealed class Phy(ChipBlocks chip) : Block(chip)
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
    private long _resetUntil;
    private bool _cable = true;
    private bool _linkWasDown;
    private long _linkFrom;

    internal bool IsDuplexWritten { get; private set; }

    internal bool HasLink { get; private set; }

    internal long Due { get; private set; } = Never;

    internal bool IsFullDuplex => (_phcon1 & Pdpxmd) != 0;

    internal bool IsLoopbackDisabled => (_phcon2 & Hdldis) != 0;

    internal bool IsLoopback => (_phcon1 & Ploopbk) != 0;

    internal bool IsTransmitterDisabled => (_phcon2 & Txdis) != 0;

    internal bool LinkInterrupt => (_phir & Plnkif) != 0 && (_phie & PhieBits) == PhieBits;

    /// <summary>The link has to be found anew, as after a reset.</summary>
    internal void LoseLink() => _linkFrom = Clock.NowNs + Options.LinkDelayNs;

    internal bool LinkUp
    {
        get => _cable;
        set
        {
            Clock.Enter();
            try
            {
                _cable = value;
                UpdateLink();
                Chip.Agenda.Replan();
                Chip.Interrupts.Update();
            }
            finally
            {
                Clock.Exit();
            }
        }
    }

    internal ushort Peek(int address) => address switch
    {
        0x00 => (ushort)(_phcon1 | (Clock.NowNs < _resetUntil ? Prst : 0)),
        0x01 => (ushort)(0x1800 | (_linkWasDown || !HasLink ? 0 : 0x0004)),
        0x02 => Phid1,
        0x03 => Phid2,
        0x10 => _phcon2,
        0x11 => Status2(),
        0x12 => _phie,
        0x13 => (ushort)(_phir | (LinkInterrupt ? Pgif : 0)),
        0x14 => _phlcon,
        _ => 0,
    };

    private ushort Status2()
    {
        int status = Chip.Transmit.State == TransmitState.Sending ? 0x2000 : 0;
        status |= Chip.Receive.IsActive ? 0x1000 : 0;
        status |= HasLink ? 0x0400 : 0;
        status |= IsFullDuplex ? 0x0200 : 0;
        return (ushort)status;
    }

    internal ushort Read(int address)
    {
        ushort value = Peek(address);
        switch (address)
        {
            case 0x01:
                // Latched until it is read.
                _linkWasDown = !HasLink;
                break;
            case 0x13:
                _phir = 0;
                Chip.Interrupts.Update();
                break;
        }

        return value;
    }

    internal void Write(int address, ushort value)
    {
        switch (address)
        {
            case 0x00:
                WriteControl1(value);
                break;
            case 0x10:
                CheckBits(value, Phcon2Bits, "reserved bit of PHCON2 written as one");
                _phcon2 = (ushort)(value & Phcon2Bits);
                UpdateLink();
                break;
            case 0x12:
                CheckBits(value, PhieBits, "reserved bit of PHIE written as one");
                _phie = (ushort)(value & PhieBits);
                Chip.Interrupts.Update();
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

    private void WriteControl1(ushort value)
    {
        if ((value & Prst) != 0)
        {
            Reset();
            _resetUntil = Clock.NowNs + PhyResetNs;
            return;
        }

        CheckBits(value, Phcon1Bits, "reserved bit of PHCON1 written as one");
        Chip.Mac.CheckDuplexChange(((_phcon1 ^ value) & Pdpxmd) != 0);
        if ((value & Ploopbk) != 0)
        {
            Warn(ViolationRule.Loopback, "PHCON1.PLOOPBK: unreliable on silicon (errata 9 and 10)");
        }

        bool wakes = (_phcon1 & ~value & Ppwrsv) != 0;
        _phcon1 = (ushort)(value & Phcon1Bits);
        IsDuplexWritten = true;
        if (wakes)
        {
            _linkFrom = Clock.NowNs + Options.LinkDelayNs;
        }

        UpdateLink();
    }

    private void CheckBits(ushort value, ushort allowed, string message)
    {
        if ((value & ~allowed) != 0)
        {
            Violate(ViolationRule.PhyReserved, message);
        }
    }

    /// <summary>Registers to their reset values; the link has to be found anew.</summary>
    internal void Reset()
    {
        bool full = Options.Strap == DuplexStrap.Full ||
            (Options.Strap == DuplexStrap.Random && Options.Errata[16] > 0 && Random.Below(2) == 1);
        _phcon1 = full ? Pdpxmd : (ushort)0;
        _phcon2 = 0;
        _phie = 0;
        _phlcon = 0x3422;
        IsDuplexWritten = false;
        _linkFrom = Clock.NowNs + Options.LinkDelayNs;
        HasLink = false;
        _linkWasDown = true;
        UpdateLink();
        _phir = 0;
    }

    /// <summary>Works out whether there is a link now, and notes a change.</summary>
    internal void UpdateLink()
    {
        bool possible = Chip.Power.IsAlive && !Chip.Power.InPowerSave && (_phcon1 & Ppwrsv) == 0;
        bool forced = (_phcon2 & Frclnk) != 0;
        bool wanted = possible && (_cable || forced);
        bool link = wanted && (Clock.NowNs >= _linkFrom || forced);
        Due = wanted && !link ? _linkFrom : Never;
        if (link == HasLink)
        {
            return;
        }

        HasLink = link;
        _phir |= Plnkif;
        if (!link)
        {
            _linkWasDown = true;
            Chip.Receive.Drop();
        }
    }
}
