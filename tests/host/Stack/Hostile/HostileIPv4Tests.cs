// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.IPv4;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 9 to 14 and 23 to 27 of HOSTILE.md: the IPv4 header.</summary>
public sealed class HostileIPv4Tests : HostileTest
{
    private static readonly byte[] s_echo = FrameBuilder.Echo(1, 2, [1, 2, 3, 4]);

    private IPv4Counters Counters => Net.Stack.IPv4.Counters;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(47)]
    [InlineData(1500)]
    [InlineData(1501)]
    [InlineData(32768)]
    [InlineData(65535)]
    public void B3_X9_X10_total_length_less_than_the_header_or_more_than_the_frame(int length)
    {
        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, totalLength: length));
        Assert.Equal(1u, Counters.BadLength);
        AssertSilence();
        AssertServed();
    }

    [Theory]
    [InlineData(15, 24)]
    [InlineData(6, 23)]
    [InlineData(4, 24)]
    [InlineData(1, 24)]
    [InlineData(0, 24)]
    public void B3_X11_a_header_length_that_the_packet_does_not_have(int words, int total)
    {
        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, new byte[4], headerWords: words, totalLength: total));
        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 6, new byte[4], headerWords: words, totalLength: total));
        Assert.Equal(2u, Counters.BadLength);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void B9_B10_X12_options_of_impossible_length()
    {
        uint count = 0;
        foreach (int kind in new[] { 7, 68, 131, 137, 148, 255 })
        {
            foreach (int length in new[] { 0, 1, 9, 41, 255 })
            {
                StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, options: [(byte)kind, (byte)length, 4, 0, 0, 0, 0, 0]));
                count++;
            }

            // alone at the end of the header, its length is not there
            StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, options: [1, 1, 1, (byte)kind]));
            count++;
        }

        Assert.Equal(count, Counters.BadOption);
        AssertSilence();

        // pointers of record route and timestamp that point anywhere: skipped with the option
        foreach (int kind in new[] { 7, 68 })
        {
            foreach (int pointer in new[] { 0, 3, 255 })
            {
                StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, options: [(byte)kind, 7, (byte)pointer, 0, 0, 0, 0, 0]));
                Assert.Equal(0, Assert.Single(Net.Packets).IcmpType);
                Net.Packets.Clear();
            }
        }

        AssertServed();
    }

    [Theory]
    [InlineData(131, 3, 0x27, 131, 3, 0x27)]
    [InlineData(131, 3, 4)]
    [InlineData(137, 7, 4, 0, 0, 0, 0)]
    [InlineData(131, 7, 255, 1, 2, 3, 4)]
    [InlineData(1, 131, 3, 0x27, 131, 3, 0x27)]
    public void B11_X13_source_routes_with_pointers_astray_sent_to_all(params int[] route)
    {
        byte[] options = [.. route.Select(b => (byte)b)];
        foreach (uint destination in new[] { TestNetwork.SubnetBroadcast, uint.MaxValue })
        {
            byte[] packet = FrameBuilder.Ip(Client, destination, 17, FrameBuilder.Udp(Client, destination, 9, 9999, [1]), options);
            Strike(FrameBuilder.Ethernet(TestHost.BroadcastMac, Net.Client.Mac, 0x0800, packet));
        }

        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 99, [1], options));
        Assert.Equal(3u, Counters.SourceRouted);
        Assert.Equal(0u, Net.Stack.Icmp.Counters.ErrorsSent);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void X14_40_bytes_of_NOP()
    {
        byte[] nops = new byte[40];
        Array.Fill(nops, (byte)1);
        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, nops));
        Assert.Equal(0, Assert.Single(Net.Packets).IcmpType);
        Net.Packets.Clear();
        StrikeIp(FrameBuilder.Ip(
            Client, TestNetwork.StackIp, 17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 500, 7, [1, 2, 3]), nops));
        Assert.Equal([1, 2, 3], Assert.Single(Net.Packets).Text);
        Assert.Equal(0u, Dropped(Counters));
        AssertServed();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void X23_IP_in_IP_of_several_levels_with_bytes_left_over(int levels)
    {
        byte[] packet = FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo);
        for (int i = 0; i < levels; i++)
        {
            packet = FrameBuilder.Ip(Client, TestNetwork.StackIp, 4, [.. packet, .. new byte[(i * 7) + 1]]);
        }

        StrikeIp(packet);
        Assert.Equal(1u, Counters.UnknownProtocol);
        SeenFrame answer = Assert.Single(Net.Packets);
        Assert.Equal((3, 2), (answer.IcmpType, answer.IcmpCode));
        AssertServed();
    }

    [Theory]
    [InlineData(80)]
    [InlineData(81)]
    public void B5_X24_land_source_is_ourselves(int port)
    {
        uint us = TestNetwork.StackIp;
        foreach (string flags in new[] { "S", "SA", "A", "R", "FA" })
        {
            byte[] segment = FrameBuilder.Tcp(us, us, port, port, 1, 1, SeenFrame.FlagsOf(flags), 1000);
            StrikeIp(FrameBuilder.Ip(us, us, 6, segment));
        }

        Wait(5000);
        Assert.Equal(5u, Counters.BadSource);
        AssertSilence();
        AssertServed();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("255.255.255.255")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("192.168.1.255")]
    [InlineData("127.255.255.254")]
    [InlineData("0.1.2.3")]
    [InlineData("192.168.1.50")]
    public void B5_C23_X25_sources_that_no_host_has(string source)
    {
        uint from = Wire.Address(source);
        uint us = TestNetwork.StackIp;
        int asked = Net.Arps.Count;
        StrikeIp(FrameBuilder.Ip(from, us, 1, s_echo));
        StrikeIp(FrameBuilder.Ip(from, us, 17, FrameBuilder.Udp(from, us, 7, 7, [1])));
        StrikeIp(FrameBuilder.Ip(from, us, 17, FrameBuilder.Udp(from, us, 7, 9999, [1])));
        StrikeIp(FrameBuilder.Ip(from, us, 6, FrameBuilder.Tcp(from, us, 1234, 80, 1, 0, SeenFrame.Syn, 1000)));
        StrikeIp(FrameBuilder.Ip(from, us, 6, FrameBuilder.Tcp(from, us, 1234, 81, 1, 0, SeenFrame.Syn, 1000)));
        Wait(5000);
        Assert.Equal(5u, Counters.BadSource);
        Assert.Equal(asked, Net.Arps.Count);
        AssertSilence();
        AssertServed();
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("192.168.1.51")]
    [InlineData("10.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    public void B4_X26_a_destination_inside_the_host_from_the_wire_or_somewhere_else(string destination)
    {
        uint to = Wire.Address(destination);
        StrikeIp(FrameBuilder.Ip(Client, to, 1, s_echo));
        StrikeIp(FrameBuilder.Ip(Client, to, 6, FrameBuilder.Tcp(Client, to, 1234, 80, 1, 0, SeenFrame.Syn, 1000)));
        StrikeIp(FrameBuilder.Ip(Client, to, 17, FrameBuilder.Udp(Client, to, 1234, 9999, [1])));
        StrikeIp(FrameBuilder.Ip(Client, to, 99, s_echo));
        Wait(5000);
        Assert.Equal((4u, 4u), (Counters.NotForUs, Dropped(Counters)));
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void B2_X27_header_checksums_wrong_and_the_two_zeros()
    {
        foreach (int checksum in new[] { 0, 1, 0x1234, 0xFFFF })
        {
            StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, checksum: checksum));
        }

        Assert.Equal(4u, Counters.BadChecksum);
        AssertSilence();

        // an identification for which the right checksum is 0; written as FFFF it sums to the same
        int id = 0;
        while (Wire.Get16(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, id: id), 10) != 0)
        {
            id++;
        }

        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, id: id));
        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, s_echo, id: id, checksum: 0xFFFF));
        Assert.Equal(2, Net.Packets.Count);
        Assert.Equal(4u, Counters.BadChecksum);
        AssertServed();
    }
}
