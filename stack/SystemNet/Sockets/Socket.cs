// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;
using TcpIp;
using TcpIp.Threading;

namespace System.Net.Sockets
{
    /// <summary>
    /// A socket over IPv4: TCP or UDP. Any thread may make any call at any time.
    /// </summary>
    /// <remarks>
    /// Sending, receiving and polling make no object. What goes wrong is a <see cref="SocketException"/>; who closes a socket ends what other
    /// threads wait for on it, with <see cref="SocketError.Interrupted"/>.
    /// </remarks>
    public class Socket : IDisposable
    {
        private const int Closed = -1;

        // the handle that is being closed is kept as this number less itself
        private const int Closing = -2;

        private readonly SocketType _socketType;
        private readonly SocketHost _host;
        private int _handle = Closed;
        private int _receiveTimeout;
        private int _sendTimeout;
        private uint[] _source;
        private int _isSourceTaken;

        /// <summary>
        /// Initializes a new instance of the <see cref="Socket"/> class.
        /// </summary>
        /// <param name="addressFamily">InterNetwork. One of InterNetworkV6 can be made too, and is as good as closed.</param>
        /// <param name="socketType">Stream or Dgram.</param>
        /// <param name="protocolType">What fits: Tcp or Udp, IPv4, or Unspecified.</param>
        /// <exception cref="InvalidOperationException">No network was set up: <see cref="EthernetInterface.Use"/> comes first.</exception>
        /// <exception cref="SocketException">AddressFamilyNotSupported, SocketNotSupported, ProtocolNotSupported; TooManyOpenSockets.</exception>
        public Socket(AddressFamily addressFamily, SocketType socketType, ProtocolType protocolType)
        {
            // TcpClient makes one of each family, and closes the one that it does not need
            bool isIPv6 = addressFamily == AddressFamily.InterNetworkV6;
            if (addressFamily != AddressFamily.InterNetwork && !isIPv6)
            {
                throw new SocketException(SocketError.AddressFamilyNotSupported);
            }

            bool isStream = socketType == SocketType.Stream;
            if (!isStream && socketType != SocketType.Dgram)
            {
                throw new SocketException(SocketError.SocketNotSupported);
            }

            // TcpListener says IPv4
            if (protocolType != ProtocolType.Unspecified && protocolType != ProtocolType.IPv4 && protocolType != (isStream ? ProtocolType.Tcp : ProtocolType.Udp))
            {
                throw new SocketException(SocketError.ProtocolNotSupported);
            }

            EthernetInterface network = EthernetInterface.Current;
            if (network == null)
            {
                throw new InvalidOperationException("EthernetInterface.Use comes before the first socket.");
            }

            _socketType = socketType;
            _host = network.Sockets;
            if (!isIPv6)
            {
                Check(isStream ? _host.OpenStream(ref _handle) : _host.OpenDatagram(ref _handle));
            }
        }

        private Socket(SocketHost host)
        {
            _socketType = SocketType.Stream;
            _host = host;
        }

        /// <summary>Gets the number of bytes that can be received without waiting: of a connection what has arrived, else the next datagram's.
        /// 0 if nothing has, and if nothing will come any more.</summary>
        /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
        public int Available => Check(_host.GetAvailable(_handle));

        /// <summary>Gets our end: null before the socket has a port. Each time it is an object of its own.</summary>
        /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
        public EndPoint LocalEndPoint
        {
            get
            {
                int port = Check(_host.GetLocalPort(_handle));
                return port == 0 ? null : new IPEndPoint((long)IPv4Address.Reverse(_host.GetLocalAddress(_handle)), port);
            }
        }

        /// <summary>Gets the peer's end. Each time it is an object of its own.</summary>
        /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
        /// <exception cref="SocketException">NotConnected.</exception>
        public EndPoint RemoteEndPoint
        {
            get
            {
                int port = Check(_host.GetRemotePort(_handle));
                return new IPEndPoint((long)IPv4Address.Reverse(_host.GetRemoteAddress(_handle)), Check(port == 0 ? (int)TcpIp.SocketError.NotConnected : port));
            }
        }

        /// <summary>Gets a value indicating whether the socket has a peer and the connection is open, in one direction at least.</summary>
        public bool Connected => _host.IsConnected(_handle);

        /// <summary>Gets or sets milliseconds that receiving waits; 0 for ever, and so is -1.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is below -1.</exception>
        public int ReceiveTimeout
        {
            get => _receiveTimeout;

            set
            {
                if (value < Timeout.Infinite)
                {
                    throw new ArgumentOutOfRangeException(nameof(value));
                }

                _receiveTimeout = value > 0 ? value : 0;
            }
        }

        /// <summary>Gets or sets milliseconds that sending waits; 0 for ever, and so is -1.</summary>
        /// <exception cref="ArgumentOutOfRangeException">It is below -1.</exception>
        public int SendTimeout
        {
            get => _sendTimeout;

            set
            {
                if (value < Timeout.Infinite)
                {
                    throw new ArgumentOutOfRangeException(nameof(value));
                }

                _sendTimeout = value > 0 ? value : 0;
            }
        }

        /// <summary>Gets the kind of the socket.</summary>
        public SocketType SocketType => _socketType;

        /// <summary>
        /// Gives the socket an end of its own.
        /// </summary>
        /// <param name="localEP">Our address, or <see cref="IPAddress.Any"/>; a port, or 0 for one that is free.</param>
        /// <exception cref="ArgumentException">It is no <see cref="IPEndPoint"/>.</exception>
        /// <exception cref="SocketException">AddressAlreadyInUse, AddressNotAvailable; InvalidArgument if it has one.</exception>
        public void Bind(EndPoint localEP)
        {
            uint address = IPEndPoint.ToStack(localEP);
            Check(_host.Bind(_handle, address, ((IPEndPoint)localEP).Port));
        }

        /// <summary>
        /// Opens a connection, and waits until it is open. Of a datagram socket it only names the peer, and may name another later.
        /// </summary>
        /// <param name="remoteEP">The peer.</param>
        /// <exception cref="ArgumentException">It is no <see cref="IPEndPoint"/>.</exception>
        /// <exception cref="SocketException">ConnectionRefused, TimedOut, HostUnreachable, NetworkUnreachable, NetworkDown, AddressNotAvailable,
        /// IsConnected; InvalidArgument of a stream that has tried before, and could not; AccessDenied for a broadcast without the option for it.</exception>
        public void Connect(EndPoint remoteEP)
        {
            uint address = IPEndPoint.ToStack(remoteEP);
            int port = ((IPEndPoint)remoteEP).Port;
            int result = _host.Connect(_handle, address, port, SocketHost.Forever);

            // as of SendTo
            if (result == (int)TcpIp.SocketError.InvalidArgument && _socketType == SocketType.Dgram && port != 0 && address != IPv4Address.Any)
            {
                throw new SocketException(SocketError.AccessDenied);
            }

            Check(result);
        }

        /// <summary>
        /// Closes the socket. What was sent still arrives; who waits for the socket waits no longer. Closing it again is no error.
        /// </summary>
        public void Close()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        /// <summary>
        /// Has peers connect.
        /// </summary>
        /// <param name="backlog">Connections that may wait to be accepted; less than 1 is 1.</param>
        /// <exception cref="SocketException">InvalidArgument if it has no port, OperationNotSupported of a datagram socket.</exception>
        public void Listen(int backlog) => Check(_host.Listen(_handle, backlog < 1 ? 1 : backlog));

        /// <summary>
        /// Takes a connection that a peer has opened, or waits for one.
        /// </summary>
        /// <returns>A socket of its own for it.</returns>
        /// <exception cref="SocketException">InvalidArgument if it does not listen; Interrupted if it was closed meanwhile.</exception>
        public Socket Accept()
        {
            // it is made first: whatever comes between, the connection belongs to an object, which closes it when it is forgotten
            Socket accepted = new Socket(_host);
            Check(_host.Accept(_handle, SocketHost.Forever, ref accepted._handle));
            return accepted;
        }

        /// <summary>
        /// Sends bytes.
        /// </summary>
        /// <param name="buffer">All of them.</param>
        /// <returns>How many: all, when it returns.</returns>
        public int Send(byte[] buffer) => Send(buffer, 0, buffer == null ? 0 : buffer.Length, SocketFlags.None);

        /// <summary>
        /// Sends bytes.
        /// </summary>
        /// <param name="buffer">All of them.</param>
        /// <param name="socketFlags">None.</param>
        /// <returns>How many: all, when it returns.</returns>
        public int Send(byte[] buffer, SocketFlags socketFlags) => Send(buffer, 0, buffer == null ? 0 : buffer.Length, socketFlags);

        /// <summary>
        /// Sends bytes.
        /// </summary>
        /// <param name="buffer">Where they are.</param>
        /// <param name="size">How many, from the first on.</param>
        /// <param name="socketFlags">None.</param>
        /// <returns>How many: all, when it returns.</returns>
        public int Send(byte[] buffer, int size, SocketFlags socketFlags) => Send(buffer, 0, size, socketFlags);

        /// <summary>
        /// Sends bytes, and waits for room where there is none.
        /// </summary>
        /// <param name="buffer">Where they are.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="size">How many.</param>
        /// <param name="socketFlags">None.</param>
        /// <returns>How many: all, when it returns.</returns>
        /// <exception cref="ArgumentNullException">There is no buffer.</exception>
        /// <exception cref="ArgumentOutOfRangeException">They are not in the buffer.</exception>
        /// <exception cref="SocketException">TimedOut if not all could be sent in time, and it is not known how many were; NotConnected, Shutdown, ConnectionReset, MessageSize;
        /// OperationNotSupported for another flag.</exception>
        public int Send(byte[] buffer, int offset, int size, SocketFlags socketFlags)
        {
            CheckRange(buffer, offset, size);
            int result = socketFlags != SocketFlags.None
                ? (int)TcpIp.SocketError.OperationNotSupported
                : _host.Send(_handle, buffer, offset, size, _sendTimeout == 0 ? SocketHost.Forever : _sendTimeout);

            // the time is over, whatever there was no room in. Nobody looks at a count that is all but then, and the next bytes would follow a gap
            bool isOver = result == (int)TcpIp.SocketError.NoBufferSpace || (result >= 0 && result != size);
            return Check(isOver ? (int)TcpIp.SocketError.WouldBlock : result);
        }

        /// <summary>
        /// Sends a datagram. A socket that has no port gets one.
        /// </summary>
        /// <param name="buffer">Where the data are.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="size">How many.</param>
        /// <param name="socketFlags">None.</param>
        /// <param name="remoteEP">To whom. Of a connected stream it is not looked at.</param>
        /// <returns>How many bytes.</returns>
        /// <exception cref="ArgumentNullException">There is no buffer, or no end.</exception>
        /// <exception cref="ArgumentOutOfRangeException">They are not in the buffer.</exception>
        /// <exception cref="SocketException">AccessDenied for a broadcast without the option for it; MessageSize, IsConnected, NetworkUnreachable,
        /// HostUnreachable, NetworkDown, TimedOut.</exception>
        public int SendTo(byte[] buffer, int offset, int size, SocketFlags socketFlags, EndPoint remoteEP)
        {
            uint address = IPEndPoint.ToStack(remoteEP);
            if (_socketType == SocketType.Stream)
            {
                return Send(buffer, offset, size, socketFlags);
            }

            CheckRange(buffer, offset, size);
            int port = ((IPEndPoint)remoteEP).Port;
            int result = socketFlags != SocketFlags.None
                ? (int)TcpIp.SocketError.OperationNotSupported
                : _host.SendTo(_handle, buffer, offset, size, address, port, _sendTimeout == 0 ? SocketHost.Forever : _sendTimeout);

            // the stack says so of all that is no host and no group
            if (result == (int)TcpIp.SocketError.InvalidArgument && port != 0 && address != IPv4Address.Any)
            {
                throw new SocketException(SocketError.AccessDenied);
            }

            // no frame was free before the time was over
            return Check(result == (int)TcpIp.SocketError.NoBufferSpace ? (int)TcpIp.SocketError.WouldBlock : result);
        }

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="buffer">Where the data are.</param>
        /// <param name="size">How many bytes, from the first on.</param>
        /// <param name="socketFlags">None.</param>
        /// <param name="remoteEP">To whom.</param>
        /// <returns>How many bytes.</returns>
        public int SendTo(byte[] buffer, int size, SocketFlags socketFlags, EndPoint remoteEP) => SendTo(buffer, 0, size, socketFlags, remoteEP);

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="buffer">The data, all of them.</param>
        /// <param name="socketFlags">None.</param>
        /// <param name="remoteEP">To whom.</param>
        /// <returns>How many bytes.</returns>
        public int SendTo(byte[] buffer, SocketFlags socketFlags, EndPoint remoteEP) =>
            SendTo(buffer, 0, buffer == null ? 0 : buffer.Length, socketFlags, remoteEP);

        /// <summary>
        /// Sends a datagram.
        /// </summary>
        /// <param name="buffer">The data, all of them.</param>
        /// <param name="remoteEP">To whom.</param>
        /// <returns>How many bytes.</returns>
        public int SendTo(byte[] buffer, EndPoint remoteEP) => SendTo(buffer, 0, buffer == null ? 0 : buffer.Length, SocketFlags.None, remoteEP);

        /// <summary>
        /// Receives bytes.
        /// </summary>
        /// <param name="buffer">Where to put them.</param>
        /// <returns>How many, 0 if the peer has closed its direction.</returns>
        public int Receive(byte[] buffer) => Receive(buffer, 0, buffer == null ? 0 : buffer.Length, SocketFlags.None);

        /// <summary>
        /// Receives bytes.
        /// </summary>
        /// <param name="buffer">Where to put them.</param>
        /// <param name="socketFlags">None or Peek.</param>
        /// <returns>How many, 0 if the peer has closed its direction.</returns>
        public int Receive(byte[] buffer, SocketFlags socketFlags) => Receive(buffer, 0, buffer == null ? 0 : buffer.Length, socketFlags);

        /// <summary>
        /// Receives bytes.
        /// </summary>
        /// <param name="buffer">Where to put them.</param>
        /// <param name="size">How many at most.</param>
        /// <param name="socketFlags">None or Peek.</param>
        /// <returns>How many, 0 if the peer has closed its direction.</returns>
        public int Receive(byte[] buffer, int size, SocketFlags socketFlags) => Receive(buffer, 0, size, socketFlags);

        /// <summary>
        /// Receives what is there, or waits for it: of a datagram socket the next datagram, of which what does not fit is lost.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="size">How many bytes at most.</param>
        /// <param name="socketFlags">None; or Peek, and it stays there.</param>
        /// <returns>How many bytes, 0 if the peer has closed its direction.</returns>
        /// <exception cref="ArgumentNullException">There is no buffer.</exception>
        /// <exception cref="ArgumentOutOfRangeException">They are not in the buffer.</exception>
        /// <exception cref="SocketException">TimedOut; NotConnected, ConnectionReset; Interrupted if the socket was closed meanwhile;
        /// OperationNotSupported for another flag.</exception>
        public int Receive(byte[] buffer, int offset, int size, SocketFlags socketFlags)
        {
            CheckRange(buffer, offset, size);
            return Check(
                (socketFlags & ~SocketFlags.Peek) != 0 ? (int)TcpIp.SocketError.OperationNotSupported
                    : _host.Receive(
                        _handle, buffer, offset, size, socketFlags != SocketFlags.None, _receiveTimeout == 0 ? SocketHost.Forever : _receiveTimeout));
        }

        /// <summary>
        /// Receives a datagram, and tells who has sent it.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <param name="offset">Index of the first byte.</param>
        /// <param name="size">How many bytes at most.</param>
        /// <param name="socketFlags">None or Peek.</param>
        /// <param name="remoteEP">Gets who has sent it; it stays the same object if it says so already, so that a talk with one peer makes none.</param>
        /// <returns>How many bytes.</returns>
        /// <exception cref="ArgumentNullException">There is no buffer, or no end.</exception>
        /// <exception cref="ArgumentOutOfRangeException">They are not in the buffer.</exception>
        /// <exception cref="SocketException">As of <see cref="Receive(byte[], int, int, SocketFlags)"/>; NotConnected if the socket has no port.</exception>
        public int ReceiveFrom(byte[] buffer, int offset, int size, SocketFlags socketFlags, ref EndPoint remoteEP)
        {
            IPEndPoint.ToStack(remoteEP);
            CheckRange(buffer, offset, size);
            bool isTaken = true;
            try
            {
                isTaken = Interlocked.Exchange(ref _isSourceTaken, 1) != 0;
                uint[] source = isTaken || _source == null ? new uint[2] : _source;
                if (!isTaken)
                {
                    _source = source;
                }

                int timeout = _receiveTimeout == 0 ? SocketHost.Forever : _receiveTimeout;
                int result = Check(
                    (socketFlags & ~SocketFlags.Peek) != 0 ? (int)TcpIp.SocketError.OperationNotSupported
                        : _host.ReceiveFrom(_handle, buffer, offset, size, socketFlags != SocketFlags.None, timeout, source));
                long address = IPv4Address.Reverse(source[0]);
                int port = (int)source[1];
                IPEndPoint before = (IPEndPoint)remoteEP;
                if (before.Port != port || before.Address.Address != address)
                {
                    remoteEP = new IPEndPoint(address, port);
                }

                return result;
            }
            finally
            {
                // two threads may receive at once, and each needs a place for the sender
                if (!isTaken)
                {
                    _isSourceTaken = 0;
                }
            }
        }

        /// <summary>
        /// Receives a datagram, and tells who has sent it.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <param name="size">How many bytes at most.</param>
        /// <param name="socketFlags">None or Peek.</param>
        /// <param name="remoteEP">Gets who has sent it.</param>
        /// <returns>How many bytes.</returns>
        public int ReceiveFrom(byte[] buffer, int size, SocketFlags socketFlags, ref EndPoint remoteEP) =>
            ReceiveFrom(buffer, 0, size, socketFlags, ref remoteEP);

        /// <summary>
        /// Receives a datagram, and tells who has sent it.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <param name="socketFlags">None or Peek.</param>
        /// <param name="remoteEP">Gets who has sent it.</param>
        /// <returns>How many bytes.</returns>
        public int ReceiveFrom(byte[] buffer, SocketFlags socketFlags, ref EndPoint remoteEP) =>
            ReceiveFrom(buffer, 0, buffer == null ? 0 : buffer.Length, socketFlags, ref remoteEP);

        /// <summary>
        /// Receives a datagram, and tells who has sent it.
        /// </summary>
        /// <param name="buffer">Where to put it.</param>
        /// <param name="remoteEP">Gets who has sent it.</param>
        /// <returns>How many bytes.</returns>
        public int ReceiveFrom(byte[] buffer, ref EndPoint remoteEP) =>
            ReceiveFrom(buffer, 0, buffer == null ? 0 : buffer.Length, SocketFlags.None, ref remoteEP);

        /// <summary>
        /// Sets an option.
        /// </summary>
        /// <param name="optionLevel">Whose it is.</param>
        /// <param name="optionName">Which.</param>
        /// <param name="optionValue">Its value; of Linger, seconds, and a negative number for not at all.</param>
        /// <exception cref="SocketException">ProtocolOption for one that there is not here; OperationNotSupported, InvalidArgument,
        /// AddressNotAvailable.</exception>
        public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, int optionValue)
        {
            HostOption option = SocketHost.FindOption((int)optionLevel, (int)optionName);
            switch (option)
            {
                case HostOption.ReceiveTimeout:
                    ReceiveTimeout = optionValue;
                    return;
                case HostOption.SendTimeout:
                    SendTimeout = optionValue;
                    return;
                case HostOption.Linger:
                    bool isOff = optionName == SocketOptionName.DontLinger ? optionValue != 0 : optionValue < 0;
                    optionValue = isOff ? -1 : optionValue;
                    break;
                case HostOption.MulticastInterface:
                    optionValue = (int)IPv4Address.Reverse((uint)optionValue);
                    break;
            }

            if (option < 0)
            {
                throw new SocketException(SocketError.ProtocolOption);
            }

            Check(_host.SetOption(_handle, option, optionValue));
        }

        /// <summary>
        /// Switches an option.
        /// </summary>
        /// <param name="optionLevel">Whose it is.</param>
        /// <param name="optionName">Which.</param>
        /// <param name="optionValue">Whether it is on.</param>
        /// <exception cref="SocketException">ProtocolOption for one that there is not here; OperationNotSupported.</exception>
        public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, bool optionValue) =>
            SetSocketOption(optionLevel, optionName, optionValue ? 1 : 0);

        /// <summary>
        /// Sets an option that is bytes: a number of four, low byte first; Linger, a number or two, whether and for how many seconds; a time-out, a number of
        /// milliseconds or two, seconds and microseconds; a group, four bytes of its address and four of the interface's.
        /// </summary>
        /// <param name="optionLevel">Whose it is.</param>
        /// <param name="optionName">Which.</param>
        /// <param name="optionValue">Its bytes.</param>
        /// <exception cref="ArgumentNullException">There are none.</exception>
        /// <exception cref="SocketException">ProtocolOption for one that there is not here; OperationNotSupported; InvalidArgument, there are too few
        /// bytes, or a group is none; AddressNotAvailable, the interface is not ours; NoBufferSpaceAvailable, no room for one more group.</exception>
        public void SetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] optionValue)
        {
            if (optionValue == null)
            {
                throw new ArgumentNullException(nameof(optionValue));
            }

            bool joins = optionLevel == SocketOptionLevel.IP && optionName == SocketOptionName.AddMembership;
            bool leaves = optionLevel == SocketOptionLevel.IP && optionName == SocketOptionName.DropMembership;
            int length = optionValue.Length;
            if (length < (joins || leaves ? 8 : 4))
            {
                throw new SocketException(SocketError.InvalidArgument);
            }

            int first = BitConverter.ToInt32(optionValue, 0);
            int second = length < 8 ? 0 : BitConverter.ToInt32(optionValue, 4);
            if (joins)
            {
                Check(_host.JoinGroup(_handle, IPv4Address.Reverse((uint)first), IPv4Address.Reverse((uint)second)));
                return;
            }

            if (leaves)
            {
                Check(_host.LeaveGroup(_handle, IPv4Address.Reverse((uint)first)));
                return;
            }

            if (length >= 8)
            {
                HostOption option = SocketHost.FindOption((int)optionLevel, (int)optionName);
                first = option == HostOption.Linger ? (first != 0 ? second : -1)
                    : option == HostOption.ReceiveTimeout || option == HostOption.SendTimeout ? (first * 1000) + (second / 1000)
                    : first;
            }

            SetSocketOption(optionLevel, optionName, first);
        }

        /// <summary>
        /// Asks for an option.
        /// </summary>
        /// <param name="optionLevel">Whose it is.</param>
        /// <param name="optionName">Which.</param>
        /// <returns>A <see cref="bool"/> for KeepAlive, Broadcast, DontLinger and ExclusiveAddressUse, a <see cref="SocketType"/> for Type, else its
        /// number as <see cref="int"/>: so it is with nanoFramework's. Linger is seconds, -1 for not at all.</returns>
        /// <exception cref="SocketException">ProtocolOption for one that there is not here.</exception>
        public object GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName)
        {
            byte[] value = new byte[4];
            GetSocketOption(optionLevel, optionName, value);
            int number = BitConverter.ToInt32(value, 0);
            if (optionLevel == SocketOptionLevel.Socket)
            {
                switch (optionName)
                {
                    case SocketOptionName.Type:
                        return _socketType;
                    case SocketOptionName.KeepAlive:
                    case SocketOptionName.Broadcast:
                    case SocketOptionName.DontLinger:
                    case SocketOptionName.ExclusiveAddressUse:
                        return number != 0;
                }
            }

            return number;
        }

        /// <summary>
        /// Asks for an option as bytes.
        /// </summary>
        /// <param name="optionLevel">Whose it is.</param>
        /// <param name="optionName">Which.</param>
        /// <param name="val">Gets its number, low byte first, as far as there is room. In eight bytes and more Linger is two, whether and seconds, and a
        /// time-out is seconds and microseconds.</param>
        /// <exception cref="ArgumentNullException">There is no array.</exception>
        /// <exception cref="SocketException">ProtocolOption for one that there is not here.</exception>
        public void GetSocketOption(SocketOptionLevel optionLevel, SocketOptionName optionName, byte[] val)
        {
            if (val == null)
            {
                throw new ArgumentNullException(nameof(val));
            }

            HostOption option = SocketHost.FindOption((int)optionLevel, (int)optionName);
            if (option < 0)
            {
                throw new SocketException(SocketError.ProtocolOption);
            }

            int value;
            int second = 0;
            bool isLong = val.Length >= 8;
            Check(_host.GetOption(_handle, option, out value));
            switch (option)
            {
                case HostOption.ReceiveTimeout:
                case HostOption.SendTimeout:
                    value = option == HostOption.SendTimeout ? _sendTimeout : _receiveTimeout;
                    second = isLong ? value % 1000 * 1000 : 0;
                    value = isLong ? value / 1000 : value;
                    break;
                case HostOption.Linger:
                    second = isLong && value > 0 ? value : 0;
                    value = optionName == SocketOptionName.DontLinger ? (value < 0 ? 1 : 0)
                        : isLong ? (value < 0 ? 0 : 1)
                        : value;
                    break;
                case HostOption.Error:
                    value = value < 0 ? new SocketException((SocketError)value).ErrorCode : 0;
                    break;
                case HostOption.MulticastInterface:
                    value = (int)IPv4Address.Reverse((uint)value);
                    break;
            }

            for (int i = 0; i < val.Length; i++)
            {
                val[i] = i < 8 ? (byte)((i < 4 ? value : second) >> (8 * (i & 3))) : (byte)0;
            }
        }

        /// <summary>
        /// Asks or waits until the socket is ready.
        /// </summary>
        /// <param name="microSeconds">How long at most, rounded up to milliseconds; negative for ever.</param>
        /// <param name="mode">For what. SelectRead with nothing <see cref="Available"/> says that the peer is gone.</param>
        /// <returns>Whether it is.</returns>
        /// <exception cref="ObjectDisposedException">The socket was closed.</exception>
        /// <exception cref="SocketException">Interrupted if it was closed meanwhile; InvalidArgument for no mode.</exception>
        public bool Poll(int microSeconds, SelectMode mode) => Check(_host.Poll(_handle, (int)mode, microSeconds)) != 0;

        /// <inheritdoc/>
        void IDisposable.Dispose() => Close();

        /// <summary>
        /// Closes the socket.
        /// </summary>
        /// <param name="disposing">Whether it was asked for, and not the garbage collector's doing.</param>
        protected virtual void Dispose(bool disposing)
        {
            int handle = _handle;

            // one that was not made to its end is forgotten too
            if (handle == Closed || _host == null)
            {
                return;
            }

            // a thread that is aborted in here leaves the number, for whoever closes again: the garbage collector does. Twice is no harm, for a
            // handle fits once
            _handle = handle >= 0 ? Closing - handle : handle;
            handle = handle >= 0 ? handle : Closing - handle;
            if (!disposing)
            {
                // nobody may wait in the garbage collector's thread
                _host.SetOption(handle, HostOption.Linger, -1);
            }

            _host.Close(handle);
            _handle = Closed;
        }

        /// <summary>
        /// Turns a result that is an error into an exception.
        /// </summary>
        private int Check(int result)
        {
            if (result >= 0)
            {
                return result;
            }

            switch ((TcpIp.SocketError)result)
            {
                case TcpIp.SocketError.BadDescriptor:
                    throw new ObjectDisposedException(nameof(Socket));
                case TcpIp.SocketError.WouldBlock:
                    throw new SocketException((SocketError)(int)TcpIp.SocketError.TimedOut);
                case TcpIp.SocketError.ConnectionAborted:
                    throw new SocketException(_handle < 0 ? SocketError.Interrupted : SocketError.ConnectionAborted);
                default:
                    throw new SocketException((SocketError)result);
            }
        }

        private static void CheckRange(byte[] buffer, int offset, int size)
        {
            if (buffer == null)
            {
                throw new ArgumentNullException(nameof(buffer));
            }

            if (offset < 0 || size < 0 || size > buffer.Length - offset)
            {
                throw new ArgumentOutOfRangeException(nameof(size));
            }
        }

        /// <summary>
        /// Closes a socket that was forgotten.
        /// </summary>
        ~Socket()
        {
            try
            {
                Dispose(false);
            }
            catch (Exception)
            {
                // its chip may be gone by now; what is thrown in the garbage collector's thread ends the program
            }
        }
    }
}
