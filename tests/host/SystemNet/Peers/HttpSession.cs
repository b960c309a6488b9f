// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text;

namespace HostTests.SystemNet.Peers;

/// <summary>A client of HTTP/1.1 on our System.Net, over one connection that stays open.</summary>
internal sealed class HttpSession(string host, int port) : IDisposable
{
    private readonly OurStream _stream = new(host, port);

    /// <summary>Asks, and reads the answer.</summary>
    public (int Status, Dictionary<string, string> Fields, byte[] Body) Ask(string method, string path, byte[]? body = null, string type = "application/octet-stream")
    {
        string about = body == null ? string.Empty : $"Content-Type: {type}\r\nContent-Length: {body.Length}\r\n";
        _stream.Write([.. Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: {host}:{port}\r\n{about}\r\n"), .. body ?? []]);
        (string? first, Dictionary<string, string> fields) = HttpTalk.ReadHead(_stream);
        Assert.StartsWith("HTTP/1.1 ", first, StringComparison.Ordinal);
        int status = int.Parse(first!.AsSpan(9, 3), CultureInfo.InvariantCulture);
        return (status, fields, HttpTalk.ReadBody(_stream, fields));
    }

    /// <summary>Waits for the server's end of the connection.</summary>
    public void AwaitEnd() => Assert.Equal(-1, _stream.ReadByte());

    public void Dispose() => _stream.Dispose();
}
