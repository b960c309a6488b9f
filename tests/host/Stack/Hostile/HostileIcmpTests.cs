// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.Tcp;

namespace HostTests.Stack.Hostile;

/// <summary>Inputs 28 to 37 of HOSTILE.md: ICMP and IGMP.</summary>
public sealed class HostileIcmpTests : HostileTest
{
    private IcmpCounters Counters => Net.Stack.Icmp.Counters;

    [Fact]
    public void X28_echo_requests_shorter_than_their_header()
    {
        byte[] echo = FrameBuilder.Echo(1, 1, []);
        for (int length = 0; length < 8; length++)
        {
            byte[] part = echo[..length];
            if (length >= 4)
            {
                Wire.Put16(part, 2, 0);
                Wire.Put16(part, 2, Wire.Checksum(part, 0, length));
            }

            Strike(1, part);
        }

        Assert.Equal(8u, Counters.BadLength);
        AssertSilence();
        Strike(1, echo);
        Assert.Equal(0, Assert.Single(Net.Packets).IcmpType);
        AssertServed();
    }

    [Fact]
    public void X28_an_echo_whose_IP_header_claims_more_than_there_is()
    {
        byte[] echo = FrameBuilder.Echo(1, 1, []);
        StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, echo, totalLength: 1000));
        Assert.Equal(1u, Net.Stack.IPv4.Counters.BadLength);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void X29_echo_requests_of_1472_bytes_and_of_65500_in_fragments()
    {
        byte[] data = Wire.PatternBytes(5, 1472);
        Strike(Net.EchoRequest(1, data));
        Assert.Equal(data, Assert.Single(Net.Packets).IcmpData);
        Net.Packets.Clear();

        byte[] huge = FrameBuilder.Echo(1, 1, Wire.PatternBytes(9, 65500));
        for (int at = 0; at < huge.Length; at += 1480)
        {
            int length = Math.Min(1480, huge.Length - at);
            int more = at + length < huge.Length ? 0x2000 : 0;
            StrikeIp(FrameBuilder.Ip(Client, TestNetwork.StackIp, 1, huge[at..(at + length)], flagsAndOffset: (at / 8) | more));
        }

        // all of it or nothing; all of it does not fit a frame
        Assert.DoesNotContain(Net.Packets, p => p.IsIcmp && p.IcmpType == 0);
        Net.Packets.Clear();
        AssertServed();
        Wait(130_000);
        Net.Packets.Clear();
        Assert.Equal(0, Held());
        AssertServed();
    }

    [Theory]
    [InlineData("192.168.1.255")]
    [InlineData("255.255.255.255")]
    public void C3_X30_smurf_echo_requests_to_all_in_a_victims_name(string destination)
    {
        TestHost victim = Net.AddHost(0x0200000000CC, Wire.Address("192.168.1.99"));
        for (int i = 0; i < 100; i++)
        {
            byte[] packet = FrameBuilder.Ip(victim.Ip, Wire.Address(destination), 1, FrameBuilder.Echo(1, i, new byte[500]));
            Strike(FrameBuilder.Ethernet(i % 2 == 0 ? TestHost.BroadcastMac : TestNetwork.StackMac, victim.Mac, 0x0800, packet));
        }

        Assert.Equal(100u, Counters.BroadcastEcho);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void C11_X31_port_unreachable_about_segments_that_were_never_sent()
    {
        (TcpPeer peer, int socket) = Connected();
        uint una = peer.StackIss + 1;
        foreach (uint sequence in new[] { una - 1, una, una + 1, una + 5000, una + 0x80000000 })
        {
            // nothing is under way, so no number is right
            Error(3, 3, Quote(peer, sequence));
        }

        Error(3, 3, Quote(Net.Peer(1000, 1), una));
        Error(3, 3, Quote(Net.Peer(81, peer.Port), una));
        Assert.Equal(7u, Net.Stack.Tcp.Counters.ErrorsIgnored);
        Assert.Equal(0u, Net.Stack.Tcp.Counters.ErrorsTaken);
        Assert.Equal(TcpState.Established, Net.Sockets.GetState(socket));
        Strike(peer, "PA", text: "honest");
        Assert.Equal("honest"u8.ToArray(), Net.Read(socket));
        AssertServed();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(67)]
    [InlineData(68)]
    [InlineData(65535)]
    public void C15_X32_fragmentation_needed_with_a_silly_MTU(int mtu)
    {
        (TcpPeer peer, int socket) = Connected();
        byte[] text = Wire.PatternBytes(1, 2920);
        Net.Write(socket, text);
        Net.Poll();
        peer.TakeAll();
        Error(3, 4, Quote(peer, peer.StackIss + 1), mtu);
        Assert.Equal(1u, Net.Stack.Tcp.Counters.ErrorsTaken);
        Wait(5000);
        List<SeenFrame> again = peer.TakeAll();
        Assert.NotEmpty(again);

        // the segments that were queued keep their size; new ones never get smaller than 536
        peer.Send("A", ack: 2921);
        int more = Net.Sockets.Write(socket, Wire.PatternBytes(2921, 1500), 0, 1500);
        Assert.Equal(1500, more);
        Net.Poll();
        Assert.All(peer.TakeAll(), s => Assert.InRange(s.Text.Length, 1, 1460));
        Assert.InRange(Net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port).SndMss, 536, 1460);
        Assert.Equal(TcpState.Established, Net.Sockets.GetState(socket));
        peer.Send("A", ack: 2921 + more);
        AssertServed();
    }

    [Fact]
    public void C11_X33_fragmentation_needed_whose_quote_is_cut_off_or_lies()
    {
        (TcpPeer peer, int socket) = Connected();
        Net.Write(socket, new byte[100]);
        Net.Poll();
        peer.TakeAll();
        byte[] quote = Quote(peer, peer.StackIss + 1);
        for (int length = 0; length < quote.Length; length++)
        {
            Error(3, 4, quote[..length], 600);
        }

        Assert.Equal((uint)quote.Length, Counters.ErrorsMalformed + Counters.BadLength);
        uint before = Counters.ErrorsMalformed;
        foreach (int first in new[] { 0x40, 0x44, 0x46, 0x4F, 0x55, 0x65, 0x00, 0xFF })
        {
            byte[] wrong = [.. quote];
            wrong[0] = (byte)first;
            Error(3, 4, wrong, 600);
        }

        // a header of options that is quoted to its end, and a fragment that is not the first
        byte[] later = [.. quote];
        later[7] = 8;
        Error(3, 4, later, 600);
        Assert.Equal(before + 9, Counters.ErrorsMalformed);
        Assert.Equal(0u, Net.Stack.Tcp.Counters.ErrorsTaken);
        Assert.Equal(1460, Net.Stack.Tcp.Blocks.Single(b => b.RemotePort == peer.Port).SndMss);
        AssertServed();
    }

    [Theory]
    [InlineData("192.168.1.254", "10.0.0.99")]
    [InlineData("192.168.1.254", "192.168.1.66")]
    [InlineData("192.168.1.66", "192.168.1.67")]
    [InlineData("192.168.1.254", "255.255.255.255")]
    [InlineData("192.168.1.254", "0.0.0.0")]
    public void C16_X34_redirects(string from, string to)
    {
        for (int code = 0; code < 5; code++)
        {
            byte[] body = new byte[32];
            Wire.Put32(body, 0, Wire.Address(to));
            FrameBuilder.Ip(TestNetwork.StackIp, Net.Far.Ip, 6, new byte[8]).CopyTo(body, 4);
            StrikeIp(FrameBuilder.Ip(Wire.Address(from), TestNetwork.StackIp, 1, FrameBuilder.Icmp(5, code, body)));
        }

        Assert.Equal(5u, Counters.RedirectsIgnored);
        AssertSilence();
        Strike(Net.EchoRequest(1, from: Net.Far));
        Assert.Equal(TestNetwork.GatewayMac, Assert.Single(Net.Packets).Destination);
        AssertServed();
    }

    [Fact]
    public void C5_C17_X35_types_that_a_host_like_this_has_no_use_for()
    {
        uint count = 0;
        foreach (int type in Enumerable.Range(0, 256).Except([3, 5, 8, 11, 12]))
        {
            for (int code = 0; code < 4; code++)
            {
                Strike(1, FrameBuilder.Icmp(type, code, new byte[16]));
                count++;
            }
        }

        uint ignored = Counters.Ignored + Counters.RedirectsIgnored + Counters.SourceQuenchesIgnored + Counters.QueriesIgnored;
        Assert.Equal(count, ignored + Counters.EchoRepliesIgnored);
        Assert.Equal(TestNetwork.Netmask, Net.Stack.IPv4.Netmask);
        AssertSilence();
        AssertServed();
    }

    [Fact]
    public void X36_10000_datagrams_a_second_to_closed_ports()
    {
        for (int i = 0; i < 10_000; i++)
        {
            Strike(17, FrameBuilder.Udp(Client, TestNetwork.StackIp, 1000, 10_000 + i, [1]));
            if (i % 10 == 9)
            {
                Wait(1);
            }
        }

        Assert.InRange(Net.Packets.Count, 1, IcmpLayer.ErrorBurst + (1000 / IcmpLayer.ErrorInterval));
        Assert.Equal((uint)Net.Packets.Count, Counters.ErrorsSent);
        Assert.Equal(10_000u, Counters.ErrorsSent + Counters.ErrorsLimited);
        AssertServed();
        AssertEchoed();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(12)]
    [InlineData(1400)]
    public void X37_IGMP_queries_cut_off_and_with_a_source_count_that_lies(int length)
    {
        byte[] query = new byte[length];
        if (length > 0)
        {
            query[0] = 0x11;
        }

        if (length >= 12)
        {
            // version 3: a count of sources, and no or few of them
            query[1] = 10;
            Wire.Put16(query, 10, 0xFFFF);
        }

        if (length >= 4)
        {
            Wire.Put16(query, 2, Wire.Checksum(query, 0, length));
        }

        uint all = Wire.Address("224.0.0.1");
        byte[] packet = FrameBuilder.Ip(Client, all, 2, query, options: [0x94, 4, 0, 0], ttl: 1);
        Strike(FrameBuilder.Ethernet(0x01005E000001, Net.Client.Mac, 0x0800, packet));
        StrikeIp(packet);
        Strike(2, query);
        Wait(30_000);

        // no groups are joined: at most the protocol is refused, to whom it was sent alone
        Assert.InRange(Net.Packets.Count(p => p.IsIcmp && p.IcmpType == 3), 0, 1);
        Assert.DoesNotContain(Net.Packets, p => !p.IsIcmp);
        Net.Packets.Clear();
        AssertServed();
    }

    /// <summary>The first 8 bytes of a segment of ours to a peer, behind their IP header.</summary>
    private byte[] Quote(TcpPeer peer, uint sequence)
    {
        byte[] segment = FrameBuilder.Tcp(TestNetwork.StackIp, Client, peer.StackPort, peer.Port, sequence, 0, SeenFrame.Ack, 1000);
        return FrameBuilder.Ip(TestNetwork.StackIp, Client, 6, segment)[..28];
    }

    private void Error(int type, int code, byte[] quote, int mtu = 0)
    {
        byte[] body = [0, 0, (byte)(mtu >> 8), (byte)mtu, .. quote];
        Strike(1, FrameBuilder.Icmp(type, code, body));
    }
}
