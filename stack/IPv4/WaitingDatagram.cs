// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.IPv4
{
    /// <summary>
    /// An echo reply in fragments whose next hop's MAC address is being asked for. A single frame waits with the ARP entry; of these there is
    /// one at a time, for <see cref="Longest"/> at most, and only while frames are left for others.
    /// </summary>
    internal sealed class WaitingDatagram
    {
        /// <summary>Milliseconds that it waits at most: one question.</summary>
        internal const int Longest = Arp.ArpLayer.RequestInterval;

        private readonly FrameQueue _fragments = new FrameQueue();
        private readonly FramePool _pool;

        internal WaitingDatagram(FramePool pool)
        {
            _pool = pool;
        }

        /// <summary>The number of fragments that wait.</summary>
        internal int Count => _fragments.Count;

        /// <summary>The peer's address.</summary>
        internal uint Destination { get; private set; }

        /// <summary>The time in milliseconds from which it waits.</summary>
        internal int Since { get; private set; }

        /// <summary>
        /// Takes the fragments of a datagram over, if none waits and they leave enough frames to others.
        /// </summary>
        /// <returns>Whether it waits now.</returns>
        internal bool TryTakeOver(Fragmentation fragments, uint destination, int now)
        {
            if (_fragments.Count > 0 || !_pool.MayKeep(0) || _pool.FreeLargestToKeep() < 0)
            {
                return false;
            }

            Destination = destination;
            Since = now;
            Frame frame = fragments.TakeNext();
            while (frame != null)
            {
                _fragments.Enqueue(frame);
                frame = fragments.TakeNext();
            }

            return true;
        }

        /// <summary>
        /// Gives the fragments back to be sent.
        /// </summary>
        /// <param name="fragments">Where they are sent from; it is empty.</param>
        internal void MoveTo(Fragmentation fragments)
        {
            Frame frame = _fragments.Dequeue();
            while (frame != null)
            {
                fragments.Append(frame);
                frame = _fragments.Dequeue();
            }
        }

        /// <summary>
        /// Gives the datagram up.
        /// </summary>
        internal void Clear()
        {
            _fragments.Clear(_pool);
        }
    }
}
