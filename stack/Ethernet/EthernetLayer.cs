// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Link;

namespace TcpIp.Ethernet
{
    /// <summary>
    /// The lowest layer of the stack: takes frames from the interface and hands each to the protocol its type names, and puts
    /// the Ethernet header on what goes out.
    /// </summary>
    public sealed class EthernetLayer
    {
        private readonly INetworkInterface _interface;
        private readonly FramePool _pool;
        private readonly Frame[] _transmitQueue;
        private readonly ushort[] _address;

        // the types that somebody has registered for, as the word lies
        private int _arpType = -1;
        private int _ipv4Type = -1;
        private readonly EthernetCounters _counters = new EthernetCounters();
        private int _queueHead;
        /// <summary>How many frames wait for the interface. A field, for it is asked for in each turn.</summary>
        internal int Queued;

        private Frame _received;
        private EthernetProtocol _arp;
        private EthernetProtocol _ipv4;
        private IGroupFilter _groups;

        /// <param name="networkInterface">The controller.</param>
        /// <param name="pool">Where frames come from.</param>
        /// <param name="transmitQueue">How many frames may wait while the controller sends.</param>
        internal EthernetLayer(INetworkInterface networkInterface, FramePool pool, int transmitQueue)
        {
            _interface = networkInterface;
            _pool = pool;
            _transmitQueue = new Frame[transmitQueue];
            _address = networkInterface.MacAddress.ToWords(pool.Order);
        }

        /// <summary>Gets the counters of this layer.</summary>
        public EthernetCounters Counters => _counters;

        /// <summary>Our station address as words in the frames' order.</summary>
        internal ushort[] AddressWords => _address;

        /// <summary>Whether there is a link to send to.</summary>
        internal bool IsLinkUp => _interface.IsLinkUp;

        /// <summary>Whether a frame given to <see cref="Send"/> now would not be dropped for want of room.</summary>
        internal bool HasRoom => Queued < _transmitQueue.Length;

        /// <summary>Whether a frame is being taken in: what is sent meanwhile is an answer to it.</summary>
        internal bool IsReceiving => _received != null;

        /// <summary>
        /// Whether something may be sent that is only worth an answer to a stranger: an echo, an error, a reset, our MAC address. While the
        /// controller is busy such answers have half of the queue, so that who asks without end does not keep out what is owed to others,
        /// and none may wait in the last frame of the largest size.
        /// </summary>
        /// <returns>Whether it may; if not, it is counted.</returns>
        internal bool MayAnswer()
        {
            if (Queued == 0 || (Queued < (_transmitQueue.Length + 1) >> 1 && _pool.FreeLargest() > 0))
            {
                return true;
            }

            _counters._queueFull++;
            return false;
        }

        /// <summary>
        /// Whether frames given to <see cref="Send"/> in a row would not be dropped for want of room. If nothing waits and the interface
        /// is idle, it is left to the interface how many it takes.
        /// </summary>
        /// <returns>Whether there is room.</returns>
        internal bool HasRoomFor(int frames)
        {
            return frames <= _transmitQueue.Length - Queued || (Queued == 0 && _interface.CanSend);
        }

        /// <summary>
        /// Names the protocol that gets the frames of a type.
        /// </summary>
        /// <param name="type">The EtherType: ARP's or IPv4's.</param>
        /// <param name="protocol">The protocol.</param>
        internal void Register(int type, EthernetProtocol protocol)
        {
            int word = _pool.Order == WordOrder.LowByteFirst ? ((type & 0xFF) << 8) | (type >> 8) : type;
            if (type == EthernetHeader.TypeIPv4)
            {
                _ipv4 = protocol;
                _ipv4Type = word;
            }
            else
            {
                _arp = protocol;
                _arpType = word;
            }
        }

        /// <summary>Names who knows the groups that we are in. Without one no frame to a group is for us.</summary>
        internal void Register(IGroupFilter groups)
        {
            _groups = groups;
        }

        /// <summary>
        /// Deals with one received frame and gives up the reference to it.
        /// </summary>
        /// <param name="frame">A frame from the interface.</param>
        /// <returns>Whether it went the short way, on which no layer is given anything to do but those that say so themselves.</returns>
        internal bool Receive(Frame frame)
        {
            _counters._framesReceived++;
            _received = frame;

            // the smallest packets of both protocols have 28 bytes; what is shorter is wrong, or has nothing for anybody
            bool isShort = false;
            if (frame.Length >= EthernetHeader.Length + WireSizes.ArpPacketLength)
            {
                int type = frame.Words[(EthernetHeader.Type >> 1) + Frame.PrefixWords];
                if (type == _ipv4Type)
                {
                    isShort = _ipv4.TryReceive(frame, _address);
                }
                else if (type == _arpType)
                {
                    isShort = _arp.TryReceive(frame, _address);
                }
            }

            if (!isShort)
            {
                Dispatch(frame);
            }

            _received = null;
            _pool.Return(frame);
            return isShort;
        }

        /// <summary>
        /// Sends a frame whose payload is complete. The caller's reference stays the caller's.
        /// </summary>
        /// <param name="frame">The frame, its length set.</param>
        /// <param name="type">The EtherType.</param>
        /// <param name="destination">Array that holds the destination's address as words.</param>
        /// <param name="index">Index of its first word.</param>
        internal void Send(Frame frame, int type, ushort[] destination, int index)
        {
            ushort[] words = frame.Words;
            words[Frame.PrefixWords] = destination[index];
            words[Frame.PrefixWords + 1] = destination[index + 1];
            words[Frame.PrefixWords + 2] = destination[index + 2];
            Transmit(frame, type);
        }

        /// <summary>
        /// Sends an IPv4 packet whose destination is written already.
        /// </summary>
        /// <param name="frame">The frame. The caller's reference stays the caller's.</param>
        internal void SendAddressed(Frame frame)
        {
            Transmit(frame, EthernetHeader.TypeIPv4);
        }

        /// <summary>
        /// Sends a frame that was just received, and has been turned into the answer, back to the station that it came from.
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header. The caller's reference stays the caller's.</param>
        /// <returns>False if it is another frame: nothing is sent.</returns>
        internal bool TrySendBack(Frame frame)
        {
            if (frame != _received)
            {
                return false;
            }

            Send(frame, EthernetHeader.TypeIPv4, frame.Words, (EthernetHeader.Source >> 1) + Frame.PrefixWords);
            return true;
        }

        /// <summary>
        /// Sends a packet to a multicast group: its address says where to, nobody is asked.
        /// </summary>
        /// <param name="frame">The frame, complete but for the Ethernet header. The caller's reference stays the caller's.</param>
        /// <param name="group">The group's IPv4 address.</param>
        internal void SendToGroup(Frame frame, uint group)
        {
            EthernetHeader.WriteIPv4Group(frame, group);
            Transmit(frame, EthernetHeader.TypeIPv4);
        }

        /// <summary>
        /// Hands waiting frames to the interface as far as it takes them.
        /// </summary>
        internal void Flush()
        {
            while (Queued > 0 && _interface.CanSend && _interface.Send(_transmitQueue[_queueHead]))
            {
                _counters._framesSent++;
                DropQueued();
            }
        }

        /// <summary>
        /// A frame is not sent, for there is no link.
        /// </summary>
        internal void CountLinkDown()
        {
            _counters._linkDown++;
        }

        /// <summary>
        /// The link has come up.
        /// </summary>
        internal void LinkCameUp()
        {
            _counters._linkChanges++;
        }

        /// <summary>
        /// The link has gone down. What waits is forgotten: what is sent when it comes back should be fresh.
        /// </summary>
        internal void LinkWentDown()
        {
            _counters._linkChanges++;
            while (Queued > 0)
            {
                _counters._linkDown++;
                DropQueued();
            }
        }

        /// <summary>Completes the header, and hands the frame to the interface or to the queue before it.</summary>
        private void Transmit(Frame frame, int type)
        {
            const int Source = (EthernetHeader.Source >> 1) + Frame.PrefixWords;
            ushort[] words = frame.Words;
            ushort[] address = _address;
            words[Source] = address[0];
            words[Source + 1] = address[1];
            words[Source + 2] = address[2];
            words[Source + 3] = (ushort)(frame.LowByteFirst ? (type >> 8) | (type << 8) : type);

            if (!_interface.IsLinkUp)
            {
                _counters._linkDown++;
                return;
            }

            // order on the wire is order of sending: nothing overtakes the queue
            if (Queued == 0 && _interface.Send(frame))
            {
                _counters._framesSent++;
                return;
            }

            if (Queued == _transmitQueue.Length)
            {
                _counters._queueFull++;
                return;
            }

            frame.Retain();
            int slot = _queueHead + Queued;
            if (slot >= _transmitQueue.Length)
            {
                slot -= _transmitQueue.Length;
            }

            _transmitQueue[slot] = frame;
            Queued++;
            _counters._queued++;
        }

        private void DropQueued()
        {
            Frame frame = _transmitQueue[_queueHead];
            _transmitQueue[_queueHead] = null;
            _queueHead++;
            if (_queueHead == _transmitQueue.Length)
            {
                _queueHead = 0;
            }

            Queued--;
            _pool.Return(frame);
        }

        /// <summary>Asks whom a frame is for and what it carries, and hands it to that protocol.</summary>
        private void Dispatch(Frame frame)
        {
            int length = frame.Length;
            if (length < EthernetHeader.Length)
            {
                _counters._tooShort++;
                return;
            }

            if (length > EthernetHeader.MaximumFrame)
            {
                _counters._tooLong++;
                return;
            }

            // the controller's filter may let more through than was asked of it
            int groupBit = frame.LowByteFirst ? 0x0001 : 0x0100;
            bool toMany = (frame.GetRaw(EthernetHeader.Destination) & groupBit) != 0;
            bool toGroup = toMany && !IsBroadcast(frame);
            if (toGroup)
            {
                if (_groups == null || !_groups.AcceptsFrame(frame))
                {
                    _counters._notForUs++;
                    return;
                }
            }
            else if (!toMany && !IsOurs(frame, EthernetHeader.Destination))
            {
                _counters._notForUs++;
                return;
            }

            if ((frame.GetRaw(EthernetHeader.Source) & groupBit) != 0 || IsOurs(frame, EthernetHeader.Source))
            {
                _counters._badSource++;
                return;
            }

            int type = frame.GetUInt16(EthernetHeader.Type);
            if (type == EthernetHeader.TypeIPv4)
            {
                _ipv4.Receive(frame, toMany);
            }
            else if (type == EthernetHeader.TypeArp && !toGroup)
            {
                _arp.Receive(frame, toMany);
            }
            else if (type <= EthernetHeader.LargestLength)
            {
                _counters._ieee8023++;
            }
            else
            {
                _counters._unknownType++;
            }
        }

        private static bool IsBroadcast(Frame frame)
        {
            return frame.GetRaw(EthernetHeader.Destination) == 0xFFFF
                && frame.GetRaw(EthernetHeader.Destination + 2) == 0xFFFF
                && frame.GetRaw(EthernetHeader.Destination + 4) == 0xFFFF;
        }

        private bool IsOurs(Frame frame, int offset)
        {
            return frame.GetRaw(offset) == _address[0]
                && frame.GetRaw(offset + 2) == _address[1]
                && frame.GetRaw(offset + 4) == _address[2];
        }
    }
}
