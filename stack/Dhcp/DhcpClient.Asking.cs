// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Dhcp
{
    /// <content>
    /// What is asked in each state, and what the answers do (RFC 2131 sections 4.3.2 and 4.4).
    /// </content>
    public sealed partial class DhcpClient
    {
        private void BeginInit(int wait)
        {
            _state = DhcpState.Init;
            _dueAt = _now + wait;
        }

        private void BeginSelecting()
        {
            _state = DhcpState.Selecting;
            BeginQuestion();
            SendDiscover();
        }

        private void BeginRebooting()
        {
            _state = DhcpState.Rebooting;
            BeginQuestion();
            SendRequest();
        }

        private void BeginRenewing(DhcpState state)
        {
            _state = state;
            BeginQuestion();
            SendRequest();
        }

        private void BeginQuestion()
        {
            _transaction = _random.Next();
            _tries = 0;
            _beganAt = _seconds.Now;
        }

        private void SendDiscover()
        {
            _tries++;
            _dueAt = _now + Interval(_tries);
            _told = _seconds.Now - _beganAt;
            _sender.Begin(DhcpMessageType.Discover, _transaction, _told, IPv4Address.Any, WantsBroadcast);
            _sender.AddWishes();
            if (IsSent(_sender.SendWithoutAddress()))
            {
                _counters._discovers++;
            }
        }

        private bool AskAgain(int most)
        {
            if (_tries >= most)
            {
                return false;
            }

            SendRequest();
            return true;
        }

        /// <summary>
        /// Asks for what was offered, for more time, or whether a lease is still good: the state says which, and so does what is in the
        /// message and where it goes (RFC 2131 section 4.3.2).
        /// </summary>
        private void SendRequest()
        {
            _tries++;
            _askedAt = _seconds.Now;
            bool hasAddress = _state == DhcpState.Renewing || _state == DhcpState.Rebinding;
            if (_state != DhcpState.Requesting)
            {
                // of an offer it says what the DHCPDISCOVER said (section 4.4.1)
                _told = _seconds.Now - _beganAt;
            }

            _sender.Begin(
                DhcpMessageType.Request,
                _transaction,
                _told,
                hasAddress ? _lease.Address : IPv4Address.Any,
                !hasAddress && WantsBroadcast);
            if (_state == DhcpState.Requesting)
            {
                _sender.AddAddress(DhcpOption.RequestedAddress, _offered);
                _sender.AddAddress(DhcpOption.ServerIdentifier, _offerer);
            }
            else if (_state == DhcpState.Rebooting)
            {
                _sender.AddAddress(DhcpOption.RequestedAddress, _lease.Address);
            }

            _sender.AddWishes();
            bool sent;
            if (hasAddress)
            {
                // half of the time that is left before T2, or before the end (section 4.4.5)
                bool renews = _state == DhcpState.Renewing;
                uint left = _lease.Left(renews ? _lease.RebindingTime : _lease.Time, _seconds.Now) >> 1;
                _askAgainAt = _seconds.Now + (left < ShortestRenewalInterval ? ShortestRenewalInterval : left);
                sent = _sender.SendTo(renews ? _lease.Server : IPv4Address.Broadcast);
            }
            else
            {
                _dueAt = _now + Interval(_tries);
                sent = _sender.SendWithoutAddress();
            }

            if (IsSent(sent))
            {
                _counters._requests++;
            }
            else if (hasAddress)
            {
                // half of what is left may be days
                _askAgainAt = _seconds.Now + ShortestRenewalInterval;
            }
        }

        /// <summary>
        /// Tells the server that somebody else has the address that it gave, and looks for another one later.
        /// </summary>
        private void Decline()
        {
            _sender.Begin(DhcpMessageType.Decline, _random.Next(), 0, IPv4Address.Any, false);
            _sender.AddAddress(DhcpOption.RequestedAddress, _lease.Address);
            _sender.AddAddress(DhcpOption.ServerIdentifier, _lease.Server);
            if (IsSent(_sender.SendWithoutAddress()))
            {
                _counters._declines++;
            }

            LoseLease();
            BeginInit(DeclineWait + AfterFailure());
        }

        private void BeginReleasing()
        {
            _linkLocal.Clear();
            if (IsBound)
            {
                _sender.Begin(DhcpMessageType.Release, _random.Next(), 0, _lease.Address, false);
                _sender.AddAddress(DhcpOption.ServerIdentifier, _lease.Server);
                if (IsSent(_sender.SendTo(_lease.Server)))
                {
                    _counters._releases++;
                }

                _lease.Clear();
                Changes++;
                _state = DhcpState.Releasing;
                _dueAt = _now + ReleaseTime;
                if (_linkUp)
                {
                    return;
                }
            }

            LoseLease();
            _state = DhcpState.Stopped;
        }

        /// <summary>
        /// Takes in what has come. Answers to other clients come here too, where servers give them to all.
        /// </summary>
        private void Receive()
        {
            int length = _sockets.ReceiveFrom(_socket, _message, 0, _message.Length, _source);
            while (length >= 0)
            {
                _counters._received++;
                if (_source.Port != DhcpHeader.ServerPort)
                {
                    _counters._badPort++;
                }
                else if (!IsWaiting)
                {
                    _counters._unexpected++;
                }
                else if (_reply.Read(_message, _source.Length, _transaction))
                {
                    Consider();
                }

                length = _sockets.ReceiveFrom(_socket, _message, 0, _message.Length, _source);
            }
        }

        private bool IsWaiting
        {
            get
            {
                switch (_state)
                {
                    case DhcpState.Selecting:
                    case DhcpState.Requesting:
                    case DhcpState.Rebooting:
                    case DhcpState.Renewing:
                    case DhcpState.Rebinding:
                        return true;

                    default:
                        return false;
                }
            }
        }

        /// <summary>
        /// Does what a reply says, if it is one that is awaited, about our address, and from whom it may be.
        /// </summary>
        private void Consider()
        {
            if (_state == DhcpState.Selecting)
            {
                if (_reply.Type == DhcpMessageType.Offer)
                {
                    // the first one is as good as another
                    _counters._offers++;
                    _offered = _reply.Address;
                    _offerer = _reply.Server;
                    _state = DhcpState.Requesting;
                    _tries = 0;
                    SendRequest();
                    return;
                }
            }
            else if (_reply.Type != DhcpMessageType.Offer && MayAnswer(_reply.Server))
            {
                if (_reply.Type == DhcpMessageType.Nak)
                {
                    _counters._naks++;
                    LoseLease();
                    BeginInit(AfterFailure());
                    return;
                }

                if (_reply.Address == (_state == DhcpState.Requesting ? _offered : _lease.Address))
                {
                    _counters._acks++;
                    Accept();
                    return;
                }
            }

            _counters._unexpected++;
        }

        /// <summary>
        /// Whoever was asked: one server, or all.
        /// </summary>
        private bool MayAnswer(uint server)
        {
            switch (_state)
            {
                case DhcpState.Requesting:
                    return server == _offerer;

                case DhcpState.Renewing:
                    return server == _lease.Server;

                default:
                    return true;
            }
        }

        /// <summary>
        /// While an address is in use that is not leased, nothing gets through to the one that is offered.
        /// </summary>
        private bool WantsBroadcast => _broadcastFlag || _linkLocal.Current != IPv4Address.Any;

        private bool IsSent(bool sent)
        {
            if (!sent)
            {
                _counters._notSent++;
            }

            return sent;
        }
    }
}
