// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// How many errors we send (RFC 1812 section 4.3.2.8): ten at once and then ten a second, to each of a few groups of peers. Which
    /// group a peer is in is chance, and changes: so nobody spends another's for long.
    /// </summary>
    internal sealed class ErrorBudget
    {
        /// <summary>Groups of peers: as many as three bits tell apart.</summary>
        private const int Groups = 8;

        /// <summary>Milliseconds after which peers are put in other groups.</summary>
        private const int ShuffleInterval = 5000;

        private readonly RandomSource _random;
        private readonly int[] _spentUntil = new int[Groups];
        private uint _key;
        private int _shuffledAt;

        /// <param name="random">Puts peers in groups.</param>
        internal ErrorBudget(RandomSource random)
        {
            _random = random;
            _key = random.Next();
        }

        /// <summary>
        /// Takes one error out of a peer's budget.
        /// </summary>
        /// <returns>Whether there was one left.</returns>
        internal bool TakeError(uint peer, int now)
        {
            int since = now - _shuffledAt;
            if (since >= ShuffleInterval || since < 0)
            {
                _shuffledAt = now;
                _key = _random.Next();
            }

            // each error pays for an interval; a time that is too far ahead is from before the clock has wrapped
            uint hash = (peer ^ _key) * 0x9E3779B1;
            int group = (int)(hash >> 29);
            int ahead = _spentUntil[group] - now;
            if (ahead < 0 || ahead > IcmpLayer.ErrorBurst * IcmpLayer.ErrorInterval)
            {
                ahead = 0;
            }

            if (ahead > (IcmpLayer.ErrorBurst - 1) * IcmpLayer.ErrorInterval)
            {
                return false;
            }

            _spentUntil[group] = now + ahead + IcmpLayer.ErrorInterval;
            return true;
        }
    }
}
