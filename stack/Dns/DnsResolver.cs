// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Sockets;

namespace TcpIp.Dns
{
    /// <summary>
    /// Finds the addresses of hosts by their names: asks DNS servers (RFC 1035), and for names that end in ".local" the hosts of the link
    /// (RFC 6762 section 5.1).
    /// </summary>
    /// <remarks>
    /// It is polled after the stack, by the thread that owns both; as <see cref="StackRunner.Resolver"/> it is while a call waits. It needs a UDP
    /// socket of the stack for each name that is being asked for, and holds none in between.
    /// </remarks>
    public sealed class DnsResolver : INameResolver
    {
        private readonly SocketLayer _sockets;
        private readonly DnsServers _servers;
        private readonly DnsCache _cache;
        private readonly DnsCounters _counters = new DnsCounters();
        private readonly DnsLookup[] _lookups;
        private readonly byte[] _name = new byte[DnsName.Longest];
        private bool _needsPoll;
        private int _now;
        private int _seen;
        private int _wakeAt;

        /// <summary>
        /// Initializes a new instance of the <see cref="DnsResolver"/> class. All memory is taken here.
        /// </summary>
        /// <param name="stack">The stack, with as many UDP sockets to spare as names are looked up at once.</param>
        /// <param name="random">Random numbers. Whoever can guess them can answer in a server's place.</param>
        /// <param name="configuration">Sizes.</param>
        /// <exception cref="ArgumentNullException">One of them is missing.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A value of the configuration is out of its range.</exception>
        public DnsResolver(TcpIpStack stack, RandomSource random, DnsConfiguration configuration)
        {
            if (stack == null)
            {
                throw new ArgumentNullException(nameof(stack));
            }

            if (random == null)
            {
                throw new ArgumentNullException(nameof(random));
            }

            if (configuration == null)
            {
                throw new ArgumentNullException(nameof(configuration));
            }

            configuration.Validate();
            _sockets = stack.Sockets;
            _servers = new DnsServers(configuration.Servers);
            _cache = new DnsCache(configuration.CacheEntries, configuration.CacheNameBytes);
            byte[] message = new byte[configuration.MessageBytes];
            DnsReply reply = new DnsReply(new DnsMessage(message));
            DatagramSource source = new DatagramSource();
            _lookups = new DnsLookup[configuration.Lookups];
            for (int i = 0; i < _lookups.Length; i++)
            {
                _lookups[i] = new DnsLookup(i, stack, random, _servers, _cache, reply, source, message, configuration.Timeout, _counters);
            }

            // so that the first poll says when to call again
            _needsPoll = true;
        }

        /// <summary>Gets how many servers can be named.</summary>
        public int MaximumServers => _servers.Most;

        /// <summary>
        /// Gets a value indicating whether a lookup was begun that no poll has seen yet: poll once more before sleeping.
        /// </summary>
        public bool NeedsPoll => _needsPoll;

        /// <summary>Gets a value indicating whether an answer is awaited, as of the last poll: who sleeps sleeps less then.</summary>
        public bool IsWaiting { get; private set; }

        /// <summary>Gets the counters.</summary>
        public DnsCounters Counters => _counters;

        /// <summary>
        /// Names a server, such as one that the DHCP lease has. If that changes anything, what was remembered is forgotten: another network may
        /// know other names.
        /// </summary>
        /// <param name="index">0 to <see cref="MaximumServers"/> - 1, the best one first.</param>
        /// <param name="address">Its address, or 0.0.0.0 for none.</param>
        /// <returns>0, or InvalidArgument for an index that there is not, InvalidAddress for an address that no host can have.</returns>
        public int SetServer(int index, uint address)
        {
            if (index < 0 || index >= _servers.Most)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (address != IPv4Address.Any && !IPv4Address.IsUnicast(address))
            {
                return (int)SocketError.InvalidAddress;
            }

            if (_servers.Get(index) != address)
            {
                _servers.Set(index, address);
                _cache.Clear();
            }

            return 0;
        }

        /// <summary>
        /// The address of a server.
        /// </summary>
        /// <param name="index">0 to <see cref="MaximumServers"/> - 1.</param>
        /// <returns>The address, or 0.0.0.0 where there is none.</returns>
        public uint GetServer(int index) => index < 0 || index >= _servers.Most ? IPv4Address.Any : _servers.Get(index);

        /// <inheritdoc/>
        public int Begin(string hostname) => Begin(DnsName.Encode(hostname, _name));

        /// <inheritdoc/>
        public int Begin(byte[] hostname, int offset, int count) => Begin(DnsName.Encode(hostname, offset, count, _name));

        /// <inheritdoc/>
        public int GetResult(int lookup, out uint address)
        {
            address = IPv4Address.Any;
            DnsLookup found = Find(lookup);
            if (found == null)
            {
                return (int)SocketError.BadDescriptor;
            }

            if (found.State != DnsLookupState.Done)
            {
                return (int)SocketError.WouldBlock;
            }

            address = found.Address;
            int result = found.Result;
            found.Release();
            return result;
        }

        /// <inheritdoc/>
        public void Cancel(int lookup)
        {
            DnsLookup found = Find(lookup);
            if (found != null)
            {
                found.Release();
            }
        }

        /// <summary>
        /// Forgets what was remembered.
        /// </summary>
        public void ClearCache()
        {
            _cache.Clear();
        }

        /// <summary>
        /// Sets the counters to zero.
        /// </summary>
        public void ClearCounters()
        {
            _counters.Clear();
        }

        /// <summary>
        /// Does all that is due: takes in answers, asks, asks again, gives up.
        /// </summary>
        /// <param name="now">The time in milliseconds, as given to the stack just before; it wraps. Calls may be at most 24 days apart.</param>
        /// <returns>Milliseconds after which it wants to be called again, a day at most; 0 for at once.</returns>
        public int Poll(int now)
        {
            _now = now;

            // answers that were truncated come over TCP
            int news = _sockets.Datagrams + _sockets.Changes;
            if (now - _wakeAt < 0 && !_needsPoll && news == _seen)
            {
                // nothing has come since the last poll and nothing is due: this is what most polls find
                return _wakeAt - now;
            }

            _seen = news;
            _needsPoll = false;
            IsWaiting = false;
            _cache.Expire(now);
            int wait = int.MaxValue;
            DnsLookup[] lookups = _lookups;
            for (int i = 0; i < lookups.Length; i++)
            {
                DnsLookup lookup = lookups[i];
                if (lookup.State == DnsLookupState.Free || lookup.State == DnsLookupState.Done)
                {
                    continue;
                }

                int due = lookup.Step(now, FindOther(lookup));
                IsWaiting |= lookup.State != DnsLookupState.Done;
                if (due < wait)
                {
                    wait = due;
                }
            }

            // an answer of this poll is remembered for its time, too
            int left = _cache.Expire(now);
            wait = left < wait ? left : wait;
            _wakeAt = now + wait;
            return wait;
        }

        private int Begin(int length)
        {
            if (length < 0)
            {
                return length;
            }

            DnsLookup place = FindPlace();
            if (place == null)
            {
                return (int)SocketError.NoBufferSpace;
            }

            place.Begin(_name, length, _now);
            _needsPoll = true;
            return place.Ticket;
        }

        /// <summary>
        /// A place for a lookup: a free one, or the result that has waited longest to be fetched.
        /// </summary>
        private DnsLookup FindPlace()
        {
            DnsLookup oldest = null;
            for (int i = 0; i < _lookups.Length; i++)
            {
                DnsLookup lookup = _lookups[i];
                if (lookup.State == DnsLookupState.Free)
                {
                    return lookup;
                }

                if (lookup.State == DnsLookupState.Done && (oldest == null || lookup.DoneAt - oldest.DoneAt < 0))
                {
                    oldest = lookup;
                }
            }

            if (oldest != null)
            {
                oldest.Release();
            }

            return oldest;
        }

        private DnsLookup Find(int ticket)
        {
            int place = ticket & (DnsConfiguration.MaximumLookups - 1);
            return ticket >= 0 && place < _lookups.Length && _lookups[place].Ticket == ticket && _lookups[place].State != DnsLookupState.Free
                ? _lookups[place]
                : null;
        }

        /// <summary>
        /// Another lookup of the same name that is under way.
        /// </summary>
        private DnsLookup FindOther(DnsLookup lookup)
        {
            if (lookup.IsUnderWay)
            {
                return null;
            }

            for (int i = 0; i < _lookups.Length; i++)
            {
                if (_lookups[i] != lookup && _lookups[i].IsUnderWay && _lookups[i].IsSame(lookup))
                {
                    return _lookups[i];
                }
            }

            return null;
        }
    }
}
