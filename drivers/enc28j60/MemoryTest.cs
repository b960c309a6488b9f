// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Writes and reads the buffer memory at the clock in use, once with a pattern that differs from word to word and once with
    /// its complement: it finds bad wires and too fast a clock before they corrupt packets.
    /// </summary>
    internal sealed class MemoryTest
    {
        // 167 bytes at a time, 49 times: all but the last nine bytes of memory, which nothing uses
        private const int ChunkWords = 84;
        private const int Chunks = 49;
        private const int ChunksPerStep = 7;
        private const int Passes = 4;
        private const int Multiplier = 0x6255;
        private const int Offset = 0x1234;

        private readonly Chip _chip;
        private readonly ushort[] _command = new ushort[ChunkWords];
        private readonly ushort[] _answer = new ushort[ChunkWords];
        private int _pass;
        private int _chunk;
        private int _value;

        internal MemoryTest(Chip chip)
        {
            _chip = chip;
        }

        /// <summary>How far the test is.</summary>
        internal enum Result
        {
            /// <summary>There is more to test.</summary>
            GoodSoFar,

            /// <summary>The memory held everything.</summary>
            Passed,

            /// <summary>It did not.</summary>
            Failed,
        }

        /// <summary>
        /// Begins anew. The receive buffer is made to end with the memory, so that reading wraps there only.
        /// </summary>
        internal void Begin()
        {
            _chip.ReceiveBuffer.SpanToEnd();
            _pass = 0;
            _chunk = 0;
        }

        /// <summary>
        /// Does a part of the test, a few milliseconds of work on the device.
        /// </summary>
        internal Result TestChunks()
        {
            bool reading = (_pass & 1) != 0;

            // the complement of a value that grows is one that shrinks by as much
            int step = _pass < Passes / 2 ? Multiplier : -Multiplier;
            if (_chunk == 0)
            {
                _value = step > 0 ? Offset : ~Offset;
            }

            int difference = 0;
            for (int i = 0; i < ChunksPerStep; i++)
            {
                if (reading)
                {
                    difference |= ReadChunk(step);
                }
                else
                {
                    WriteChunk(step);
                }

                _chunk++;
            }

            if (difference != 0)
            {
                return Result.Failed;
            }

            if (_chunk == Chunks)
            {
                _chunk = 0;
                _pass++;
            }

            return _pass == Passes ? Result.Passed : Result.GoodSoFar;
        }

        private void WriteChunk(int step)
        {
            ushort[] words = _command;
            int value = _value;
            for (int i = 0; i < ChunkWords; i++)
            {
                words[i] = (ushort)value;
                value += step;
            }

            _value = value;
            words[0] = _chip.Port.MakeWord(SpiPort.WriteBufferCommand, words[0] & 0xFF);
            if (_chunk == 0)
            {
                _chip.Memory.Write(0, words);
            }
            else
            {
                _chip.Port.Device.Write(words);
            }
        }

        /// <returns>The bits that differ from what was written.</returns>
        private int ReadChunk(int step)
        {
            _command[0] = _chip.Port.MakeWord(SpiPort.ReadBufferCommand, 0);
            if (_chunk == 0)
            {
                _chip.Memory.Read(0, _command, _answer);
            }
            else
            {
                _chip.Port.Device.TransferFullDuplex(_command, _answer);
            }

            // differences are gathered, not branched on: half the work
            ushort[] words = _answer;
            int value = _value;
            int difference = _chip.Port.MakeWord(0, value & 0xFF) ^ (words[0] & _chip.Port.MakeWord(0, 0xFF));
            value += step;
            for (int i = 1; i < ChunkWords; i++)
            {
                difference |= words[i] ^ (value & 0xFFFF);
                value += step;
            }

            _value = value;
            return difference;
        }
    }
}
