// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// Where the stack's random numbers come from: initial sequence numbers, ephemeral ports, the hash key. Given at start-up,
    /// so that a board uses its hardware's and a test a seeded one.
    /// </summary>
    public abstract class RandomSource
    {
        /// <summary>
        /// The next random number. It must not allocate.
        /// </summary>
        /// <returns>32 bits, each as likely 0 as 1.</returns>
        public abstract uint Next();
    }
}
