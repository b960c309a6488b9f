// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Threading
{
    /// <summary>
    /// The runtime's generator, for controllers that have nothing better: on ESP32 that is the hardware's, elsewhere it is seeded with the time and
    /// guessable by who tries. A board may name its own in <see cref="EthernetConfiguration.Random"/>.
    /// </summary>
    internal sealed class HostRandom : RandomSource
    {
        private readonly Random _generator = new Random();

        /// <inheritdoc/>
        public override uint Next() => ((uint)_generator.Next() << 16) ^ (uint)_generator.Next();
    }
}
