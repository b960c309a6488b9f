// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Tcp;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Sequence numbers count in a circle.
    /// </summary>
    [TestClass]
    public class SequenceNumberTests
    {
        [TestMethod]
        public void OrderIsTheShorterWayAround()
        {
            Assert.IsTrue(SequenceNumber.Before(1, 2));
            Assert.IsFalse(SequenceNumber.Before(2, 1));
            Assert.IsFalse(SequenceNumber.Before(2, 2));
            Assert.IsTrue(SequenceNumber.Before(0xFFFFFFFF, 0));
            Assert.IsFalse(SequenceNumber.Before(0, 0xFFFFFFFF));
            Assert.IsTrue(SequenceNumber.Before(0xFFFFFF00, 0x100));
            Assert.IsTrue(SequenceNumber.Before(0x7FFFFFFF, 0x80000000));
            Assert.IsFalse(SequenceNumber.Before(0x80000000, 0x7FFFFFFF));
            Assert.IsTrue(SequenceNumber.Before(0, 0x7FFFFFFF));
            Assert.IsFalse(SequenceNumber.Before(0x7FFFFFFF, 0));
        }

        [TestMethod]
        public void EqualIsBeforeOrAt()
        {
            Assert.IsTrue(SequenceNumber.BeforeOrAt(0, 0));
            Assert.IsTrue(SequenceNumber.BeforeOrAt(0xFFFFFFFF, 0xFFFFFFFF));
            Assert.IsTrue(SequenceNumber.BeforeOrAt(0xFFFFFFFF, 1));
            Assert.IsFalse(SequenceNumber.BeforeOrAt(1, 0xFFFFFFFF));
            Assert.IsTrue(SequenceNumber.BeforeOrAt(0x80000000, 0x80000000));
        }

        [TestMethod]
        public void AWindowMayLieAcrossTheWrap()
        {
            Assert.IsTrue(SequenceNumber.InWindow(0xFFFFFFF0, 0xFFFFFFF0, 0x20));
            Assert.IsTrue(SequenceNumber.InWindow(0xFFFFFFFF, 0xFFFFFFF0, 0x20));
            Assert.IsTrue(SequenceNumber.InWindow(0, 0xFFFFFFF0, 0x20));
            Assert.IsTrue(SequenceNumber.InWindow(0x0F, 0xFFFFFFF0, 0x20));
            Assert.IsFalse(SequenceNumber.InWindow(0x10, 0xFFFFFFF0, 0x20));
            Assert.IsFalse(SequenceNumber.InWindow(0xFFFFFFEF, 0xFFFFFFF0, 0x20));
            Assert.IsFalse(SequenceNumber.InWindow(0xFFFFFFF0, 0xFFFFFFF0, 0));
            Assert.IsTrue(SequenceNumber.InWindow(0x80000000, 0x7FFFFFFF, 2));
        }

        [TestMethod]
        public void UnsignedArithmeticWraps()
        {
            // what the stack relies on, and what a runtime might do otherwise
            uint number = 0xFFFFFFFE;
            number += 5;
            Assert.AreEqual(3U, number);
            Assert.AreEqual(-5, (int)(0xFFFFFFFE - number));
            int time = int.MaxValue;
            time += 10;
            Assert.AreEqual(int.MinValue + 9, time);
            Assert.AreEqual(10, time - int.MaxValue);
        }
    }
}
