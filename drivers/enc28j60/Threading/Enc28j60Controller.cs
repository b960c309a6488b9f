// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Spi;
using TcpIp;
using TcpIp.Frames;
using TcpIp.Link;
using TcpIp.Threading;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// An ENC28J60 for many threads: <c>EthernetInterface.Use(new Enc28j60Controller(bus, chipSelect, mac), null)</c> is all that an application says of
    /// its network.
    /// </summary>
    /// <remarks>
    /// With an interrupt pin a frame ends the network thread's sleep; without it the chip is asked every few milliseconds.
    /// </remarks>
    public sealed class Enc28j60Controller : NetworkController
    {
        // milliseconds between times of frames that go into the random numbers
        private const int StirInterval = 100;

        private readonly Enc28j60 _driver;
        private readonly HostThreads _threads;
        private readonly HostSignal _signal;
        private HardwareRandom _random;
        private int _stirredAt;
        private bool _fired;

        /// <summary>
        /// Initializes a new instance of the <see cref="Enc28j60Controller"/> class with a chip on an SPI bus.
        /// </summary>
        /// <param name="spiBus">The bus. On ESP32 its pins are to be set before, with <c>Configuration.SetPinFunction</c>.</param>
        /// <param name="chipSelect">GPIO wired to CS.</param>
        /// <param name="macAddress">Six bytes that no other station of the LAN has.</param>
        /// <param name="interruptPin">GPIO wired to INT, or <see cref="Enc28j60Options.NoPin"/>.</param>
        /// <param name="spiClockFrequency">The bus's clock in Hz, up to what the chip takes. Not each firmware makes of a number that it cannot have the next lower
        /// one: a Raspberry Pi Pico's makes some ten kHz of it, and is to be asked for 15 625 000.</param>
        /// <exception cref="ArgumentException">The address is none, or the clock is too fast.</exception>
        public Enc28j60Controller(
            int spiBus, int chipSelect, byte[] macAddress, int interruptPin = Enc28j60Options.NoPin, int spiClockFrequency = Enc28j60.MaximumSpiClockFrequency)
            : this(Create(spiBus, chipSelect, macAddress, interruptPin, spiClockFrequency), new HostThreads())
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="Enc28j60Controller"/> class with a driver that was made and not started.
        /// </summary>
        /// <param name="driver">The driver.</param>
        /// <param name="threads">The same as <see cref="EthernetConfiguration.Threads"/>.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        public Enc28j60Controller(Enc28j60 driver, HostThreads threads)
        {
            if (driver == null)
            {
                throw new ArgumentNullException(nameof(driver));
            }

            if (threads == null)
            {
                throw new ArgumentNullException(nameof(threads));
            }

            _driver = driver;
            _threads = threads;
            _signal = threads.CreateSignal();
        }

        /// <summary>Gets the driver, for its state and counters.</summary>
        public Enc28j60 Driver => _driver;

        /// <inheritdoc/>
        public override INetworkInterface Interface => _driver;

        /// <inheritdoc/>
        public override int StayAwake => Enc28j60Runner.StayAwake;

        /// <inheritdoc/>
        public override int LongestSleep => Enc28j60Runner.LongestSleep;

        /// <inheritdoc/>
        public override string Find() => _driver.Probe() ? null : Enc28j60.Describe(_driver.Fault);

        /// <summary>
        /// The runtime's generator, what the chip's memory holds before its start, the address, and with an interrupt pin the times at which frames come
        /// in: so the numbers are no stranger's to guess where the generator is seeded with the time alone.
        /// </summary>
        /// <returns>The source.</returns>
        public override RandomSource CreateRandom() => CreateRandom(new Random());

        /// <summary>
        /// The same with another generator.
        /// </summary>
        /// <param name="generator">The generator.</param>
        /// <returns>The source.</returns>
        internal RandomSource CreateRandom(Random generator)
        {
            int now = _threads.Now();
            _random = new HardwareRandom(_driver, generator);
            _random.Add((uint)now);
            _stirredAt = now - StirInterval;
            return _random;
        }

        /// <inheritdoc/>
        public override void Start(FramePool pool)
        {
            _driver.Attach(pool);
            _driver.Start();
        }

        /// <inheritdoc/>
        public override void BeginSleep()
        {
            if (_driver.HasInterruptPin)
            {
                _fired = false;
                _driver.BeginWait();
            }
        }

        /// <inheritdoc/>
        public override void Sleep(int milliseconds)
        {
            if (milliseconds == 0)
            {
                _threads.Sleep(0);
            }
            else if (_driver.HasInterruptPin)
            {
                _fired = _driver.AwaitInterrupt(milliseconds);
            }
            else
            {
                _signal.Wait(milliseconds);
            }
        }

        /// <inheritdoc/>
        public override void EndSleep()
        {
            if (_driver.HasInterruptPin)
            {
                _driver.EndWait(_fired);
                if (_fired && _random != null)
                {
                    Stir(_threads.Now());
                }
            }
        }

        /// <inheritdoc/>
        public override void Wake()
        {
            if (_driver.HasInterruptPin)
            {
                _driver.CancelWait();
            }
            else
            {
                _signal.Set();
            }
        }

        private void Stir(int now)
        {
            if (now - _stirredAt >= StirInterval)
            {
                // in 100 ns, of which some bits are nobody's to know
                _stirredAt = now;
                _random.Add((uint)DateTime.UtcNow.Ticks);
            }
        }

        private static Enc28j60 Create(int spiBus, int chipSelect, byte[] macAddress, int interruptPin, int spiClockFrequency)
        {
            SpiConnectionSettings settings = new SpiConnectionSettings(spiBus, chipSelect)
            {
                ClockFrequency = spiClockFrequency,
                Mode = Enc28j60.DefaultSpiMode,
            };
            Enc28j60Options options = new Enc28j60Options() { InterruptPin = interruptPin };
            return new Enc28j60(SpiDevice.Create(settings), new MacAddress(macAddress), options);
        }
    }
}
