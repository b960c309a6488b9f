// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Device.Gpio;
using System.Device.Spi;
using System.Threading;
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
    public sealed class Enc28j60 : INetworkInterface, IDisposable
    {
        /// <summary>
        /// The highest SPI clock in Hz (DS39662E 4.1). Silicon revisions B1 and B4 need 8 MHz at the least (DS80349C 1).
        /// </summary>
        public const int MaximumSpiClockFrequency = 20_000_000;

        /// <summary>
        /// The SPI mode (DS39662E 4.1).
        /// </summary>
        public const SpiMode DefaultSpiMode = SpiMode.Mode0;

        private readonly SpiDevice _device;
        private readonly MacAddress _address;
        private readonly Enc28j60Counters _counters = new Enc28j60Counters();
        private readonly Chip _chip;
        private readonly Receiver _receiver;
        private readonly Operation _operation;

        // parts of these that are asked with each frame or in each turn of a loop: a call less, or more
        private readonly Agenda _agenda;
        private readonly Transmitter _transmitter;
        private readonly LinkMonitor _link;
        private readonly Pins _pins;
        private readonly bool _shouldDispose;
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

            Enc28j60Listener listener = options.Listener ?? new Enc28j60Listener();
            RecoveryLog log = new RecoveryLog(_counters, listener);
            _device = spiDevice;
            _address = macAddress;
            _shouldDispose = shouldDispose;
            _chip = new Chip(spiDevice, macAddress, options, _counters, listener);
            _receiver = new Receiver(_chip, _counters, log);
            _operation = new Operation(_chip, _receiver, _counters, log, listener, settings.ClockFrequency);
            _agenda = _chip.Agenda;
            _transmitter = _chip.Transmitter;
            _link = _operation.Link;
            if (options.InterruptPin != Enc28j60Options.NoPin || options.ResetPin != Enc28j60Options.NoPin)
            {
                _pins = new Pins(options, gpioController, _chip.Interrupts);
            }
        }

        /// <summary>Gets what the driver is doing.</summary>
        public Enc28j60State State => _operation.State;

        /// <summary>Gets why the last <see cref="Probe"/> or start failed, or that the chip was lost; none once it runs.</summary>
        public Enc28j60Fault Fault => _operation.Fault;

        /// <summary>Gets why receiver or chip were last reset by the driver itself; <see cref="Counters"/> has how often for each reason.</summary>
        public Enc28j60Recovery LastRecovery => _operation.LastRecovery;

        /// <summary>
        /// Gets a value indicating whether there were so many late collisions that the other end of the cable is probably set to full
        /// duplex while the chip is not. It stays so.
        /// </summary>
        public bool SuspectsDuplexMismatch => _chip.Transmitter.SuspectsMismatch;

        /// <summary>Gets EREVID, the silicon revision: 2 (B1), 4 (B4), 5 (B5) or 6 (B7); 0 before it was read (DS39662E 3.1).</summary>
        public int Revision => _operation.Revision;

        /// <summary>Gets what was counted.</summary>
        public Enc28j60Counters Counters => _counters;

        /// <inheritdoc/>
        /// <exception cref="InvalidOperationException">Neither <see cref="Probe"/> nor a start has found the chip yet.</exception>
        public WordOrder WordOrder
        {
            get
            {
                if (!_operation.IsOrderKnown)
                {
                    throw new InvalidOperationException("The word order is not known before Probe has found the chip.");
                }

                return _chip.Port.LowByteFirst ? WordOrder.LowByteFirst : WordOrder.HighByteFirst;
            }
        }

        /// <inheritdoc/>
        public MacAddress MacAddress => _address;

        /// <inheritdoc/>
        public bool IsLinkUp => _link.IsUp;

        /// <inheritdoc/>
        /// <remarks>While a frame is on its way, this asks the chip, in one transfer, whether it has left.</remarks>
        public bool CanSend
        {
            get
            {
                if (!_agenda.MaySend)
                {
                    return _operation.CanSend();
                }

                if (_transmitter.IsBusy)
                {
                    int flags = _transmitter.ReadFlags();
                    if (flags != 0)
                    {
                        _operation.OnFlags(flags);
                        return _operation.CanSendNow;
                    }
                }

                return !_transmitter.IsBusy;
            }
        }

        /// <summary>Gets the chip's blocks, for the self-test.</summary>
        internal Chip Chip => _chip;

        /// <summary>Gets a value indicating whether no PHY register is being read.</summary>
        internal bool IsPhyIdle => _operation.IsPhyIdle;

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
            return _operation.Probe();
        }

        /// <summary>
        /// Makes ready to receive into a pool's frames. At start-up, after <see cref="Probe"/>. Receiving and sending use frames of
        /// this pool only.
        /// </summary>
        /// <remarks>
        /// A size of 4 bytes more than the frames that it is
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

            _receiver.AttachPool(pool);
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
            if (_pins != null)
            {
                _pins.PulseReset();
            }

            _operation.Start();
        }

        /// <summary>
        /// Starts the chip anew: after a changed cable, say, or on suspicion. Unlike <see cref="Start"/> this allocates nothing, and
        /// does without a system reset: every register is written. A frame on its way is let out first. The driver does the same by
        /// itself when the chip is lost.
        /// </summary>
        /// <returns>False, and nothing is done, if <see cref="Start"/> was not called yet.</returns>
        public bool Restart() => _operation.Restart();

        /// <inheritdoc/>
        public int Poll(int now)
        {
            // most polls end with this one comparison; unsigned, for a time before the last look is none of rest
            return (uint)(now - _agenda.Since) < (uint)_agenda.Quiet ? _agenda.Wait : _operation.Poll(now);
        }

        /// <inheritdoc/>
        /// <remarks>
        /// A frame shorter than an Ethernet header or longer than 1514 bytes is taken and dropped, and counted as
        /// <see cref="Enc28j60Counters.UnfitFrames"/>: it would never fit, however often it was tried.
        /// </remarks>
        public bool Send(Frame frame)
        {
            if ((!_agenda.MaySend || _transmitter.IsBusy) && !CanSend)
            {
                return false;
            }

            int length = frame.Length;
            if (length < MemoryMap.HeaderOfEthernet || length > MemoryMap.LongestFrame)
            {
                _counters._unfitFrames++;
                return true;
            }

            if (_transmitter.Send(frame.Words, length))
            {
                return true;
            }

            _operation.OnReset();
            return false;
        }

        /// <inheritdoc/>
        /// <remarks>
        /// Null also comes once when all frames were taken that the chip is known to have: the next call asks it again.
        /// With another pool than the attached one it yields nothing, and counts <see cref="Enc28j60Counters.ForeignPools"/>.
        /// </remarks>
        public Frame Receive(FramePool pool) => _receiver.TakeFrame(pool);

        /// <summary>
        /// Sleeps until the chip wants something, as its INT pin tells, or the time is over. Without the pin it just sleeps. For an
        /// idle loop, between polls; go on with <see cref="Poll"/> whatever it returns, for an edge can be lost.
        /// </summary>
        /// <param name="milliseconds">How long at most, 0 or more.</param>
        /// <returns>Whether the chip wants something.</returns>
        public bool WaitForInterrupt(int milliseconds)
        {
            if (_pins != null)
            {
                return _operation.WaitForInterrupt(milliseconds);
            }

            Thread.Sleep(milliseconds);
            return false;
        }

        /// <summary>Gets a value indicating whether the INT pin is wired.</summary>
        public bool HasInterruptPin => _chip.Interrupts.HasPin;

        /// <summary>
        /// <see cref="WaitForInterrupt"/> in three steps, for where other threads use the chip meanwhile: this and <see cref="EndWait"/> talk to the chip and belong
        /// under the lock that the others take; the wait between them does not. Only with <see cref="HasInterruptPin"/>.
        /// </summary>
        public void BeginWait() => _operation.BeginWait();

        /// <summary>
        /// The wait: until the chip wants something, or <see cref="CancelWait"/>, or the time is over.
        /// </summary>
        /// <param name="milliseconds">How long at most, 0 or more.</param>
        /// <returns>Whether the chip may want something.</returns>
        public bool AwaitInterrupt(int milliseconds) => _chip.Interrupts.Wait(milliseconds);

        /// <summary>
        /// The wait is over.
        /// </summary>
        /// <param name="fired">What <see cref="AwaitInterrupt"/> has returned.</param>
        public void EndWait(bool fired) => _operation.EndWait(fired);

        /// <summary>
        /// Ends the wait that is under way, from another thread.
        /// </summary>
        public void CancelWait() => _chip.Interrupts.Cancel();

        /// <summary>
        /// Begins to put the chip to sleep: it neither receives nor sends until <see cref="Wake"/>. What waits in its
        /// memory stays. A frame on its way is let out first. <see cref="State"/> is
        /// <see cref="Enc28j60State.Sleeping"/> from the next poll on; there is no wake on LAN in this mode.
        /// </summary>
        /// <returns>Whether the chip was running.</returns>
        public bool Sleep() => _operation.Sleep();

        /// <summary>
        /// Begins to wake the chip up. It takes some milliseconds until it runs, and longer until the link is up.
        /// </summary>
        /// <returns>Whether it slept or was about to.</returns>
        public bool Wake() => _operation.Wake();

        /// <summary>Gets which packets are wanted, joined groups not counted.</summary>
        public Enc28j60Filters Filters => _chip.Filters.Flags;

        /// <summary>
        /// Sets which packets are wanted. It takes effect in one of the next polls, when no packet is coming in.
        /// </summary>
        /// <param name="filters">Which ones.</param>
        /// <returns>False if nothing would be left, which the chip cannot do, or if there is no pattern for the pattern filter.</returns>
        public bool SetFilters(Enc28j60Filters filters) => _chip.Filters.Set(filters);

        /// <summary>
        /// Lets in packets to a multicast group. Groups are counted: each join needs a <see cref="LeaveMulticast(byte[])"/>. It takes
        /// effect in one of the next polls, when no packet is coming in.
        /// </summary>
        /// <param name="group">The group's address, six bytes; it is copied.</param>
        /// <returns>False if it is not a group's address, or if there is no room (<see cref="Enc28j60Options.MulticastGroups"/>).</returns>
        public bool JoinMulticast(byte[] group) => _chip.Filters.Join(group);

        /// <summary>
        /// Takes back a <see cref="JoinMulticast(byte[])"/>.
        /// </summary>
        /// <param name="group">The group's address, six bytes.</param>
        /// <returns>False if it was not joined, or if nothing else is let in.</returns>
        public bool LeaveMulticast(byte[] group) => _chip.Filters.Leave(group);

        /// <inheritdoc/>
        public bool JoinMulticast(int group) => _chip.Filters.Join(_chip.Filters.AddressOfIPv4Group(group));

        /// <inheritdoc/>
        public void LeaveMulticast(int group) => _chip.Filters.Leave(_chip.Filters.AddressOfIPv4Group(group));

        /// <summary>
        /// Sets what <see cref="Enc28j60Filters.Pattern"/> lets in: packets with certain bytes within a window of 64. Packets that end
        /// before the window, their FCS included, never fit. The chip lets in others too (DS80349C 18); these are dropped here.
        /// </summary>
        /// <param name="offset">Where the window begins in the packet, 0 to 1454.</param>
        /// <param name="window">The bytes, up to 64.</param>
        /// <param name="mask">Eight bytes: bit i of byte k tells whether byte 8k + i of the window counts.</param>
        /// <exception cref="ArgumentNullException">There are no bytes or no mask.</exception>
        /// <exception cref="ArgumentException">One of them is out of range.</exception>
        public void SetPattern(int offset, byte[] window, byte[] mask) => _chip.Filters.SetPattern(offset, window, mask);

        /// <summary>
        /// Reads the packet memory as it lies, between <see cref="Probe"/> and <see cref="Start"/>, whose memory test overwrites it.
        /// After power-on it is random (DS39662E 3.2): its cells come up as each was made, some of them by chance, which is a source for
        /// random numbers. If only the host was restarted, it holds what was there before: the memory test's pattern and packets.
        /// </summary>
        /// <param name="address">Where to begin, 0 to 8191; after the last byte comes the first.</param>
        /// <param name="words">Where to put it, in the bus's order. The first byte is void.</param>
        /// <exception cref="ArgumentNullException">There are no words.</exception>
        /// <exception cref="ArgumentException">The address is out of range, or there is no place for a word.</exception>
        /// <exception cref="InvalidOperationException">The driver was started, or <see cref="Probe"/> has not found the chip.</exception>
        /// <exception cref="ObjectDisposedException">The driver was disposed.</exception>
        public void ReadMemory(int address, ushort[] words)
        {
            ThrowIfDisposed();
            if (words == null)
            {
                throw new ArgumentNullException(nameof(words));
            }

            if (address < 0 || address >= MemoryMap.Size || words.Length == 0)
            {
                throw new ArgumentException("The address must be 0 to 8191, and there must be a word to fill.");
            }

            if (_operation.State != Enc28j60State.Stopped || !_operation.IsOrderKnown)
            {
                throw new InvalidOperationException("ReadMemory comes after Probe and before Start.");
            }

            // the probe may have left any end of the receive buffer, where reading would go on at its start
            _chip.ReceiveBuffer.SpanMemory();
            ushort[] command = new ushort[words.Length];
            command[0] = _chip.Port.MakeWord(SpiPort.ReadBufferCommand, 0);
            _chip.Memory.Read(address, command, words);
        }

        /// <summary>
        /// Sets all counters to zero. Nothing the driver does depends on them.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        /// <summary>
        /// Stops reception, gives the pins back, disposes the GPIO controller if the driver made it, and, if it was asked for in the
        /// constructor, the SPI device and the GPIO controller. A second call does nothing.
        /// </summary>
        public void Dispose()
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
            _operation.Halt();
            if (_pins != null)
            {
                _pins.Close(_shouldDispose);
            }

            if (_shouldDispose)
            {
                _device.Dispose();
            }
        }

        /// <summary>
        /// Stops reception and the driver.
        /// </summary>
        internal void Halt() => _operation.Halt();

        private void ThrowIfDisposed()
        {
            if (_isDisposed)
            {
                throw new ObjectDisposedException("Enc28j60");
            }
        }
    }
}
