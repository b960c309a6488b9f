// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Net;

/// <summary>What the tests of waiting calls share: a network per test, and the proof at its end that nothing leaked.</summary>
public abstract class NetTest : IDisposable
{
    private readonly List<WaitingNetwork> _networks = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        _networks.ForEach(network => network.Finish());
        GC.SuppressFinalize(this);
    }

    internal WaitingNetwork Begin(
        WordOrder order = WordOrder.LowByteFirst, WordOrder theirOrder = WordOrder.LowByteFirst, Action<StackConfiguration>? configure = null)
    {
        WaitingNetwork network = new(order, theirOrder, configure);
        _networks.Add(network);
        return network;
    }

    /// <summary>Takes all frames of a pool.</summary>
    internal static List<Frame> Drain(FramePool pool)
    {
        List<Frame> all = [];
        for (Frame? frame = pool.Rent(60); frame != null; frame = pool.Rent(60))
        {
            all.Add(frame);
        }

        return all;
    }
}
