// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.IPv4;

namespace TcpIp.Tcp
{
    /// <summary>
    /// What becomes of connections whose address is lost, and of ICMP errors about our segments. Anybody can send those, so a
    /// connection hears of one only if it quotes a segment that is under way (RFC 5927 section 4.1), and none ends a connection
    /// that is open (RFC 1122 section 4.2.3.9). Owns <see cref="TcpControlBlock.SoftError"/>.
    /// </summary>
    internal sealed class TcpErrors
    {
        private readonly TcpLayer _tcp;
        private readonly TcpEnding _ending;
        private readonly TcpLossDetection _detection;
        private readonly TcpCounters _counters;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpErrors"/> class.
        /// </summary>
        /// <param name="tcp">The layer, which owns the table of blocks.</param>
        /// <param name="ending">Ends connections.</param>
        /// <param name="detection">Has segments sent again that were too large.</param>
        /// <param name="counters">The layer's counters.</param>
        internal TcpErrors(TcpLayer tcp, TcpEnding ending, TcpLossDetection detection, TcpCounters counters)
        {
            _tcp = tcp;
            _ending = ending;
            _detection = detection;
            _counters = counters;
        }

        /// <summary>
        /// A host or router says that a segment of ours did not arrive.
        /// </summary>
        /// <param name="quote">The segment.</param>
        /// <param name="type">The ICMP type.</param>
        /// <param name="code">The ICMP code.</param>
        /// <param name="mtu">The next hop's MTU, if it is an error about that.</param>
        internal void Report(QuotedPacket quote, int type, int code, int mtu)
        {
            TcpControlBlock block = Find(quote);
            if (block == null)
            {
                _counters._errorsIgnored++;
                return;
            }

            _counters._errorsTaken++;
            if (type == IcmpHeader.TypeUnreachable && code == IcmpHeader.CodeFragmentationNeeded)
            {
                Shrink(block, mtu);
                return;
            }

            bool refused = type == IcmpHeader.TypeUnreachable
                && (code == IcmpHeader.CodeProtocolUnreachable || code == IcmpHeader.CodePortUnreachable);
            if (refused && block.State == TcpState.SynSent)
            {
                _ending.FailToOpen(block, SocketError.ConnectionRefused);
                return;
            }

            // MUST-56: a soft error, which may pass. If the connection fails in the end, the application is told this instead of a mere timeout
            block.SoftError = type == IcmpHeader.TypeUnreachable && code == IcmpHeader.CodeNetworkUnreachable
                ? SocketError.NetworkUnreachable
                : SocketError.HostUnreachable;
        }

        /// <summary>
        /// Our address is no longer ours: no answer to what we sent can reach us, and nothing can be sent in the connections' names.
        /// </summary>
        internal void AddressLost()
        {
            _tcp.SynQueue.Clear();
            TcpControlBlock[] blocks = _tcp.Blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.State > TcpState.Listen)
                {
                    // a connection in TIME-WAIT has had its orderly end
                    _ending.End(block, block.State == TcpState.TimeWait ? SocketError.Success : SocketError.AddressNotAvailable);
                }
            }
        }

        /// <summary>
        /// The connection is established: what was said before does not matter any more.
        /// </summary>
        /// <param name="block">The connection.</param>
        internal static void Forget(TcpControlBlock block)
        {
            block.SoftError = SocketError.Success;
        }

        /// <summary>
        /// Segments were too large: what is queued in larger ones is sent again at once, in fragments.
        /// </summary>
        private void Shrink(TcpControlBlock block, int mtu)
        {
            if (EffectiveMss.Shrink(block, mtu) && block.State >= TcpState.Established)
            {
                _detection.MarkAllLost(block, false);
                _tcp.RequestOutput(block);
            }
        }

        private TcpControlBlock Find(QuotedPacket quote)
        {
            TcpControlBlock[] blocks = _tcp.Blocks;
            for (int i = 0; i < blocks.Length; i++)
            {
                TcpControlBlock block = blocks[i];
                if (block.LocalPort == quote.SourcePort && block.RemotePort == quote.DestinationPort
                    && block.RemoteAddress == quote.Destination && block.State > TcpState.Listen)
                {
                    // how far from SND.UNA, without a sign: half of all numbers away is before and behind at once
                    return quote.Sequence - block.SndUna < block.SndMax - block.SndUna ? block : null;
                }
            }

            return null;
        }
    }
}
