// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using Iot.Device.Enc28j60;
using TcpIp;
using TcpIp.Sockets;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>Groups from the socket down to the chip's hash table: stack, driver and the chip's model together.</summary>
public sealed class MulticastTests
{
    private const ulong Sender = 0x02AABBCCDDEE;

    private static readonly uint s_stackIp = Wire.Address("10.0.0.2");
    private static readonly uint s_senderIp = Wire.Address("10.0.0.1");
    private static readonly uint s_mdns = Wire.Address("224.0.0.251");
    private static readonly uint s_other = Wire.Address("224.0.0.252");

    private readonly byte[] _buffer = new byte[100];
    private readonly DatagramSource _source = new();

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void AJoinedGroupPassesTheChipsFilterAndAnotherOneDoesNot(SpiWordOrder order)
    {
        using var bench = new DriverBench(order: order);
        TcpIpStack stack = Start(bench);
        int socket = stack.Sockets.Socket(SocketType.Datagram);
        stack.Sockets.Bind(socket, 5353);
        long filtered = bench.Chip.Counters.DroppedByFilter;
        Deliver(bench, stack, s_mdns);
        Assert.Equal(++filtered, bench.Chip.Counters.DroppedByFilter);

        Assert.Equal(0, stack.Sockets.JoinGroup(socket, s_mdns));
        Run(bench, stack, 20);
        long received = bench.Chip.Counters.FramesReceived;
        Deliver(bench, stack, s_mdns);
        Assert.Equal(3, stack.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        Assert.Equal(s_senderIp, _source.Address);
        Assert.Equal(++received, bench.Chip.Counters.FramesReceived);
        Assert.Equal(filtered, bench.Chip.Counters.DroppedByFilter);
        Deliver(bench, stack, s_other);
        Assert.Equal(++filtered, bench.Chip.Counters.DroppedByFilter);

        // a router's question comes in too: 224.0.0.1 is joined with the first group
        bench.Sent.Clear();
        Deliver(bench, stack, Wire.Address("224.0.0.1"), 2, FrameBuilder.Igmp(0x11, 1, 0));
        Run(bench, stack, 100);
        byte[] report = Assert.Single(bench.Sent);
        Assert.Equal(0x01005E0000FBul, Wire.Get48(report, 0));
        Assert.Equal(0x16, report[38]);

        stack.Sockets.Close(socket);
        Run(bench, stack, 20);
        Deliver(bench, stack, s_mdns);
        Deliver(bench, stack, Wire.Address("224.0.0.1"), 2, FrameBuilder.Igmp(0x11, 1, 0));
        Assert.Equal(filtered + 2, bench.Chip.Counters.DroppedByFilter);
        bench.AssertClean();
    }

    [Fact]
    public void AGroupWithTheSameHashOrTheSameAddressComesNoFurtherThanDriverAndStack()
    {
        using var bench = new DriverBench();
        TcpIpStack stack = Start(bench);
        int socket = stack.Sockets.Socket(SocketType.Datagram);
        stack.Sockets.Bind(socket, 5353);
        stack.Sockets.JoinGroup(socket, s_mdns);
        Run(bench, stack, 20);

        // one of 64 has the hash of mDNS
        uint alias = s_mdns;
        byte[] mac = [0x01, 0x00, 0x5E, 0, 0, 0];
        do
        {
            alias++;
            mac[3] = (byte)((alias >> 16) & 0x7F);
            mac[4] = (byte)(alias >> 8);
            mac[5] = (byte)alias;
        }
        while (ReceiveFilters.HashIndex(mac, 0) != 62);

        long received = bench.Chip.Counters.FramesReceived;
        Deliver(bench, stack, alias);
        Assert.Equal(received + 1, bench.Chip.Counters.FramesReceived);
        Assert.Equal(1u, bench.Driver.Counters.FilteredPackets);
        Assert.Equal(0u, stack.Ethernet.Counters.NotForUs);

        Deliver(bench, stack, s_mdns + 0x01000000);
        Assert.Equal(1u, stack.IPv4.Counters.NotForUs);
        Assert.Equal((int)SocketError.WouldBlock, stack.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        stack.Sockets.Close(socket);
        bench.AssertClean();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x7FFFFF)]
    [InlineData(0x410203)]
    [InlineData(0x2A5AA5)]
    public void EachOfTheGroupsBitsCounts(int group)
    {
        using DriverBench bench = DriverBench.Running();
        Assert.True(bench.Driver.JoinMulticast(group));
        bench.Run(10);
        for (int bit = -1; bit < 23; bit++)
        {
            int other = bit < 0 ? group : group ^ (1 << bit);
            byte[] frame = DriverBench.MakeFrame(100, 1, [0x01, 0x00, 0x5E, (byte)(other >> 16), (byte)(other >> 8), (byte)other]);
            bench.Deliver(frame);
            Assert.Equal(bit < 0, bench.Receive() != null);
        }

        bench.Driver.LeaveMulticast(group);
        bench.Run(10);
        bench.Deliver(DriverBench.MakeFrame(100, 1, [0x01, 0x00, 0x5E, (byte)(group >> 16), (byte)(group >> 8), (byte)group]));
        Assert.Null(bench.Receive());
        bench.AssertClean();
    }

    [Fact]
    public void AChipsTableThatIsFullIsTold()
    {
        using var bench = new DriverBench(driverOptions: new Enc28j60Options { MulticastGroups = 2 });
        TcpIpStack stack = Start(bench);
        int socket = stack.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, stack.Sockets.JoinGroup(socket, s_mdns));
        Assert.Equal((int)SocketError.NoBufferSpace, stack.Sockets.JoinGroup(socket, s_other));
        Assert.Equal(0, stack.Sockets.LeaveGroup(socket, s_mdns));
        Assert.Equal(0, stack.Sockets.JoinGroup(socket, s_other));
        stack.Sockets.Close(socket);
    }

    private static TcpIpStack Start(DriverBench bench)
    {
        Assert.True(bench.Driver.Probe(), bench.Driver.Fault.ToString());
        TcpIpStack stack = new(new StackConfiguration { MulticastGroups = 4 }, bench.Driver, new TestRandom(1));
        bench.Driver.Attach(stack.Pool);
        bench.Start();
        stack.Configure(s_stackIp, Wire.Address("255.255.255.0"), 0);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Run(bench, stack, 3000);
        return stack;
    }

    private static void Deliver(DriverBench bench, TcpIpStack stack, uint group)
    {
        Deliver(bench, stack, group, 17, FrameBuilder.Udp(s_senderIp, group, 5353, 5353, [1, 2, 3]));
    }

    private static void Deliver(DriverBench bench, TcpIpStack stack, uint group, int protocol, byte[] payload)
    {
        byte[] packet = FrameBuilder.Ip(s_senderIp, group, protocol, payload, ttl: 1);
        Assert.True(bench.Chip.Deliver(FrameBuilder.Ethernet(0x01005E000000ul | (group & 0x7FFFFF), Sender, 0x0800, packet)));
        bench.Arrive();
        Run(bench, stack, 2);
    }

    private static void Run(DriverBench bench, TcpIpStack stack, int milliseconds)
    {
        for (int i = 0; i < milliseconds * 2; i++)
        {
            stack.Poll(bench.Now);
            bench.Clock.Advance(500_000);
        }
    }
}
