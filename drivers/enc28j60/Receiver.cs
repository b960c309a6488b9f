// Licensed under the MIT license. See LICENSE in the repository root.

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
        // of the status vector (DS39662E table 7-3)
        private const int StatusCount = 0xFFFF;
        private const int StatusCrcError = 0x10 << 16;
        private const int StatusReceivedOk = 0x80 << 16;

        // its bit 31, always zero, in its last byte
        private const int LastByteZero = 0x80;

        // no status vector: what was read makes no sense
        private const int Senseless = -1;

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
        private readonly BufferMemory _memory;
        private readonly ReceiveBuffer _buffer;
        private readonly Reception _reception;
        private readonly ReceiveFilters _filters;
        private readonly Enc28j60Counters _counters;
        private readonly RecoveryLog _log;
        private readonly ushort[] _header = new ushort[BufferMemory.ShortWords];
        private readonly Deadline _silence = new Deadline();
        private ushort[][] _commands;
        private Hearing _hearing;

        internal Receiver(Chip chip, Enc28j60Counters counters, RecoveryLog log)
        {
            _port = chip.Port;
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
            // in one piece: one packet after the other from its header to PKTDEC; errata 14 and the traps forbid another order
            bool isSecondReading = false;
            int dropped = 0;
            while (dropped < MostDropped)
            {
                if (_buffer.Waiting == 0 && !FindPackets())
                {
                    return null;
                }

                Frame frame = null;
                int status = ReadStatus();
                int count = status & StatusCount;
                if ((status & (StatusReceivedOk | StatusCrcError)) == StatusReceivedOk
                    && count >= MemoryMap.ShortestPacket
                    && count <= MemoryMap.LongestPacket)
                {
                    frame = Pool.RentForReceive(count - MemoryMap.FcsLength);
                    if (frame == null)
                    {
                        _counters._droppedNoFrame++;
                    }
                    else if (!ReadText(frame, count))
                    {
                        Pool.Return(frame);
                        status = Senseless;
                    }
                }
                else if (status != Senseless)
                {
                    CountDamage(status);
                }

                if (status == Senseless)
                {
                    // a disturbed transfer, or a corrupted buffer? the second reading tells
                    if (isSecondReading)
                    {
                        Recover();
                        return null;
                    }

                    _counters._badHeaders++;
                    _memory.ForgetReadPointer();
                    isSecondReading = true;
                    continue;
                }

                _buffer.PassPacket(count);
                if (frame != null)
                {
                    if (!_filters.NeedsRecheck || _filters.Accepts(frame))
                    {
                        Taken++;
                        _counters._framesReceived++;
                        _counters._bytesReceived += (uint)(count - MemoryMap.FcsLength);
                        return frame;
                    }

                    _counters._filteredPackets++;
                    Pool.Return(frame);
                }

                isSecondReading = false;
                dropped++;
            }

            return null;
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
        /// Asks the chip whether packets wait.
        /// </summary>
        private bool FindPackets()
        {
            int count = _buffer.CountPackets();
            if (count == 0)
            {
                if (_hearing == Hearing.Overran)
                {
                    _hearing = Hearing.Emptied;
                    _silence.Clear();
                }

                return false;
            }

            if (_hearing == Hearing.Emptied)
            {
                _hearing = Hearing.Good;
            }

            if ((uint)count > _counters._mostPacketsWaiting)
            {
                _counters._mostPacketsWaiting = (uint)count;
            }

            return true;
        }

        /// <summary>
        /// Reads all but the last byte of the next packet's header.
        /// </summary>
        /// <returns>Bits 23:0 of its status vector, or <see cref="Senseless"/>.</returns>
        private int ReadStatus()
        {
            int packet = _buffer.Packet;
            _memory.Read(packet, _memory.ShortCommand, _header);

            int next;
            int count;
            int flags;
            int word0 = _header[0];
            int word1 = _header[1];
            int word2 = _header[2];
            if (_port.LowByteFirst)
            {
                next = (word0 >> 8) | ((word1 & 0xFF) << 8);
                count = (word1 >> 8) | ((word2 & 0xFF) << 8);
                flags = word2 & 0xFF00;
            }
            else
            {
                next = (word0 & 0xFF) | (word1 & 0xFF00);
                count = (word1 & 0xFF) | (word2 & 0xFF00);
                flags = (word2 & 0xFF) << 8;
            }

            // the pointer holds nothing that the length does not tell: where they disagree, one of them is wrong
            return count < MemoryMap.ShortestStored || count > MemoryMap.LongestStored || next != MemoryMap.NextPacket(packet, count)
                ? Senseless
                : (flags << 8) | count;
        }

        private void CountDamage(int status)
        {
            int count = status & StatusCount;
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

            if ((status & StatusCrcError) != 0)
            {
                _counters._crcErrors++;
            }
        }

        /// <summary>
        /// Reads the packet whose header was just read into a frame.
        /// </summary>
        /// <returns>False if what was read makes no sense.</returns>
        private bool ReadText(Frame frame, int count)
        {
            // whichever size the pool had to spare
            ushort[] words = frame.Words;
            int sizeClass = 0;
            while (_commands[sizeClass].Length != words.Length)
            {
                sizeClass++;
            }

            _memory.ReadOn(_commands[sizeClass], words);
            int statusEnd = _port.LowByteFirst ? words[0] >> 8 : words[0] & 0xFF;
            if ((statusEnd & LastByteZero) != 0)
            {
                return false;
            }

            // A packet that goes on at the buffer's start. A chip that was reset after the header was read has
            // forgotten where the buffer ends, and reads on into what was sent last. Where a packet lies in one piece, a reset
            // moves the read pointer to 05FAh, from where the text begins at an odd address and no packet's does.
            return _buffer.Packet + MemoryMap.HeaderLength + count < MemoryMap.ReceiveEnd || _port.IsAtWork();
        }

        private void Recover()
        {
            _memory.ForgetReadPointer();
            if (_buffer.CountPackets() != 0)
            {
                Reset(Enc28j60Recovery.BadHeader);
            }

            // else there was no packet: the count was misread, not the buffer corrupted
        }

        private void Reset(Enc28j60Recovery reason)
        {
            _log.Add(reason);
            _reception.Reset();
            _buffer.SetUp();
            IsStuck = (!_buffer.Drain(MostPackets) && !_buffer.Drain(MostPackets)) || !_reception.SwitchOn();
        }
    }
}
