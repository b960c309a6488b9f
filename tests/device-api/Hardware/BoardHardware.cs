// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.Runtime.Native;

namespace VirtualBoard.Hardware;

/// <summary>
/// What stands behind the device libraries of one board: its buses, its pins, its memory figures. Code that needs one board uses
/// <see cref="Default"/> without knowing; several boards in one process each set <see cref="Current"/> in their own flow of execution.
/// </summary>
public sealed class BoardHardware
{
    private static readonly AsyncLocal<BoardHardware?> Selected = new();

    /// <summary>A board with nothing attached.</summary>
    public BoardHardware()
    {
        Gpio = new GpioPins();
        PinFunctions = new PinFunctionTable();
        Spi = new SpiBus(this);
    }

    /// <summary>Told before <see cref="Power.RebootDevice(RebootOption)"/> ends the firmware.</summary>
    public event Action<RebootOption>? Rebooting;

    /// <summary>The board that is used where none was selected.</summary>
    public static BoardHardware Default { get; } = new();

    /// <summary>
    /// The board that <c>SpiDevice</c>, <c>GpioController</c> and <c>Configuration</c> use. Setting it holds for the caller and for the threads
    /// and tasks that the caller starts afterwards; devices and pins stay with the board that they were opened on.
    /// </summary>
    public static BoardHardware Current
    {
        get => Selected.Value ?? Default;
        set => Selected.Value = value;
    }

    /// <summary>The SPI buses.</summary>
    public SpiBus Spi { get; }

    /// <summary>The pins.</summary>
    public GpioPins Gpio { get; }

    /// <summary>Which pin has which function.</summary>
    public PinFunctionTable PinFunctions { get; }

    /// <summary>What <c>GC.Run</c> returns, bytes.</summary>
    public uint ManagedHeapFree { get; set; } = 100_000;

    /// <summary>Native memory, bytes.</summary>
    public uint NativeMemoryTotal { get; set; } = 240_000;

    /// <summary>Free native memory, bytes.</summary>
    public uint NativeMemoryFree { get; set; } = 140_000;

    /// <summary>The time of day that the firmware has set the board's clock to last, or null if it has not.</summary>
    public DateTime? SystemTime { get; internal set; }

    internal void Reboot(RebootOption option)
    {
        Rebooting?.Invoke(option);
        throw new BoardRebootException(option);
    }
}
