// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Puts frames into the transmit buffer and sees them out (DS39662E 7.1). One at a time.
    /// </summary>
    internal sealed class Transmitter
    {
        // Sixteen attempts with the longest back-off between them take 370 ms (IEEE 802.3 4.2.3.2.5). In full duplex the other
        // end may ask for a pause of up to 3.36 s (IEEE 802.3 31B).
        private const int Timeout = 500;
        private const int TimeoutFullDuplex = 4000;

        // so many in a row, and the chip is started anew
        private const int MostTimeouts = 4;

        // Of so many attempts so many late collisions: more than link pulses make on B5 and B7 (DS80349C 13), one in twelve
        private const int MismatchWindow = 64;
        private const int MismatchCollisions = 16;

        private const int MaximumRetries = 16;

        // the command's byte and five of the status vector's seven
        private const int StatusWords = 3;

        // in byte 3 of the status vector, bits 31:24
        private const int StatusDeferred = 0x04;
        private const int StatusExcessiveDeferral = 0x08;
        private const int StatusExcessiveCollisions = 0x10;
        private const int StatusLateCollision = 0x20;

        // in byte 2, bits 19:16
        private const int StatusCollisions = 0x0F;

        // the packet is sent as MACON3 says
        private const int ControlByte = 0x00;

        private readonly SpiPort _port;
        private readonly BufferReader _reader;
        private readonly Enc28j60Counters _counters;
        private readonly ushort[] _statusCommand = new ushort[StatusWords];
        private readonly ushort[] _status = new ushort[StatusWords];
        private readonly Enc28j60Listener _listener;
        private readonly bool _fullDuplex;
        private readonly bool _readsStatus;
        private ushort _prefix;
        private bool _busy;
        private bool _timing;
        private int _since;
        private int _retries;
        private int _length;
        private int _writeHigh;
        private int _end;
        private int _timeouts;
        private int _attempts;
        private int _late;

        /// <summary>
        /// Initializes a new instance of the <see cref="Transmitter"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="reader">The way to its memory.</param>
        /// <param name="counters">Where to count.</param>
        /// <param name="options">What was chosen.</param>
        /// <param name="listener">Who is told.</param>
        internal Transmitter(SpiPort port, BufferReader reader, Enc28j60Counters counters, Enc28j60Options options, Enc28j60Listener listener)
        {
            _port = port;
            _reader = reader;
            _counters = counters;
            _listener = listener;
            _fullDuplex = options.FullDuplex;
            _readsStatus = options.ReadTransmitStatus;
        }

        /// <summary>Gets a value indicating whether a frame is on its way, as far as is known.</summary>
        internal bool IsBusy => _busy;

        /// <summary>Gets a value indicating whether nothing has been sent in time for long.</summary>
        internal bool IsStuck => _timeouts >= MostTimeouts;

        /// <summary>Gets a value indicating whether the other end is probably set to full duplex while this one is not.</summary>
        internal bool SuspectsMismatch { get; private set; }

        /// <summary>
        /// Begins with nothing to send, after the chip was set up.
        /// </summary>
        internal void Begin()
        {
            _prefix = _port.Word(SpiPort.WriteBufferCommand, ControlByte);
            _statusCommand[0] = _port.Word(SpiPort.ReadBufferCommand, 0);
            _busy = false;
            _timeouts = 0;
            Forget();
        }

        /// <summary>
        /// Forgets what EWRPT and ETXND are believed to hold, so that a write that went astray does not harm for long.
        /// </summary>
        internal void Forget()
        {
            _writeHigh = -1;
            _end = -1;
        }

        /// <summary>
        /// Gives up the frame on its way: the chip was reset, and knows nothing of it.
        /// </summary>
        internal void Drop()
        {
            if (_busy)
            {
                _busy = false;
                _counters._transmitAborts++;
            }
        }

        /// <summary>
        /// Sends a frame; none must be on its way.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <returns>False if the chip was reset: nothing was sent.</returns>
        internal bool Send(Frame frame)
        {
            _port.Write(EthRegister.EWRPTL, MemoryMap.TransmitStart & 0xFF);
            if (_writeHigh != MemoryMap.TransmitStart >> 8)
            {
                _port.Write(EthRegister.EWRPTH, MemoryMap.TransmitStart >> 8);
            }

            // the whole array: what follows the frame's last byte goes nowhere
            ushort[] words = frame.Words;
            words[0] = _prefix;
            _port.Send(words);
            _writeHigh = (MemoryMap.TransmitStart + (words.Length << 1) - 1) >> 8;

            // the last byte of the packet, the control byte being the one before its first
            int end = MemoryMap.TransmitStart + frame.Length;
            int difference = end ^ _end;
            if ((difference & 0xFF) != 0 || _end < 0)
            {
                _port.Write(EthRegister.ETXNDL, end & 0xFF);
            }

            if ((difference & ~0xFF) != 0)
            {
                _port.Write(EthRegister.ETXNDH, end >> 8);
            }

            _end = end;
            _length = frame.Length;
            _retries = 0;
            return Request();
        }

        /// <summary>
        /// Looks whether the frame on its way has left or was given up by the hardware.
        /// </summary>
        /// <param name="flags">EIR, just read.</param>
        /// <returns>False if the chip was reset.</returns>
        internal bool OnFlags(int flags)
        {
            // DS80349C 13: TXIF may never come, nor TXRTS ever end; TXERIF does come then
            if ((flags & RegisterBits.EirTransmitError) != 0)
            {
                return OnAbort();
            }

            if ((flags & RegisterBits.EirTransmit) != 0)
            {
                _port.ClearBits(EthRegister.EIR, RegisterBits.EirTransmit);
                if (_readsStatus)
                {
                    CountStatus();
                }

                _busy = false;
                _timeouts = 0;
                _counters._framesSent++;
                _counters._bytesSent += (uint)_length;
            }

            return true;
        }

        /// <summary>
        /// Gives up a frame that takes too long.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void Watch(int now)
        {
            // counted from the first poll after the frame was handed over: nobody knows how long before that it was
            if (!_timing)
            {
                _timing = true;
                _since = now;
            }
            else if (now - _since >= (_fullDuplex ? TimeoutFullDuplex : Timeout))
            {
                _counters._transmitTimeouts++;
                _timeouts++;
                Reset();
                _busy = false;
            }
        }

        /// <summary>
        /// Tells the chip to send what lies between ETXST and ETXND, unless it was reset: these point elsewhere then, and what a
        /// former life left in the memory would go out. A reset after this look leaves both pointers at 0, MACON3 too, so that no
        /// FCS is made, and the oscillator off for 300 us: nothing that anybody takes for a packet.
        /// </summary>
        /// <returns>False if the chip was reset.</returns>
        private bool Request()
        {
            if (!_port.IsAtWork())
            {
                return false;
            }

            _busy = true;
            _timing = false;
            if (++_attempts == MismatchWindow)
            {
                _attempts = 0;
                _late = 0;
            }

            _port.SetBits(EthRegister.ECON1, RegisterBits.Econ1TransmitRequest);
            return true;
        }

        private bool OnAbort()
        {
            // DS80349C 15: ESTAT.LATECOL may not be set, the status vector's bit is
            _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1TransmitRequest);
            int status = CountStatus();
            Reset();
            _timeouts = 0;
            if ((status & StatusLateCollision) != 0)
            {
                NoteLate();

                // DS80349C 13: B5 and B7 take a link pulse for a collision, so unlike on other controllers a late one is worth
                // another try. The packet is still in the chip.
                _counters._lateCollisions++;
                if (_retries < MaximumRetries)
                {
                    _retries++;
                    _counters._transmitRetries++;
                    return Request();
                }
            }

            _counters._transmitAborts++;
            _busy = false;
            return true;
        }

        /// <summary>
        /// Reads the status vector and counts what it says.
        /// </summary>
        /// <returns>Its bits 31:24.</returns>
        private int CountStatus()
        {
            _reader.MoveTo(MemoryMap.TransmitStart + _length + 1);
            _reader.Read(_statusCommand, _status);
            int status = _port.LowByteFirst ? _status[2] & 0xFF : _status[2] >> 8;
            int low = _port.LowByteFirst ? _status[1] >> 8 : _status[1] & 0xFF;
            _counters._collisions += (uint)(low & StatusCollisions);
            if ((status & StatusDeferred) != 0)
            {
                _counters._deferrals++;
            }

            if ((status & StatusExcessiveDeferral) != 0)
            {
                _counters._excessiveDeferrals++;
            }

            if ((status & StatusExcessiveCollisions) != 0)
            {
                _counters._excessiveCollisions++;
            }

            return status;
        }

        private void NoteLate()
        {
            if (++_late == MismatchCollisions && !SuspectsMismatch)
            {
                SuspectsMismatch = true;
                _listener.OnDuplexMismatch();
            }
        }

        /// <summary>
        /// Resets the transmit logic: DS80349C 12, it can hang after an abort, and then the next packet never leaves.
        /// </summary>
        private void Reset()
        {
            _port.SetBits(EthRegister.ECON1, RegisterBits.Econ1TransmitReset);
            _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1TransmitReset);

            // afterwards, because the end of the reset may set them (DS80349C 12)
            _port.ClearBits(EthRegister.EIR, RegisterBits.EirTransmitError | RegisterBits.EirTransmit);
            _port.ClearBits(EthRegister.ESTAT, RegisterBits.EstatTransmitAbort | RegisterBits.EstatLateCollision);
        }
    }
}
