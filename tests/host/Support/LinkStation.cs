// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>One of the two stacks at the ends of a <see cref="LossyLink"/>.</summary>
internal sealed class LinkStation
{
    public LinkStation(ulong mac, string ip, WordOrder order, uint seed, Action<StackConfiguration>? configure)
    {
        Configuration = new() { GuardFrames = true };
        configure?.Invoke(Configuration);
        Interface = new TestInterface(order, mac);
        Stack = new TcpIpStack(Configuration, Interface, new TestRandom(seed));
        Ip = Wire.Address(ip);
        Stack.Configure(Ip, Wire.Address("255.255.255.0"), 0);
    }

    public StackConfiguration Configuration { get; }

    public TestInterface Interface { get; }

    public TcpIpStack Stack { get; }

    public uint Ip { get; }

    /// <summary>Gets or sets what the stack asked for: when it wants to be polled again.</summary>
    public int DueAt { get; set; }
}
