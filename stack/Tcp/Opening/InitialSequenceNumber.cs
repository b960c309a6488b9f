// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// Chooses initial sequence numbers (RFC 6528): a clock of 4 microseconds plus a keyed hash over the connection's addresses
    /// and ports. To somebody who cannot see the segments they are unpredictable; for one pair of endpoints they only grow.
    /// </summary>
    internal sealed class InitialSequenceNumber
    {
        /// <summary>How much larger each opening makes the numbers: more than a short exchange takes.</summary>
        private const uint OpeningStep = 1024;

        // the length in bytes, as it goes into the hash
        private const uint ThreeWords = 12u << 24;
        private const uint FourWords = 16u << 24;

        private readonly uint _key0;
        private readonly uint _key1;

        private uint _opened;

        /// <summary>
        /// Initializes a new instance of the <see cref="InitialSequenceNumber"/> class.
        /// </summary>
        /// <param name="random">Where the secret key comes from.</param>
        internal InitialSequenceNumber(RandomSource random)
        {
            _key0 = random.Next();
            _key1 = random.Next();
        }

        /// <summary>
        /// The initial sequence number for a new connection.
        /// </summary>
        /// <param name="local">Our address.</param>
        /// <param name="remote">The peer's address.</param>
        /// <param name="ports">Our port in the upper, the peer's port in the lower 16 bits.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>ISS.</returns>
        internal uint Next(uint local, uint remote, uint ports, int now)
        {
            // the clock counts milliseconds: one that is opened again within the same one must get a larger number too
            _opened += OpeningStep;
            return ((uint)now * 250) + _opened + Hash(local, remote, ports, ThreeWords, ThreeWords);
        }

        /// <summary>
        /// The same secret's hash over four words. No number that <see cref="Next"/> gives away says anything about it, for the
        /// lengths differ.
        /// </summary>
        /// <param name="a">The first word.</param>
        /// <param name="b">The second.</param>
        /// <param name="c">The third.</param>
        /// <param name="d">The fourth.</param>
        /// <returns>The hash.</returns>
        internal uint Hash(uint a, uint b, uint c, uint d)
        {
            return Hash(a, b, c, d, FourWords);
        }

        /// <summary>
        /// HalfSipHash-2-4 (Aumasson and Bernstein, with the 32-bit words of its authors' reference): two rounds take in a word, the
        /// length is the last of them, and four more end it.
        /// </summary>
        private uint Hash(uint a, uint b, uint c, uint d, uint length)
        {
            // in one piece, its state in locals: to keep it in fields would cost as much again as to compute it
            uint v0 = _key0;
            uint v1 = _key1;
            uint v2 = 0x6C796765 ^ _key0;
            uint v3 = 0x74656462 ^ _key1;
            uint word = a;
            int left = length == ThreeWords ? 6 : 7;
            int last = left;
            while (true)
            {
                v3 ^= word;
                for (int round = 0; round < 2; round++)
                {
                    v0 += v1;
                    v1 = ((v1 << 5) | (v1 >> 27)) ^ v0;
                    v0 = (v0 << 16) | (v0 >> 16);
                    v2 += v3;
                    v3 = ((v3 << 8) | (v3 >> 24)) ^ v2;
                    v0 += v3;
                    v3 = ((v3 << 7) | (v3 >> 25)) ^ v0;
                    v2 += v1;
                    v1 = ((v1 << 13) | (v1 >> 19)) ^ v2;
                    v2 = (v2 << 16) | (v2 >> 16);
                }

                v0 ^= word;
                left--;
                if (left == 0)
                {
                    return v1 ^ v3;
                }

                if (left == 2)
                {
                    word = 0;
                    v2 ^= 0xFF;
                }
                else
                {
                    word = left == 3 ? length : left == last - 1 ? b : left == last - 2 ? c : left == last - 3 ? d : 0;
                }
            }
        }
    }
}
