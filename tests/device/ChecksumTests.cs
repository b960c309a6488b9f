// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// The Internet checksum, beside a naive one that adds bytes in pairs.
    /// </summary>
    [TestClass]
    public class ChecksumTests
    {
        [TestMethod]
        public void AgreesWithTheNaiveSumLowByteFirst() => AgreesWithTheNaiveSum(WordOrder.LowByteFirst);

        [TestMethod]
        public void AgreesWithTheNaiveSumHighByteFirst() => AgreesWithTheNaiveSum(WordOrder.HighByteFirst);

        [TestMethod]
        public void AFullFrameOfOnesDoesNotOverflow()
        {
            Frame frame = new Frame(1518, WordOrder.LowByteFirst);
            byte[] bytes = new byte[1518];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = 0xFF;
            }

            frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
            Assert.AreEqual(0xFFFFU, InternetChecksum.Fold(InternetChecksum.Add(0, frame, 0, 1518)));
            Assert.AreEqual(0xFFFFU, InternetChecksum.Fold(InternetChecksum.Add(0xFFFFFFFF - (759 * 0xFFFF), frame, 0, 1518)));
        }

        [TestMethod]
        public void FoldsTwice()
        {
            Assert.AreEqual(0U, InternetChecksum.Fold(0));
            Assert.AreEqual(0xFFFFU, InternetChecksum.Fold(0xFFFF));
            Assert.AreEqual(1U, InternetChecksum.Fold(0x10000));
            Assert.AreEqual(0xFFFFU, InternetChecksum.Fold(0xFFFFFFFF));
            Assert.AreEqual(1U, InternetChecksum.Fold(0xFFFF0001), "the first fold carries once more");
            Assert.AreEqual(0xFFFF, InternetChecksum.Complement(0));
            Assert.AreEqual(0, InternetChecksum.Complement(0xFFFF));
        }

        [TestMethod]
        public void TheHeaderOfATextbookIsRight()
        {
            ushort[] words = new ushort[] { 0x4500, 0x0073, 0x0000, 0x4000, 0x4011, 0x0000, 0xC0A8, 0x0001, 0xC0A8, 0x00C7 };
            Assert.AreEqual(0xB861, InternetChecksum.Complement(InternetChecksum.Add(0, words, 0, words.Length)));
            words[5] = 0xB861;
            Assert.AreEqual(0xFFFFU, InternetChecksum.Fold(InternetChecksum.Add(0, words, 0, words.Length)));
        }

        private static void AgreesWithTheNaiveSum(WordOrder order)
        {
            Frame frame = new Frame(1518, order);
            SeededRandom random = new SeededRandom(17);
            byte[] bytes = new byte[1518];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)random.Next();
            }

            frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
            for (int length = 0; length < 40; length++)
            {
                CheckSum(frame, bytes, 14, length);
                CheckSum(frame, bytes, 34 + (length & ~1), length);
            }

            CheckSum(frame, bytes, 0, 1518);
            CheckSum(frame, bytes, 34, 1480);
            CheckSum(frame, bytes, 54, 1459);
        }

        private static void CheckSum(Frame frame, byte[] bytes, int offset, int length)
        {
            int word = InternetChecksum.Complement(InternetChecksum.Add(0, frame, offset, length));
            Assert.AreEqual(Check.NaiveChecksum(0, bytes, offset, length), frame.ToRaw(word), "length " + length.ToString());
        }
    }
}
