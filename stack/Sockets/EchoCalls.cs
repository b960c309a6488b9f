// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.IPv4;

namespace TcpIp.Sockets
{
    /// <summary>
    /// The calls for echoes: what ping and traceroute are made of.
    /// </summary>
    internal sealed class EchoCalls
    {
        private readonly IcmpEcho _echo;
        private readonly IPv4Layer _ipv4;

        /// <summary>
        /// Initializes a new instance of the <see cref="EchoCalls"/> class.
        /// </summary>
        /// <param name="echo">The layer below.</param>
        /// <param name="ipv4">Knows our address, and the way to others.</param>
        internal EchoCalls(IcmpEcho echo, IPv4Layer ipv4)
        {
            _echo = echo;
            _ipv4 = ipv4;
        }

        /// <summary>Gets the most bytes of data in an echo request.</summary>
        internal int LargestData => _ipv4.LargestPayload - IcmpHeader.Length;

        /// <summary>Takes a block of the table for an application.</summary>
        /// <returns>The descriptor, or TooManyOpenSockets.</returns>
        internal int Open()
        {
            EchoControlBlock block = _echo.Allocate();
            return block == null ? (int)SocketError.TooManyOpenSockets : block.Descriptor;
        }

        /// <summary>Gives the block back.</summary>
        internal void Close(EchoControlBlock block) => _echo.Free(block);

        /// <summary>Asks for an echo.</summary>
        /// <returns>As of <see cref="SocketLayer.SendEcho"/>.</returns>
        internal int Send(EchoControlBlock block, uint address, int length, int timeout)
        {
            if (length < 0 || timeout < 1 || !_ipv4.IsHost(address))
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.SendEcho, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            if (length > LargestData)
            {
                return (int)SocketError.MessageTooLong;
            }

            SocketError refusal = _ipv4.CanSendTo(address);
            if (refusal != SocketError.Success)
            {
                return (int)refusal;
            }

            address = _ipv4.MapLoopback(address);
            if (!_ipv4.HasRoute(address))
            {
                return (int)SocketError.NetworkUnreachable;
            }

            _echo.Request(block, address, length, timeout);
            return 0;
        }

        /// <summary>Says what became of the request, once.</summary>
        /// <returns>As of <see cref="SocketLayer.ReceiveEcho"/>.</returns>
        internal static int Receive(EchoControlBlock block, EchoResult result)
        {
            if (result == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.ReceiveEcho, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            result.Set(block);
            IcmpEcho.EndAnswered(block);
            return block.Error == SocketError.Success ? block.AnswerLength : (int)block.Error;
        }
    }
}
