// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Gpio;

namespace VirtualBoard.Hardware;

/// <summary>
/// The pins of a board. The firmware reaches them through <see cref="GpioController"/>; a model drives its outputs with <see cref="Drive"/> and
/// watches its inputs with <see cref="ObserveWrites"/>. Edges allocate nothing.
/// </summary>
public sealed class GpioPins
{
    /// <summary>Number of pins.</summary>
    public const int Count = 64;

    private const int QueueLength = 1024;

    private readonly Lock _lock = new();
    private readonly Pin[] _pins = new Pin[Count];
    private readonly int[] _queue = new int[QueueLength];
    private readonly AutoResetEvent _queued = new(false);
    private int _queueHead;
    private int _queueCount;
    private Thread? _eventThread;
    private GpioEventDelivery _delivery;

    internal GpioPins()
    {
        for (int i = 0; i < Count; i++)
        {
            _pins[i] = new Pin(i);
        }
    }

    /// <summary>Who runs the firmware's handlers.</summary>
    public GpioEventDelivery Delivery
    {
        get => _delivery;
        set
        {
            _delivery = value;
            if (value == GpioEventDelivery.Thread && _eventThread is null)
            {
                _eventThread = new Thread(EventLoop) { IsBackground = true, Name = "GPIO events" };
                _eventThread.Start();
            }
        }
    }

    /// <summary>Number of coming edges to swallow, to see whether the firmware survives a lost interrupt.</summary>
    public int LoseEdges { get; set; }

    /// <summary>Number of controllers that were made and not disposed, to see what the firmware leaves behind.</summary>
    public int Controllers { get; internal set; }

    /// <summary>Level of a pin: what drives it, or its resistor, or low.</summary>
    public bool Level(int pin)
    {
        Pin p = Get(pin);
        lock (_lock)
        {
            return p.Level;
        }
    }

    /// <summary>A model sets the level of a pin, and the firmware's handlers run.</summary>
    public void Drive(int pin, bool high)
    {
        DriveLater(pin, high);
        Settle();
    }

    /// <summary>
    /// A model sets the level of a pin; the handlers run at the next <see cref="Settle"/>. For models that are in the middle of something.
    /// </summary>
    public void DriveLater(int pin, bool high) => Change(Get(pin), p => p.Driven = 1, p => p.Driven = 0, high);

    /// <summary>A model no longer drives a pin.</summary>
    public void Release(int pin)
    {
        Change(Get(pin), p => p.Driven = -1, p => p.Driven = -1, false);
        Settle();
    }

    /// <summary>Runs the handlers that are due, unless they are delivered in another way.</summary>
    public void Settle()
    {
        if (_queueCount == 0)
        {
            return;
        }

        if (_delivery == GpioEventDelivery.Direct)
        {
            DeliverEvents();
        }
        else if (_delivery == GpioEventDelivery.Thread)
        {
            _queued.Set();
        }
    }

    /// <summary>Runs the firmware's handlers for all edges so far, on the calling thread.</summary>
    public void DeliverEvents()
    {
        while (true)
        {
            Pin pin;
            bool high;
            lock (_lock)
            {
                if (_queueCount == 0)
                {
                    return;
                }

                int edge = _queue[_queueHead];
                _queueHead = (_queueHead + 1) % QueueLength;
                _queueCount--;
                pin = _pins[edge >> 1];
                high = (edge & 1) != 0;

                // The runtime drops an event that says nothing new.
                if (high == pin.LastReported)
                {
                    continue;
                }

                pin.LastReported = high;
            }

            pin.Raise(high);
        }
    }

    /// <summary>Has a callback told the level whenever the firmware writes the pin.</summary>
    public void ObserveWrites(int pin, Action<bool> observer)
    {
        Pin p = Get(pin);
        lock (_lock)
        {
            p.WriteObservers += observer;
        }
    }

    /// <summary>Has a callback no longer told.</summary>
    public void StopObserving(int pin, Action<bool> observer)
    {
        Pin p = Get(pin);
        lock (_lock)
        {
            p.WriteObservers -= observer;
        }
    }

    internal static bool IsModeSupported(PinMode mode) => mode is >= PinMode.Input and <= PinMode.OutputOpenDrainPullUp;

    internal GpioPin Open(int pin)
    {
        Pin p = Get(pin);
        lock (_lock)
        {
            if (p.Opened is not null)
            {
                throw new InvalidOperationException($"GPIO {pin} is already open.");
            }

            p.Opened = new GpioPin(this, pin);
            p.Mode = PinMode.Input;
            return p.Opened;
        }
    }

    internal void Close(GpioPin pin)
    {
        Pin p = Get(pin.PinNumber);
        lock (_lock)
        {
            if (ReferenceEquals(p.Opened, pin))
            {
                p.Opened = null;
                p.Mode = PinMode.Input;
                p.ClearHandlers();
            }
        }
    }

    internal PinMode Mode(int pin) => Get(pin).Mode;

    internal void SetMode(int pin, PinMode mode)
    {
        if (!IsModeSupported(mode))
        {
            throw new ArgumentException($"GPIO {pin} has no mode {mode}.");
        }

        Pin p = Get(pin);
        lock (_lock)
        {
            p.Mode = mode;
            p.LastReported = p.Level;
        }
    }

    internal void FirmwareWrite(int pin, bool high)
    {
        Pin p = Get(pin);
        if (p.Mode < PinMode.Output)
        {
            throw new InvalidOperationException($"GPIO {pin} is an input and cannot be written.");
        }

        Change(p, q => q.Output = true, q => q.Output = false, high);
        p.WriteObservers?.Invoke(high);
        Settle();
    }

    internal void AddListener(GpioPin pin, PinValueChangedEventHandler? handler) => Listen(pin, p => p.Listeners += handler);

    internal void RemoveListener(GpioPin pin, PinValueChangedEventHandler? handler) => Listen(pin, p => p.Listeners -= handler);

    internal void AddCallback(GpioPin pin, PinEventTypes types, PinChangeEventHandler handler) => Listen(pin, p => p.Add(types, handler));

    internal void RemoveCallback(GpioPin pin, PinChangeEventHandler handler) => Listen(pin, p => p.Remove(handler));

    private static void CheckPin(int pin)
    {
        if (pin is < 0 or >= Count)
        {
            throw new ArgumentException($"There is no GPIO {pin}.", nameof(pin));
        }
    }

    private Pin Get(int pin)
    {
        CheckPin(pin);
        return _pins[pin];
    }

    private void Listen(GpioPin pin, Action<Pin> change)
    {
        Pin p = Get(pin.PinNumber);
        lock (_lock)
        {
            change(p);
            p.LastReported = p.Level;
        }
    }

    private void Change(Pin p, Action<Pin> toHigh, Action<Pin> toLow, bool high)
    {
        lock (_lock)
        {
            bool before = p.Level;
            (high ? toHigh : toLow)(p);
            bool after = p.Level;
            if (before == after || !p.HasHandlers)
            {
                return;
            }

            if (LoseEdges > 0)
            {
                LoseEdges--;
            }
            else if (_queueCount < QueueLength)
            {
                _queue[(_queueHead + _queueCount) % QueueLength] = (p.Number << 1) | (after ? 1 : 0);
                _queueCount++;
            }
        }
    }

    private void EventLoop()
    {
        while (true)
        {
            _queued.WaitOne();
            DeliverEvents();
        }
    }

    private sealed class Pin(int number)
    {
        private readonly PinValueChangedEventArgs _rising = new(PinEventTypes.Rising, number);
        private readonly PinValueChangedEventArgs _falling = new(PinEventTypes.Falling, number);
        private PinChangeEventHandler? _risingCallbacks;
        private PinChangeEventHandler? _fallingCallbacks;

        public PinValueChangedEventHandler? Listeners;

        public int Number { get; } = number;

        /// <summary>Level that a model drives, or -1.</summary>
        public int Driven { get; set; } = -1;

        public bool Output { get; set; }

        public PinMode Mode { get; set; }

        public bool LastReported { get; set; }

        public GpioPin? Opened { get; set; }

        public Action<bool>? WriteObservers { get; set; }

        public bool HasHandlers => Listeners is not null || _risingCallbacks is not null || _fallingCallbacks is not null;

        public bool Level => Mode switch
        {
            PinMode.Output => Output,
            PinMode.OutputOpenDrain or PinMode.OutputOpenDrainPullUp => Output && Driven != 0,
            PinMode.InputPullUp => Driven != 0,
            _ => Driven == 1,
        };

        public void Add(PinEventTypes types, PinChangeEventHandler handler)
        {
            if ((types & PinEventTypes.Rising) != 0)
            {
                _risingCallbacks += handler;
            }

            if ((types & PinEventTypes.Falling) != 0)
            {
                _fallingCallbacks += handler;
            }
        }

        public void Remove(PinChangeEventHandler handler)
        {
            _risingCallbacks -= handler;
            _fallingCallbacks -= handler;
        }

        public void ClearHandlers()
        {
            Listeners = null;
            _risingCallbacks = null;
            _fallingCallbacks = null;
        }

        public void Raise(bool high)
        {
            PinValueChangedEventArgs args = high ? _rising : _falling;
            object sender = (object?)Opened ?? this;
            Listeners?.Invoke(sender, args);
            (high ? _risingCallbacks : _fallingCallbacks)?.Invoke(sender, args);
        }
    }
}
