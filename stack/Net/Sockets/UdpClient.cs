// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.IPv4;
using TcpIp.Sockets;

namespace TcpIp.Net.Sockets
{
    /// <summary>
    /// A socket for datagrams, under the name and with the members of System.Net.Sockets. Other than there the constructor takes the
    /// calls of the stack to use.
    /// </summary>
    /// <remarks>
    /// Missing, compared with System.Net.Sockets: Client (<see cref="Descriptor"/> leads to the stack's calls),
    /// MulticastLoopback, the Receive that makes an array, IPv6, port 0 for any port.
    /// </remarks>
    public sealed class UdpClient : IDisposable
    {
        private readonly WaitingSockets _sockets;
        private readonly DatagramSource _source = new DatagramSource();
        private int _descriptor;
        private int _receiveTimeout = StackRunner.Forever;
        private int _sendTimeout = StackRunner.Forever;
        private short _ttl = IPv4Layer.DefaultTimeToLive;
        private bool _enableBroadcast;

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpClient"/> class. It gets a port when it first sends.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <exception cref="SocketException">TooManyOpenSockets.</exception>
        public UdpClient(WaitingSockets sockets)
        {
            _sockets = sockets;
            _descriptor = SocketException.Check(sockets.Layer.Socket(SocketType.Datagram));
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpClient"/> class.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="port">Its port, 1 to 65535; 0 for one that no socket has.</param>
        /// <exception cref="SocketException">TooManyOpenSockets, InvalidArgument, AddressInUse.</exception>
        public UdpClient(WaitingSockets sockets, int port)
            : this(sockets)
        {
            CheckOpen(sockets.Layer.Bind(_descriptor, port));
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpClient"/> class.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="localEP"><see cref="IPAddress.Any"/> or our address, and its port.</param>
        /// <exception cref="SocketException">TooManyOpenSockets, InvalidArgument, AddressInUse, AddressNotAvailable.</exception>
        public UdpClient(WaitingSockets sockets, IPEndPoint localEP)
            : this(sockets)
        {
            CheckOpen(TryBind(localEP));
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="UdpClient"/> class and fixes the peer.
        /// </summary>
        /// <param name="sockets">The calls that wait.</param>
        /// <param name="hostname">The peer's name, or its address in dotted decimal.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <exception cref="SocketException">TooManyOpenSockets, or as of <see cref="Connect(string, int)"/>; a name is waited for without
        /// end.</exception>
        public UdpClient(WaitingSockets sockets, string hostname, int port)
            : this(sockets)
        {
            CheckOpen(TryConnect(hostname, port));
        }

        /// <summary>Gets the bytes of the next datagram that has arrived; 0 where there is none, or an empty one.</summary>
        public int Available
        {
            get
            {
                int available = _sockets.Layer.GetAvailable(_descriptor);
                return available < 0 ? 0 : available;
            }
        }

        /// <summary>Gets the stack's socket, for its other calls, or -1 after a close.</summary>
        public int Descriptor => _descriptor;

        /// <summary>Gets or sets a value indicating whether datagrams may be sent to all hosts at once. Not unless set.</summary>
        /// <exception cref="SocketException">BadDescriptor: it is set after a close.</exception>
        public bool EnableBroadcast
        {
            get => _enableBroadcast;
            set
            {
                SocketException.Check(_sockets.Layer.SetBroadcast(_descriptor, value));
                _enableBroadcast = value;
            }
        }

        /// <summary>Gets or sets the milliseconds after which a receive gives up, or <see cref="StackRunner.Forever"/>, which it
        /// is at first.</summary>
        public int ReceiveTimeout
        {
            get => _receiveTimeout;
            set => _receiveTimeout = value;
        }

        /// <summary>Gets or sets the milliseconds after which a send for which no frame is free, or no link there, gives up, or
        /// <see cref="StackRunner.Forever"/>, which it is at first: then it waits until a cable is plugged in.</summary>
        public int SendTimeout
        {
            get => _sendTimeout;
            set => _sendTimeout = value;
        }

        /// <summary>
        /// Gets or sets how many routers a datagram may pass, 1 to 255.
        /// </summary>
        /// <exception cref="SocketException">InvalidArgument: it is set to something else; BadDescriptor after a close.</exception>
        public short Ttl
        {
            get => _ttl;
            set
            {
                SocketException.Check(_sockets.Layer.SetTimeToLive(_descriptor, value));
                _ttl = value;
            }
        }

        /// <summary>
        /// Fixes the peer: only its datagrams are received, and errors about it are told.
        /// </summary>
        /// <param name="hostname">The peer's name, or its address in dotted decimal. Names need a <see cref="StackRunner.Resolver"/>; they are
        /// waited for within <see cref="SendTimeout"/>.</param>
        /// <param name="port">The peer's port, 1 to 65535.</param>
        /// <exception cref="SocketException">HostNotFound, NoData, TryAgain, TimedOut, WouldDeadlock, InvalidArgument, IsConnected, AddressInUse,
        /// BadDescriptor after a close.</exception>
        public void Connect(string hostname, int port) => SocketException.Check(TryConnect(hostname, port));

        /// <summary>
        /// Fixes the peer: only its datagrams are received, and errors about it are told.
        /// </summary>
        /// <param name="endPoint">The peer.</param>
        /// <exception cref="SocketException">InvalidArgument, IsConnected, AddressInUse, BadDescriptor after a close.</exception>
        public void Connect(IPEndPoint endPoint)
        {
            SocketException.Check(
                endPoint == null
                    ? (int)SocketError.InvalidArgument
                    : _sockets.Layer.Connect(_descriptor, endPoint.AddressValue, endPoint.Port));
        }

        /// <summary>
        /// Sends a datagram to the peer.
        /// </summary>
        /// <param name="dgram">The data.</param>
        /// <param name="bytes">How many bytes of it.</param>
        /// <returns>How many were sent, that is all.</returns>
        /// <exception cref="SocketException">NotConnected if there is no peer; ConnectionRefused, HostUnreachable or
        /// NetworkUnreachable if the network has told so of an earlier datagram; or as of the other overload.</exception>
        public int Send(byte[] dgram, int bytes)
        {
            return SocketException.Check(_sockets.Write(_descriptor, dgram, 0, bytes, _sendTimeout));
        }

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="dgram">The data, all of it.</param>
        /// <param name="endPoint">To whom.</param>
        /// <returns>How many bytes were sent, that is all.</returns>
        /// <exception cref="SocketException">As of the other overload.</exception>
        public int Send(byte[] dgram, IPEndPoint endPoint) => Send(dgram, dgram == null ? 0 : dgram.Length, endPoint);

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="dgram">The data.</param>
        /// <param name="bytes">How many bytes of it.</param>
        /// <param name="endPoint">To whom.</param>
        /// <returns>How many were sent, that is all.</returns>
        /// <exception cref="SocketException">InvalidArgument, MessageTooLong, IsConnected if there is a peer, AddressNotAvailable,
        /// NoBufferSpace, NetworkUnreachable, HostUnreachable, BadDescriptor after a close, WouldDeadlock.</exception>
        public int Send(byte[] dgram, int bytes, IPEndPoint endPoint)
        {
            if (endPoint == null)
            {
                SocketException.Check((int)SocketError.InvalidArgument);
            }

            return SocketException.Check(_sockets.SendTo(_descriptor, dgram, 0, bytes, endPoint.AddressValue, endPoint.Port, _sendTimeout));
        }

        /// <summary>
        /// Receives a datagram, or waits for one.
        /// </summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="remoteEP">Is filled with the sender, if there is an object; else it is set to a new one.</param>
        /// <returns>How many bytes the datagram has.</returns>
        /// <exception cref="SocketException">As of the other overload.</exception>
        public int Receive(byte[] buffer, ref IPEndPoint remoteEP)
        {
            if (remoteEP == null)
            {
                remoteEP = new IPEndPoint(0, 0);
            }

            return Receive(buffer, remoteEP);
        }

        /// <summary>
        /// Receives a datagram, or waits for one, without making an object.
        /// </summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="remoteEP">Is filled with the sender.</param>
        /// <returns>How many bytes the datagram has.</returns>
        /// <exception cref="SocketException">TimedOut; MessageTooLong if the buffer was too small: what fits is in it, the rest is lost;
        /// InvalidArgument, BadDescriptor after a close, WouldDeadlock; ConnectionRefused, HostUnreachable or NetworkUnreachable if the
        /// network has told so of an earlier datagram to the peer.</exception>
        public int Receive(byte[] buffer, IPEndPoint remoteEP)
        {
            if (buffer == null || remoteEP == null)
            {
                SocketException.Check((int)SocketError.InvalidArgument);
            }

            int result = SocketException.Check(_sockets.ReceiveFrom(_descriptor, buffer, 0, buffer.Length, _source, _receiveTimeout));
            remoteEP.Set(_source.Address, _source.Port);
            SocketException.Check(_source.IsTruncated ? (int)SocketError.MessageTooLong : 0);
            return result;
        }

        /// <summary>
        /// Joins a multicast group: its datagrams to the port of this socket are received from now on. The stack needs room for groups
        /// (<see cref="StackConfiguration.MulticastGroups"/>). To send to a group, it need not be joined.
        /// </summary>
        /// <param name="multicastAddr">The group, 224.0.0.0 to 239.255.255.255.</param>
        /// <exception cref="SocketException">InvalidArgument, it is no group; InvalidState, it was joined already; NoBufferSpace, there is no
        /// room for one more; BadDescriptor after a close.</exception>
        public void JoinMulticastGroup(IPAddress multicastAddr)
        {
            SocketException.Check(
                (object)multicastAddr == null ? (int)SocketError.InvalidArgument : _sockets.Layer.JoinGroup(_descriptor, multicastAddr.Value));
        }

        /// <summary>
        /// Leaves a multicast group. A close leaves all.
        /// </summary>
        /// <param name="multicastAddr">The group.</param>
        /// <exception cref="SocketException">InvalidArgument, it is no group; InvalidState, it was not joined; BadDescriptor after a
        /// close.</exception>
        public void DropMulticastGroup(IPAddress multicastAddr)
        {
            SocketException.Check(
                (object)multicastAddr == null ? (int)SocketError.InvalidArgument : _sockets.Layer.LeaveGroup(_descriptor, multicastAddr.Value));
        }

        /// <summary>
        /// Closes the socket. What has arrived and was not received is lost.
        /// </summary>
        public void Close()
        {
            _sockets.Layer.Close(_descriptor);
            _descriptor = -1;
        }

        /// <inheritdoc/>
        public void Dispose() => Close();

        private int TryBind(IPEndPoint local)
        {
            if (local == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            return local.AddressValue == IPv4Address.Any || local.AddressValue == _sockets.Runner.Stack.IPv4.Address
                ? _sockets.Layer.Bind(_descriptor, local.Port)
                : (int)SocketError.AddressNotAvailable;
        }

        private int TryConnect(string hostname, int port)
        {
            uint address;
            int result = _sockets.Resolve(hostname, _sendTimeout, out address);
            return result != 0 ? result : _sockets.Layer.Connect(_descriptor, address, port);
        }

        /// <summary>
        /// In a constructor: nobody will close what nobody gets.
        /// </summary>
        private void CheckOpen(int result)
        {
            if (result < 0)
            {
                Close();
            }

            SocketException.Check(result);
        }
    }
}
