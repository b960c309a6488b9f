// Licensed under the MIT license. See LICENSE in the repository root.

using System.Runtime.CompilerServices;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// What tests share that are written as ladders: lines of text that say what the peer sends, what the stack must send next,
/// what the application calls, and how time passes. README.md in this folder describes the language.
/// </summary>
public abstract class LadderTest
{
    private const uint StackWrap = 0xFFFFFFFD;
    private const uint PeerWrap = 0xFFFFFFFA;
    private const uint StackSign = 0x7FFFFFFB;
    private const uint PeerSign = 0x7FFFFFFE;
    private const uint PeerPlain = 5000;

    /// <summary>
    /// Plays a ladder.
    /// </summary>
    /// <param name="variant">Word order and sequence numbers.</param>
    /// <param name="script">The ladder, as a raw string that begins on the line after the call.</param>
    /// <param name="file">Where the ladder stands.</param>
    /// <param name="line">The line of the call.</param>
    internal static void Play(Variant variant, string script, [CallerFilePath] string file = "", [CallerLineNumber] int line = 0)
    {
        LadderScript ladder = new(script, Path.GetFileName(file), line + 1);
        WordOrder order = variant is Variant.HighByteFirst or Variant.Sign ? WordOrder.HighByteFirst : WordOrder.LowByteFirst;
        uint peerIss = variant switch
        {
            Variant.Wrap => PeerWrap,
            Variant.Sign => PeerSign,
            _ => PeerPlain,
        };
        uint? stackIss = variant switch
        {
            Variant.Wrap => StackWrap,
            Variant.Sign => StackSign,
            _ => null,
        };

        uint seed = 1;
        int start = TestNetwork.DefaultStart;
        if (stackIss is uint iss && !FindStart(ladder, order, peerIss, iss, out seed, out start))
        {
            // the stack sends no SYN: there is nothing of its to wrap
            seed = 1;
            start = TestNetwork.DefaultStart;
        }

        TestNetwork network = Begin(ladder, order, seed, start);
        network.InHalves = variant == Variant.Halves;
        LadderRun run = new(ladder, network, peerIss);
        run.Play();
        if (stackIss != null && run.FirstIss is uint first && first != stackIss)
        {
            throw new InvalidOperationException($"the stack's ISS came out as {first:X8} instead of {stackIss:X8}");
        }
    }

    /// <summary>
    /// Finds a start for which the stack's first SYN carries a certain number. ISS is 250 a millisecond plus a hash (RFC 6528):
    /// one trial tells the hash, and the time does the rest where the difference is even.
    /// </summary>
    private static bool FindStart(LadderScript ladder, WordOrder order, uint peerIss, uint iss, out uint seed, out int start)
    {
        const uint InverseOf125 = 0x26E978D5;
        start = TestNetwork.DefaultStart;
        for (seed = 1; seed < 100; seed++)
        {
            LadderRun trial = new(ladder, Begin(ladder, order, seed, start), peerIss);
            trial.PlayToFirstSyn();
            if (trial.FirstIss is not uint seen)
            {
                return false;
            }

            uint missing = iss - seen;
            if ((missing & 1) == 0)
            {
                start += (int)((missing >> 1) * InverseOf125);
                return true;
            }
        }

        throw new InvalidOperationException("no seed gives an ISS of the right parity");
    }

    private static TestNetwork Begin(LadderScript ladder, WordOrder order, uint seed, int start)
    {
        return new TestNetwork(order, ladder.Configure, seed, start);
    }
}
