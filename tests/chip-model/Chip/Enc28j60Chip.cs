// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Hardware;

namespace VirtualBoard.Enc28j60;

/// <summary>
/// A register-level model of Microchip's ENC28J60 (DS39662E, errata DS80349C). It takes SPI bytes on one side and Ethernet frames on the other, lives in virtual
/// time, does what the chip does with wrong programs too, and keeps a list of what was wrong. After construction it has just got power.
/// </summary>
/// <remarks>
/// SPI traffic, reception and transmission allocate nothing. SPI calls come from one thread at a time; <see cref="Deliver"/> and <see cref="DeliverRaw"/> may be
/// called from any thread at any time, and everything else too unless it says otherwise.
/// </remarks>
public sealed partial class Enc28j60Chip : ISpiPeripheral, IClockParticipant
{
    /// <summary>Bytes of memory.</summary>
    public const int MemorySize = 8192;

    /// <summary>Time of one byte at 10 Mbit/s, nanoseconds.</summary>
    public const long ByteTimeNs = 800;

    /// <summary>Time of preamble and start delimiter, nanoseconds.</summary>
    public const long PreambleNs = 8 * ByteTimeNs;

    /// <summary>Shortest gap between frames (IEEE 802.3), nanoseconds.</summary>
    public const long InterFrameGapNs = 9_600;

    private const int PointerMask = MemorySize - 1;
    private const long Never = long.MaxValue;

    private readonly VirtualClock _clock;
    private readonly SeededRandom _random;
    private readonly byte[] _reg = new byte[128];
    private readonly byte[] _memory = new byte[MemorySize];
    private long _nextDue = Never;

    /// <summary>A chip on a clock, with power.</summary>
    public Enc28j60Chip(VirtualClock clock, ChipOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _clock = clock;
        Options = options ?? new ChipOptions();
        _random = new SeededRandom(Options.Seed);
        _arrivals = new FrameQueue(Options.ArrivalFrames, Options.ArrivalBytes);
        SetSpiClock(Options.DefaultClockHz);
        PowerOnReset();
        _clock.Register(this);
    }

    /// <summary>The time that the chip lives in.</summary>
    public VirtualClock Clock => _clock;

    /// <summary>How the chip is built. Errata and open points may be changed at any time.</summary>
    public ChipOptions Options { get; }

    /// <summary>Defects.</summary>
    public ChipFaults Faults { get; } = new();

    /// <summary>What went through.</summary>
    public ChipCounters Counters { get; } = new();

    /// <summary>What was wrong.</summary>
    public ViolationLog Violations { get; } = new();

    /// <summary>Takes what the chip sends; nothing if null.</summary>
    public IEthernetPort? Port { get; set; }

    /// <inheritdoc/>
    long IClockParticipant.NextDue => _nextDue;

    /// <summary>Value of a register as the host would read it, without side effects and whatever the bank is; see <see cref="Reg"/>.</summary>
    public byte PeekRegister(int register)
    {
        Enter();
        try
        {
            return RegisterValue(register);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Value of a pair of registers, low byte first.</summary>
    public int PeekPair(int lowRegister) => PeekRegister(lowRegister) | (PeekRegister(lowRegister + 1) << 8);

    /// <summary>Changes a register behind the host's back, as a disturbance would: it just has another value, and nothing is set off.</summary>
    public void PokeRegister(int register, byte value)
    {
        Enter();
        try
        {
            _reg[register] = value;
            PlanReceive();
            Replan();
            UpdateInterrupt();
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Copies memory out, as it is now.</summary>
    public void PeekMemory(int address, Span<byte> target)
    {
        Enter();
        try
        {
            FlushReceived();
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = ReadMemory((address + i) & PointerMask);
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Changes memory behind the host's back, as a disturbance would.</summary>
    public void PokeMemory(int address, ReadOnlySpan<byte> bytes)
    {
        Enter();
        try
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                WriteMemory((address + i) & PointerMask, bytes[i]);
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <inheritdoc/>
    void IClockParticipant.Notice()
    {
        PlanReceive();
        Replan();
    }

    /// <inheritdoc/>
    void IClockParticipant.RunDue(long now)
    {
        while (_nextDue <= now)
        {
            if (_oscillatorDue <= now)
            {
                OscillatorStarted();
            }

            if (_linkDue <= now)
            {
                _linkDue = Never;
                UpdateLink();
            }

            if (_miiDue <= now)
            {
                MiiDone();
            }

            if (_dmaDue <= now)
            {
                DmaDone();
            }

            if (_bistDue <= now)
            {
                BistDone();
            }

            // The transmitter goes before the receiver: at the end of a foreign frame a waiting one gets its turn.
            if (_txDue <= now)
            {
                TransmitDue(now);
            }

            if (_pauseTxDue <= now)
            {
                SendPauseFrame(now);
            }

            if (_rxDue <= now)
            {
                ReceiveDue(now);
            }

            Replan();
        }

        UpdateInterrupt();
    }

    /// <summary>Finds out anew when something happens next and tells the clock.</summary>
    private void Replan()
    {
        long due = Math.Min(Math.Min(_oscillatorDue, _linkDue), Math.Min(_miiDue, _dmaDue));
        due = Math.Min(due, Math.Min(_bistDue, _pauseTxDue));
        due = Math.Min(due, Math.Min(_txDue, _rxDue));
        if (due != _nextDue)
        {
            _nextDue = due;
            _clock.DueChanged();
        }
    }

    private void Enter() => _clock.Enter();

    private void Exit() => _clock.Exit();

    private bool ErratumStrikes(int number)
    {
        bool applies = number switch
        {
            1 => Options.Revision is ChipOptions.RevisionB1 or ChipOptions.RevisionB4,
            13 => Options.Revision is ChipOptions.RevisionB5 or ChipOptions.RevisionB7,
            _ => true,
        };
        return applies && _random.Chance(Options.Errata[number]);
    }

    private void Violate(ViolationRule rule, string message, ViolationSeverity severity = ViolationSeverity.Error) =>
        Violations.Add(new ChipViolation(rule, severity, message, Bank, _instructionAddress, _clock.NowNs));

    private void Warn(ViolationRule rule, string message) => Violate(rule, message, ViolationSeverity.Warning);

    private int Pair(int lowRegister) => _reg[lowRegister] | (_reg[lowRegister + 1] << 8);

    private void SetPair(int lowRegister, int value)
    {
        _reg[lowRegister] = (byte)value;
        _reg[lowRegister + 1] = (byte)(value >> 8);
    }
}
