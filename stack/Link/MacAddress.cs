// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp.Link
{
    /// <summary>
    /// A 48-bit Ethernet address (IEEE 802.3 clause 3.2.3), made at start-up. Immutable.
    /// </summary>
    public sealed class MacAddress
    {
        /// <summary>Length in bytes.</summary>
        public const int Length = 6;

        private readonly byte[] _octets = new byte[Length];

        /// <summary>
        /// Initializes a new instance of the <see cref="MacAddress"/> class.
        /// </summary>
        /// <param name="octets">Six bytes in the order in which they go over the wire.</param>
        /// <exception cref="ArgumentException">There are not six, or they are a group address.</exception>
        public MacAddress(byte[] octets)
        {
            if (octets == null || octets.Length != Length || (octets[0] & 1) != 0)
            {
                throw new ArgumentException("A station's MAC address has six bytes, and the lowest bit of the first is 0.", nameof(octets));
            }

            Array.Copy(octets, _octets, Length);
        }

        /// <summary>
        /// One byte of the address.
        /// </summary>
        /// <param name="index">0 (first on the wire) to 5.</param>
        /// <returns>0 to 255.</returns>
        public int GetOctet(int index) => _octets[index];

        /// <summary>
        /// The address as three words that can be copied into frames.
        /// </summary>
        /// <param name="order">The frames' word order.</param>
        /// <returns>A new array of three words.</returns>
        public ushort[] ToWords(WordOrder order)
        {
            ushort[] words = new ushort[Length / 2];
            for (int i = 0; i < words.Length; i++)
            {
                int first = _octets[i * 2];
                int second = _octets[(i * 2) + 1];
                words[i] = (ushort)(order == WordOrder.LowByteFirst ? first | (second << 8) : (first << 8) | second);
            }

            return words;
        }

        /// <inheritdoc/>
        public override string ToString()
        {
            string text = _octets[0].ToString("X2");
            for (int i = 1; i < Length; i++)
            {
                text += "-" + _octets[i].ToString("X2");
            }

            return text;
        }
    }
}
