// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Text;

namespace VirtualBoard.Services;

/// <summary>A DNS query with one question, and the answers that there can be (RFC 1035 section 4.1).</summary>
internal sealed class DnsQuestion
{
    public const int Port = 53;

    // codes of answers
    public const int NoError = 0;
    public const int ServerFailure = 2;
    public const int NameError = 3;
    public const int Refused = 5;

    private const int HeaderLength = 12;
    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const int TypeA = 1;
    private const int ClassInternet = 1;
    private const int PointerToName = 0xC000 | HeaderLength;

    // so short that what changes on the PC is soon seen
    private const uint TimeToLive = 30;

    private readonly byte[] _query;
    private readonly int _type;
    private readonly int _class;

    private DnsQuestion(byte[] query, string name, int type, int @class)
    {
        _query = query;
        Name = name;
        _type = type;
        _class = @class;
    }

    /// <summary>The name that is asked for, without the dot at its end.</summary>
    public string Name { get; }

    /// <summary>Whether IPv4 addresses are asked for.</summary>
    public bool IsForAddress => _type == TypeA && _class == ClassInternet;

    /// <summary>Reads a query.</summary>
    /// <returns>The question, or null if it is not a query with one question.</returns>
    public static DnsQuestion? Read(ReadOnlySpan<byte> data)
    {
        // no response, opcode QUERY
        if (data.Length < HeaderLength || (data[2] & 0xF8) != 0 || BinaryPrimitives.ReadUInt16BigEndian(data[4..]) != 1)
        {
            return null;
        }

        var name = new StringBuilder();
        int at = HeaderLength;
        while (at < data.Length && data[at] != 0)
        {
            int length = data[at];
            if (length > LongestLabel || at + 1 + length >= data.Length || name.Length + length > LongestName)
            {
                return null;
            }

            name.Append(name.Length > 0 ? "." : string.Empty).Append(Encoding.Latin1.GetString(data.Slice(at + 1, length)));
            at += 1 + length;
        }

        int end = at + 5;
        return end > data.Length
            ? null
            : new DnsQuestion(
                data[..end].ToArray(),
                name.ToString(),
                BinaryPrimitives.ReadUInt16BigEndian(data[(at + 1)..]),
                BinaryPrimitives.ReadUInt16BigEndian(data[(at + 3)..]));
    }

    /// <summary>Makes the answer.</summary>
    /// <param name="code">Its code.</param>
    /// <param name="addresses">The addresses of the name.</param>
    public byte[] Answer(int code, params IReadOnlyList<uint> addresses)
    {
        byte[] answer = new byte[_query.Length + (16 * addresses.Count)];
        _query.CopyTo(answer, 0);

        // response, recursion desired as asked, recursion available
        answer[2] = (byte)(0x80 | (_query[2] & 1));
        answer[3] = (byte)(0x80 | code);
        Span<byte> counts = answer.AsSpan(6, 6);
        counts.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(counts, (ushort)addresses.Count);
        for (int i = 0; i < addresses.Count; i++)
        {
            Span<byte> record = answer.AsSpan(_query.Length + (16 * i));
            BinaryPrimitives.WriteUInt16BigEndian(record, PointerToName);
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], TypeA);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], ClassInternet);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLive);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            BinaryPrimitives.WriteUInt32BigEndian(record[12..], addresses[i]);
        }

        return answer;
    }
}
