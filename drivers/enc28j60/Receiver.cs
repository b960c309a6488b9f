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

        /// <summary>
        /// A number that changes with each frame that is handed on. It is no counter: nobody clears it.
        /// </summary>
        internal uint Taken;

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
        private readonly Deadline _silence = new Deadline();
        private ushort[][] _commands;
        private Frame _frame;
        private uint _row;
        private Hearing _hearing;

        internal Receiver(Chip chip, Enc28j60Counters counters, RecoveryLog log)
        {
            _port = chip.Port;
            _device = chip.Port.Device;
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

        /// <summary>
        /// Makes what is needed to receive into a pool's frames: for each size a command as long as the frame's array.
        /// </summary>
        internal void AttachPool(FramePool pool)
        {
            ushort command = _port.MakeWord(SpiPort.ReadBufferCommand, 0);
            ushort[][] commands = new ushort[pool.Classes][];
            for (int i = 0; i < commands.Length; i++)
            {
                commands[i] = new ushort[Frame.WordsFor(pool.Capacity(i))];
                commands[i][0] = command;
            }

            _commands = commands;
            Pool = pool;
        }

        /// <summary>
        /// Begins at an empty buffer, after the chip was set up.
        /// </summary>
        internal void Begin()
        {
            _memory.ForgetReadPointer();
            _hearing = Hearing.Good;
            IsStuck = false;
        }

        /// <summary>
        /// Takes the next packet that is wanted.
        /// </summary>
        /// <returns>A frame, or null.</returns>
        internal Frame TakeFrame()
        {
            bool isSecondReading = false;
            int dropped = 0;
            while (_buffer.FindPacket())
            {
                _frame = null;
                if (ReadPacket())
                {
                    if (_frame != null)
                    {
                        return _frame;
                    }

                    // a flood must not hold the caller
                    if (++dropped == MostDropped)
                    {
                        return null;
                    }

                    isSecondReading = false;
                }
                else
                {
                    // a disturbed transfer, or a corrupted buffer? the second reading tells
                    _memory.ForgetReadPointer();
                    bool isThere = _buffer.CountPackets() != 0;
                    if (isSecondReading && isThere)
                    {
                        Reset(Enc28j60Recovery.BadHeader);
                        return null;
                    }

                    if (!isThere)
                    {
                        // there was no packet: the pointer was misread, not the buffer corrupted
                        _buffer.ForgetLook();
                        return null;
                    }

                    _counters._badHeaders++;
                    isSecondReading = true;
                }
            }

            return _hearing == Hearing.Good ? null : NoteEmpty();
        }

        /// <summary>
        /// Deals with EIR.RXERIF: the buffer was full. Reception goes on by itself as packets are taken.
        /// </summary>
        internal void OnOverrun()
        {
            _counters._receiveOverruns++;
            _reception.ClearFlags();
            _buffer.Free();
            if (_hearing != Hearing.Emptied || _port.Read(EthRegister.EPKTCNT) != 0)
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
            if (_hearing == Hearing.Emptied && _silence.IsDue(now, DeafTime))
            {
                _hearing = Hearing.Good;
                if (_port.Read(EthRegister.EPKTCNT) == 0)
                {
                    Reset(Enc28j60Recovery.DeafAfterOverrun);
                }
            }
        }

        /// <summary>
        /// Tests whether the hardware writes where the next packet is expected.
        /// </summary>
        internal void TestStep()
        {
            if (_buffer.IsOutOfStep())
            {
                Reset(Enc28j60Recovery.ReceiverOutOfStep);
            }
        }

        /// <summary>
        /// No packet was found after the buffer was full. Whether it is empty the count tells, for not every call has a look.
        /// </summary>
        private Frame NoteEmpty()
        {
            if (_hearing == Hearing.Overran && _buffer.CountPackets() == 0)
            {
                _hearing = Hearing.Emptied;
                _silence.Clear();
            }

            return null;
        }

        /// <summary>
        /// Reads the next packet, into <see cref="_frame"/> if it is wanted, and goes on to the one behind it.
        /// </summary>
        /// <returns>False if what was read makes no sense; then it is still the next one.</returns>
        private bool ReadPacket()
        {
            // in one piece: one packet from its header to PKTDEC; errata 14 and the traps forbid another order
            ushort[] header = _header;
            int packet = _buffer.Packet;
            if (_memory.ReadPointer != packet)
            {
                _memory.MoveReadPointer(packet);
            }

            _device.TransferFullDuplex(_memory.ShortCommand, header);
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
            int length = MemoryMap.HeaderLength + ((count + 1) & ~1);
            int end = packet + length;
            if (count < MemoryMap.ShortestStored
                || count > MemoryMap.LongestStored
                || next != (end > MemoryMap.ReceiveEnd ? end - MemoryMap.ReceiveSize : end))
            {
                return false;
            }

            if ((flags & (StatusReceivedOk | StatusCrcError)) != StatusReceivedOk
                || count < MemoryMap.ShortestPacket
                || count > MemoryMap.LongestPacket)
            {
                CountDamage(flags, count);
                return DropPacket(next);
            }

            Frame frame = Pool.RentForReceive(count - MemoryMap.FcsLength);
            if (frame == null)
            {
                _counters._droppedNoFrame++;
                return DropPacket(next);
            }

            // whichever size the pool had to spare
            ushort[] words = frame.Words;
            int sizeClass = 0;
            while (_commands[sizeClass].Length != words.Length)
            {
                sizeClass++;
            }

            _device.TransferFullDuplex(_commands[sizeClass], words);
            int statusEnd = _port.LowByteFirst ? words[0] >> 8 : words[0] & 0xFF;

            // The other case: a packet that goes on at the buffer's start. A chip that was reset after the header was read has
            // forgotten where the buffer ends, and reads on into what was sent last. Where a packet lies in one piece, a reset
            // moves the read pointer to 05FAh, from where the text begins at an odd address and no packet's does.
            if ((statusEnd & LastByteZero) != 0 || (end > MemoryMap.ReceiveEnd && !_port.IsAtWork()))
            {
                Pool.Return(frame);
                return false;
            }

            int read = MemoryMap.HeaderLength - 2 + (words.Length << 1);
            _memory.NoteRead(read == length ? next : MemoryMap.Advance(packet, read));
            _buffer.PassPacket(next);
            if (_hearing == Hearing.Emptied)
            {
                _hearing = Hearing.Good;
            }

            if (_filters.NeedsRecheck && !_filters.Accepts(frame))
            {
                _counters._filteredPackets++;
                Pool.Return(frame);
                return true;
            }

            if (_buffer.HasMore)
            {
                _row++;
            }
            else if (_row != 0)
            {
                EndRow();
            }

            Taken++;
            _counters._framesReceived++;
            _counters._bytesReceived += (uint)(count - MemoryMap.FcsLength);
            _frame = frame;
            return true;
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
        /// Goes on without the packet whose header was just read.
        /// </summary>
        private bool DropPacket(int next)
        {
            _memory.NoteRead(MemoryMap.Advance(_buffer.Packet, MemoryMap.HeaderLength - 1));
            _buffer.PassPacket(next);
            if (_hearing == Hearing.Emptied)
            {
                _hearing = Hearing.Good;
            }

            return true;
        }

        private void Reset(Enc28j60Recovery reason)
        {
            _log.Add(reason);
            _reception.Reset();
            _buffer.SetUp();
            _agenda.Hurry();
            IsStuck = (!_buffer.Drain(MostPackets) && !_buffer.Drain(MostPackets)) || !_reception.SwitchOn();
        }
    }
}
