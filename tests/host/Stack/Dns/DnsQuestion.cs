// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Dns;

/// <summary>A question of the resolver, taken apart by the referee, who knows nothing of it. Making one checks all that must be right of any.</summary>
internal sealed class DnsQuestion
{
    public DnsQuestion(byte[] message, bool isLocal = false)
    {
        Id = Wire.Get16(message, 0);
        Assert.Equal(isLocal ? 0 : 0x0100, Wire.Get16(message, 2));
        Assert.Equal([0, 1, 0, 0, 0, 0, 0, 0], message[4..12]);
        int at = 12;
        List<string> labels = [];
        while (message[at] != 0)
        {
            Assert.InRange(message[at], 1, 63);
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            at += message[at] + 1;
        }

        Assert.InRange(at + 1 - 12, 1, 255);
        Name = string.Join('.', labels);
        Assert.Equal([0, 0, 1, 0, 1], message[at..]);
        Bytes = message[12..];
    }

    public DnsQuestion(SeenFrame frame)
        : this(frame.Text, frame.IpDestination == Wire.Address("224.0.0.251"))
    {
        Frame = frame;
        Assert.InRange(frame.SourcePort, 1024, 65535);
        Assert.Equal(frame.IsToGroup ? 255 : 64, frame.Ttl);
        Assert.Equal(frame.IsToGroup ? 5353 : 53, frame.DestinationPort);
    }

    public int Id { get; }

    public string Name { get; }

    /// <summary>Gets the question as it stands in the message.</summary>
    public byte[] Bytes { get; }

    public SeenFrame? Frame { get; }

    public int Time => Frame!.Time;

    public int Port => Frame!.SourcePort;

    public DnsAnswer Answer() => new(Id, Bytes);
}
