// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using nanoFramework.TestFramework;
using TcpIp.Frames;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Frames are rented and returned, and the pool counts what goes wrong.
    /// </summary>
    [TestClass]
    public class FramePoolTests
    {
        [TestMethod]
        public void RentsTheSmallestFrameThatFits()
        {
            FramePool pool = NewPool(0, true);
            Frame small = pool.Rent(1);
            Frame exact = pool.Rent(64);
            Frame next = pool.Rent(65);
            Frame large = pool.Rent(1518);
            Assert.AreEqual(64, small.Capacity);
            Assert.AreEqual(64, exact.Capacity);
            Assert.AreEqual(256, next.Capacity);
            Assert.AreEqual(1518, large.Capacity);
            Assert.AreEqual(1, small.Length);
            Assert.AreEqual(1518, large.Length);
            Assert.IsNull(pool.Rent(1519), "longer than the longest");
            Assert.AreEqual(2, pool.InUse(0));
            Assert.AreEqual(2, pool.Free);

            pool.Return(small);
            pool.Return(exact);
            pool.Return(next);
            pool.Return(large);
            Assert.AreEqual(6, pool.Free);
            Check.AllReturned(pool);
        }

        [TestMethod]
        public void AnExhaustedSizeIsHelpedOutByTheNext()
        {
            FramePool pool = NewPool(0, true);
            Frame[] frames = new Frame[6];
            for (int i = 0; i < frames.Length; i++)
            {
                frames[i] = pool.Rent(60);
                Assert.IsNotNull(frames[i]);
            }

            Assert.AreEqual(64, frames[1].Capacity);
            Assert.AreEqual(256, frames[2].Capacity);
            Assert.AreEqual(1518, frames[5].Capacity);
            Assert.IsNull(pool.Rent(60), "all are rented");
            Assert.AreEqual(0, pool.Free);
            Assert.AreEqual(0, pool.FreeLargest());
            Assert.AreEqual(5U, pool.Exhausted(0));
            Assert.AreEqual(0U, pool.Exhausted(1));

            for (int i = 0; i < frames.Length; i++)
            {
                pool.Return(frames[i]);
            }

            Assert.AreEqual(2, pool.HighWater(0));
            Assert.AreEqual(2, pool.HighWater(1));
            Assert.AreEqual(2, pool.HighWater(2));
            Check.AllReturned(pool);
        }

        [TestMethod]
        public void HighWaterStaysWhereItWas()
        {
            FramePool pool = NewPool(0, false);
            Frame one = pool.Rent(60);
            Frame two = pool.Rent(60);
            pool.Return(one);
            pool.Return(two);
            pool.Return(pool.Rent(60));
            Assert.AreEqual(2, pool.HighWater(0));
            Assert.AreEqual(0, pool.HighWater(1));
            Check.AllReturned(pool);
        }

        [TestMethod]
        public void ReceptionLeavesHalfOfTheReserve()
        {
            FramePool pool = NewPool(4, false);
            Frame one = pool.RentForReceive(60);
            Frame two = pool.RentForReceive(60);
            Assert.IsTrue(pool.MayKeep(0), "the reserve is whole");
            Assert.IsFalse(pool.MayKeep(1), "another would take of it");
            Frame three = pool.RentForReceive(60);
            Frame four = pool.RentForReceive(60);
            Assert.IsNotNull(four);
            Assert.IsFalse(pool.MayKeep(0), "not to be kept");
            Assert.IsNull(pool.RentForReceive(60), "the reserve");
            Frame five = pool.Rent(60);
            Assert.IsNotNull(five, "is for those who send");
            pool.Return(one);
            pool.Return(two);
            pool.Return(three);
            pool.Return(four);
            pool.Return(five);
            Check.AllReturned(pool);
        }

        [TestMethod]
        public void ADoubleReturnIsCountedAndIgnored()
        {
            FramePool pool = NewPool(0, false);
            Frame frame = pool.Rent(60);
            pool.Return(frame);
            pool.Return(frame);
            Assert.AreEqual(1U, pool.DoubleReturns);
            Assert.AreEqual(6, pool.Free);

            Frame one = pool.Rent(60);
            Frame two = pool.Rent(60);
            Assert.IsFalse(one == two, "one frame for two owners");
            pool.Return(one);
            pool.Return(two);
            Assert.AreEqual(0, pool.InUse(0));
            Assert.AreEqual(6, pool.Free);
        }

        [TestMethod]
        public void TheGuardSeesAWriteAfterReturn()
        {
            FramePool pool = NewPool(0, true);
            Frame frame = pool.Rent(60);
            frame.SetByte(10, 1);
            pool.Return(frame);
            Assert.AreEqual(0U, pool.UsesAfterReturn);
            frame.SetByte(10, 1);
            Frame again = pool.Rent(60);
            Assert.IsTrue(frame == again);
            Assert.AreEqual(1U, pool.UsesAfterReturn);
            pool.Return(again);
            Assert.AreEqual(0, pool.InUse(0));
            Assert.AreEqual(0U, pool.DoubleReturns);
        }

        [TestMethod]
        public void WrongSizesAreRefused()
        {
            Refuse(new int[] { 64, 64 }, new int[] { 1, 1 });
            Refuse(new int[] { 64 }, new int[] { -1 });
            Refuse(new int[] { 64 }, new int[] { 1, 1 });
            Refuse(new int[0], new int[0]);
        }

        private static void Refuse(int[] capacities, int[] counts)
        {
            Assert.ThrowsException(
                typeof(ArgumentException),
                () => new FramePool(capacities, counts, WordOrder.LowByteFirst, 0, false));
        }

        private static FramePool NewPool(int reserve, bool guard)
        {
            return new FramePool(new int[] { 64, 256, 1518 }, new int[] { 2, 2, 2 }, WordOrder.LowByteFirst, reserve, guard);
        }
    }
}
