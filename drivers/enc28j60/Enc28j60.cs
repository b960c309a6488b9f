// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Gpio;
using System.Device.Spi;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Microchip ENC28J60: a 10BASE-T Ethernet controller with SPI.
    /// </summary>
    /// <remarks>
    /// The order of calls is: <see cref="Probe"/>, which finds the word order that frames need; make the <see cref="FramePool"/>;
    /// <see cref="Attach"/> it; <see cref="Start"/>; then <see cref="Poll"/> in a loop. Nothing waits or sleeps in here but
    /// <see cref="WaitForInterrupt"/>, and once the chip runs nothing allocates. A chip that is lost is started again for as long as
    /// it takes. All calls come from one thread. Data sheet sections are those of DS39662E, errata numbers those of DS80349C.
    /// </remarks>
    public sealed partial class Enc28j60 : INetworkInterface, IDisposable
    {
        /// <summary>
        /// The highest SPI clock in Hz (DS39662E 4.1). Silicon revisions B1 and B4 need 8 MHz at the least (DS80349C 1).
        /// </summary>
        public const int MaximumSpiClockFrequency = 20_000_000;

        /// <summary>
        /// The SPI mode (DS39662E 4.1).
        /// </summary>
        public const SpiMode DefaultSpiMode = SpiMode.Mode0;

        // Without its interrupt pin the chip has to be asked for packets. Its buffer takes 4.9 ms of full-size ones. With it, an edge
        // can still be lost.
        private const int RunningInterval = 1;
        private const int RunningIntervalWithPin = 50;
        private const int IdleInterval = 1000;

        // A reset is found within 100 ms, although Thread.Sleep may take 10 ms more than it is told. Three looks make a turn of
        // housekeeping.
        private const int LookInterval = 84;
        private const int HousekeepingInterval = 250;

        private readonly SpiDevice _device;
        private readonly GpioController _gpio;
        private readonly GpioPin _resetPin;
        private readonly InterruptLine _interrupt;
        private readonly bool _shouldDispose;
        private readonly bool _ownsGpio;
        private readonly MacAddress _address;
        private readonly Enc28j60Counters _counters = new Enc28j60Counters();
        private readonly RestartPolicy _policy = new RestartPolicy();
        private readonly RecoveryLog _log;
        private readonly SpiPort _port;
        private readonly ReceiveFilters _filters;
        private readonly FilterControl _filterControl;
        private readonly Startup _startup;
        private readonly Receiver _receiver;
        private readonly Transmitter _transmitter;
        private readonly LinkMonitor _link;
        private readonly PowerControl _power;
        private readonly HealthCheck _health;
        private Enc28j60State _state;
        private Enc28j60Fault _fault;
        private Enc28j60Recovery _pending;
        private int _lastLook;
        private int _lastHousekeeping;
        private bool _flagsAreDue;
        private bool _wantsSleep;
        private bool _isDisposed;

        /// <summary>
        /// Initializes a new instance of the <see cref="Enc28j60"/> class. The chip is not touched yet.
        /// </summary>
        /// <param name="spiDevice">The SPI device, in mode 0 and full duplex, at up to <see cref="MaximumSpiClockFrequency"/>.</param>
        /// <param name="macAddress">The station's address: the chip has none of its own.</param>
        /// <param name="shouldDispose">Whether <see cref="Dispose"/> disposes the SPI device too.</param>
        /// <exception cref="ArgumentNullException">There is no device or no address.</exception>
        /// <exception cref="ArgumentException">The device's mode or clock is not what the chip can do.</exception>
        public Enc28j60(SpiDevice spiDevice, MacAddress macAddress, bool shouldDispose = true)
            : this(spiDevice, macAddress, new Enc28j60Options(), null, shouldDispose)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="Enc28j60"/> class with options. The chip is not touched yet.
        /// </summary>
        /// <param name="spiDevice">The SPI device, in mode 0 and full duplex, at up to <see cref="MaximumSpiClockFrequency"/>.</param>
        /// <param name="macAddress">The station's address: the chip has none of its own.</param>
        /// <param name="options">What can be chosen; they are read here and not again.</param>
        /// <param name="gpioController">The GPIO controller for the pins that the options name; if it is null, one is made, and disposed
        /// with the driver.</param>
        /// <param name="shouldDispose">Whether <see cref="Dispose"/> disposes the SPI device and the GPIO controller too.</param>
        /// <exception cref="ArgumentNullException">There is no device, no address or no options.</exception>
        /// <exception cref="ArgumentException">The device's mode or clock is not what the chip can do, or an option is out of range.</exception>
        public Enc28j60(
            SpiDevice spiDevice,
            MacAddress macAddress,
            Enc28j60Options options,
            GpioController gpioController = null,
            bool shouldDispose = true)
        {
            // in one piece: a constructor, which makes each part once
            if (spiDevice == null)
            {
                throw new ArgumentNullException(nameof(spiDevice));
            }

            if (macAddress == null)
            {
                throw new ArgumentNullException(nameof(macAddress));
            }

            if (options == null)
            {
                throw new ArgumentNullException(nameof(options));
            }

            options.Validate();
            SpiConnectionSettings settings = spiDevice.ConnectionSettings;
            if (settings.Mode != DefaultSpiMode)
            {
                throw new ArgumentException("The chip needs SPI mode 0.", nameof(spiDevice));
            }

            if (settings.ClockFrequency > MaximumSpiClockFrequency)
            {
                throw new ArgumentException("The chip takes an SPI clock of 20 MHz at most.", nameof(spiDevice));
            }

            _device = spiDevice;
            _address = macAddress;
            _shouldDispose = shouldDispose;
            Listener = options.Listener ?? new Enc28j60Listener();
            _port = new SpiPort(spiDevice);
            _log = new RecoveryLog(_counters, Listener);
            _filters = new ReceiveFilters(_port, macAddress, options.Filters, options.MulticastGroups);
            _filterControl = new FilterControl(_port, _filters);
            MiiPort mii = new MiiPort(_port);
            BufferReader reader = new BufferReader(_port);
            Configuration configuration = new Configuration(_port, mii, _filters, macAddress, options);
            _startup = new Startup(_port, configuration, settings.ClockFrequency);
            _receiver = new Receiver(_port, reader, _filters, _counters, _log);
            _transmitter = new Transmitter(_port, reader, _counters, options, Listener);
            _link = new LinkMonitor(mii, _counters, configuration.PhyControl1, Listener);
            _power = new PowerControl(_port);
            _health = new HealthCheck(_port, configuration, _counters);

            if (options.InterruptPin == Enc28j60Options.NoPin && options.ResetPin == Enc28j60Options.NoPin)
            {
                return;
            }

            _ownsGpio = gpioController == null;
            _gpio = gpioController ?? new GpioController();
            try
            {
                if (options.InterruptPin != Enc28j60Options.NoPin)
                {
                    _interrupt = new InterruptLine(_port, _gpio, options.InterruptPin);
                }

                if (options.ResetPin != Enc28j60Options.NoPin)
                {
                    _resetPin = _gpio.OpenPin(options.ResetPin, PinMode.Output);
                    _resetPin.Write(PinValue.High);
                }
            }
            catch
            {
                // nobody can dispose what was not made: the other pin would stay taken
                ReleasePins(_ownsGpio);
                throw;
            }
        }

        /// <summary>Gets what the driver is doing.</summary>
        public Enc28j60State State => _state;

        /// <summary>Gets why the last <see cref="Probe"/> or start failed, or that the chip was lost; none once it runs.</summary>
        public Enc28j60Fault Fault => _fault;

        /// <summary>Gets why receiver or chip were last reset by the driver itself; <see cref="Counters"/> has how often for each reason.</summary>
        public Enc28j60Recovery LastRecovery => _log.Last;

        /// <summary>
        /// Gets a value indicating whether there were so many late collisions that the other end of the cable is probably set to full
        /// duplex while the chip is not. It stays so.
        /// </summary>
        public bool SuspectsDuplexMismatch => _transmitter.SuspectsMismatch;

        /// <summary>Gets EREVID, the silicon revision: 2 (B1), 4 (B4), 5 (B5) or 6 (B7); 0 before it was read (DS39662E 3.1).</summary>
        public int Revision => _startup.Revision;

        /// <summary>Gets what was counted.</summary>
        public Enc28j60Counters Counters => _counters;

        /// <summary>Gets the number of SPI transfers made; it wraps.</summary>
        public uint SpiTransactions => _port.Transactions;

        /// <summary>Gets the number of bytes moved over SPI, commands included; it wraps.</summary>
        public uint SpiBytes => _port.Bytes;

        /// <inheritdoc/>
        /// <exception cref="InvalidOperationException">Neither <see cref="Probe"/> nor a start has found the chip yet.</exception>
        public WordOrder WordOrder
        {
            get
            {
                if (!_startup.IsOrderKnown)
                {
                    throw new InvalidOperationException("The word order is not known before Probe has found the chip.");
                }

                return _port.LowByteFirst ? WordOrder.LowByteFirst : WordOrder.HighByteFirst;
            }
        }

        /// <inheritdoc/>
        public MacAddress MacAddress => _address;

        /// <inheritdoc/>
        public bool IsLinkUp => _link.IsUp && _state == Enc28j60State.Running;

        /// <inheritdoc/>
        /// <remarks>While a frame is on its way, this asks the chip, in one transfer, whether it has left.</remarks>
        public bool CanSend
        {
            get
            {
                if (_state != Enc28j60State.Running
                    || !_link.IsUp
                    || _wantsSleep
                    || _filterControl.IsWaiting)
                {
                    return false;
                }

                if (_transmitter.IsBusy)
                {
                    CheckFlags();
                }

                return !_transmitter.IsBusy && _pending == Enc28j60Recovery.None;
            }
        }

        /// <summary>Gets who is told; never null.</summary>
        internal Enc28j60Listener Listener { get; }

        /// <summary>Gets the way to the chip, for the self-test.</summary>
        internal SpiPort Port => _port;

        /// <summary>Gets a value indicating whether no PHY register is being read.</summary>
        internal bool IsPhyIdle => _link.IsIdle;

        /// <summary>
        /// Says what a fault means and where to look. Meant for a start that failed: it is the only member that yields text.
        /// </summary>
        /// <param name="fault">The fault.</param>
        /// <returns>A sentence or two in English.</returns>
        public static string Describe(Enc28j60Fault fault) => FaultDescription.Of(fault);

        /// <summary>
        /// Looks for the chip, with a few dozen transfers, and finds the <see cref="WordOrder"/>. Reception and transmission stop
        /// if the chip was left running; a started driver is not disturbed.
        /// </summary>
        /// <returns>Whether the chip is there; if not, <see cref="Fault"/> tells more.</returns>
        /// <exception cref="ObjectDisposedException">The driver was disposed.</exception>
        public bool Probe()
        {
            ThrowIfDisposed();
            if (_state == Enc28j60State.Stopped || _state == Enc28j60State.Failed)
            {
                _state = Enc28j60State.Stopped;
                _fault = _startup.Probe();
                return _fault == Enc28j60Fault.None;
            }

            return _startup.IsOrderKnown;
        }

        /// <summary>
        /// Makes ready to receive into a pool's frames. At start-up, after <see cref="Probe"/>. Receiving and sending use frames of
        /// this pool only.
        /// </summary>
        /// <remarks>
        /// For each size of the pool the driver keeps a command of the same length. A size of 4 bytes more than the frames that it is
        /// for spares two transfers per frame: with 64 and 1518 the chip's read pointer is right for the next packet by itself.
        /// </remarks>
        /// <param name="pool">The pool.</param>
        /// <exception cref="ArgumentNullException">There is no pool.</exception>
        /// <exception cref="ArgumentException">The pool's largest size is over 1534 bytes.</exception>
        /// <exception cref="InvalidOperationException">The word order is not known, or is not the pool's.</exception>
        public void Attach(FramePool pool)
        {
            if (pool == null)
            {
                throw new ArgumentNullException(nameof(pool));
            }

            if (pool.Order != WordOrder)
            {
                throw new InvalidOperationException("The pool was made for the other word order than the chip's bus has.");
            }

            if (pool.LargestCapacity > MemoryMap.LargestTransmitCapacity)
            {
                throw new ArgumentException("The pool's largest frame is over 1534 bytes.", nameof(pool));
            }

            _receiver.Attach(pool);
        }

        /// <summary>
        /// Begins to start the chip, whatever it does now, with a system reset and with a pulse of the RESET pin if that is wired.
        /// <see cref="Poll"/> goes on with it; <see cref="State"/> tells when it is over. For the application's start-up: it
        /// allocates a little. <see cref="Restart"/> does not.
        /// </summary>
        /// <exception cref="InvalidOperationException">There is no pool to receive into: <see cref="Attach"/> one first.</exception>
        /// <exception cref="ObjectDisposedException">The driver was disposed.</exception>
        public void Start()
        {
            ThrowIfDisposed();
            if (_receiver.Pool == null)
            {
                // it would run and hear nothing, and nobody would know why
                throw new InvalidOperationException("Attach a FramePool before Start.");
            }

            StartChip();
        }

        /// <summary>
        /// Starts the chip, pool or not: the self-test needs none.
        /// </summary>
        internal void StartChip()
        {
            Stop(Enc28j60State.Starting);
            _policy.Forget();
            if (_resetPin != null)
            {
                // at least 400 ns (DS39662E table 16-2): managed code takes longer than that
                _resetPin.Write(PinValue.Low);
                _resetPin.Write(PinValue.High);
            }

            Enc28j60Fault fault = _startup.Probe();
            if (fault == Enc28j60Fault.None && !SystemReset.Run(_port))
            {
                fault = Enc28j60Fault.ResetIgnored;
            }

            _startup.BeginAfterReset();
            if (fault != Enc28j60Fault.None)
            {
                _startup.Fail(fault);
                OnStartFailed();
            }
        }

        /// <summary>
        /// Starts the chip anew: after a changed cable, say, or on suspicion. Unlike <see cref="Start"/> this allocates nothing, and
        /// does without a system reset: every register is written. A frame on its way is let out first. The driver does the same by
        /// itself when the chip is lost.
        /// </summary>
        /// <returns>False, and nothing is done, if <see cref="Start"/> was not called yet.</returns>
        public bool Restart()
        {
            if (_state == Enc28j60State.Stopped)
            {
                return false;
            }

            if (_state == Enc28j60State.Running)
            {
                _pending = Enc28j60Recovery.Requested;
                return true;
            }

            _policy.Forget();
            _log.Add(Enc28j60Recovery.Requested);
            Begin();
            return true;
        }

        /// <inheritdoc/>
        public int Poll(int now)
        {
            switch (_state)
            {
                case Enc28j60State.Running:
                    return PollRunning(now);
                case Enc28j60State.Starting:
                    return PollStartup(now);
                case Enc28j60State.Failed:
                    return PollFailed(now);
                case Enc28j60State.Sleeping:
                    return PollSleeping(now);
                default:
                    return IdleInterval;
            }
        }

        /// <inheritdoc/>
        /// <remarks>
        /// A frame shorter than an Ethernet header or longer than 1514 bytes is taken and dropped, and counted as
        /// <see cref="Enc28j60Counters.UnfitFrames"/>: it would never fit, however often it was tried.
        /// </remarks>
        public bool Send(Frame frame)
        {
            if (!CanSend)
            {
                return false;
            }

            if (frame.Length < MemoryMap.HeaderOfEthernet || frame.Length > MemoryMap.LongestFrame)
            {
                _counters._unfitFrames++;
                return true;
            }

            if (!_transmitter.Send(frame))
            {
                OnReset();
                return false;
            }

            return true;
        }

        /// <inheritdoc/>
        /// <remarks>
        /// With another pool than the attached one it yields nothing, and counts <see cref="Enc28j60Counters.ForeignPools"/>.
        /// </remarks>
        public Frame Receive(FramePool pool)
        {
            if (_state != Enc28j60State.Running || _receiver.IsStuck)
            {
                return null;
            }

            if (pool == null || pool != _receiver.Pool)
            {
                // not an exception: nothing that a running stack calls throws
                _counters._foreignPools++;
                return null;
            }

            return _receiver.Next();
        }

        /// <summary>
        /// Sets all counters to zero. Nothing the driver does depends on them.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }
    }
}
