// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// One end of a cable in memory. All its buffers are made at start-up, so that what a test measures is the stack's.
    /// </summary>
    internal sealed class MemoryInterface : INetworkInterface
    {
        private const int Slots = 16;
        private const int LongestFrame = EthernetHeader.MaximumFrame + 4;
        private const ushort Padding = 0xA5C3;

        private readonly ushort[][] _words = new ushort[Slots][];
        private readonly int[] _lengths = new int[Slots];
        private MemoryInterface _peer;
        private int _head;
        private int _count;

        internal MemoryInterface(MacAddress address, WordOrder order)
        {
            MacAddress = address;
            WordOrder = order;
            IsLinkUp = true;
            CanSend = true;
            for (int i = 0; i < Slots; i++)
            {
                _words[i] = new ushort[LongestFrame / 2];
            }
        }

        /// <inheritdoc/>
        public WordOrder WordOrder { get; }

        /// <inheritdoc/>
        public MacAddress MacAddress { get; }

        /// <inheritdoc/>
        public bool IsLinkUp { get; set; }

        /// <inheritdoc/>
        public bool CanSend { get; set; }

        /// <summary>Gets the number of frames that have arrived and were not taken.</summary>
        internal int Waiting => _count;

        /// <summary>Gets or sets the number of frames that still get through before frames are lost.</summary>
        internal int SendBeforeLoss { get; set; }

        /// <summary>Gets or sets the number of frames sent from here that the cable will swallow.</summary>
        internal int LoseNext { get; set; }

        /// <summary>Gets the number of frames sent, lost ones included.</summary>
        internal int Sent { get; private set; }

        /// <summary>Gets the number of groups that the stack has joined here and not left.</summary>
        internal int Joined { get; private set; }

        /// <summary>Gets the number of received frames dropped: no slot, or no frame in the pool.</summary>
        internal int Dropped { get; private set; }

        /// <summary>
        /// Puts the cable between two ends.
        /// </summary>
        internal static void Join(MemoryInterface one, MemoryInterface other)
        {
            one._peer = other;
            other._peer = one;
        }

        /// <inheritdoc/>
        public int Poll(int now) => int.MaxValue;

        /// <inheritdoc/>
        public bool Send(Frame frame)
        {
            if (!CanSend)
            {
                return false;
            }

            Sent++;
            if (LoseNext > 0)
            {
                if (SendBeforeLoss == 0)
                {
                    LoseNext--;
                    return true;
                }

                SendBeforeLoss--;
            }

            _peer.Take(frame);
            return true;
        }

        /// <inheritdoc/>
        public Frame Receive(FramePool pool)
        {
            while (_count > 0)
            {
                int slot = _head;
                _head = (_head + 1) % Slots;
                _count--;
                int length = _lengths[slot];
                Frame frame = pool.RentForReceive(length);
                if (frame != null)
                {
                    frame.CopyWordsFrom(0, _words[slot], 0, (length + 1) >> 1);
                    return frame;
                }

                Dropped++;
            }

            return null;
        }

        /// <inheritdoc/>
        public bool JoinMulticast(int group)
        {
            Joined++;
            return true;
        }

        /// <inheritdoc/>
        public void LeaveMulticast(int group)
        {
            Joined--;
        }

        private void Take(Frame frame)
        {
            if (_count == Slots)
            {
                Dropped++;
                return;
            }

            int slot = (_head + _count) % Slots;
            _count++;
            int length = frame.Length;
            int end = (length + 1) >> 1;
            ushort[] words = _words[slot];
            frame.CopyWordsTo(0, words, 0, end);
            if (frame.LowByteFirst != (WordOrder == WordOrder.LowByteFirst))
            {
                for (int i = 0; i < end; i++)
                {
                    words[i] = (ushort)((words[i] << 8) | (words[i] >> 8));
                }
            }

            // padding is the controller's, and nobody said that it is zero
            while (end < EthernetHeader.MinimumFrame / 2)
            {
                words[end++] = Padding;
            }

            _lengths[slot] = length < EthernetHeader.MinimumFrame ? EthernetHeader.MinimumFrame : length;
        }
    }
}
