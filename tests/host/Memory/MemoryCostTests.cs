// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Link;

namespace HostTests.Memory;

/// <summary>The memory cost that a configuration states before a stack is made is what the stack then takes.</summary>
public sealed class MemoryCostTests
{
    [Theory]
    [InlineData(10, 8, 6, 8)]
    [InlineData(1, 1, 1, 2)]
    [InlineData(4, 16, 2, 20)]
    public void Stated_cost_is_what_the_objects_take(int sockets, int arpEntries, int transmitQueue, int largeFrames)
    {
        var configuration = new StackConfiguration
        {
            TcpSockets = sockets,
            ArpEntries = arpEntries,
            TransmitQueue = transmitQueue,
            FrameCounts = [12, 6, 4, 4, 2, largeFrames],
        };

        Assert.Equal(Measured(configuration), configuration.MemoryBytes());
    }

    [Fact]
    public void Stated_cost_follows_the_number_of_size_classes()
    {
        var configuration = new StackConfiguration { FrameCapacities = [64, 1518], FrameCounts = [3, 2], ReceiveReserve = 1, TcpSockets = 4 };

        Assert.Equal(Measured(configuration), configuration.MemoryBytes());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Stated_cost_follows_the_number_of_multicast_groups(int groups)
    {
        var configuration = new StackConfiguration { MulticastGroups = groups };

        Assert.Equal(Measured(configuration), configuration.MemoryBytes());
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 3, 556)]
    [InlineData(5, 1, 1480)]
    [InlineData(2, 2, 65515)]
    public void Stated_cost_follows_datagrams_and_echoes(int udpSockets, int echoSockets, int reassemblyBytes)
    {
        var configuration = new StackConfiguration
        {
            UdpSockets = udpSockets,
            EchoSockets = echoSockets,
            ReassemblyBytes = reassemblyBytes,
        };

        Assert.Equal(Measured(configuration), configuration.MemoryBytes());
    }

    [Fact]
    public void Stated_cost_is_right_for_any_configuration()
    {
        for (int seed = 0; seed < 150; seed++)
        {
            StackConfiguration configuration = Any(new Random(seed));
            configuration.Validate();
            Assert.True(Measured(configuration) == configuration.MemoryBytes(), $"seed {seed}");
        }
    }

    [Fact]
    public void The_default_stack_stays_below_42_kilobytes() => Assert.InRange(new StackConfiguration().MemoryBytes(), 1, 42 * 1024);

    [Fact]
    public void The_smallest_stack_stays_below_15100_bytes()
    {
        Assert.InRange(StackConfiguration.Smallest().MemoryBytes(), 1, 15_100);
        Assert.Equal(Measured(StackConfiguration.Smallest()), StackConfiguration.Smallest().MemoryBytes());
    }

    /// <summary>A valid configuration in which each value is drawn from its range, or from the part of it that fits a test.</summary>
    private static StackConfiguration Any(Random random)
    {
        int classes = random.Next(1, 7);
        int[] capacities = [.. Enumerable.Range(42, 1472).OrderBy(_ => random.Next()).Take(classes - 1).Order(), random.Next(1514, 1700)];
        int[] counts = [.. Enumerable.Range(0, classes - 1).Select(_ => random.Next(9)), random.Next(2, 9)];
        int reserve = random.Next(counts.Sum());
        int tcp = random.Next(1, Math.Min(30, counts.Sum() - reserve + 1));
        int udp = random.Next(30);
        return new StackConfiguration
        {
            FrameCapacities = capacities,
            FrameCounts = counts,
            ReceiveReserve = reserve,
            ArpEntries = random.Next(1, 40),
            ProbeAddress = Coin(),
            YieldAddress = Coin(),
            TransmitQueue = random.Next(1, 40),
            ReassemblyBytes = Coin() ? 0 : Coin() ? random.Next(556, 3000) : random.Next(556, 65516),
            EchoSockets = random.Next(4),
            TcpSockets = tcp,
            TcpSynQueue = random.Next(1, 40),
            UdpSockets = udp,
            UdpReceiveFrames = random.Next(1, 20),
            MulticastGroups = udp == 0 || Coin() ? 0 : random.Next(StackConfiguration.MaximumGroups + 1),
            TcpReceiveWindow = random.Next(536, 65536),
            TcpReceiveFrames = random.Next(1, 20),
            TcpOutOfOrderFrames = random.Next(20),
            TcpSendFrames = random.Next(1, 20),
            TcpCongestionControl = Coin(),
            TcpMinimumRto = random.Next(1, 60001),
            TcpDelayedAck = random.Next(501),
            TcpUserTimeout = random.Next(1, int.MaxValue),
            TcpConnectTimeout = random.Next(1, int.MaxValue),
            TcpHalfOpenTimeout = random.Next(1, int.MaxValue),
            TcpTimeWait = random.Next(int.MaxValue),
            TcpFinWait2 = random.Next(1, int.MaxValue),
            GuardFrames = Coin(),
        };

        bool Coin() => random.Next(2) == 0;
    }

    private static int Measured(StackConfiguration configuration)
    {
        var stack = new TcpIpStack(configuration, new NoInterface(), new NoRandom());
        return new HeapEstimate(o => o is INetworkInterface or RandomSource || o == FrameClass.NoPool).Bytes(stack);
    }

    private sealed class NoRandom : RandomSource
    {
        public override uint Next() => 4;
    }

    private sealed class NoInterface : INetworkInterface
    {
        public WordOrder WordOrder => WordOrder.LowByteFirst;

        public MacAddress MacAddress { get; } = new([2, 0, 0, 0, 0, 1]);

        public bool IsLinkUp => false;

        public bool CanSend => false;

        public int Poll(int now) => int.MaxValue;

        public bool Send(Frame frame) => false;

        public Frame? Receive(FramePool pool) => null;

        public bool JoinMulticast(int group) => true;

        public void LeaveMulticast(int group)
        {
        }
    }
}
