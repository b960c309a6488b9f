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

        private readonly int[] _capacity;
        private readonly int[] _total;
        private readonly int[] _inUse;
        private readonly int[] _highWater;
        private readonly uint[] _exhausted;
        private readonly Frame[] _free;
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

            _capacity = new int[classes];
            _total = new int[classes];
            _inUse = new int[classes];
            _highWater = new int[classes];
            _exhausted = new uint[classes];
            _free = new Frame[classes];
            _guard = guard;
            _receiveReserve = receiveReserve;

            for (int i = 0; i < classes; i++)
            {
                if (counts[i] < 0 || capacities[i] < 2 || (i > 0 && capacities[i] <= capacities[i - 1]))
                {
                    throw new ArgumentException("Capacities ascend from 2 bytes, and no count is below 0.", nameof(capacities));
                }

                _total[i] = counts[i];
                for (int n = 0; n < counts[i]; n++)
                {
                    Frame frame = new Frame(capacities[i], order, i);
                    if (guard)
                    {
                        FillWithPoison(frame);
                    }

                    frame.Next = _free[i];
                    _free[i] = frame;
                }

                // what fits is what the words hold: an odd capacity is rounded up
                _capacity[i] = (Frame.WordsFor(capacities[i]) - Frame.PrefixWords) << 1;
                _freeTotal += counts[i];
            }

            Order = order;
        }

        /// <summary>Gets the word order of all frames in the pool.</summary>
        public WordOrder Order { get; }

        /// <summary>Gets the number of size classes.</summary>
        public int Classes => _capacity.Length;

        /// <summary>Gets the largest Ethernet frame in bytes, FCS not counted, that fits any frame of the pool.</summary>
        public int LargestCapacity => _capacity[_capacity.Length - 1];

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
        public int Capacity(int sizeClass) => _capacity[sizeClass];

        /// <summary>Frames of a size class, rented or not.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public int Total(int sizeClass) => _total[sizeClass];

        /// <summary>Frames of a size class that are rented.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public int InUse(int sizeClass) => _inUse[sizeClass];

        /// <summary>The most frames of a size class that were ever rented at once.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public int HighWater(int sizeClass) => _highWater[sizeClass];

        /// <summary>How often a size class was empty when it was the fitting one, whether or not a larger one helped out.</summary>
        /// <param name="sizeClass">0 to <see cref="Classes"/> - 1.</param>
        /// <returns>The count.</returns>
        public uint Exhausted(int sizeClass) => _exhausted[sizeClass];

        /// <summary>
        /// Frames of the largest size that are not rented.
        /// </summary>
        /// <returns>The count.</returns>
        public int FreeLargest()
        {
            int last = _capacity.Length - 1;
            return _total[last] - _inUse[last];
        }

        /// <summary>
        /// How many of these could be kept by who keeps more than one.
        /// </summary>
        /// <returns>The count; negative where it keeps more than it would be given now.</returns>
        internal int FreeLargestToKeep()
        {
            int last = _capacity.Length - 1;
            return _total[last] - _inUse[last] - Third(last);
        }

        /// <summary>
        /// The size class whose frames fit a length best.
        /// </summary>
        /// <param name="length">Bytes of Ethernet frame, FCS not counted.</param>
        /// <returns>The size class, or -1 when the length fits none.</returns>
        public int ClassFor(int length)
        {
            int[] capacity = _capacity;
            for (int i = 0; i < capacity.Length; i++)
            {
                if (length <= capacity[i])
                {
                    return i;
                }
            }

            return -1;
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
            int[] capacity = _capacity;
            bool fitting = true;
            for (int i = 0; i < capacity.Length; i++)
            {
                if (length > capacity[i])
                {
                    continue;
                }

                if (_free[i] != null)
                {
                    return TakeFree(i, length);
                }

                if (fitting)
                {
                    _exhausted[i]++;
                    fitting = false;
                }
            }

            return null;
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
            int[] capacity = _capacity;
            int fitting = 0;
            while (length > capacity[fitting])
            {
                fitting++;
                if (fitting == capacity.Length)
                {
                    return null;
                }
            }

            return _free[fitting] != null ? TakeFree(fitting, length) : Rent(length);
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
            int sizeClass = frame.SizeClass;
            return sizeClass >= 0
                && _total[sizeClass] - _inUse[sizeClass] >= CountToLeave(sizeClass, priority)
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
                int sizeClass = frame.SizeClass;
                if (sizeClass < 0 || !(GiveUp(sizeClass) || (_freeTotal < _receiveReserve && GiveUp(AnySize))))
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
            int fitting = ClassFor(length);
            if (fitting < 0)
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
                for (int i = fitting; i < _free.Length; i++)
                {
                    if (_total[i] - _inUse[i] > CountToLeave(i, priority))
                    {
                        return TakeFree(i, length);
                    }
                }
            }
            while (giveUp && GiveUp(fitting));

            for (int i = fitting - 1; i >= 0 && _capacity[i] >= least; i--)
            {
                if (_total[i] - _inUse[i] > CountToLeave(i, priority))
                {
                    return TakeFree(i, _capacity[i]);
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
            if (frame.References <= 0)
            {
                DoubleReturns++;
                return;
            }

            int sizeClass = frame.SizeClass;
            if (--frame.References > 0 || sizeClass < 0)
            {
                return;
            }

            if (_guard)
            {
                FillWithPoison(frame);
            }

            frame.Next = _free[sizeClass];
            _free[sizeClass] = frame;
            _inUse[sizeClass]--;
            _freeTotal++;
            if (_largestAwaited && sizeClass == _free.Length - 1)
            {
                _largestAwaited = false;
                HasLargestReturned = true;
            }
        }

        /// <summary>How many frames of a size its keeper has to leave.</summary>
        private int CountToLeave(int sizeClass, KeepPriority priority)
        {
            return priority == KeepPriority.First ? 1 : Third(sizeClass);
        }

        /// <summary>A third of the frames of a size, one at least: what those leave who keep more than one.</summary>
        private int Third(int sizeClass)
        {
            int total = _total[sizeClass];
            return total < 2 ? 1 : (total + 1) / 3;
        }

        private bool GiveUp(int sizeClass)
        {
            return (_firstKeeper != null && _firstKeeper.GiveUp(sizeClass)) || (_secondKeeper != null && _secondKeeper.GiveUp(sizeClass));
        }

        /// <summary>Takes a frame off the list of free ones, and puts it back to its beginning.</summary>
        private Frame TakeFree(int sizeClass, int length)
        {
            Frame frame = _free[sizeClass];
            _free[sizeClass] = frame.Next;
            _freeTotal--;
            int inUse = ++_inUse[sizeClass];
            if (inUse > _highWater[sizeClass])
            {
                _highWater[sizeClass] = inUse;
            }

            frame.Next = null;
            frame.References = 1;
            frame.Length = length;
            frame.PayloadOffset = 0;
            frame.PayloadLength = 0;
            frame.SummedLength = 0;
            if (_guard && !IsUntouched(frame))
            {
                UsesAfterReturn++;
            }

            return frame;
        }

        private static void FillWithPoison(Frame frame)
        {
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
