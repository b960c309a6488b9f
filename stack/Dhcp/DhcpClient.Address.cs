// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;

namespace TcpIp.Dhcp
{
    /// <content>
    /// The address that the stack uses: leased, picked, or none.
    /// </content>
    public sealed partial class DhcpClient
    {
        /// <summary>
        /// The lease is ours. If only its time is new, the stack goes on as it is.
        /// </summary>
        private void Accept()
        {
            bool same = _lease.IsThere && _lease.Address == _reply.Address && _lease.Netmask == _reply.Netmask && _lease.Router == _reply.Router;
            _lease.Take(_reply, _askedAt, _random.Next());
            Changes++;
            _linkLocal.Clear();
            if (!same)
            {
                _stack.Configure(_lease.Address, _lease.Netmask, _lease.Router, _policy);
            }

            _state = DhcpState.Checking;
        }

        /// <summary>
        /// There is no lease any more, and the stack has no address. One that was picked is kept, for it is ours all the same.
        /// </summary>
        private void LoseLease()
        {
            _withoutSince = _seconds.Now;
            if (_lease.IsThere)
            {
                _lease.Clear();
                Changes++;
            }

            if (_linkLocal.Current == IPv4Address.Any)
            {
                Unconfigure();
            }
        }

        private void Unconfigure()
        {
            _stack.Configure(IPv4Address.Any, 0, IPv4Address.Any, ConflictPolicy.None);
        }

        /// <summary>
        /// Looks at what the link says of the address.
        /// </summary>
        private void FollowAddress()
        {
            AddressState state = _stack.Arp.AddressState;
            if (state == AddressState.Taken)
            {
                if (_lease.IsThere)
                {
                    Decline();
                }
                else if (_linkLocal.Current != IPv4Address.Any)
                {
                    Pick();
                }
            }
            else if (state == AddressState.InUse && _state == DhcpState.Checking)
            {
                _state = DhcpState.Bound;
                _failures = 0;
                Changes++;
            }
        }

        /// <summary>
        /// After some time without an address the stack gets one that is good on its link, which it asks about first (RFC 3927 section
        /// 2.2.1). Servers are looked for all the same.
        /// </summary>
        private void PickIfAlone()
        {
            if (UntilPick() == 0)
            {
                Pick();
            }
        }

        private void Pick()
        {
            _counters._linkLocals++;
            Changes++;
            _stack.Configure(
                _linkLocal.PickNext(),
                LinkLocalPicker.Netmask,
                IPv4Address.Any,
                ConflictPolicy.Probe | ConflictPolicy.Yield);
        }

        private int UntilPick()
        {
            if (!_mayPick || _linkLocal.Current != IPv4Address.Any)
            {
                return int.MaxValue;
            }

            uint elapsed = _seconds.Now - _withoutSince;
            return elapsed >= _pickAfter ? 0 : Until(_pickAfter - elapsed);
        }
    }
}
