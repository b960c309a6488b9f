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
        private const int HeaderWords = 3;

        // bits 23:16 of the status vector
        private const int StatusCrcError = 0x10;
        private const int StatusReceivedOk = 0x80;

        // bit 31 of the status vector, always zero
        private const int StatusZero = 0x80;

        // What is read is given back to the hardware in lots: writing ERXRDPT takes two transfers and often a bank switch. With
        // 512 bytes held back there is still room for four full-size packets; while a batch is being read more may wait.
        private const int FreeThreshold = 512;
        private const int FreeThresholdInBatch = 4096;

        // after an overflow, so long without a packet is suspicious: broadcasts alone come more often
        private const int DeafTime = 3000;

        // packets dropped in one call of Next, so that a flood cannot hold the caller
        private const int MaximumDropped = 16;

        // the most that EPKTCNT counts
        private const int MostPackets = 255;

        private readonly SpiPort _port;
        private readonly BufferReader _reader;
        private readonly ReceiveFilters _filters;
        private readonly Enc28j60Counters _counters;
        private readonly RecoveryLog _log;
        private readonly ushort[] _headerCommand = new ushort[HeaderWords];
        private readonly ushort[] _header = new ushort[HeaderWords];
        private FramePool _pool;
        private ushort[][] _commands;
        private int _packet;
        private int _waiting;
        private int _unfreed;
        private int _count;
        private int _status;
        private Frame _frame;
        private bool _hasPassed;
        private Hearing _hearing;
        private bool _timing;
        private int _emptiedAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="Receiver"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="reader">The way to its memory.</param>
        /// <param name="filters">What is wanted.</param>
        /// <param name="counters">Where to count.</param>
        /// <param name="log">Where to tell of recoveries.</param>
        internal Receiver(SpiPort port, BufferReader reader, ReceiveFilters filters, Enc28j60Counters counters, RecoveryLog log)
        {
            _port = port;
            _reader = reader;
            _filters = filters;
            _counters = counters;
            _log = log;
        }

        private enum Outcome
        {
            /// <summary>The packet is in the frame.</summary>
            Taken,

            /// <summary>The packet is to be skipped.</summary>
            Dropped,

            /// <summary>What was read makes no sense.</summary>
            Senseless,
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

        /// <summary>Gets the pool that frames come from, or null.</summary>
        internal FramePool Pool => _pool;

        /// <summary>Gets a value indicating whether packets wait that the chip need not be asked for.</summary>
        internal bool HasWaiting => _waiting > 0;

        /// <summary>Gets a number that changes with each frame that is handed on. It is no counter: nobody clears it.</summary>
        internal uint Taken { get; private set; }

        /// <summary>
        /// Gets a value indicating whether the receiver could not be reset and the chip has to be started anew.
        /// </summary>
        internal bool IsStuck { get; private set; }

        /// <summary>
        /// Makes what is needed to receive into a pool's frames: for each size a command as long as the frame's array.
        /// </summary>
        /// <param name="pool">The pool.</param>
        internal void Attach(FramePool pool)
        {
            ushort command = _port.Word(SpiPort.ReadBufferCommand, 0);
            ushort[][] commands = new ushort[pool.Classes][];
            for (int i = 0; i < commands.Length; i++)
            {
                commands[i] = new ushort[Frame.WordsFor(pool.Capacity(i))];
                commands[i][0] = command;
            }

            _commands = commands;
            _pool = pool;
        }

        /// <summary>
        /// Begins at an empty buffer, after the chip was set up.
        /// </summary>
        internal void Begin()
        {
            _headerCommand[0] = _port.Word(SpiPort.ReadBufferCommand, 0);
            _reader.Forget();
            _packet = MemoryMap.ReceiveStart;
            _waiting = 0;
            _unfreed = 0;
            _hasPassed = false;
            _hearing = Hearing.Good;
            IsStuck = false;
        }

        /// <summary>
        /// Takes the next packet.
        /// </summary>
        /// <returns>A frame, or null.</returns>
        internal Frame Next()
        {
            for (int i = 0; i < MaximumDropped; i++)
            {
                if (_waiting == 0)
                {
                    // DS80349C 6: EIR.PKTIF cannot be relied on, EPKTCNT can
                    _waiting = _port.Read(EthRegister.EPKTCNT);
                    if (_waiting == 0)
                    {
                        if (_hearing == Hearing.Overran)
                        {
                            _hearing = Hearing.Emptied;
                            _timing = false;
                        }

                        return null;
                    }

                    if (_hearing == Hearing.Emptied)
                    {
                        _hearing = Hearing.Good;
                    }

                    if ((uint)_waiting > _counters._mostPacketsWaiting)
                    {
                        _counters._mostPacketsWaiting = (uint)_waiting;
                    }
                }

                Outcome outcome = ReadPacket();
                if (outcome == Outcome.Senseless)
                {
                    // a disturbed transfer, or a corrupted buffer? the second reading tells
                    _counters._badHeaders++;
                    _reader.Forget();
                    outcome = ReadPacket();
                    if (outcome == Outcome.Senseless)
                    {
                        Recover();
                        return null;
                    }
                }

                Pass();
                if (outcome == Outcome.Taken)
                {
                    Frame frame = _frame;
                    Taken++;
                    _counters._framesReceived++;
                    _counters._bytesReceived += (uint)frame.Length;
                    return frame;
                }
            }

            return null;
        }

        /// <summary>
        /// Gives all memory back that was read.
        /// </summary>
        internal void Free()
        {
            if (_unfreed != 0)
            {
                // the high byte last: both take effect with it (DS39662E 7.2.4)
                _port.WritePair(EthRegister.ERXRDPTL, MemoryMap.FreePointer(_packet));
                _unfreed = 0;
            }
        }

        /// <summary>
        /// Deals with EIR.RXERIF: the buffer was full. Reception goes on by itself as packets are taken.
        /// </summary>
        internal void OnOverrun()
        {
            _counters._receiveOverruns++;
            _port.ClearBits(EthRegister.EIR, RegisterBits.EirReceiveError);
            _port.ClearBits(EthRegister.ESTAT, RegisterBits.EstatBufferError);
            Free();
            if (_hearing != Hearing.Emptied || _port.Read(EthRegister.EPKTCNT) != 0)
            {
                _hearing = Hearing.Overran;
            }
        }

        /// <summary>
        /// Looks whether packets still come in after an overflow. Where none do, though the buffer is empty, the receive logic is
        /// reset: nothing is lost by it.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        internal void Watch(int now)
        {
            if (_hearing != Hearing.Emptied)
            {
                return;
            }

            if (!_timing)
            {
                _timing = true;
                _emptiedAt = now;
            }
            else if (now - _emptiedAt >= DeafTime)
            {
                _hearing = Hearing.Good;
                if (_port.Read(EthRegister.EPKTCNT) == 0)
                {
                    Reset(Enc28j60Recovery.DeafAfterOverrun);
                }
            }
        }

        /// <summary>
        /// Tests whether the hardware writes where the next packet is expected: if not, its packets would never be found. It is
        /// read twice, for a packet may come in between (DS39662E 7.2.4): then the count is no longer 0 the second time.
        /// </summary>
        internal void Test()
        {
            if (_hasPassed && IsOutOfStep() && IsOutOfStep())
            {
                Reset(Enc28j60Recovery.ReceiverOutOfStep);
            }
        }

        private Outcome ReadPacket()
        {
            // in one piece: one packet from its header to the move of ERXRDPT: errata 14 and the traps forbid another order
            _reader.MoveTo(_packet);
            _reader.Read(_headerCommand, _header);

            int next;
            int word0 = _header[0];
            int word1 = _header[1];
            int word2 = _header[2];
            if (_port.LowByteFirst)
            {
                next = (word0 >> 8) | ((word1 & 0xFF) << 8);
                _count = (word1 >> 8) | ((word2 & 0xFF) << 8);
                _status = word2 >> 8;
            }
            else
            {
                next = (word0 & 0xFF) | (word1 & 0xFF00);
                _count = (word1 & 0xFF) | (word2 & 0xFF00);
                _status = word2 & 0xFF;
            }

            // the pointer holds nothing that the length does not tell: where they disagree, one of them is wrong
            if (_count < MemoryMap.ShortestStored
                || _count > MemoryMap.LongestStored
                || next != MemoryMap.NextPacket(_packet, _count))
            {
                return Outcome.Senseless;
            }

            if ((_status & (StatusReceivedOk | StatusCrcError)) != StatusReceivedOk
                || _count < MemoryMap.ShortestPacket
                || _count > MemoryMap.LongestPacket)
            {
                CountDamage();
                return Outcome.Dropped;
            }

            Frame frame = _pool.RentForReceive(_count - MemoryMap.FcsLength);
            if (frame == null)
            {
                _counters._droppedNoFrame++;
                return Outcome.Dropped;
            }

            // whichever size the pool had to spare
            ushort[] words = frame.Words;
            int sizeClass = 0;
            while (_commands[sizeClass].Length != words.Length)
            {
                sizeClass++;
            }

            _reader.Read(_commands[sizeClass], words);
            int statusEnd = _port.LowByteFirst ? words[0] >> 8 : words[0] & 0xFF;
            if ((statusEnd & StatusZero) != 0 || (next < _packet && !_port.IsAtWork()))
            {
                // The other case: a packet that goes on at the buffer's start. A chip that was reset after the header was read has
                // forgotten where the buffer ends, and reads on into what was sent last. Where a packet lies in one piece, a reset
                // moves the read pointer to 05FAh, from where the text begins at an odd address and no packet's does.
                _pool.Return(frame);
                return Outcome.Senseless;
            }

            if (_filters.NeedsRecheck && !_filters.Accepts(frame))
            {
                _counters._filteredPackets++;
                _pool.Return(frame);
                return Outcome.Dropped;
            }

            _frame = frame;
            return Outcome.Taken;
        }

        private void CountDamage()
        {
            if (_count > MemoryMap.LongestPacket)
            {
                _counters._oversize++;
                return;
            }

            _counters._damagedPackets++;
            if (_count < MemoryMap.ShortestPacket)
            {
                _counters._runts++;
            }

            if ((_status & StatusCrcError) != 0)
            {
                _counters._crcErrors++;
            }
        }

        private bool IsOutOfStep()
        {
            return _port.Read(EthRegister.EPKTCNT) == 0
                && (_port.Read(EthRegister.ERXWRPTL) | (_port.Read(EthRegister.ERXWRPTH) << 8)) != _packet;
        }

        private void Pass()
        {
            int next = MemoryMap.NextPacket(_packet, _count);
            _unfreed += MemoryMap.HeaderLength + ((_count + 1) & ~1);
            _packet = next;
            _waiting--;
            _port.SetBits(EthRegister.ECON2, RegisterBits.Econ2PacketDecrement);
            _hasPassed = true;
            if (_unfreed >= (_waiting == 0 ? FreeThreshold : FreeThresholdInBatch))
            {
                Free();
            }
        }

        private void Recover()
        {
            _reader.Forget();
            _waiting = 0;
            if (_port.Read(EthRegister.EPKTCNT) == 0)
            {
                // there was no packet: the count was misread, not the buffer corrupted
                return;
            }

            Reset(Enc28j60Recovery.BadHeader);
        }

        private void Reset(Enc28j60Recovery reason)
        {
            _log.Add(reason);
            _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
            _port.SetBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveReset);
            _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveReset);

            // the reset leaves the pointers and the count as they are
            Configuration.SetUpReceiveBuffer(_port);
            if (!Configuration.Drain(_port, MostPackets) && !Configuration.Drain(_port, MostPackets))
            {
                IsStuck = true;
                return;
            }

            _port.ClearBits(EthRegister.EIR, RegisterBits.EirReceiveError);
            _packet = MemoryMap.ReceiveStart;
            _unfreed = 0;
            _hasPassed = false;
            IsStuck = !Configuration.SwitchOnReception(_port);
        }
    }
}
