// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Arp
{
    /// <summary>
    /// Sees to it that nobody else uses our address (RFC 5227): asks before it is used, if that is wanted; announces it; and
    /// defends it. Unless told otherwise it does not give the address up for a conflict (section 2.4 (c)): a server that went away by
    /// itself whenever somebody mistyped an address would be easy to switch off.
    /// </summary>
    /// <remarks>
    /// An address that somebody else has is asked for again every <see cref="RateLimitInterval"/>, until nobody answers.
    /// </remarks>
    internal sealed class AddressDefence
    {
        // RFC 5227 section 1.1, in milliseconds
        private const int ProbeWait = 1000;
        private const int ProbeNumber = 3;
        private const int ProbeMinimum = 1000;
        private const int ProbeSpread = 1000;
        private const int AnnounceWait = 2000;
        private const int AnnounceInterval = 2000;
        private const int DefendInterval = 10000;
        private const int MaximumConflicts = 10;
        private const int RateLimitInterval = 60000;

        private readonly ArpLayer _arp;
        private readonly RandomSource _random;
        private readonly ArpCounters _counters;
        private readonly ConflictPolicy _usual;
        private ConflictPolicy _policy;
        private InternetLayer _internet;
        private AddressState _state;
        private uint _candidate;
        private int _probes;
        private bool _timerRunning;
        private int _dueAt;
        private bool _defended;
        private int _defendedAt;
        private int _conflicts;
        private int _attemptAt;

        /// <param name="arp">Sends the packets.</param>
        /// <param name="random">Spreads the probes of hosts that start together.</param>
        /// <param name="counters">The layer's counters.</param>
        /// <param name="configuration">Whether to ask before an address is used, and whether to give it up.</param>
        internal AddressDefence(ArpLayer arp, RandomSource random, ArpCounters counters, StackConfiguration configuration)
        {
            _arp = arp;
            _random = random;
            _counters = counters;
            _usual = (configuration.ProbeAddress ? ConflictPolicy.Probe : ConflictPolicy.None)
                | (configuration.YieldAddress ? ConflictPolicy.Yield : ConflictPolicy.None);
        }

        /// <summary>Whether the address is ours.</summary>
        internal AddressState State => _state;

        /// <summary>What the configuration of the stack asks for.</summary>
        internal ConflictPolicy Usual => _usual;

        /// <summary>Names the layer that uses the address.</summary>
        internal void Register(InternetLayer internet)
        {
            _internet = internet;
        }

        /// <summary>
        /// Begins with an address.
        /// </summary>
        /// <param name="address">The address, or 0.0.0.0 for none.</param>
        /// <param name="policy">Whether to ask before it is used, and whether to give it up.</param>
        /// <param name="linkUp">Whether anybody can be asked; if not, it begins when the link comes up.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal void BeginAddress(uint address, ConflictPolicy policy, bool linkUp, int now)
        {
            // of an address that was asked for on this link and is ours nobody is asked again: only what is around it has changed
            bool isOurs = linkUp && IsProbing && address == _candidate && _state == AddressState.InUse;
            _policy = policy;
            if (address != _candidate)
            {
                _internet.LoseAddress();
            }

            _candidate = address;
            _timerRunning = false;
            _arp.NoteDue(now);
            _defended = false;
            if (address == IPv4Address.Any)
            {
                // if there was one, it is lost already
                _state = AddressState.None;
            }
            else if (IsProbing && !isOurs)
            {
                _state = AddressState.Probing;
                _internet.SetAddress(IPv4Address.Any);
            }
            else
            {
                _state = AddressState.InUse;
                _internet.SetAddress(address);
            }

            if (isOurs)
            {
                BeginAnnouncing(now);
            }
            else if (linkUp)
            {
                LinkCameUp(now);
            }
        }

        /// <summary>On another LAN the address may be somebody else's: it is asked for, or at least announced, again.</summary>
        internal void LinkCameUp(int now)
        {
            if (_state == AddressState.None)
            {
                return;
            }

            if (IsProbing || _state == AddressState.Taken)
            {
                _state = AddressState.Probing;
                _internet.SetAddress(IPv4Address.Any);
                _probes = 0;
                StartTimer(now, WaitBeforeAttempt(now));
            }
            else
            {
                BeginAnnouncing(now);
            }
        }

        /// <summary>
        /// Nobody can be asked or told any more; it begins anew when the link comes up.
        /// </summary>
        internal void LinkWentDown()
        {
            _timerRunning = false;
        }

        /// <summary>
        /// Looks at a received packet for signs that somebody else has the address.
        /// </summary>
        /// <param name="sender">The sender's IPv4 address, 0.0.0.0 in a probe.</param>
        /// <param name="target">The address that is asked for.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it is a conflict, so that nothing is learnt from the packet.</returns>
        internal bool CheckConflict(uint sender, uint target, int now)
        {
            if (_state == AddressState.Probing && (sender == _candidate || (sender == IPv4Address.Any && target == _candidate)))
            {
                // section 2.1.1: it is in use, or somebody else wants it at the same time
                _counters._conflicts++;
                GiveUpAddress(now);
                return true;
            }

            if (_state != AddressState.InUse || sender != _candidate)
            {
                return false;
            }

            _counters._conflicts++;
            if (!_defended || now - _defendedAt >= DefendInterval || now - _defendedAt < 0)
            {
                _defended = true;
                _defendedAt = now;
                _counters._defences++;
                _arp.AnnounceAddress();
            }
            else if ((_policy & ConflictPolicy.Yield) != 0)
            {
                // section 2.4 (b): the other one has heard us and goes on
                GiveUpAddress(now);
            }

            return true;
        }

        /// <summary>
        /// Asks, announces, or does nothing.
        /// </summary>
        internal void Poll(int now)
        {
            if (!_timerRunning)
            {
                return;
            }

            if (_dueAt - now > 0)
            {
                _arp.NoteDue(_dueAt);
                return;
            }

            if (_state == AddressState.Taken)
            {
                _state = AddressState.Probing;
                _probes = 0;
            }

            if (_state == AddressState.Probing)
            {
                ProbeOrUseAddress(now);
            }
            else
            {
                // the second announcement, which is the last (ANNOUNCE_NUM)
                _timerRunning = false;
                _arp.AnnounceAddress();
            }
        }

        private bool IsProbing => (_policy & ConflictPolicy.Probe) != 0;

        private void ProbeOrUseAddress(int now)
        {
            if (_probes < ProbeNumber)
            {
                if (_probes == 0)
                {
                    _attemptAt = now;
                }

                _probes++;
                _arp.SendProbe(_candidate);
                StartTimer(now, _probes < ProbeNumber ? ProbeMinimum + (int)(_random.Next() % ProbeSpread) : AnnounceWait);
                return;
            }

            // nobody has answered
            _state = AddressState.InUse;
            _conflicts = 0;
            _internet.SetAddress(_candidate);
            BeginAnnouncing(now);
        }

        private void GiveUpAddress(int now)
        {
            _state = AddressState.Taken;
            _defended = false;
            if (_conflicts < MaximumConflicts)
            {
                _conflicts++;
            }

            _internet.LoseAddress();
            _arp.Clear();
            StartTimer(now, RateLimitInterval + 1 + (int)(_random.Next() % ProbeWait));
        }

        /// <summary>
        /// After many conflicts an attempt waits until a minute has passed since the last one began (section 2.1.1), whoever asks
        /// for it: an application that tries again and again may be one of many on the link.
        /// </summary>
        private int WaitBeforeAttempt(int now)
        {
            int wait = (int)(_random.Next() % ProbeWait);
            int left = _attemptAt + RateLimitInterval - now;
            return _conflicts == MaximumConflicts && left > wait && left <= RateLimitInterval ? left : wait;
        }

        private void BeginAnnouncing(int now)
        {
            _arp.AnnounceAddress();
            _internet.AddressAnnounced();
            StartTimer(now, AnnounceInterval);
        }

        private void StartTimer(int now, int wait)
        {
            _timerRunning = true;
            _arp.RequestPoll();
            _dueAt = now + wait;
            _arp.NoteDue(_dueAt);
        }
    }
}
