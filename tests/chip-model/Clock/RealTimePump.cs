// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>
/// A thread that keeps a <see cref="VirtualClock"/> in real time while the firmware sleeps, so that interrupt pins move without SPI traffic.
/// </summary>
public sealed class RealTimePump : IDisposable
{
    private readonly VirtualClock _clock;
    private readonly AutoResetEvent _wake = new(false);
    private readonly Thread _thread;
    private readonly Action _poked;
    private volatile bool _stopping;

    /// <summary>Starts real-time mode and the thread.</summary>
    public RealTimePump(VirtualClock clock)
    {
        _clock = clock;
        _poked = () => _wake.Set();
        _clock.Poked += _poked;
        _clock.StartRealTime();
        _thread = new Thread(Run) { IsBackground = true, Name = "Virtual clock" };
        _thread.Start();
    }

    /// <summary>Longest time between two looks, milliseconds.</summary>
    public int MaxSleepMs { get; set; } = 1;

    /// <summary>Stops the thread and real-time mode.</summary>
    public void Dispose()
    {
        if (!_stopping)
        {
            _stopping = true;
            _clock.Poked -= _poked;
            _wake.Set();
            _thread.Join();
            _clock.StopRealTime();
            _wake.Dispose();
        }
    }

    private void Run()
    {
        while (!_stopping)
        {
            _clock.CatchUp();
            _wake.WaitOne(MaxSleepMs);
        }
    }
}
