// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// The chip's blocks, as the data sheet divides it. Each is a class with a state of its own, and reaches the others through here.
/// </summary>
/// <remarks>
/// <code>
///             host's side                           in the middle                        the cable's side
///
///  bytes -->  SpiDecoder ----> RegisterAccess ----> ControlRegisters (ECON1, ECON2)
///                 |                 |                   |      |        |
///                 |                 v                   |      |        +---> TransmitLogic ---> Medium (collisions, partner)
///                 |            RegisterFile             |      |                 |      \
///                 v                 ^                   |      |          TransmitPacket  TransmitStatus
///            BufferMemory           |                   v      |
///              ^      ^         Interrupts --> INT     Dma     +----> ReceiveLogic &lt;--- frames
///              |      |                            BuiltInTest           |        \
///              |      +---------------------------------------  ReceiveBuffer   ReceiveFilters
///              |
///         Mac, Mii --> Phy --> link                FlowControl (pause frames, backpressure)
///
///  PowerAndReset: oscillator, power save, resets          Agenda: which block has something to do next, and when
/// </code>
/// Errata are in the block where they show; <see cref="Block"/> says whether one strikes, and notes violations.
/// </remarks>
internal sealed class ChipBlocks
{
    internal ChipBlocks(VirtualClock clock, ChipOptions options)
    {
        Clock = clock;
        Options = options;
        Random = new SeededRandom(options.Seed);
        Spi = new SpiDecoder(this);
        Access = new RegisterAccess(this);
        Control = new ControlRegisters(this);
        Memory = new BufferMemory(this);
        ReceiveBuffer = new ReceiveBuffer(this);
        Receive = new ReceiveLogic(this);
        Filters = new ReceiveFilters(this);
        Packet = new TransmitPacket(this);
        Transmit = new TransmitLogic(this);
        TransmitStatus = new TransmitStatus(this);
        Medium = new Medium(this);
        Flow = new FlowControl(this);
        Dma = new Dma(this);
        Bist = new BuiltInTest(this);
        Mac = new Mac(this);
        Mii = new Mii(this);
        Phy = new Phy(this);
        Interrupts = new Interrupts(this);
        Power = new PowerAndReset(this);
        Agenda = new Agenda(this);
    }

    internal VirtualClock Clock { get; }

    internal ChipOptions Options { get; }

    internal ChipFaults Faults { get; } = new();

    internal ChipCounters Counters { get; } = new();

    internal ViolationLog Violations { get; } = new();

    internal SeededRandom Random { get; }

    internal RegisterFile Registers { get; } = new();

    /// <summary>Takes what the chip sends; nothing if null.</summary>
    internal IEthernetPort? Port { get; set; }

    internal SpiDecoder Spi { get; }

    internal RegisterAccess Access { get; }

    internal ControlRegisters Control { get; }

    internal BufferMemory Memory { get; }

    internal ReceiveBuffer ReceiveBuffer { get; }

    internal ReceiveLogic Receive { get; }

    internal ReceiveFilters Filters { get; }

    internal TransmitPacket Packet { get; }

    internal TransmitLogic Transmit { get; }

    internal TransmitStatus TransmitStatus { get; }

    internal Medium Medium { get; }

    internal FlowControl Flow { get; }

    internal Dma Dma { get; }

    internal BuiltInTest Bist { get; }

    internal Mac Mac { get; }

    internal Mii Mii { get; }

    internal Phy Phy { get; }

    internal Interrupts Interrupts { get; }

    internal PowerAndReset Power { get; }

    internal Agenda Agenda { get; }
}
