// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;
using TcpIp.Frames;

namespace HostTests.Stack;

/// <summary>
/// What all tests of the stack share: a network per test, and the proof at its end that nothing leaked.
/// </summary>
public abstract class StackTest : IDisposable
{
    private readonly List<TestNetwork> _networks = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        // not in a finally of the test, where it would hide what the test itself found
        foreach (TestNetwork network in _networks)
        {
            network.Finish();
        }

        GC.SuppressFinalize(this);
    }

    internal TestNetwork Begin(
        WordOrder order = WordOrder.LowByteFirst,
        Action<StackConfiguration>? configure = null,
        uint seed = 1,
        int start = TestNetwork.DefaultStart)
    {
        TestNetwork network = new(order, configure, seed, start);
        _networks.Add(network);
        return network;
    }

    /// <summary>
    /// A network whose stack answers the first SYN of the usual peer with a certain ISS. ISS is 250 a millisecond plus a hash
    /// (RFC 6528), so a time is found for which the sum is right.
    /// </summary>
    internal TestNetwork BeginWithIss(uint iss, WordOrder order = WordOrder.LowByteFirst, Action<StackConfiguration>? configure = null)
    {
        const int Trial = 1000;
        for (uint seed = 1; ; seed++)
        {
            TestNetwork trial = new(order, configure, seed, Trial);
            trial.Listen();
            TcpPeer peer = trial.Peer();
            peer.Send("S");
            ulong missing = iss - peer.Expect("SA").Seq;
            for (int wraps = 0; wraps < 100; wraps++)
            {
                if (missing % 250 == 0)
                {
                    return Begin(order, configure, seed, (int)(uint)(Trial + (missing / 250)));
                }

                missing += 1UL << 32;
            }
        }
    }
}
