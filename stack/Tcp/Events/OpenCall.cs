// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// OPEN (RFC 9293 section 3.10.1), for a block in CLOSED. In all other states it is refused before it gets here.
    /// </summary>
    internal static class OpenCall
    {
        /// <summary>
        /// Passive OPEN: the block waits in LISTEN for peers.
        /// </summary>
        /// <param name="block">A block in CLOSED that has a local port.</param>
        /// <param name="backlog">Connections that may wait to be accepted.</param>
        internal static void OpenPassive(TcpControlBlock block, int backlog)
        {
            TcpBacklog.Begin(block, backlog);
            TcpTransitions.OpenPassive(block);
        }

        /// <summary>
        /// Active OPEN: the peer is written into the control block, an initial send sequence number is selected, and a SYN goes out.
        /// </summary>
        /// <param name="tcp">The layer, which knows the time and sends.</param>
        /// <param name="block">A block in CLOSED that has a local port.</param>
        /// <param name="address">The peer's address.</param>
        /// <param name="port">The peer's port.</param>
        internal static void OpenActive(TcpLayer tcp, TcpControlBlock block, uint address, int port)
        {
            tcp.Table.SetPeer(block, address, port);
            TcpReceiveQueue.AwaitPeer(block);
            TcpReceiveWindow.AwaitPeer(block);
            Handshake.BeginSending(block, tcp.ChooseInitialSequence(address, block.LocalPort, port, tcp.Now), 0);
            TcpTransitions.OpenActive(block);
            TcpOutput.RequestSyn(block);
            tcp.RequestPoll(block);
            tcp.Counters._activeOpens++;
        }
    }
}
