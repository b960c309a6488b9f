// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// RCV.WND: never more than what arrives can be kept in, never taken back, and opened in steps that are worth a segment
    /// (RFC 9293 section 3.8.6). Owns <see cref="TcpControlBlock.RcvEdge"/>.
    /// </summary>
    internal sealed class TcpReceiveWindow
    {
        private readonly FramePool _pool;
        private readonly int _receiveWindow;
        private readonly int _receiveFrames;
        private readonly int _windowStep;

        // what is left of the step where frames are so short that only one is promised
        private readonly int _smallestStep;

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
            _smallestStep = _windowStep < TcpTransmitter.OurMss >> 1 ? _windowStep : TcpTransmitter.OurMss >> 1;
        }

        /// <summary>
        /// The window to tell the peer, opened if that is worth telling.
        /// </summary>
        /// <param name="block">The connection; its right edge moves.</param>
        /// <returns>SEG.WND in bytes.</returns>
        internal int Open(TcpControlBlock block)
        {
            int told = (int)(block.RcvEdge - block.RcvNxt);
            int space = _receiveWindow - block.ReceiveQueue.Bytes;
            if (block.FinReceived || space - told < _smallestStep)
            {
                // frames are not even counted for what would be too little to tell
                return told;
            }

            int most = MostNow(block);
            space = space < most ? space : most;
            if (space - told >= Step(space, most))
            {
                // what is cut off is less than a step, so the edge moves right all the same
                told = Round(space, block.SndMss);
                block.RcvEdge = block.RcvNxt + (uint)told;
            }

            return told;
        }

        /// <summary>
        /// The window to tell a peer whose connection is being opened: a segment at least, for a frame of the largest size is always left
        /// for what passes through, and if it cannot be kept its text goes over into smaller ones.
        /// </summary>
        /// <param name="mss">The peer's maximum segment size, 0 where it is not known.</param>
        /// <returns>Bytes.</returns>
        internal int Initial(int mss)
        {
            int free = _pool.FreeLargestToKeep();
            return Round(Most(free > 0 ? free : 1), mss);
        }

        /// <summary>
        /// The window to tell a peer whom nothing is remembered of: the same whenever it is asked for.
        /// </summary>
        /// <returns>Bytes.</returns>
        internal int Least() => _receiveWindow < TcpTransmitter.OurMss ? _receiveWindow : TcpTransmitter.OurMss;

        /// <summary>
        /// Nothing is known of the peer yet: what our SYN tells of the window is counted from 0.
        /// </summary>
        /// <param name="block">The connection, RCV.NXT being 0.</param>
        internal static void AwaitPeer(TcpControlBlock block)
        {
            block.RcvEdge = 0;
        }

        /// <summary>
        /// The peer's SYN has come: what ours told of the window counts from its number on.
        /// </summary>
        /// <param name="block">The connection, RCV.NXT known.</param>
        internal static void BeginAtPeer(TcpControlBlock block)
        {
            block.RcvEdge += block.RcvNxt;
        }

        /// <summary>
        /// A half-open connection gets a block: the peer was told of its window before.
        /// </summary>
        /// <param name="block">The connection, RCV.NXT known.</param>
        /// <param name="window">Bytes.</param>
        internal static void Begin(TcpControlBlock block, int window)
        {
            block.RcvEdge = block.RcvNxt + (uint)window;
        }

        /// <summary>
        /// The peer's FIN takes a number, in the window or behind it.
        /// </summary>
        /// <param name="block">The connection, RCV.NXT behind the FIN.</param>
        internal static void IncludeFin(TcpControlBlock block)
        {
            if ((int)(block.RcvEdge - block.RcvNxt) < 0)
            {
                block.RcvEdge = block.RcvNxt;
            }
        }

        /// <summary>
        /// Whether the application has read so much that the peer should hear of it (RFC 9293 section 3.8.6.2.2).
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether a window update is worth a segment.</returns>
        internal bool WantsUpdate(TcpControlBlock block)
        {
            int told = (int)(block.RcvEdge - block.RcvNxt);
            int space = _receiveWindow - block.ReceiveQueue.Bytes;
            if (space - told < _smallestStep)
            {
                return false;
            }

            int most = MostNow(block);
            space = space < most ? space : most;
            int gain = space - told;
            return gain >= 2 * TcpTransmitter.OurMss || gain >= _receiveWindow >> 1
                || (told < TcpTransmitter.OurMss && gain >= Step(space, most));
        }

        /// <summary>
        /// Frames have come back that were short: has a peer told who was promised less than it could have. The block's next output carries
        /// it; who is still told less then asks for the event again.
        /// </summary>
        /// <param name="block">Any block.</param>
        /// <returns>Whether it is told.</returns>
        internal bool Tell(TcpControlBlock block)
        {
            if (block.State < TcpState.Established || block.FinReceived || !WantsUpdate(block))
            {
                return false;
            }

            AcknowledgmentPolicy.OweNow(block);
            TcpOutput.Request(block);
            return true;
        }

        /// <summary>
        /// Whether the peer has used up its window and can only go on when the application has read. The application works after
        /// this poll: then one acknowledgment serves where else one with a closed window and one with an open one would follow each other.
        /// </summary>
        /// <param name="block">The connection.</param>
        /// <returns>Whether it is so.</returns>
        internal static bool IsReadersTurn(TcpControlBlock block)
        {
            return block.Descriptor >= 0 && (int)(block.RcvEdge - block.RcvNxt) < TcpTransmitter.OurMss;
        }

        /// <summary>
        /// What frames that are really free can take: who holds something already is promised what can be kept, who holds nothing a segment
        /// at least.
        /// </summary>
        private int MostNow(TcpControlBlock block)
        {
            if (block.ReceiveQueue.Count >= _receiveFrames)
            {
                return 0;
            }

            int free = _pool.FreeLargestToKeep();
            return Most(free > 0 || block.ReceiveQueue.Count > 0 ? free : 1);
        }

        /// <summary>
        /// The step that the window opens in. Where frames are short, the whole buffer is no more than they can take, and so the steps are
        /// smaller in which it is offered.
        /// </summary>
        private int Step(int space, int most)
        {
            return space == most && most > 0 && most >> 1 < _windowStep ? most >> 1 : _windowStep;
        }

        /// <summary>
        /// What some frames of the largest size can take, a connection's share at most.
        /// </summary>
        private int Most(int frames)
        {
            int most = frames * TcpTransmitter.OurMss;
            if (most >= _receiveWindow)
            {
                return _receiveWindow;
            }

            _pool.AwaitLargest();
            return most;
        }

        /// <summary>
        /// Makes whole segments of a window, if what is left over is less than a quarter of one: a peer that fills it would be left with a sliver
        /// that is not worth sending, and nothing would end that but its timer if our next update were lost. Peers send no more at
        /// once than half of the largest window, and none that is worth sending is kept from them.
        /// </summary>
        private int Round(int window, int mss)
        {
            int segment = mss < _receiveWindow >> 1 ? mss : _receiveWindow >> 1;
            if (mss == 0 || window <= segment)
            {
                return window;
            }

            int rest = window % segment;
            return rest < segment >> 2 ? window - rest : window;
        }
    }
}
