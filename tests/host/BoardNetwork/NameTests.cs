// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Firmware;
using HostTests.Stack.Mdns;
using VirtualBoard.Packets;

namespace HostTests.BoardNetwork;

/// <summary>The firmware's name on its link: it takes it, is found by it, gives way, tells a person, and says goodbye.</summary>
public sealed class NameTests
{
    private const string Name = Board.HostName + ".local";
    private const int Port = 5353;
    private const int Any = 255;

    private static readonly Station s_group = new(0x01005E0000FB, IPv4Address.Parse("224.0.0.251"));
    private static readonly Station s_other = new(0x020000000009, IPv4Address.Parse("192.168.1.99"));

    [Theory]
    [InlineData(AddressMode.Static)]
    [InlineData(AddressMode.Dhcp)]
    public void With_an_address_comes_the_name_and_the_page_in_lists(AddressMode mode)
    {
        BoardOnWire board = new(mode);
        board.Pass(12_000);
        Assert.True(board.Network.HasName);
        string address = IPv4Address.ToString(board.Application.Stack.IPv4.Address);
        MdnsPacket[] said = Said(board);
        MdnsPacket[] probes = [.. said.Where(p => !p.IsResponse)];
        Assert.Equal(3, probes.Length);
        Assert.All(probes, p => Assert.Contains((Name, Any, 0x8001), p.Questions));
        MdnsPacket announced = said.Last(p => p.IsResponse);
        Assert.Contains(announced.Answers, r => r.Name == Name && r.Type == MdnsRecord.A && r.Data == address && r.Ttl == 120);
        Assert.Contains(announced.Answers, r => r.Name == "_http._tcp.local" && r.Data == Board.PageTitle + "._http._tcp.local");
        Assert.Contains(announced.Answers, r => r.Type == MdnsRecord.Srv && r.Data == $"{Board.HttpPort} {Name}");

        // the group's routers are told, and the chip's filter lets the group in
        Assert.Contains(board.Sent, f => f[23] == 2 && Wire.Get32(f, 42) == s_group.Address);
        Assert.Equal(0, board.Chip.Violations.Count);
    }

    [Fact]
    public void Who_asks_for_the_name_has_the_answer_at_once()
    {
        BoardOnWire board = new(AddressMode.Static);
        board.Pass(5000);
        for (int i = 0; i < 5; i++)
        {
            // whenever it comes: the board does not look now and then only
            board.Pass(1237);
            board.Sent.Clear();
            board.Deliver(s_other, Port, s_group, Port, MdnsPacket.Query([(Name, MdnsRecord.A, 1)]));
            board.Pass(4);
            MdnsRecord answer = Assert.Single(Assert.Single(Said(board)).Answers);
            Assert.Equal((Name, Board.Address), (answer.Name, answer.Data));
        }
    }

    [Fact]
    public void A_name_that_somebody_has_gets_a_number_and_the_log_says_so()
    {
        StringWriter console = new();
        BoardOnWire board = new(AddressMode.Static);
        board.Network.Log = new NetworkLog(Board.HttpPort);
        Tell(console, board, 3000);
        Assert.Contains($"The page is at http://{Board.Address}/", console.ToString());
        Assert.EndsWith($"The page is at http://{Name}/", console.ToString().TrimEnd());

        // somebody comes who has it too, and answers when he is asked whether he does
        uint changes = board.Network.Changes;
        byte[] claim = MdnsPacket.Response(new MdnsRecord(Name, MdnsRecord.A, 0x8001, 120, "192.168.1.99"));
        console.GetStringBuilder().Clear();
        for (int i = 0; i < 300 && board.Network.Mdns.HostNumber == 0; i++)
        {
            board.Deliver(s_other, Port, s_group, Port, claim);
            Tell(console, board, 10);
        }

        Assert.False(board.Network.HasName);
        Tell(console, board, 3000);
        Assert.True(board.Network.HasName);
        Assert.InRange(board.Network.Changes - changes, 2u, 3u);
        Assert.Equal(
            $"{Name} is somebody else's name. Choose another one in Board.cs; until then it is {Board.HostName}-2.local.\nThe page is at http://{Board.HostName}-2.local/",
            console.ToString().ReplaceLineEndings("\n").TrimEnd());
        Assert.Equal($"{Board.HostName}-2.local", board.Network.Mdns.GetHostName());
    }

    [Theory]
    [InlineData(AddressMode.Static)]
    [InlineData(AddressMode.Dhcp)]
    public void To_stop_it_says_goodbye_first(AddressMode mode)
    {
        BoardOnWire board = new(mode);
        board.Pass(12_000);
        board.Sent.Clear();

        // as a command does: between two looks at the network
        board.Network.Background = new Once(board.Application.Stop);
        board.Pass(3000);
        Assert.Equal(Application.Over, board.Ends[0]);
        MdnsPacket goodbye = Assert.Single(Said(board));
        Assert.All(goodbye.Answers, r => Assert.Equal(0u, r.Ttl));
        Assert.Contains(goodbye.Answers, r => r.Name == Name && r.Type == MdnsRecord.A);
        Assert.False(board.Network.HasName);
        int release = board.Sent.FindIndex(f => f[23] == 17 && Wire.Get16(f, 36) == 67);
        Assert.Equal(mode == AddressMode.Dhcp, release > board.Sent.FindIndex(f => f[23] == 17 && Wire.Get16(f, 36) == Port));
    }

    [Fact]
    public void Who_asks_for_an_address_again_has_the_name_again()
    {
        BoardOnWire board = new(AddressMode.Dhcp);
        board.Pass(12_000);
        board.Network.Release();
        board.Pass(3000);
        Assert.False(board.Network.HasName);
        board.Network.ForgetLease();
        board.Pass(12_000);
        Assert.True(board.Network.HasName);
    }

    private static MdnsPacket[] Said(BoardOnWire board) =>
    [
        .. board.Sent.Where(f => Wire.Get16(f, 12) == 0x0800 && f[23] == 17 && Wire.Get32(f, 30) == s_group.Address)
            .Select(f => new MdnsPacket(f[42..(34 + Wire.Get16(f, 38))])),
    ];

    /// <summary>Lets time pass and takes down what the board says. Others write to the console meanwhile.</summary>
    private static void Tell(StringWriter console, BoardOnWire board, int milliseconds)
    {
        TextWriter before = Console.Out;
        Console.SetOut(new OfThread(console, before));
        board.Pass(milliseconds);
        Console.SetOut(before);
    }

    private sealed class OfThread(TextWriter ours, TextWriter others) : TextWriter
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => (Environment.CurrentManagedThreadId == _thread ? ours : others).Write(value);
    }

    private sealed class Once(Action action) : IBackgroundWork
    {
        private bool _done;

        public int Poll(int now)
        {
            if (!_done)
            {
                _done = true;
                action();
            }

            return 100;
        }
    }
}
