// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Link;

namespace HostTests.Stack;

/// <summary>Sizes are checked once, at start-up, and what is allocated then is all there ever is.</summary>
public sealed class ConfigurationTests
{
    private static readonly string[] s_sizes =
    [
        "FrameCapacities", "FrameCounts", "ReceiveReserve", "ArpEntries", "TransmitQueue", "TcpSockets", "TcpReceiveWindow",
        "TcpReceiveFrames", "TcpSendFrames", "TcpMinimumRto", "TcpDelayedAck", "TcpUserTimeout", "TcpConnectTimeout",
        "TcpHalfOpenTimeout", "TcpFinWait2", "EchoSockets", "ReassemblyBytes", "MulticastGroups", "TcpSynQueue", "UdpSockets",
        "UdpReceiveFrames", "TcpOutOfOrderFrames", "TcpTimeWait",
    ];

    public static TheoryData<string> Spoilers() => [.. s_sizes];

    [Fact]
    public void The_defaults_are_valid()
    {
        new StackConfiguration().Validate();
    }

    [Theory]
    [MemberData(nameof(Spoilers))]
    public void A_value_out_of_its_range_is_refused(string property)
    {
        StackConfiguration configuration = new();
        System.Reflection.PropertyInfo info = typeof(StackConfiguration).GetProperty(property)!;
        if (info.PropertyType == typeof(int[]))
        {
            info.SetValue(configuration, new int[] { 60 });
        }
        else
        {
            info.SetValue(configuration, -1);
        }

        Assert.Equal(property, Assert.Throws<ArgumentOutOfRangeException>(configuration.Validate).ParamName);
    }

    [Fact]
    public void Every_size_is_checked()
    {
        // what is true or false needs no check
        string[] sizes = [.. typeof(StackConfiguration).GetProperties().Where(p => p.PropertyType != typeof(bool)).Select(p => p.Name).Order()];
        Assert.Equal(sizes, s_sizes.Order());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(41)]
    public void Frames_that_could_hold_nothing_we_send_are_refused(int capacity)
    {
        StackConfiguration configuration = new() { FrameCapacities = [capacity, 1518], FrameCounts = [20, 5] };
        Assert.Equal("FrameCapacities", Assert.Throws<ArgumentOutOfRangeException>(configuration.Validate).ParamName);
        configuration.FrameCapacities[0] = 42;
        _ = new TestNetwork(WordOrder.LowByteFirst, c => (c.FrameCapacities, c.FrameCounts) = (configuration.FrameCapacities, [20, 5]));
    }

    [Fact]
    public void A_retransmission_timeout_above_the_longest_is_refused()
    {
        new StackConfiguration { TcpMinimumRto = 60000 }.Validate();
        StackConfiguration configuration = new() { TcpMinimumRto = 60001 };
        Assert.Equal("TcpMinimumRto", Assert.Throws<ArgumentOutOfRangeException>(configuration.Validate).ParamName);
    }

    [Theory]
    [InlineData(1, 536, 1, 1, 1, 1)]
    [InlineData(128, 65535, 50, 20, 64, 30)]
    public void The_smallest_and_the_largest_sizes_work(int sockets, int window, int receive, int send, int arp, int queue)
    {
        TestNetwork net = new(WordOrder.LowByteFirst, c =>
        {
            c.TcpSockets = sockets;
            c.UdpSockets = sockets == StackConfiguration.MaximumSockets ? 0 : 2;
            c.EchoSockets = sockets == StackConfiguration.MaximumSockets ? 0 : 1;
            c.ReassemblyBytes = sockets == StackConfiguration.MaximumSockets ? 65515 : 0;
            c.TcpReceiveWindow = window;
            c.TcpReceiveFrames = receive;
            c.TcpSendFrames = send;
            c.ArpEntries = arp;
            c.TransmitQueue = queue;
            c.FrameCounts[0] += sockets;
        });
        TcpPeer peer = net.Peer(port: 7);
        int socket = peer.OpenFrom();
        peer.Send("PA", length: 300);
        Assert.Equal(Wire.PatternBytes(1, 300), net.Read(socket));
        net.Write(socket, Wire.PatternBytes(1, 300));
        peer.Expect("PA", len: 300);
        net.AssertAlive();
        net.Finish();
    }

    [Fact]
    public void Sizes_that_cannot_go_together_are_refused_and_the_exception_says_which_and_why()
    {
        (Action<StackConfiguration> Spoil, string[] Names)[] cases =
        [
            (c => c.TcpSockets = 27, ["FrameCounts", "TcpSockets", "ReceiveReserve"]),
            (c => c.ReceiveReserve = 27, ["FrameCounts", "TcpSockets", "ReceiveReserve"]),
            (c => (c.MulticastGroups, c.UdpSockets) = (1, 0), ["MulticastGroups", "UdpSockets"]),
        ];
        foreach ((Action<StackConfiguration> spoil, string[] names) in cases)
        {
            StackConfiguration configuration = new();
            spoil(configuration);
            ArgumentException refused = Assert.Throws<ArgumentException>(configuration.Validate);
            Assert.All(names, n => Assert.Contains(n, refused.Message));
            Assert.EndsWith(".", refused.Message);
        }

        // just enough of each
        new StackConfiguration { TcpSockets = 16, ReceiveReserve = 16 }.Validate();
        new StackConfiguration { MulticastGroups = 1, UdpSockets = 1 }.Validate();
    }

    [Fact]
    public void All_sizes_follow_from_the_number_of_clients()
    {
        for (int clients = 1; clients <= StackConfiguration.MaximumClients; clients++)
        {
            StackConfiguration configuration = StackConfiguration.ForClients(clients);
            configuration.Validate();
            Assert.Equal(clients + 2, configuration.TcpSockets);
            Assert.True(configuration.TcpSynQueue >= clients * 3 / 4);
            Assert.True(configuration.TransmitQueue >= configuration.TcpSockets);
            Assert.True(configuration.ArpEntries >= clients);
        }

        Assert.Equal(new StackConfiguration().MemoryBytes(), StackConfiguration.ForClients(4).MemoryBytes());
        Assert.Equal("clients", Assert.Throws<ArgumentOutOfRangeException>(() => StackConfiguration.ForClients(0)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => StackConfiguration.ForClients(StackConfiguration.MaximumClients + 1));
    }

    [Theory]
    [InlineData(new byte[] { 1, 2, 3, 4, 5, 6 })]
    [InlineData(new byte[] { 2, 2, 3, 4, 5 })]
    [InlineData(new byte[] { 2, 2, 3, 4, 5, 6, 7 })]
    [InlineData(null)]
    public void An_address_that_no_station_can_have_is_refused(byte[]? octets)
    {
        Assert.Throws<ArgumentException>(() => new MacAddress(octets!));
    }

    [Fact]
    public void A_station_address_is_kept_and_written_as_it_was_given()
    {
        byte[] octets = [0x02, 0xAB, 0, 1, 0xFF, 0x10];
        MacAddress address = new(octets);
        octets[1] = 0;
        Assert.Equal("02-AB-00-01-FF-10", address.ToString());
        Assert.Equal(new ushort[] { 0xAB02, 0x0100, 0x10FF }, address.ToWords(WordOrder.LowByteFirst));
        Assert.Equal(new ushort[] { 0x02AB, 0x0001, 0xFF10 }, address.ToWords(WordOrder.HighByteFirst));
    }
}
