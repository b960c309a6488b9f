// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp;

namespace Firmware
{
    /// <summary>
    /// The stack's random numbers from the runtime's generator, which on ESP32 is the hardware's. What the hardware yields while
    /// no radio is on is weaker, so the MAC address and the time since power-up are mixed in: two boards never start alike.
    /// </summary>
    public sealed class HardwareRandom : RandomSource
    {
        private readonly Random _random = new Random();
        private uint _mix;

        /// <summary>
        /// Initializes a new instance of the <see cref="HardwareRandom"/> class.
        /// </summary>
        /// <param name="mix">Anything that differs from board to board and from start to start.</param>
        public HardwareRandom(uint mix)
        {
            _mix = mix;
        }

        /// <inheritdoc/>
        public override uint Next()
        {
            // a step of xorshift, so that the mixed-in value is not the same in each number
            _mix ^= _mix << 13;
            _mix ^= _mix >> 17;
            _mix ^= _mix << 5;
            return _mix ^ ((uint)_random.Next(0x10000) << 16) ^ (uint)_random.Next(0x10000);
        }
    }
}
