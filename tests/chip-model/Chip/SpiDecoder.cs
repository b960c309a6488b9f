// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60;

/// <summary>The SPI side: instructions, chip select, time (DS39662E chapter 4).</summary>
internal sealed class SpiDecoder(ChipBlocks chip) : Block(chip)
{
    private const int MaxClockHz = 20_000_000;
    private const int MinClockHzEarlySilicon = 8_000_000;
    private const long NanosecondsPerByteTimesHertz = 8_000_000_000;

    private int _clockHz;
    private long _byteNs;
    private long _byteRemainder;
    private long _remainder;
    private bool _wrongMode;
    private bool _selected;
    private SpiState _state;
    private byte _opcode;
    private int _register;
    private int _windowBytes;
    private bool _windowAllZero;
    private bool _macReadWhileNotReady;
    private bool _partialByte;
    private byte _lastRead;

    internal int Address { get; private set; }

    /// <summary>Whether the instruction in progress sets or clears bits, and is no plain write.</summary>
    internal bool IsBitOperation => _opcode != 2;

    /// <summary>What is left of an instruction in progress finds nobody.</summary>
    internal void Abort() => _state = SpiState.Ignored;

    private enum SpiState
    {
        Opcode,
        ReadDummy,
        ReadData,
        ReadTail,
        WriteData,
        ReadBuffer,
        WriteBuffer,
        AfterWrite,
        AfterReset,
        Ignored,
    }

    internal void Attach(in SpiLineSettings settings)
    {
        Clock.Enter();
        try
        {
            SetClock(settings.ClockHz);
            _wrongMode = settings.Mode != SpiMode.Mode0 || settings.DataFlow != DataFlow.MsbFirst;
        }
        finally
        {
            Clock.Exit();
        }
    }

    internal void Select()
    {
        // The world stays entered until Deselect: a window is one piece.
        Clock.Enter();
        Clock.TickToRealTime();
        Clock.Tick(Options.ChipSelectHighNs + Options.ChipSelectSetupNs);
        _selected = true;
        _state = SpiState.Opcode;
        _windowBytes = 0;
        _windowAllZero = true;
        _macReadWhileNotReady = false;
        _partialByte = false;
        Counters.SpiTransactions++;
    }

    internal byte Exchange(byte mosi)
    {
        if (!_selected)
        {
            return Faults.FloatingMiso;
        }

        if (Faults.MosiFlip > 0 && Faults.Random.Chance(Faults.MosiFlip))
        {
            mosi ^= (byte)(1 << Faults.Random.Below(8));
        }

        Counters.SpiBytes++;
        _windowBytes++;
        _windowAllZero &= mosi == 0;
        bool alive = Chip.Power.IsAlive;
        byte miso = alive ? NextOutput() : Faults.FloatingMiso;
        PassByteTime();
        if (alive && Chip.Power.IsAlive)
        {
            Take(mosi);
        }

        if (Faults.MisoFlip > 0 && Faults.Random.Chance(Faults.MisoFlip))
        {
            miso ^= (byte)(1 << Faults.Random.Below(8));
        }

        return Faults.MisoStuck ?? miso;
    }

    internal void ExchangeBits(int bits)
    {
        if (_selected && bits is > 0 and < 8)
        {
            Clock.Tick(_byteNs * bits / 8);
            _partialByte = true;
        }
    }

    internal void Deselect()
    {
        if (!_selected)
        {
            return;
        }

        if (Chip.Power.IsAlive)
        {
            CheckWindow();
        }

        Clock.Tick(Options.ChipSelectHoldNs);
        _selected = false;
        Chip.Interrupts.Update();
        Clock.Exit();
        Clock.WaitForRealTime();
    }

    internal void SetClock(int hertz)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hertz);
        _clockHz = hertz;
        _byteNs = NanosecondsPerByteTimesHertz / hertz;
        _byteRemainder = NanosecondsPerByteTimesHertz % hertz;
        _remainder = 0;
    }

    private void PassByteTime()
    {
        long ns = _byteNs;
        _remainder += _byteRemainder;
        if (_remainder >= _clockHz)
        {
            _remainder -= _clockHz;
            ns++;
        }

        Clock.Tick(ns);
    }

    /// <summary>What the chip sends during the coming byte.</summary>
    private byte NextOutput()
    {
        switch (_state)
        {
            case SpiState.ReadDummy:
                return Undefined();
            case SpiState.ReadData:
                _lastRead = Chip.Access.Read(_register);
                return _lastRead;
            case SpiState.ReadTail:
                return Undefined();
            case SpiState.ReadBuffer:
                return Chip.Memory.ReadNext();
            default:
                // The output is off while an instruction or write data is shifted in.
                return Faults.FloatingMiso;
        }
    }

    private byte Undefined() => Options.UndefinedReadByte switch
    {
        UndefinedByte.Zero => 0,
        UndefinedByte.Ones => 0xFF,
        UndefinedByte.Repeat => _lastRead,
        _ => Random.NextByte(),
    };

    /// <summary>Takes a complete byte from the host.</summary>
    private void Take(byte mosi)
    {
        switch (_state)
        {
            case SpiState.Opcode:
                Decode(mosi);
                break;
            case SpiState.ReadDummy:
                _state = SpiState.ReadData;
                break;
            case SpiState.ReadData:
                _state = SpiState.ReadTail;
                break;
            case SpiState.WriteData:
                _state = SpiState.AfterWrite;
                Write(mosi);
                break;
            case SpiState.WriteBuffer:
                Chip.Memory.WriteNext(mosi);
                break;
            case SpiState.AfterWrite:
                Violate(ViolationRule.Framing, "bytes after the data byte of a register write");
                _state = SpiState.Ignored;
                break;
            case SpiState.AfterReset:
                if (!Options.LenientResetTail)
                {
                    Violate(ViolationRule.Framing, "bytes after a system reset command");
                }

                _state = SpiState.Ignored;
                break;
        }
    }

    private void Decode(byte first)
    {
        if (_wrongMode)
        {
            Violate(ViolationRule.SpiTiming, "SPI mode other than 0,0 or bit order other than MSb first");
            _state = SpiState.Ignored;
            return;
        }

        CheckClock();
        _opcode = (byte)(first >> 5);
        Address = first & 0x1F;
        _register = RegisterMap.Resolve(Registers.Bank, Address);
        switch (_opcode)
        {
            case 0:
                DecodeRead();
                break;
            case 1:
                DecodeBuffer(SpiState.ReadBuffer);
                break;
            case 3:
                DecodeBuffer(SpiState.WriteBuffer);
                break;
            case 2 or 4 or 5:
                _state = SpiState.WriteData;
                break;
            case 7 when Address == 0x1F:
                _state = SpiState.AfterReset;
                Chip.Power.SystemReset();
                break;
            default:
                Violate(ViolationRule.Framing, "undefined instruction");
                _state = SpiState.Ignored;
                break;
        }
    }

    private void DecodeRead()
    {
        if (Address == RegisterMap.ForbiddenAddress)
        {
            Violate(ViolationRule.ReservedAddress, "read of address 1Ah");
        }

        bool dummy = RegisterMap.HasDummyByte(_register);
        _macReadWhileNotReady = dummy && !Chip.Power.IsMacReady;
        _state = dummy ? SpiState.ReadDummy : SpiState.ReadData;
    }

    private void DecodeBuffer(SpiState state)
    {
        if (Address != 0x1A)
        {
            Violate(ViolationRule.Framing, "buffer instruction with an argument other than 1Ah");
            _state = SpiState.Ignored;
            return;
        }

        if (state == SpiState.ReadBuffer)
        {
            Chip.Receive.Flush();
        }

        _state = state;
    }

    private void Write(byte data)
    {
        switch (_opcode)
        {
            case 2:
                Chip.Access.Write(_register, data, data);
                break;
            case 4:
                BitOperation(data, true);
                break;
            default:
                BitOperation(data, false);
                break;
        }

        Chip.Agenda.Replan();
    }

    private void BitOperation(byte mask, bool set)
    {
        int register = _register;
        byte old = Chip.Access.Peek(register);
        byte value = (byte)(set ? old | mask : old & ~mask);
        if (RegisterMap.HasDummyByte(register))
        {
            Violate(ViolationRule.BitOperationOnMac, set ? "bit field set on a MAC or MII register" : "bit field clear on a MAC or MII register");
            if (Options.BitOperationOnMac == BitOperationEffect.Ignored)
            {
                return;
            }

            value = Options.BitOperationOnMac == BitOperationEffect.PlainWrite ? mask : value;
        }

        Chip.Access.Write(register, value, set ? mask : (byte)0);
    }

    private void CheckClock()
    {
        if (_clockHz > MaxClockHz)
        {
            Violate(ViolationRule.SpiTiming, "SPI clock above 20 MHz");
        }

        if (Options.ChipSelectSetupNs < 50 || Options.ChipSelectHighNs < 50)
        {
            Violate(ViolationRule.SpiTiming, "chip select setup or high time below 50 ns");
        }
    }

    /// <summary>True if a MAC or MII write takes: not on early silicon with a slow clock (erratum 1), nor if chip select rises too soon (DS39662E 16.0).</summary>
    internal bool MacWriteTakes()
    {
        if (Options.ChipSelectHoldNs < 210)
        {
            Violate(ViolationRule.SpiTiming, "chip select hold below 210 ns after a MAC or MII register");
            return false;
        }

        if (_clockHz < MinClockHzEarlySilicon && Options.Revision is ChipOptions.RevisionB1 or ChipOptions.RevisionB4)
        {
            bool synchronous = 25_000_000 % _clockHz == 0 || 50_000_000 % _clockHz == 0;
            if (!synchronous && Strikes(1))
            {
                Warn(ViolationRule.SpiTiming, "SPI clock below 8 MHz on silicon B1 or B4: a MAC write was lost (erratum 1)");
                return false;
            }
        }

        return true;
    }

    /// <summary>At the end of a window: was the instruction complete?</summary>
    private void CheckWindow()
    {
        if (_state == SpiState.WriteData)
        {
            Violate(ViolationRule.Truncated, "chip select went up before the data byte of a register write was complete");
        }
        else if (_state == SpiState.ReadData && RegisterMap.HasDummyByte(_register))
        {
            Violate(ViolationRule.MissingDummyByte, "MAC or MII register read without its dummy byte");
        }
        else if (_partialByte)
        {
            Violate(ViolationRule.Truncated, "chip select went up within a byte");
        }

        // An ESP32 sends four zero bytes when it opens the device; after a warm start that may be a read of a MAC register, and no driver can help it.
        bool opening = _windowAllZero && _windowBytes == 4;
        if (_macReadWhileNotReady && !opening)
        {
            Violate(ViolationRule.NotReady, "MAC or MII register read before the clock is ready, within 1 ms after a reset, or in power save");
        }

        if (Options.ChipSelectHoldNs < 10)
        {
            Violate(ViolationRule.SpiTiming, "chip select hold below 10 ns");
        }
    }
}
