// Licensed under the MIT license. See LICENSE in the repository root.

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

    /// <summary>A network whose stack has connected to the usual peer, and the socket.</summary>
    internal (TestNetwork Net, TcpPeer Peer, int Socket) Connect(
        WordOrder order = WordOrder.LowByteFirst, Action<StackConfiguration>? configure = null, int? mss = 1460)
    {
        TestNetwork net = Begin(order, configure);
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenFrom(mss));
    }

    /// <summary>A network with the usual peer connected to port 80, and the socket that was accepted.</summary>
    internal (TestNetwork Net, TcpPeer Peer, int Socket) Open(
        WordOrder order = WordOrder.LowByteFirst, Action<StackConfiguration>? configure = null)
    {
        TestNetwork net = Begin(order, configure);
        TcpPeer peer = net.Peer();
        return (net, peer, peer.OpenTo(net.Listen()));
    }
}
