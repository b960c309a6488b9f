// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using System.Text;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;

namespace HostTests.Soak;

/// <summary>
/// The driver on the chip's model for days of virtual time, with traffic both ways and one fault after the other. Time jumps over stretches in which nothing happens.
/// </summary>
internal sealed class SoakRun : IDisposable
{
    public static readonly byte[] Station = [0x02, 0x12, 0x34, 0x56, 0x78, 0x9A];

    // The runtime makes things of its own when code runs for the first time: what is rare may come late.
    private const long WarmUpNs = 600_000 * MillisecondNs;

    private const long MillisecondNs = 1_000_000;

    // What the loop around the driver takes on a device; and how long it may sleep when chip and wire are silent, which is less than the driver's housekeeping interval.
    private const long LoopNs = 20_000;
    private const long IdleNs = 50 * MillisecondNs;
    private const long ProbeNs = 20 * MillisecondNs;
    private const int MaxFailures = 40;
    private const int InterruptPin = 4;

    private readonly SoakSettings _settings;
    private readonly VirtualClock _clock = new();
    private readonly SeededRandom _random;
    private readonly SpiDevice _device;
    private readonly FramePool _pool;
    private readonly Frame[] _held;
    private readonly SoakHealth _health;
    private int _heldCount;
    private long _holdUntil;
    private long _nextTraffic;
    private long _nextSend;
    private long _nextProbe;
    private long _pause;
    private long _firstAllocation;
    private int _sendsLeft;
    private uint _lastNumber;
    private uint _sentNumber;

    public SoakRun(SoakSettings settings)
    {
        _settings = settings;
        _random = new SeededRandom(settings.Seed);
        Chip = new Enc28j60Chip(_clock, new ChipOptions
        {
            Seed = settings.Seed,
            Revision = settings.Revision,
            Errata = ErrataOptions.For(settings.Revision),
            Strap = DuplexStrap.Random,
        });
        Partner = new SoakPartner(Chip, new SeededRandom(settings.Seed ^ 0x5A5A));
        Chip.Port = Partner;
        Tap = new BoundedTap(Chip, settings.MostTransfers);
        var board = new BoardHardware();
        board.Spi.RequirePinFunctions = false;
        board.Spi.WordOrder = settings.Order;
        board.Spi.Attach(2, 5, Tap);
        BoardHardware.Current = board;
        _device = SpiDevice.Create(new SpiConnectionSettings(2, 5) { ClockFrequency = Enc28j60.MaximumSpiClockFrequency, Mode = Enc28j60.DefaultSpiMode });
        var options = new Enc28j60Options();
        if (settings.UseInterruptPin)
        {
            Chip.WireInterruptPin(board.Gpio, InterruptPin);
            options.InterruptPin = InterruptPin;
        }

        Driver = new Enc28j60(_device, new MacAddress(Station), options);
        if (!Driver.Probe())
        {
            throw new InvalidOperationException($"The chip was not found: {Driver.Fault}.");
        }

        _pool = new FramePool([64, 1518], [8, 6], Driver.WordOrder, 2, true);
        _held = new Frame[14];
        Driver.Attach(_pool);
        Driver.Start();
        Books = new SoakBooks(Chip, Driver, Partner);
        long end = (long)settings.Duration.TotalMilliseconds * MillisecondNs;
        long gap = (long)settings.MeanGap.TotalMilliseconds * MillisecondNs;
        var plan = FaultPlan.Random(settings.Seed, 10_000 * MillisecondNs, end - (30_000 * MillisecondNs), gap, settings.Kinds);
        Faults = plan.Events.Length;
        var schedule = new FaultSchedule(Chip, plan);
        _health = new SoakHealth(this, schedule);
    }

    public Enc28j60Chip Chip { get; }

    public Enc28j60 Driver { get; }

    public SoakPartner Partner { get; }

    public SoakBooks Books { get; }

    public BoundedTap Tap { get; }

    /// <summary>Gets the number of faults planned.</summary>
    public int Faults { get; }

    /// <summary>Gets what went wrong, the first of it.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Gets the frames that the driver delivered.</summary>
    public long Delivered { get; private set; }

    /// <summary>Gets the number of the last frame delivered whole.</summary>
    public uint LastNumber => _lastNumber;

    /// <summary>Gets the number of the last frame that the driver took.</summary>
    public uint SentNumber => _sentNumber;

    /// <summary>Gets the bytes allocated while nothing was wrong.</summary>
    public long Allocated { get; private set; }

    public long NowNs => _clock.NowNs;

    public SoakSettings Settings => _settings;

    public bool HoldsFrames => _heldCount > 0;

    /// <summary>Lives through the whole time.</summary>
    public void Run()
    {
        long end = (long)_settings.Duration.TotalMilliseconds * MillisecondNs;
        while (_clock.NowNs < end && Failures.Count < MaxFailures)
        {
            bool steady = _health.IsSteady;
            AllocationMark mark = AllocationMark.Now();
            Step();
            long allocated = mark.Since();
            if (steady && _health.IsSteady && allocated != 0 && _clock.NowNs > WarmUpNs)
            {
                Allocated += allocated;
                _firstAllocation = _firstAllocation == 0 ? _clock.NowNs : _firstAllocation;
            }

            _health.Look();
        }

        _health.Finish();
        CheckEnd();
    }

    public void Fail(string what)
    {
        if (Failures.Count < MaxFailures)
        {
            Failures.Add($"seed {_settings.Seed}, {TimeSpan.FromMilliseconds(_clock.NowNs / MillisecondNs)}: {what}");
        }
    }

    /// <summary>What happened, for people.</summary>
    public string Report()
    {
        var text = new StringBuilder();
        text.AppendLine($"seed {_settings.Seed}: {TimeSpan.FromMilliseconds(_clock.NowNs / MillisecondNs)} of virtual time, {_health.Judged} of {Faults} faults, " +
            $"{Delivered} frames delivered, {Partner.Arrived} sent, books right {Books.Balanced} times, {Allocated} bytes allocated in steady state, " +
            $"at most {Tap.MostWindows} transfers in a call");
        text.AppendLine(Chip.Counters.ToString());
        text.Append(_health.Report());
        foreach (string failure in Failures)
        {
            text.AppendLine(failure);
        }

        return text.ToString();
    }

    public void Dispose() => Driver.Dispose();

    /// <summary>Starts the driver anew, as a program would that has given up waiting.</summary>
    public void ForceRestart() => Driver.Start();

    /// <summary>One turn of the loop around the driver.</summary>
    private void Step()
    {
        Generate();
        Tap.BeginCall();
        int wait = Driver.Poll(NowMs);
        if (wait < 0)
        {
            Fail($"Poll asked to be called again in {wait} ms");
            wait = 0;
        }

        Drain();
        SendDue();
        if (_settings.UseInterruptPin)
        {
            // The sleep between two polls, in which virtual time stands still: it ends at once, or it lasts as long as below.
            Tap.BeginCall();
            wait = Driver.WaitForInterrupt(0) ? 0 : _health.IsPinHeard ? Math.Min(wait, 1) : wait;
        }

        _clock.AdvanceTo(NextTime(wait));
    }

    private int NowMs => unchecked((int.MaxValue - 3_600_000) + (int)(_clock.NowNs / MillisecondNs));

    private long NextTime(int wait)
    {
        long now = _clock.NowNs;
        bool silent = wait > 0 && Driver.State == Enc28j60State.Running && !Chip.IsReceiving && !Chip.IsTransmitting && Chip.PeekRegister(Reg.EPKTCNT) == 0 && _sendsLeft == 0;
        long next = silent ? now + IdleNs : now + (wait == 0 ? LoopNs : wait * MillisecondNs);
        next = Math.Min(next, Math.Min(_nextTraffic, _nextSend));
        if (_heldCount > 0)
        {
            next = Math.Min(next, _holdUntil);
        }

        if (_health.WantsTraffic)
        {
            next = Math.Min(next, _nextProbe);
        }

        if (_pause > 0)
        {
            next = now + _pause;
            _pause = 0;
        }

        // Silence ends with whatever the world has planned; time never stands still.
        if (silent)
        {
            next = Math.Min(next, _clock.NextEventNs);
        }

        return Math.Max(next, now + LoopNs);
    }

    private void Generate()
    {
        long now = _clock.NowNs;
        if (now >= _nextTraffic)
        {
            if (Partner.SendSomething() && _random.Below(2) == 0)
            {
                // The program is busy with something else while a burst comes in: the buffer overflows.
                _pause = RandomTime(30);
            }

            _nextTraffic = now + RandomTime(4_000);
        }

        if (now >= _nextSend)
        {
            _sendsLeft += _random.Below(8) == 0 ? 1 + _random.Below(20) : 1;
            _nextSend = now + RandomTime(4_000);
            if (_random.Below(50) == 0 && _heldCount == 0 && _health.IsSteady)
            {
                HoldAll(now);
            }
        }

        if (_health.WantsOverflow)
        {
            Partner.SendFlood();
            _pause = 50 * MillisecondNs;
        }

        if (_health.WantsTraffic && now >= _nextProbe)
        {
            Partner.SendOne();
            _sendsLeft = Math.Max(_sendsLeft, 1);
            _nextProbe = now + ProbeNs;
        }

        if (_heldCount > 0 && now >= _holdUntil)
        {
            while (_heldCount > 0)
            {
                _pool.Return(_held[--_heldCount]);
            }
        }
    }

    /// <summary>The application keeps every frame of the pool for a while.</summary>
    private void HoldAll(long now)
    {
        Frame frame;
        while (_heldCount < _held.Length && (frame = _pool.Rent(60)) != null)
        {
            _held[_heldCount++] = frame;
        }

        _holdUntil = now + RandomTime(200);
    }

    private void Drain()
    {
        while (true)
        {
            Tap.BeginCall();
            Frame frame = Driver.Receive(_pool);
            if (frame == null)
            {
                return;
            }

            Take(frame);
            _pool.Return(frame);
        }
    }

    private void Take(Frame frame)
    {
        Delivered++;
        if (frame.Length < SoakFrame.ShortestLength || frame.Length > SoakFrame.LongestLength)
        {
            _health.Damage($"a frame of {frame.Length} bytes was delivered");
        }
        else if (!SoakFrame.IsWhole(frame, out uint number))
        {
            _health.Damage("a damaged frame was delivered");
        }
        else if (number <= _lastNumber || number > Partner.LastSent)
        {
            _health.Damage($"frame {number} was delivered after frame {_lastNumber}");
            _lastNumber = Math.Min(number, Partner.LastSent);
        }
        else
        {
            _lastNumber = number;
        }
    }

    private void SendDue()
    {
        while (_sendsLeft > 0)
        {
            Tap.BeginCall();
            if (!Driver.CanSend)
            {
                // without a link nothing queues up
                if (!Driver.IsLinkUp && !_health.WantsTraffic)
                {
                    _sendsLeft = 0;
                }

                return;
            }

            int length = _random.Below(2) == 0 ? SoakFrame.ShortestLength : SoakFrame.ShortestLength + _random.Below(SoakFrame.LongestLength - SoakFrame.ShortestLength + 1);
            Frame? frame = _pool.Rent(length);
            if (frame == null)
            {
                return;
            }

            SoakFrame.Fill(frame, length, SoakPartner.Address, Station, _sentNumber + 1);
            Tap.BeginCall();
            if (Driver.Send(frame))
            {
                _sentNumber++;
                _sendsLeft--;
                Books.Taken++;
            }

            _pool.Return(frame);
        }
    }

    private long RandomTime(int meanMs)
    {
        double u = (_random.Next() + 1.0) / (uint.MaxValue + 2.0);
        return (long)(-Math.Log(u) * meanMs * MillisecondNs) + 1;
    }

    /// <summary>Every frame is back in its pool.</summary>
    public void CheckPool()
    {
        int total = 0;
        for (int i = 0; i < _pool.Classes; i++)
        {
            total += _pool.Total(i);
        }

        if (_pool.Free + _heldCount != total || _pool.DoubleReturns != 0 || _pool.UsesAfterReturn != 0)
        {
            Fail($"{_pool.Free} of {total} frames are in the pool, {_heldCount} are held, {_pool.DoubleReturns} were returned twice, " +
                $"{_pool.UsesAfterReturn} used after return");
        }
    }

    private void CheckEnd()
    {
        CheckPool();
        if (Chip.Counters.DroppedByModel != 0)
        {
            Fail($"the model lost {Chip.Counters.DroppedByModel} frames of its own");
        }

        if (Allocated != 0)
        {
            Fail($"{Allocated} bytes were allocated in steady state, the first of them at {TimeSpan.FromMilliseconds(_firstAllocation / MillisecondNs)}");
        }

        if (_health.Judged < Faults && Failures.Count == 0)
        {
            Fail($"only {_health.Judged} of {Faults} faults were judged");
        }
    }
}
