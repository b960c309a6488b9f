// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Dhcp;

/// <summary>
/// A message of the client, taken apart by the referee, who knows nothing of the client. Making one checks all that must be right of any message: the fixed part,
/// and what each kind carries and must not carry (RFC 2131 section 4.4.1, table 5).
/// </summary>
internal sealed class DhcpQuestion
{
    public const int Discover = 1;
    public const int Request = 3;
    public const int Decline = 4;
    public const int Release = 7;

    private readonly byte[] _bytes;

    public DhcpQuestion(SeenFrame frame)
    {
        Frame = frame;
        _bytes = frame.Text;
        Assert.Equal((68, 67), (frame.SourcePort, frame.DestinationPort));
        Assert.InRange(_bytes.Length, 300, 548);
        Assert.Equal([1, 1, 6, 0], _bytes[..4]);
        Assert.Equal(0, Wire.Get16(_bytes, 10) & 0x7FFF);
        Assert.Equal(new byte[12], _bytes[16..28]);
        Assert.Equal(TestNetwork.StackMac, Wire.Get48(_bytes, 28));

        // nothing of earlier messages leaks: not in chaddr's padding, 'sname' and 'file'
        Assert.Equal(new byte[10 + 64 + 128], _bytes[34..236]);
        Assert.Equal(0x63825363u, Wire.Get32(_bytes, 236));
        int at = 240;
        while (_bytes[at] != 255)
        {
            int length = _bytes[at + 1];
            Assert.True(length > 0, "an option without a byte");
            Assert.True(Options.TryAdd(_bytes[at], _bytes[(at + 2)..(at + 2 + length)]), $"option {_bytes[at]} twice");
            at += 2 + length;
        }

        Assert.All(_bytes[(at + 1)..], pad => Assert.Equal(0, pad));
        Type = Assert.Single(Options[53]);
        CheckTable();
    }

    public SeenFrame Frame { get; }

    public int Time => Frame.Time;

    public Dictionary<int, byte[]> Options { get; } = [];

    public int Type { get; }

    public uint Xid => Wire.Get32(_bytes, 4);

    public int Secs => Wire.Get16(_bytes, 8);

    public bool Broadcast => (_bytes[10] & 0x80) != 0;

    public uint ClientAddress => Wire.Get32(_bytes, 12);

    public uint Requested => Options.TryGetValue(50, out byte[]? value) ? Wire.Get32(value, 0) : 0;

    public uint Server => Options.TryGetValue(54, out byte[]? value) ? Wire.Get32(value, 0) : 0;

    /// <summary>Gets what kind of DHCPREQUEST it is, by what it carries (RFC 2131 section 4.3.2).</summary>
    public string Kind => Type switch
    {
        Discover => "DISCOVER",
        Decline => "DECLINE",
        Release => "RELEASE",
        _ when Server != 0 => "SELECTING",
        _ when Requested != 0 => "INIT-REBOOT",
        _ when Frame.IpDestination == uint.MaxValue => "REBINDING",
        _ => "RENEWING",
    };

    public override string ToString() => $"{Kind} at {Time}";

    private void CheckTable()
    {
        Assert.Contains(Type, new[] { Discover, Request, Decline, Release });
        bool hasAddress = ClientAddress != 0;
        Assert.Equal(hasAddress ? ClientAddress : 0, Frame.IpSource);
        Assert.True(hasAddress || Frame.IpDestination == uint.MaxValue, "a question of nobody to somebody");
        Assert.True(!Broadcast || (!hasAddress && Type is Discover or Request), "an answer to all for one who has an address");
        bool isQuestion = Type is Discover or Request;
        Assert.Equal(isQuestion, Options.ContainsKey(55));
        Assert.Equal(isQuestion, Options.ContainsKey(57));
        Assert.True(Options.ContainsKey(61), "no client identifier");
        switch (Kind)
        {
            case "DISCOVER":
                Assert.Equal((0u, 0u, 0u), (ClientAddress, Requested, Server));
                break;
            case "SELECTING" or "DECLINE":
                Assert.NotEqual(0u, Requested);
                Assert.NotEqual(0u, Server);
                Assert.Equal(0u, ClientAddress);
                break;
            case "INIT-REBOOT":
                Assert.Equal((0u, 0u), (ClientAddress, Server));
                break;
            case "RELEASE":
                Assert.Equal((0u, 0, Server), (Requested, Secs, Frame.IpDestination));
                Assert.NotEqual(0u, ClientAddress);
                break;
            default:
                Assert.Equal((0u, 0u), (Requested, Server));
                Assert.NotEqual(0u, ClientAddress);
                break;
        }
    }
}
