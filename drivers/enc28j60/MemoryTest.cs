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

        private readonly SpiPort _port;
        private readonly ushort[] _command = new ushort[ChunkWords];
        private readonly ushort[] _answer = new ushort[ChunkWords];
        private int _pass;
        private int _chunk;
        private int _value;

        /// <summary>
        /// Initializes a new instance of the <see cref="MemoryTest"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        internal MemoryTest(SpiPort port)
        {
            _port = port;
        }

        /// <summary>Gets a value indicating whether the memory held everything so far.</summary>
        internal bool Passed { get; private set; }

        /// <summary>
        /// Begins anew. The receive buffer is made all of memory, so that reading wraps at its end only.
        /// </summary>
        internal void Begin()
        {
            _port.WritePair(EthRegister.ERXNDL, MemoryMap.Size - 1);
            _pass = 0;
            _chunk = 0;
            Passed = true;
        }

        /// <summary>
        /// Does a part of the test, a few milliseconds of work on the device.
        /// </summary>
        /// <returns>Whether the test has ended, one way or the other.</returns>
        internal bool Step()
        {
            bool reading = (_pass & 1) != 0;
            if (_chunk == 0)
            {
                _value = Offset;
                _port.WritePair(reading ? EthRegister.ERDPTL : EthRegister.EWRPTL, 0);
            }

            int polarity = _pass < Passes / 2 ? 0 : 0xFFFF;
            for (int i = 0; i < ChunksPerStep; i++)
            {
                if (reading)
                {
                    ReadChunk(polarity);
                }
                else
                {
                    WriteChunk(polarity);
                }
            }

            _chunk += ChunksPerStep;
            if (_chunk == Chunks)
            {
                _chunk = 0;
                _pass++;
            }

            return _pass == Passes || !Passed;
        }

        private void WriteChunk(int polarity)
        {
            ushort[] words = _command;
            int value = _value;
            for (int i = 0; i < ChunkWords; i++)
            {
                words[i] = (ushort)(value ^ polarity);
                value += Multiplier;
            }

            _value = value;
            words[0] = _port.Word(SpiPort.WriteBufferCommand, words[0] & 0xFF);
            _port.Send(words);
        }

        private void ReadChunk(int polarity)
        {
            _command[0] = _port.Word(SpiPort.ReadBufferCommand, 0);
            _port.Exchange(_command, _answer);

            // differences are gathered, not branched on: half the work
            ushort[] words = _answer;
            int value = _value;
            int difference = _port.Word(0, ((value ^ polarity) & 0xFF)) ^ (words[0] & _port.Word(0, 0xFF));
            value += Multiplier;
            for (int i = 1; i < ChunkWords; i++)
            {
                difference |= words[i] ^ ((value ^ polarity) & 0xFFFF);
                value += Multiplier;
            }

            _value = value;
            if (difference != 0)
            {
                Passed = false;
            }
        }
    }
}
