// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;

namespace TcpIp.Tcp
{
    /// <summary>
    /// RECEIVE (RFC 9293 section 3.10.3): what has arrived in order is handed out; and the peer hears of the room that comes of it.
    /// </summary>
    internal static class ReceiveCall
    {
        /// <summary>
        /// Finds what is next.
        /// </summary>
        /// <param name="tcp">The layer.</param>
        /// <param name="block">The connection.</param>
        /// <returns>The frame, or null where nothing has arrived.</returns>
        internal static Frame FindText(TcpLayer tcp, TcpControlBlock block)
        {
            Frame frame = block.ReceiveQueue.Head;
            if (frame == null)
            {
                tcp.TakePassing(block);
                frame = block.ReceiveQueue.Head;
            }

            return frame;
        }

        /// <summary>
        /// Copies out what has arrived.
        /// </summary>
        /// <param name="tcp">The layer.</param>
        /// <param name="block">The connection.</param>
        /// <param name="buffer">Where to.</param>
        /// <param name="offset">Index of the first byte there.</param>
        /// <param name="count">How many fit, 1 or more.</param>
        /// <returns>How many were copied; 0 where nothing has arrived.</returns>
        internal static int Receive(TcpLayer tcp, TcpControlBlock block, byte[] buffer, int offset, int count)
        {
            int read = 0;
            Frame frame = FindText(tcp, block);
            if (frame == null)
            {
                return 0;
            }

            BlockCopier copier = tcp.Copier;
            while (frame != null && read < count)
            {
                int part = count - read < frame.PayloadLength ? count - read : frame.PayloadLength;
                copier.CopyOut(frame, frame.PayloadOffset, buffer, offset + read, part);
                read += part;
                tcp.ReceiveQueue.Drop(block, frame, part);
                frame = block.ReceiveQueue.Head;
            }

            UpdateWindow(tcp, block);
            return read;
        }

        /// <summary>
        /// Gives up what was looked at in place.
        /// </summary>
        /// <param name="tcp">The layer.</param>
        /// <param name="block">The connection.</param>
        /// <param name="frame">The first frame.</param>
        /// <param name="count">Bytes of it.</param>
        internal static void Consume(TcpLayer tcp, TcpControlBlock block, Frame frame, int count)
        {
            tcp.ReceiveQueue.Drop(block, frame, count);
            UpdateWindow(tcp, block);
        }

        private static void UpdateWindow(TcpLayer tcp, TcpControlBlock block)
        {
            if (!block.FinReceived && tcp.Window.WantsUpdate(block))
            {
                AcknowledgmentPolicy.OweNow(block);
                tcp.RequestOutput(block);
            }
        }
    }
}
