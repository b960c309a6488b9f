// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Sockets
{
    /// <summary>
    /// Room in a frame that will be sent: what is written here need not be copied again. The application makes one at start-up and
    /// uses it again and again.
    /// </summary>
    /// <remarks>
    /// <see cref="SocketLayer.Reserve"/> points it at free room, <see cref="SocketLayer.Commit"/> sends what was written. In between
    /// it is written from front to back by the methods here, or as one likes in <see cref="Words"/>. A method that finds no room for
    /// all that it has to write writes nothing. Once the room is given up, by a commit or by the next reservation on any socket, the
    /// view says InvalidState to all that would be written.
    /// </remarks>
    public sealed class SendView
    {
        private int _written;
        private int _limit;

        /// <summary>
        /// Gets the words that hold the room, or null while there is none.
        /// </summary>
        public ushort[] Words => Frame == null ? null : Frame.Words;

        /// <summary>
        /// Gets the offset of the first byte, in bytes from the start of <see cref="Words"/>. It may be odd where the room continues
        /// what was written before.
        /// </summary>
        public int Offset => Start + (Frame.PrefixWords << 1);

        /// <summary>
        /// Gets the number of bytes that there is room for.
        /// </summary>
        public int Length { get; private set; }

        /// <summary>
        /// Gets a value indicating whether the byte at an even offset is the low one of its word.
        /// </summary>
        public bool LowByteFirst => Frame != null && Frame.LowByteFirst;

        /// <summary>
        /// Gets the number of bytes that the methods here have written.
        /// </summary>
        public int Written => _written;

        /// <summary>
        /// Gets the number of bytes that the methods here have room for.
        /// </summary>
        public int Room => _limit - _written;

        /// <summary>Gets the frame, which the reservation holds a reference to, or null.</summary>
        internal Frame Frame { get; private set; }

        /// <summary>Gets the offset of the first byte in the frame.</summary>
        internal int Start { get; private set; }

        /// <summary>Gets the socket that the room is reserved for.</summary>
        internal int Descriptor { get; private set; }

        /// <summary>
        /// Writes one byte.
        /// </summary>
        /// <param name="value">The byte; higher bits are ignored.</param>
        /// <returns>1, or NoBufferSpace, InvalidState.</returns>
        public int WriteByte(int value)
        {
            if (_limit - _written < 1)
            {
                return RefuseWrite();
            }

            Frame.SetByte(Start + _written, value & 0xFF);
            _written++;
            return 1;
        }

        /// <summary>
        /// Writes a 16-bit number in network byte order.
        /// </summary>
        /// <param name="value">The number; higher bits are ignored.</param>
        /// <returns>2, or NoBufferSpace, InvalidState.</returns>
        public int WriteUInt16(int value)
        {
            if (_limit - _written < 2)
            {
                return RefuseWrite();
            }

            Store16(value);
            return 2;
        }

        /// <summary>
        /// Writes a 32-bit number in network byte order.
        /// </summary>
        /// <param name="value">The number.</param>
        /// <returns>4, or NoBufferSpace, InvalidState.</returns>
        public int WriteUInt32(uint value)
        {
            if (_limit - _written < 4)
            {
                return RefuseWrite();
            }

            Store16((int)(value >> 16));
            Store16((int)(value & 0xFFFF));
            return 4;
        }

        /// <summary>
        /// Writes a number as decimal text, with a minus sign where there is one and no padding.
        /// </summary>
        /// <param name="value">The number.</param>
        /// <returns>The number of characters, or NoBufferSpace, InvalidState.</returns>
        public int WriteDecimal(int value)
        {
            uint rest = value < 0 ? 0U - (uint)value : (uint)value;
            int length = value < 0 ? 2 : 1;
            for (uint i = rest; i > 9; i /= 10)
            {
                length++;
            }

            if (_limit - _written < length)
            {
                return RefuseWrite();
            }

            int offset = Start + _written + length;
            do
            {
                offset--;
                Frame.SetByte(offset, (int)('0' + (rest % 10)));
                rest /= 10;
            }
            while (rest != 0);

            if (value < 0)
            {
                Frame.SetByte(offset - 1, '-');
            }

            _written += length;
            return length;
        }

        /// <summary>
        /// Keeps bytes at the end of the room from the methods here, for something that will have to be written last.
        /// </summary>
        /// <param name="count">How many, no more than there is room for; 0 to give them free again.</param>
        public void KeepFree(int count)
        {
            _limit = Length - count;
        }

        /// <summary>
        /// Writes text as UTF-8, as many of its characters as there is room for.
        /// </summary>
        /// <param name="text">The text.</param>
        /// <param name="start">Index of its first character to write.</param>
        /// <returns>How many characters were written, maybe none; or InvalidArgument, InvalidState.</returns>
        public int WriteText(string text, int start)
        {
            if (text == null || start < 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (Frame == null)
            {
                return (int)SocketError.InvalidState;
            }

            int length = text.Length;
            int i = start + WriteAscii(text, start);
            while (i < length)
            {
                int c = text[i];
                int next = i + 1;
                if (c >= 0xD800 && c < 0xE000)
                {
                    // two make one character; one alone makes none
                    int low = c < 0xDC00 && next < length ? text[next] - 0xDC00 : -1;
                    bool isPair = low >= 0 && low < 0x400;
                    c = isPair ? 0x10000 + ((c - 0xD800) << 10) + low : 0xFFFD;
                    next += isPair ? 1 : 0;
                }

                int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
                if (_limit - _written <= more)
                {
                    break;
                }

                // the first byte says how many there are (RFC 3629 section 3)
                Frame.SetByte(Start + _written, more == 0 ? c : ((0xFF00 >> (more + 1)) & 0xFF) | (c >> (6 * more)));
                _written++;
                while (more > 0)
                {
                    more--;
                    Frame.SetByte(Start + _written, 0x80 | ((c >> (6 * more)) & 0x3F));
                    _written++;
                }

                i = next;
            }

            return i - start;
        }

        /// <summary>
        /// Writes text up to the first character that takes more than a byte, two in a word: nearly all text is like that from end to end.
        /// </summary>
        /// <returns>How many characters were written; one that is left over at the end is not.</returns>
        private int WriteAscii(string text, int start)
        {
            int offset = Start + _written;
            int room = _limit - _written;
            int end = text.Length - start <= room ? text.Length : start + room;
            int i = start;
            if ((offset & 1) != 0 && i < end && text[i] < 0x80)
            {
                Frame.SetByte(offset, text[i]);
                i++;
                offset++;
            }

            if ((offset & 1) == 0)
            {
                ushort[] words = Frame.Words;
                bool lowByteFirst = Frame.LowByteFirst;
                int index = (offset >> 1) + Frame.PrefixWords;
                while (i + 1 < end)
                {
                    int first = text[i];
                    int second = text[i + 1];
                    if ((first | second) >= 0x80)
                    {
                        break;
                    }

                    words[index++] = (ushort)(lowByteFirst ? first | (second << 8) : (first << 8) | second);
                    i += 2;
                }
            }

            _written += i - start;
            return i - start;
        }

        /// <summary>
        /// Changes a byte that was written.
        /// </summary>
        /// <param name="index">0 to <see cref="Written"/> - 1.</param>
        /// <param name="value">The byte; higher bits are ignored.</param>
        /// <returns>1, or InvalidArgument, InvalidState.</returns>
        public int SetByte(int index, int value)
        {
            if (Frame == null)
            {
                return (int)SocketError.InvalidState;
            }

            if (index < 0 || index >= _written)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame.SetByte(Start + index, value & 0xFF);
            return 1;
        }

        /// <summary>
        /// Copies bytes.
        /// </summary>
        /// <param name="buffer">The bytes.</param>
        /// <param name="offset">Index of the first.</param>
        /// <param name="count">How many.</param>
        /// <returns>How many were copied, that is all, or InvalidArgument, NoBufferSpace, InvalidState.</returns>
        public int Write(byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            if (Frame == null || _limit - _written < count)
            {
                return RefuseWrite();
            }

            Frame.CopyBytesFrom(Start + _written, buffer, offset, count);
            _written += count;
            return count;
        }

        /// <summary>
        /// Copies text that was laid out at start-up: whole words where it begins with one.
        /// </summary>
        /// <param name="content">The text.</param>
        /// <returns>How many bytes were copied, that is all, or InvalidArgument, NoBufferSpace, InvalidState.</returns>
        public int Write(WordBuffer content)
        {
            if (content == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            int count = content.Length;
            if (Frame == null || _limit - _written < count)
            {
                return RefuseWrite();
            }

            int offset = Start + _written;
            if ((offset & 1) == 0)
            {
                // the half of a word that an odd length leaves over is in the frame, and written over by what comes next
                Frame.CopyWordsFrom(offset, content.Words, 0, (count + 1) >> 1);
            }
            else
            {
                for (int i = 0; i < count; i++)
                {
                    Frame.SetByte(offset + i, content.GetByte(i));
                }
            }

            _written += count;
            return count;
        }

        /// <summary>
        /// Points the view at room in a frame.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="start">Offset of the first byte in the frame.</param>
        /// <param name="length">Bytes that there is room for.</param>
        /// <param name="descriptor">The socket.</param>
        internal void Set(Frame frame, int start, int length, int descriptor)
        {
            Frame = frame;
            Start = start;
            Length = length;
            _limit = length;
            Descriptor = descriptor;
            _written = 0;
        }

        /// <summary>
        /// Takes the room away.
        /// </summary>
        internal void Clear()
        {
            Frame = null;
            Length = 0;
            _limit = 0;
        }

        private int RefuseWrite() => Frame == null ? (int)SocketError.InvalidState : (int)SocketError.NoBufferSpace;

        private void Store16(int value)
        {
            Frame.SetByte(Start + _written, (value >> 8) & 0xFF);
            Frame.SetByte(Start + _written + 1, value & 0xFF);
            _written += 2;
        }
    }
}
