// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using TcpIp.Frames;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Takes packets out of the receive buffer (DS39662E 7.2), each in two transfers: its header, then the rest into a frame.
    /// </summary>
    /// <remarks>
    /// A transfer is whole words and its command one byte, so it reads an odd number of bytes. The first reads five of the
    /// header's six bytes; the second begins with the sixth, beside the void byte of the command, so the Ethernet header that follows
    /// lies at the frame's first word. It fills the whole array, mostly past the packet's end, which harms nothing.
    /// </remarks>
    internal sealed class Receiver
    {
        // in byte 2 of the status vector, bits 23:16 (DS39662E table 7-3)
        private const int StatusCrcError = 0x10;
        private const int StatusReceivedOk = 0x80;

        // its bit 31, always zero, in its last byte
        private const int LastByteZero = 0x80;

        // after an overflow, so long without a packet is suspicious: broadcasts alone come more often
        private const int DeafTime = 3000;

        // packets dropped in one call, so that a flood cannot hold the caller
        private const int MostDropped = 16;

        // the most that EPKTCNT counts
        private const int MostPackets = 255;

        // What is read is given back to the hardware in lots: writing ERXRDPT takes two transfers. One full-size packet may be held back,
        // then there is still room for three; while a batch is being read more may wait.
        private const int FreeThreshold = 1536;
        private const int FreeThresholdInBatch = 4096;

        /// <summary>Where the next packet begins.</summary>
        internal int Packet;

        /// <summary>
        /// The pool that frames come from, or null.
        /// </summary>
        internal FramePool Pool;

        /// <summary>
        /// Whether the receive logic could not be reset and the chip has to be started anew.
        /// </summary>
        internal bool IsStuck;

        private readonly SpiPort _port;
        private readonly SpiDevice _device;
        private readonly Agenda _agenda;
        private readonly BufferMemory _memory;
        private readonly ReceiveBuffer _buffer;
        private readonly Reception _reception;
        private readonly ReceiveFilters _filters;
        private readonly Enc28j60Counters _counters;
        private readonly RecoveryLog _log;
        private readonly ushort[] _header = new ushort[BufferMemory.ShortWords];
        private readonly ushort[] _answer;
        private readonly ushort[] _lookLow = new ushort[1];
        private readonly ushort[] _lookHigh = new ushort[1];
        private readonly Deadline _silence = new Deadline();

        // the pool while packets are taken, else null: so a call asks once
        private FramePool _open;
        private bool _isOpen;

        // whether no packet has passed
        private bool _isFirst;
        private Waiting _waiting;
        private bool _looksHigh;
        private ushort _readCommand;

        // What a look at the write pointer's low byte brings while nothing has come in, shifted by a byte what one at the high byte does; and
        // what it brought when something had. Their other bits are to be left out.
        private int _expected;
        private int _written;
        private int _factor;
        private int _mask;
        private int _ownFirst;
        private int _ownSecond;
        private int _ownThird;
        private int _freed;
        private bool _isMisread;
        private int _misreadAt;
        private int _dropped;
        private uint _row;
        private Hearing _hearing;
        private int _emptiedAt;

        internal Receiver(Chip chip, Enc28j60Counters counters, RecoveryLog log)
        {
            _port = chip.Port;
            _device = chip.Port.Device;
            _answer = chip.Port.Answer;
            _agenda = chip.Agenda;
            _memory = chip.Memory;
            _buffer = chip.ReceiveBuffer;
            _reception = chip.Reception;
            _filters = chip.Filters;
            _counters = counters;
            _log = log;
        }

        private enum Hearing
        {
            /// <summary>No overflow, or packets have come in since.</summary>
            Good,

            /// <summary>The buffer was full.</summary>
            Overran,

            /// <summary>It has been emptied since, and nothing new has come in.</summary>
            Emptied,
        }

        /// <summary>Whether another packet waits.</summary>
        private enum Waiting
        {
            /// <summary>The hardware's write pointer tells.</summary>
            Unknown,

            /// <summary>Yes: the chip was asked before.</summary>
            Yes,

            /// <summary>All were taken that were there when the chip was asked. This is said once, without asking again.</summary>
            No,
        }

        /// <summary>Gets a value indicating whether a packet waits that the chip need not be asked for.</summary>
        internal bool HasMore => _waiting == Waiting.Yes;

        /// <summary>
        /// Takes the pool that frames are to come from.
        /// </summary>
        internal void AttachPool(FramePool pool)
        {
            Pool = pool;
            _open = _isOpen ? pool : null;
        }

        /// <summary>
        /// Begins at an empty buffer, after the chip was set up.
        /// </summary>
        internal void Begin()
        {
            _hearing = Hearing.Good;
            IsStuck = false;
            BeginBuffer();
            CompareCount();
            Open();
        }

        /// <summary>
        /// Packets are taken.
        /// </summary>
        internal void Open()
        {
            _isOpen = true;
            _open = Pool;
        }

        /// <summary>
        /// No packets are taken until somebody says otherwise.
        /// </summary>
        internal void Close()
        {
            _isOpen = false;
            _open = null;
        }

        /// <summary>
        /// Takes the next packet that is wanted. One waits if the hardware has moved its write pointer away from where the next packet begins.
        /// Of this one look tells, in the bank that receiving and sending need anyway: at its low byte, and if that has not moved, at the high
        /// one in the next call, for packets of a multiple of 256 bytes leave the low one where it was.
        /// </summary>
        /// <param name="pool">Where frames come from.</param>
        /// <returns>A frame, or null.</returns>
        internal Frame TakeFrame(FramePool pool)
        {
            if (pool != _open || pool == null)
            {
                Refuse();
                return null;
            }

            do
            {
                // in one piece: most calls end here, with this one look or without
                if (_waiting != Waiting.Unknown)
                {
                    if (_waiting == Waiting.No)
                    {
                        _waiting = Waiting.Unknown;
                        return null;
                    }
                }
                else if (_looksHigh)
                {
                    _looksHigh = false;
                    _device.TransferFullDuplex(_lookHigh, _answer);
                    if (((_answer[0] ^ (_expected >> 8)) & _mask) == 0 || !BelieveHigh(_port.GetSecond()))
                    {
                        return null;
                    }
                }
                else
                {
                    _looksHigh = true;
                    _device.TransferFullDuplex(_lookLow, _answer);
                    int low = _answer[0];
                    if (((low ^ _expected) & _mask) == 0)
                    {
                        return null;
                    }

                    // A packet begins at an even address. 0 is what a chip says too that was reset, and the memory of such a one may hold a
                    // packet of long ago at any place.
                    _written = low;
                    if ((low & _factor) != 0 || ((low & _mask) == 0 && !_port.IsAtWork()))
                    {
                        return null;
                    }
                }

                Frame frame = ReadPacket();
                if (frame != null)
                {
                    return frame;
                }
            }
            while (GoesOn());
            return null;
        }

        /// <summary>
        /// Looks at the count, which tells of packets without regard to where they are: if one waits that the write pointer does not show,
        /// the two are out of step, and reading it will tell.
        /// </summary>
        internal void CompareCount()
        {
            if (_waiting != Waiting.Yes && _buffer.CountPackets() != 0)
            {
                NoteWaiting();
            }
        }

        /// <summary>
        /// Gives all memory back that was read.
        /// </summary>
        internal void Free()
        {
            if (_freed != Packet)
            {
                _freed = Packet;
                _buffer.Free(Packet);

                // packets have passed; and none is where one was before, until memory is given back again
                _isFirst = false;
                _misreadAt = BufferMemory.Unknown;
            }
        }

        /// <summary>
        /// Deals with EIR.RXERIF: the buffer was full. Reception goes on by itself as packets are taken.
        /// </summary>
        internal void OnOverrun()
        {
            _counters._receiveOverruns++;
            _reception.ClearFlags();
            Free();
            if (_hearing != Hearing.Emptied || _buffer.CountPackets() != 0)
            {
                _hearing = Hearing.Overran;
            }
        }

        /// <summary>
        /// Looks whether packets still come in after an overflow. Where none do, though the buffer is empty, the receive logic is
        /// reset: nothing is lost by it.
        /// </summary>
        internal void WatchHearing(int now)
        {
            if (_hearing == Hearing.Good)
            {
                return;
            }

            if (_hearing == Hearing.Overran)
            {
                if (_buffer.CountPackets() != 0)
                {
                    return;
                }

                _hearing = Hearing.Emptied;
                _emptiedAt = Packet;
                _silence.Clear();
            }

            if (Packet != _emptiedAt)
            {
                _hearing = Hearing.Good;
            }
            else if (_silence.IsDue(now, DeafTime))
            {
                _hearing = Hearing.Good;
                if (_buffer.CountPackets() == 0)
                {
                    Reset(Enc28j60Recovery.DeafAfterOverrun);
                }
            }
        }

        /// <summary>
        /// Tests whether the hardware writes where the next packet is expected. It is looked at twice, for a packet may come in between
        /// (DS39662E 7.2.4): then the count is no longer 0 the second time.
        /// </summary>
        internal void TestStep()
        {
            if (!_isFirst && _buffer.WritesElsewhere(Packet) && _buffer.WritesElsewhere(Packet))
            {
                Reset(Enc28j60Recovery.ReceiverOutOfStep);
            }
        }

        /// <summary>
        /// Begins where the buffer does.
        /// </summary>
        private void BeginBuffer()
        {
            _port.SelectBank(0);
            _readCommand = _port.MakeWord(SpiPort.ReadBufferCommand, 0);
            _lookLow[0] = _port.MakeRead(EthRegister.ERXWRPTL);
            _lookHigh[0] = _port.MakeRead(EthRegister.ERXWRPTH);
            _factor = _port.MakeWord(0, 1);
            _mask = 0xFF * _factor;
            ushort[] own = _filters.AddressWords(_port.LowByteFirst);
            _ownFirst = own[0];
            _ownSecond = own[1];
            _ownThird = own[2];
            Packet = MemoryMap.ReceiveStart;

            // what can be read is where the last packet has ended, before the bounds were written or not: the next one changes it, or is counted
            _expected = _buffer.FindWritePointer() * _factor;
            _freed = Packet;
            _waiting = Waiting.Unknown;
            _looksHigh = false;
            _isFirst = true;
            _misreadAt = BufferMemory.Unknown;
            _memory.MoveReadPointer(BufferMemory.Unknown, Packet);
        }

        private void Refuse()
        {
            if (_isOpen)
            {
                // not an exception: nothing that a running stack calls throws
                _counters._foreignPools++;
            }
        }

        /// <summary>
        /// A packet waits, or several: up to where the hardware writes now.
        /// </summary>
        private void NoteWaiting()
        {
            _written = _port.Read(EthRegister.ERXWRPTL) * _factor;
            _waiting = Waiting.Yes;
            _agenda.Look();
        }

        /// <summary>
        /// Whether the high byte of the write pointer may be what was read, which is not where the next packet begins. The low one tells then
        /// how many wait.
        /// </summary>
        private bool BelieveHigh(int high)
        {
            if (high > MemoryMap.ReceiveEnd >> 8)
            {
                return false;
            }

            int low = _port.Read(EthRegister.ERXWRPTL);
            _written = low * _factor;
            return (low & 1) == 0 && ((high != 0 && low != 0) || _port.IsAtWork());
        }

        /// <summary>
        /// Reads the next packet and goes on to the one behind it.
        /// </summary>
        /// <returns>Its frame, or null if it is not wanted; or if what was read makes no sense: then it is still the next one.</returns>
        private Frame ReadPacket()
        {
            // in one piece: one packet from its header to PKTDEC; errata 14 and the traps forbid another order, and a call for each step
            // would take as long as the steps. ERDPT is at the packet, and is left at the next one.
            int packet = Packet;
            ushort[] header = _header;
            SpiDevice device = _device;
            device.TransferFullDuplex(_memory.ShortCommand, header);
            int next;
            int count;
            int flags;
            int word1 = header[1];
            int word2 = header[2];
            if (_port.LowByteFirst)
            {
                next = (header[0] >> 8) | ((word1 & 0xFF) << 8);
                count = (word1 >> 8) | ((word2 & 0xFF) << 8);
                flags = word2 >> 8;
            }
            else
            {
                next = (header[0] & 0xFF) | (word1 & 0xFF00);
                count = (word1 & 0xFF) | (word2 & 0xFF00);
                flags = word2 & 0xFF;
            }

            // the pointer holds nothing that the length does not tell: where they disagree, one of them is wrong
            int end = packet + MemoryMap.HeaderLength + ((count + 1) & ~1);
            if (next != (end > MemoryMap.ReceiveEnd ? end - MemoryMap.ReceiveSize : end))
            {
                return NoteMisread();
            }

            Frame frame = null;
            ushort[] words = null;
            int readEnd = packet + MemoryMap.HeaderLength - 1;
            if ((flags & (StatusReceivedOk | StatusCrcError)) != StatusReceivedOk
                || count < MemoryMap.ShortestPacket
                || count > MemoryMap.LongestPacket)
            {
                if (count < MemoryMap.ShortestStored || count > MemoryMap.LongestStored)
                {
                    return NoteMisread();
                }

                CountDamage(flags, count);
            }
            else if ((frame = _open.RentForReceive(count - MemoryMap.FcsLength)) == null)
            {
                _counters._droppedNoFrame++;
            }
            else
            {
                // The frame's array is the command too: each byte goes out before the one in its place comes in, and what goes out behind
                // the command's the chip does not look at (DS39662E 4.2.2).
                words = frame.Words;
                words[0] = _readCommand;
                device.TransferFullDuplex(words, words);

                // The other case: a packet that goes on at the buffer's start. A chip that was reset after the header was read has
                // forgotten where the buffer ends, and reads on into what was sent last. Where a packet lies in one piece, a reset
                // moves the read pointer to 05FAh, from where the text begins at an odd address and no packet's does.
                if ((words[0] & (LastByteZero * _factor)) != 0 || (end > MemoryMap.ReceiveEnd && !_port.IsAtWork()))
                {
                    _open.Return(frame);
                    return NoteMisread();
                }

                readEnd += (words.Length << 1) - 1;
                _counters._bytesReceived += (uint)(count - MemoryMap.FcsLength);
                _counters._framesReceived++;
            }

            device.Write(_buffer.Decrement);
            if (readEnd != end)
            {
                _memory.MoveReadPointer(readEnd > MemoryMap.ReceiveEnd ? readEnd - MemoryMap.ReceiveSize : readEnd, next);
            }

            Packet = next;
            _looksHigh = false;
            _expected = next * _factor;
            int held = next - _freed;
            if (held < 0)
            {
                held += MemoryMap.ReceiveSize;
            }

            if (((_expected ^ _written) & _mask) == 0)
            {
                _waiting = Waiting.No;
                if (_row != 0)
                {
                    EndRow();
                }
            }
            else
            {
                NoteMore();
                held -= FreeThresholdInBatch - FreeThreshold;
            }

            if (held >= FreeThreshold)
            {
                Free();
            }

            // what is for us alone is not even asked about
            if (_filters.NeedsRecheck && frame != null
                && (!_filters.WantsUnicast || words[3] != _ownThird || words[2] != _ownSecond || words[1] != _ownFirst) && !_filters.Accepts(frame))
            {
                return DropFiltered(frame);
            }

            return frame;
        }

        /// <summary>
        /// Another packet waits behind the one that was read.
        /// </summary>
        private void NoteMore()
        {
            _row++;
            if (_waiting != Waiting.Yes)
            {
                _waiting = Waiting.Yes;
                _agenda.Look();
            }
        }

        /// <summary>
        /// Counts the packets that were read one after the other.
        /// </summary>
        private void EndRow()
        {
            if (_row >= _counters._mostPacketsWaiting)
            {
                _counters._mostPacketsWaiting = _row + 1;
            }

            _row = 0;
        }

        private Frame NoteMisread()
        {
            _isMisread = true;
            return null;
        }

        /// <summary>
        /// A packet was let in by mistake.
        /// </summary>
        private Frame DropFiltered(Frame frame)
        {
            _counters._filteredPackets++;
            _counters._framesReceived--;
            _counters._bytesReceived -= (uint)frame.Length;
            _open.Return(frame);
            return null;
        }

        private void CountDamage(int flags, int count)
        {
            if (count > MemoryMap.LongestPacket)
            {
                _counters._oversize++;
                return;
            }

            _counters._damagedPackets++;
            if (count < MemoryMap.ShortestPacket)
            {
                _counters._runts++;
            }

            if ((flags & StatusCrcError) != 0)
            {
                _counters._crcErrors++;
            }
        }

        /// <summary>
        /// Decides, after a packet that is not wanted or that made no sense, whether to go on.
        /// </summary>
        private bool GoesOn()
        {
            if (!_isMisread)
            {
                // a flood must not hold the caller
                _misreadAt = BufferMemory.Unknown;
                _dropped = _dropped + 1 == MostDropped ? 0 : _dropped + 1;
                return _dropped != 0;
            }

            // a disturbed transfer, or a corrupted buffer? the second reading tells
            _isMisread = false;
            int count = _buffer.CountPackets();
            _memory.MoveReadPointer(BufferMemory.Unknown, Packet);
            if (count == 0)
            {
                // There was no packet: the pointer was misread, not the buffer corrupted. That it is where it was seen is not told again.
                _waiting = Waiting.Unknown;
                _expected = (_expected & ~_mask) | (_written & _mask);
                _misreadAt = BufferMemory.Unknown;
                return false;
            }

            if (_misreadAt == Packet)
            {
                Reset(Enc28j60Recovery.BadHeader);
                return false;
            }

            _counters._badHeaders++;
            _misreadAt = Packet;
            _waiting = Waiting.Yes;
            return true;
        }

        private void Reset(Enc28j60Recovery reason)
        {
            _log.Add(reason);
            _reception.Reset();
            _buffer.SetUp();
            BeginBuffer();
            _misreadAt = BufferMemory.Unknown;
            _agenda.Hurry();
            IsStuck = (!_buffer.Drain(MostPackets) && !_buffer.Drain(MostPackets)) || !_reception.SwitchOn();
            if (IsStuck)
            {
                Close();
            }
        }
    }
}
