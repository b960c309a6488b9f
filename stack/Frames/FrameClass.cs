// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Frames
{
    /// <summary>
    /// The frames of one size in a <see cref="FramePool"/>. Its fields are the pool's alone to write: read as they are, for a frame is rented
    /// and returned with each packet.
    /// </summary>
    internal sealed class FrameClass
    {
        /// <summary>Of frames that no pool owns, but that interfaces may be given like any of a pool's. Nothing in it changes, so all stacks share it.</summary>
        internal static readonly FrameClass NoPool = new FrameClass(-2, 0, 0);

        /// <summary>Its number, in order of size from 0.</summary>
        internal readonly int Index;

        /// <summary>Bytes of Ethernet frame, FCS not counted, that fit.</summary>
        internal readonly int Capacity;

        /// <summary>Number of frames, rented or not.</summary>
        internal readonly int Total;

        /// <summary>The next larger size, or null.</summary>
        internal FrameClass Larger;

        /// <summary>The first of the frames that are not rented, or null.</summary>
        internal Frame Free;

        /// <summary>Number of frames that are not rented.</summary>
        internal int Left;

        /// <summary>The fewest that ever were.</summary>
        internal int FewestLeft;

        /// <summary>How often it was empty when it was the fitting one.</summary>
        internal uint Exhausted;

        /// <summary>Initializes a size without frames so far.</summary>
        /// <param name="index">Its number.</param>
        /// <param name="capacity">Bytes of Ethernet frame, FCS not counted, that fit.</param>
        /// <param name="total">Number of frames that it will have.</param>
        internal FrameClass(int index, int capacity, int total)
        {
            Index = index;
            Capacity = capacity;
            Total = total;
            Left = total;
            FewestLeft = total;
        }

        /// <summary>
        /// How many frames who keeps more than one has to leave.
        /// </summary>
        /// <returns>A third of them, one at least.</returns>
        internal int Third() => Total < 2 ? 1 : (Total + 1) / 3;
    }
}
