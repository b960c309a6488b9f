// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Net.Sockets
{
    /// <summary>
    /// A call of the types in this namespace did not do what it was asked. <see cref="SocketErrorCode"/> says why, and
    /// <see cref="Message"/> says it in words.
    /// </summary>
    public sealed class SocketException : Exception
    {
        private readonly SocketError _error;

        /// <summary>
        /// Initializes a new instance of the <see cref="SocketException"/> class.
        /// </summary>
        /// <param name="errorCode">Why.</param>
        public SocketException(SocketError errorCode)
        {
            _error = errorCode;
        }

        /// <summary>Gets the reason in words, with its number. It makes a text: for a log, not for a loop.</summary>
        public override string Message => SocketErrorText.Of(_error) + " (SocketError " + (int)_error + ")";

        /// <summary>
        /// Gets the reason as a number: that of <see cref="SocketError"/>, which is negative, and not that of Winsock.
        /// </summary>
        public int ErrorCode => (int)_error;

        /// <summary>
        /// Gets the reason. TimedOut says that the time of the call was over, or that the peer of a connection did not answer in time
        /// and the connection is gone; <see cref="TcpClient.Connected"/> tells which.
        /// </summary>
        public SocketError SocketErrorCode => _error;

        /// <summary>
        /// Passes the result of a call on, or throws if it is an error.
        /// </summary>
        /// <param name="result">A count, a descriptor, or an error.</param>
        /// <returns>The result, if it is no error.</returns>
        /// <exception cref="SocketException">It is one.</exception>
        internal static int Check(int result)
        {
            if (result < 0)
            {
                Throw(result);
            }

            return result;
        }

        private static void Throw(int result)
        {
            // who asks these types to wait does not expect to be told that the call would block
            bool isTime = result == (int)SocketError.WouldBlock || result == (int)SocketError.InProgress;
            throw new SocketException(isTime ? SocketError.TimedOut : (SocketError)result);
        }
    }
}
