// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Puts frames into the transmit buffer and sees them out (DS39662E 7.1). One at a time.
    /// </summary>
    internal sealed class Transmitter
    {
        // Sixteen attempts with the longest back-off between them take 370 ms (IEEE 802.3 4.2.3.2.5)
        private const int Timeout = 500;

        private const int MaximumRetries = 16;

        // the command's byte and the seven bytes of the status vector
        private const int StatusWords = 4;

        // in byte 3 of the status vector, bits 31:24
        private const int StatusLateCollision = 0x20;

        // the packet is sent as MACON3 says
        private const int ControlByte = 0x00;

        private readonly SpiPort _port;
        private readonly BufferReader _reader;
        private readonly Enc28j60Counters _counters;
        private readonly ushort[] _statusCommand = new ushort[StatusWords];
        private readonly ushort[] _status = new ushort[StatusWords];
        private ushort _prefix;
        private bool _busy;
        private bool _timing;
        private int _since;
        private int _retries;
        private int _length;
        private int _endHigh;

        /// <summary>
        /// Initializes a new instance of the <see cref="Transmitter"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="reader">The way to its memory.</param>
        /// <param name="counters">Where to count.</param>
        internal Transmitter(SpiPort port, BufferReader reader, Enc28j60Counters counters)
        {
            _port = port;
            _reader = reader;
            _counters = counters;
        }

        /// <summary>Gets a value indicating whether a frame is on its way, as far as is known.</summary>
        internal bool IsBusy => _busy;

        /// <summary>
        /// Begins with nothing to send, after the chip was set up.
        /// </summary>
        internal void Begin()
        {
            _prefix = _port.Word(SpiPort.WriteBufferCommand, ControlByte);
            _statusCommand[0] = _port.Word(SpiPort.ReadBufferCommand, 0);
            _busy = false;
            _endHigh = -1;
        }

        /// <summary>
        /// Sends a frame; none must be on its way.
        /// </summary>
        /// <param name="frame">The frame.</param>
        internal void Send(Frame frame)
        {
            _port.Write(EthRegister.EWRPTL, MemoryMap.TransmitStart & 0xFF);
            _port.Write(EthRegister.EWRPTH, MemoryMap.TransmitStart >> 8);

            // the whole array: what follows the frame's last byte goes nowhere
            ushort[] words = frame.Words;
            words[0] = _prefix;
            _port.Send(words);

            // the last byte of the packet, the control byte being the one before its first
            int end = MemoryMap.TransmitStart + frame.Length;
            _port.Write(EthRegister.ETXNDL, end & 0xFF);
            if (end >> 8 != _endHigh)
            {
                _endHigh = end >> 8;
                _port.Write(EthRegister.ETXNDH, _endHigh);
            }

            _length = frame.Length;
            _retries = 0;
            Request();
        }

        /// <summary>
        /// Looks whether the frame on its way has left or was given up by the hardware.
        /// </summary>
        /// <param name="flags">EIR, just read.</param>
        internal void OnFlags(int flags)
        {
            // DS80349C 13: TXIF may never come, nor TXRTS ever end; TXERIF does come then
            if ((flags & RegisterBits.EirTransmitError) != 0)
            {
                OnAbort();
            }
            else if ((flags & RegisterBits.EirTransmit) != 0)
            {
                _port.ClearBits(EthRegister.EIR, RegisterBits.EirTransmit);
                _busy = false;
                _counters.FramesSent++;
                _counters.BytesSent += (uint)_length;
            }
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
            else if (now - _since >= Timeout)
            {
                _counters.TransmitTimeouts++;
                Reset();
                _busy = false;
            }
        }

        private void Request()
        {
            _busy = true;
            _timing = false;
            _port.SetBits(EthRegister.ECON1, RegisterBits.Econ1TransmitRequest);
        }

        private void OnAbort()
        {
            // DS80349C 15: ESTAT.LATECOL may not be set, the status vector's bit is
            _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1TransmitRequest);
            _reader.MoveTo(MemoryMap.TransmitStart + _length + 1);
            _reader.Read(_statusCommand, _status);
            int status = _port.LowByteFirst ? _status[2] & 0xFF : _status[2] >> 8;

            Reset();
            if ((status & StatusLateCollision) != 0)
            {
                // DS80349C 13: B5 and B7 take a link pulse for a collision, so unlike on other controllers a late one is worth
                // another try. The packet is still in the chip.
                _counters.LateCollisions++;
                if (_retries < MaximumRetries)
                {
                    _retries++;
                    _counters.TransmitRetries++;
                    Request();
                    return;
                }
            }

            _counters.TransmitAborts++;
            _busy = false;
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
