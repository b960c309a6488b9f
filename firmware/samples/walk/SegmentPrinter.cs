// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace Walk
{
    /// <summary>
    /// Stands between the stack and the driver, and prints each TCP segment that passes. It makes a string of each: not for a board in use.
    /// </summary>
    internal sealed class SegmentPrinter : INetworkInterface
    {
        // offsets in a frame whose IPv4 header has no options (RFC 791, RFC 9293)
        private const int EtherType = 12;
        private const int VersionIhl = 14;
        private const int TotalLength = 16;
        private const int Protocol = 23;
        private const int Tcp = 34;
        private const int Sequence = Tcp + 4;
        private const int Acknowledgment = Tcp + 8;
        private const int DataOffset = Tcp + 12;
        private const int Flags = Tcp + 13;
        private const int Window = Tcp + 14;

        private readonly INetworkInterface _driver;
        private readonly int _port;

        /// <summary>
        /// Initializes a new instance of the <see cref="SegmentPrinter"/> class.
        /// </summary>
        /// <param name="driver">What sends and receives.</param>
        /// <param name="port">The peer's port: segments of other connections are not printed.</param>
        internal SegmentPrinter(INetworkInterface driver, int port)
        {
            _driver = driver;
            _port = port;
        }

        /// <summary>Gets or sets a value indicating whether it prints.</summary>
        public bool IsOn { get; set; }

        /// <inheritdoc/>
        public WordOrder WordOrder => _driver.WordOrder;

        /// <inheritdoc/>
        public MacAddress MacAddress => _driver.MacAddress;

        /// <inheritdoc/>
        public bool IsLinkUp => _driver.IsLinkUp;

        /// <inheritdoc/>
        public bool CanSend => _driver.CanSend;

        /// <inheritdoc/>
        public int Poll(int now) => _driver.Poll(now);

        /// <inheritdoc/>
        public bool Send(Frame frame)
        {
            bool sent = _driver.Send(frame);
            if (sent)
            {
                Print("   -> ", frame);
            }

            return sent;
        }

        /// <inheritdoc/>
        public Frame Receive(FramePool pool)
        {
            Frame frame = _driver.Receive(pool);
            if (frame != null)
            {
                Print("   <- ", frame);
            }

            return frame;
        }

        /// <inheritdoc/>
        public bool JoinMulticast(int group) => _driver.JoinMulticast(group);

        /// <inheritdoc/>
        public void LeaveMulticast(int group)
        {
            _driver.LeaveMulticast(group);
        }

        private void Print(string direction, Frame frame)
        {
            if (!IsOn
                || frame.Length < Tcp + 20
                || frame.GetUInt16(EtherType) != 0x0800
                || frame.GetByte(VersionIhl) != 0x45
                || frame.GetByte(Protocol) != 6
                || (frame.GetUInt16(Tcp) != _port && frame.GetUInt16(Tcp + 2) != _port))
            {
                return;
            }

            int flags = frame.GetByte(Flags);
            int length = frame.GetUInt16(TotalLength) - 20 - ((frame.GetByte(DataOffset) >> 4) << 2);
            string text = direction + NamesOf(flags) + " SEG.SEQ " + frame.GetUInt32(Sequence);
            if ((flags & 0x10) != 0)
            {
                text += ", SEG.ACK " + frame.GetUInt32(Acknowledgment);
            }

            Console.WriteLine(text + ", SEG.WND " + frame.GetUInt16(Window) + (length > 0 ? ", " + length + " bytes of data" : string.Empty));
        }

        private static string NamesOf(int flags)
        {
            string names = string.Empty;
            names += (flags & 0x02) != 0 ? "SYN " : string.Empty;
            names += (flags & 0x01) != 0 ? "FIN " : string.Empty;
            names += (flags & 0x04) != 0 ? "RST " : string.Empty;
            names += (flags & 0x10) != 0 ? "ACK " : string.Empty;
            return names.TrimEnd(' ');
        }
    }
}
