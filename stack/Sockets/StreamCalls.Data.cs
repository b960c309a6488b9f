// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Frames;
using TcpIp.Tcp;

namespace TcpIp.Sockets
{
    /// <content>
    /// The calls for streams that move data: SEND and RECEIVE of RFC 9293 section 3.9.1, by bytes, by words and in place.
    /// </content>
    internal sealed partial class StreamCalls
    {
        /// <summary>Copies bytes into the send queue.</summary>
        /// <returns>As of <see cref="SocketLayer.Write(int, byte[], int, int)"/>.</returns>
        internal int Write(TcpControlBlock block, byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 0 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok || count == 0)
            {
                return answer;
            }

            return _send.Send(block, buffer, offset, count);
        }

        /// <summary>Copies words into the send queue.</summary>
        /// <returns>As of <see cref="SocketLayer.Write(int, WordBuffer, int)"/>.</returns>
        internal int Write(TcpControlBlock block, WordBuffer content, int offset)
        {
            if (content == null || offset < 0 || offset > content.Length || (offset & 1) != 0)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok || offset == content.Length)
            {
                return answer;
            }

            return _send.Send(block, content, offset);
        }

        /// <summary>Points a view at room in the send queue.</summary>
        /// <returns>As of <see cref="SocketLayer.Reserve"/>.</returns>
        internal int Reserve(TcpControlBlock block, int wanted, SendView view)
        {
            if (view == null || wanted < 1)
            {
                return (int)SocketError.InvalidArgument;
            }

            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok)
            {
                return answer;
            }

            int limit = EffectiveMss.SegmentSize(block);
            int length = wanted < limit ? wanted : limit;
            Frame frame = _send.FindRoom(block, length, limit);
            if (frame == null)
            {
                return _send.Finish(block, 0);
            }

            int start = frame == block.SendQueue.Tail ? TcpTransmitter.TextStart + frame.PayloadLength : TcpTransmitter.TextStart;
            view.Set(frame, start, length, block.Descriptor);
            return length;
        }

        /// <summary>Puts what was written into reserved room into the send queue.</summary>
        /// <returns>The bytes; WouldBlock if the queue is full and they may be committed later; or an error, after which they may not.</returns>
        internal int Commit(TcpControlBlock block, SendView view, int count)
        {
            int answer = CallTable.Answer(CallTable.Send, block);
            if (answer != CallTable.Ok || count == 0)
            {
                return answer;
            }

            return _send.SendInPlace(block, view.Frame, view.Start, count);
        }

        /// <summary>Copies out what has arrived.</summary>
        /// <returns>As of <see cref="SocketLayer.Read"/>.</returns>
        internal int Read(TcpControlBlock block, byte[] buffer, int offset, int count)
        {
            if (buffer == null || offset < 0 || count < 1 || count > buffer.Length - offset)
            {
                return (int)SocketError.InvalidArgument;
            }

            int read = ReceiveCall.Receive(_tcp, block, buffer, offset, count);
            return read > 0 ? read : CallTable.Answer(CallTable.Receive, block);
        }

        /// <summary>Shows the frame with what has arrived first.</summary>
        /// <returns>As of <see cref="SocketLayer.Peek(int, ReceivedView)"/>.</returns>
        internal int Peek(TcpControlBlock block, ReceivedView view)
        {
            if (view == null)
            {
                return (int)SocketError.InvalidArgument;
            }

            Frame frame = ReceiveCall.FindText(_tcp, block);
            if (frame == null)
            {
                return CallTable.Answer(CallTable.Receive, block);
            }

            view.Set(frame);
            return frame.PayloadLength;
        }

        /// <summary>Gives up what was shown.</summary>
        /// <returns>As of <see cref="SocketLayer.Consume"/>.</returns>
        internal int Consume(TcpControlBlock block, int count)
        {
            Frame frame = block.ReceiveQueue.Head;
            if (count < 0 || frame == null || count > frame.PayloadLength)
            {
                return (int)SocketError.InvalidArgument;
            }

            ReceiveCall.Consume(_tcp, block, frame, count);
            return 0;
        }
    }
}
