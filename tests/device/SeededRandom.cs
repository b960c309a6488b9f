// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// The same random numbers in each run (xorshift32).
    /// </summary>
    internal sealed class SeededRandom : RandomSource
    {
        private uint _state;

        internal SeededRandom(uint seed)
        {
            _state = seed;
        }

        /// <inheritdoc/>
        public override uint Next()
        {
            _state ^= _state << 13;
            _state ^= _state >> 17;
            _state ^= _state << 5;
            return _state;
        }
    }
}
