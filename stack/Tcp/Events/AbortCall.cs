// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// ABORT (RFC 9293 section 3.10.5): the descriptor is given up, and the connection ends at once, with a RST where the peer must be told.
    /// </summary>
    internal static class AbortCall
    {
        /// <summary>
        /// Aborts.
        /// </summary>
        /// <param name="tcp">The layer, which knows the time.</param>
        /// <param name="block">The block.</param>
        internal static void Abort(TcpLayer tcp, TcpControlBlock block)
        {
            if (block.State == TcpState.Listen)
            {
                // it has no connection of its own; those that wait behind it are reset
                CloseCall.Close(tcp, block);
                return;
            }

            tcp.Table.Detach(block, tcp.Now);
            tcp.Ending.Reset(block, SocketError.ConnectionAborted, tcp.Now);
        }
    }
}
