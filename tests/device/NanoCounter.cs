// Licensed under the MIT license. See LICENSE in the repository root.

using nanoFramework.TestFramework;

namespace TcpIp.DeviceTests
{
    /// <summary>
    /// What a piece of code costs, counted by a nanoCLR that was built to count. On others nothing is counted, and the tests
    /// that ask are skipped.
    /// </summary>
    internal static class NanoCounter
    {
        private static readonly long[] s_before = new long[4];
        private static readonly long[] s_after = new long[4];
        private static long s_own;

        /// <summary>
        /// Gets the IL instructions between <see cref="Start"/> and <see cref="Stop"/>, added up since <see cref="Reset"/>.
        /// </summary>
        internal static long Instructions { get; private set; }

        /// <summary>Gets the objects made on the managed heap.</summary>
        internal static long Objects { get; private set; }

        /// <summary>Gets the bytes that these objects take on a 32-bit device.</summary>
        internal static long Bytes { get; private set; }

        /// <summary>
        /// Starts over; skips the test where nothing counts.
        /// </summary>
        internal static void Reset()
        {
            s_own = 0;
            Clear();
            Start();
            Stop();
            if (s_after[0] == 0)
            {
                Assert.SkipTest("not the counting nanoCLR");
            }

            s_own = Instructions;
            Clear();
        }

        internal static void Start()
        {
            NanoCount(s_before);
        }

        internal static void Stop()
        {
            NanoCount(s_after);
            Instructions += s_after[0] - s_before[0] - s_own;
            Objects += s_after[1] - s_before[1];
            Bytes += s_after[2] - s_before[2];
        }

        /// <summary>
        /// Prints what was counted, in a form that a script finds.
        /// </summary>
        internal static void Print(string what)
        {
            OutputHelper.WriteLine("nano-cost," + what + ",il=" + Instructions.ToString() + ",objects=" + Objects.ToString()
                + ",bytes=" + Bytes.ToString());
        }

        private static void Clear()
        {
            Instructions = 0;
            Objects = 0;
            Bytes = 0;
        }

        /// <summary>
        /// The counting nanoCLR knows this name, and fills the array with IL instructions, heap objects, bytes and nanoseconds.
        /// </summary>
        private static void NanoCount(long[] into)
        {
        }
    }
}
