// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;

namespace VirtualBoard.Enc28j60;

/// <summary>
/// Time in nanoseconds for everything on one virtual board or wire. It moves when SPI bytes are clocked, when the host says so, and in real-time mode with
/// the PC's own clock. What is due on the way happens in time order. One lock, the world, is held while anything moves.
/// </summary>
public sealed class VirtualClock
{
    private const int MaxNoticeRounds = 64;

    private readonly object _world = new();
    private IClockParticipant[] _participants = [];
    private long _now;
    private long _nextDue = long.MaxValue;
    private volatile bool _poked;
    private bool _moving;
    private int _depth;
    private long _realStart;
    private long _realBase;

    /// <summary>Raised, outside of the world, each time that a change is complete. Handlers may start SPI transfers.</summary>
    public event Action? Settled;

    /// <summary>Raised, on any thread, when another thread left something for the world: a pump may wake up.</summary>
    public event Action? Poked;

    /// <summary>Time since the start, nanoseconds.</summary>
    public long NowNs => Volatile.Read(ref _now);

    /// <summary>True while the clock follows the PC's.</summary>
    public bool IsRealTime { get; private set; }

    /// <summary>
    /// In real-time mode, how far SPI traffic may run ahead of the PC's clock before the caller is made to wait, nanoseconds. SPI on the PC is much faster
    /// than on the board; without this limit a busy loop would make virtual time race.
    /// </summary>
    public long MaxLeadNs { get; set; } = 2_000_000;

    /// <summary>When something happens next, nanoseconds; <see cref="long.MaxValue"/> if nothing is planned.</summary>
    public long NextEventNs
    {
        get
        {
            Enter();
            try
            {
                TakeNotice();
                return _nextDue;
            }
            finally
            {
                Exit();
            }
        }
    }

    /// <summary>Adds something that happens in time.</summary>
    public void Register(IClockParticipant participant)
    {
        Enter();
        try
        {
            _participants = [.. _participants, participant];
            DueChanged();
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Moves time on by so many nanoseconds.</summary>
    public void Advance(long ns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ns);
        Enter();
        try
        {
            MoveTo(_now + ns);
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Moves time to the given point, if it is ahead.</summary>
    public void AdvanceTo(long timeNs)
    {
        Enter();
        try
        {
            if (timeNs >= _now)
            {
                MoveTo(timeNs);
            }
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Moves time to the next event or to <paramref name="limitNs"/>, whichever is first; false if the limit was.</summary>
    public bool AdvanceToNextEvent(long limitNs)
    {
        long next = NextEventNs;
        AdvanceTo(Math.Min(next, limitNs));
        return next <= limitNs;
    }

    /// <summary>From now on the clock follows the PC's: at every chip select, and whenever <see cref="CatchUp"/> is called.</summary>
    public void StartRealTime()
    {
        Enter();
        try
        {
            _realBase = _now;
            _realStart = Stopwatch.GetTimestamp();
            IsRealTime = true;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>From now on the clock moves only when it is told to.</summary>
    public void StopRealTime() => IsRealTime = false;

    /// <summary>In real-time mode, moves time to the PC's.</summary>
    public void CatchUp()
    {
        if (IsRealTime)
        {
            AdvanceTo(RealTimeNs());
        }
    }

    /// <summary>Tells, from any thread, that something was left for a participant.</summary>
    public void Poke()
    {
        _poked = true;
        Poked?.Invoke();
    }

    /// <summary>Enters the world: nothing else moves until <see cref="Exit"/>. May be nested.</summary>
    public void Enter()
    {
        Monitor.Enter(_world);
        _depth++;
    }

    /// <summary>Leaves the world; if this was the outermost level, what changed is announced.</summary>
    public void Exit()
    {
        bool outermost = --_depth == 0;
        Monitor.Exit(_world);
        if (outermost)
        {
            Settled?.Invoke();
        }
    }

    /// <summary>Moves time on from within the world; cheap if nothing is due.</summary>
    internal void Tick(long ns)
    {
        long target = _now + ns;
        if (target < _nextDue && !_poked)
        {
            Volatile.Write(ref _now, target);
        }
        else
        {
            MoveTo(target);
        }
    }

    /// <summary>In real-time mode, catches up from within the world.</summary>
    internal void TickToRealTime()
    {
        if (IsRealTime)
        {
            MoveTo(Math.Max(_now, RealTimeNs()));
        }
    }

    /// <summary>In real-time mode, waits until the PC's clock is no longer far behind. Not to be called within the world.</summary>
    internal void WaitForRealTime()
    {
        if (IsRealTime)
        {
            long lead = NowNs - RealTimeNs();
            if (lead > MaxLeadNs)
            {
                Thread.Sleep((int)(lead / 1_000_000));
            }
        }
    }

    /// <summary>A participant planned anew.</summary>
    internal void DueChanged()
    {
        long due = long.MaxValue;
        foreach (IClockParticipant participant in _participants)
        {
            due = Math.Min(due, participant.NextDue);
        }

        _nextDue = due;
    }

    private long RealTimeNs() => _realBase + (long)Stopwatch.GetElapsedTime(_realStart).TotalNanoseconds;

    private void TakeNotice()
    {
        // What one participant is handed may poke for another. The bound is for host code that answers itself without end.
        for (int round = 0; _poked && round < MaxNoticeRounds; round++)
        {
            _poked = false;
            foreach (IClockParticipant participant in _participants)
            {
                participant.Notice();
            }

            DueChanged();
        }
    }

    private void MoveTo(long target)
    {
        if (_moving)
        {
            throw new InvalidOperationException("Time was moved from within an event.");
        }

        _moving = true;
        try
        {
            while (true)
            {
                TakeNotice();
                if (_nextDue > target)
                {
                    break;
                }

                if (_nextDue > _now)
                {
                    Volatile.Write(ref _now, _nextDue);
                }

                foreach (IClockParticipant participant in _participants)
                {
                    if (participant.NextDue <= _now)
                    {
                        participant.RunDue(_now);
                    }
                }

                DueChanged();
            }

            Volatile.Write(ref _now, target);
        }
        finally
        {
            _moving = false;
        }
    }
}
