// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;

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

        // A full-size packet takes 1.2 ms, and another station's before it as much. Until then only who wants to send asks.
        private const int FrameTime = 3;

        // so many in a row, and the chip is started anew
        private const int MostTimeouts = 4;

        // Of so many attempts so many late collisions: more than link pulses make on B5 and B7 (DS80349C 13), one in twelve
        private const int MismatchWindow = 64;
        private const int MismatchCollisions = 16;

        private const int MostRetries = 16;

        // in byte 3 of the status vector, bits 31:24 (DS39662E table 7-1)
        private const int StatusDeferred = 0x04;
        private const int StatusExcessiveDeferral = 0x08;
        private const int StatusExcessiveCollisions = 0x10;
        private const int StatusLateCollision = 0x20;

        // in byte 2, bits 19:16
        private const int StatusCollisions = 0x0F;

        // the packet is sent as MACON3 says
        private const int ControlByte = 0x00;

        // more words than an array has that ends within the page that the transmit buffer begins with
        private const int Unknown = 0x2000;
        private const int WordsOfPage = 128;

        /// <summary>Whether a frame is on its way, as far as is known.</summary>
        internal bool IsBusy;

        private readonly SpiPort _port;
        private readonly Agenda _agenda;
        private readonly BufferMemory _memory;
        private readonly Enc28j60Counters _counters;
        private readonly ushort[] _status = new ushort[BufferMemory.ShortWords];
        private readonly ushort[] _request = new ushort[1];
        private readonly ushort[] _clearDone = new ushort[1];
        private readonly ushort[] _readFlags = new ushort[1];
        private readonly Enc28j60Listener _listener;
        private readonly int _timeout;
        private readonly bool _readsStatus;
        private ushort _prefix;
        private int _endLow;
        private int _endHigh;
        private int _events;
        private int _done;
        private int _retries;
        private int _length;

        // what was written last: the words of the array, and ETXND
        private int _written;
        private int _end;
        private bool _isProven;

        // a deadline of its own: begun when it is first asked for, and no call to clear it with each frame
        private bool _isTimed;
        private int _since;
        private int _timeouts;
        private int _attempts;
        private int _late;

        internal Transmitter(
            SpiPort port,
            Agenda agenda,
            BufferMemory memory,
            Enc28j60Counters counters,
            Enc28j60Options options,
            Enc28j60Listener listener)
        {
            _port = port;
            _agenda = agenda;
            _memory = memory;
            _counters = counters;
            _listener = listener;
            _timeout = options.FullDuplex ? TimeoutFullDuplex : Timeout;
            _readsStatus = options.ReadTransmitStatus;
        }

        /// <summary>Gets a value indicating whether the other end is probably set to full duplex while this one is not.</summary>
        internal bool SuspectsMismatch { get; private set; }

        /// <summary>
        /// Writes where the transmit buffer begins, and begins with nothing to send.
        /// </summary>
        internal void SetUp()
        {
            _port.WritePair(EthRegister.ETXSTL, MemoryMap.TransmitStart);
            _prefix = _port.MakeWord(SpiPort.WriteBufferCommand, ControlByte);
            _request[0] = _port.MakeSetBits(EthRegister.ECON1, RegisterBits.ECON1_TXRTS);
            _clearDone[0] = _port.MakeClearBits(EthRegister.EIR, RegisterBits.EIR_TXIF);
            _readFlags[0] = _port.MakeRead(EthRegister.EIR);
            _endLow = _port.MakeWrite(EthRegister.ETXNDL, 0);
            _endHigh = _port.MakeWrite(EthRegister.ETXNDH, 0);
            _events = _port.MakeWord(0, RegisterBits.EIR_AlwaysZero | RegisterBits.EIR_RXERIF | RegisterBits.EIR_TXERIF
                | RegisterBits.EIR_TXIF | RegisterBits.EIR_LINKIF);
            _done = _port.MakeWord(0, RegisterBits.EIR_TXIF);
            IsBusy = false;
            _timeouts = 0;
            ForgetPointers();
        }

        /// <summary>
        /// Whether a byte of ETXST, the low one being 0 and the high one 1, holds what it should.
        /// </summary>
        internal bool HoldsStart(int index)
        {
            return _port.Read(EthRegister.ETXSTL + index) == (index == 0 ? MemoryMap.TransmitStart & 0xFF : MemoryMap.TransmitStart >> 8);
        }

        /// <summary>
        /// Forgets what EWRPT and ETXND are believed to hold, so that a write that went astray does not harm for long; and that the chip was seen
        /// at work.
        /// </summary>
        internal void ForgetPointers()
        {
            _written = Unknown;
            _end = Unknown;
            _isProven = false;
        }

        /// <summary>
        /// Gives up the frame on its way: the chip was reset, and knows nothing of it.
        /// </summary>
        internal void DropFrame()
        {
            if (IsBusy)
            {
                IsBusy = false;
                _counters._transmitAborts++;
            }
        }

        /// <summary>
        /// Sends a frame; none must be on its way.
        /// </summary>
        /// <param name="words">The frame's whole array, its first word free: what follows the frame's last byte goes nowhere.</param>
        /// <param name="length">The frame's bytes.</param>
        /// <returns>False if the chip was reset: nothing was sent.</returns>
        internal bool Send(ushort[] words, int length)
        {
            // In one piece: what each frame takes, and nothing else. Bank 0 is selected. The transmit buffer begins where a page does: the low
            // byte of EWRPT is never right, the high one if what was written last ended within the page.
            SpiPort port = _port;
            SpiDevice device = port.Device;
            device.Write(_memory.FrameLow);
            if (_written > WordsOfPage)
            {
                device.Write(_memory.FrameHigh);
            }

            words[0] = _prefix;
            device.Write(words);
            _written = words.Length;
            _length = length;
            _retries = 0;

            // the last byte of the packet, the control byte being the one before its first
            length += MemoryMap.TransmitStart;
            if (length != _end)
            {
                MoveEnd(length);
            }
            else if (_isProven)
            {
                // The chip has said that it has sent the frame before, and both pointers are as that one left them: a reset since then has
                // taken both, and nothing leaves the chip. The look at ECON1 is spared.
                Request();
                return true;
            }

            // What a former life left in the memory would go out: ETXST and ETXND point elsewhere after a reset. One after this look leaves
            // both at 0, MACON3 too, so that no FCS is made, and the oscillator off for 300 us: nothing that anybody takes for a packet.
            if (!port.IsAtWork())
            {
                return false;
            }

            Request();
            return true;
        }

        /// <summary>
        /// Reads EIR. That the frame on its way has left, and nothing else, is seen to here.
        /// </summary>
        /// <returns>The flags that are still to be seen to.</returns>
        internal int ReadFlags()
        {
            SpiPort port = _port;
            port.Device.TransferFullDuplex(_readFlags, port.Answer);
            int events = port.Answer[0] & _events;
            if (events == 0)
            {
                return 0;
            }

            if (events == _done && IsBusy)
            {
                EndFrame();
                return 0;
            }

            return port.GetSecond();
        }

        /// <summary>
        /// Looks whether the frame on its way has left or was given up by the hardware.
        /// </summary>
        /// <param name="flags">EIR, just read.</param>
        /// <returns>False if the chip was reset.</returns>
        internal bool OnFlags(int flags)
        {
            // DS80349C 13: TXIF may never come, nor TXRTS ever end; TXERIF does come then
            if ((flags & RegisterBits.EIR_TXERIF) != 0)
            {
                return OnAbort();
            }

            if ((flags & RegisterBits.EIR_TXIF) != 0)
            {
                EndFrame();
            }

            return true;
        }

        /// <summary>
        /// Milliseconds until the frame on its way should be through.
        /// </summary>
        internal int GetLeft(int now) => FrameTime - GetAge(now);

        /// <summary>
        /// Gives up a frame that takes too long.
        /// </summary>
        /// <returns>False if that happened so often that the chip should be started anew.</returns>
        internal bool WatchFrame(int now)
        {
            if (GetAge(now) >= _timeout)
            {
                _counters._transmitTimeouts++;
                _timeouts++;
                Reset();
                IsBusy = false;
            }

            return _timeouts < MostTimeouts;
        }

        /// <summary>
        /// Resets the transmit logic: DS80349C 12, it can hang after an abort, and then the next packet never leaves.
        /// </summary>
        internal void Reset()
        {
            _port.SetBits(EthRegister.ECON1, RegisterBits.ECON1_TXRST);
            _port.ClearBits(EthRegister.ECON1, RegisterBits.ECON1_TXRST);

            // afterwards, because the end of the reset may set them (DS80349C 12)
            _port.ClearBits(EthRegister.EIR, RegisterBits.EIR_TXERIF | RegisterBits.EIR_TXIF);
            _port.ClearBits(EthRegister.ESTAT, RegisterBits.ESTAT_TXABRT | RegisterBits.ESTAT_LATECOL);
        }

        /// <summary>
        /// The frame on its way has left.
        /// </summary>
        private void EndFrame()
        {
            _port.Device.Write(_clearDone);
            IsBusy = false;
            _isProven = true;
            _timeouts = 0;
            _counters._framesSent++;
            _counters._bytesSent += (uint)_length;
            if (_readsStatus)
            {
                CountStatus();
            }
        }

        /// <summary>
        /// Writes where the frame ends: only what differs.
        /// </summary>
        private void MoveEnd(int end)
        {
            int difference = end ^ _end;
            if ((difference & 0xFF) != 0 || _end == Unknown)
            {
                _port.WriteMade(_endLow, end & 0xFF);
            }

            if ((difference & ~0xFF) != 0)
            {
                _port.WriteMade(_endHigh, end >> 8);
            }

            _end = end;
        }

        /// <summary>
        /// Tells the chip to send what lies between ETXST and ETXND.
        /// </summary>
        private void Request()
        {
            IsBusy = true;
            _isProven = false;
            _isTimed = false;
            if (_late != 0 && ++_attempts == MismatchWindow)
            {
                _late = 0;
            }

            _port.Device.Write(_request);
            _agenda.Look();
        }

        private int GetAge(int now)
        {
            if (!_isTimed)
            {
                _isTimed = true;
                _since = now;
            }

            return now - _since;
        }

        private bool OnAbort()
        {
            // DS80349C 15: ESTAT.LATECOL may not be set, the status vector's bit is
            _port.ClearBits(EthRegister.ECON1, RegisterBits.ECON1_TXRTS);
            int status = CountStatus();
            Reset();
            _timeouts = 0;
            if ((status & StatusLateCollision) != 0)
            {
                NoteLateCollision();

                // DS80349C 13: B5 and B7 take a link pulse for a collision, so unlike on other controllers a late one is worth
                // another try. The packet is still in the chip.
                _counters._lateCollisions++;
                if (_retries < MostRetries)
                {
                    _retries++;
                    _counters._transmitRetries++;
                    if (!_port.IsAtWork())
                    {
                        return false;
                    }

                    Request();
                    return true;
                }
            }

            _counters._transmitAborts++;
            IsBusy = false;
            return true;
        }

        /// <summary>
        /// Reads five of the status vector's seven bytes and counts what it says.
        /// </summary>
        /// <returns>Its bits 31:24.</returns>
        private int CountStatus()
        {
            int pointer = _memory.FindReadPointer();
            _memory.Read(MemoryMap.TransmitStart + _length + 1, _memory.ShortCommand, _status);
            _memory.MoveReadPointer(BufferMemory.Unknown, pointer);
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

        private void NoteLateCollision()
        {
            if (_late == 0)
            {
                _attempts = 1;
            }

            if (++_late == MismatchCollisions && !SuspectsMismatch)
            {
                SuspectsMismatch = true;
                _listener.OnDuplexMismatch();
            }
        }
    }
}
