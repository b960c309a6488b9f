// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Properties;
using TcpIp.Mdns;
using TcpIp.Sockets;

namespace HostTests.Stack.Mdns;

/// <summary>A name on the link: asked for, announced, told to who asks, and left to others who have it (RFC 6762, RFC 6763).</summary>
public sealed class MdnsResponderTests : MdnsTest
{
    [Theory]
    [BothOrders]
    public void Names_are_probed_for_and_announced(WordOrder order)
    {
        Start(order: order);
        Net.Advance(5000);
        Assert.Equal(5, Said.Count);
        int[] times = [.. Said.Select(p => p.Frame!.Time - Net.Start)];
        Assert.InRange(times[0], 0, 250);
        Assert.Equal([250, 500, 750, 1750], times[1..].Select(t => t - times[0]));
        foreach (MdnsPacket probe in Said[..3])
        {
            Assert.Equal((0, 0), (probe.Flags, probe.Id));
            Assert.Equal([(Host, Any, Qu), (Service, Any, Qu)], probe.Questions);
            Assert.Empty(probe.Answers);
            Assert.Equal([Address with { Class = In }, Text with { Class = In }, Place with { Class = In }], probe.Authority);
        }

        foreach (MdnsPacket announcement in Said[3..])
        {
            Assert.Equal((0x8400, 0), (announcement.Flags, announcement.Id));
            Assert.Empty(announcement.Questions);
            Assert.Equal([Address, Reverse, OfKind, Place, Text, Meta], announcement.Answers);
            Assert.Empty(announcement.Additional);
        }

        Assert.Equal((MdnsState.Established, 0, "board.local"), (Responder.State, Responder.HostNumber, Responder.GetHostName()));
        Assert.Equal((3u, 2u), (Responder.Counters.Probes, Responder.Counters.Announcements));
        Assert.True(Responder.Poll(Net.Now) > 1_000_000_000);
    }

    [Fact]
    public void Probes_do_not_all_begin_at_once()
    {
        HashSet<int> times = [];
        for (uint seed = 1; seed < 30; seed++)
        {
            Start(seed: seed);
            Net.Advance(300);
            times.Add(Said[0].Frame!.Time - Net.Start);
        }

        Assert.True(times.Count > 20);
        Assert.InRange(times.Max(), 200, 250);
    }

    [Fact]
    public void The_group_is_joined_and_questions_are_heard_over_the_filter()
    {
        StartEstablished();
        Assert.Contains(Net.Packets, p => p.IsIgmp && p.IgmpGroup == Group);
    }

    public static TheoryData<string, int, string> Questions => new()
    {
        { Host, MdnsRecord.A, "Address | HostOnly" },
        { "BOARD.Local", MdnsRecord.A, "Address | HostOnly" },
        { Host, Any, "Address | HostOnly" },
        { Host, MdnsRecord.Aaaa, "HostOnly |" },
        { Host, MdnsRecord.Nsec, "HostOnly |" },
        { ReverseName, MdnsRecord.Ptr, "Reverse |" },
        { Kind, MdnsRecord.Ptr, "OfKind | Address Place Text" },
        { "_HTTP._tcp.local", Any, "OfKind | Address Place Text" },
        { Service, MdnsRecord.Srv, "Place | Address" },
        { Service, MdnsRecord.Txt, "Text |" },
        { Service, Any, "Place Text | Address" },
        { Service, MdnsRecord.A, "ServiceOnly |" },
        { MetaName, MdnsRecord.Ptr, "Meta |" },
        { Kind, MdnsRecord.A, "" },
        { "other.local", MdnsRecord.A, "" },
        { "board", MdnsRecord.A, "" },
        { "a.board.local", MdnsRecord.A, "" },
        { "local", Any, "" },
    };

    [Theory]
    [MemberData(nameof(Questions))]
    public void Each_question_has_its_answer(string name, int type, string answer)
    {
        StartEstablished();
        Ask(name, type);
        Net.Advance(500);
        Assert.Equal(answer.Length > 0 ? 1 : 0, Said.Count);
        Assert.Empty(Alone);
        if (Said.Count > 0)
        {
            Assert.Equal(answer, Names(Said[0].Answers) + " |" + (Said[0].Additional.Count > 0 ? " " : string.Empty) + Names(Said[0].Additional));
            Assert.Equal((0x8400, 0), (Said[0].Flags, Said[0].Id));
            Assert.Empty(Said[0].Questions);
        }
    }

    [Fact]
    public void Of_another_class_there_is_nothing_and_of_any_there_is()
    {
        StartEstablished();
        Ask(Host, MdnsRecord.A, 3);
        Net.Advance(500);
        Assert.Empty(Said);
        Ask(Host, MdnsRecord.A, 255);
        Assert.Single(Said);
    }

    [Fact]
    public void What_is_ours_alone_is_told_at_once_and_what_others_may_have_after_a_random_time()
    {
        List<int> delays = [];
        for (uint seed = 1; seed < 60; seed++)
        {
            StartEstablished(seed: seed);
            int asked = Net.Now;
            Ask(Host, MdnsRecord.A);
            Assert.Equal(asked, Assert.Single(Said).Frame!.Time);
            Ask(MetaName, MdnsRecord.Ptr);
            Net.Advance(200);
            delays.Add(Said[1].Frame!.Time - asked);
        }

        Assert.InRange(delays.Min(), 20, 30);
        Assert.InRange(delays.Max(), 110, 120);
    }

    [Fact]
    public void Answers_to_several_questions_go_together()
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, In), (MetaName, MdnsRecord.Ptr, In), ("other.local", Any, In), (Service, MdnsRecord.Txt, In)]));
        Net.Advance(60);
        Ask(ReverseName, MdnsRecord.Ptr);
        Net.Advance(60);
        Assert.Equal(["Address", "Meta", "Reverse", "Text"], Names(Said.SelectMany(p => p.Answers)).Split(' ').Order());
        Assert.InRange(Said.Count, 1, 2);
    }

    [Fact]
    public void No_record_is_told_to_all_more_often_than_once_in_a_second()
    {
        StartEstablished();
        for (int i = 0; i < 50; i++)
        {
            Ask(Host, MdnsRecord.A);
            Net.Advance(100);
        }

        int[] times = [.. Said.Select(p => p.Frame!.Time)];
        Assert.InRange(times.Length, 5, 6);
        Assert.All(times.Zip(times.Skip(1)), p => Assert.Equal(1000, p.Second - p.First));

        // nobody goes without
        Ask(Host, MdnsRecord.A);
        Net.Advance(1000);
        Assert.True(Said[^1].Frame!.Time > times[^1]);
    }

    [Fact]
    public void A_name_is_defended_four_times_as_fast()
    {
        StartEstablished();
        MdnsRecord claim = Address with { Data = "192.168.1.10", Class = In };
        for (int i = 0; i < 3; i++)
        {
            Hear(MdnsPacket.Query([(Host, Any, In)], claims: [claim]));
            Net.Advance(250);
        }

        Assert.Equal(3, Said.Count);
        Assert.Equal((MdnsState.Established, 0u), (Responder.State, Responder.Counters.Conflicts));
    }

    [Theory]
    [InlineData(60u, false)]
    [InlineData(59u, true)]
    [InlineData(120u, false)]
    [InlineData(0u, true)]
    public void What_the_asker_knows_for_half_of_its_time_yet_is_not_told(uint ttl, bool told)
    {
        StartEstablished();
        Ask(Host, MdnsRecord.A, In, Address with { Ttl = ttl });
        Net.Advance(200);
        Assert.Equal(told ? 1 : 0, Said.Count);
        Assert.Equal(told ? 0u : 1u, Responder.Counters.Suppressed);
    }

    [Fact]
    public void What_is_known_wrongly_is_told_and_what_is_known_rightly_is_not_told_besides()
    {
        StartEstablished();
        Ask(Host, MdnsRecord.A, In, Address with { Data = "192.168.1.51" }, Address with { Name = "other.local" });
        Assert.Single(Said);
        Ask(Kind, MdnsRecord.Ptr, In, OfKind with { Data = "other._http._tcp.local" }, Place with { Data = "81 board.local" });
        Net.Advance(200);
        Assert.Equal("OfKind", Names(Said[1].Answers));
        Net.Advance(1000);
        Ask(Kind, MdnsRecord.Ptr, In, OfKind with { Data = "board PAGE._http._tcp.local" });
        Net.Advance(200);
        Assert.Equal(2, Said.Count);
    }

    [Fact]
    public void What_one_who_asks_for_himself_knows_is_not_told_either()
    {
        StartEstablished();
        Ask(Host, MdnsRecord.A, Qu, Address);
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, In)], [Address]), fromPort: 40000);
        Net.Advance(200);
        Assert.Empty(Said);
        Assert.Empty(Alone);

        // nor is it told besides
        Ask(Kind, MdnsRecord.Ptr, Qu, Place, Address);
        MdnsPacket packet = new(Assert.Single(Alone));
        Assert.Equal("OfKind | Text", Names(packet.Answers) + " | " + Names(packet.Additional));
    }

    [Fact]
    public void What_answers_one_question_is_not_told_again_for_another()
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Kind, MdnsRecord.Ptr, In), (Service, Any, In), (Host, MdnsRecord.A, In)]));
        Net.Advance(200);
        Assert.Equal("Address OfKind Place Text | HostOnly", Names(Assert.Single(Said).Answers) + " | " + Names(Said[0].Additional));
    }

    [Fact]
    public void More_of_what_is_known_is_waited_for()
    {
        StartEstablished();
        int asked = Net.Now;
        Hear(MdnsPacket.Query([(Kind, MdnsRecord.Ptr, In), (MetaName, MdnsRecord.Ptr, In)], flags: 0x0200));
        Net.Advance(200);
        Hear(MdnsPacket.Query([], [Meta], flags: 0x0200));
        Hear(MdnsPacket.Query([], [OfKind]), from: Net.Gateway.Ip);
        Net.Advance(199);
        Assert.Empty(Said);
        Net.Advance(110);
        Assert.Equal("OfKind", Names(Assert.Single(Said).Answers));
        Assert.InRange(Said[0].Frame!.Time - asked, 400, 500);
    }

    [Fact]
    public void What_somebody_else_tells_in_the_meantime_need_not_be_told()
    {
        StartEstablished();
        Ask(MetaName, MdnsRecord.Ptr);
        Net.Advance(5);
        Hear(MdnsPacket.Response(Meta));
        Net.Advance(300);
        Assert.Empty(Said);
        Ask(MetaName, MdnsRecord.Ptr);
        Net.Advance(5);
        Hear(MdnsPacket.Response(Meta with { Ttl = 4499 }));
        Net.Advance(300);
        Assert.Single(Said);
    }

    [Fact]
    public void Who_asks_for_himself_is_answered_alone_if_all_have_heard_it_lately()
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, Qu)]));
        SeenFrame frame = Assert.Single(Alone);
        Assert.Empty(Said);
        Assert.Equal((Net.Client.Ip, 5353), (frame.IpDestination, frame.DestinationPort));
        MdnsPacket packet = new(frame);
        Assert.Equal([Address], packet.Answers);
        Assert.Equal([HostOnly], packet.Additional);

        // after a quarter of its time all hear it again
        Net.Advance(30_000);
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, Qu)]));
        Assert.Single(Said);
        Assert.Single(Alone);

        // and a question to us alone is like one to all
        Net.Advance(1000);
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, Qu)]), to: TestNetwork.StackIp);
        Assert.Equal((1, 2), (Said.Count, Alone.Count));
    }

    [Fact]
    public void Who_knows_nothing_of_groups_is_answered_as_by_a_server()
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Service, MdnsRecord.Srv, In), (Host, MdnsRecord.A, In)], id: 0x1234, flags: 0x0100), fromPort: 40000);
        SeenFrame frame = Assert.Single(Alone);
        Assert.Empty(Said);
        Assert.Equal((Net.Client.Ip, 40000), (frame.IpDestination, frame.DestinationPort));
        MdnsPacket packet = new(frame);
        Assert.Equal((0x1234, 0x8400), (packet.Id, packet.Flags));
        Assert.Equal([(Service, MdnsRecord.Srv, In)], packet.Questions);
        Assert.Equal([Place with { Class = In, Ttl = 10 }], packet.Answers);
        Assert.Equal([Address with { Class = In, Ttl = 10 }], packet.Additional);

        Hear(MdnsPacket.Query([("other.local", MdnsRecord.A, In), (Host, MdnsRecord.A, In)]), fromPort: 40000);
        Assert.Single(Alone);

        // the name in a SRV record is whole, though it stands before (RFC 6762 section 18.14)
        Hear(MdnsPacket.Query([(Kind, MdnsRecord.Ptr, In)]), fromPort: 40000);
        Assert.Equal([Address, Place, Text], new MdnsPacket(Alone[1]).Additional.Select(r => r with { Ttl = r.Type == MdnsRecord.Txt ? 4500u : 120, Class = Qu }));
        Assert.Equal(2, Count(Alone[1].Text, MdnsPacket.NameBytes(Host)));
    }

    [Fact]
    public void Who_is_elsewhere_is_not_answered_and_what_is_sent_back_to_us_is_no_conflict()
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, In)]), from: Net.Far.Ip, to: TestNetwork.StackIp);
        Hear(MdnsPacket.Response(Address with { Data = "10.0.0.1" }), from: Net.Far.Ip, to: TestNetwork.StackIp);
        Hear(MdnsPacket.Response(Address with { Data = "10.0.0.1" }), fromPort: 5354);
        Hear(MdnsPacket.Response(Address, Place, Text, OfKind, HostOnly));

        // what was said before the address changed, say
        Hear(MdnsPacket.Response(Address with { Data = "192.168.1.49" }), from: TestNetwork.StackIp);
        Net.Advance(300);
        Assert.Empty(Said);
        Assert.Equal((MdnsState.Established, 0u, 3u), (Responder.State, Responder.Counters.Conflicts, Responder.Counters.BadSource));
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, In)]), from: Wire.Address("169.254.1.2"));
        Assert.Single(Said);
    }

    [Theory]
    [InlineData(In)]
    [InlineData(Qu)]
    public void Who_speaks_to_the_group_is_on_the_link_whatever_his_address(int dnsClass)
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, dnsClass)]), from: Net.Far.Ip);
        Assert.Equal([Address], Assert.Single(Said).Answers);

        // an answer to him alone would leave the link
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, dnsClass)]), from: Net.Far.Ip, fromPort: 40000);
        Net.Advance(2000);
        Assert.Empty(Alone);
        Assert.Single(Said);
        Hear(MdnsPacket.Response(Address with { Data = "10.0.0.1" }), from: Net.Far.Ip);
        Assert.Equal((MdnsState.Probing, 1u), (Responder.State, Responder.Counters.Conflicts));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(59, true)]
    [InlineData(60, false)]
    [InlineData(120, false)]
    public void What_somebody_says_is_soon_over_is_told_again_as_it_is(uint ttl, bool told)
    {
        StartEstablished();
        Hear(MdnsPacket.Response(Address with { Ttl = ttl }, new MdnsRecord("other.local", MdnsRecord.A, Qu, 0, "192.168.1.50"), Address with { Ttl = 0, Data = "192.168.1.66" }));
        Assert.Equal(told ? [Address] : [], Said.SelectMany(p => p.Answers));

        // not more often than anything else
        Hear(MdnsPacket.Response(Address with { Ttl = ttl }));
        Net.Advance(900);
        Assert.Equal(told ? 1 : 0, Said.Count);
        Net.Advance(200);
        Assert.Equal(told ? 2 : 0, Said.Count);
        Assert.Equal(0u, Responder.Counters.Conflicts);
    }

    [Fact]
    public void What_others_may_tell_too_is_told_again_after_a_while_by_one()
    {
        StartEstablished();
        int heard = Net.Now;
        Hear(MdnsPacket.Response(Meta with { Ttl = 0 }));
        Assert.Empty(Said);
        Net.Advance(200);
        Assert.Equal([Meta], Assert.Single(Said).Answers);
        Assert.InRange(Said[0].Frame!.Time - heard, 20, 120);
        Net.Advance(2000);
        Hear(MdnsPacket.Response(Meta with { Ttl = 0 }));
        Hear(MdnsPacket.Response(Meta));
        Net.Advance(2000);
        Assert.Single(Said);

        // what is not ours yet is nobody's business of ours
        Start();
        Net.Advance(300);
        Hear(MdnsPacket.Response(Address with { Ttl = 0 }));
        Net.Advance(100);
        Assert.All(Said, p => Assert.False(p.IsResponse));
    }

    [Fact]
    public void Who_is_asked_the_same_many_times_in_one_message_answers_once()
    {
        StartEstablished();
        Hear(MdnsPacket.Query([.. Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? Host : Host.ToUpperInvariant(), MdnsRecord.A, In))]));
        Net.Advance(1000);
        Assert.Equal([Address], Assert.Single(Said).Answers);
    }

    [Fact]
    public void A_goodbye_that_somebody_says_in_our_name_takes_nothing_from_us()
    {
        StartEstablished();
        Hear(MdnsPacket.Response(Address with { Ttl = 0 }, Place with { Ttl = 0 }, Text with { Ttl = 0 }, OfKind with { Ttl = 0 }));
        Net.Advance(5000);
        Assert.Equal((MdnsState.Established, Host, 0), (Responder.State, Responder.GetHostName(), Responder.HostNumber));
        Said.Clear();
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, In)]));
        Net.Advance(200);
        Assert.Equal([Address], Assert.Single(Said).Answers);
    }

    [Fact]
    public void A_claim_beside_the_answer_is_a_claim_and_one_to_somebody_elses_name_is_none()
    {
        StartEstablished();
        Hear(MdnsPacket.Response(new MdnsRecord("board.local.evil", MdnsRecord.A, Qu, 120, "192.168.1.66"), new MdnsRecord("board", MdnsRecord.A, Qu, 120, "192.168.1.66"), new MdnsRecord("xboard.local", MdnsRecord.A, Qu, 120, "192.168.1.66")));
        Net.Advance(1000);
        Assert.Equal((MdnsState.Established, 0u), (Responder.State, Responder.Counters.Conflicts));

        // of another class it is another name's; a list of what there is of a kind may be longer than what we know
        Hear(MdnsPacket.Response(Address with { Data = "192.168.1.66", Class = 3 }, OfKind with { Data = "Another._http._tcp.local" }));
        Net.Advance(1000);
        Assert.Equal((MdnsState.Established, 0u), (Responder.State, Responder.Counters.Conflicts));
    }

    [Theory]
    [InlineData(MdnsRecord.A, "192.168.1.66", "board-2.local", Service)]
    [InlineData(MdnsRecord.Aaaa, "0123456789abcdef", "board-2.local", Service)]
    public void A_host_that_has_the_name_keeps_it(int type, string data, string host, string service)
    {
        Start();
        Net.Advance(260);
        Hear(MdnsPacket.Response(new MdnsRecord("Board.local", type, Qu, 120, data)));
        Said.Clear();
        Net.Advance(4000);
        Assert.Equal((MdnsState.Established, host, 2, 1u), (Responder.State, Responder.GetHostName(), Responder.HostNumber, Responder.Changes));
        Assert.Equal(3, Probes.Count());
        Assert.All(Probes, p => Assert.Equal([host, service], p.Questions.Select(q => q.Name)));
        Assert.Contains(Said[^1].Answers, r => r.Name == host && r.Data == "192.168.1.50");
        Assert.Contains(Said[^1].Answers, r => r.Name == service && r.Data == "80 " + host);
        Assert.Contains(Said[^1].Answers, r => r.Name == ReverseName && r.Data == host);
    }

    [Fact]
    public void A_service_that_has_the_name_keeps_it()
    {
        Start();
        Net.Advance(260);
        for (int i = 0; i < 11; i++)
        {
            Hear(MdnsPacket.Response(new MdnsRecord(i == 0 ? Service : $"Board page ({i + 1})._http._tcp.local", MdnsRecord.Srv, Qu, 120, "80 other.local")));
            Net.Advance(400);
        }

        Net.Advance(8000);
        Assert.Equal((MdnsState.Established, "board.local", 11u), (Responder.State, Responder.GetHostName(), Responder.Changes));
        Assert.Contains(Said[^1].Answers, r => r.Name == Kind && r.Data == "Board page (12)._http._tcp.local");
    }

    [Fact]
    public void A_name_that_was_ours_is_asked_for_again_and_kept_if_nobody_answers()
    {
        StartEstablished();
        Hear(MdnsPacket.Response(Address with { Data = "192.168.1.66" }));
        Assert.Equal((MdnsState.Probing, 1u, 0), (Responder.State, Responder.Counters.Conflicts, Responder.HostNumber));
        Ask(Host, MdnsRecord.A);
        Assert.DoesNotContain(Said, p => p.IsResponse);
        Net.Advance(4000);
        Assert.Equal((MdnsState.Established, "board.local"), (Responder.State, Responder.GetHostName()));

        // and given up if somebody does
        Hear(MdnsPacket.Response(Address with { Data = "192.168.1.66" }));
        Net.Advance(300);
        Hear(MdnsPacket.Response(Address with { Data = "192.168.1.66" }));
        Net.Advance(4000);
        Assert.Equal((MdnsState.Established, "board-2.local"), (Responder.State, Responder.GetHostName()));

        // a goodbye, another class, or another type of a name that is ours is no claim
        Hear(MdnsPacket.Response(Address with { Name = "board-2.local", Data = "192.168.1.66", Ttl = 0 }));
        Hear(MdnsPacket.Response(Address with { Name = "board-2.local", Data = "192.168.1.66", Class = 3 }));
        Hear(MdnsPacket.Response(Address with { Name = "board-2.local", Type = MdnsRecord.Aaaa, Data = "0123456789abcdef" }));
        Assert.Equal(MdnsState.Established, Responder.State);
    }

    [Fact]
    public void Conflicts_without_end_do_not_make_probes_without_end()
    {
        Start();
        for (int i = 0; i < 400; i++)
        {
            Net.Advance(50);
            string name = Responder.GetHostName();
            Hear(MdnsPacket.Response(new MdnsRecord(name, MdnsRecord.A, Qu, 120, "192.168.1.66")));
        }

        Assert.InRange(Probes.Count(), 1, 40);
        int number = Responder.HostNumber;
        Assert.True(number > 100);
        Net.Advance(10_000);
        Assert.Equal(MdnsState.Established, Responder.State);

        // that is forgotten after a while
        Net.Advance(10_000);
        Hear(MdnsPacket.Response(new MdnsRecord(Responder.GetHostName(), MdnsRecord.A, Qu, 120, "192.168.1.66")));
        Said.Clear();
        Net.Advance(1000);
        Assert.Equal(3, Probes.Count());
    }

    public static TheoryData<string, bool> Claims => new()
    {
        { "192.168.1.49", false },
        { "192.168.1.51", true },
        { "9.255.255.255", false },
        { "200.0.0.0", true },
        { "192.168.1.50", false },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public void Of_two_who_want_a_name_the_later_address_goes_first(string address, bool lost)
    {
        Start();
        Net.Advance(260);
        Hear(MdnsPacket.Query([(Host, Any, Qu)], claims: [new MdnsRecord(Host, MdnsRecord.A, In, 120, address)]));
        Assert.Equal(lost ? 1u : 0, Responder.Counters.Lost);
        Said.Clear();
        int now = Net.Now;
        Net.Advance(4000);
        Assert.Equal(lost ? 1000 : 0, lost ? Said[0].Frame!.Time - now : 0);

        // whoever went first says so, and then it is his
        Assert.Equal((MdnsState.Established, "board.local"), (Responder.State, Responder.GetHostName()));
    }

    [Fact]
    public void Who_has_not_asked_yet_has_not_lost_and_who_waits_after_a_loss_has_lost_once()
    {
        byte[] later = MdnsPacket.Query([(Host, Any, Qu)], claims: [new MdnsRecord(Host, MdnsRecord.A, In, 120, "192.168.1.51")]);
        Start();
        Net.Poll();
        Assert.Empty(Said);
        Hear(later);
        Assert.Equal(0u, Responder.Counters.Lost);
        Net.Advance(260);
        Hear(later);
        Net.Advance(250);
        Hear(later);
        Assert.Equal(1u, Responder.Counters.Lost);
    }

    [Theory]
    [InlineData("A", false)]
    [InlineData("A AAAA", true)]
    [InlineData("AAAA", true)]
    [InlineData("A0", false)]
    [InlineData("A0 AAAA", false)]
    [InlineData("AAAA A0", false)]
    [InlineData("AAAA A", true)]
    [InlineData("CH", true)]
    [InlineData("NS", true)]
    [InlineData("other", false)]
    public void All_claims_to_a_name_count_in_their_order(string claims, bool lost)
    {
        Dictionary<string, MdnsRecord> all = new()
        {
            ["A"] = Address with { Class = In },
            ["A0"] = Address with { Class = In, Data = "192.168.1.1" },
            ["AAAA"] = new MdnsRecord(Host, MdnsRecord.Aaaa, In, 120, "0123456789abcdef"),
            ["CH"] = new MdnsRecord(Host, MdnsRecord.A, 3, 120, "1.1.1.1"),
            ["NS"] = new MdnsRecord(Host, 2, In, 120, "\u0001"),
            ["other"] = new MdnsRecord("other.local", MdnsRecord.Aaaa, In, 120, "0123456789abcdef"),
        };
        Start();
        Net.Advance(260);
        Hear(MdnsPacket.Query([(Host, Any, Qu)], claims: [.. claims.Split(' ').Select(c => all[c])]));
        Assert.Equal(lost ? 1u : 0, Responder.Counters.Lost);
    }

    [Theory]
    [InlineData("same", false)]
    [InlineData("text", false)]
    [InlineData("place", true)]
    [InlineData("later place", true)]
    [InlineData("earlier place", false)]
    [InlineData("later host", true)]
    [InlineData("earlier host", false)]
    [InlineData("later text", true)]
    [InlineData("earlier text", false)]
    [InlineData("longer text", true)]
    [InlineData("shorter text", false)]
    [InlineData("one more", true)]
    public void Claims_to_a_services_name_too(string what, bool lost)
    {
        MdnsRecord text = Text with { Class = In };
        MdnsRecord place = Place with { Class = In };
        MdnsRecord[] claims = what switch
        {
            "text" => [text],
            "place" => [place],
            "later place" => [text, place with { Data = "81 " + Host }],
            "earlier place" => [place with { Data = "79 " + Host }, text],
            "later host" => [place with { Data = "80 coard.local" }, text],
            "earlier host" => [text, place with { Data = "80 aoard.local" }],
            "later text" => [text with { Data = "\u0006path=0" }, place],
            "earlier text" => [text with { Data = "\u0006path=." }, place],
            "longer text" => [text with { Data = "\u0006path=/\0" }, place],
            "shorter text" => [text with { Data = "\u0006path=" }, place],
            "one more" => [place, text, new MdnsRecord(Service, 99, In, 120, "x")],
            _ => [place, text],
        };
        Start();
        Net.Advance(260);
        Hear(MdnsPacket.Query([(Service, Any, Qu)], claims: claims));
        Assert.Equal(lost ? 1u : 0, Responder.Counters.Lost);
    }

    [Fact]
    public void A_goodbye_is_said_and_then_nothing()
    {
        StartEstablished();
        Responder.Stop();
        Net.Advance(10);
        Assert.Equal(new[] { Address, Reverse, OfKind, Place, Text, Meta }.Select(r => r with { Ttl = 0 }), Assert.Single(Said).Answers);
        Ask(Host, MdnsRecord.A);
        Net.Advance(1000);
        Assert.Single(Said);
        Assert.Equal(MdnsState.Stopped, Responder.State);
        Responder.Stop();
        Responder.Start();
        Responder.Start();
        Net.Advance(3000);
        Assert.Equal((MdnsState.Established, 6), (Responder.State, Said.Count));

        // who has not got the name says no goodbye
        Start();
        Net.Advance(300);
        Responder.Stop();
        Said.Clear();
        Net.Advance(1000);
        Assert.Empty(Said);
    }

    [Fact]
    public void A_link_or_an_address_that_comes_makes_the_names_be_asked_for_again()
    {
        Start();
        Net.Stack.Configure(0, 0, 0);
        Net.Advance(3000);
        Said.Clear();
        Net.Advance(10_000);
        Assert.Empty(Said);
        Assert.Equal(MdnsState.Waiting, Responder.State);
        Net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        Net.Advance(3000);
        Assert.Equal((MdnsState.Established, 3, 5), (Responder.State, Probes.Count(), Said.Count));
        Net.Interface.IsLinkUp = false;
        Net.Advance(1000);
        Assert.Equal(MdnsState.Waiting, Responder.State);
        Net.Interface.IsLinkUp = true;
        Net.Advance(3000);
        Assert.Equal(10, Said.Count);

        // another address is told, with the name that leads back
        Net.Stack.Configure(Wire.Address("192.168.1.207"), TestNetwork.Netmask, 0);
        Net.Advance(3000);
        Assert.Equal(15, Said.Count);
        Assert.Equal("192.168.1.207", Said[^1].Answers[0].Data);
        Assert.Equal("207.1.168.192.in-addr.arpa", Said[^1].Answers[1].Name);
    }

    [Fact]
    public void Names_of_the_greatest_length_get_numbers_all_the_same()
    {
        string host = new('h', 63);
        string service = new('\u00E9', 31);
        Start(c =>
        {
            c.HostName = host;
            c.Services = [new MdnsService { Name = service + "x", Port = 65535, Type = "_ipp._udp" }, new MdnsService { Name = "b" }];
        });
        Net.Advance(260);
        Hear(MdnsPacket.Response(new MdnsRecord(host + ".local", MdnsRecord.A, Qu, 120, "192.168.1.66")));
        Net.Advance(500);
        Hear(MdnsPacket.Response(new MdnsRecord(service + "x._ipp._udp.local", MdnsRecord.Txt, Qu, 120, "\u0001a")));
        Net.Advance(4000);
        Assert.Equal(new string('h', 57) + "-2.local", Responder.GetHostName());
        Assert.Contains(Said[^1].Answers, r => r.Name == "_ipp._udp.local" && r.Data == new string('\u00E9', 27) + " (2)._ipp._udp.local");
        Assert.Contains(Said[^1].Answers, r => r.Type == MdnsRecord.Txt && r.Data == "\0");
        Assert.Equal(2, Said[^1].Answers.Count(r => r.Name == MetaName));
    }

    [Theory]
    [InlineData("half a header")]
    [InlineData("half a question")]
    [InlineData("no end")]
    [InlineData("65535 questions")]
    [InlineData("65535 known")]
    [InlineData("65535 answers")]
    [InlineData("an answer cut off")]
    [InlineData("an answer without a question")]
    public void What_does_not_fit_together_is_dropped(string what)
    {
        StartEstablished();
        byte[] query = MdnsPacket.Query([("other.local", MdnsRecord.A, In)]);
        byte[] response = MdnsPacket.Response(OfKind);
        switch (what)
        {
            case "half a header":
                query = query[..11];
                break;
            case "half a question":
                query = query[..^1];
                break;
            case "no end":
                query = query[..16];
                break;
            case "65535 questions":
                Wire.Put16(query, 4, 65535);
                break;
            case "65535 known":
                query = MdnsPacket.Query([(Host, MdnsRecord.A, In)]);
                Wire.Put16(query, 6, 65535);
                break;
            case "65535 answers":
                query = response;
                Wire.Put16(query, 6, 65535);
                break;
            case "an answer without a question":
                query = response;
                Wire.Put16(query, 4, 5);
                break;
            default:
                query = response[..^1];
                break;
        }

        Hear(query);
        Net.Advance(500);
        Assert.Empty(Said);
        Assert.Equal(1u, Responder.Counters.Malformed);
        Ask(Host, MdnsRecord.A);
        Assert.Single(Said);
    }

    [Fact]
    public void A_question_that_came_in_a_turn_in_which_only_the_stack_was_polled_is_answered_in_the_next()
    {
        StartEstablished();
        Net.Application = null;
        Ask(Host, MdnsRecord.A);
        Net.Advance(5);
        Net.Application = Responder.Poll;
        Net.Poll();
        Assert.Single(Said);
    }

    [Theory]
    [InlineData(0x0800)]
    [InlineData(0x0003)]
    [InlineData(0x8402)]
    public void Other_kinds_of_messages_are_not_heard(int flags)
    {
        StartEstablished();
        Hear(MdnsPacket.Query([(Host, MdnsRecord.A, In)], flags: flags));
        Assert.Equal((0, 1u), (Said.Count, Responder.Counters.Ignored));
        Responder.ClearCounters();
        Assert.Equal(0u, Responder.Counters.Ignored + Responder.Counters.Received);
    }

    [Fact]
    public void What_is_missing_or_wrong_is_told_at_the_start()
    {
        Start();
        TestRandom random = new(1);
        MdnsConfiguration good = new();
        Assert.Throws<ArgumentNullException>(() => new MdnsResponder(null!, random, good));
        Assert.Throws<ArgumentNullException>(() => new MdnsResponder(Net.Stack, null!, good));
        Assert.Throws<ArgumentNullException>(() => new MdnsResponder(Net.Stack, random, null!));
        ArgumentException taken = Assert.Throws<ArgumentException>(() => new MdnsResponder(Net.Stack, random, good));
        Assert.Contains(SocketErrorText.Of(SocketError.AddressInUse), taken.Message);

        // who wants to hear along may
        int along = Net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal((int)SocketError.AddressInUse, Net.Sockets.Bind(along, 5353));
        Assert.Equal(0, Net.Sockets.SetReuseAddress(along, true));
        Assert.Equal(0, Net.Sockets.Bind(along, 5353));
        Assert.Equal(0, Net.Sockets.Close(along));
        TestNetwork none = new(WordOrder.LowByteFirst, c => c.UdpSockets = 0);
        Assert.Contains(SocketErrorText.Of(SocketError.TooManyOpenSockets), Assert.Throws<ArgumentException>(() => new MdnsResponder(none.Stack, random, good)).Message);
        TestNetwork groupless = new(WordOrder.LowByteFirst);
        Assert.Contains(SocketErrorText.Of(SocketError.NoBufferSpace), Assert.Throws<ArgumentException>(() => new MdnsResponder(groupless.Stack, random, good)).Message);
        Assert.True(groupless.Sockets.Socket(SocketType.Datagram) >= 0);
        Assert.True(groupless.Sockets.Socket(SocketType.Datagram) >= 0);

        MdnsService service = new();
        (string Name, MdnsConfiguration Configuration)[] wrong =
        [
            ("HostName", new() { HostName = null! }),
            ("HostName", new() { HostName = string.Empty }),
            ("HostName", new() { HostName = "a.b" }),
            ("HostName", new() { HostName = "a b" }),
            ("HostName", new() { HostName = new string('a', 64) }),
            ("MessageBytes", new() { MessageBytes = 511 }),
            ("MessageBytes", new() { MessageBytes = 1473 }),
            ("Services", new() { Services = [null!] }),
            ("Services", new() { Services = [new() { Port = 0 }] }),
            ("Services", new() { Services = [new() { Port = 65536 }] }),
            ("Services", new() { Services = [new() { Type = "http._tcp" }] }),
            ("Services", new() { Services = [new() { Type = "_http" }] }),
            ("Services", new() { Services = [new() { Type = "_http.tcp" }] }),
            ("Services", new() { Services = [new() { Type = "_http._tcp.local" }] }),
            ("Services", new() { Services = [new() { Type = null! }] }),
            ("Services", new() { Services = [new() { Name = string.Empty }] }),
            ("Services", new() { Services = [new() { Name = new string('\u00E9', 32) }] }),
            ("Services", new() { Services = [new() { Text = [new string('a', 256)] }] }),
            ("Services", new() { Services = [new() { Text = [new string('a', 200), new string('a', 200)] }] }),
            ("Services", new() { Services = [service, new()] }),
            ("Services", new() { Services = [.. Enumerable.Range(0, 6).Select(i => new MdnsService { Name = $"{i}" })] }),
        ];
        Assert.All(wrong, w => Assert.Equal(w.Name, Assert.Throws<ArgumentOutOfRangeException>(w.Configuration.Validate).ParamName));
        new MdnsConfiguration { Services = [.. Enumerable.Range(0, 5).Select(i => new MdnsService { Name = $"{i}" })] }.Validate();
    }

    [Fact]
    public void Five_services_with_long_texts_fit_or_are_left_out_whole()
    {
        StartEstablished(c =>
        {
            c.MessageBytes = 512;
            c.Services = [.. Enumerable.Range(0, 5).Select(i => new MdnsService { Name = $"Service {i}", Text = [new string('a', 200)] })];
        });
        Ask(Kind, MdnsRecord.Ptr);
        Net.Advance(500);
        Assert.Equal(5, Assert.Single(Said).Answers.Count);
        Assert.InRange(Said[0].Frame!.Text.Length, 300, 512);
    }

    [Fact]
    public void Whatever_is_said_harms_nothing()
    {
        long allocated = 0;
        int heard = 0;
        uint answers = 0;
        void Listen(Choices choices)
        {
            Start(seed: choices.Word() | 1);
            MdnsRecord[] records = [Address, Reverse, OfKind, Place, Text, Meta, HostOnly, Address with { Data = "192.168.1.66" }, Place with { Data = "81 x.local" }];
            string[] names = [Host, Service, Kind, MetaName, ReverseName, "other.local"];
            TestRandom random = new(choices.Word());
            while (!choices.IsUsedUp)
            {
                MdnsRecord[] some = [.. Enumerable.Range(0, choices.Below(3)).Select(_ => choices.Pick(records) with { Ttl = choices.Pick(0u, 60u, 4500u) })];
                byte[] message = choices.OneIn(3)
                    ? MdnsPacket.Response(some)
                    : MdnsPacket.Query(
                        [.. Enumerable.Range(0, choices.Below(3)).Select(_ => (choices.Pick(names), choices.Pick(1, 12, 16, 28, 33, 255), choices.Pick(In, Qu)))],
                        some,
                        choices.OneIn(3) ? [choices.Pick(records)] : null,
                        choices.Pick(0, 0, 0x200));
                for (int i = choices.Pick(0, 0, 0, 1, 3, 30); i > 0; i--)
                {
                    message[choices.OneIn(3) ? random.Below(12) : random.Below(message.Length)] = (byte)random.Next();
                }

                Hear(choices.OneIn(5) ? message[..choices.Below(message.Length + 1)] : message, fromPort: choices.Pick(5353, 5353, 40000));
                heard++;
                Net.Interface.IsLinkUp = !choices.OneIn(40);
                Net.Advance(choices.Pick(0, 0, 10, 100, 300, 1000));
                Assert.True(Responder.Poll(Net.Now) >= 0);
            }

            // in the end it has a name, and answers to it
            Net.Interface.IsLinkUp = true;
            Net.Advance(20_000);
            Assert.Equal(MdnsState.Established, Responder.State);
            Said.Clear();
            Ask(Responder.GetHostName(), MdnsRecord.A);
            Assert.Single(Said);
            answers += Responder.Counters.Answers + Responder.Counters.Unicasts;
            allocated += Net.AllocatedInPoll;
        }

        Property.Check(60, 300, Listen, stream: 93);
        allocated = 0;
        Property.Check(60, 300, Listen, stream: 93);
        Assert.True(heard > 1000, $"{heard} messages");
        Assert.True(answers > 200, $"{answers} answers");
        Assert.Equal(0, allocated);
    }

    private static string Names(IEnumerable<MdnsRecord> records)
    {
        (string Name, MdnsRecord Record)[] all =
        [
            (nameof(Address), Address), (nameof(Reverse), Reverse), (nameof(HostOnly), HostOnly), (nameof(OfKind), OfKind),
            (nameof(Place), Place), (nameof(Text), Text), (nameof(ServiceOnly), ServiceOnly), (nameof(Meta), Meta),
        ];
        return string.Join(' ', records.Select(r => all.Single(a => a.Record == r).Name));
    }

    private static int Count(byte[] bytes, byte[] part) => Enumerable.Range(0, bytes.Length - part.Length + 1).Count(i => bytes.AsSpan(i, part.Length).SequenceEqual(part));
}
