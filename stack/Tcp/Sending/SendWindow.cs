// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Tcp
{
    /// <summary>
    /// The window that the peer gives us (RFC 9293 section 3.8.6). Owns <see cref="TcpControlBlock.SndWnd"/>,
    /// <see cref="TcpControlBlock.MaxSndWnd"/>, <see cref="TcpControlBlock.SndWl1"/> and <see cref="TcpControlBlock.SndWl2"/>.
    /// </summary>
    internal static class SendWindow
    {
        /// <summary>
        /// Takes the window of the peer's SYN. It counts, so that text may follow the handshake at once.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">IRS.</param>
        /// <param name="window">SEG.WND in bytes.</param>
        internal static void Begin(TcpControlBlock block, uint sequence, int window)
        {
            block.SndWnd = window;
            block.MaxSndWnd = window;
            block.SndWl1 = sequence;
        }

        /// <summary>
        /// Takes the window of the segment that completes the handshake (RFC 9293 section 3.10.7.4, SYN-RECEIVED).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">SEG.SEQ.</param>
        /// <param name="acknowledgment">SEG.ACK.</param>
        /// <param name="window">SEG.WND in bytes.</param>
        internal static void Open(TcpControlBlock block, uint sequence, uint acknowledgment, int window)
        {
            Begin(block, sequence, window);
            block.SndWl2 = acknowledgment;
        }

        /// <summary>
        /// Takes the window that the peer tells of.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="segment">A segment that is newer than the one that the window was taken from.</param>
        internal static void Take(TcpControlBlock block, TcpSegment segment)
        {
            block.SndWnd = segment.Window;
            if ((int)(block.SndWl1 - segment.Sequence) < 0)
            {
                block.SndWl1 = segment.Sequence;
            }

            block.SndWl2 = segment.Acknowledgment;
            if (segment.Window > block.MaxSndWnd)
            {
                block.MaxSndWnd = segment.Window;
            }
        }

        /// <summary>
        /// How much of the window lies from a sequence number on.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <param name="sequence">The sequence number.</param>
        /// <returns>Bytes; negative behind the window's edge.</returns>
        internal static int From(TcpControlBlock block, uint sequence) => (int)(block.SndUna + (uint)block.SndWnd - sequence);
    }
}
