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

        private readonly uint _key0;
        private readonly uint _key1;

        private uint _opened;
        private uint _v0;
        private uint _v1;
        private uint _v2;
        private uint _v3;

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
            return ((uint)now * 250) + _opened + Hash(local, remote, ports);
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
            Begin(a, b, c);
            Compress(d);
            return Finish(16);
        }

        /// <summary>
        /// HalfSipHash-2-4 of the three words. It lives on 32-bit additions and rotations, which the interpreter does well.
        /// </summary>
        private uint Hash(uint a, uint b, uint c)
        {
            Begin(a, b, c);
            return Finish(12);
        }

        private void Begin(uint a, uint b, uint c)
        {
            _v0 = _key0;
            _v1 = _key1;
            _v2 = 0x6C796765 ^ _key0;
            _v3 = 0x74656462 ^ _key1;
            Compress(a);
            Compress(b);
            Compress(c);
        }

        private uint Finish(uint length)
        {
            Compress(length << 24);
            _v2 ^= 0xFF;
            Rounds(4);
            return _v1 ^ _v3;
        }

        private void Compress(uint word)
        {
            _v3 ^= word;
            Rounds(2);
            _v0 ^= word;
        }

        /// <summary>
        /// The rounds in a row, so that the state is loaded and stored once for all of them.
        /// </summary>
        private void Rounds(int count)
        {
            uint v0 = _v0;
            uint v1 = _v1;
            uint v2 = _v2;
            uint v3 = _v3;
            for (; count > 0; count--)
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

            _v0 = v0;
            _v1 = v1;
            _v2 = v2;
            _v3 = v3;
        }
    }
}
