// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// A datagram on its way out, in as many frames as it takes (RFC 791 section 3.2). All of them are filled before the first one is
    /// sent, so a datagram for which there are not enough frames is not sent in part.
    /// </summary>
    internal sealed class Fragmentation
    {
        /// <summary>Bytes of payload in a full fragment: what the MTU leaves, which is a multiple of 8.</summary>
        internal const int FullLength = Ethernet.EthernetHeader.MaximumPayload - IPv4Header.MinimumLength;

        private readonly FrameQueue _fragments = new FrameQueue();
        private readonly FramePool _pool;

        internal Fragmentation(FramePool pool)
        {
            _pool = pool;
        }

        /// <summary>The number of fragments that wait to be sent.</summary>
        internal int Count => _fragments.Count;

        /// <summary>
        /// Appends a fragment. Its payload, as many bytes as its <see cref="Frame.PayloadLength"/> says, is to be written at
        /// <see cref="IPv4Header.Options"/>.
        /// </summary>
        /// <param name="left">Bytes of payload that are still to be sent, 1 or more.</param>
        /// <returns>The frame, or null if there is none: then all are returned.</returns>
        internal Frame Append(int left)
        {
            int length = left < FullLength ? left : FullLength;
            Frame frame = _pool.Rent(IPv4Header.Options + length);
            if (frame == null)
            {
                _fragments.Clear(_pool);
                return null;
            }

            frame.PayloadLength = length;
            _fragments.Enqueue(frame);
            return frame;
        }

        /// <summary>Appends a fragment that is filled already. The reference is given away.</summary>
        internal void Append(Frame frame)
        {
            _fragments.Enqueue(frame);
        }

        /// <summary>
        /// Appends all of a payload that lies in a frame.
        /// </summary>
        /// <param name="source">The frame.</param>
        /// <param name="offset">Offset of the payload, even.</param>
        /// <param name="length">Bytes of payload.</param>
        /// <returns>Whether there were frames enough.</returns>
        internal bool AppendCopy(Frame source, int offset, int length)
        {
            int left = length;
            while (left > 0)
            {
                Frame frame = Append(left);
                if (frame == null)
                {
                    return false;
                }

                source.CopyWordsTo(
                    offset + length - left,
                    frame.Words,
                    (IPv4Header.Options >> 1) + Frame.PrefixWords,
                    (frame.PayloadLength + 1) >> 1);
                left -= frame.PayloadLength;
            }

            return true;
        }

        /// <summary>
        /// Takes the next fragment to send.
        /// </summary>
        /// <returns>The frame, whose reference is the caller's now, or null when all are taken.</returns>
        internal Frame TakeNext() => _fragments.Dequeue();

        /// <summary>
        /// Gives all fragments up.
        /// </summary>
        internal void Clear()
        {
            _fragments.Clear(_pool);
        }
    }
}
