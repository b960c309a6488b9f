// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;

namespace HostTests.Stack.Threading;

/// <summary>A thread that runs only while it is its turn.</summary>
internal sealed class VirtualThread
{
    private readonly SemaphoreSlim _turn = new(0);
    private readonly VirtualWorld _world;
    private readonly Thread _thread;
    private bool _isDismissed;
    private bool _isStarted;

    public VirtualThread(VirtualWorld world, string name, Action body, bool serves)
    {
        _world = world;
        Name = name;
        Serves = serves;
        _thread = new Thread(() => Run(body)) { IsBackground = true, Name = name };
    }

    public string Name { get; }

    public bool Serves { get; }

    public bool IsDone { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Gets or sets what it does, or waits for.</summary>
    public string Waits { get; set; } = "not begun";

    public Func<bool>? MayGoOn { get; set; }

    public long? Deadline { get; set; }

    public bool IsReady(long now) => !IsDone && (MayGoOn == null || MayGoOn() || Deadline <= now);

    public void Go()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _thread.Start();
        }

        _turn.Release();
    }

    public void Await()
    {
        _turn.Wait();
        if (_isDismissed)
        {
            throw new DismissedException();
        }
    }

    public void Dismiss()
    {
        _isDismissed = true;
        if (_isStarted && !IsDone)
        {
            _turn.Release();
            _thread.Join();
        }
    }

    private void Run(Action body)
    {
        try
        {
            Await();
            body();
        }
        catch (DismissedException)
        {
            IsDone = true;
            return;
        }
        catch (Exception failure)
        {
            Failure = failure;
        }

        IsDone = true;
        _world.Finished(this);
    }

    private sealed class DismissedException : Exception
    {
    }
}
