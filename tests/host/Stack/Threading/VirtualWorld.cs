// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;
using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>
/// Threads of which one runs at a time, and time that moves only here: who goes on, and when, is drawn from a seed at each place where a
/// thread could lose the processor. So a run can be repeated. The threads are real, but each waits for its turn.
/// </summary>
internal sealed class VirtualWorld
{
    /// <summary>Nobody waits for a turn longer than that, in real time: the test hangs.</summary>
    private const int Patience = 60000;

    private readonly TestRandom _random;
    private readonly List<VirtualThread> _threads = [];
    private readonly PriorityQueue<Action, (long Time, int Order)> _events = new();
    private readonly SemaphoreSlim _done = new(0);
    private readonly ManualResetEventSlim _over = new(false);
    private VirtualThread? _current;
    private int _order;
    private int _living;
    private bool _ended;

    public VirtualWorld(uint seed)
    {
        _random = new TestRandom(seed);
    }

    /// <summary>Gets the time in milliseconds since the start.</summary>
    public long Elapsed { get; private set; }

    /// <summary>Gets the time as stacks see it, which wraps before long.</summary>
    public int Now => unchecked(int.MaxValue - 3000 + (int)Elapsed);

    /// <summary>Gets how often a thread got its turn.</summary>
    public long Turns { get; private set; }

    /// <summary>Gets or sets how often time moves on while somebody could run: the probability at each turn.</summary>
    public double Haste { get; set; } = 0.01;

    /// <summary>Gets or sets what is looked at after each turn, while nobody has a lock.</summary>
    public Action? Check { get; set; }

    /// <summary>Gets the threads that were found stuck when the world came to its end, by name.</summary>
    public List<string> Stuck { get; } = [];

    public TestRandom Random => _random;

    /// <summary>Starts a thread; it begins when its turn comes.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="body">What it does.</param>
    /// <param name="serves">Whether the world may end without it: it waits for work for ever.</param>
    /// <returns>The thread.</returns>
    public VirtualThread Start(string name, Action body, bool serves = false)
    {
        VirtualThread thread = new(this, name, body, serves);
        _threads.Add(thread);
        if (!serves)
        {
            _living++;
        }

        return thread;
    }

    /// <summary>Has something happen at a time.</summary>
    public void At(long delay, Action happens) => _events.Enqueue(happens, (Elapsed + delay, _order++));

    /// <summary>Runs until all threads have ended that do not serve.</summary>
    /// <param name="milliseconds">How much virtual time they have.</param>
    public void Run(long milliseconds)
    {
        long end = Elapsed + milliseconds;
        At(milliseconds, () => End(null));
        GiveTurn();
        Assert.True(_done.Wait(Patience), "a thread waits for something else than its turn");
        Exception? failure = _threads.Select(t => t.Failure).FirstOrDefault(f => f != null) ?? Failure;
        if (failure != null)
        {
            throw new InvalidOperationException($"at {Elapsed} ms: {failure.Message}\n{failure}", failure);
        }

        Stuck.AddRange(_threads.Where(t => !t.Serves && !t.IsDone).Select(t => $"{t.Name}: {t.Waits}"));
        Assert.True(Stuck.Count == 0, $"after {Elapsed} ms (of {end}) these have not ended: {string.Join(", ", Stuck)}");
    }

    /// <summary>Ends the threads that serve: none may be left behind.</summary>
    public void Dismiss()
    {
        _ended = true;
        _over.Set();
        foreach (VirtualThread thread in _threads)
        {
            thread.Dismiss();
        }
    }

    internal Exception? Failure { get; private set; }

    /// <summary>Gets a value indicating whether threads run: before that, and after, the test itself may call what they do.</summary>
    internal bool IsRunning => _current != null && !_ended;

    internal VirtualThread Current => _current!;

    /// <summary>
    /// Has a thread that is none of the world's wait until that has ended: the garbage collector's, which closes forgotten sockets. It comes when it likes,
    /// so a run with it could not be repeated, and it would be taken for the thread whose turn it is.
    /// </summary>
    /// <returns>Whether it is none of the world's.</returns>
    internal bool KeepsOut()
    {
        if (!IsRunning || _current!.IsCaller)
        {
            return false;
        }

        _over.Wait();
        return true;
    }

    /// <summary>The running thread lets another one go on, or itself.</summary>
    internal void Yield(string where, Func<bool> mayGoOn, long? deadline = null)
    {
        if (_ended)
        {
            throw new DismissedException();
        }

        VirtualThread self = _current!;
        bool isAborted = self.ComesToAPoint();
        self.Waits = where;
        self.MayGoOn = isAborted ? null : mayGoOn;
        self.Deadline = deadline;
        VirtualThread? next = Pick();
        if (next != self)
        {
            next?.Go();
            self.Await();
        }

        if (isAborted)
        {
            self.IsBeingAborted = true;
            throw new AbortedException();
        }
    }

    internal void Finished(VirtualThread thread)
    {
        if (!thread.Serves)
        {
            _living--;
        }

        if (thread.Failure != null || _living == 0)
        {
            End(null);
            return;
        }

        GiveTurn();
    }

    private void GiveTurn() => Pick()?.Go();

    private void End(Exception? failure)
    {
        Failure ??= failure;
        if (!_ended)
        {
            _ended = true;
            _over.Set();
            _done.Release();
        }
    }

    private VirtualThread? Pick()
    {
        try
        {
            Check?.Invoke();
        }
        catch (Exception broken)
        {
            End(broken);
        }

        Turns++;
        while (!_ended)
        {
            if (_random.Chance(Haste))
            {
                Pass(1 + _random.Below(3));
            }

            List<VirtualThread> ready = [.. _threads.Where(t => t.IsReady(Elapsed))];
            if (ready.Count > 0)
            {
                _current = ready[_random.Below(ready.Count)];
                return _current;
            }

            long next = _threads.Where(t => !t.IsDone && t.Deadline != null).Select(t => t.Deadline!.Value).DefaultIfEmpty(long.MaxValue).Min();
            if (_events.TryPeek(out _, out var first) && first.Time < next)
            {
                next = first.Time;
            }

            Pass(next - Elapsed);
        }

        return null;
    }

    private void Pass(long milliseconds)
    {
        long until = Elapsed + milliseconds;
        while (!_ended && _events.TryPeek(out Action? happens, out var first) && first.Time <= until)
        {
            _events.Dequeue();
            Elapsed = Math.Max(Elapsed, first.Time);
            happens();
        }

        Elapsed = until;
    }
}
