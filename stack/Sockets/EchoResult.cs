// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;

namespace TcpIp.Sockets
{
    /// <summary>
    /// What became of an echo request. The application makes one at start-up and has it filled again and again.
    /// </summary>
    public sealed class EchoResult
    {
        /// <summary>Gets who answered: the host that was asked, or the router or host that sent an error; after a timeout the host that did not
        /// answer; ourselves, if the request could not even be sent.</summary>
        public uint Address { get; private set; }

        /// <summary>Gets the milliseconds between the poll that sent the request and the poll that took the answer in.</summary>
        public int RoundTripTime { get; private set; }

        /// <summary>Gets the bytes of data in the reply; 0 if there was none.</summary>
        public int Length { get; private set; }

        /// <summary>Gets what was left of the reply's time to live when it arrived; 0 if there was none.</summary>
        public int TimeToLive { get; private set; }

        /// <summary>Gets the type of the ICMP error (3 destination unreachable, 11 time exceeded); 0 if there was none.</summary>
        public int ErrorType { get; private set; }

        /// <summary>Gets the code of the ICMP error.</summary>
        public int ErrorCode { get; private set; }

        /// <summary>
        /// Takes a block's information over.
        /// </summary>
        /// <param name="block">The block, whose request has ended.</param>
        internal void Set(EchoControlBlock block)
        {
            Address = block.RemoteAddress;
            RoundTripTime = block.RoundTripTime;
            Length = block.AnswerLength;
            TimeToLive = block.AnswerTimeToLive;
            ErrorType = block.TypeCode >> 8;
            ErrorCode = block.TypeCode & 0xFF;
        }
    }
}
