// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// Which call is allowed in which state of which kind of socket, and what is answered where it is not: all of it, state by state, as
    /// RFC 9293 section 3.10 has its user calls. The stack's README shows the same tables.
    /// </summary>
    /// <remarks>
    /// A call that stands in no column depends on no state. A call that a kind of socket does not have is refused before its arguments are
    /// looked at, and the arguments before the state.
    /// </remarks>
    internal static class CallTable
    {
        // ---- columns: the calls --------------------------------------------------------------------------------------------

        /// <summary>Bind of a stream.</summary>
        internal const int Bind = 0;

        /// <summary>Listen.</summary>
        internal const int Listen = 1;

        /// <summary>Accept, when no connection waits.</summary>
        internal const int Accept = 2;

        /// <summary>Connect of a stream.</summary>
        internal const int Connect = 3;

        /// <summary>Write, Reserve and Commit over a connection.</summary>
        internal const int Send = 4;

        /// <summary>Read and Peek over a connection, when nothing has arrived. <see cref="Ok"/> is the end of what the peer has sent.</summary>
        internal const int Receive = 5;

        /// <summary>Shutdown.</summary>
        internal const int Shutdown = 6;

        /// <summary>Bind of a datagram socket.</summary>
        internal const int BindDatagram = 0;

        /// <summary>Connect of a datagram socket.</summary>
        internal const int ConnectDatagram = 1;

        /// <summary>Write and Commit of a datagram socket.</summary>
        internal const int SendToPeer = 2;

        /// <summary>SendTo, CommitTo and SendWithoutAddress.</summary>
        internal const int SendToAnybody = 3;

        /// <summary>SendEcho.</summary>
        internal const int SendEcho = 0;

        /// <summary>ReceiveEcho.</summary>
        internal const int ReceiveEcho = 1;

        // ---- rows: the states ----------------------------------------------------------------------------------------------

        /// <summary>Behind the states of RFC 9293, in their order: CLOSED with a port.</summary>
        internal const int Bound = (int)TcpState.TimeWait + 1;

        /// <summary>CLOSED after both ends have closed.</summary>
        internal const int Ended = Bound + 1;

        /// <summary>CLOSED for a reason that the application is told.</summary>
        internal const int Failed = Ended + 1;

        // ---- cells ---------------------------------------------------------------------------------------------------------

        /// <summary>The call is allowed.</summary>
        internal const sbyte Ok = 0;

        /// <summary>It is done already: the call says 0.</summary>
        internal const sbyte Done = 1;

        /// <summary>The call says why the connection ended.</summary>
        internal const sbyte Reason = 2;

        private const sbyte Block = (sbyte)SocketError.WouldBlock;
        private const sbyte InProg = (sbyte)SocketError.InProgress;
        private const sbyte IsConn = (sbyte)SocketError.IsConnected;
        private const sbyte NoConn = (sbyte)SocketError.NotConnected;
        private const sbyte Shut = (sbyte)SocketError.Shutdown;
        private const sbyte State = (sbyte)SocketError.InvalidState;

        private const int StreamColumns = Shutdown + 1;
        private const int DatagramColumns = SendToAnybody + 1;
        private const int EchoColumns = ReceiveEcho + 1;

        private static readonly sbyte[] Streams = new sbyte[]
        {
            // Bind, Listen, Accept, Connect, Send, Receive, Shutdown
            Ok, State, State, Ok, NoConn, NoConn, NoConn, // CLOSED, new
            State, State, Block, State, NoConn, NoConn, NoConn, // LISTEN
            State, State, State, IsConn, InProg, InProg, NoConn, // SYN-SENT
            State, State, State, IsConn, InProg, InProg, Ok, // SYN-RECEIVED
            State, State, State, IsConn, Ok, Block, Ok, // ESTABLISHED
            State, State, State, IsConn, Shut, Block, Done, // FIN-WAIT-1
            State, State, State, IsConn, Shut, Block, Done, // FIN-WAIT-2
            State, State, State, IsConn, Ok, Ok, Ok, // CLOSE-WAIT
            State, State, State, IsConn, Shut, Ok, Done, // CLOSING
            State, State, State, IsConn, Shut, Ok, Done, // LAST-ACK
            State, State, State, IsConn, Shut, Ok, Done, // TIME-WAIT
            State, Ok, State, Ok, NoConn, NoConn, NoConn, // CLOSED, with a port
            State, State, State, State, Shut, Ok, Done, // CLOSED, both have closed
            State, State, State, State, Reason, Reason, Reason, // CLOSED, failed
        };

        private static readonly sbyte[] Datagrams = new sbyte[]
        {
            // Bind, Connect, Write and Commit, SendTo and CommitTo
            Ok, Ok, NoConn, Ok, // without a port
            State, Ok, NoConn, Ok, // with a port
            State, Ok, Ok, IsConn, // with a peer
        };

        private static readonly sbyte[] Echoes = new sbyte[]
        {
            // SendEcho, ReceiveEcho
            Ok, State, // idle
            State, Block, // waiting for an answer
            Ok, Ok, // answered
        };

        /// <summary>
        /// What a call is answered in the state that a stream is in.
        /// </summary>
        /// <param name="call">A column of streams.</param>
        /// <param name="stream">The socket.</param>
        /// <returns><see cref="Ok"/>, <see cref="Done"/>, or an error.</returns>
        internal static int Answer(int call, TcpControlBlock stream)
        {
            int row = (int)stream.State;
            return row != (int)TcpState.Closed ? Streams[(row * StreamColumns) + call] : AnswerOfClosed(call, stream);
        }

        /// <summary>
        /// What a call is answered in the state that a datagram socket is in.
        /// </summary>
        /// <param name="call">A column of datagram sockets.</param>
        /// <param name="datagrams">The socket.</param>
        /// <returns><see cref="Ok"/>, or an error.</returns>
        internal static int Answer(int call, UdpControlBlock datagrams)
        {
            int row = datagrams.RemotePort != 0 ? 2 : datagrams.LocalPort != 0 ? 1 : 0;
            return Datagrams[(row * DatagramColumns) + call];
        }

        /// <summary>
        /// What a call is answered in the state that an echo socket is in.
        /// </summary>
        /// <param name="call">A column of echo sockets.</param>
        /// <param name="echo">The socket.</param>
        /// <returns><see cref="Ok"/>, or an error.</returns>
        internal static int Answer(int call, EchoControlBlock echo)
        {
            int row = echo.IsUnderWay ? 1 : echo.State == EchoState.Done ? 2 : 0;
            return Echoes[(row * EchoColumns) + call];
        }

        private static int AnswerOfClosed(int call, TcpControlBlock stream)
        {
            int row = stream.Error != SocketError.Success ? Failed
                : stream.RemotePort != 0 ? Ended
                : stream.LocalPort != 0 ? Bound
                : (int)TcpState.Closed;
            int cell = Streams[(row * StreamColumns) + call];
            return cell == Reason ? (int)stream.Error : cell;
        }
    }
}
