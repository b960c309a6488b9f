// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace HostTests.SystemNet;

/// <summary>A network with a link to nobody: the stack talks with itself, and threads are the runtime's.</summary>
public sealed class LoopbackNetwork : IDisposable
{
    public LoopbackNetwork()
    {
        HostThreads threads = new();
        EthernetConfiguration configuration = new()
        {
            Threads = threads,
            Random = new TestRandom(12),
            Address = Wire.Address("10.0.0.1"),
            Netmask = Wire.Address("255.255.255.0"),
        };
        Interface = new TestInterface(WordOrder.LowByteFirst, 0x020000000001);
        Network = EthernetInterface.Use(new PolledController(Interface, threads), configuration);
        Assert.True(Network.WaitForAddress(10000));
    }

    internal TestInterface Interface { get; }

    internal EthernetInterface Network { get; }

    public void Dispose() => Network.Stop();
}
