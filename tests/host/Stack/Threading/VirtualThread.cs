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

    /// <summary>Gets a value indicating whether this is the thread that asks.</summary>
    public bool IsCaller => Thread.CurrentThread == _thread;

    public bool Serves { get; }

    public bool IsDone { get; private set; }

    public Exception? Failure { get; private set; }

    /// <summary>Gets or sets at which of the places where it could lose the processor it is aborted, from 1 on; 0 for at none.</summary>
    public int AbortAt { get; set; }

    /// <summary>Gets or sets a value indicating whether it is on its way out.</summary>
    public bool IsBeingAborted { get; set; }

    /// <summary>Gets a value indicating whether it was ended by an <see cref="AbortedException"/>.</summary>
    public bool WasAborted { get; private set; }

    /// <summary>Gets or sets what the runtime does when it has ended.</summary>
    public Action? Ended { get; set; }

    /// <summary>Gets or sets what it does, or waits for.</summary>
    public string Waits { get; set; } = "not begun";

    public Func<bool>? MayGoOn { get; set; }

    public long? Deadline { get; set; }

    public bool IsReady(long now) => !IsDone && (MayGoOn == null || MayGoOn() || Deadline <= now);

    /// <summary>Counts a place where it could lose the processor.</summary>
    public bool ComesToAPoint() => AbortAt > 0 && --AbortAt == 0;

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
        catch (AbortedException)
        {
            WasAborted = true;
        }
        catch (Exception failure)
        {
            Failure = failure;
        }

        IsDone = true;
        Ended?.Invoke();
        _world.Finished(this);
    }
}
