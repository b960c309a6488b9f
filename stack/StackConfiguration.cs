// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Frames;

namespace TcpIp
{
    /// <summary>
    /// All sizes of the stack. They are fixed when the stack is made; nothing grows later.
    /// </summary>
    public sealed class StackConfiguration
    {
        /// <summary>The most sockets that descriptors can tell apart.</summary>
        public const int MaximumSockets = 128;

        /// <summary>The most multicast groups: a socket keeps a bit for each.</summary>
        public const int MaximumGroups = 31;

        /// <summary>The most clients that <see cref="ForClients"/> has sizes for.</summary>
        public const int MaximumClients = 64;

        /// <summary>Milliseconds that the retransmission timer never exceeds (RFC 6298 section 2.5).</summary>
        internal const int MaximumRto = 60000;

        /// <summary>What the window field of a segment can say: there is no window scale.</summary>
        private const int LargestWindow = 65535;

        /// <summary>RFC 9293 MUST-40: less than half a second.</summary>
        private const int LongestDelayedAck = 500;

        private const int SmallestFrame = WireSizes.EthernetHeaderLength + WireSizes.ArpPacketLength;
        private const int LargestFrame = WireSizes.EthernetHeaderLength + WireSizes.EthernetPayload;
        private const int SmallestReassembly = WireSizes.PacketForAll - WireSizes.IPv4HeaderLength;
        private const int LargestReassembly = WireSizes.LongestPacket - WireSizes.IPv4HeaderLength;

        /// <summary>
        /// Gets or sets the capacities of frames in bytes of Ethernet frame without FCS, ascending. The first one must hold
        /// an ARP packet (42 bytes), the last one a full frame (1514 bytes).
        /// </summary>
        /// <remarks>
        /// An SPI transfer moves all words of a frame, used or not, so the sizes are those of frequent frames. Each size has room for
        /// the four bytes of the FCS: a controller that has read them too stands at the next packet already. 64: ARP, and TCP without
        /// text. 102: an echo of 56 bytes. 198: a short request. 594: a browser's request, or a datagram of 576 bytes. 1022: a page.
        /// </remarks>
        public int[] FrameCapacities { get; set; } = new int[] { 64, 102, 198, 594, 1022, LargestFrame + 4 };

        /// <summary>
        /// Gets or sets the number of frames of each capacity, two or more of the largest: of each size one is always left for frames that
        /// pass through, so of one frame alone nothing could be kept.
        /// </summary>
        public int[] FrameCounts { get; set; } = new int[] { 10, 6, 4, 4, 3, 5 };

        /// <summary>
        /// Gets or sets the number of frames that sockets may not fill with data that waits (0 or more). A full send queue is
        /// emptied by an acknowledgment, and the acknowledgment needs a free frame to be received in. Half of these frames, in turn,
        /// are not used for receiving, so that an answer can be sent. 0 is right only where all queues together are smaller than
        /// the pool.
        /// </summary>
        public int ReceiveReserve { get; set; } = 6;

        /// <summary>Gets or sets the number of neighbours whose MAC addresses are remembered (1 or more).</summary>
        public int ArpEntries { get; set; } = 8;

        /// <summary>
        /// Gets or sets a value indicating whether the link is asked, for some five to seven seconds, whether somebody else has
        /// our address before it is used (RFC 5227 section 2.1). If not, it is used at once, and only announced and defended.
        /// </summary>
        public bool ProbeAddress { get; set; }

        /// <summary>
        /// Gets or sets a value indicating whether our address is given up when somebody else goes on using it within ten seconds
        /// of our first objection (RFC 5227 section 2.4 (b)). Connections end with <see cref="SocketError.AddressNotAvailable"/>,
        /// and the address is asked for again every minute. If not, it is kept and defended once in ten seconds (section 2.4 (c)).
        /// </summary>
        public bool YieldAddress { get; set; }

        /// <summary>
        /// Gets or sets the number of frames that may wait while the controller sends (1 or more). A RST has no second chance,
        /// so there should be room for one from each socket at once; and for all fragments but one of the largest datagram to send.
        /// </summary>
        public int TransmitQueue { get; set; } = 16;

        /// <summary>
        /// Gets or sets the bytes of payload in the largest datagram that is put together from fragments, and sent in fragments (556
        /// to 65515; 0 to refuse fragments). There is one buffer of that size, made at start-up.
        /// </summary>
        /// <remarks>
        /// RFC 1122 section 3.3.2 asks for 556 at least, and for 1480 (what one Ethernet frame carries) if possible. On Ethernet only
        /// larger datagrams are fragmented, so less than that is of little use. 2048 bytes take a datagram of 2040 bytes of data.
        /// </remarks>
        public int ReassemblyBytes { get; set; } = 2048;

        /// <summary>Gets or sets the number of sockets for echo requests (0 for none).</summary>
        public int EchoSockets { get; set; } = 1;

        /// <summary>Gets or sets the number of TCP sockets, connections and listeners together (1 or more).</summary>
        public int TcpSockets { get; set; } = 6;

        /// <summary>Gets or sets the number of connections that peers may be opening at once (1 or more). They are no sockets yet.</summary>
        public int TcpSynQueue { get; set; } = 4;

        /// <summary>Gets or sets the number of UDP sockets (0 for none).</summary>
        public int UdpSockets { get; set; } = 2;

        /// <summary>Gets or sets the datagrams that a UDP socket may hold for the application to read (1 or more).</summary>
        public int UdpReceiveFrames { get; set; } = 3;

        /// <summary>
        /// Gets or sets the number of multicast groups that sockets can be in at once (0 to <see cref="MaximumGroups"/>). Without
        /// room for any there is no IGMP, and nothing of it in memory; datagrams can be sent to groups all the same. The controller
        /// needs room for one more: 224.0.0.1, where routers ask.
        /// </summary>
        public int MulticastGroups { get; set; }

        /// <summary>Gets or sets the bytes that a connection may receive before the application reads (536 to 65535).</summary>
        public int TcpReceiveWindow { get; set; } = 2 * WireSizes.LargestSegment;

        /// <summary>Gets or sets the frames that a connection may hold for the application to read (1 or more).</summary>
        public int TcpReceiveFrames { get; set; } = 4;

        /// <summary>Gets or sets the frames that a connection may keep that arrived before their turn (0 to keep none).</summary>
        public int TcpOutOfOrderFrames { get; set; } = 2;

        /// <summary>Gets or sets the frames that a connection may hold until the peer acknowledges them (1 or more).</summary>
        public int TcpSendFrames { get; set; } = 3;

        /// <summary>
        /// Gets or sets a value indicating whether a connection begins to send slowly, and slows down after a loss (RFC 9293
        /// MUST-19). Without it, all that the peer's window allows is sent at once: only for a network that nobody else uses.
        /// </summary>
        public bool TcpCongestionControl { get; set; } = true;

        /// <summary>
        /// Gets or sets the shortest retransmission timeout in milliseconds (1 to 60000).
        /// </summary>
        /// <remarks>
        /// RFC 6298 section 2.4 advises one second, so that nothing is repeated only because a peer delays its acknowledgment, and
        /// leaves it to later experience whether less will do. Measured here: to peers that delay for up to 200 ms, as usual systems
        /// do, 300 ms repeat none of 200 lone segments on a path of 2 ms; 200 ms do. To one that delays for the 500 ms that it may
        /// (RFC 9293 MUST-40) 300 ms repeat four of the 200, a second repeats three. At 10 % loss and a round trip of 100 ms a
        /// window of 4 kB carries 19 kB/s with 300 ms and 13 kB/s with a second.
        /// </remarks>
        public int TcpMinimumRto { get; set; } = 300;

        /// <summary>Gets or sets the milliseconds for which an acknowledgment may be delayed (0 to 500, RFC 9293 MUST-40).</summary>
        public int TcpDelayedAck { get; set; } = 100;

        /// <summary>Gets or sets the milliseconds after which a peer that does not acknowledge data is given up (RFC 9293 SHLD-11: at least 100 s).</summary>
        public int TcpUserTimeout { get; set; } = 120000;

        /// <summary>Gets or sets the milliseconds for which a SYN is repeated (RFC 9293 MUST-23: at least 180 s).</summary>
        public int TcpConnectTimeout { get; set; } = 180000;

        /// <summary>Gets or sets the milliseconds after which a half-open connection of a peer is forgotten.</summary>
        public int TcpHalfOpenTimeout { get; set; } = 30000;

        /// <summary>Gets or sets the milliseconds that a connection stays in TIME-WAIT (2 MSL).</summary>
        public int TcpTimeWait { get; set; } = 60000;

        /// <summary>Gets or sets the milliseconds that a closed socket waits for the peer's FIN in FIN-WAIT-2.</summary>
        public int TcpFinWait2 { get; set; } = 60000;

        /// <summary>Gets or sets a value indicating whether returned frames are watched for late writes. It costs time: for tests.</summary>
        public bool GuardFrames { get; set; }

        /// <summary>
        /// The sizes for a number of clients at once: what must go together follows from it. Sockets: one for each, one that listens and one
        /// to spare. Half-open entries for three of four: should all come at once, the others are answered with cookies. Frames: what they
        /// may hold, shared as they come to need it. The queue to the controller takes a RST of every socket. For 4 they are the defaults.
        /// </summary>
        /// <param name="clients">1 to <see cref="MaximumClients"/>.</param>
        /// <returns>A new configuration.</returns>
        /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
        public static StackConfiguration ForClients(int clients)
        {
            if (clients < 1 || clients > MaximumClients)
            {
                throw new ArgumentOutOfRangeException(nameof(clients));
            }

            StackConfiguration configuration = new StackConfiguration();
            int quarter = clients >> 2;
            configuration.FrameCounts[0] = 8 + (clients >> 1);
            configuration.FrameCounts[4] = 2 + quarter;
            configuration.FrameCounts[5] = 4 + quarter;
            configuration.TcpSockets = clients + 2;
            configuration.TcpSynQueue = AtLeast(configuration.TcpSynQueue, clients - quarter);
            configuration.TransmitQueue = AtLeast(configuration.TransmitQueue, configuration.TcpSockets << 1);
            configuration.ArpEntries = AtLeast(configuration.ArpEntries, clients);
            return configuration;
        }

        /// <summary>
        /// The sizes of the smallest stack that is of use. It serves one client at a time (a web page, for instance), answers a ping,
        /// and takes 13 kB. It has no UDP sockets, sends no echo requests, and handles neither fragments nor multicast groups.
        /// </summary>
        /// <returns>A new configuration.</returns>
        public static StackConfiguration Smallest()
        {
            return new StackConfiguration()
            {
                FrameCapacities = new int[] { 64, LargestFrame + 4 },
                FrameCounts = new int[] { 5, 2 },
                ReceiveReserve = 1,
                ArpEntries = 2,
                TransmitQueue = 4,
                ReassemblyBytes = 0,
                EchoSockets = 0,
                TcpSockets = 2,
                TcpSynQueue = 1,
                UdpSockets = 0,
                TcpReceiveWindow = WireSizes.LargestSegment,
                TcpReceiveFrames = 2,
                TcpOutOfOrderFrames = 0,
                TcpSendFrames = 2,
            };
        }

        /// <summary>
        /// Checks all values, and whether they can go together.
        /// </summary>
        /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the exception names the property.</exception>
        /// <exception cref="ArgumentException">Two values cannot go together; the message names the properties and says why.</exception>
        public void Validate()
        {
            Require(FrameCapacities != null && FrameCapacities.Length > 0 && FrameCapacities[0] >= SmallestFrame, nameof(FrameCapacities));
            Require(FrameCapacities[FrameCapacities.Length - 1] >= LargestFrame, nameof(FrameCapacities));
            Require(FrameCounts != null && FrameCounts.Length == FrameCapacities.Length, nameof(FrameCounts));
            Require(FrameCounts[FrameCounts.Length - 1] > 1, nameof(FrameCounts));

            int frames = 0;
            for (int i = 0; i < FrameCounts.Length; i++)
            {
                Require(FrameCounts[i] >= 0, nameof(FrameCounts));
                Require(i == 0 || FrameCapacities[i] > FrameCapacities[i - 1], nameof(FrameCapacities));
                frames += FrameCounts[i];
            }

            Require(ReceiveReserve >= 0 && ReceiveReserve < frames, nameof(ReceiveReserve));
            Require(ArpEntries > 0, nameof(ArpEntries));
            Require(TransmitQueue > 0, nameof(TransmitQueue));
            Require(TcpSockets > 0 && TcpSockets <= MaximumSockets, nameof(TcpSockets));
            Require(TcpSynQueue > 0, nameof(TcpSynQueue));
            Require(UdpSockets >= 0 && UdpSockets <= MaximumSockets - TcpSockets, nameof(UdpSockets));
            Require(EchoSockets >= 0 && EchoSockets <= MaximumSockets - TcpSockets - UdpSockets, nameof(EchoSockets));
            Require(
                ReassemblyBytes == 0 || (ReassemblyBytes >= SmallestReassembly && ReassemblyBytes <= LargestReassembly),
                nameof(ReassemblyBytes));
            Require(UdpReceiveFrames > 0, nameof(UdpReceiveFrames));
            Require(MulticastGroups >= 0 && MulticastGroups <= MaximumGroups, nameof(MulticastGroups));
            Require(TcpReceiveWindow >= WireSizes.SegmentForAll && TcpReceiveWindow <= LargestWindow, nameof(TcpReceiveWindow));
            Require(TcpReceiveFrames > 0, nameof(TcpReceiveFrames));
            Require(TcpOutOfOrderFrames >= 0, nameof(TcpOutOfOrderFrames));
            Require(TcpSendFrames > 0, nameof(TcpSendFrames));
            Require(TcpMinimumRto > 0 && TcpMinimumRto <= MaximumRto, nameof(TcpMinimumRto));
            Require(TcpDelayedAck >= 0 && TcpDelayedAck <= LongestDelayedAck, nameof(TcpDelayedAck));
            Require(TcpUserTimeout > 0, nameof(TcpUserTimeout));
            Require(TcpConnectTimeout > 0, nameof(TcpConnectTimeout));
            Require(TcpHalfOpenTimeout > 0, nameof(TcpHalfOpenTimeout));
            Require(TcpTimeWait >= 0, nameof(TcpTimeWait));
            Require(TcpFinWait2 > 0, nameof(TcpFinWait2));
            ValidateTogether(frames);
        }

        /// <summary>
        /// The memory that a stack of these sizes takes on the managed heap of a 32-bit target, before it is made.
        /// </summary>
        /// <remarks>
        /// nanoCLR's heap consists of blocks of 12 bytes: an object takes one and one more for each field, whatever its type; an
        /// array takes 20 bytes and its elements, rounded up to whole blocks (references count as a block each).
        /// </remarks>
        /// <returns>Bytes.</returns>
        public int MemoryBytes()
        {
            int blocks = MemoryCost.FixedBlocks;
            for (int i = 0; i < FrameCounts.Length; i++)
            {
                int frame = MemoryCost.FrameBlocks + MemoryCost.ArrayBlocks(Frame.WordsFor(FrameCapacities[i]), sizeof(ushort));
                blocks += FrameCounts[i] * frame;
            }

            int classes = FrameCounts.Length;
            blocks += classes * MemoryCost.SizeClassBlocks;
            blocks += Table(TcpSockets, MemoryCost.ControlBlockBlocks);
            blocks += Table(TcpSynQueue, MemoryCost.HalfOpenBlocks);
            blocks += Table(UdpSockets, MemoryCost.UdpBlockBlocks);
            blocks += Table(EchoSockets, MemoryCost.EchoBlockBlocks);
            blocks += Table(TcpSockets + UdpSockets + EchoSockets, 0);
            if (ReassemblyBytes > 0)
            {
                int words = Frame.WordsFor(ReassemblyFrame(ReassemblyBytes));
                blocks += MemoryCost.ReassemblyBlocks + MemoryCost.FrameBlocks + MemoryCost.ArrayBlocks(words, sizeof(ushort));
                blocks += 2 * MemoryCost.ArrayBlocks(ReassemblyMap(ReassemblyBytes), sizeof(uint));
            }

            blocks += Table(ArpEntries, MemoryCost.ArpEntryBlocks);
            blocks += Table(TransmitQueue, 0);
            if (MulticastGroups > 0)
            {
                blocks += MemoryCost.IgmpBlocks + Table(MulticastGroups, MemoryCost.GroupBlocks);
            }

            return blocks * MemoryCost.BlockBytes;
        }

        /// <summary>
        /// The size of the buffer that datagrams are put together in.
        /// </summary>
        /// <param name="payload">Bytes of payload that fit.</param>
        /// <returns>Bytes, the headers before it included.</returns>
        internal static int ReassemblyFrame(int payload) => WireSizes.EthernetHeaderLength + WireSizes.LongestIPv4Header + payload;

        /// <summary>
        /// Length of an array with a bit for each 8 bytes, which fragments are cut by.
        /// </summary>
        /// <param name="payload">Bytes.</param>
        /// <returns>Elements of 32 bits.</returns>
        internal static int ReassemblyMap(int payload) => (payload + 255) >> 8;

        private static int AtLeast(int least, int value) => value < least ? least : value;

        private void ValidateTogether(int frames)
        {
            if (frames < TcpSockets + ReceiveReserve)
            {
                throw new ArgumentException(
                    "FrameCounts: fewer frames than TcpSockets + ReceiveReserve. Each connection may hold at least one while the reserve is free.");
            }

            if (MulticastGroups > 0 && UdpSockets == 0)
            {
                throw new ArgumentException("MulticastGroups: with UdpSockets = 0 there is no socket that could be in a group.");
            }
        }

        private static int Table(int count, int each) => MemoryCost.ArrayBlocks(count, MemoryCost.BlockBytes) + (count * each);

        private static void Require(bool condition, string property)
        {
            if (!condition)
            {
                throw new ArgumentOutOfRangeException(property, "StackConfiguration." + property + " is out of its range.");
            }
        }
    }
}
