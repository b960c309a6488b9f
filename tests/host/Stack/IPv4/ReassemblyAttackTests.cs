// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.IPv4;

/// <summary>Fragments that no honest sender makes: past the end, over each other, across a header (RFC 1858, RFC 3128, RFC 5722).</summary>
public sealed class ReassemblyAttackTests : FragmentTest
{
    [Fact]
    public void B17_a_datagram_that_is_larger_than_the_buffer_is_dropped_whole()
    {
        TestNetwork net = Begin();
        byte[] data = Wire.PatternBytes(0, 2041);
        foreach (int[] order in new int[][] { [0, 1], [1, 0] })
        {
            Deliver(net, Cut(FrameBuilder.Echo(5, 6, data), 1480, order[0]), Icmp, order);
        }

        Assert.Empty(net.Packets);
        Assert.Equal(2u, net.Stack.IPv4.Counters.ReassemblyTooLarge);
        Assert.Equal(0u, net.Stack.IPv4.Counters.Reassembled);
    }

    [Fact]
    public void B18_what_still_comes_of_an_overlapping_datagram_is_dropped_too()
    {
        TestNetwork net = Begin();
        byte[] whole = FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 32));
        Deliver(net, Parse("0+16m 8+16m", whole));
        Deliver(net, Parse("0+16m 16+24", whole));
        Assert.Empty(net.Packets);
        Assert.Equal(2u, net.Stack.IPv4.Counters.FragmentsRefused);

        // another datagram need not wait for it
        Deliver(net, Parse("0+16m 16+24", whole, id: 2));
        Assert.Single(net.Packets);
    }

    [Fact]
    public void B18_a_fragment_that_repeats_another_exactly_changes_nothing()
    {
        TestNetwork net = Begin();
        byte[] data = Wire.PatternBytes(0, 37);
        Deliver(net, Parse("0+16m 0+16m 32+13 32+13 0+16m 16+16m", FrameBuilder.Echo(5, 6, data)));
        AssertEcho(net, data);
        Assert.Equal(3u, net.Stack.IPv4.Counters.FragmentsRepeated);
    }

    [Theory]
    [InlineData("192.168.1.11", Icmp, 1)]
    [InlineData("192.168.1.10", Udp, 1)]
    [InlineData("192.168.1.10", Icmp, 2)]
    public void B19_X21_fragments_of_another_source_protocol_or_id_never_mix(string source, int protocol, int id)
    {
        TestNetwork net = Begin();
        net.AssertAlive();
        int socket = Bound(net, 7);
        TestHost other = net.AddHost(0x020000000011, Wire.Address(source));
        net.Deliver(net.EchoRequest(1, null, other));
        net.Packets.Clear();
        byte[] data = Wire.PatternBytes(0, 100);
        List<Piece> ours = Cut(FrameBuilder.Echo(5, 6, data), 56);
        List<Piece> theirs = Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(77, 100)), 56, id);
        net.DeliverIp(net.Client, Packet(net, ours[0], Icmp));

        // it would be the missing piece, were it of the same datagram; and this one a repeat
        net.DeliverIp(other, Packet(net, theirs[1], protocol, other));
        net.DeliverIp(other, Packet(net, theirs[0], protocol, other));
        Assert.Equal((0u, 0u), (net.Stack.IPv4.Counters.Reassembled, net.Stack.IPv4.Counters.FragmentsRefused));

        // theirs have waited for the buffer, and follow
        net.DeliverIp(net.Client, Packet(net, ours[1], Icmp));
        Assert.Equal(2u, net.Stack.IPv4.Counters.Reassembled);
        net.Advance(0);
        List<SeenFrame> echoes = net.Packets.FindAll(p => p.IsIcmp && p.IcmpType == 0);
        Assert.Equal(protocol == Icmp ? 2 : 1, echoes.Count);
        Assert.Equal(data, echoes[0].IcmpData);
        Assert.All(echoes.Skip(1), e => Assert.Equal(Wire.PatternBytes(77, 100), e.IcmpData));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, _source));
        net.Sockets.Close(socket);
    }

    [Fact]
    public void B19_a_datagram_to_us_and_one_to_all_with_the_same_id_never_mix()
    {
        TestNetwork net = Begin();
        List<Piece> pieces = Cut(FrameBuilder.Echo(5, 6, Wire.PatternBytes(0, 100)), 56);
        Deliver(net, [pieces[0]]);
        byte[] packet = FrameBuilder.Ip(
            net.Client.Ip, TestNetwork.SubnetBroadcast, Icmp, pieces[1].Bytes, flagsAndOffset: 7, id: pieces[1].Id);
        net.Deliver(FrameBuilder.Ethernet(TestHost.BroadcastMac, net.Client.Mac, 0x0800, packet));
        Assert.Equal(0u, net.Stack.IPv4.Counters.Reassembled);
        Deliver(net, [pieces[1]]);
        Assert.Equal(1u, net.Stack.IPv4.Counters.Reassembled);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void B21_a_first_fragment_that_cuts_through_the_TCP_header_delivers_nothing(int length)
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        net.Listen();
        byte[] segment = Segment(peer.Build("S", options: [2, 4, 5, 180]));
        foreach (int[] order in new int[][] { [0, 1], [1, 0] })
        {
            Deliver(net, Cut(segment, 0, order[0], sizes: [length, segment.Length - length]), Tcp, order);
        }

        Assert.Equal(0u, net.Stack.Tcp.Counters.SegmentsReceived);
        Assert.Equal(2u, net.Stack.IPv4.Counters.BadFragments);
        net.Advance(70000);
        Assert.Empty(net.Packets);
        peer.ExpectNothing();
    }

    [Fact]
    public void B21_what_a_cut_header_belongs_to_is_dropped_with_it()
    {
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        net.Listen();
        byte[] segment = Segment(peer.Build("S", length: 28));
        Deliver(net, [new Piece(segment[24..], 24, false, 1), new Piece(segment[..16], 0, true, 1), new Piece(segment[..24], 0, true, 1)], Tcp);
        Assert.Equal(0u, net.Stack.Tcp.Counters.SegmentsReceived);
        Assert.Equal((1u, 1u), (net.Stack.IPv4.Counters.BadFragments, net.Stack.IPv4.Counters.FragmentsRefused));
        peer.ExpectNothing();
    }

    [Fact]
    public void B21_the_flags_of_a_TCP_header_cannot_be_written_over()
    {
        // RFC 3128: an innocent first fragment passes the filter, a second one at offset 8 would make a SYN of it
        TestNetwork net = Begin();
        TcpPeer peer = net.Peer();
        net.Listen();
        byte[] innocent = Segment(peer.Build("R", length: 28));
        byte[] syn = Segment(peer.Build("S", length: 28));
        Deliver(net, [new Piece(innocent[..24], 0, true, 1), new Piece(syn[8..32], 8, true, 1), new Piece(syn[32..], 32, false, 1)], Tcp);
        Assert.Equal(0u, net.Stack.Tcp.Counters.SegmentsReceived);
        peer.ExpectNothing();
    }
}
