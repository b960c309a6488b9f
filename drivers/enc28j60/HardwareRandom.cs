// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp;
using TcpIp.Ethernet;
using TcpIp.Link;

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// The stack's random numbers: whatever is at hand that an outsider cannot know is stirred into a state of 128 bits, and each
    /// number is drawn from all of it.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What goes in: the runtime's generator with each number, on ESP32 that is the hardware's, which is weaker while no radio is
    /// on; what the chip's packet memory holds before anything is written to it; the times at which frames come in, in
    /// microseconds; and the MAC address, which is no secret, but lets boards differ that share all else.
    /// </para>
    /// <para>
    /// What each is worth: memory cells come up after power-on as their making has it, in some bits by chance; it takes both from a
    /// stranger, but whoever can read the chip's bus knows it. After a restart without a loss of power it holds packets of the life
    /// before and is worth little. Times of frames help numbers drawn later, not those that the stack draws when it is made. One
    /// source that is not known is enough, a known one does no harm. The mixing is that of HalfSipHash with 2 and 4 rounds
    /// (Aumasson and Bernstein); it is not meant for keys of long life.
    /// </para>
    /// </remarks>
    public sealed class HardwareRandom : RandomSource
    {
        private const int RoundsPerValue = 2;
        private const int RoundsPerNumber = 4;

        // what SipHash tells its end by
        private const uint Draw = 0xFF;

        // A quarter of the chip's memory. How many of its cells come up by chance nobody has measured; it need not be many.
        private const int MemoryRead = 2048;
        private const int MemoryReadWords = 64;

        private readonly Random _generator;

        // the last two as HalfSipHash has them, the others anything that is neither 0 nor alike
        private uint _v0 = 0x9E3779B9;
        private uint _v1 = 0x7F4A7C15;
        private uint _v2 = 0x6C796765;
        private uint _v3 = 0x74656462;

        /// <summary>
        /// Initializes a new instance of the <see cref="HardwareRandom"/> class with what a chip's memory holds.
        /// </summary>
        /// <param name="chip">The chip's driver, after <see cref="Enc28j60.Probe"/> and before <see cref="Enc28j60.Start"/>.</param>
        /// <exception cref="ArgumentNullException">There is no driver.</exception>
        /// <exception cref="InvalidOperationException">The driver has not found the chip, or was started.</exception>
        public HardwareRandom(Enc28j60 chip)
            : this(chip, new Random())
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HardwareRandom"/> class with what a chip's memory holds and a generator of
        /// one's own.
        /// </summary>
        /// <param name="chip">The chip's driver, after <see cref="Enc28j60.Probe"/> and before <see cref="Enc28j60.Start"/>.</param>
        /// <param name="generator">The generator that is asked with each number.</param>
        /// <exception cref="ArgumentNullException">There is no driver or no generator.</exception>
        /// <exception cref="InvalidOperationException">The driver has not found the chip, or was started.</exception>
        public HardwareRandom(Enc28j60 chip, Random generator)
            : this(chip == null ? null : chip.MacAddress, generator)
        {
            // before the start's memory test writes over it
            ushort[] words = new ushort[MemoryReadWords];
            for (int address = 0; address < MemoryRead; address += (MemoryReadWords << 1) - 1)
            {
                chip.ReadMemory(address, words);
                Add(words);
            }
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HardwareRandom"/> class.
        /// </summary>
        /// <param name="address">The board's MAC address.</param>
        /// <param name="generator">The generator that is asked with each number.</param>
        /// <exception cref="ArgumentNullException">There is no address or no generator.</exception>
        public HardwareRandom(MacAddress address, Random generator)
        {
            if (address == null || generator == null)
            {
                throw new ArgumentNullException(address == null ? nameof(address) : nameof(generator));
            }

            _generator = generator;
            for (int i = 0; i < MacAddress.Length; i++)
            {
                Add((uint)address.GetOctet(i));
            }
        }

        /// <summary>
        /// Stirs a value in. It allocates nothing.
        /// </summary>
        /// <param name="value">Anything, best what nobody else knows.</param>
        public void Add(uint value)
        {
            _v3 ^= value;
            Stir(RoundsPerValue);
            _v0 ^= value;
        }

        /// <summary>
        /// Stirs an array in.
        /// </summary>
        /// <param name="words">The words.</param>
        /// <exception cref="ArgumentNullException">There is no array.</exception>
        public void Add(ushort[] words)
        {
            if (words == null)
            {
                throw new ArgumentNullException(nameof(words));
            }

            for (int i = 0; i < words.Length; i++)
            {
                Add(words[i]);
            }
        }

        /// <inheritdoc/>
        public override uint Next()
        {
            Add((uint)_generator.Next());
            _v2 ^= Draw;
            Stir(RoundsPerNumber);
            return _v1 ^ _v3;
        }

        private void Stir(int rounds)
        {
            // fields cost twice what locals do
            uint v0 = _v0;
            uint v1 = _v1;
            uint v2 = _v2;
            uint v3 = _v3;
            for (int i = 0; i < rounds; i++)
            {
                v0 += v1;
                v2 += v3;
                v1 = (v1 << 5 | v1 >> 27) ^ v0;
                v3 = (v3 << 8 | v3 >> 24) ^ v2;
                v0 = v0 << 16 | v0 >> 16;
                v2 += v1;
                v0 += v3;
                v1 = (v1 << 13 | v1 >> 19) ^ v2;
                v3 = (v3 << 7 | v3 >> 25) ^ v0;
                v2 = v2 << 16 | v2 >> 16;
            }

            _v0 = v0;
            _v1 = v1;
            _v2 = v2;
            _v3 = v3;
        }
    }
}
