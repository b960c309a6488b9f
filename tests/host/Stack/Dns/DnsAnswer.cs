// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Dns;

/// <summary>An answer that is put together by hand, so that any part of it can be wrong.</summary>
internal sealed class DnsAnswer
{
    public const int A = 1;
    public const int Ns = 2;
    public const int Cname = 5;
    public const int Soa = 6;
    public const int Aaaa = 28;

    private readonly List<byte[]>[] _sections = [[], [], []];

    public DnsAnswer(int id, byte[] question)
    {
        Id = id;
        Questions = [question];
    }

    /// <summary>Gets or sets the number.</summary>
    public int Id { get; set; }

    /// <summary>Gets or sets the flags: an answer to a question for recursion, which was done.</summary>
    public int Flags { get; set; } = 0x8180;

    public List<byte[]> Questions { get; }

    /// <summary>Gets counts that are written in place of the true ones.</summary>
    public int?[] Counts { get; } = new int?[4];

    /// <summary>Gets or sets what stands behind all records.</summary>
    public byte[] Tail { get; set; } = [];

    /// <summary>The name that a pointer to the question leads to.</summary>
    public static byte[] TheName => [0xC0, 12];

    public static byte[] Name(string name)
    {
        byte[] wire = [.. name.Split('.', StringSplitOptions.RemoveEmptyEntries).SelectMany(label => Encoding.Latin1.GetBytes(label).Prepend((byte)label.Length)), 0];
        return wire;
    }

    public static byte[] Question(string name, int type = A, int dnsClass = 1) => [.. Name(name), 0, (byte)type, (byte)(dnsClass >> 8), (byte)dnsClass];

    public static byte[] Record(byte[] name, int type, byte[] data, uint ttl = 300, int dnsClass = 1, int? length = null)
    {
        byte[] tail = new byte[10];
        Wire.Put16(tail, 0, type);
        Wire.Put16(tail, 2, dnsClass);
        Wire.Put32(tail, 4, ttl);
        Wire.Put16(tail, 8, length ?? data.Length);
        return [.. name, .. tail, .. data];
    }

    public static byte[] AddressBytes(string address)
    {
        byte[] bytes = new byte[4];
        Wire.Put32(bytes, 0, Wire.Address(address));
        return bytes;
    }

    /// <summary>The data of a SOA record.</summary>
    public static byte[] SoaData(uint minimum)
    {
        byte[] numbers = new byte[20];
        Wire.Put32(numbers, 16, minimum);
        return [.. Name("ns.example.org"), .. Name("host.example.org"), .. numbers];
    }

    public DnsAnswer Add(byte[] record, int section = 0)
    {
        _sections[section].Add(record);
        return this;
    }

    public DnsAnswer Address(string address, uint ttl = 300, byte[]? name = null) => Add(Record(name ?? TheName, A, AddressBytes(address), ttl));

    public DnsAnswer Alias(string target, uint ttl = 300, byte[]? name = null) => Add(Record(name ?? TheName, Cname, Name(target), ttl));

    public DnsAnswer Nothing(int code, uint minimum = 60, uint ttl = 3600)
    {
        Flags |= code;
        return Add(Record(Name("example.org"), Soa, SoaData(minimum), ttl), 1);
    }

    public byte[] ToBytes()
    {
        byte[] head = new byte[12];
        Wire.Put16(head, 0, Id);
        Wire.Put16(head, 2, Flags);
        Wire.Put16(head, 4, Counts[0] ?? Questions.Count);
        for (int i = 0; i < 3; i++)
        {
            Wire.Put16(head, 6 + (2 * i), Counts[i + 1] ?? _sections[i].Count);
        }

        return [.. head, .. Questions.SelectMany(q => q), .. _sections.SelectMany(s => s).SelectMany(r => r), .. Tail];
    }
}
