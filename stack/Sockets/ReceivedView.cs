// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Sockets
{
    /// <summary>
    /// A look at received bytes where they lie. The application makes one at start-up and uses it again and again.
    /// </summary>
    public sealed class ReceivedView
    {
        private Frame _frame;

        /// <summary>
        /// Gets the words that hold the bytes.
        /// </summary>
        public ushort[] Words => _frame.Words;

        /// <summary>
        /// Gets the offset of the first byte, in bytes from the start of <see cref="Words"/>.
        /// </summary>
        public int Offset => _frame.PayloadOffset + (Frame.PrefixWords << 1);

        /// <summary>
        /// Gets the number of bytes.
        /// </summary>
        public int Length => _frame.PayloadLength;

        /// <summary>
        /// Gets a value indicating whether the byte at an even offset is the low one of its word.
        /// </summary>
        public bool LowByteFirst => _frame.LowByteFirst;

        /// <summary>
        /// Points the view at a frame.
        /// </summary>
        /// <param name="frame">The frame.</param>
        internal void Set(Frame frame)
        {
            _frame = frame;
        }
    }
}
