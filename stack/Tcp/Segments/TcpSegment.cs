// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.IPv4;

namespace TcpIp.Tcp
{
    /// <summary>
    /// A received segment, taken apart: SEG.SEQ, SEG.ACK and so on (RFC 9293 section 3.3.1). There is one instance, filled anew
    /// for each segment.
    /// </summary>
    internal sealed class TcpSegment
    {
        /// <summary>Offset of the TCP header in a frame: behind an IPv4 header without options.</summary>
        internal const int Start = IPv4Header.Options;

        /// <summary>The frame that holds the segment.</summary>
        internal Frame Frame;

        /// <summary>Who sent it.</summary>
        internal uint Source;

        /// <summary>The sender's port.</summary>
        internal int SourcePort;

        /// <summary>Our port.</summary>
        internal int DestinationPort;

        /// <summary>SEG.SEQ.</summary>
        internal uint Sequence;

        /// <summary>SEG.ACK; it counts only if the ACK flag is set.</summary>
        internal uint Acknowledgment;

        /// <summary>SEG.WND in bytes.</summary>
        internal int Window;

        /// <summary>The flags of <see cref="TcpHeader"/>.</summary>
        internal int Flags;

        /// <summary>Offset of the first byte of text in the frame.</summary>
        internal int TextOffset;

        /// <summary>Bytes of text.</summary>
        internal int TextLength;

        /// <summary>The peer's maximum segment size if the option is there, else 0.</summary>
        internal int MaximumSegmentSize;

        /// <summary>Whether a SYN permits selective acknowledgments.</summary>
        internal bool SackPermitted;

        /// <summary>Blocks in the selective acknowledgment, 0 where there is none.</summary>
        internal int SackBlocks;

        /// <summary>Offset of the first of them in the frame, even or odd.</summary>
        internal int SackOffset;

        // most segments have none, and nothing to forget then
        private bool _hadOptions;

        /// <summary>
        /// SEG.LEN: bytes of text, counting SYN and FIN.
        /// </summary>
        /// <returns>The length in sequence numbers.</returns>
        internal int Length()
        {
            int length = TextLength;
            int flags = Flags;
            if ((flags & TcpHeader.Syn) != 0)
            {
                length++;
            }

            if ((flags & TcpHeader.Fin) != 0)
            {
                length++;
            }

            return length;
        }

        /// <summary>
        /// Cuts off what lies left and right of the window, so that the segment begins at RCV.NXT or later and ends in the window (RFC 9293
        /// section 3.10.7.4 calls it the idealized segment).
        /// </summary>
        /// <param name="next">RCV.NXT.</param>
        /// <param name="edge">RCV.NXT + RCV.WND.</param>
        internal void Trim(uint next, uint edge)
        {
            int before = (int)(next - Sequence);
            if (before > 0)
            {
                if (before > TextLength)
                {
                    before = TextLength;
                }

                Sequence += (uint)before;
                TextOffset += before;
                TextLength -= before;
            }

            int room = (int)(edge - Sequence);
            if (TextLength > room)
            {
                TextLength = room;
                Flags &= ~TcpHeader.Fin;
            }
        }

        /// <summary>
        /// Goes on without the SYN: the last step of a simultaneous open (RFC 9293 figure 8), whose acknowledgment alone is news.
        /// </summary>
        internal void TakeOffSyn()
        {
            Flags &= ~TcpHeader.Syn;
            Sequence++;
        }

        /// <summary>
        /// Takes a segment apart that was kept for a while. The peer may have told of another window since.
        /// </summary>
        /// <param name="frame">The frame, its TCP header checked.</param>
        /// <param name="source">Who sent it.</param>
        /// <param name="window">The window that the peer told of last.</param>
        internal void ParseKept(Frame frame, uint source, int window)
        {
            Parse(frame, source);
            Window = window;
        }

        /// <summary>
        /// Takes a segment apart. Each word of the header is read once, and summed in passing; the options are not, nor is the text.
        /// </summary>
        /// <param name="frame">The frame, the TCP header behind an IPv4 header without options.</param>
        /// <param name="source">Who sent it.</param>
        /// <returns>The sum over the pseudo-header and the header without its options, of the words as they lie (RFC 1071), not folded; 0
        /// where the frame does not hold the whole header: then nothing has been taken.</returns>
        internal uint Parse(Frame frame, uint source)
        {
            // it lies where it always lies: an index that is known beforehand is half the price of one that is added up
            const int Addresses = (IPv4Header.Source >> 1) + Frame.PrefixWords;
            const int First = (Start >> 1) + Frame.PrefixWords;
            int available = frame.Length - Start;
            if (available < TcpHeader.MinimumLength)
            {
                return 0;
            }

            ushort[] words = frame.Words;
            int sourcePort = words[First];
            int destinationPort = words[First + 1];
            int sequenceHigh = words[First + 2];
            int sequenceLow = words[First + 3];
            int acknowledgmentHigh = words[First + 4];
            int acknowledgmentLow = words[First + 5];
            int offsetFlags = words[First + 6];
            int window = words[First + 7];
            int sum = words[Addresses] + words[Addresses + 1] + words[Addresses + 2] + words[Addresses + 3] + sourcePort + destinationPort + sequenceHigh + sequenceLow + acknowledgmentHigh + acknowledgmentLow
                + offsetFlags + window + words[First + 8] + words[First + 9];
            int added = IPv4Header.ProtocolTcp + available;
            uint sequence = (uint)((sequenceHigh << 16) | sequenceLow);
            uint acknowledgment = (uint)((acknowledgmentHigh << 16) | acknowledgmentLow);
            if (frame.LowByteFirst)
            {
                // the two words of a number are swapped at once
                sequence = ((sequence & Frame.LowBytes) << 8) | ((sequence >> 8) & Frame.LowBytes);
                acknowledgment = ((acknowledgment & Frame.LowBytes) << 8) | ((acknowledgment >> 8) & Frame.LowBytes);
                added = ((added & 0xFF) << 8) | (added >> 8);
                sourcePort = ((sourcePort & 0xFF) << 8) | (sourcePort >> 8);
                destinationPort = ((destinationPort & 0xFF) << 8) | (destinationPort >> 8);
                offsetFlags = ((offsetFlags & 0xFF) << 8) | (offsetFlags >> 8);
                window = ((window & 0xFF) << 8) | (window >> 8);
            }

            int headerLength = (offsetFlags >> 10) & 0x3C;
            if (headerLength < TcpHeader.MinimumLength || headerLength > available)
            {
                return 0;
            }

            Frame = frame;
            Source = source;
            SourcePort = sourcePort;
            DestinationPort = destinationPort;
            Sequence = sequence;
            Acknowledgment = acknowledgment;
            Flags = offsetFlags & 0x3F;
            Window = window;
            TextOffset = Start + headerLength;
            TextLength = available - headerLength;
            if (_hadOptions)
            {
                MaximumSegmentSize = 0;
                SackPermitted = false;
                SackBlocks = 0;
                _hadOptions = false;
            }

            if (headerLength > TcpHeader.MinimumLength)
            {
                _hadOptions = true;
                TcpOptions.Read(this, frame, Start + TcpHeader.MinimumLength);
            }

            return (uint)(sum + added);
        }
    }
}
