// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// RCV.WND: never more than what arrives can be kept in, never taken back, and opened in steps that are worth a segment
    /// (RFC 9293 section 3.8.6).
    /// </summary>
    internal sealed class TcpReceiveWindow
    {
        private readonly FramePool _pool;
        private readonly int _receiveWindow;
        private readonly int _receiveFrames;
        private readonly int _windowStep;

        /// <summary>
        /// Initializes a new instance of the <see cref="TcpReceiveWindow"/> class.
        /// </summary>
        /// <param name="pool">Knows the frames that are really free.</param>
        /// <param name="configuration">Sizes.</param>
        internal TcpReceiveWindow(FramePool pool, StackConfiguration configuration)
        {
            _pool = pool;
            _receiveWindow = configuration.TcpReceiveWindow;
            _receiveFrames = configuration.TcpReceiveFrames;

            // RFC 9293 section 3.8.6.2.2: the window opens in steps of min(half the buffer, MSS), or it gets silly
            int half = _receiveWindow >> 1;
            _windowStep = half < TcpTransmitter.OurMss ? half : TcpTransmitter.OurMss;
        }

        /// <summary>
        /// The window to tell the peer, opened if that is worth telling.
        /// </summary>
        /// <param name="block">The connection; its right edge moves.</param>
        /// <returns>SEG.WND in bytes.</returns>
        internal int Open(TcpControlBlock block)
        {
            int told = (int)(block.RcvEdge - block.RcvNxt);
            if (block.FinReceived)
            {
                return told > 0 ? told : 0;
            }

            int space = Space(block);
            if (space - told >= _windowStep)
            {
                block.RcvEdge = block.RcvNxt + (uint)space;
                return space;
            }

            return told;
        }

        /// <summary>
        /// The window to tell a peer whose connection is being opened.
        /// </summary>
        /// <returns>Bytes.</returns>
        internal int Initial()
        {
            int pool = _pool.FreeLargest() * TcpTransmitter.OurMss;
            return _receiveWindow < pool ? _receiveWindow : pool;
        }

        /// <summary>
        /// Whether the application has read so much that the peer should hear of it (RFC 9293 section 3.8.6.2.2).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether a window update is worth a segment.</returns>
        internal bool WantsUpdate(TcpControlBlock block)
        {
            int told = (int)(block.RcvEdge - block.RcvNxt);
            int gain = Space(block) - told;
            return gain >= 2 * TcpTransmitter.OurMss || gain >= _receiveWindow >> 1 || (told == 0 && gain >= _windowStep);
        }

        /// <summary>
        /// Whether the peer has used up its window and can only go on when the application has read. The application works after
        /// this poll: then one acknowledgment serves where else one with a closed window and one with an open one would follow each other.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether it is so.</returns>
        internal static bool IsReadersTurn(TcpControlBlock block)
        {
            return block.Attached && (int)(block.RcvEdge - block.RcvNxt) < TcpTransmitter.OurMss;
        }

        /// <summary>
        /// How far the window could open now: room in the connection's share, and frames that are really free.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Bytes from RCV.NXT on.</returns>
        private int Space(TcpControlBlock block)
        {
            if (block.ReceiveQueue.Count >= _receiveFrames)
            {
                return 0;
            }

            int space = _receiveWindow - block.ReceiveQueue.Bytes;
            int initial = Initial();
            return space < initial ? space : initial;
        }
    }
}
