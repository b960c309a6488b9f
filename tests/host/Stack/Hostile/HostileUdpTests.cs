// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Udp;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 38 to 41 of HOSTILE.md: UDP.</summary>
public sealed class HostileUdpTests : HostileTest
{
    private UdpCounters Counters => Net.Stack.Udp.Counters;

    [Fact]
    public void C20_X38_a_UDP_length_less_than_the_header_or_more_than_the_packet()
    {
        uint count = 0;
        foreach (int port in new[] { 7, 9999 })
        {
            foreach (int length in new[] { 0, 1, 7, 13, 1000, 65535 })
            {
                Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 1000, port, [1, 2, 3, 4], length: length));
                count++;
            }

            for (int cut = 0; cut < 8; cut++)
            {
                Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 1000, port, [])[..cut]);
                count++;
            }
        }

        Assert.Equal(count, Counters.BadLength);
        AssertSilence();
        AssertEchoed();
        AssertServed();
    }

    [Fact]
    public void C21_X39_no_checksum_is_fine_and_a_wrong_one_is_not()
    {
        byte[] datagram = FrameBuilder.Udp(Client, TestNetwork.StackIp, 1000, 7, [1, 2, 3, 4]);
        int right = Wire.Get16(datagram, 6);
        foreach (int wrong in new[] { 1, 0xFFFF, right ^ 1, right ^ 0x8000 })
        {
            Wire.Put16(datagram, 6, wrong);
            Strike(17, datagram);
        }

        Assert.Equal(4u, Counters.BadChecksum);
        AssertSilence();
        Wire.Put16(datagram, 6, 0);
        Strike(17, datagram);
        Assert.Equal([1, 2, 3, 4], Assert.Single(Net.Packets).Text);
        AssertEchoed();
        AssertServed();
    }

    [Fact]
    public void C24_X40_source_port_0_and_destination_port_0()
    {
        for (int i = 0; i < 50; i++)
        {
            Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 1000, 0, [1]));
            Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 0, 0, [1]));
            Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 0, 7, [1]));
        }

        Assert.Equal(100u, Counters.BadPort);
        AssertSilence();
        AssertEchoed();
        AssertServed();
    }

    [Fact]
    public void X41_a_datagram_from_ourselves_to_our_echo_service()
    {
        uint us = TestNetwork.StackIp;
        StrikeIp(FrameBuilder.Ip(us, us, 17, FrameBuilder.Udp(us, us, 7, 7, [1])));

        // nor from an address that means all
        foreach (uint all in new[] { TestNetwork.SubnetBroadcast, uint.MaxValue })
        {
            StrikeIp(FrameBuilder.Ip(all, us, 17, FrameBuilder.Udp(all, us, 7, 7, [1])));
        }

        Wait(1000);
        Assert.Equal(3u, Net.Stack.IPv4.Counters.BadSource);
        AssertSilence();
        AssertEchoed();
        AssertServed();
    }
}
