// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Frames
{
    /// <summary>
    /// Frames in a row, linked through the frames themselves. A frame is in at most one queue.
    /// </summary>
    internal sealed class FrameQueue
    {
        /// <summary>The oldest frame, or null.</summary>
        internal Frame Head;

        /// <summary>The newest frame, or null.</summary>
        internal Frame Tail;

        /// <summary>Number of frames.</summary>
        internal int Count;

        /// <summary>Sum of the frames' payload lengths in bytes.</summary>
        internal int Bytes;

        /// <summary>
        /// Adds a frame at the end. The queue takes over the caller's reference.
        /// </summary>
        /// <param name="frame">The frame, its payload length set.</param>
        internal void Enqueue(Frame frame)
        {
            frame.Next = null;
            if (Tail == null)
            {
                Head = frame;
            }
            else
            {
                Tail.Next = frame;
            }

            Tail = frame;
            Count++;
            Bytes += frame.PayloadLength;
        }

        /// <summary>
        /// Puts a frame in its place. The queue takes over the caller's reference.
        /// </summary>
        /// <param name="previous">The frame before it, or null where it becomes the first.</param>
        /// <param name="frame">The frame, its payload length set.</param>
        internal void InsertAfter(Frame previous, Frame frame)
        {
            if (previous == Tail)
            {
                Enqueue(frame);
                return;
            }

            if (previous == null)
            {
                frame.Next = Head;
                Head = frame;
            }
            else
            {
                frame.Next = previous.Next;
                previous.Next = frame;
            }

            Count++;
            Bytes += frame.PayloadLength;
        }

        /// <summary>
        /// Puts another frame with as many bytes in the place of one. References change hands: the new one's is the queue's, the old
        /// one's the caller's.
        /// </summary>
        /// <param name="old">A frame of the queue.</param>
        /// <param name="frame">The frame, its payload length set.</param>
        internal void Replace(Frame old, Frame frame)
        {
            frame.Next = old.Next;
            if (Tail == old)
            {
                Tail = frame;
            }

            if (Head == old)
            {
                Head = frame;
                return;
            }

            Frame previous = Head;
            while (previous.Next != old)
            {
                previous = previous.Next;
            }

            previous.Next = frame;
        }

        /// <summary>
        /// Takes out the frame behind one, which has taken its bytes over. Its reference is the caller's now.
        /// </summary>
        /// <param name="frame">A frame of the queue, not the newest.</param>
        internal void RemoveNext(Frame frame)
        {
            Frame next = frame.Next;
            frame.Next = next.Next;
            if (Tail == next)
            {
                Tail = frame;
            }

            Count--;
        }

        /// <summary>
        /// Takes a frame out. Its reference is the caller's now.
        /// </summary>
        /// <param name="frame">A frame of the queue.</param>
        internal void Remove(Frame frame)
        {
            Frame previous = null;
            Frame at = Head;
            while (at != frame)
            {
                previous = at;
                at = at.Next;
            }

            if (previous == null)
            {
                Head = frame.Next;
            }
            else
            {
                previous.Next = frame.Next;
            }

            if (Tail == frame)
            {
                Tail = previous;
            }

            frame.Next = null;
            Count--;
            Bytes -= frame.PayloadLength;
        }

        /// <summary>
        /// Takes the oldest frame out. Its reference is the caller's now.
        /// </summary>
        /// <returns>The frame, or null when the queue is empty.</returns>
        internal Frame Dequeue()
        {
            Frame frame = Head;
            if (frame == null)
            {
                return null;
            }

            Head = frame.Next;
            if (Head == null)
            {
                Tail = null;
            }

            frame.Next = null;
            Count--;
            Bytes -= frame.PayloadLength;
            return frame;
        }

        /// <summary>
        /// Returns all frames to their pool.
        /// </summary>
        /// <param name="pool">The pool that they came from.</param>
        internal void Clear(FramePool pool)
        {
            while (Head != null)
            {
                pool.Return(Dequeue());
            }
        }
    }
}
