// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Link;
using TcpIp.Sockets;

namespace TcpIp.Dhcp
{
    /// <summary>
    /// Writes our messages and sends them. Each carries what the table of its kind says (RFC 2131 section 4.4.1, table 5).
    /// </summary>
    internal sealed class DhcpSender
    {
        // RFC 4361 section 6.1: type, IAID and DUID; the DUID is made of type DUID-LL, link type and MAC address (RFC 8415 section 11.4)
        private const int ClientIdType = 255;
        private const int DuidLinkLayer = 3;
        private const int ClientIdHead = 9;

        // of IPv4 and UDP
        private const int HeaderBytes = 28;

        // what is asked for; routes stand before routers (RFC 3442)
        private static readonly byte[] s_parameters = new byte[]
        {
            (byte)DhcpOption.SubnetMask,
            (byte)DhcpOption.ClasslessStaticRoute,
            (byte)DhcpOption.Router,
            (byte)DhcpOption.DomainNameServer,
            (byte)DhcpOption.DomainName,
            (byte)DhcpOption.NtpServer,
        };

        private readonly SocketLayer _sockets;
        private readonly int _socket;
        private readonly MacAddress _hardware;
        private readonly byte[] _message;
        private readonly byte[] _clientId;
        private readonly byte[] _hostName;
        private int _length;

        /// <summary>
        /// Initializes a new instance of the <see cref="DhcpSender"/> class.
        /// </summary>
        /// <param name="sockets">The stack's sockets.</param>
        /// <param name="socket">The client's socket.</param>
        /// <param name="hardware">Our MAC address.</param>
        /// <param name="message">Where messages are written.</param>
        /// <param name="configuration">Who we are.</param>
        internal DhcpSender(SocketLayer sockets, int socket, MacAddress hardware, byte[] message, DhcpConfiguration configuration)
        {
            _sockets = sockets;
            _socket = socket;
            _hardware = hardware;
            _message = message;
            _clientId = configuration.ClientId == null ? CreateClientId(hardware) : (byte[])configuration.ClientId.Clone();
            _hostName = BytesOf(configuration.HostName);
        }

        /// <summary>
        /// Begins a message.
        /// </summary>
        /// <param name="type">A <see cref="DhcpMessageType"/>.</param>
        /// <param name="transaction">A number that the answer carries again.</param>
        /// <param name="seconds">Seconds since the client began; as many as fit are told.</param>
        /// <param name="client">Our address if we may use it, or 0.0.0.0.</param>
        /// <param name="broadcast">Whether the answer is to go to all.</param>
        internal void Begin(int type, uint transaction, uint seconds, uint client, bool broadcast)
        {
            Array.Clear(_message, 0, _message.Length);
            _message[DhcpHeader.Operation] = (byte)DhcpHeader.BootRequest;
            _message[DhcpHeader.HardwareType] = (byte)DhcpHeader.Ethernet;
            _message[DhcpHeader.HardwareLength] = (byte)MacAddress.Length;
            PutUInt32(DhcpHeader.TransactionId, transaction);
            uint told = seconds > 0xFFFF ? 0xFFFF : seconds;
            _message[DhcpHeader.Seconds] = (byte)(told >> 8);
            _message[DhcpHeader.Seconds + 1] = (byte)told;
            _message[DhcpHeader.Flags] = broadcast ? (byte)DhcpHeader.BroadcastFlag : (byte)0;
            PutUInt32(DhcpHeader.ClientAddress, client);
            for (int i = 0; i < MacAddress.Length; i++)
            {
                _message[DhcpHeader.ClientHardware + i] = (byte)_hardware.GetOctet(i);
            }

            PutUInt32(DhcpHeader.MagicCookie, DhcpHeader.Cookie);
            _length = DhcpHeader.Length;
            AddHead(DhcpOption.MessageType, 1);
            _message[_length++] = (byte)type;
            AddBytes(DhcpOption.ClientIdentifier, _clientId);
        }

        /// <summary>
        /// Adds an address, such as the one that we would like.
        /// </summary>
        /// <param name="code">The option.</param>
        /// <param name="address">The address.</param>
        internal void AddAddress(int code, uint address)
        {
            AddHead(code, 4);
            PutUInt32(_length, address);
            _length += 4;
        }

        /// <summary>
        /// Adds what belongs to each question: what we are called, what we would like to know, and how long the answer may be.
        /// </summary>
        internal void AddWishes()
        {
            AddHead(DhcpOption.MaximumMessageSize, 2);
            int longest = _message.Length + HeaderBytes;
            _message[_length++] = (byte)(longest >> 8);
            _message[_length++] = (byte)(longest & 0xFF);
            if (_hostName.Length > 0)
            {
                AddBytes(DhcpOption.HostName, _hostName);
            }

            AddBytes(DhcpOption.ParameterRequestList, s_parameters);
        }

        /// <summary>
        /// Sends the message to all, as one who has no address.
        /// </summary>
        /// <returns>Whether it was sent.</returns>
        internal bool SendWithoutAddress()
        {
            int length = Finish();
            return _sockets.SendWithoutAddress(_socket, _message, 0, length, DhcpHeader.ServerPort) == length;
        }

        /// <summary>
        /// Sends the message from our address.
        /// </summary>
        /// <param name="server">To whom, or to all.</param>
        /// <returns>Whether it was sent.</returns>
        internal bool SendTo(uint server)
        {
            int length = Finish();
            return _sockets.SendTo(_socket, _message, 0, length, server, DhcpHeader.ServerPort) == length;
        }

        private static byte[] CreateClientId(MacAddress hardware)
        {
            byte[] id = new byte[ClientIdHead + MacAddress.Length];
            id[0] = (byte)ClientIdType;

            // the IAID: our first interface, whichever board this is
            id[4] = 1;
            id[6] = (byte)DuidLinkLayer;
            id[8] = (byte)DhcpHeader.Ethernet;
            for (int i = 0; i < MacAddress.Length; i++)
            {
                id[ClientIdHead + i] = (byte)hardware.GetOctet(i);
            }

            return id;
        }

        private static byte[] BytesOf(string name)
        {
            if (name == null)
            {
                return new byte[0];
            }

            char[] characters = name.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)characters[i];
            }

            return bytes;
        }

        private int Finish()
        {
            _message[_length++] = (byte)DhcpOption.End;
            return _length < DhcpHeader.ShortestMessage ? DhcpHeader.ShortestMessage : _length;
        }

        private void AddHead(int code, int length)
        {
            _message[_length++] = (byte)code;
            _message[_length++] = (byte)length;
        }

        private void AddBytes(int code, byte[] bytes)
        {
            AddHead(code, bytes.Length);
            Array.Copy(bytes, 0, _message, _length, bytes.Length);
            _length += bytes.Length;
        }

        private void PutUInt32(int offset, uint value)
        {
            _message[offset] = (byte)(value >> 24);
            _message[offset + 1] = (byte)(value >> 16);
            _message[offset + 2] = (byte)(value >> 8);
            _message[offset + 3] = (byte)value;
        }
    }
}
