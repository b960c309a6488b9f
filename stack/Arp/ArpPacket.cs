// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.Arp
{
    /// <summary>
    /// The ARP packet for IPv4 over Ethernet (RFC 826): "who has this IP address, and at which MAC address?"
    /// </summary>
    public static class ArpPacket
    {
        /// <summary>Offset of the packet in the frame.</summary>
        public const int Start = EthernetHeader.Length;

        /// <summary>Offset of the hardware type (ar$hrd).</summary>
        public const int HardwareType = Start;

        /// <summary>Offset of the protocol type (ar$pro).</summary>
        public const int ProtocolType = Start + 2;

        /// <summary>Offset of the lengths of hardware (ar$hln) and protocol address (ar$pln), 8 bits each.</summary>
        public const int AddressLengths = Start + 4;

        /// <summary>Offset of the operation (ar$op).</summary>
        public const int Operation = Start + 6;

        /// <summary>Offset of the sender's hardware address (ar$sha), 6 bytes.</summary>
        public const int SenderHardware = Start + 8;

        /// <summary>Offset of the sender's protocol address (ar$spa), 4 bytes.</summary>
        public const int SenderProtocol = Start + 14;

        /// <summary>Offset of the target's hardware address (ar$tha), 6 bytes.</summary>
        public const int TargetHardware = Start + 18;

        /// <summary>Offset of the target's protocol address (ar$tpa), 4 bytes.</summary>
        public const int TargetProtocol = Start + 24;

        /// <summary>Length of the packet in bytes.</summary>
        public const int Length = WireSizes.ArpPacketLength;

        /// <summary>Operation: request.</summary>
        public const int Request = 1;

        /// <summary>Operation: reply.</summary>
        public const int Reply = 2;

        private const int HardwareEthernet = 1;
        private const int LengthsEthernetIPv4 = 0x0604;

        /// <summary>
        /// Checks that a frame holds a whole ARP packet for IPv4 over Ethernet.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <returns>Whether it does.</returns>
        public static bool Check(Frame frame)
        {
            return frame.Length >= Start + Length
                && frame.GetUInt32(HardwareType) == ((uint)HardwareEthernet << 16 | EthernetHeader.TypeIPv4)
                && frame.GetUInt16(AddressLengths) == LengthsEthernetIPv4;
        }

        /// <summary>
        /// Whether a packet names a MAC address as its sender's.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="mac">The address as words.</param>
        internal static bool IsFrom(Frame frame, ushort[] mac)
        {
            return frame.GetRaw(SenderHardware) == mac[0]
                && frame.GetRaw(SenderHardware + 2) == mac[1]
                && frame.GetRaw(SenderHardware + 4) == mac[2];
        }

        /// <summary>
        /// Writes the fields that are the same in all our packets.
        /// </summary>
        /// <param name="frame">The frame.</param>
        /// <param name="operation"><see cref="Request"/> or <see cref="Reply"/>.</param>
        internal static void WriteFixed(Frame frame, int operation)
        {
            frame.SetUInt16(HardwareType, HardwareEthernet);
            frame.SetUInt16(ProtocolType, EthernetHeader.TypeIPv4);
            frame.SetUInt16(AddressLengths, LengthsEthernetIPv4);
            frame.SetUInt16(Operation, operation);
            frame.Length = Start + Length;
        }
    }
}
