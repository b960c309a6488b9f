// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace HostTests.Stack.Dns;

/// <summary>Answers that lie, do not fit together, or come from somebody else: they are counted and dropped, and the right one that follows is heard.</summary>
public sealed class HostileAnswerTests : DnsTest
{
    private static readonly Dictionary<string, (Func<DnsAnswer, byte[]> Spoil, Func<DnsCounters, uint> Counter)> s_wrong = new()
    {
        ["another number"] = (With(a => a.Id ^= 1), c => c.NotOurs),
        ["another number in its first byte"] = (With(a => a.Id ^= 0x8000), c => c.NotOurs),
        ["a question"] = (With(a => a.Flags &= 0x7FFF), c => c.NotOurs),
        ["another kind of question"] = (With(a => a.Flags |= 0x0800), c => c.NotOurs),
        ["the last kind of question"] = (With(a => a.Flags |= 0x7800), c => c.NotOurs),
        ["no question"] = (With(a => a.Questions.Clear()), c => c.NotOurs),
        ["two questions"] = (With(a => a.Questions.Add(a.Questions[0])), c => c.NotOurs),
        ["65535 questions"] = (With(a => a.Counts[0] = 65535), c => c.NotOurs),
        ["a count of no question"] = (With(a => a.Counts[0] = 0), c => c.NotOurs),
        ["a question for another name"] = (With(a => a.Questions[0] = DnsAnswer.Question("example.com")), c => c.NotOurs),
        ["a question for a longer name"] = (With(a => a.Questions[0] = DnsAnswer.Question("a.example.org")), c => c.NotOurs),
        ["a question for a shorter name"] = (With(a => a.Questions[0] = DnsAnswer.Question("org")), c => c.NotOurs),
        ["a question for the root"] = (With(a => a.Questions[0] = DnsAnswer.Question("")), c => c.NotOurs),
        ["a question for another type"] = (With(a => a.Questions[0] = DnsAnswer.Question("example.org", DnsAnswer.Aaaa)), c => c.NotOurs),
        ["a question for another class"] = (With(a => a.Questions[0] = DnsAnswer.Question("example.org", dnsClass: 3)), c => c.NotOurs),
        ["a question whose name is itself"] = (With(a => a.Questions[0] = [0xC0, 12, 0, 1, 0, 1]), c => c.NotOurs),
        ["a question whose name is the header"] = (With(a => a.Questions[0] = [0xC0, 0, 0, 1, 0, 1]), c => c.NotOurs),
        ["a question whose name is cut off"] = (a => a.ToBytes()[..20], c => c.NotOurs),
        ["a question that is cut off"] = (a => a.ToBytes()[..27], c => c.Malformed),
        ["a question that is cut off, and no answer"] = (a => { a.Counts[1] = 0; return a.ToBytes()[..27]; }, c => c.Malformed),
        ["a header that is cut off"] = (a => a.ToBytes()[..11], c => c.Malformed),
        ["nothing"] = (_ => [], c => c.Malformed),
        ["a byte"] = (_ => [1], c => c.Malformed),
        ["65535 answers"] = (With(a => a.Counts[1] = 65535), c => c.Malformed),
        ["one answer more than there is"] = (With(a => a.Counts[1] = 2), c => c.Malformed),
        ["an address of no byte"] = (WithRecord(new byte[0], DnsAnswer.A), c => c.Malformed),
        ["an address of three bytes"] = (WithRecord(new byte[3], DnsAnswer.A), c => c.Malformed),
        ["an address of five bytes"] = (WithRecord(new byte[5], DnsAnswer.A), c => c.Malformed),
        ["an address of another name with three bytes"] = (WithRecord(new byte[3], DnsAnswer.A, DnsAnswer.Name("b.org")), c => c.Malformed),
        ["data past the end"] = (With(a => a.Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.Aaaa, new byte[16], length: 17))), c => c.Malformed),
        ["data far past the end"] = (With(a => a.Add(DnsAnswer.Record(DnsAnswer.TheName, 99, new byte[16], length: 65535))), c => c.Malformed),
        ["a record without data"] = (With(a => a.Add([.. DnsAnswer.TheName, 0, 1, 0, 1, 0, 0, 0, 9, 0])), c => c.Malformed),
        ["a record of a name alone"] = (With(a => a.Add(DnsAnswer.Name("example.org"))), c => c.Malformed),
        ["a name without an end"] = (With(a => a.Add([3, (byte)'a', (byte)'b'])), c => c.Malformed),
        ["a name of a length alone"] = (With(a => a.Add([63])), c => c.Malformed),
        ["half a pointer"] = (With(a => a.Add([0xC0])), c => c.Malformed),
        ["a length of 0x40"] = (WithName([0x40, .. new byte[64], 0]), c => c.Malformed),
        ["a length of 0x80"] = (WithName([0x80, 1, 0]), c => c.Malformed),
        ["an alias cut off"] = (WithRecord([3, (byte)'a', (byte)'b'], DnsAnswer.Cname), c => c.Malformed),
        ["an alias that goes on"] = (WithRecord([1, (byte)'a', 0, 0], DnsAnswer.Cname), c => c.Malformed),
        ["an alias of nothing"] = (WithRecord([], DnsAnswer.Cname), c => c.Malformed),
        ["an alias of itself by a pointer"] = (WithAlias(at => [(byte)(0xC0 | (at >> 8)), (byte)at]), c => c.Malformed),
        ["an alias by a pointer ahead"] = (WithAlias(at => [0xC0, (byte)(at + 2)]), c => c.Malformed),
        ["an alias by a pointer past the end"] = (WithAlias(_ => [0xFF, 0xFF]), c => c.Malformed),
        ["an alias by a pointer into the header"] = (WithAlias(_ => [0xC0, 5]), c => c.Malformed),
        ["an alias by a pointer to a length of 0x40"] = (a => a.Add(DnsAnswer.Record(DnsAnswer.Name("b.org"), 99, [0x40, .. new byte[70]]))
            .Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.Cname, [0xC0, (byte)(a.ToBytes().Length - 71)])).ToBytes(), c => c.Malformed),
        ["an alias in a circle of two"] = (WithAlias(at => [1, (byte)'a', 0xC0, (byte)at]), c => c.Malformed),
        ["an alias of five labels of 63"] = (WithAlias(_ => [.. Enumerable.Range(0, 5).SelectMany(_ => Label(63)), 0]), c => c.Malformed),
        ["an alias of 256 bytes"] = (WithAlias(_ => [.. Label(63), .. Label(63), .. Label(63), .. Label(62), 0]), c => c.Malformed),
        ["a zone without its numbers"] = (WithZone([0, 0, .. new byte[19]]), c => c.Malformed),
        ["a zone with more numbers"] = (WithZone([0, 0, .. new byte[21]]), c => c.Malformed),
        ["a zone without its second name"] = (WithZone([0, 3, 1]), c => c.Malformed),
        ["a zone without a name"] = (WithZone([]), c => c.Malformed),
        ["65535 zones"] = (With(a => { a.Nothing(3); a.Counts[1] = 0; a.Counts[2] = 65535; }), c => c.Malformed),
    };

    public static TheoryData<string> Wrong => [.. s_wrong.Keys];

    [Theory]
    [MemberData(nameof(Wrong))]
    public void H12_H14_H15_X69_a_wrong_answer_is_dropped_and_the_right_one_taken(string what)
    {
        Start();
        int lookup = Resolver.Begin("example.org");
        Net.Poll();
        byte[] wrong = s_wrong[what].Spoil(Last.Answer().Address("203.0.113.66", 300, DnsAnswer.Name("other.org")));
        Send(wrong, Last);
        Net.Poll();
        Assert.Equal((int)SocketError.WouldBlock, Resolver.GetResult(lookup, out _));
        Assert.Equal(1u, s_wrong[what].Counter(Resolver.Counters));
        Assert.Equal(1u, Resolver.Counters.NotOurs + Resolver.Counters.Malformed);
        Send(Last.Answer().Address("203.0.113.80").ToBytes(), Last);
        Assert.Equal("203.0.113.80", Await(lookup));
        Assert.Single(Asked);
    }

    [Fact]
    public void H12_X69_what_comes_from_another_address_or_port_or_to_another_port_is_no_answer()
    {
        Start();
        int lookup = Resolver.Begin("example.org");
        Net.Poll();
        byte[] answer = Last.Answer().Address("203.0.113.66").ToBytes();
        Send(answer, Last, from: SecondServer);
        Send(answer, Last, from: Net.Far.Ip);
        Send(answer, Last, fromPort: 54);
        Send(answer, Last, fromPort: 5353);
        Send(answer, Last, toPort: Last.Port ^ 1);
        Send(answer, Last, toPort: 53);
        Net.Poll();
        Assert.Equal((int)SocketError.WouldBlock, Resolver.GetResult(lookup, out _));
        Assert.Equal(6u, Net.Stack.Udp.Counters.NoSocket);
        Send(Last.Answer().Address("203.0.113.80").ToBytes(), Last);
        Assert.Equal("203.0.113.80", Await(lookup));

        // and an answer that nobody has asked for changes nothing
        Send(answer, Last);
        Net.Poll();
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Equal(7u, Net.Stack.Udp.Counters.NoSocket);
    }

    [Fact]
    public void H12_the_answer_may_be_in_letters_of_any_size_and_say_more()
    {
        Start();
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Questions[0] = DnsAnswer.Question("eXaMpLe.ORG");
            answer.Flags |= 0x0440;
            answer.Add(DnsAnswer.Record(DnsAnswer.Name("org"), DnsAnswer.Ns, DnsAnswer.Name("ns.org")), 1);
            answer.Add(DnsAnswer.Record([0], 41, [], dnsClass: 1232), 2);
            answer.Add(DnsAnswer.Record(DnsAnswer.Name("Example.org"), DnsAnswer.A, [10, 0, 0, 1], dnsClass: 3));
            answer.Add(DnsAnswer.Record(DnsAnswer.Name("other.org"), DnsAnswer.A, [10, 0, 0, 2]));
            answer.Add(DnsAnswer.Record(DnsAnswer.Name("a.example.org"), DnsAnswer.A, [10, 0, 0, 3]));
            return answer.Address("203.0.113.80", 300, DnsAnswer.Name("EXAMPLE.org"));
        };
        Assert.Equal("203.0.113.80", LookUp("example.org"));
        Assert.Single(Asked);
    }

    [Fact]
    public void H14_names_in_pieces_are_put_together()
    {
        Start(c => c.MessageBytes = 1024);

        // the question stands at 12: "a.example.org", so that "example.org" begins at 14 and "org" at 22
        Says = q => q.Answer()
            .Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.Cname, [1, (byte)'B', 0xC0, 14]))
            .Add(DnsAnswer.Record([1, (byte)'b', 7, .. "eXample"u8, 0xC0, 22], DnsAnswer.Cname, [.. Label(63), .. Label(63), .. Label(63), .. Label(49), 0xC0, 14]))
            .Add(DnsAnswer.Record([.. Label(63), .. Label(63), .. Label(63), .. Label(49), 0xC0, 14], DnsAnswer.A, DnsAnswer.AddressBytes("203.0.113.80")));
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Assert.Single(Asked);
    }

    [Fact]
    public void X70_a_flood_of_forged_answers_changes_number_and_port_and_ends()
    {
        Start(c => c.Timeout = 60000);
        int lookup = Resolver.Begin("example.org");
        Net.Poll();
        int forged = 0;
        for (int id = 0; id < 65536; id++)
        {
            DnsAnswer answer = new((Last.Id + 1 + (id % 65535)) & 0xFFFF, Last.Bytes);
            Send(answer.Address("203.0.113.66").ToBytes(), Last);
            Net.Poll();
            forged++;
            if (Resolver.GetResult(lookup, out _) != (int)SocketError.WouldBlock)
            {
                break;
            }

            Net.Advance(id % 16 == 15 ? 1000 : 0);
        }

        Assert.InRange(forged, 32, 64);
        Assert.Equal(2, Asked.Count);
        Assert.NotEqual(Asked[0].Port, Asked[1].Port);
        Assert.NotEqual(Asked[0].Id, Asked[1].Id);
        Assert.Equal(2u, Resolver.Counters.Forged);

        // those who do not guess are heard
        Says = q => q.Answer().Address("203.0.113.80");
        Assert.Equal("203.0.113.80", LookUp("example.org"));
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("a.localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("")]
    [InlineData("printer.local")]
    [InlineData("Printer.LOCAL")]
    public void H16_H21_X69_an_alias_that_leads_to_us_to_a_number_or_to_the_link_leads_nowhere_and_nobody_is_asked(string alias)
    {
        // who lies may give any address; but no name of his is ours, and none needs no server
        Start();
        Says = q => q.Name == "a.example.org" ? q.Answer().Alias(alias) : null;
        int before = Net.Now;
        Assert.Equal(SocketError.HostNotFound, LookUp("a.example.org"));
        Assert.Single(Asked);
        Assert.InRange(Net.Now - before, 0, 100);
    }

    [Fact]
    public void X69_what_stands_beside_the_answer_is_not_believed()
    {
        // addresses of other names, in all three parts, and an address of ours that stands where none is looked for
        Start();
        Says = q => q.Answer()
            .Address("203.0.113.66", name: DnsAnswer.Name("bank.example"))
            .Add(DnsAnswer.Record(DnsAnswer.Name("bank.example"), DnsAnswer.A, DnsAnswer.AddressBytes("203.0.113.66")), 1)
            .Add(DnsAnswer.Record(DnsAnswer.Name("bank.example"), DnsAnswer.A, DnsAnswer.AddressBytes("203.0.113.66")), 2)
            .Add(DnsAnswer.Record(DnsAnswer.TheName, 39, DnsAnswer.Name("b.example")))
            .Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.A, DnsAnswer.AddressBytes("203.0.113.67"), dnsClass: 3))
            .Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.A, DnsAnswer.AddressBytes("203.0.113.68")), 2)
            .Add(DnsAnswer.Record([0], 41, [], ttl: 0, dnsClass: 1232), 2)
            .Address("203.0.113.80");
        Assert.Equal("203.0.113.80", LookUp("a.example.org"));
        Says = q => q.Answer().Nothing(3);
        Assert.Equal(SocketError.HostNotFound, LookUp("bank.example"));
        Assert.Equal(2, Asked.Count);
    }

    [Fact]
    public void Fifteen_wrong_answers_do_not_end_a_question()
    {
        Start();
        int lookup = Resolver.Begin("example.org");
        Net.Poll();
        for (int i = 1; i < 16; i++)
        {
            Send(new DnsAnswer(Last.Id ^ i, Last.Bytes).ToBytes(), Last);
            Net.Poll();
        }

        Send(Last.Answer().Address("203.0.113.80").ToBytes(), Last);
        Assert.Equal("203.0.113.80", Await(lookup));
        Assert.Single(Asked);
    }

    [Fact]
    public void What_stands_in_the_buffer_behind_a_short_answer_is_not_read()
    {
        Start(c => c.CacheEntries = 0);
        Says = q => q.Answer().Address("203.0.113.80");
        LookUp("example.org");
        Says = null;
        int lookup = Resolver.Begin("example.org");
        Net.Poll();
        byte[] whole = Last.Answer().Address("203.0.113.80").ToBytes();
        for (int length = 0; length < whole.Length; length++)
        {
            Send(whole[..length], Last);
            Net.Poll();
            Assert.Equal((int)SocketError.WouldBlock, Resolver.GetResult(lookup, out _));
            if (length % 15 == 14)
            {
                // before it is taken for an attack
                Resolver.Cancel(lookup);
                lookup = Resolver.Begin("example.org");
                Net.Poll();
                whole = Last.Answer().Address("203.0.113.80").ToBytes();
            }
        }

        Send(whole, Last);
        Assert.Equal("203.0.113.80", Await(lookup));
    }

    private static byte[] Label(int length) => [(byte)length, .. Enumerable.Repeat((byte)'x', length)];

    private static Func<DnsAnswer, byte[]> With(Action<DnsAnswer> change) => answer =>
    {
        change(answer);
        return answer.ToBytes();
    };

    private static Func<DnsAnswer, byte[]> WithRecord(byte[] data, int type, byte[]? name = null) =>
        With(a => a.Add(DnsAnswer.Record(name ?? DnsAnswer.TheName, type, data)));

    private static Func<DnsAnswer, byte[]> WithName(byte[] name) => With(a => a.Add(DnsAnswer.Record(name, DnsAnswer.A, new byte[4])));

    /// <summary>An alias whose data depend on where they stand: behind the header, the question, an address and the alias's own head.</summary>
    private static Func<DnsAnswer, byte[]> WithAlias(Func<int, byte[]> data) => answer =>
    {
        int at = answer.ToBytes().Length + 12;
        return answer.Add(DnsAnswer.Record(DnsAnswer.TheName, DnsAnswer.Cname, data(at))).ToBytes();
    };

    private static Func<DnsAnswer, byte[]> WithZone(byte[] data) => With(a =>
    {
        a.Flags |= 3;
        a.Add(DnsAnswer.Record(DnsAnswer.Name("example.org"), DnsAnswer.Soa, data), 1);
    });
}
