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

        /// <summary>Words of a message whose rounds are remembered.</summary>
        private const int Begun = 3;

        // the words of a message, its length and two that end it
        private readonly uint[] _message = new uint[4 + 1 + 2];

        private readonly uint _key0;
        private readonly uint _key1;

        private uint _opened;

        // what comes of the first three words of the last message: our address, a server's port, and a peer who opens one connection after the other
        private bool _hasBegun;
        private uint _begun0;
        private uint _begun1;
        private uint _begun2;
        private uint _begun3;

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
            return ((uint)now * 250) + _opened + HashOf(local, ports >> 16, remote, (14u << 24) | (ports & 0xFFFF), 0);
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
            return HashOf(a, b, c, d, 16u << 24);
        }

        /// <summary>
        /// HalfSipHash-2-4 (Aumasson and Bernstein, with the 32-bit words of its authors' reference): two rounds take in a word, the length is
        /// in the last of them, and twice two more end it. A message of three words and a half has its length in the fourth, and none after it.
        /// </summary>
        private uint HashOf(uint a, uint b, uint c, uint d, uint length)
        {
            // in one piece, its state in locals: to keep it in fields would cost as much again as to compute it
            uint[] message = _message;
            uint v0 = _key0;
            uint v1 = _key1;
            uint v2 = 0x6C796765 ^ v0;
            uint v3 = 0x74656462 ^ v1;
            int index = 0;
            if (_hasBegun && message[2] == c && message[1] == b && message[0] == a)
            {
                v0 = _begun0;
                v1 = _begun1;
                v2 = _begun2;
                v3 = _begun3;
                index = Begun;
            }
            else
            {
                message[0] = a;
                message[1] = b;
                message[2] = c;
            }

            message[3] = d;
            message[4] = length;
            int last = length == 0 ? 4 : 5;
            for (; index < last + 2; index++)
            {
                uint word = message[index];
                if (index == last)
                {
                    v2 ^= 0xFF;
                }

                v3 ^= word;
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

                // the second round; a loop of two would cost a tenth more
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
                v0 ^= word;
                if (index == Begun - 1)
                {
                    _hasBegun = true;
                    _begun0 = v0;
                    _begun1 = v1;
                    _begun2 = v2;
                    _begun3 = v3;
                }
            }

            return v1 ^ v3;
        }
    }
}
