// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Http
{
    /// <summary>
    /// A piece of a request: what it says, decoded. It is true until six others have been asked for, or the handler returns.
    /// </summary>
    public sealed class HttpValue
    {
        private byte[] _bytes;
        private int _start;
        private int _length;

        /// <summary>Gets the number of bytes.</summary>
        public int Length => _length;

        /// <summary>
        /// Reads one byte.
        /// </summary>
        /// <param name="index">0 to <see cref="Length"/> - 1.</param>
        /// <returns>0 to 255; -1 behind the end.</returns>
        public int GetByte(int index) => index < 0 || index >= _length ? -1 : _bytes[_start + index];

        /// <summary>
        /// Whether it is a text.
        /// </summary>
        /// <param name="text">ASCII text.</param>
        /// <returns>Whether they are the same, letter by letter.</returns>
        public bool Is(string text)
        {
            if (text == null || text.Length != _length)
            {
                return false;
            }

            for (int i = 0; i < _length; i++)
            {
                if (_bytes[_start + i] != text[i])
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Reads it as a whole number.
        /// </summary>
        /// <param name="otherwise">What to say if it is none, or too large.</param>
        /// <returns>The number.</returns>
        public int ToInt32(int otherwise)
        {
            bool isNegative = GetByte(0) == '-';
            int at = isNegative ? 1 : 0;
            if (at == _length)
            {
                return otherwise;
            }

            int value = 0;
            for (; at < _length; at++)
            {
                int digit = _bytes[_start + at] - '0';
                if (digit < 0 || digit > 9 || value > (int.MaxValue - digit) / 10)
                {
                    return otherwise;
                }

                value = (value * 10) + digit;
            }

            return isNegative ? -value : value;
        }

        /// <summary>
        /// Copies it out.
        /// </summary>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <returns>How many bytes were copied: all, or as many as fit.</returns>
        public int CopyTo(byte[] buffer, int offset)
        {
            int count = 0;
            while (buffer != null && offset >= 0 && count < _length && offset + count < buffer.Length)
            {
                buffer[offset + count] = _bytes[_start + count];
                count++;
            }

            return count;
        }

        /// <summary>Gets the bytes that it lies in.</summary>
        internal byte[] Bytes => _bytes;

        /// <summary>Gets where it begins.</summary>
        internal int Start => _start;

        /// <summary>
        /// Points it at bytes.
        /// </summary>
        /// <param name="bytes">The bytes.</param>
        /// <param name="start">Index of the first.</param>
        /// <param name="length">How many.</param>
        internal void Set(byte[] bytes, int start, int length)
        {
            _bytes = bytes;
            _start = start;
            _length = length;
        }
    }
}
