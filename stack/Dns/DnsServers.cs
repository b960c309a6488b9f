// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dns
{
    /// <summary>
    /// The servers that may be asked, and which of them is asked first: the one that has answered last.
    /// </summary>
    internal sealed class DnsServers
    {
        private readonly uint[] _addresses;
        private int _first;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsServers"/> class.
        /// </summary>
        /// <param name="most">How many there can be.</param>
        internal DnsServers(int most)
        {
            _addresses = new uint[most];
        }

        /// <summary>Gets how many there can be.</summary>
        internal int Most => _addresses.Length;

        /// <summary>Gets how many there are.</summary>
        internal int Count { get; private set; }

        /// <summary>
        /// The server in a place.
        /// </summary>
        /// <param name="place">0 to <see cref="Most"/> - 1.</param>
        /// <returns>The address, or 0.0.0.0.</returns>
        internal uint Get(int place) => _addresses[place];

        /// <summary>
        /// Puts a server in a place.
        /// </summary>
        /// <param name="place">0 to <see cref="Most"/> - 1.</param>
        /// <param name="address">The address, or 0.0.0.0 for none.</param>
        internal void Set(int place, uint address)
        {
            uint before = _addresses[place];
            _addresses[place] = address;
            Count += (address != IPv4Address.Any ? 1 : 0) - (before != IPv4Address.Any ? 1 : 0);
            _first = 0;
        }

        /// <summary>
        /// The server for an attempt: each in its turn.
        /// </summary>
        /// <param name="attempt">0 or more.</param>
        /// <returns>The address; there is a server.</returns>
        internal uint Pick(int attempt)
        {
            int place = _first;
            for (int left = attempt % Count; _addresses[place] == IPv4Address.Any || left > 0; place = place + 1 < _addresses.Length ? place + 1 : 0)
            {
                left -= _addresses[place] != IPv4Address.Any ? 1 : 0;
            }

            return _addresses[place];
        }

        /// <summary>
        /// A server has answered: it is asked first from now on.
        /// </summary>
        /// <param name="address">Its address.</param>
        internal void Prefer(uint address)
        {
            for (int i = 0; i < _addresses.Length; i++)
            {
                if (_addresses[i] == address)
                {
                    _first = i;
                }
            }
        }
    }
}
