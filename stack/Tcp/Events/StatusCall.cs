// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// STATUS (RFC 9293 section 3.10.6): questions that change nothing. The whole row of the table is
    /// <see cref="TcpControlBlock"/> itself; these are the answers that take a computation.
    /// </summary>
    internal static class StatusCall
    {
        /// <summary>
        /// How much there is to read, or whether a connection waits to be accepted.
        /// </summary>
        /// <param name="tcp">The layer.</param>
        /// <param name="block">The block.</param>
        /// <returns>Bytes; of a listener 1 or 0.</returns>
        internal static int GetAvailable(TcpLayer tcp, TcpControlBlock block)
        {
            return block.State != TcpState.Listen ? block.ReceiveQueue.Bytes + tcp.PassingBytes(block) : block.Waiting > 0 ? 1 : 0;
        }

        /// <summary>
        /// How long a connection has been open.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>Milliseconds, right for three days.</returns>
        internal static int GetAge(TcpControlBlock block, int now)
        {
            // the last of many in one millisecond may be a little ahead
            int eighths = (int)(((uint)now << 3) - block.OpenOrder);
            return eighths > 0 ? eighths >> 3 : 0;
        }
    }
}
