// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// The control information of an echo socket: the request that is under way, or how the last one ended. Identifier and sequence
    /// number of the request stand in for the ports. Once it has ended, the remote address is that of who answered.
    /// </summary>
    internal sealed class EchoControlBlock : SocketControlBlock
    {
        /// <summary>Bytes of data in the request.</summary>
        internal int Length;

        /// <summary>How far it has come.</summary>
        internal EchoState State;

        /// <summary>When the request was asked for, and then when it left.</summary>
        internal int SentAt;

        /// <summary>Milliseconds to wait for an answer.</summary>
        internal int Timeout;

        /// <summary>Milliseconds until the answer came.</summary>
        internal int RoundTripTime;

        /// <summary>Bytes of data in the reply, 0 for an error.</summary>
        internal int AnswerLength;

        /// <summary>What was left of the answer's time to live.</summary>
        internal int AnswerTimeToLive;

        /// <summary>Type (8 bits) and code (8 bits) of the answer.</summary>
        internal int TypeCode;

        /// <summary>
        /// Initializes a new instance of the <see cref="EchoControlBlock"/> class.
        /// </summary>
        /// <param name="index">The block's place in the table of all sockets.</param>
        internal EchoControlBlock(int index)
            : base(index)
        {
        }

        /// <summary>Gets a value indicating whether it is not known yet how the request ends.</summary>
        internal bool IsUnderWay => State != EchoState.Idle && State != EchoState.Done;
    }
}
