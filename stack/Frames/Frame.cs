// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Frames
{
    /// <summary>
    /// Storage for one Ethernet frame: the destination address is at offset 0, and all offsets are in bytes from there.
    /// </summary>
    /// <remarks>
    /// This class alone knows that the bytes lie in 16-bit words and in which order. Multi-byte fields are big-endian on the
    /// wire (RFC 1700, "network byte order") and plain integers here. Offsets of 16- and 32-bit fields are even: every header
    /// field of Ethernet, ARP, IPv4, ICMP, UDP and TCP lies so, since Ethernet's own header is 14 bytes long.
    /// Offsets are not checked here: each header is checked once, in its Check method, before its fields are read.
    /// </remarks>
    public sealed class Frame
    {
        /// <summary>
        /// Words before the Ethernet header. They belong to the driver: a controller's command and control byte travel in the
        /// same SPI transfer as the frame.
        /// </summary>
        public const int PrefixWords = 1;

        /// <summary>The <see cref="SizeClass"/> of a frame that no pool owns: it belongs to whoever made it.</summary>
        internal const int NoClass = -1;

        /// <summary>The low byte of each of the two words of a 32-bit number.</summary>
        internal const uint LowBytes = 0x00FF00FF;

        /// <summary>Frames linked in a queue or in a pool's free list.</summary>
        internal Frame Next;

        /// <summary>Offset of the first payload byte that nobody has consumed yet, in bytes.</summary>
        internal int PayloadOffset;

        /// <summary>Number of payload bytes from <see cref="PayloadOffset"/> on.</summary>
        internal int PayloadLength;

        /// <summary>Sequence number of the first payload byte (SEG.SEQ, RFC 9293 section 3.4), while a TCP socket holds the frame.</summary>
        internal uint Sequence;

        /// <summary>One's complement sum over <see cref="SummedLength"/> bytes of payload, kept so that a retransmission does not sum them again.</summary>
        internal uint PayloadSum;

        /// <summary>How many payload bytes <see cref="PayloadSum"/> covers.</summary>
        internal int SummedLength;

        /// <summary>What is known of the segment in a TCP send queue: marks of <see cref="Tcp.TcpLossDetection"/>.</summary>
        internal int Marks;

        /// <summary>
        /// When the segment was last sent, while a TCP send queue holds the frame, in milliseconds. While it waits for its turn among
        /// what has arrived early: the number of the last arrival that belongs to it. While it waits as a fragment: when it came.
        /// </summary>
        internal int SentAt;

        /// <summary>How many owners hold the frame; 0 while it lies in its pool.</summary>
        internal int References;

        /// <summary>The size that the frame belongs to, or null where no pool owns it.</summary>
        internal readonly FrameClass Class;

        /// <summary>
        /// The storage as the driver transfers it: <see cref="PrefixWords"/> words of the driver's own, then the frame. Fields are read as they
        /// are, without an accessor each, for the interpreter calls what it is told to call, and each packet is looked at often.
        /// </summary>
        public readonly ushort[] Words;

        /// <summary>Whether the low byte of a word is the first on the wire.</summary>
        public readonly bool LowByteFirst;

        /// <summary>
        /// Number of bytes of Ethernet frame in use: header and payload, neither padding nor FCS.
        /// </summary>
        public int Length;

        /// <summary>
        /// Initializes a new instance of the <see cref="Frame"/> class that no pool owns.
        /// </summary>
        /// <param name="capacity">Bytes of Ethernet frame, FCS not counted, that fit.</param>
        /// <param name="order">The word order of the interface that the frame will travel through.</param>
        public Frame(int capacity, WordOrder order)
            : this(capacity, order, null)
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="Frame"/> class.
        /// </summary>
        /// <param name="capacity">Bytes of Ethernet frame, FCS not counted, that fit.</param>
        /// <param name="order">The word order of the interface that the frame will travel through.</param>
        /// <param name="frameClass">The size that the frame belongs to.</param>
        internal Frame(int capacity, WordOrder order, FrameClass frameClass)
        {
            Words = new ushort[WordsFor(capacity)];
            LowByteFirst = order == WordOrder.LowByteFirst;
            Class = frameClass;
        }

        /// <summary>Gets the pool's size class that the frame belongs to.</summary>
        internal int SizeClass => Class == null ? NoClass : Class.Index;

        /// <summary>
        /// Gets the number of bytes of Ethernet frame, FCS not counted, that fit.
        /// </summary>
        public int Capacity => (Words.Length - PrefixWords) << 1;

        /// <summary>
        /// Words that a frame of a capacity takes.
        /// </summary>
        /// <param name="capacity">Bytes of Ethernet frame, FCS not counted.</param>
        /// <returns>The length of the word array, prefix included.</returns>
        public static int WordsFor(int capacity) => PrefixWords + ((capacity + 1) >> 1);

        /// <summary>
        /// Reads one byte.
        /// </summary>
        /// <param name="offset">Offset in bytes, even or odd.</param>
        /// <returns>0 to 255.</returns>
        public int GetByte(int offset)
        {
            int word = Words[(offset >> 1) + PrefixWords];
            return ((offset & 1) == 0) == LowByteFirst ? word & 0xFF : word >> 8;
        }

        /// <summary>
        /// Writes one byte.
        /// </summary>
        /// <param name="offset">Offset in bytes, even or odd.</param>
        /// <param name="value">0 to 255.</param>
        public void SetByte(int offset, int value)
        {
            int index = (offset >> 1) + PrefixWords;
            int word = Words[index];
            Words[index] = ((offset & 1) == 0) == LowByteFirst
                ? (ushort)((word & 0xFF00) | value)
                : (ushort)((word & 0x00FF) | (value << 8));
        }

        /// <summary>
        /// Reads a 16-bit field.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <returns>0 to 65535.</returns>
        public int GetUInt16(int offset)
        {
            int word = Words[(offset >> 1) + PrefixWords];
            return LowByteFirst ? ((word & 0xFF) << 8) | (word >> 8) : word;
        }

        /// <summary>
        /// Writes a 16-bit field.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <param name="value">The value; bits above the 16th are ignored.</param>
        public void SetUInt16(int offset, int value)
        {
            Words[(offset >> 1) + PrefixWords] = LowByteFirst
                ? (ushort)((value << 8) | ((value >> 8) & 0xFF))
                : (ushort)value;
        }

        /// <summary>
        /// Reads a 32-bit field.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <returns>The value.</returns>
        public uint GetUInt32(int offset)
        {
            int index = (offset >> 1) + PrefixWords;
            uint high = Words[index];
            uint low = Words[index + 1];
            return LowByteFirst
                ? ((high & 0xFF) << 24) | ((high & 0xFF00) << 8) | ((low & 0xFF) << 8) | (low >> 8)
                : (high << 16) | low;
        }

        /// <summary>
        /// Writes a 32-bit field.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <param name="value">The value.</param>
        public void SetUInt32(int offset, uint value)
        {
            int index = (offset >> 1) + PrefixWords;
            if (LowByteFirst)
            {
                Words[index] = (ushort)((value >> 24) | ((value >> 8) & 0xFF00));
                Words[index + 1] = (ushort)(((value >> 8) & 0xFF) | (value << 8));
            }
            else
            {
                Words[index] = (ushort)(value >> 16);
                Words[index + 1] = (ushort)value;
            }
        }

        /// <summary>
        /// Reads a word as it lies. Checksums are computed on such words, since the order does not matter to them (RFC 1071).
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <returns>The stored word.</returns>
        public int GetRaw(int offset) => Words[(offset >> 1) + PrefixWords];

        /// <summary>
        /// Writes a word as it is to lie.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <param name="word">The stored word.</param>
        public void SetRaw(int offset, int word) => Words[(offset >> 1) + PrefixWords] = (ushort)word;

        /// <summary>
        /// Turns a value into the word that carries it big-endian on the wire, and back: the conversion is its own inverse.
        /// </summary>
        /// <param name="value">A 16-bit value.</param>
        /// <returns>The word as it lies.</returns>
        public int ToRaw(int value) => LowByteFirst ? ((value & 0xFF) << 8) | ((value >> 8) & 0xFF) : value & 0xFFFF;

        /// <summary>
        /// Copies words into the frame as they lie.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <param name="source">Words in this frame's order.</param>
        /// <param name="sourceIndex">Index of the first word.</param>
        /// <param name="count">Number of words.</param>
        public void CopyWordsFrom(int offset, ushort[] source, int sourceIndex, int count)
        {
            Array.Copy(source, sourceIndex, Words, (offset >> 1) + PrefixWords, count);
        }

        /// <summary>
        /// Copies words out of the frame as they lie.
        /// </summary>
        /// <param name="offset">Offset in bytes, even.</param>
        /// <param name="destination">Where to.</param>
        /// <param name="destinationIndex">Index of the first word there.</param>
        /// <param name="count">Number of words.</param>
        public void CopyWordsTo(int offset, ushort[] destination, int destinationIndex, int count)
        {
            Array.Copy(Words, (offset >> 1) + PrefixWords, destination, destinationIndex, count);
        }

        /// <summary>
        /// Copies bytes into the frame: the one place where an application's bytes become words.
        /// </summary>
        /// <param name="offset">Offset of the first byte in the frame, even or odd.</param>
        /// <param name="source">The bytes.</param>
        /// <param name="sourceIndex">Index of the first of them.</param>
        /// <param name="count">Number of bytes.</param>
        public void CopyBytesFrom(int offset, byte[] source, int sourceIndex, int count)
        {
            if (count > 0 && (offset & 1) != 0)
            {
                SetByte(offset++, source[sourceIndex++]);
                count--;
            }

            int index = (offset >> 1) + PrefixWords;
            int end = sourceIndex + (count & ~1);
            ushort[] words = Words;
            if (LowByteFirst)
            {
                while (sourceIndex < end)
                {
                    words[index++] = (ushort)(source[sourceIndex] | (source[sourceIndex + 1] << 8));
                    sourceIndex += 2;
                }
            }
            else
            {
                while (sourceIndex < end)
                {
                    words[index++] = (ushort)((source[sourceIndex] << 8) | source[sourceIndex + 1]);
                    sourceIndex += 2;
                }
            }

            if ((count & 1) != 0)
            {
                SetByte(offset + count - 1, source[sourceIndex]);
            }
        }

        /// <summary>
        /// Copies bytes out of the frame: the one place where words become an application's bytes.
        /// </summary>
        /// <param name="offset">Offset of the first byte in the frame, even or odd.</param>
        /// <param name="destination">Where to.</param>
        /// <param name="destinationIndex">Index of the first byte there.</param>
        /// <param name="count">Number of bytes.</param>
        public void CopyBytesTo(int offset, byte[] destination, int destinationIndex, int count)
        {
            if (count > 0 && (offset & 1) != 0)
            {
                destination[destinationIndex++] = (byte)GetByte(offset++);
                count--;
            }

            int index = (offset >> 1) + PrefixWords;
            int end = destinationIndex + (count & ~1);
            ushort[] words = Words;
            int first = LowByteFirst ? 0 : 8;
            int second = 8 - first;
            while (destinationIndex < end)
            {
                int word = words[index++];
                destination[destinationIndex] = (byte)(word >> first);
                destination[destinationIndex + 1] = (byte)(word >> second);
                destinationIndex += 2;
            }

            if ((count & 1) != 0)
            {
                destination[destinationIndex] = (byte)GetByte(offset + count - 1);
            }
        }

        /// <summary>
        /// Copies bytes from another frame of the same order.
        /// </summary>
        /// <param name="offset">Offset of the first byte here, even or odd.</param>
        /// <param name="source">The other frame.</param>
        /// <param name="sourceOffset">Offset of the first byte there, even or odd.</param>
        /// <param name="count">Number of bytes.</param>
        internal void CopyFrom(int offset, Frame source, int sourceOffset, int count)
        {
            int end = offset + count;
            if (((offset | sourceOffset) & 1) == 0)
            {
                // whole words go as they lie
                CopyWordsFrom(offset, source.Words, (sourceOffset >> 1) + PrefixWords, count >> 1);
                offset += count & ~1;
                sourceOffset += count & ~1;
            }

            while (offset < end)
            {
                SetByte(offset++, source.GetByte(sourceOffset++));
            }
        }

        /// <summary>
        /// Takes bytes away and moves up those behind them, a word at a time even where they change places in their words.
        /// </summary>
        /// <param name="offset">Offset of the first byte to go, even.</param>
        /// <param name="cut">How many go.</param>
        /// <param name="count">How many follow, and move.</param>
        internal void Remove(int offset, int cut, int count)
        {
            int to = (offset >> 1) + PrefixWords;
            int from = to + (cut >> 1);
            ushort[] words = Words;
            if ((cut & 1) == 0)
            {
                Array.Copy(words, from, words, to, (count + 1) >> 1);
                return;
            }

            int end = to + (count >> 1);
            int word = words[from];
            while (to < end)
            {
                int next = words[++from];
                words[to++] = LowByteFirst ? (ushort)((word >> 8) | (next << 8)) : (ushort)((word << 8) | (next >> 8));
                word = next;
            }

            if ((count & 1) != 0)
            {
                SetByte(offset + count - 1, GetByte(offset + cut + count - 1));
            }
        }

        /// <summary>
        /// Takes one more reference: the frame goes back to its pool when each owner has returned it.
        /// </summary>
        internal void Retain()
        {
            References++;
        }
    }
}
