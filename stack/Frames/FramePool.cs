// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp.Frames
{
    /// <summary>
    /// All frames that will ever exist, in a few fixed sizes. Frames are rented and returned; nothing is allocated after start-up.
    /// </summary>
    /// <remarks>
    /// A transfer over SPI always moves a whole array, so a short frame in a long array costs bus time: hence several sizes.
    /// When the fitting size is exhausted, the next larger one serves. An empty pool means a dropped frame and a count.
    /// Two rules keep it from being emptied by who keeps frames for later. Over all sizes a reserve stays free. And of each size one
    /// frame stays free at least, for frames that pass through: <see cref="KeepPriority"/> says who has to leave how many.
    /// </remarks>
    public sealed class FramePool
    {
        /// <summary>In place of a size class: whichever.</summary>
        internal const int AnySize = -1;

        private const ushort Poison = 0xDEAD;

        /// <summary>Copies and sums what frames hold, in blocks.</summary>
        internal readonly BlockCopier Copier = new BlockCopier();

        private readonly FrameClass _smallest;
        private readonly FrameClass _largest;
        private readonly int _thirdOfLargest;
        private readonly bool _guard;
        private readonly int _receiveReserve;
        private IFrameKeeper _firstKeeper;
        private IFrameKeeper _secondKeeper;
        private int _freeTotal;
        private bool _largestAwaited;

        /// <summary>
        /// Initializes a new instance of the <see cref="FramePool"/> class.
        /// </summary>
        /// <param name="capacities">Bytes of Ethernet frame per size class, ascending, FCS not counted.</param>
        /// <param name="counts">Number of frames per size class.</param>
        /// <param name="order">The word order of the interface.</param>
        /// <param name="receiveReserve">Frames that <see cref="RentForReceive"/> leaves for those who send.</param>
        /// <param name="guard">Whether returned frames are filled with a pattern that is checked when they are rented again
        /// (for tests: it costs a pass over the frame).</param>
        /// <exception cref="ArgumentNullException">An array is missing.</exception>
        /// <exception cref="ArgumentException">The arrays differ in length, are empty, not ascending, or hold a count below 0.</exception>
        public FramePool(int[] capacities, int[] counts, WordOrder order, int receiveReserve, bool guard)
        {
            if (capacities == null)
            {
                throw new ArgumentNullException(nameof(capacities));
            }

            if (counts == null)
            {
                throw new ArgumentNullException(nameof(counts));
            }

            int classes = capacities.Length;
            if (classes == 0 || counts.Length != classes)
            {
                throw new ArgumentException("There must be a count for each capacity, and one capacity at least.", nameof(counts));
            }

            _guard = guard;
            _receiveReserve = receiveReserve;
            FrameClass previous = null;
            for (int i = 0; i < classes; i++)
            {
                if (counts[i] < 0 || capacities[i] < 2 || (i > 0 && capacities[i] <= capacities[i - 1]))
                {
                    throw new ArgumentException("Capacities ascend from 2 bytes, and no count is below 0.", nameof(capacities));
                }

                // what fits is what the words hold: an odd capacity is rounded up
                FrameClass frameClass = new FrameClass(i, (Frame.WordsFor(capacities[i]) - Frame.PrefixWords) << 1, counts[i]);
                for (int n = 0; n < counts[i]; n++)
                {
                    Frame frame = new Frame(capacities[i], order, frameClass);
                    if (guard)
                    {
                        FillWithPoison(frame);
                    }

                    frame.Next = frameClass.Free;
                    frameClass.Free = frame;
                }

                if (previous == null)
                {
                    _smallest = frameClass;
                }
                else
                {
                    previous.Larger = frameClass;
                }

                previous = frameClass;
                _freeTotal += counts[i];
            }

            _largest = previous;
            _thirdOfLargest = previous.Third();
            Order = order;
        }

        /// <summary>Gets the word order of all frames in the pool.</summary>
        public WordOrder Order { get; }

        /// <summary>Gets the number of size classes.</summary>
        public int Classes => _largest.Index + 1;

        /// <summary>Gets the largest Ethernet frame in bytes, FCS not counted, that fits any frame of the pool.</summary>
        public int LargestCapacity => _largest.Capacity;

        /// <summary>Gets the number of frames that are not rented, over all sizes.</summary>
        public int Free => _freeTotal;

        /// <summary>
        /// Whether a frame of the largest size has come back since somebody had to promise less for want of them
        /// (<see cref="AwaitLargest"/>). Who sees to it resets it. A field, for it is asked for in each poll.
        /// </summary>
        internal bool HasLargestReturned;

        /// <summary>Gets how often a frame was returned that lay in the pool already: a defect of the caller, ignored.</summary>
        public uint DoubleReturns { get; private set; }

        /// <summary>Gets how often a frame was found written to while it lay in the pool: a defect of the caller (needs the guard).</summary>
        public uint UsesAfterReturn { get; private set; }

        /// <summary>Capacity of a size class.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>Bytes of Ethernet frame, FCS not counted.</returns>
        public int Capacity(int sizeClass) => ClassAt(sizeClass).Capacity;

        /// <summary>Frames of a size class, rented or not.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public int Total(int sizeClass) => ClassAt(sizeClass).Total;

        /// <summary>Frames of a size class that are rented.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public int InUse(int sizeClass)
        {
            FrameClass frameClass = ClassAt(sizeClass);
            return frameClass.Total - frameClass.Left;
        }

        /// <summary>The most frames of a size class that were ever rented at once.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public int HighWater(int sizeClass)
        {
            FrameClass frameClass = ClassAt(sizeClass);
            return frameClass.Total - frameClass.FewestLeft;
        }

        /// <summary>How often a size class was empty when it was the fitting one, whether or not a larger one helped out.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public uint Exhausted(int sizeClass) => ClassAt(sizeClass).Exhausted;

        /// <summary>
        /// Frames of the largest size that are not rented.
        /// </summary>
        /// <returns>The count.</returns>
        public int FreeLargest()
        {
            return _largest.Left;
        }

        /// <summary>
        /// How many of these could be kept by who keeps more than one.
        /// </summary>
        /// <returns>The count; negative where it keeps more than it would be given now.</returns>
        internal int FreeLargestToKeep()
        {
            return _largest.Left - _thirdOfLargest;
        }

        /// <summary>
        /// The size class whose frames fit a length best.
        /// </summary>
        /// <param name="length">Bytes of Ethernet frame, FCS not counted.</param>
        /// <returns>The size class, or -1 when the length fits none.</returns>
        public int ClassFor(int length)
        {
            FrameClass fitting = FindFitting(length);
            return fitting == null ? -1 : fitting.Index;
        }

        /// <summary>
        /// Names those who keep frames that can be done without.
        /// </summary>
        /// <param name="first">Who is asked first to give one up.</param>
        /// <param name="second">Who is asked then.</param>
        internal void Register(IFrameKeeper first, IFrameKeeper second)
        {
            _firstKeeper = first;
            _secondKeeper = second;
        }

        /// <summary>
        /// Somebody had to promise less for want of frames of the largest size: <see cref="HasLargestReturned"/> tells when one comes back.
        /// </summary>
        internal void AwaitLargest()
        {
            _largestAwaited = true;
        }

        /// <summary>
        /// Rents a frame.
        /// </summary>
        /// <param name="length">Bytes of Ethernet frame, FCS not counted, that must fit.</param>
        /// <returns>A frame held once, its content undefined and its length set, or null when there is none.</returns>
        public Frame Rent(int length)
        {
            FrameClass at = FindFitting(length);
            if (at != null && at.Free == null)
            {
                at.Exhausted++;
            }

            while (at != null && at.Free == null)
            {
                at = at.Larger;
            }

            return at == null ? null : TakeFree(at, length);
        }

        /// <summary>
        /// Rents a frame for what comes in, but leaves half of the reserve: a host flooded with frames must still be able to answer.
        /// </summary>
        /// <param name="length">Bytes of Ethernet frame, FCS not counted, that must fit.</param>
        /// <returns>A frame, or null when there is none to spare.</returns>
        public Frame RentForReceive(int length)
        {
            if (_freeTotal <= _receiveReserve >> 1)
            {
                return null;
            }

            // most often there is one of the fitting size: a call less for each frame that comes in
            FrameClass fitting = _smallest;
            while (length > fitting.Capacity)
            {
                fitting = fitting.Larger;
                if (fitting == null)
                {
                    return null;
                }
            }

            return fitting.Free != null ? TakeFree(fitting, length) : Rent(length);
        }

        /// <summary>
        /// Whether a frame may wait in a queue for a peer's acknowledgment or for the application. Queues leave the whole reserve,
        /// more than reception does: full queues must not keep out the acknowledgment that would empty them.
        /// </summary>
        /// <param name="more">Frames that are to be left besides: those that the caller has yet to rent, and those for others.</param>
        /// <returns>Whether there are enough left.</returns>
        public bool MayKeep(int more) => _freeTotal - more >= _receiveReserve;

        /// <summary>
        /// Whether a frame may be kept for later.
        /// </summary>
        /// <param name="frame">A rented frame. A buffer that is no frame of the pool's is never kept.</param>
        /// <param name="priority">How much its keeper has to leave.</param>
        internal bool MayKeep(Frame frame, KeepPriority priority)
        {
            FrameClass frameClass = frame.Class;
            return frameClass != null
                && frameClass.Left >= (priority == KeepPriority.First ? 1 : frameClass.Third())
                && (priority == KeepPriority.Spare ? _freeTotal > _receiveReserve : _freeTotal >= _receiveReserve);
        }

        /// <summary>
        /// Gives up what can be done without until a frame may be kept for later.
        /// </summary>
        /// <param name="frame">A rented frame.</param>
        /// <param name="priority">How much its keeper has to leave.</param>
        /// <returns>Whether it may be kept now.</returns>
        internal bool MakeRoom(Frame frame, KeepPriority priority)
        {
            while (!MayKeep(frame, priority))
            {
                FrameClass frameClass = frame.Class;
                if (frameClass == null || !(GiveUp(frameClass.Index) || (_freeTotal < _receiveReserve && GiveUp(AnySize))))
                {
                    return false;
                }
            }

            return true;
        }

        /// <summary>
        /// Rents a frame that is to be kept for later: of the fitting size or a larger one, else of a smaller one.
        /// </summary>
        /// <param name="length">Bytes of Ethernet frame, FCS not counted, that would be filled.</param>
        /// <param name="least">The fewest that are of use.</param>
        /// <param name="priority">How much the keeper has to leave.</param>
        /// <param name="more">Frames that are to be left besides the reserve.</param>
        /// <param name="giveUp">Whether what can be done without is given up for it.</param>
        /// <returns>A frame, its length as many of the bytes as fit; or null.</returns>
        internal Frame RentToKeep(int length, int least, KeepPriority priority, int more, bool giveUp)
        {
            FrameClass fitting = FindFitting(length);
            if (fitting == null)
            {
                return null;
            }

            while (_freeTotal - more <= _receiveReserve)
            {
                if (!giveUp || !GiveUp(AnySize))
                {
                    return null;
                }
            }

            do
            {
                for (FrameClass at = fitting; at != null; at = at.Larger)
                {
                    if (at.Left > (priority == KeepPriority.First ? 1 : at.Third()))
                    {
                        return TakeFree(at, length);
                    }
                }
            }
            while (giveUp && GiveUp(fitting.Index));

            for (int i = fitting.Index - 1; i >= 0 && ClassAt(i).Capacity >= least; i--)
            {
                FrameClass smaller = ClassAt(i);
                if (smaller.Left > (priority == KeepPriority.First ? 1 : smaller.Third()))
                {
                    return TakeFree(smaller, smaller.Capacity);
                }
            }

            return null;
        }

        /// <summary>
        /// Gives up one reference to a frame; with the last one the frame goes back to the pool.
        /// </summary>
        /// <param name="frame">The frame. It must not be used afterwards.</param>
        public void Return(Frame frame)
        {
            int references = frame.References - 1;
            if (references > 0)
            {
                frame.References = references;
                return;
            }

            if (references < 0)
            {
                DoubleReturns++;
                return;
            }

            frame.References = 0;
            FrameClass frameClass = frame.Class;
            if (frameClass == null)
            {
                return;
            }

            if (_guard)
            {
                FillWithPoison(frame);
            }

            frame.Next = frameClass.Free;
            frameClass.Free = frame;
            frameClass.Left++;
            _freeTotal++;
            if (_largestAwaited && frameClass == _largest)
            {
                _largestAwaited = false;
                HasLargestReturned = true;
            }
        }

        /// <summary>The size with a number.</summary>
        private FrameClass ClassAt(int sizeClass)
        {
            FrameClass at = _smallest;
            while (at.Index != sizeClass)
            {
                at = at.Larger;
            }

            return at;
        }

        /// <summary>The size that fits a length best, or null.</summary>
        private FrameClass FindFitting(int length)
        {
            FrameClass fitting = _smallest;
            while (fitting != null && length > fitting.Capacity)
            {
                fitting = fitting.Larger;
            }

            return fitting;
        }

        private bool GiveUp(int sizeClass)
        {
            return (_firstKeeper != null && _firstKeeper.GiveUp(sizeClass)) || (_secondKeeper != null && _secondKeeper.GiveUp(sizeClass));
        }

        /// <summary>
        /// Takes a frame off the list of free ones. What is its keeper's to say, a place in a queue, payload, sums, is as the last one has left it.
        /// </summary>
        private Frame TakeFree(FrameClass frameClass, int length)
        {
            Frame frame = frameClass.Free;
            frameClass.Free = frame.Next;
            _freeTotal--;
            int left = frameClass.Left - 1;
            frameClass.Left = left;
            if (left < frameClass.FewestLeft)
            {
                frameClass.FewestLeft = left;
            }

            frame.References = 1;
            frame.Length = length;
            if (_guard && !IsUntouched(frame))
            {
                UsesAfterReturn++;
            }

            return frame;
        }

        private static void FillWithPoison(Frame frame)
        {
            frame.PayloadOffset = Poison;
            frame.PayloadLength = Poison;
            frame.SummedLength = Poison;
            ushort[] words = frame.Words;
            for (int i = 0; i < words.Length; i++)
            {
                words[i] = Poison;
            }
        }

        private static bool IsUntouched(Frame frame)
        {
            ushort[] words = frame.Words;
            for (int i = 0; i < words.Length; i++)
            {
                if (words[i] != Poison)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
