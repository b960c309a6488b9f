// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using HostTests.Stack.Dns;

namespace HostTests.Stack.Mdns;

/// <summary>A record, taken apart or to be put together by the referee, who knows nothing of the responder.</summary>
internal sealed record MdnsRecord(string Name, int Type, int Class, uint Ttl, string Data)
{
    public const int A = 1;
    public const int Ptr = 12;
    public const int Txt = 16;
    public const int Aaaa = 28;
    public const int Srv = 33;
    public const int Nsec = 47;

    public bool Flush => (Class & 0x8000) != 0;

    /// <summary>The data as bytes, names whole.</summary>
    public byte[] Bytes() => Type switch
    {
        A => DnsAnswer.AddressBytes(Data),
        Ptr => MdnsPacket.NameBytes(Data),
        Srv => [0, 0, 0, 0, .. Port(Data.Split(' ')[0]), .. MdnsPacket.NameBytes(Data.Split(' ')[1])],
        _ => Encoding.Latin1.GetBytes(Data),
    };

    public byte[] ToBytes() => DnsAnswer.Record(MdnsPacket.NameBytes(Name), Type, Bytes(), Ttl, Class);

    private static byte[] Port(string text) => [(byte)(int.Parse(text) >> 8), (byte)int.Parse(text)];
}

/// <summary>A message to the group or from it, with all names whole.</summary>
internal sealed class MdnsPacket
{
    public MdnsPacket(SeenFrame frame)
        : this(frame.Text)
    {
        Frame = frame;
        Assert.Equal((5353, 255), (frame.SourcePort, frame.Ttl));
    }

    public MdnsPacket(byte[] bytes)
    {
        Id = Wire.Get16(bytes, 0);
        Flags = Wire.Get16(bytes, 2);
        int at = 12;
        for (int i = Wire.Get16(bytes, 4); i > 0; i--)
        {
            string name = ReadName(bytes, ref at);
            Questions.Add((name, Wire.Get16(bytes, at), Wire.Get16(bytes, at + 2)));
            at += 4;
        }

        for (int section = 0; section < 3; section++)
        {
            for (int i = Wire.Get16(bytes, 6 + (2 * section)); i > 0; i--)
            {
                Sections[section].Add(ReadRecord(bytes, ref at));
            }
        }

        Assert.Equal(bytes.Length, at);
    }

    public SeenFrame? Frame { get; }

    public int Id { get; }

    public int Flags { get; }

    public bool IsResponse => (Flags & 0x8000) != 0;

    public List<(string Name, int Type, int Class)> Questions { get; } = [];

    public List<MdnsRecord>[] Sections { get; } = [[], [], []];

    public List<MdnsRecord> Answers => Sections[0];

    public List<MdnsRecord> Authority => Sections[1];

    public List<MdnsRecord> Additional => Sections[2];

    /// <summary>A query.</summary>
    public static byte[] Query((string Name, int Type, int Class)[] questions, MdnsRecord[]? known = null, MdnsRecord[]? claims = null, int flags = 0, int id = 0)
    {
        byte[] head = new byte[12];
        Wire.Put16(head, 0, id);
        Wire.Put16(head, 2, flags);
        Wire.Put16(head, 4, questions.Length);
        Wire.Put16(head, 6, known?.Length ?? 0);
        Wire.Put16(head, 8, claims?.Length ?? 0);
        IEnumerable<byte> asked = questions.SelectMany(q => NameBytes(q.Name).Concat([(byte)(q.Type >> 8), (byte)q.Type, (byte)(q.Class >> 8), (byte)q.Class]));
        return [.. head, .. asked, .. (known ?? []).SelectMany(r => r.ToBytes()), .. (claims ?? []).SelectMany(r => r.ToBytes())];
    }

    /// <summary>What somebody tells.</summary>
    public static byte[] Response(params MdnsRecord[] answers)
    {
        byte[] head = new byte[12];
        Wire.Put16(head, 2, 0x8400);
        Wire.Put16(head, 6, answers.Length);
        return [.. head, .. answers.SelectMany(r => r.ToBytes())];
    }

    public static byte[] NameBytes(string name)
    {
        // a dot within a label is written as U+00B7 here
        return [.. name.Split('.').SelectMany(label => Encoding.UTF8.GetBytes(label).Prepend((byte)Encoding.UTF8.GetByteCount(label))), 0];
    }

    private static MdnsRecord ReadRecord(byte[] bytes, ref int at)
    {
        string name = ReadName(bytes, ref at);
        int type = Wire.Get16(bytes, at);
        int dnsClass = Wire.Get16(bytes, at + 2);
        uint ttl = Wire.Get32(bytes, at + 4);
        int end = at + 10 + Wire.Get16(bytes, at + 8);
        at += 10;
        string data;
        switch (type)
        {
            case MdnsRecord.A:
                data = IPv4Address.ToString(Wire.Get32(bytes, at));
                break;
            case MdnsRecord.Ptr:
                data = ReadName(bytes, ref at);
                Assert.Equal(end, at);
                break;
            case MdnsRecord.Srv:
                Assert.Equal(0u, Wire.Get32(bytes, at));
                int port = Wire.Get16(bytes, at + 4);
                at += 6;
                data = port + " " + ReadName(bytes, ref at);
                Assert.Equal(end, at);
                break;
            case MdnsRecord.Nsec:
                data = ReadName(bytes, ref at) + " " + Convert.ToHexString(bytes[at..end]);
                break;
            default:
                data = Encoding.Latin1.GetString(bytes, at, end - at);
                break;
        }

        at = end;
        return new MdnsRecord(name, type, dnsClass, ttl, data);
    }

    private static string ReadName(byte[] bytes, ref int at)
    {
        List<string> labels = [];
        int offset = at;
        bool jumped = false;
        while (bytes[offset] != 0)
        {
            if (bytes[offset] >= 0xC0)
            {
                int target = Wire.Get16(bytes, offset) & 0x3FFF;
                Assert.True(target < offset && target >= 12, "a pointer ahead");
                at = jumped ? at : offset + 2;
                jumped = true;
                offset = target;
                continue;
            }

            Assert.InRange(bytes[offset], 1, 63);
            labels.Add(Encoding.UTF8.GetString(bytes, offset + 1, bytes[offset]));
            offset += bytes[offset] + 1;
        }

        at = jumped ? at : offset + 1;
        return string.Join('.', labels);
    }
}
