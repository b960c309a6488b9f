// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;
using TcpIp.Frames;
using TcpIp.Tcp;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// Comparisons that the test framework does not have.
    /// </summary>
    internal static class Check
    {
        internal static void AllReturned(FramePool pool)
        {
            for (int i = 0; i < pool.Classes; i++)
            {
                Assert.AreEqual(0, pool.InUse(i), "frames of size class " + i.ToString() + " are not in the pool");
            }

            Assert.AreEqual(0U, pool.DoubleReturns, "double returns");
            Assert.AreEqual(0U, pool.UsesAfterReturn, "uses after return");
        }

        internal static void Bytes(byte[] expected, int expectedStart, byte[] actual, int actualStart, int count)
        {
            for (int i = 0; i < count; i++)
            {
                if (expected[expectedStart + i] != actual[actualStart + i])
                {
                    Assert.AreEqual((int)expected[expectedStart + i], (int)actual[actualStart + i], "byte " + i.ToString());
                }
            }
        }

        internal static void State(TcpState expected, TcpState actual)
        {
            Assert.AreEqual((int)expected, (int)actual, "state");
        }

        internal static void Error(SocketError expected, SocketError actual)
        {
            Assert.AreEqual((int)expected, (int)actual, "error");
        }

        /// <summary>
        /// The Internet checksum as RFC 1071 section 1 says it, byte for byte.
        /// </summary>
        /// <returns>The checksum field in network order; 0 over data that hold a right checksum.</returns>
        internal static int NaiveChecksum(uint sum, byte[] bytes, int start, int count)
        {
            for (int i = 0; i < count; i++)
            {
                sum += (i & 1) == 0 ? (uint)(bytes[start + i] << 8) : bytes[start + i];
                if (sum > 0xFFFF)
                {
                    sum -= 0xFFFF;
                }
            }

            return (int)(~sum & 0xFFFF);
        }

        internal static int BigEndian16(byte[] bytes, int offset) => (bytes[offset] << 8) | bytes[offset + 1];

        internal static uint BigEndian32(byte[] bytes, int offset) =>
            ((uint)BigEndian16(bytes, offset) << 16) | (uint)BigEndian16(bytes, offset + 2);

        internal static byte[] BytesOf(string text)
        {
            char[] characters = text.ToCharArray();
            byte[] bytes = new byte[characters.Length];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)characters[i];
            }

            return bytes;
        }

        internal static byte[] Pattern(int length, int seed)
        {
            byte[] bytes = new byte[length];
            for (int i = 0; i < length; i++)
            {
                bytes[i] = (byte)((i * 7) + (i >> 8) + seed);
            }

            return bytes;
        }
    }
}
