// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Sockets
{
    /// <summary>
    /// A look at received bytes where they lie. The application makes one at start-up and uses it again and again.
    /// </summary>
    /// <remarks>
    /// It shows nothing before a call has set it. Once the bytes were consumed, or the next call has been made with it, what it
    /// showed before must not be read any more: the frame may hold something else.
    /// </remarks>
    public sealed class ReceivedView
    {
        private Frame _frame;

        /// <summary>
        /// Gets the words that hold the bytes, or null before a call has set the view.
        /// </summary>
        public ushort[] Words => _frame == null ? null : _frame.Words;

        /// <summary>
        /// Gets the offset of the first byte, in bytes from the start of <see cref="Words"/>.
        /// </summary>
        public int Offset => _frame == null ? 0 : _frame.PayloadOffset + (Frame.PrefixWords << 1);

        /// <summary>
        /// Gets the number of bytes.
        /// </summary>
        public int Length => _frame == null ? 0 : _frame.PayloadLength;

        /// <summary>
        /// Gets a value indicating whether the byte at an even offset is the low one of its word.
        /// </summary>
        public bool LowByteFirst => _frame != null && _frame.LowByteFirst;

        /// <summary>
        /// Reads one byte. Many in a row are cheaper to copy, or to read from <see cref="Words"/>.
        /// </summary>
        /// <param name="index">0 to <see cref="Length"/> - 1.</param>
        /// <returns>0 to 255, or InvalidArgument.</returns>
        public int GetByte(int index)
        {
            return index < 0 || index >= Length ? (int)SocketError.InvalidArgument : _frame.GetByte(_frame.PayloadOffset + index);
        }

        /// <summary>
        /// Reads two bytes as a number in network byte order.
        /// </summary>
        /// <param name="index">Of the first, 0 to <see cref="Length"/> - 2.</param>
        /// <returns>0 to 65535, or InvalidArgument.</returns>
        public int GetUInt16(int index)
        {
            if (index < 0 || index >= Length - 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            int offset = _frame.PayloadOffset + index;
            return (_frame.GetByte(offset) << 8) | _frame.GetByte(offset + 1);
        }

        /// <summary>
        /// Copies bytes out.
        /// </summary>
        /// <param name="index">Of the first, 0 to <see cref="Length"/> - 1.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many.</param>
        /// <returns>How many were copied, that is all, or InvalidArgument.</returns>
        public int CopyTo(int index, byte[] buffer, int offset, int count)
        {
            if (buffer == null || index < 0 || offset < 0 || count < 0 || count > Length - index || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (count > 0)
            {
                _frame.CopyBytesTo(_frame.PayloadOffset + index, buffer, offset, count);
            }

            return count;
        }

        /// <summary>
        /// Moves on to what a connection's peer has sent after that: a look further ahead, for nothing is given up. Of a datagram socket it must not be
        /// asked for.
        /// </summary>
        /// <returns>How many bytes it shows now; 0 where no more has arrived, and it shows what it did.</returns>
        public int MoveOn()
        {
            if (_frame == null || _frame.Next == null)
            {
                return 0;
            }

            _frame = _frame.Next;
            return _frame.PayloadLength;
        }

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
