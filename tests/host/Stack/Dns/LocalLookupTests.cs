// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Dns;

/// <summary>Names of the link are asked of its hosts, and of nobody else (RFC 6762 sections 3, 5.1 and 6.7).</summary>
public sealed class LocalLookupTests : DnsTest
{
    private static readonly uint s_group = Wire.Address("224.0.0.251");

    [Theory]
    [InlineData("printer.local")]
    [InlineData("Printer.LOCAL.")]
    [InlineData("a.b.local")]
    public void H21_a_local_name_is_asked_of_the_link(string name)
    {
        Start();
        Says = q => q.Answer().Address("192.168.1.10", 10);
        Assert.Equal("192.168.1.10", LookUp(name));
        Assert.Equal(s_group, Assert.Single(Asked).Frame!.IpDestination);
        Assert.NotEqual(5353, Last.Port);
        LookUp(name);
        Assert.Single(Asked);
        Net.Advance(10_000);
        LookUp(name);
        Assert.Equal(2, Asked.Count);
    }

    [Theory]
    [InlineData("local.example")]
    [InlineData("xlocal")]
    [InlineData("a.local.org")]
    public void H21_and_other_names_are_not(string name)
    {
        Start();
        LookUp(name);
        Assert.All(Asked, q => Assert.Equal(FirstServer, q.Frame!.IpDestination));
    }

    [Fact]
    public void H21_who_is_not_there_does_not_answer_and_no_server_is_asked()
    {
        Start();
        int begun = Net.Now;
        Assert.Equal(SocketError.HostNotFound, LookUp("printer.local"));
        Assert.Equal([0, 1000, 3000], Asked.Select(q => q.Time - begun));
        Assert.All(Asked, q => Assert.Equal(s_group, q.Frame!.IpDestination));
        Assert.InRange(Net.Now - begun, 5000, 5010);
    }

    [Fact]
    public void Without_a_server_local_names_are_found_all_the_same()
    {
        Start(servers: 0);
        Says = q => q.Answer().Address("192.168.1.10");
        Assert.Equal("192.168.1.10", LookUp("printer.local"));
    }

    [Fact]
    public void An_answer_need_not_repeat_the_question_and_may_have_the_flag_of_those_to_all()
    {
        Start();
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Flags = 0x8400;
            answer.Questions.Clear();
            return answer.Add(DnsAnswer.Record(DnsAnswer.Name("Printer.local"), DnsAnswer.A, [192, 168, 1, 10], dnsClass: 0x8001));
        };
        Assert.Equal("192.168.1.10", LookUp("printer.local"));
    }

    [Fact]
    public void Who_is_elsewhere_or_speaks_from_another_port_is_not_heard()
    {
        Start();
        int lookup = Resolver.Begin("printer.local");
        Net.Poll();
        byte[] answer = Last.Answer().Address("192.168.1.66").ToBytes();
        Send(answer, Last, from: Net.Far.Ip);
        Send(answer, Last, fromPort: 53);
        Net.Poll();
        Assert.Equal((int)SocketError.WouldBlock, Resolver.GetResult(lookup, out _));
        Assert.Equal(2u, Resolver.Counters.BadSource);
        Send(Last.Answer().Address("192.168.1.10").ToBytes(), Last);
        Assert.Equal("192.168.1.10", Await(lookup));
    }

    [Fact]
    public void A_host_with_an_address_of_its_own_choice_is_heard()
    {
        Start();
        Says = q =>
        {
            Send(q.Answer().Address("169.254.7.7").ToBytes(), q, from: Wire.Address("169.254.7.7"));
            return null;
        };
        Assert.Equal("169.254.7.7", LookUp("printer.local"));
    }

    [Theory]
    [InlineData(0x8403)]
    [InlineData(0x8400)]
    [InlineData(0x8600)]
    [InlineData(0x8402)]
    public void Nobody_can_say_that_there_is_no_such_name_or_that_it_is_another_ones(int flags)
    {
        Start();
        Says = q =>
        {
            DnsAnswer answer = q.Answer();
            answer.Flags = flags;
            return answer.Alias("www.example.org");
        };
        Assert.Equal(SocketError.HostNotFound, LookUp("printer.local"));
        Assert.Equal(3, Asked.Count);
    }
}
