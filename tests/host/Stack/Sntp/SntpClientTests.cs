// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Properties;
using TcpIp.Sntp;
using TcpIp.Sockets;

namespace HostTests.Stack.Sntp;

/// <summary>The time of day from servers: how it is asked for, taken, kept, and from whom it is not taken.</summary>
public sealed class SntpClientTests : SntpTest
{
    private static readonly Dictionary<string, (Action<byte[]> Spoil, Func<SntpCounters, uint> Counter, bool GoesOn)> s_wrong = new()
    {
        ["another number"] = (b => b[31] ^= 1, c => c.NotOurs, true),
        ["another number in its first byte"] = (b => b[24] ^= 0x80, c => c.NotOurs, true),
        ["no number"] = (b => Array.Clear(b, 24, 8), c => c.NotOurs, true),
        ["a client's mode"] = (b => b[0] = 0x23, c => c.NotOurs, true),
        ["a broadcast's mode"] = (b => b[0] = 0x25, c => c.NotOurs, true),
        ["version 3"] = (b => b[0] = 0x1C, c => c.NotOurs, true),
        ["version 5"] = (b => b[0] = 0x2C, c => c.NotOurs, true),
        ["a clock that is not set"] = (b => b[0] |= 0xC0, c => c.Unsynchronized, false),
        ["stratum 16"] = (b => b[1] = 16, c => c.Unsynchronized, false),
        ["stratum 255"] = (b => b[1] = 255, c => c.Unsynchronized, false),
        ["16 s off"] = (b => Wire.Put32(b, 8, 16 << 16), c => c.Unsynchronized, false),
        ["far off"] = (b => Wire.Put32(b, 8, uint.MaxValue), c => c.Unsynchronized, false),
        ["32 s from a clock"] = (b => Wire.Put32(b, 4, 32 << 16), c => c.Unsynchronized, false),
        ["far from a clock"] = (b => Wire.Put32(b, 4, int.MaxValue), c => c.Unsynchronized, false),
        ["both in sum"] = (b => { Wire.Put32(b, 4, 16 << 16); Wire.Put32(b, 8, 8 << 16); }, c => c.Unsynchronized, false),
        ["no time of sending"] = (b => Array.Clear(b, 40, 8), c => c.Bogus, false),
        ["no time of receiving"] = (b => Array.Clear(b, 32, 8), c => c.Bogus, false),
        ["sent before it came"] = (b => b[35]++, c => c.Bogus, false),
        ["longer at the server than away"] = (b => b[35] -= 10, c => c.Bogus, false),
    };

    public static TheoryData<string> Wrong => [.. s_wrong.Keys];

    [Theory]
    [BothOrders]
    public void The_time_is_asked_for_and_told(WordOrder order)
    {
        Start(order: order);
        Assert.Equal((-1L, false), (Client.GetTime(Net.Now), Client.IsSet));
        Net.Advance(10);
        Assert.Equal(True, Told);
        Assert.True(Client.IsSet);
        Assert.Equal((1u, FirstServer, 2, 0, 0L), (Client.Changes, Client.Server, Client.Stratum, Client.RoundTrip, Client.Correction));
        Net.Advance(123_456);
        Assert.Equal(True, Told);
        Assert.Single(Asked);
    }

    [Fact]
    public void Half_of_the_way_is_added_and_what_the_server_took_is_not()
    {
        Start();
        Way = 1;
        Net.Poll();
        DateTime came = True.AddMilliseconds(300);
        Net.Advance(1000);
        Send(new SntpMessage(Last.Text, came, came.AddMilliseconds(400)).Bytes, Last);
        Net.Poll();
        Assert.Equal(600, Client.RoundTrip);
        Assert.Equal(True, Told);
    }

    [Fact]
    public void An_answer_that_took_a_little_longer_than_can_be_is_rounding()
    {
        Start();
        Says = q => new SntpMessage(q.Text, True, True.AddMilliseconds(1));
        Net.Poll();
        Assert.Equal((1u, 0), (Client.Changes, Client.RoundTrip));
        Start();
        Says = q => new SntpMessage(q.Text, True, True.AddMilliseconds(2));
        Net.Poll();
        Assert.Equal((0u, 1u), (Client.Changes, Client.Counters.Bogus));
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00.000")]
    [InlineData("1999-12-31T23:59:59.999")]
    [InlineData("2026-02-28T23:59:59.500")]
    [InlineData("2036-02-07T06:28:14.000")]
    [InlineData("2036-02-07T06:28:15.999")]
    [InlineData("2036-02-07T06:28:16.001")]
    [InlineData("2038-01-19T03:14:08.250")]
    [InlineData("2104-02-26T09:42:20.000")]
    public void The_wrap_of_2036_and_other_moments_are_nothing_special(string time)
    {
        Began = DateTime.Parse(time, null, System.Globalization.DateTimeStyles.AssumeUniversal | System.Globalization.DateTimeStyles.AdjustToUniversal);
        Start();
        Net.Advance(5);
        Assert.InRange((True - Told).TotalMilliseconds, 0, 1);
        Net.Advance(5000);
        Assert.InRange((True - Told).TotalMilliseconds, 0, 1);
    }

    [Fact]
    public void The_time_goes_on_when_the_milliseconds_wrap_though_no_server_answers_any_more()
    {
        Start(c => c.PollInterval = SntpClient.LongestInterval);
        Net.Advance(10);
        Says = _ => null;
        DateTime begun = True;
        for (int i = 1; i <= 120; i++)
        {
            Net.Advance(86_400_000);
            Assert.Equal(begun.AddDays(i), Told);
        }
    }

    [Fact]
    public void Questions_come_in_their_interval_give_or_take_a_sixteenth()
    {
        Start(c => c.PollInterval = 64);
        Net.Advance(3_000_000);
        int[] intervals = [.. Asked.Zip(Asked.Skip(1)).Select(p => p.Second.Time - p.First.Time)];
        Assert.All(intervals, i => Assert.InRange(i, 60_000, 68_000));
        Assert.True(intervals.Distinct().Count() > 30);
        Assert.InRange(intervals.Min(), 60_000, 61_500);
        Assert.InRange(intervals.Max(), 66_500, 68_000);
        Assert.Equal(Asked.Count, Asked.Select(q => Wire.Get48(q.Text, 40)).Distinct().Count());
        Assert.True(Asked.Select(q => q.SourcePort).Distinct().Count() > Asked.Count - 3);
        Assert.Equal((uint)Asked.Count, Client.Changes);
    }

    [Fact]
    public void An_answer_that_came_in_a_turn_in_which_only_the_stack_was_polled_is_taken_in_the_next()
    {
        Start();
        Says = _ => null;
        Net.Poll();
        Net.Application = null;
        Send(Right(Last).Bytes, Last);
        Net.Advance(5);
        Net.Application = Client.Poll;
        Net.Poll();
        Assert.True(Client.IsSet);
    }

    [Fact]
    public void A_correction_is_told()
    {
        Start();
        Net.Advance(10);
        Began = Began.AddMilliseconds(-250);
        Net.Advance(1_200_000);
        Assert.Equal(2u, Client.Changes);
        Assert.Equal(-250, Client.Correction);
        Assert.Equal(True, Told);
    }

    [Fact]
    public void The_first_question_is_spread()
    {
        List<int> times = [];
        for (uint seed = 1; seed < 40; seed++)
        {
            Start(c => c.StartSpread = 300_000, seed: seed);
            Asked.Clear();
            Net.Advance(300_000);
            times.Add(Asked[0].Time - Net.Start);
        }

        Assert.InRange(times.Min(), 0, 40_000);
        Assert.InRange(times.Max(), 260_000, 300_000);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_answer_does_not_set_the_time(string what)
    {
        Start(servers: 2);
        Says = q =>
        {
            SntpMessage answer = Right(q);
            if (q.IpDestination == FirstServer)
            {
                s_wrong[what].Spoil(answer.Bytes);
            }

            return answer;
        };
        Net.Poll();
        Assert.Equal(1u, s_wrong[what].Counter(Client.Counters));
        if (s_wrong[what].GoesOn)
        {
            // whoever it was, the server's own answer may come yet
            Assert.Equal((0u, SntpState.Asked), (Client.Changes, Client.State));
            Send(Right(Last).Bytes, Last);
            Net.Poll();
            Assert.Equal(FirstServer, Client.Server);
        }

        Assert.Equal(1u, Client.Changes);
        Assert.Equal(s_wrong[what].GoesOn ? FirstServer : SecondServer, Client.Server);
        Assert.Equal(True, Told);
    }

    [Theory]
    [InlineData(0u, 0u)]
    [InlineData(0x80000000u, 0u)]
    [InlineData(0xFFFFFFFFu, 0x000FFFFFu)]
    [InlineData(0x001FFFFEu, 0u)]
    [InlineData(0x000FFFFEu, 0x00080000u)]
    public void Servers_that_are_off_by_less_than_16_s_are_believed(uint delay, uint dispersion)
    {
        Start();
        Says = q =>
        {
            SntpMessage answer = Right(q);
            Wire.Put32(answer.Bytes, 4, delay);
            Wire.Put32(answer.Bytes, 8, dispersion);
            answer.Bytes[1] = 15;
            answer.Bytes[0] = 0x64;
            return answer;
        };
        Net.Poll();
        Assert.Equal((1u, 15), (Client.Changes, Client.Stratum));
    }

    [Fact]
    public void Answers_of_others_to_other_ports_or_in_pieces_are_not_heard()
    {
        Start();
        Says = _ => null;
        Net.Poll();
        byte[] answer = Right(Last).Bytes;
        Send(answer, Last, from: SecondServer);
        Send(answer, Last, fromPort: 124);
        Send(answer, Last, toPort: Last.SourcePort ^ 1);
        for (int length = 0; length < 48; length++)
        {
            Send(answer[..length], Last);
            Net.Poll();
        }

        Assert.Equal((0u, 48u), (Client.Changes, Client.Counters.NotOurs));
        Send([.. answer, .. new byte[20]], Last);
        Net.Poll();
        Assert.Equal(1u, Client.Changes);

        // nor is the same answer again
        Send(answer, Last);
        Net.Poll();
        Assert.Equal(1u, Client.Changes);
    }

    [Fact]
    public void Silent_servers_are_followed_by_the_next_and_all_are_left_in_peace_for_longer_and_longer()
    {
        Start(servers: 2, configure: c => c.PollInterval = 100);
        Says = _ => null;
        Net.Advance(1_000_000);
        Assert.All(Asked.Select((q, i) => (q, i)), a => Assert.Equal(a.i % 2 == 0 ? FirstServer : SecondServer, a.q.IpDestination));
        Assert.All(Asked.Chunk(2).Where(pair => pair.Length == 2), pair => Assert.Equal(2000, pair[1].Time - pair[0].Time));
        int[] rounds = [.. Asked.Where((_, i) => i % 2 == 0).Select(q => q.Time)];
        int[] pauses = [.. rounds.Zip(rounds.Skip(1)).Select(p => p.Second - p.First - 4000)];
        Assert.InRange(pauses[0], 15_000, 17_000);
        Assert.InRange(pauses[1], 30_000, 34_000);
        Assert.InRange(pauses[2], 60_000, 107_000);
        Assert.All(pauses.Skip(3), p => Assert.InRange(p, 93_000, 107_000));
        Assert.Equal((uint)Asked.Count, Client.Counters.Unanswered + (Client.State == SntpState.Asked ? 1u : 0));

        // and once one answers, the pauses are short again
        Says = Right;
        Net.Advance(200_000);
        Assert.True(Client.IsSet);
        Says = _ => null;
        int count = Asked.Count;
        while (Asked.Count == count)
        {
            Net.Advance(1000);
        }

        Net.Advance(4100 + 17_000);
        Assert.Equal(count + 4, Asked.Count);
    }

    [Fact]
    public void A_server_that_is_not_there_is_not_waited_for()
    {
        Start(servers: 2);
        Says = q =>
        {
            if (q.IpDestination == FirstServer)
            {
                byte[] icmp = FrameBuilder.Icmp(3, 3, [0, 0, 0, 0, .. q.Bytes[14..42]]);
                Net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000000123, 0x0800, FrameBuilder.Ip(FirstServer, TestNetwork.StackIp, 1, icmp)));
                return null;
            }

            return Right(q);
        };
        Net.Poll();
        Assert.Equal((SecondServer, 1u), (Client.Server, Client.Counters.Unanswered));
    }

    [Theory]
    [InlineData("DENY")]
    [InlineData("RSTR")]
    public void A_server_that_wants_no_questions_gets_none(string code)
    {
        Start(servers: 2, configure: c => c.PollInterval = 64);
        Says = q => q.IpDestination == FirstServer ? Right(q).Kiss(code) : Right(q);
        Net.Advance(1_000_000);
        Assert.Single(Asked, q => q.IpDestination == FirstServer);
        Assert.Equal(SecondServer, Client.Server);
        Assert.Equal(1u, Client.Counters.Kisses);

        // until it is named anew, or all begins anew
        Client.SetServer(0, 0);
        Client.SetServer(0, FirstServer);
        Net.Advance(10);
        Assert.Equal(2, Asked.Count(q => q.IpDestination == FirstServer));
        Client.Start();
        Net.Advance(10);
        Assert.Equal(3, Asked.Count(q => q.IpDestination == FirstServer));
    }

    [Fact]
    public void A_server_that_wants_fewer_questions_gets_half_as_many_each_time()
    {
        Start(c => c.PollInterval = 64);
        Net.Advance(10);
        Says = q => Right(q).Kiss("RATE");
        Net.Advance(70_000);
        Assert.Equal(128, Client.PollInterval);
        Assert.Equal(2, Asked.Count);
        Net.Advance(119_000);
        Assert.Equal(2, Asked.Count);
        Net.Advance(20_000);
        Assert.Equal((3, 256), (Asked.Count, Client.PollInterval));
        Says = Right;
        Net.Advance(10_000_000);
        Assert.InRange(Asked.Count, 36, 46);
        Assert.Equal(1u + Client.Counters.Queries - 3, Client.Changes);
        for (int i = 0; i < 20; i++)
        {
            Says = q => Right(q).Kiss("RATE");
            Net.Advance(150_000_000);
        }

        Assert.Equal(SntpClient.LongestInterval, Client.PollInterval);
        Assert.True(Client.IsSet);
        Client.Start();
        Assert.Equal(64, Client.PollInterval);
    }

    [Fact]
    public void Other_kisses_are_as_no_answer_and_those_to_another_question_are_not_heard()
    {
        Start(servers: 2);
        Says = q => q.IpDestination == FirstServer ? Right(q).Kiss("INIT") : Right(q);
        Net.Poll();
        Assert.Equal((SecondServer, 1u, 1024), (Client.Server, Client.Counters.Kisses, Client.PollInterval));
        Says = q =>
        {
            SntpMessage deny = Right(q).Kiss("DENY");
            deny.Bytes[31] ^= 1;
            Send(deny.Bytes, q);
            return Right(q);
        };
        Net.Advance(1_200_000);
        Assert.Equal((FirstServer, 1u), (Client.Server, Client.Counters.Kisses));
    }

    [Fact]
    public void A_link_and_an_address_are_waited_for()
    {
        Start();
        Net.Interface.IsLinkUp = false;
        Net.Stack.Configure(0, 0, 0);
        Net.Advance(60_000);
        Net.Interface.IsLinkUp = true;
        Net.Advance(60_000);
        Assert.Empty(Asked);
        Net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp);
        Net.Advance(1000);
        Assert.Equal(True, Told);
    }

    [Fact]
    public void Without_a_socket_it_is_tried_again_and_without_a_way_the_next_server_is_asked()
    {
        Start(servers: 0, stack: s => s.UdpSockets = 1);
        int other = Net.Sockets.Socket(SocketType.Datagram);
        Client.SetServer(0, FirstServer);
        Net.Advance(5000);
        Assert.InRange(Client.Counters.NotSent, 4u, 7u);
        Net.Sockets.Close(other);
        Net.Advance(1000);
        Assert.True(Client.IsSet);
        Net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, 0);
        Client.SetServer(0, Wire.Address("9.9.9.9"));
        Client.SetServer(1, SecondServer);
        Net.Advance(1000);
        Assert.Equal(SecondServer, Client.Server);
    }

    [Fact]
    public void Without_servers_nothing_is_asked_and_one_that_is_named_is_asked_at_once()
    {
        Start(servers: 0);
        Net.Advance(10_000_000);
        Assert.Empty(Asked);
        Assert.Equal(0, Client.SetServer(1, SecondServer));
        Net.Advance(1);
        Assert.True(Client.IsSet);

        // the same one again changes nothing, nor does one that is gone
        Client.SetServer(1, SecondServer);
        Client.SetServer(1, 0);
        Net.Advance(100);
        Assert.Single(Asked);
        Assert.Equal((int)SocketError.InvalidArgument, Client.SetServer(2, FirstServer));
        Assert.Equal((int)SocketError.InvalidArgument, Client.SetServer(-1, FirstServer));
        Assert.Equal((int)SocketError.InvalidAddress, Client.SetServer(0, Wire.Address("224.0.1.1")));
        Client.ClearCounters();
        Assert.Equal(0u, Client.Counters.Queries + Client.Counters.Good);
    }

    [Fact]
    public void A_server_named_by_name_is_looked_up_for_each_question()
    {
        Resolver names = new() { Address = FirstServer };
        Start(servers: 0, configure: c => { c.ServerName = "pool.ntp.org"; c.Resolver = names; c.PollInterval = 64; });
        Net.Advance(200);
        Assert.Equal((FirstServer, "pool.ntp.org"), (Client.Server, Assert.Single(names.Asked)));
        names.Address = SecondServer;
        Net.Advance(70_000);
        Assert.Equal((SecondServer, 2), (Client.Server, names.Asked.Count));

        // servers that are named by their addresses come first
        Client.SetServer(0, FirstServer);
        Net.Advance(200);
        Assert.Equal((FirstServer, 2), (Client.Server, names.Asked.Count));
        Says = q => q.IpDestination == FirstServer ? Right(q).Kiss("DENY") : Right(q);
        Net.Advance(70_000);
        Assert.Equal((SecondServer, 3), (Client.Server, names.Asked.Count));

        // who is behind the name and wants no questions gets none, but somebody else may
        Says = q => Right(q).Kiss("DENY");
        Net.Advance(70_000);
        int count = Asked.Count;
        Net.Advance(400_000);
        Assert.Equal(count, Asked.Count);
        Assert.InRange(names.Asked.Count, 6, 12);
        names.Address = Wire.Address("192.168.1.10");
        Says = Right;
        Net.Advance(70_000);
        Assert.Equal(names.Address, Client.Server);
        names.Result = SocketError.HostNotFound;
        Net.Advance(70_000);
        Assert.True(Client.Counters.NotFound > 1);
        names.Result = SocketError.NoBufferSpace;
        Net.Advance(30_000);
        names.Result = SocketError.Success;
        uint changes = Client.Changes;
        Net.Advance(40_000);
        Assert.True(Client.Changes > changes);

        // and a lookup that nobody waits for any more is given up
        names.Result = SocketError.WouldBlock;
        Net.Advance(70_000);
        Assert.Equal(SntpState.Resolving, Client.State);
        Client.Start();
        Assert.Equal(1, names.Cancelled);
    }

    [Fact]
    public void What_is_wrong_with_the_arguments_is_told()
    {
        Start();
        TestRandom random = new(1);
        Assert.Throws<ArgumentNullException>(() => new SntpClient(null!, random, new SntpConfiguration()));
        Assert.Throws<ArgumentNullException>(() => new SntpClient(Net.Stack, null!, new SntpConfiguration()));
        Assert.Throws<ArgumentNullException>(() => new SntpClient(Net.Stack, random, null!));
        Assert.Throws<ArgumentException>(() => new SntpClient(Net.Stack, random, new SntpConfiguration { ServerName = "a" }));
        (string Name, Action<SntpConfiguration, int> Set, int Low, int High)[] ranges =
        [
            ("Servers", (c, v) => c.Servers = v, 0, 8),
            ("PollInterval", (c, v) => c.PollInterval = v, 64, 131072),
            ("Timeout", (c, v) => c.Timeout = v, 100, 10000),
            ("StartSpread", (c, v) => c.StartSpread = v, 1, 300000),
        ];
        foreach ((string name, Action<SntpConfiguration, int> set, int low, int high) in ranges)
        {
            foreach (int wrong in new[] { low - 1, high + 1 })
            {
                SntpConfiguration configuration = new();
                set(configuration, wrong);
                Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(configuration.Validate).ParamName);
            }

            foreach (int right in new[] { low, high })
            {
                SntpConfiguration configuration = new();
                set(configuration, right);
                configuration.Validate();
            }
        }
    }

    [Fact]
    public void Whatever_is_said_harms_nothing()
    {
        long allocated = 0;
        int said = 0;
        uint good = 0;
        void Listen(Choices choices)
        {
            Start(servers: 2, seed: choices.Word() | 1, configure: c => c.PollInterval = 64);
            Says = q =>
            {
                SntpMessage answer = new(q.Text, True, True);
                for (int i = choices.Pick(0, 0, 1, 2, 20); i > 0; i--)
                {
                    int at = choices.OneIn(2) ? choices.Below(16) : choices.Below(48);
                    answer.Bytes[at] = (byte)choices.Below(256);
                }

                said++;
                Send(answer.Bytes[..(choices.OneIn(5) ? choices.Below(49) : 48)], q);
                return choices.OneIn(3) ? answer : null;
            };
            while (!choices.IsUsedUp)
            {
                Net.Interface.IsLinkUp = !choices.OneIn(10);
                Net.Advance(choices.Pick(1, 1000, 20_000, 70_000));
                Assert.True(Client.GetTime(Net.Now) >= -1);
                Assert.True(Client.Poll(Net.Now) >= 0);
            }

            Net.Interface.IsLinkUp = true;
            Says = Right;
            Client.Start();
            Net.Advance(5000);
            Assert.Equal(True, Told);
            allocated += Net.AllocatedInPoll;
            good += Client.Counters.Good;
        }

        Property.Check(30, 200, Listen, stream: 92);
        allocated = 0;
        Property.Check(30, 200, Listen, stream: 92);
        Assert.True(said > 500, $"{said} messages");
        Assert.True(good > 100, $"{good} good");
        Assert.Equal(0, allocated);
    }

    /// <summary>Knows one address, or says why not.</summary>
    private sealed class Resolver : INameResolver
    {
        public List<string> Asked { get; } = [];

        public uint Address { get; set; }

        public SocketError Result { get; set; }

        public int Cancelled { get; private set; }

        public int Begin(string hostname)
        {
            Asked.Add(hostname);
            return Result == SocketError.NoBufferSpace ? (int)Result : 5;
        }

        public int Begin(byte[] hostname, int offset, int count) => throw new NotSupportedException();

        public int GetResult(int lookup, out uint address)
        {
            Assert.Equal(5, lookup);
            address = Address;
            return (int)Result;
        }

        public void Cancel(int lookup)
        {
            Assert.Equal(5, lookup);
            Cancelled++;
        }

        public int Poll(int now) => int.MaxValue;
    }
}
