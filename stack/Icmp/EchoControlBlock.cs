// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Icmp
{
    /// <summary>
    /// The control information of an echo socket: the request that is under way, or how the last one ended.
    /// </summary>
    internal sealed class EchoControlBlock
    {
        /// <summary>How often the place was given out: a descriptor of an earlier owner does not fit.</summary>
        internal int Generation;

        /// <summary>Whether an application has the block.</summary>
        internal bool InUse;

        /// <summary>Identifier (16 bits) and sequence number (16 bits) of the request, as they stand in the header.</summary>
        internal uint IdentifierSequence;

        /// <summary>Whom the request is for.</summary>
        internal uint Address;

        /// <summary>Bytes of data in the request.</summary>
        internal int Length;

        /// <summary>How many routers requests may pass.</summary>
        internal int TimeToLive;

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

        /// <summary>Who answered: whom it was for, or the router that sent an error.</summary>
        internal uint From;

        /// <summary>Type (8 bits) and code (8 bits) of the answer.</summary>
        internal int TypeCode;

        /// <summary>How it ended.</summary>
        internal SocketError Error;

        /// <summary>Gets a value indicating whether it is not known yet how the request ends.</summary>
        internal bool IsUnderWay => State != EchoState.Idle && State != EchoState.Done;
    }
}
