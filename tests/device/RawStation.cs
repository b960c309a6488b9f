// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;
using nanoFramework.TestFramework;
using TcpIp.Ethernet;
using TcpIp.Frames;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// A stack under test, and a station without a stack at the other end of the cable: it sends and receives bytes.
    /// </summary>
    internal sealed class RawStation
    {
        internal const uint StackAddress = 0xC0A80132;
        internal const uint StationAddress = 0xC0A80107;
        internal const uint Netmask = 0xFFFFFF00;
        internal const int LongestFrame = EthernetHeader.MaximumFrame + 4;

        internal static readonly byte[] StackMac = new byte[] { 0x02, 0x12, 0x34, 0x56, 0x78, 0x9A };
        internal static readonly byte[] StationMac = new byte[] { 0x02, 0x00, 0x5E, 0x10, 0x20, 0x07 };

        internal readonly MemoryInterface Interface;
        internal readonly MemoryInterface StackInterface;
        internal readonly TcpIpStack Stack;
        internal readonly FramePool Pool;

        internal RawStation(WordOrder order)
            : this(order, true)
        {
        }

        internal RawStation(WordOrder order, bool guard)
            : this(order, new StackConfiguration() { GuardFrames = guard })
        {
        }

        internal RawStation(WordOrder order, StackConfiguration configuration)
        {
            StackInterface = new MemoryInterface(new MacAddress(StackMac), order);
            Interface = new MemoryInterface(new MacAddress(StationMac), order);
            MemoryInterface.Join(StackInterface, Interface);
            Stack = new TcpIpStack(configuration, StackInterface, new SeededRandom(4711));
            Pool = new FramePool(new int[] { LongestFrame }, new int[] { 2 }, order, 0, true);
            Stack.Configure(StackAddress, Netmask, 0);
        }

        /// <summary>
        /// Sends a frame.
        /// </summary>
        internal void Send(byte[] bytes, int length)
        {
            Frame frame = Pool.Rent(length);
            frame.CopyBytesFrom(0, bytes, 0, length);
            Interface.Send(frame);
            Pool.Return(frame);
        }

        /// <summary>
        /// Takes a frame that the stack has sent.
        /// </summary>
        /// <returns>Its length with padding, or -1.</returns>
        internal int Receive(byte[] bytes)
        {
            Frame frame = Interface.Receive(Pool);
            if (frame == null)
            {
                return -1;
            }

            int length = frame.Length;
            frame.CopyBytesTo(0, bytes, 0, length);
            Pool.Return(frame);
            return length;
        }

        /// <summary>
        /// Tells the stack who has the station's address, and takes the answer.
        /// </summary>
        internal void Introduce(int now)
        {
            byte[] bytes = new byte[LongestFrame];
            Stack.Poll(now - 3000);
            Stack.Poll(now - 1000);
            Stack.Poll(now);
            while (Receive(bytes) >= 0)
            {
                // its announcements
            }

            Arp(bytes, 1, StationAddress, StationMac, StackAddress);
            Send(bytes, 60);
            Stack.Poll(now);
            Assert.AreEqual(60, Receive(bytes), "no ARP reply");
        }

        /// <summary>
        /// Writes an ARP packet for IPv4 over Ethernet (RFC 826) with a header to all (request) or to the stack (reply).
        /// </summary>
        internal static void Arp(byte[] bytes, int operation, uint sender, byte[] senderMac, uint target)
        {
            for (int i = 0; i < 6; i++)
            {
                bytes[i] = operation == 1 ? (byte)0xFF : StackMac[i];
                bytes[6 + i] = senderMac[i];
                bytes[22 + i] = senderMac[i];
                bytes[32 + i] = operation == 1 ? (byte)0 : StackMac[i];
            }

            Write16(bytes, 12, 0x0806);
            Write16(bytes, 14, 1);
            Write16(bytes, 16, 0x0800);
            Write16(bytes, 18, 0x0604);
            Write16(bytes, 20, operation);
            Write32(bytes, 28, sender);
            Write32(bytes, 38, target);
        }

        /// <summary>
        /// Writes Ethernet and IPv4 headers of a packet from the station to the stack.
        /// </summary>
        internal static void IPv4(byte[] bytes, int protocol, int payload)
        {
            for (int i = 0; i < 6; i++)
            {
                bytes[i] = StackMac[i];
                bytes[6 + i] = StationMac[i];
            }

            Write16(bytes, 12, 0x0800);
            Write16(bytes, 14, 0x4500);
            Write16(bytes, 16, 20 + payload);
            Write16(bytes, 18, 0x1234);
            Write16(bytes, 20, 0x4000);
            Write16(bytes, 22, (55 << 8) | protocol);
            Write16(bytes, 24, 0);
            Write32(bytes, 26, StationAddress);
            Write32(bytes, 30, StackAddress);
            Write16(bytes, 24, Check.NaiveChecksum(0, bytes, 14, 20));
        }

        /// <summary>
        /// Writes an echo request with data that count up.
        /// </summary>
        /// <returns>The length of the frame.</returns>
        internal static int Echo(byte[] bytes, int data)
        {
            IPv4(bytes, 1, 8 + data);
            Write16(bytes, 34, 0x0800);
            Write16(bytes, 36, 0);
            Write32(bytes, 38, 0xBEEF0001);
            for (int i = 0; i < data; i++)
            {
                bytes[42 + i] = (byte)(i + 1);
            }

            Write16(bytes, 36, Check.NaiveChecksum(0, bytes, 34, 8 + data));
            return 42 + data;
        }

        internal static void Write16(byte[] bytes, int offset, int value)
        {
            bytes[offset] = (byte)(value >> 8);
            bytes[offset + 1] = (byte)value;
        }

        internal static void Write32(byte[] bytes, int offset, uint value)
        {
            Write16(bytes, offset, (int)(value >> 16));
            Write16(bytes, offset + 2, (int)(value & 0xFFFF));
        }
    }
}
