// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace VirtualBoard;

/// <summary>
/// A board on a PC: the firmware as it is, in a thread of its own, over a model of the chip that is wired as
/// <see cref="Firmware.Board"/> says. The chip's Ethernet side is on a <see cref="Wire"/>, where others can connect. Time is the PC's.
/// </summary>
public sealed class VirtualBoardHost : IDisposable
{
    private static readonly TimeSpan s_turnTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_stopTimeout = TimeSpan.FromSeconds(10);

    private readonly BoardHardware _hardware = new();
    private readonly Action _firmware;
    private readonly PowerSwitch _power;
    private readonly Thread _thread;
    private RealTimePump? _pump;
    private bool _stopped;

    /// <summary>A board that is not switched on yet.</summary>
    /// <param name="chipOptions">How the chip is built; strict and without faults if null.</param>
    /// <param name="firmware">What runs on the board; <see cref="Firmware.Program.Main"/> if null.</param>
    public VirtualBoardHost(ChipOptions? chipOptions = null, Action? firmware = null)
    {
        _firmware = firmware ?? Firmware.Program.Main;
        Clock = new VirtualClock();
        Chip = new Enc28j60Chip(Clock, chipOptions);
        Wire = new VirtualWire(Clock);
        BoardPort = Wire.Connect("board", Chip);
        _power = new PowerSwitch(Chip);
        _hardware.Spi.Attach(Firmware.Board.SpiBus, Firmware.Board.ChipSelect, _power);
        _thread = new Thread(RunFirmware) { IsBackground = true, Name = "Firmware" };
    }

    /// <summary>Time on the board and on the wire.</summary>
    public VirtualClock Clock { get; }

    /// <summary>The board's pins and buses.</summary>
    public BoardHardware Hardware => _hardware;

    /// <summary>The chip.</summary>
    public Enc28j60Chip Chip { get; }

    /// <summary>What the chip's Ethernet side is plugged into.</summary>
    public VirtualWire Wire { get; }

    /// <summary>The chip's place on the wire.</summary>
    public WirePort BoardPort { get; }

    /// <summary>Why the firmware ended by itself, which it never should; null if it has not.</summary>
    public Exception? FirmwareError { get; private set; }

    /// <summary>Whether the firmware has ended by returning, as it does when it was asked to.</summary>
    public bool HasReturned { get; private set; }

    /// <summary>Switches the board on.</summary>
    public void Start()
    {
        _pump = new RealTimePump(Clock);
        _thread.Start();
    }

    /// <summary>Switches the board off: the firmware's thread and the clock end.</summary>
    public void Dispose()
    {
        if (_stopped || _pump is null)
        {
            return;
        }

        _stopped = true;
        _power.TurnOff();
        if (!_thread.Join(s_turnTimeout))
        {
            // it waits for another thread, and not for the chip
            _thread.Interrupt();
            _thread.Join(s_stopTimeout);
        }

        _pump.Dispose();
    }

    private void RunFirmware()
    {
        // The choice of a board belongs to the flow of execution: other boards in this process have their own.
        BoardHardware.Current = _hardware;
        try
        {
            _firmware();
            HasReturned = true;
            FirmwareError = new InvalidOperationException("The firmware's Main returned.");
        }
        catch (PowerSwitch.PowerOffException)
        {
            // switched off
        }
        catch (ThreadInterruptedException) when (_stopped)
        {
            // switched off while it waited
        }
        catch (Exception e)
        {
            // Nothing above this frame would report it, and the PC side has to go on to tell.
            FirmwareError = e;
        }
    }
}
