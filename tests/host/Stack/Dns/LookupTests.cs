// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace HostTests.Stack.Dns;

/// <summary>A name becomes an address: asking, asking again, aliases, what is remembered, and for how long.</summary>
public sealed class LookupTests : DnsTest
{
    [Theory]
    [BothOrders]
    public void A_name_is_asked_for_once_and_found(WordOrder order)
    {
        Start(order: order);
        Says = q => q.Answer().Address("203.0.113.80");
        Assert.Equal("203.0.113.80", LookUp("www.Example.ORG"));
        Assert.Equal("www.example.org", Assert.Single(Asked).Name);
        Assert.Equal(FirstServer, Last.Frame!.IpDestination);
        Assert.Equal(1u, Resolver.Counters.Queries);
        Assert.Equal(1u, Resolver.Counters.Found);
    }

    [Theory]
    [InlineData("192.168.1.7", "192.168.1.7")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("localhost", "127.0.0.1")]
    [InlineData("a.LocalHost.", "127.0.0.1")]
    public void H21_what_a_name_says_by_itself_needs_no_network(string name, string address)
    {
        Start(servers: 0);
        int lookup = Resolver.Begin(name);
        Assert.Equal(0, Resolver.GetResult(lookup, out uint found));
        Assert.Equal(address, IPv4Address.ToString(found));
        Assert.Empty(Asked);
    }

    [Theory]
    [InlineData("1.2.3", SocketError.HostNotFound)]
    [InlineData("1.2.3.4.5", SocketError.HostNotFound)]
    [InlineData("1.2.3.256", SocketError.HostNotFound)]
    [InlineData("1.2.3.1000", SocketError.HostNotFound)]
    [InlineData("1.2.3.4294967297", SocketError.HostNotFound)]
    [InlineData("4294967297.2.3.4", SocketError.HostNotFound)]
    [InlineData("1.2.3.04", SocketError.HostNotFound)]
    [InlineData("a.2.3.4", SocketError.HostNotFound)]
    [InlineData("4294967296", SocketError.HostNotFound)]
    [InlineData("server.5", SocketError.HostNotFound)]
    [InlineData("", SocketError.InvalidArgument)]
    [InlineData(".", SocketError.InvalidArgument)]
    [InlineData(".a", SocketError.InvalidArgument)]
    [InlineData("a..b", SocketError.InvalidArgument)]
    [InlineData("a..", SocketError.InvalidArgument)]
    [InlineData("a b", SocketError.InvalidArgument)]
    [InlineData("a\0b", SocketError.InvalidArgument)]
    [InlineData("b\u00FCcher.example", SocketError.InvalidArgument)]
    [InlineData("\u0141", SocketError.InvalidArgument)]
    [InlineData("a/b", SocketError.InvalidArgument)]
    [InlineData("a:80", SocketError.InvalidArgument)]
    [InlineData("a[b", SocketError.InvalidArgument)]
    [InlineData("a@b", SocketError.InvalidArgument)]
    [InlineData("a`b", SocketError.InvalidArgument)]
    [InlineData("a{b", SocketError.InvalidArgument)]
    public void What_is_no_name_is_not_asked_for(string name, SocketError error)
    {
        Start();
        Assert.Equal(error, LookUp(name));
        Assert.Empty(Asked);
    }

    [Fact]
    public void The_longest_names_are_asked_for_and_longer_ones_are_none()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80");
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{new string('b', 61)}";
        Assert.Equal(253, longest.Length);
        Assert.Equal("203.0.113.80", LookUp(longest));
        Assert.Equal("203.0.113.80", LookUp(longest + "."));
        Assert.Equal(longest, Last.Name);
        Assert.Equal(SocketError.InvalidArgument, LookUp(longest + "b"));
        Assert.Equal(SocketError.InvalidArgument, LookUp(longest + "b."));
        Assert.Equal(SocketError.InvalidArgument, LookUp(new string('a', 64)));
        Assert.Equal(SocketError.InvalidArgument, LookUp(new string('a', 300)));
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void A_name_may_come_as_bytes()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80");
        byte[] text = "http://example.org/"u8.ToArray();
        Assert.Equal("203.0.113.80", Await(Resolver.Begin(text, 7, 11)));
        Assert.Equal("example.org", Last.Name);
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.Begin(null!, 0, 0));
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.Begin(text, -1, 2));
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.Begin(text, 0, -1));
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.Begin(text, 18, 2));
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.Begin(text, 0, 19));
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.Begin((string)null!));
    }

    [Fact]
    public void H13_each_question_has_a_number_and_a_port_of_its_own()
    {
        Start(c => c.CacheEntries = 0);
        Says = q => q.Answer().Address("203.0.113.80");
        for (int i = 0; i < 300; i++)
        {
            LookUp("example.org");
        }

        Assert.Equal(300, Asked.Count);
        Assert.True(Asked.Select(q => q.Id).Distinct().Count() > 290);
        Assert.True(Asked.Select(q => q.Port).Distinct().Count() > 290);

        // over all of the range, not only where other sockets have theirs
        Assert.InRange(Asked.Min(q => q.Port), 1024, 4000);
        Assert.InRange(Asked.Max(q => q.Port), 62000, 65535);
        Assert.InRange(Asked.Min(q => q.Id), 0, 2000);
        Assert.InRange(Asked.Max(q => q.Id), 63000, 65535);
        Assert.Equal(0, Asked.Zip(Asked.Skip(1)).Count(p => p.First.Id + 1 == p.Second.Id || p.First.Port + 1 == p.Second.Port));
    }

    [Fact]
    public void H20_questions_are_repeated_with_growing_intervals_and_given_up()
    {
        Start(c => c.Timeout = 60000);
        int begun = Net.Now;
        Assert.Equal(SocketError.TimedOut, LookUp("example.org"));
        Assert.Equal([0, 1000, 3000, 7000], Asked.Select(q => q.Time - begun));
        Assert.InRange(Net.Now - begun, 15000, 15020);
        Assert.Equal(4, Asked.Select(q => q.Port).Distinct().Count());
        Assert.Equal(4, Asked.Select(q => q.Id).Distinct().Count());
        Assert.Equal(4u, Resolver.Counters.Timeouts);
    }

    [Fact]
    public void H20_servers_are_asked_in_turn_and_the_one_that_answers_is_asked_first_from_then_on()
    {
        Start(servers: 2, configure: c => c.CacheEntries = 0);
        Says = q => q.Frame!.IpDestination == SecondServer ? q.Answer().Address("203.0.113.80") : null;
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal([FirstServer, SecondServer], Asked.Select(q => q.Frame!.IpDestination));
        Assert.Equal(1000, Asked[1].Time - Asked[0].Time);
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal(SecondServer, Last.Frame!.IpDestination);
        Assert.Equal(3, Asked.Count);

        // when it falls silent, the other one is asked again
        Says = q => q.Frame!.IpDestination == FirstServer ? q.Answer().Address("203.0.113.80") : null;
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal([SecondServer, FirstServer], Asked.Skip(3).Select(q => q.Frame!.IpDestination));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(15)]
    public void H20_a_server_that_cannot_tell_is_not_waited_for(int code)
    {
        Start(servers: 2);
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Flags |= q.Frame!.IpDestination == FirstServer ? code : 0;
            return answer.Address("203.0.113.80");
        };
        int begun = Net.Now;
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal(begun, Net.Now);
        Assert.Equal([FirstServer, SecondServer], Asked.Select(q => q.Frame!.IpDestination));
        Assert.Equal(1u, Resolver.Counters.Failures);
    }

    [Fact]
    public void H20_a_host_of_the_link_that_answers_says_nothing_for_the_server_that_was_asked_before()
    {
        Start(servers: 2, configure: c => (c.CacheEntries, c.Timeout) = (0, 12_000));
        Assert.Equal(SocketError.TimedOut, LookUp("example.org"));
        Assert.Equal(SecondServer, Last.Frame!.IpDestination);
        Says = q => q.Frame!.IpDestination == SecondServer ? null : q.Answer().Address("192.168.1.10");
        Assert.Equal("192.168.1.10", LookUp("printer.local"));
        int begun = Net.Now;
        Assert.Equal("192.168.1.10", LookUp("example.org"));
        Assert.Equal((FirstServer, begun), (Last.Frame!.IpDestination, Net.Now));
    }

    [Fact]
    public void H20_when_all_servers_fail_there_is_a_pause_and_a_second_round()
    {
        Start(servers: 2);
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Flags |= 2;
            return answer;
        };
        int begun = Net.Now;
        Assert.Equal(SocketError.TryAgain, LookUp("example.org"));
        Assert.Equal([0, 0, 1000, 1000], Asked.Select(q => q.Time - begun));
        Says = q => q.Answer().Address("203.0.113.80");
        Assert.Equal("203.0.113.80", LookUp("example.org"));
    }

    [Fact]
    public void H20_a_server_whose_port_is_closed_or_whose_host_is_gone_is_not_waited_for()
    {
        Start(servers: 2);
        Net.Listener += frame =>
        {
            if (frame.IsUdp && frame.IpDestination == FirstServer)
            {
                byte[] quote = frame.Bytes[14..Math.Min(frame.Bytes.Length, 14 + 28)];
                byte[] icmp = FrameBuilder.Icmp(3, 3, [0, 0, 0, 0, .. quote]);
                Net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000000053, 0x0800, FrameBuilder.Ip(FirstServer, TestNetwork.StackIp, 1, icmp)));
            }
        };
        Says = q => q.Frame!.IpDestination == SecondServer ? q.Answer().Address("203.0.113.80") : null;
        int begun = Net.Now;
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal(begun, Net.Now);
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void H16_an_alias_in_the_answer_is_followed_whatever_the_order()
    {
        Start();
        Says = q => q.Answer()
            .Address("203.0.113.80", 500, DnsAnswer.Name("c.example.org"))
            .Alias("C.example.org", 400, DnsAnswer.Name("b.example.org"))
            .Alias("b.Example.org", 600);
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Assert.Single(Asked);

        // it is good as long as the shortest of its parts
        Net.Advance(399_000);
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Assert.Single(Asked);
        Net.Advance(2_000);
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void H16_an_alias_whose_address_is_not_in_the_answer_is_asked_for()
    {
        Start();
        Says = q => q.Name switch
        {
            "a.example.org" => q.Answer().Alias("b.example.org"),
            "b.example.org" => q.Answer().Alias("c.example.net"),
            _ => q.Answer().Address("203.0.113.80"),
        };
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Assert.Equal(["a.example.org", "b.example.org", "c.example.net"], Asked.Select(q => q.Name));
        Assert.Equal(3, Asked.Select(q => q.Port).Distinct().Count());

        // of which only the last is remembered under the name that it was the answer for: none of the names that led there
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Assert.Equal(6, Asked.Count);
    }

    [Fact]
    public void H16_aliases_of_one_name_are_not_held_against_the_next()
    {
        Start();
        Says = q => q.Name[0] == 'b' ? q.Answer().Address("203.0.113.80") : q.Answer().Alias("b" + q.Name);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("203.0.113.80", LookUp($"a{i}.example.org"));
        }

        // and the place that they had remembers again
        LookUp("b.example.org");
        int asked = Asked.Count;
        LookUp("b.example.org");
        Assert.Equal(asked, Asked.Count);
    }

    [Fact]
    public void After_a_change_of_servers_the_best_one_is_asked_first()
    {
        Start(servers: 2, configure: c => c.CacheEntries = 0);
        Says = q => q.Frame!.IpDestination == SecondServer ? q.Answer().Address("203.0.113.80") : null;
        LookUp("example.org");
        Resolver.SetServer(2, Wire.Address("192.168.1.10"));
        LookUp("example.org");
        Assert.Equal([FirstServer, SecondServer, FirstServer, SecondServer], Asked.Select(q => q.Frame!.IpDestination));
    }

    [Fact]
    public void An_answer_that_came_in_a_turn_in_which_only_the_stack_was_polled_is_found_in_the_next()
    {
        Start();
        int lookup = Resolver.Begin("example.org");
        Net.Poll();
        Net.Application = null;
        Send(Last.Answer().Address("203.0.113.80").ToBytes(), Last);
        Net.Advance(5);
        Net.Application = Resolver.Poll;
        Net.Poll();
        Assert.Equal(0, Resolver.GetResult(lookup, out _));
    }

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    public void H16_chains_have_an_end(int length, bool found)
    {
        Start();
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            for (int i = 0; i < length; i++)
            {
                answer.Alias($"n{i + 1}.example.org", 300, DnsAnswer.Name($"n{i}.example.org"));
            }

            return answer.Address("203.0.113.80", 300, DnsAnswer.Name($"n{length}.example.org"));
        };
        Assert.Equal(found ? "203.0.113.80" : SocketError.TryAgain, LookUp("n0.example.org"));

        Says = q =>
        {
            int n = q.Name[0] == 'm' ? int.Parse(q.Name[1..q.Name.IndexOf('.')]) : 0;
            return n < length ? q.Answer().Alias($"m{n + 1}.example.org") : q.Answer().Address("203.0.113.80");
        };
        Assert.Equal(found ? "203.0.113.80" : SocketError.TryAgain, LookUp("m0.example.org"));
    }

    [Fact]
    public void H16_of_two_aliases_the_first_counts()
    {
        Start();
        Says = q => q.Answer().Alias("b.example.org").Alias("c.example.org").Address("203.0.113.80", 300, DnsAnswer.Name("b.example.org"))
            .Address("203.0.113.81", 300, DnsAnswer.Name("c.example.org"));
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
    }

    [Theory]
    [InlineData("a.example.org")]
    [InlineData("b.example.org")]
    public void H16_X69_a_circle_of_aliases_ends(string second)
    {
        Start();
        Says = q => q.Answer().Alias("b.example.org").Alias(second, 300, DnsAnswer.Name("b.example.org"));
        Assert.Equal(SocketError.TryAgain, LookUp("a.example.org"));
        Says = q => q.Answer().Alias(q.Name == "x.example.org" ? "y.example.org" : "x.example.org");
        Assert.Equal(SocketError.TryAgain, LookUp("x.example.org"));
        Assert.InRange(Asked.Count, 4, 40);
    }

    [Fact]
    public void H17_an_answer_is_remembered_for_its_time_and_not_longer()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80", 100);
        LookUp("example.org");
        Net.Advance(99_999);
        Assert.Equal("203.0.113.80", LookUp("EXAMPLE.org"));
        Assert.Single(Asked);
        Assert.Equal(1u, Resolver.Counters.Cached);
        Net.Advance(1);
        LookUp("example.org");
        Assert.Equal(2, Asked.Count);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(0x80000000u, 0)]
    [InlineData(uint.MaxValue, 0)]
    [InlineData(1u, 1)]
    [InlineData(86400u, 86400)]
    [InlineData(86401u, 86400)]
    [InlineData(0x7FFFFFFFu, 86400)]
    public void H17_times_to_live_are_kept_within_bounds(uint ttl, int seconds)
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80", ttl);
        LookUp("example.org");
        if (seconds > 0)
        {
            Net.Advance((seconds * 1000) - 1);
            LookUp("example.org");
            Assert.Single(Asked);
            Net.Advance(1);
        }

        LookUp("example.org");
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void H17_what_is_over_stays_over_when_the_milliseconds_wrap()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80", 10);
        LookUp("example.org");
        for (int i = 0; i < 60; i++)
        {
            Net.Advance(86_400_000);
        }

        LookUp("example.org");
        Assert.Equal(2, Asked.Count);
    }

    [Theory]
    [InlineData(3, SocketError.HostNotFound)]
    [InlineData(0, SocketError.NoData)]
    public void H18_what_is_not_there_is_told_and_remembered(int code, SocketError error)
    {
        Start();
        Says = q => q.Answer().Nothing(code, 60);
        Assert.Equal(error, LookUp("example.org"));
        Net.Advance(59_000);
        Assert.Equal(error, LookUp("example.org"));
        Assert.Single(Asked);
        Net.Advance(1_000);
        Assert.Equal(error, LookUp("example.org"));
        Assert.Equal(2, Asked.Count);
        Assert.Equal(2u, Resolver.Counters.Nothing);
    }

    [Theory]
    [InlineData(100000u, 100000u, 900)]
    [InlineData(100000u, 20u, 20)]
    [InlineData(20u, 100000u, 20)]
    [InlineData(0u, 60u, 0)]
    [InlineData(0x80000000u, 60u, 0)]
    public void H18_for_as_long_as_both_times_of_the_zone_say_a_quarter_of_an_hour_at_most(uint ttl, uint minimum, int seconds)
    {
        Start();
        Says = q => q.Answer().Nothing(3, minimum, ttl);
        LookUp("example.org");
        Net.Advance(Math.Max(0, (seconds * 1000) - 1));
        LookUp("example.org");
        Assert.Equal(seconds == 0 ? 2 : 1, Asked.Count);
        Net.Advance(1);
        LookUp("example.org");
        Assert.Equal(seconds == 0 ? 3 : 2, Asked.Count);
    }

    [Fact]
    public void H18_without_a_zone_nothing_is_not_remembered()
    {
        Start();
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Flags |= 3;
            return answer;
        };
        Assert.Equal(SocketError.HostNotFound, LookUp("example.org"));
        Assert.Equal(SocketError.HostNotFound, LookUp("example.org"));
        Says = q => q.Answer();
        Assert.Equal(SocketError.NoData, LookUp("example.org"));
        Says = q => q.Answer().Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.Aaaa, new byte[16]));
        Assert.Equal(SocketError.NoData, LookUp("example.org"));
        Assert.Equal(4, Asked.Count);
    }

    [Fact]
    public void H18_an_alias_of_nothing_is_nothing()
    {
        Start();
        Says = q => q.Answer().Alias("b.example.org", 1000).Nothing(0, 60);
        Assert.Equal(SocketError.NoData, LookUp("a.example.org"));
        Says = q => q.Answer().Alias("b.example.org", 30).Nothing(3, 60);
        Assert.Equal(SocketError.HostNotFound, LookUp("c.example.org"));
        Net.Advance(29_000);
        Assert.Equal(SocketError.HostNotFound, LookUp("c.example.org"));
        Assert.Equal(2, Asked.Count);
        Net.Advance(1_000);
        LookUp("c.example.org");
        Assert.Equal(3, Asked.Count);
    }

    [Fact]
    public void A_server_that_only_knows_who_knows_is_of_no_use()
    {
        Start(servers: 2);
        Says = q => q.Frame!.IpDestination == FirstServer
            ? q.Answer().Add(DnsAnswer.Record(DnsAnswer.Name("org"), DnsAnswer.Ns, DnsAnswer.Name("ns.org")), 1)
            : q.Answer().Address("203.0.113.80");
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal(1u, Resolver.Counters.Failures);
    }

    [Fact]
    public void Of_several_addresses_the_first_that_a_host_can_have_is_taken()
    {
        Start();
        Says = q => q.Answer().Address("0.0.0.0").Address("127.0.0.1").Address("224.0.0.1").Address("255.255.255.255").Address("203.0.113.80").Address("203.0.113.81");
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Says = q => q.Answer().Address("127.0.0.1");
        Assert.Equal(SocketError.NoData, LookUp("b.example.org"));
    }

    [Fact]
    public void A_link_an_address_and_a_server_are_waited_for()
    {
        Start(servers: 0);
        Says = q => q.Answer().Address("203.0.113.80");
        Net.Stack.Configure(0, 0, 0);
        Net.Interface.IsLinkUp = false;
        int lookup = Resolver.Begin("example.org");
        Net.Advance(3000);
        Net.Interface.IsLinkUp = true;
        Net.Advance(3000);
        Net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        Net.Advance(3000);
        Assert.Empty(Asked);
        Resolver.SetServer(2, FirstServer);
        Assert.Equal("203.0.113.80", Await(lookup, 200));

        // but not for ever
        Resolver.SetServer(2, 0);
        int begun = Net.Now;
        Assert.Equal(SocketError.TryAgain, LookUp("other.example.org"));
        Assert.InRange(Net.Now - begun, 15000, 15020);
    }

    [Fact]
    public void Without_a_way_to_the_server_the_lookup_fails()
    {
        Start(servers: 0);
        Net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        Resolver.SetServer(0, Wire.Address("9.9.9.9"));
        Assert.Equal(SocketError.TryAgain, LookUp("example.org"));
    }

    [Fact]
    public void Other_servers_make_what_was_remembered_forgotten()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80");
        LookUp("example.org");
        Resolver.SetServer(0, FirstServer);
        LookUp("example.org");
        Assert.Single(Asked);
        Resolver.SetServer(0, SecondServer);
        LookUp("example.org");
        Assert.Equal(2, Asked.Count);
        Resolver.ClearCache();
        LookUp("example.org");
        Assert.Equal(3, Asked.Count);
        Assert.Equal(SecondServer, Resolver.GetServer(0));
        Assert.Equal((0u, 0u), (Resolver.GetServer(-1), Resolver.GetServer(3)));
        Assert.Equal(3, Resolver.MaximumServers);
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.SetServer(3, FirstServer));
        Assert.Equal((int)SocketError.InvalidArgument, Resolver.SetServer(-1, FirstServer));
        Assert.Equal((int)SocketError.InvalidAddress, Resolver.SetServer(0, Wire.Address("224.0.0.1")));
        Assert.Equal((int)SocketError.InvalidAddress, Resolver.SetServer(0, uint.MaxValue));
    }

    [Fact]
    public void The_memory_of_the_resolver_is_shared_by_the_soonest_to_end()
    {
        Start(c => c.CacheEntries = 3);
        Dictionary<string, uint> times = new() { ["a"] = 300, ["b"] = 100, ["c"] = 200, ["d"] = 400 };
        Says = q => q.Answer().Address("203.0.113.80", times[q.Name]);
        Array.ForEach(["a", "b", "c", "d"], name => LookUp(name));
        Assert.Equal(4, Asked.Count);
        Array.ForEach(["a", "c", "d"], name => LookUp(name));
        Assert.Equal(4, Asked.Count);
        LookUp("b");
        Assert.Equal(5, Asked.Count);
    }

    [Fact]
    public void Names_that_are_longer_than_what_is_remembered_are_found_all_the_same()
    {
        Start(c => c.CacheNameBytes = 8);
        Says = q => q.Answer().Address("203.0.113.80");
        Array.ForEach(["abcdef", "abcdef", "abcdefg", "abcdefg"], name => Assert.Equal("203.0.113.80", LookUp(name)));
        Assert.Equal(["abcdef", "abcdefg", "abcdefg"], Asked.Select(q => q.Name));
    }

    [Fact]
    public void Two_who_want_the_same_name_ask_once()
    {
        Start();
        int first = Resolver.Begin("example.org");
        int second = Resolver.Begin("Example.org");
        Net.Advance(500);
        Assert.Single(Asked);
        Send(Last.Answer().Address("203.0.113.80").ToBytes(), Last);
        Assert.Equal("203.0.113.80", Await(first));
        Assert.Equal("203.0.113.80", Await(second));
        Assert.Single(Asked);

        // if it may not be remembered, the second one asks after the first
        first = Resolver.Begin("b.example.org");
        second = Resolver.Begin("b.example.org");
        Net.Advance(50);
        Assert.Equal(2, Asked.Count);
        Send(Last.Answer().Address("203.0.113.80", 0).ToBytes(), Last);
        Assert.Equal("203.0.113.80", Await(first));
        Net.Advance(200);
        Assert.Equal(3, Asked.Count);
        Send(Last.Answer().Address("203.0.113.81", 0).ToBytes(), Last);
        Assert.Equal("203.0.113.81", Await(second));
    }

    [Fact]
    public void Places_are_limited_and_a_result_that_nobody_fetches_gives_its_place()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80");
        int a = Resolver.Begin("a");
        Net.Advance(1);
        int b = Resolver.Begin("b");
        Net.Advance(1);
        int c = Resolver.Begin("c");
        Assert.True(c >= 0);
        Assert.Equal((int)SocketError.BadDescriptor, Resolver.GetResult(a, out _));
        Assert.Equal(0, Resolver.GetResult(b, out _));
        Assert.Equal("203.0.113.80", Await(c));

        // who is still asked for keeps it
        Says = null;
        a = Resolver.Begin("d");
        b = Resolver.Begin("e");
        Net.Poll();
        Assert.Equal((int)SocketError.NoBufferSpace, Resolver.Begin("f"));
        Resolver.Cancel(b);
        Resolver.Cancel(b);
        Resolver.Cancel(-1);
        Resolver.Cancel(15);
        c = Resolver.Begin("f");
        Assert.NotEqual(b, c);
        Assert.Equal((int)SocketError.BadDescriptor, Resolver.GetResult(b, out _));
        Assert.Equal((int)SocketError.WouldBlock, Resolver.GetResult(c, out _));
        Assert.Equal((int)SocketError.BadDescriptor, Resolver.GetResult(-1, out _));
        Assert.Equal((int)SocketError.BadDescriptor, Resolver.GetResult(int.MaxValue, out _));
        Assert.True(Resolver.NeedsPoll);
        Net.Poll();
        Assert.False(Resolver.NeedsPoll);
        Assert.Equal(SocketError.TimedOut, Await(a));
        Assert.Equal(SocketError.TimedOut, Await(c));
    }

    [Fact]
    public void A_socket_is_held_only_while_a_name_is_asked_for_and_waited_for_where_none_is_free()
    {
        Start(stack: s => s.UdpSockets = 1);
        Says = q => q.Answer().Address("203.0.113.80");
        int other = Net.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        int lookup = Resolver.Begin("example.org");
        Net.Advance(1000);
        Assert.Empty(Asked);
        Assert.InRange(Resolver.Counters.NotSent, 1u, 11u);
        Net.Sockets.Close(other);
        Assert.Equal("203.0.113.80", Await(lookup, 200));
        other = Net.Sockets.Socket(TcpIp.Sockets.SocketType.Datagram);
        Assert.True(other >= 0);
    }

    [Fact]
    public void An_idle_resolver_wants_to_be_called_once_a_day_and_when_something_is_over()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80", 50);
        Assert.Equal(86_400_000, Resolver.Poll(Net.Now));
        LookUp("example.org");
        Assert.Equal(50_000, Resolver.Poll(Net.Now));
        Net.Advance(50_000);
        Assert.Equal(86_400_000, Resolver.Poll(Net.Now));
        Resolver.ClearCounters();
        Assert.Equal(0u, Resolver.Counters.Queries + Resolver.Counters.Found + Resolver.Counters.Cached);
    }

    [Fact]
    public void H17_what_was_over_before_somebody_polled_again_is_not_told()
    {
        Start();
        Says = q => q.Answer().Address("203.0.113.80", 50);
        LookUp("example.org");
        Net.Application = null;
        Net.Advance(50_000);
        Net.Application = Resolver.Poll;
        LookUp("example.org");
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void What_is_wrong_with_the_arguments_is_told()
    {
        Start();
        TestRandom random = new(1);
        Assert.Throws<ArgumentNullException>(() => new DnsResolver(null!, random, new DnsConfiguration()));
        Assert.Throws<ArgumentNullException>(() => new DnsResolver(Net.Stack, null!, new DnsConfiguration()));
        Assert.Throws<ArgumentNullException>(() => new DnsResolver(Net.Stack, random, null!));
        (string Name, Action<DnsConfiguration, int> Set, int Low, int High)[] ranges =
        [
            ("Servers", (c, v) => c.Servers = v, 1, 8),
            ("Lookups", (c, v) => c.Lookups = v, 1, 16),
            ("CacheEntries", (c, v) => c.CacheEntries = v, 0, 64),
            ("CacheNameBytes", (c, v) => c.CacheNameBytes = v, 8, 255),
            ("MessageBytes", (c, v) => c.MessageBytes = v, 512, 4096),
            ("Timeout", (c, v) => c.Timeout = v, 1000, 60000),
        ];
        foreach ((string name, Action<DnsConfiguration, int> set, int low, int high) in ranges)
        {
            foreach (int wrong in new[] { low - 1, high + 1 })
            {
                DnsConfiguration configuration = new();
                set(configuration, wrong);
                Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(configuration.Validate).ParamName);
            }

            foreach (int right in new[] { low, high })
            {
                DnsConfiguration configuration = new();
                set(configuration, right);
                configuration.Validate();
            }
        }
    }
}
