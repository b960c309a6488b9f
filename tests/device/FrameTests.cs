// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// The bytes of a frame are the same in either word order; only the words differ.
    /// </summary>
    [TestClass]
    public class FrameTests
    {
        [TestMethod]
        public void FieldsAreBigEndianLowByteFirst() => FieldsAreBigEndian(WordOrder.LowByteFirst);

        [TestMethod]
        public void FieldsAreBigEndianHighByteFirst() => FieldsAreBigEndian(WordOrder.HighByteFirst);

        [TestMethod]
        public void BytesLieInEitherHalfLowByteFirst() => BytesLieInEitherHalf(WordOrder.LowByteFirst);

        [TestMethod]
        public void BytesLieInEitherHalfHighByteFirst() => BytesLieInEitherHalf(WordOrder.HighByteFirst);

        [TestMethod]
        public void CopiesAtAnyOffsetLowByteFirst() => CopiesAtAnyOffset(WordOrder.LowByteFirst);

        [TestMethod]
        public void CopiesAtAnyOffsetHighByteFirst() => CopiesAtAnyOffset(WordOrder.HighByteFirst);

        [TestMethod]
        public void WordsAreCopiedAsTheyLie()
        {
            Frame frame = new Frame(64, WordOrder.LowByteFirst);
            ushort[] words = new ushort[] { 0x1111, 0x2301, 0x6745, 0x2222 };
            frame.CopyWordsFrom(10, words, 1, 2);
            Assert.AreEqual(0x01234567U, frame.GetUInt32(10));
            Assert.AreEqual(0, frame.GetUInt16(8));
            Assert.AreEqual(0, frame.GetUInt16(14));
            ushort[] back = new ushort[4];
            frame.CopyWordsTo(10, back, 2, 2);
            Assert.AreEqual(0, (int)back[1]);
            Assert.AreEqual(0x2301, (int)back[2]);
            Assert.AreEqual(0x6745, (int)back[3]);
        }

        [TestMethod]
        public void AnOddCapacityIsRoundedUp()
        {
            Frame frame = new Frame(61, WordOrder.LowByteFirst);
            Assert.AreEqual(62, frame.Capacity);
            Assert.AreEqual(Frame.PrefixWords + 31, frame.Words.Length);
            Assert.AreEqual(Frame.PrefixWords + 31, Frame.WordsFor(61));
        }

        private static void FieldsAreBigEndian(WordOrder order)
        {
            Frame frame = new Frame(64, order);
            bool low = order == WordOrder.LowByteFirst;
            Assert.AreEqual(low, frame.LowByteFirst);

            frame.SetUInt16(4, 0xFEDC);
            Assert.AreEqual(0xFE, frame.GetByte(4));
            Assert.AreEqual(0xDC, frame.GetByte(5));
            Assert.AreEqual(0xFEDC, frame.GetUInt16(4));
            Assert.AreEqual(low ? 0xDCFE : 0xFEDC, frame.GetRaw(4));
            Assert.AreEqual(frame.GetRaw(4), frame.ToRaw(0xFEDC));
            Assert.AreEqual(0xFEDC, frame.ToRaw(frame.ToRaw(0xFEDC)));
            Assert.AreEqual(low ? 0xDCFE : 0xFEDC, (int)frame.Words[Frame.PrefixWords + 2]);

            frame.SetUInt16(4, 0x7FFF0102);
            Assert.AreEqual(0x0102, frame.GetUInt16(4));
            Assert.AreEqual(0, frame.GetUInt16(2));
            Assert.AreEqual(0, frame.GetUInt16(6));

            CheckUInt32(frame, 0x00000000);
            CheckUInt32(frame, 0x00000001);
            CheckUInt32(frame, 0x89ABCDEF);
            CheckUInt32(frame, 0x80000000);
            CheckUInt32(frame, 0xFFFFFFFF);
            CheckUInt32(frame, 0x00FF00FF);
            CheckUInt32(frame, 0xFF00FF00);

            frame.SetRaw(8, 0x1234);
            Assert.AreEqual(low ? 0x3412 : 0x1234, frame.GetUInt16(8));
        }

        private static void CheckUInt32(Frame frame, uint value)
        {
            frame.SetUInt32(26, value);
            Assert.AreEqual(value, frame.GetUInt32(26));
            Assert.AreEqual((int)(value >> 24), frame.GetByte(26));
            Assert.AreEqual((int)((value >> 16) & 0xFF), frame.GetByte(27));
            Assert.AreEqual((int)((value >> 8) & 0xFF), frame.GetByte(28));
            Assert.AreEqual((int)(value & 0xFF), frame.GetByte(29));
            Assert.AreEqual((int)(value >> 16), frame.GetUInt16(26));
            Assert.AreEqual((int)(value & 0xFFFF), frame.GetUInt16(28));
        }

        private static void BytesLieInEitherHalf(WordOrder order)
        {
            Frame frame = new Frame(64, order);
            for (int i = 0; i < 64; i++)
            {
                frame.SetByte(i, 255 - i);
            }

            for (int i = 0; i < 64; i++)
            {
                Assert.AreEqual(255 - i, frame.GetByte(i));
            }

            for (int i = 0; i < 64; i += 2)
            {
                Assert.AreEqual(((255 - i) << 8) | (254 - i), frame.GetUInt16(i));
            }

            Assert.AreEqual(0, (int)frame.Words[0], "the driver's word");
        }

        private static void CopiesAtAnyOffset(WordOrder order)
        {
            byte[] source = Check.Pattern(40, 11);
            byte[] back = new byte[40];
            for (int offset = 14; offset < 18; offset++)
            {
                for (int start = 0; start < 3; start++)
                {
                    for (int count = 0; count < 8; count++)
                    {
                        Frame frame = new Frame(64, order);
                        for (int i = 0; i < 64; i++)
                        {
                            frame.SetByte(i, 0xEE);
                        }

                        frame.CopyBytesFrom(offset, source, start, count);
                        for (int i = 0; i < 64; i++)
                        {
                            bool inside = i >= offset && i < offset + count;
                            Assert.AreEqual(inside ? source[start + i - offset] : 0xEE, frame.GetByte(i));
                        }

                        for (int i = 0; i < back.Length; i++)
                        {
                            back[i] = 0xDD;
                        }

                        frame.CopyBytesTo(offset, back, start, count);
                        for (int i = 0; i < back.Length; i++)
                        {
                            bool inside = i >= start && i < start + count;
                            Assert.AreEqual(inside ? source[i] : 0xDD, (int)back[i]);
                        }
                    }
                }
            }
        }
    }
}
