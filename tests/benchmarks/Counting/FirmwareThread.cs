// Licensed under the MIT license. See LICENSE in the repository root.

using Firmware;
using VirtualBoard.Hardware;

namespace Benchmarks;

/// <summary>
/// Runs the firmware's Main, loop and all, turn by turn: it stands still where it would sleep, and so long somebody else moves the
/// time. Needs the counted copy of the firmware, whose clock and sleep are not the PC's.
/// </summary>
internal sealed class FirmwareThread : IDisposable
{
    private readonly SemaphoreSlim _turn = new(0);
    private readonly SemaphoreSlim _ended = new(0);
    private readonly Thread _thread;
    private Exception? _error;
    private bool _off;

    /// <summary>Switches the board on; it runs until it sleeps for the first time.</summary>
    /// <param name="hardware">What is wired to it.</param>
    /// <param name="now">Its time in milliseconds.</param>
    public FirmwareThread(BoardHardware hardware, Func<long> now)
    {
        Clock = now;
        IlCounter.Firmware = this;
        _thread = new Thread(() => Run(hardware)) { IsBackground = true, Name = "Firmware" };
        _thread.Start();
        Wait();
    }

    /// <summary>The application, once it was made.</summary>
    public Application Application { get; set; } = null!;

    /// <summary>Milliseconds that the firmware wants to sleep now.</summary>
    public int Asked { get; private set; }

    /// <summary>The time in milliseconds.</summary>
    public long Now => Clock();

    private Func<long> Clock { get; }

    /// <summary>Lets the firmware run until it sleeps again; only this is counted.</summary>
    public void Turn()
    {
        IlCounter.Start();
        _turn.Release();
        Wait();
        IlCounter.Stop();
    }

    /// <summary>The firmware sleeps: called on its thread.</summary>
    /// <param name="milliseconds">How long it wants to.</param>
    public void EndTurn(int milliseconds)
    {
        Asked = milliseconds;
        _ended.Release();
        _turn.Wait();
        if (_off)
        {
            throw new OperationCanceledException();
        }
    }

    /// <summary>Switches the board off.</summary>
    public void Dispose()
    {
        _off = true;
        _turn.Release();
        _thread.Join();
        _turn.Dispose();
        _ended.Dispose();
    }

    private void Wait()
    {
        _ended.Wait();
        if (_error is not null)
        {
            throw new InvalidOperationException("The firmware ended.", _error);
        }
    }

    private void Run(BoardHardware hardware)
    {
        BoardHardware.Current = hardware;
        try
        {
            global::Firmware.Program.Main();
        }
        catch (OperationCanceledException)
        {
            // switched off
        }
        catch (Exception e)
        {
            // whoever waits for the turn throws it
            _error = e;
            _ended.Release();
        }
    }
}
