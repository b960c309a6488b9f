// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;

namespace HostTests.SystemNet.Peers;

/// <summary>What both ends of HTTP/1.1 have in common: the head with its fields, and a body that is counted or chunked.</summary>
internal static class HttpTalk
{
    /// <summary>Reads a head.</summary>
    /// <returns>Its first line, null at the end of the connection, and its fields.</returns>
    public static (string? First, Dictionary<string, string> Fields) ReadHead(OurStream stream)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        string? first = stream.ReadLine();
        if (first == null)
        {
            return (null, fields);
        }

        string? line;
        while ((line = stream.ReadLine()) != string.Empty)
        {
            int colon = line!.IndexOf(':', StringComparison.Ordinal);
            fields.Add(line[..colon], line[(colon + 1)..].Trim());
        }

        return (first, fields);
    }

    /// <summary>Reads a body, by what its head says of it.</summary>
    public static byte[] ReadBody(OurStream stream, Dictionary<string, string> fields)
    {
        if (fields.TryGetValue("Content-Length", out string? length))
        {
            return stream.ReadExactly(int.Parse(length, CultureInfo.InvariantCulture));
        }

        if (!fields.TryGetValue("Transfer-Encoding", out string? encoding))
        {
            return [];
        }

        Assert.Equal("chunked", encoding);
        using MemoryStream body = new();
        int size;
        do
        {
            size = int.Parse(stream.ReadLine()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Write(stream.ReadExactly(size));
            Assert.Equal(string.Empty, stream.ReadLine());
        }
        while (size > 0);
        return body.ToArray();
    }
}
