// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dhcp;
using TcpIp.Sockets;

namespace HostTests.Stack.Dhcp;

/// <summary>Servers that are broken, strange, or no servers: what they say is counted and dropped, and the right word that follows is heard.</summary>
public sealed class HostileServerTests : DhcpTest
{
    /// <summary>What is wrong with an offer or a lease, and which counter says so.</summary>
    private static readonly Dictionary<string, (Action<DhcpAnswer> Spoil, Func<DhcpCounters, uint> Counter)> s_wrong = new()
    {
        ["not a reply"] = (a => a.Head[0] = 1, c => c.BadHeader),
        ["neither"] = (a => a.Head[0] = 3, c => c.BadHeader),
        ["another kind of link"] = (a => a.Head[1] = 6, c => c.BadHeader),
        ["a longer link address"] = (a => a.Head[2] = 16, c => c.BadHeader),
        ["no link address"] = (a => a.Head[2] = 0, c => c.BadHeader),
        ["no cookie"] = (a => Wire.Put32(a.Head, 236, 0), c => c.BadHeader),
        ["almost the cookie"] = (a => a.Head[239]++, c => c.BadHeader),
        ["another number"] = (a => a.Head[7]++, c => c.ForOthers),
        ["another client"] = (a => a.Head[33]++, c => c.ForOthers),
        ["nobody's link address"] = (a => Wire.Put48(a.Head, 28, 0), c => c.ForOthers),
        ["no type"] = (a => a.Remove(53), c => c.BadOptions),
        ["an empty type"] = (a => a.Set(53, []), c => c.BadOptions),
        ["type 0"] = (a => a.Set(53, [0]), c => c.BadOptions),
        ["type 255"] = (a => a.Set(53, [255]), c => c.BadOptions),
        ["a forced renewal"] = (a => a.Set(53, [9]), c => c.BadOptions),
        ["an answer about leases"] = (a => a.Set(53, [13]), c => c.BadOptions),
        ["a client's type"] = (a => a.Set(53, [3]), c => c.BadOptions),
        ["a type of two bytes"] = (a => a.Set(53, [a.Options.First(o => o.Code == 53).Value[0], 0]), c => c.BadOptions),
        ["no end"] = (a => a.Tail = [], c => c.BadOptions),
        ["an option without a length"] = (a => a.Tail = [6], c => c.BadOptions),
        ["an option past the end"] = (a => a.Tail = [12, 4, 1, 2, 3], c => c.BadOptions),
        ["an option that takes the end"] = (a => a.Tail = [12, 1, 255], c => c.BadOptions),
        ["an option far past the end"] = (a => a.Tail = [12, 255, 255], c => c.BadOptions),
        ["a netmask of three bytes"] = (a => a.Set(1, [255, 255, 255]), c => c.BadOptions),
        ["a netmask of five bytes"] = (a => a.Set(1, [255, 255, 255, 0, 0]), c => c.BadOptions),
        ["a lease of two bytes"] = (a => a.Set(51, [1, 2]), c => c.BadOptions),
        ["T1 of one byte"] = (a => a.Set(58, [1]), c => c.BadOptions),
        ["T2 of eight bytes"] = (a => a.Set(59, new byte[8]), c => c.BadOptions),
        ["a router of two bytes"] = (a => a.Set(3, [192, 168]), c => c.BadOptions),
        ["a server of three bytes"] = (a => a.Set(54, [192, 168, 1]), c => c.BadOptions),
        ["a route of 33 bits"] = (a => a.Set(121, [33, 1, 2, 3, 4, 5, 192, 168, 1, 1]), c => c.BadOptions),
        ["a route cut off"] = (a => a.Set(121, [24, 10, 1, 2, 192, 168, 1]), c => c.BadOptions),
        ["a route without a router"] = (a => a.Set(121, [0]), c => c.BadOptions),
        ["a route cut off in its destination"] = (a => a.Set(121, [0, 192, 168, 1, 254, 24, 10]), c => c.BadOptions),
        ["overload of nothing"] = (a => a.Set(52, [0]), c => c.BadOptions),
        ["overload of what is not there"] = (a => a.Set(52, [4]), c => c.BadOptions),
        ["overload of 255"] = (a => a.Set(52, [255]), c => c.BadOptions),
        ["overload of two bytes"] = (a => a.Set(52, [1, 1]), c => c.BadOptions),
        ["overload of a field without an end"] = (a => a.Set(52, [1]), c => c.BadOptions),
        ["overload of sname without an end"] = (a => a.Set(52, [2]), c => c.BadOptions),
        ["overload with rubbish in file"] = (a => { a.Set(52, [1]); Array.Fill(a.Head, (byte)7, 108, 128); }, c => c.BadOptions),
        ["overload past the field"] = (a => { a.Set(52, [2]); a.Head[44] = 12; a.Head[45] = 62; a.Head[108] = 255; }, c => c.BadOptions),
        ["no server"] = (a => a.Remove(54), c => c.NoServer),
        ["server 0.0.0.0"] = (a => a.Set(54, 0u), c => c.NoServer),
        ["server for all"] = (a => a.Set(54, uint.MaxValue), c => c.NoServer),
        ["server of a group"] = (a => a.Set(54, 0xE0000001u), c => c.NoServer),
        ["no time"] = (a => a.Remove(51), c => c.BadLease),
        ["time 0"] = (a => a.Set(51, 0u), c => c.BadLease),
        ["time 9"] = (a => a.Set(51, 9u), c => c.BadLease),
        ["address 0.0.0.0"] = (a => Address(a, "0.0.0.0"), c => c.BadAddress),
        ["address 0.1.2.3"] = (a => Address(a, "0.1.2.3"), c => c.BadAddress),
        ["address 127.0.0.1"] = (a => Address(a, "127.0.0.1"), c => c.BadAddress),
        ["address 224.0.0.1"] = (a => Address(a, "224.0.0.1"), c => c.BadAddress),
        ["address 240.0.0.1"] = (a => Address(a, "240.0.0.1"), c => c.BadAddress),
        ["address 255.255.255.255"] = (a => Address(a, "255.255.255.255"), c => c.BadAddress),
        ["address of the network"] = (a => Address(a, "192.168.1.0"), c => c.BadAddress),
        ["address of all in the network"] = (a => Address(a, "192.168.1.255"), c => c.BadAddress),
        ["address of the router"] = (a => Address(a, "192.168.1.254"), c => c.BadAddress),
        ["address of the server"] = (a => Address(a, "192.168.1.1"), c => c.BadAddress),
    };

    public static TheoryData<string> Wrong => [.. s_wrong.Keys];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void X66_X67_X68_a_wrong_offer_is_dropped_and_the_right_one_taken(string what)
    {
        Start();
        Server.Change = s_wrong[what].Spoil;
        Net.Poll();
        Assert.Equal(["DISCOVER"], Kinds);
        Assert.Equal((1u, 0u, 1u), (s_wrong[what].Counter(Client.Counters), Client.Counters.Offers, Client.Counters.Received));
        Server.Change = null;
        Net.Advance(6000);
        AssertBound();
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void X66_X67_X68_a_wrong_lease_is_dropped_and_the_right_one_taken(string what)
    {
        Start();
        bool offered = false;
        Server.Change = a =>
        {
            if (offered)
            {
                s_wrong[what].Spoil(a);
            }

            offered = true;
        };
        Net.Poll();
        Assert.Equal(["DISCOVER", "SELECTING"], Kinds);
        Assert.Equal((1u, 0u), (s_wrong[what].Counter(Client.Counters), Client.Counters.Acks));
        AssertNoAddress();
        Server.Change = null;
        Net.Advance(6000);
        AssertBound();
    }

    [Fact]
    public void Every_wrong_thing_is_wrong_in_the_tables_sense_only_once()
    {
        // a counter that counts two things at once would say so here
        Start();
        foreach ((string what, (Action<DhcpAnswer> spoil, Func<DhcpCounters, uint> counter)) in s_wrong)
        {
            Client.ClearCounters();
            Server.Silent = true;
            Client.Start();
            Net.Poll();
            DhcpAnswer answer = Server.Answer(DhcpAnswer.Offer, Last.Xid);
            spoil(answer);
            Server.Send(answer.ToBytes());
            Net.Poll();
            DhcpCounters c = Client.Counters;
            uint[] all = [c.BadPort, c.BadLength, c.BadHeader, c.ForOthers, c.BadOptions, c.NoServer, c.BadLease, c.BadAddress, c.Unexpected];
            Assert.True(counter(c) == 1 && all.Sum(n => n) == 1, what);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(239)]
    [InlineData(549)]
    [InlineData(1472)]
    public void X66_a_message_that_is_too_short_or_too_long_is_dropped(int length)
    {
        Start(c => c.MessageBytes = 548);
        Server.Silent = true;
        Net.Poll();
        byte[] good = Server.Answer(DhcpAnswer.Offer, Last.Xid).ToBytes();
        byte[] message = new byte[length];
        Array.Copy(good, message, Math.Min(length, good.Length));
        Server.Send(message);
        Net.Poll();
        Assert.Equal((1u, 0u), (Client.Counters.BadLength, Client.Counters.Offers));
    }

    [Theory]
    [InlineData(548)]
    [InlineData(1000)]
    [InlineData(1472)]
    public void The_longest_message_that_we_have_asked_for_is_taken(int bytes)
    {
        Start(c => c.MessageBytes = bytes);
        Server.Change = a => a.Tail = [255, .. new byte[bytes - a.ToBytes().Length]];
        Net.Poll();
        AssertBound();
        Assert.All(Said, q => Assert.Equal(bytes + 28, Wire.Get16(q.Options[57], 0)));
        Assert.All(Said, q => Assert.InRange(q.Frame.Text.Length, 300, 548));
    }

    [Fact]
    public void An_answer_with_as_many_options_as_a_packet_carries_is_read_to_its_end()
    {
        // a server that was told to give a client everything: what we need stands behind all else, and in pieces
        Start();
        Server.Change = a =>
        {
            (int Code, byte[] Value)[] ours = [.. a.Options.Where(o => o.Code != 53)];
            a.Options.RemoveAll(o => o.Code != 53);
            for (int code = 224; code < 228; code++)
            {
                a.Options.Add((code, new byte[255]));
            }

            a.Options.AddRange(ours);
            a.Options.Add((15, ".more"u8.ToArray()));
            a.Tail = [255, .. new byte[1472 - a.ToBytes().Length]];
        };
        Net.Poll();
        AssertBound();
        Assert.Equal(Wire.Address("192.168.1.53"), Client.Lease.GetDnsServer(0));
        Assert.Equal("example.org.more", System.Text.Encoding.ASCII.GetString(Client.Lease.Domain, 0, Client.Lease.DomainLength));
    }

    [Theory]
    [InlineData(66)]
    [InlineData(68)]
    [InlineData(0)]
    [InlineData(6767)]
    public void H2_an_answer_from_another_port_is_dropped(int port)
    {
        Start();
        Server.Silent = true;
        Net.Poll();
        Server.Send(Server.Answer(DhcpAnswer.Offer, Last.Xid).ToBytes(), fromPort: port);
        Net.Poll();
        Assert.Equal((1u, 0u), (Client.Counters.BadPort, Client.Counters.Offers));
    }

    [Fact]
    public void A_refusal_by_a_server_that_was_not_asked_is_dropped()
    {
        Start();
        Server.Change = _ => Server.Silent = true;
        Net.Poll();
        uint other = Wire.Address("192.168.1.2");
        Server.Send(new DhcpAnswer(DhcpAnswer.Nak, Last.Xid, 0).Set(54, other).ToBytes());
        Server.Send(new DhcpAnswer(DhcpAnswer.Nak, Last.Xid, 0).ToBytes());
        Net.Poll();
        Assert.Equal((0u, 1u, 1u), (Client.Counters.Naks, Client.Counters.Unexpected, Client.Counters.NoServer));
        Assert.Equal(DhcpState.Requesting, Client.State);
        Server.Send(Server.Answer(DhcpAnswer.Ack, Last.Xid).Set(54, other).ToBytes());
        Net.Poll();
        Assert.Equal((0u, 2u), (Client.Counters.Acks, Client.Counters.Unexpected));
        Server.Send(Server.Answer(DhcpAnswer.Ack, Last.Xid).ToBytes());
        Net.Poll();
        AssertBound();

        // while it is renewed, only its server may refuse; and nobody is to give another address
        Server.Silent = true;
        Client.Renew();
        Net.Poll();
        Server.Send(new DhcpAnswer(DhcpAnswer.Nak, Last.Xid, 0).Set(54, other).ToBytes());
        Server.Send(new DhcpAnswer(DhcpAnswer.Ack, Last.Xid, Wire.Address("192.168.1.78")).Set(54, Server.Address).Set(51, 1000u).ToBytes());
        Net.Poll();
        Assert.Equal((0u, 1u, 4u), (Client.Counters.Naks, Client.Counters.Acks, Client.Counters.Unexpected));
        Assert.Equal(DhcpState.Renewing, Client.State);
        Assert.True(Client.IsBound);
    }

    [Fact]
    public void What_a_server_and_a_relay_may_write_is_borne()
    {
        // fields that are of no concern to us, whatever stands there; options in another order, and some twice
        Start();
        Server.Change = a =>
        {
            a.Head[3] = 16;
            Wire.Put16(a.Head, 8, 0xFFFF);
            Wire.Put16(a.Head, 10, 0xFFFF);
            Wire.Put32(a.Head, 12, Wire.Address("10.9.8.7"));
            Wire.Put32(a.Head, 20, Wire.Address("10.0.0.9"));
            Wire.Put32(a.Head, 24, Wire.Address("10.0.0.1"));
            Array.Fill(a.Head, (byte)0xEE, 34, 10);
            System.Text.Encoding.ASCII.GetBytes("boot.example.org").CopyTo(a.Head, 44);
            Array.Fill(a.Head, (byte)'/', 108, 128);
            a.Options.Reverse();
            a.Options.Add((0, []));
            a.Options.Add((6, []));
            a.Options.Add((43, [255, 255, 255]));
        };
        Net.Poll();
        AssertBound();
        Assert.Equal(Wire.Address("192.168.1.53"), Client.Lease.GetDnsServer(0));
    }

    [Theory]
    [InlineData("192.168.1.77")]
    [InlineData("255.255.255.255")]
    public void An_answer_without_a_checksum_is_an_answer(string to)
    {
        Start();
        Server.Silent = true;
        Net.Poll();
        foreach (int type in new[] { DhcpAnswer.Offer, DhcpAnswer.Ack })
        {
            uint destination = Wire.Address(to);
            byte[] datagram = FrameBuilder.Udp(Server.Host.Ip, destination, 67, 68, Server.Answer(type, Last.Xid).ToBytes());
            Wire.Put16(datagram, 6, 0);
            ulong mac = destination == uint.MaxValue ? TestHost.BroadcastMac : TestNetwork.StackMac;
            Net.Interface.Deliver(FrameBuilder.Ethernet(mac, Server.Host.Mac, 0x0800, FrameBuilder.Ip(Server.Host.Ip, destination, 17, datagram)));
            Net.Poll();
        }

        AssertBound();
    }

    [Fact]
    public void A_server_that_says_all_twice_is_asked_once()
    {
        Start();
        Server.Change = a => Server.Send(a.ToBytes());
        Net.Poll();
        AssertBound();
        Assert.Equal(["DISCOVER", "SELECTING"], Kinds);
        Assert.Equal((1u, 1u, 2u), (Client.Counters.Offers, Client.Counters.Acks, Client.Counters.Unexpected));
    }

    [Fact]
    public void What_is_not_awaited_is_dropped_in_every_state()
    {
        Start(c => c.StartSpread = 10000);
        Net.Advance(1);
        Assert.Equal(DhcpState.Init, Client.State);
        Say(DhcpAnswer.Offer);
        Net.Advance(10_000);
        AssertBound();
        Said.Add(Last);
        Say(DhcpAnswer.Offer);
        Say(DhcpAnswer.Ack);
        Say(DhcpAnswer.Nak);
        AssertBound();
        Assert.Equal(4u, Client.Counters.Unexpected);

        // in SELECTING a lease is no offer, and in REQUESTING an offer no lease
        Server.Silent = true;
        Client.Start();
        Net.Advance(10_000);
        Say(DhcpAnswer.Ack);
        Say(DhcpAnswer.Nak);
        Assert.Equal(DhcpState.Selecting, Client.State);
        Say(DhcpAnswer.Offer);
        Assert.Equal(DhcpState.Requesting, Client.State);
        Say(DhcpAnswer.Offer);
        Assert.Equal(DhcpState.Requesting, Client.State);
        Assert.Equal(7u, Client.Counters.Unexpected);
        Client.Stop();
        Say(DhcpAnswer.Ack);
        Assert.Equal(8u, Client.Counters.Unexpected);
        AssertNoAddress();
    }

    [Fact]
    public void A_flood_of_answers_to_others_does_not_keep_ours_out()
    {
        Start();
        Server.Change = a =>
        {
            byte[] other = [.. a.ToBytes()];
            other[33]++;
            for (int i = 0; i < 2; i++)
            {
                Server.Send(other);
            }
        };
        Net.Advance(60_000);
        AssertBound();
        Assert.InRange(Client.Counters.ForOthers, 1u, 100u);
    }

    [Fact]
    public void Without_a_frame_nothing_is_sent_and_it_is_tried_again()
    {
        Start();
        List<Frame> all = [];
        for (Frame? frame = Net.Stack.Pool.Rent(100); frame != null; frame = Net.Stack.Pool.Rent(100))
        {
            all.Add(frame);
        }

        Net.Poll();
        Assert.Empty(Said);
        Assert.Equal((1u, 0u), (Client.Counters.NotSent, Client.Counters.Discovers));
        all.ForEach(Net.Stack.Pool.Return);
        Net.Advance(6000);
        AssertBound();
    }

    [Fact]
    public void More_time_that_could_not_be_asked_for_is_asked_for_in_a_minute()
    {
        StartBound();
        List<Frame> all = [];
        for (Frame? frame = Net.Stack.Pool.Rent(100); frame != null; frame = Net.Stack.Pool.Rent(100))
        {
            all.Add(frame);
        }

        Client.Renew();
        Net.Poll();
        Assert.Empty(Said);
        all.ForEach(Net.Stack.Pool.Return);
        Net.Advance(62_000);
        Assert.Equal(["RENEWING"], Kinds);
        AssertBound();
    }

    [Fact]
    public void A_server_that_says_the_same_again_and_again_changes_nothing()
    {
        StartBound();
        uint changes = Client.Changes;
        for (int i = 0; i < 1000; i++)
        {
            Server.Send(Server.Answer(i % 2 == 0 ? DhcpAnswer.Ack : DhcpAnswer.Nak, (uint)i).ToBytes());
            Net.Poll();
        }

        Assert.Empty(Said);
        Assert.Equal(changes, Client.Changes);
        AssertBound();
    }

    private static void Address(DhcpAnswer answer, string address) => Wire.Put32(answer.Head, 16, Wire.Address(address));

    private void Say(int type)
    {
        uint xid = Said.Count > 0 ? Last.Xid : 0;
        DhcpAnswer answer = type == DhcpAnswer.Nak ? new DhcpAnswer(type, xid, 0).Set(54, Server.Address) : Server.Answer(type, xid);
        Server.Send(answer.ToBytes());
        Net.Poll();
    }
}
