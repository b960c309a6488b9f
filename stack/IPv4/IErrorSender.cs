// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// Who tells senders what became of their packets (RFC 1122 section 3.2.2).
    /// </summary>
    internal interface IErrorSender
    {
        /// <summary>
        /// Nobody here speaks the protocol of a packet.
        /// </summary>
        /// <param name="offending">The packet, sent to us alone.</param>
        /// <param name="payload">Offset of its payload.</param>
        /// <param name="source">Who sent it.</param>
        void ProtocolUnreachable(Frame offending, int payload, uint source);

        /// <summary>
        /// The rest of a datagram did not come in time.
        /// </summary>
        /// <param name="first">The first fragment's header, and the bytes that came with it.</param>
        /// <param name="payload">Offset of its payload.</param>
        /// <param name="source">Who sent it.</param>
        void ReassemblyTimeExceeded(Frame first, int payload, uint source);
    }
}
