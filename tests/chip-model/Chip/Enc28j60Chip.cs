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
public sealed class Enc28j60Chip : ISpiPeripheral, IClockParticipant
{
    /// <summary>Bytes of memory.</summary>
    public const int MemorySize = 8192;

    /// <summary>Time of one byte at 10 Mbit/s, nanoseconds.</summary>
    public const long ByteTimeNs = 800;

    /// <summary>Time of preamble and start delimiter, nanoseconds.</summary>
    public const long PreambleNs = 8 * ByteTimeNs;

    /// <summary>Shortest gap between frames (IEEE 802.3), nanoseconds.</summary>
    public const long InterFrameGapNs = 9_600;

    /// <summary>Start-up time of the oscillator: 7500 clocks, nanoseconds.</summary>
    public const long OscillatorStartNs = 300_000;

    /// <summary>Time that the host must leave after a system reset (erratum 2), nanoseconds.</summary>
    public const long SystemResetNs = 1_000_000;

    private readonly ChipBlocks _blocks;

    /// <summary>A chip on a clock, with power.</summary>
    public Enc28j60Chip(VirtualClock clock, ChipOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(clock);
        _blocks = new ChipBlocks(clock, options ?? new ChipOptions());
        _blocks.Spi.SetClock(Options.DefaultClockHz);
        _blocks.Power.PowerOnReset();
        clock.Register(this);
    }

    /// <summary>Raised within the clock's world when the INT pin changes; the argument is true for low, which is active.</summary>
    public event Action<bool>? InterruptChanged
    {
        add => _blocks.Interrupts.PinChanged += value;
        remove => _blocks.Interrupts.PinChanged -= value;
    }

    /// <summary>The time that the chip lives in.</summary>
    public VirtualClock Clock => _blocks.Clock;

    /// <summary>How the chip is built. Errata and open points may be changed at any time.</summary>
    public ChipOptions Options => _blocks.Options;

    /// <summary>Defects.</summary>
    public ChipFaults Faults => _blocks.Faults;

    /// <summary>What went through.</summary>
    public ChipCounters Counters => _blocks.Counters;

    /// <summary>What was wrong.</summary>
    public ViolationLog Violations => _blocks.Violations;

    /// <summary>Takes what the chip sends; nothing if null.</summary>
    public IEthernetPort? Port
    {
        get => _blocks.Port;
        set => _blocks.Port = value;
    }

    /// <summary>Whether the chip has power. Setting it to true is a power-on reset.</summary>
    public bool Powered
    {
        get => _blocks.Power.Powered;
        set => _blocks.Power.Powered = value;
    }

    /// <summary>Level of the RESET pin: true holds the chip in reset. The end is a reset like that at power-on, except that memory keeps its contents.</summary>
    public bool ResetPinLow
    {
        get => _blocks.Power.ResetPinLow;
        set => _blocks.Power.ResetPinLow = value;
    }

    /// <summary>Whether the INT pin is low, which is active.</summary>
    public bool InterruptPinLow => _blocks.Interrupts.PinLow;

    /// <summary>
    /// Whether there is a partner at the other end of the cable; true unless set. The link follows, after resets with <see cref="ChipOptions.LinkDelayNs"/>; a change
    /// by this property takes effect at once. From any thread.
    /// </summary>
    public bool LinkUp
    {
        get => _blocks.Phy.LinkUp;
        set => _blocks.Phy.LinkUp = value;
    }

    /// <summary>Whether the PHY has a link now, as PHSTAT2.LSTAT says.</summary>
    public bool HasLink => _blocks.Phy.HasLink;

    /// <summary>
    /// Duplex mode of the partner's port: the chip's own if null. A partner in full duplex neither waits for the chip nor hears collisions,
    /// and the half-duplex chip sees late ones; for a partner in half duplex the same is true the other way round, and the chip notices nothing.
    /// </summary>
    public bool? PartnerFullDuplex
    {
        get => _blocks.Medium.PartnerFullDuplex;
        set => _blocks.Medium.PartnerFullDuplex = value;
    }

    /// <summary>Frames that wait on the wire.</summary>
    public int PendingArrivals => _blocks.Receive.PendingArrivals;

    /// <summary>True while a frame comes in or waits to.</summary>
    public bool IsReceiving => _blocks.Receive.IsReceiving;

    /// <summary>True while a transmission is requested and not over.</summary>
    public bool IsTransmitting => _blocks.Registers.TransmitRequested;

    /// <summary>Packets whose memory has not been freed through ERXRDPT. Equal to EPKTCNT when the host has finished with a packet.</summary>
    public int PacketsInMemory => _blocks.ReceiveBuffer.PacketsInMemory;

    /// <inheritdoc/>
    long IClockParticipant.NextDue => _blocks.Agenda.NextDue;

    /// <summary>Value of a register as the host would read it, without side effects and whatever the bank is; see <see cref="Reg"/>.</summary>
    public byte PeekRegister(int register)
    {
        Enter();
        try
        {
            return _blocks.Access.Peek(register);
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
            _blocks.Registers[register] = value;
            _blocks.Receive.Plan();
            _blocks.Agenda.Replan();
            _blocks.Interrupts.Update();
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
            _blocks.Receive.Flush();
            for (int i = 0; i < target.Length; i++)
            {
                target[i] = _blocks.Memory.Read((address + i) & (MemorySize - 1));
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
                _blocks.Memory.Write((address + i) & (MemorySize - 1), bytes[i]);
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Value of a PHY register, without side effects.</summary>
    public ushort PeekPhy(int address) => _blocks.Phy.Peek(address);

    /// <inheritdoc/>
    public void Attach(in SpiLineSettings settings) => _blocks.Spi.Attach(settings);

    /// <inheritdoc/>
    public void Select() => _blocks.Spi.Select();

    /// <inheritdoc/>
    public byte Exchange(byte mosi) => _blocks.Spi.Exchange(mosi);

    /// <summary>
    /// Clocks fewer than eight bits before chip select goes up, as a glitch on that line would: the byte is lost. Between <see cref="Select"/> and <see cref="Deselect"/> only.
    /// </summary>
    public void ExchangeBits(int bits) => _blocks.Spi.ExchangeBits(bits);

    /// <inheritdoc/>
    public void Deselect() => _blocks.Spi.Deselect();

    /// <summary>
    /// Puts a frame on the wire to the chip; the frame check sequence is added. It starts as soon as the wire is free. From any thread.
    /// </summary>
    /// <returns>False if the queue of arrivals is full and the frame is lost.</returns>
    public bool Deliver(ReadOnlySpan<byte> frameWithoutFcs) => _blocks.Receive.Deliver(frameWithoutFcs);

    /// <summary>
    /// Puts a frame on the wire to the chip with whatever frame check sequence its last four bytes are. It starts at <paramref name="notBeforeNs"/> or as soon
    /// as the wire is free after that. From any thread.
    /// </summary>
    /// <returns>False if the queue of arrivals is full and the frame is lost.</returns>
    public bool DeliverRaw(ReadOnlySpan<byte> frameWithFcs, FrameFlags flags = FrameFlags.None, long notBeforeNs = 0) =>
        _blocks.Receive.DeliverRaw(frameWithFcs, flags, notBeforeNs);

    /// <summary>
    /// Has the next packets come with a wrong header: the mask is laid over a byte of it as exclusive or, 0 and 1 being the next packet pointer, 2 to 5 the status vector.
    /// </summary>
    public void CorruptNextHeader(int offset, byte mask, int packets = 1) => _blocks.ReceiveBuffer.CorruptNextHeader(offset, mask, packets);

    /// <summary>
    /// Has the coming transmission attempts collide, one entry per attempt, at a byte of the frame counted from 0. Beyond MACLCON2 it is a late collision.
    /// </summary>
    public void ScriptCollision(int atByte, int attempts = 1) => _blocks.Medium.Script(atByte, attempts, false);

    /// <summary>Has coming attempts succeed, between collisions.</summary>
    public void ScriptNoCollision(int attempts = 1) => _blocks.Medium.Script(Medium.NoCollision, attempts, false);

    /// <summary>
    /// Has the coming attempts meet a link pulse that the chip takes for a collision (erratum 13): late ones leave TXRTS set.
    /// </summary>
    public void ScriptFalseCollision(int atByte, int attempts = 1) => _blocks.Medium.Script(atByte, attempts, true);

    /// <summary>Keeps the medium busy for so many nanoseconds from now, as somebody else's traffic does. Half duplex only.</summary>
    public void OccupyMedium(long ns) => _blocks.Medium.OccupyMedium(ns);

    /// <summary>A dip of the supply: everything as after power-on, memory included.</summary>
    public void PowerOnReset() => _blocks.Power.PowerOnReset();

    /// <summary>A reset that nobody asked for: registers as after power-on, memory kept. For drivers that must notice.</summary>
    public void SpontaneousReset() => _blocks.Power.SpontaneousReset();

    /// <summary>Connects the INT pin to a GPIO. The firmware's handlers run when the change that moved the pin is complete.</summary>
    public void WireInterruptPin(GpioPins gpio, int pin) => _blocks.Interrupts.WirePin(gpio, pin);

    /// <summary>Connects the RESET pin to a GPIO that the firmware writes.</summary>
    public void WireResetPin(GpioPins gpio, int pin)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        gpio.ObserveWrites(pin, high => ResetPinLow = !high);
    }

    /// <inheritdoc/>
    void IClockParticipant.Notice()
    {
        _blocks.Receive.Plan();
        _blocks.Agenda.Replan();
    }

    /// <inheritdoc/>
    void IClockParticipant.RunDue(long now)
    {
        _blocks.Agenda.RunDue(now);
        _blocks.Interrupts.Update();
    }

    private void Enter() => Clock.Enter();

    private void Exit() => Clock.Exit();
}
