// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// For how long a peer may leave unanswered what it owes an answer to (RFC 9293 section 3.8.3, R2). Owns
    /// <see cref="TcpControlBlock.UserTimeout"/> and <see cref="TcpControlBlock.UserTimeoutFrom"/>.
    /// </summary>
    internal static class UserTimeout
    {
        /// <summary>
        /// The application's patience.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="milliseconds">How long, or 0 for what the stack's configuration says.</param>
        internal static void Set(TcpControlBlock block, int milliseconds)
        {
            block.UserTimeout = milliseconds;
        }

        /// <summary>
        /// The peer has answered, or is asked from now on.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        internal static void Restart(TcpControlBlock block, int now)
        {
            block.UserTimeoutFrom = now;
        }

        /// <summary>
        /// Whether the peer has owed an answer for too long.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="configured">What the stack's configuration says, in milliseconds.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Whether it has.</returns>
        internal static bool IsOver(TcpControlBlock block, int configured, int now)
        {
            return now - block.UserTimeoutFrom >= (block.UserTimeout != 0 ? block.UserTimeout : configured);
        }

        /// <summary>
        /// Has the send timer expire no later than the application's patience does.
        /// </summary>
        /// <param name="block">The connection, with a user timeout of its own.</param>
        internal static void LimitSendTimer(TcpControlBlock block)
        {
            SendTimer.EndBy(block, block.UserTimeoutFrom + block.UserTimeout);
        }
    }
}
