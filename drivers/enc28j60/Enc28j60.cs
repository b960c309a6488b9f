// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Microchip ENC28J60: a 10BASE-T Ethernet controller with SPI, run in half duplex.
    /// </summary>
    /// <remarks>
    /// The order of calls is: <see cref="Probe"/>, which finds the word order that frames need; make the <see cref="FramePool"/>;
    /// <see cref="Attach"/> it; <see cref="Start"/>; then <see cref="Poll"/> in a loop. Nothing waits or sleeps in here, and once the
    /// chip runs nothing allocates. All calls come from one thread. Data sheet sections are those of DS39662E, errata numbers those of
    /// DS80349C.
    /// </remarks>
    public class Enc28j60 : INetworkInterface, IDisposable
    {
        /// <summary>
        /// The highest SPI clock in Hz (DS39662E 4.1). Silicon revisions B1 and B4 need 8 MHz at the least (DS80349C 1).
        /// </summary>
        public const int MaximumSpiClockFrequency = 20_000_000;

        /// <summary>
        /// The SPI mode (DS39662E 4.1).
        /// </summary>
        public const SpiMode DefaultSpiMode = SpiMode.Mode0;

        // Without its interrupt pin the chip has to be asked for packets. Its buffer takes 4.9 ms of full-size ones.
        private const int RunningInterval = 1;
        private const int IdleInterval = 1000;
        private const int HousekeepingInterval = 250;

        private readonly SpiDevice _device;
        private readonly bool _shouldDispose;
        private readonly MacAddress _address;
        private readonly Enc28j60Counters _counters = new Enc28j60Counters();
        private readonly SpiPort _port;
        private readonly Startup _startup;
        private readonly Receiver _receiver;
        private readonly Transmitter _transmitter;
        private readonly LinkMonitor _link;
        private Enc28j60State _state;
        private Enc28j60Fault _probeFault;
        private bool _isOrderKnown;
        private int _lastHousekeeping;

        /// <summary>
        /// Initializes a new instance of the <see cref="Enc28j60"/> class. The chip is not touched yet.
        /// </summary>
        /// <param name="spiDevice">The SPI device, in mode 0 and full duplex, at up to <see cref="MaximumSpiClockFrequency"/>.</param>
        /// <param name="macAddress">The station's address: the chip has none of its own.</param>
        /// <param name="shouldDispose">Whether <see cref="Dispose"/> disposes the SPI device too.</param>
        /// <exception cref="ArgumentNullException">There is no device or no address.</exception>
        /// <exception cref="ArgumentException">The device's mode or clock is not what the chip can do.</exception>
        public Enc28j60(SpiDevice spiDevice, MacAddress macAddress, bool shouldDispose = true)
        {
            if (spiDevice == null || macAddress == null)
            {
                throw new ArgumentNullException();
            }

            SpiConnectionSettings settings = spiDevice.ConnectionSettings;
            if (settings.Mode != DefaultSpiMode || settings.ClockFrequency > MaximumSpiClockFrequency)
            {
                throw new ArgumentException();
            }

            _device = spiDevice;
            _address = macAddress;
            _shouldDispose = shouldDispose;
            _port = new SpiPort(spiDevice);
            MiiPort mii = new MiiPort(_port);
            BufferReader reader = new BufferReader(_port);
            _startup = new Startup(_port, mii, macAddress, settings.ClockFrequency);
            _receiver = new Receiver(_port, reader, _counters);
            _transmitter = new Transmitter(_port, reader, _counters);
            _link = new LinkMonitor(mii, _counters);
        }

        /// <summary>Gets what the driver is doing.</summary>
        public Enc28j60State State => _state;

        /// <summary>Gets why the last <see cref="Probe"/> or start failed.</summary>
        public Enc28j60Fault Fault => _state == Enc28j60State.Stopped ? _probeFault : _startup.Fault;

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
                if (!_isOrderKnown)
                {
                    throw new InvalidOperationException();
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
                if (_state != Enc28j60State.Running || !_link.IsUp)
                {
                    return false;
                }

                if (_transmitter.IsBusy)
                {
                    CheckFlags();
                }

                return !_transmitter.IsBusy;
            }
        }

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
        public bool Probe()
        {
            if (_state == Enc28j60State.Stopped || _state == Enc28j60State.Failed)
            {
                _state = Enc28j60State.Stopped;
                _probeFault = WordOrderProbe.Run(_port);
                if (_probeFault == Enc28j60Fault.None)
                {
                    _isOrderKnown = true;
                }

                return _probeFault == Enc28j60Fault.None;
            }

            return _isOrderKnown;
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
                throw new ArgumentNullException();
            }

            if (pool.Order != WordOrder)
            {
                throw new InvalidOperationException();
            }

            if (pool.LargestCapacity > MemoryMap.LargestTransmitCapacity)
            {
                throw new ArgumentException();
            }

            _receiver.Attach(pool);
        }

        /// <summary>
        /// Begins to start the chip, whatever it does now. <see cref="Poll"/> goes on with it; <see cref="State"/> tells when it is over.
        /// </summary>
        public void Start()
        {
            _state = Enc28j60State.Starting;
            _startup.Begin();
        }

        /// <inheritdoc/>
        public int Poll(int now)
        {
            if (_state != Enc28j60State.Running)
            {
                return _state == Enc28j60State.Starting ? PollStartup(now) : IdleInterval;
            }

            bool isDue = now - _lastHousekeeping >= HousekeepingInterval;
            if (isDue || _transmitter.IsBusy)
            {
                CheckFlags();
                if (_transmitter.IsBusy)
                {
                    _transmitter.Watch(now);
                }
            }

            if (isDue)
            {
                _lastHousekeeping = now;
                _receiver.Free();
            }

            _link.Poll(now);

            if (_receiver.IsStuck)
            {
                _counters.Restarts++;
                Start();
                return 0;
            }

            return _receiver.HasWaiting ? 0 : RunningInterval;
        }

        /// <inheritdoc/>
        public bool Send(Frame frame)
        {
            if (!CanSend)
            {
                return false;
            }

            _transmitter.Send(frame);
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
                _counters.ForeignPools++;
                return null;
            }

            return _receiver.Next();
        }

        /// <summary>
        /// Stops reception and, if it was asked for in the constructor, disposes the SPI device.
        /// </summary>
        public void Dispose()
        {
            if (_state == Enc28j60State.Running)
            {
                _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            }

            _state = Enc28j60State.Stopped;
            if (_shouldDispose)
            {
                _device.Dispose();
            }
        }

        private int PollStartup(int now)
        {
            int wait = _startup.Poll(now);
            if (_startup.IsDone)
            {
                _isOrderKnown = true;
                _lastHousekeeping = now;
                _receiver.Begin();
                _transmitter.Begin();
                _link.Begin();
                _state = Enc28j60State.Running;
            }
            else if (_startup.IsFailed)
            {
                _state = Enc28j60State.Failed;
            }

            return wait;
        }

        private void CheckFlags()
        {
            int flags = _port.Read(EthRegister.EIR);
            if (_transmitter.IsBusy)
            {
                _transmitter.OnFlags(flags);
            }

            if ((flags & RegisterBits.EirReceiveError) != 0)
            {
                _receiver.OnOverrun();
            }
        }
    }
}
