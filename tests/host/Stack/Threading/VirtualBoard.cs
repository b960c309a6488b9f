// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>A board with a network of its own on a wire, in a <see cref="VirtualWorld"/>.</summary>
internal sealed class VirtualBoard
{
    public VirtualBoard(VirtualWorld world, int number, Action<EthernetConfiguration>? configure = null)
    {
        Ip = Wire.Address("10.0.0." + number);
        Threads = new VirtualThreads(world, "board " + number);
        Interface = new TestInterface((number & 1) == 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst, 0x020000000000 + (ulong)number);
        Controller = new WireController(Interface, Threads);
        Configuration = new EthernetConfiguration
        {
            Threads = Threads,
            Random = new TestRandom((uint)(world.Random.Next() + number)),
            Dhcp = null,
            Address = Ip,
            Netmask = Wire.Address("255.255.255.0"),
        };
        Configuration.Stack.GuardFrames = true;
        configure?.Invoke(Configuration);
        Network = new EthernetInterface(Controller, Configuration);
        Network.Owner.Start();
    }

    public uint Ip { get; }

    public VirtualThreads Threads { get; }

    public TestInterface Interface { get; }

    public WireController Controller { get; }

    public EthernetConfiguration Configuration { get; }

    public EthernetInterface Network { get; }

    public SocketHost Sockets => Network.Sockets;

    /// <summary>A driver whose frames come from the world's wire, and which is slept on with an interrupt.</summary>
    internal sealed class WireController(TestInterface network, HostThreads threads) : PolledController(network, threads)
    {
        /// <summary>Gets or sets what goes wrong before each sleep.</summary>
        public Action? BeforeSleep { get; set; }

        public void Interrupt() => Wake();

        public override void BeginSleep() => BeforeSleep?.Invoke();
    }
}
