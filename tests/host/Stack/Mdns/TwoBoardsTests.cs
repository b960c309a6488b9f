// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;
using TcpIp.Mdns;

namespace HostTests.Stack.Mdns;

/// <summary>Two boards with one name at the two ends of a cable: each gets a name in the end, and each finds the other by it.</summary>
public sealed class TwoBoardsTests
{
    private readonly MemoryInterface[] _ends;
    private readonly TcpIpStack[] _stacks;
    private readonly MdnsResponder[] _boards;
    private readonly DnsResolver _resolver;
    private int _now = int.MaxValue - 3000;

    public TwoBoardsTests()
    {
        (MemoryInterface one, MemoryInterface other) = MemoryInterface.CreatePair();
        _ends = [one, other];
        StackConfiguration configuration = new() { MulticastGroups = 1, UdpSockets = 3, GuardFrames = true };
        _stacks = [new TcpIpStack(configuration, one, new TestRandom(1)), new TcpIpStack(configuration, other, new TestRandom(2))];
        _boards = [Board(_stacks[0], 3), Board(_stacks[1], 4)];
        _resolver = new DnsResolver(_stacks[0], new TestRandom(5), new DnsConfiguration());
        Poll();
        _stacks[0].Configure(Wire.Address("10.0.0.1"), 0xFFFFFF00, 0);
        _stacks[1].Configure(Wire.Address("10.0.0.2"), 0xFFFFFF00, 0);
    }

    private string[] Names => [.. _boards.Select(b => b.GetHostName())];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(5000)]
    public void Each_has_a_name_of_its_own(int pause)
    {
        _boards[0].Start();
        Pass(pause);
        _boards[1].Start();
        Pass(12_000);
        Assert.All(_boards, b => Assert.Equal(MdnsState.Established, b.State));
        Assert.Equal(["board-2.local", "board.local"], Names.Order(StringComparer.Ordinal));
        if (pause > 1000)
        {
            Assert.Equal("board.local", Names[0]);
        }
        else if (pause == 0)
        {
            // of two who want it at once the later address goes first
            Assert.Equal("board.local", Names[1]);
        }

        Assert.Equal("10.0.0.2", LookUp(Names[1]));

        // and each finds itself
        Assert.Equal("10.0.0.1", LookUp(Names[0]));
    }

    [Fact]
    public void Two_that_had_one_name_before_they_met_come_to_terms()
    {
        // each is alone at first: the other is on another network
        _stacks[1].Configure(Wire.Address("10.9.9.2"), 0xFFFFFF00, 0);
        Array.ForEach(_ends, e => e.LoseEvery = 1);
        Array.ForEach(_boards, b => b.Start());
        Pass(5000);
        Assert.Equal(["board.local", "board.local"], Names);
        Array.ForEach(_ends, e => e.LoseEvery = 0);
        _stacks[1].Configure(Wire.Address("10.0.0.2"), 0xFFFFFF00, 0);
        Pass(12_000);
        Assert.Equal(["board.local", "board-2.local"], Names);
        Assert.All(_boards, b => Assert.Equal(MdnsState.Established, b.State));
        Assert.Equal("10.0.0.2", LookUp("board-2.local"));
    }

    [Theory]
    [InlineData("10.0.0.1", "169.254.9.2")]
    [InlineData("169.254.9.1", "10.0.0.2")]
    public void Two_whose_addresses_have_nothing_in_common_hear_each_other(string one, string other)
    {
        _stacks[0].Configure(Wire.Address(one), 0xFFFF0000, 0);
        _stacks[1].Configure(Wire.Address(other), 0xFFFF0000, 0);
        Array.ForEach(_boards, b => b.Start());
        Pass(12_000);
        Assert.All(_boards, b => Assert.Equal(MdnsState.Established, b.State));
        Assert.Equal(["board-2.local", "board.local"], Names.Order(StringComparer.Ordinal));
        Assert.Equal(other, LookUp(Names[1]));
    }

    private static MdnsResponder Board(TcpIpStack stack, uint seed) =>
        new(stack, new TestRandom(seed), new MdnsConfiguration { Services = [new MdnsService()] });

    private string LookUp(string name)
    {
        int lookup = _resolver.Begin(name);
        for (int i = 0; i < 6000; i++)
        {
            Pass(1);
            int result = _resolver.GetResult(lookup, out uint address);
            if (result != (int)SocketError.WouldBlock)
            {
                return result == 0 ? IPv4Address.ToString(address) : ((SocketError)result).ToString();
            }
        }

        return "nothing";
    }

    private void Pass(int milliseconds)
    {
        for (int i = 0; i < milliseconds; i++)
        {
            _now++;
            Poll();
        }
    }

    private void Poll()
    {
        for (int i = 0; i < 2; i++)
        {
            _stacks[i].Poll(_now);
            _boards[i].Poll(_now);
            if (i == 0)
            {
                _resolver.Poll(_now);
            }

            _stacks[i].Poll(_now);
        }
    }
}
