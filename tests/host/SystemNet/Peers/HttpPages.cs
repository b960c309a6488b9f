// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text;

namespace HostTests.SystemNet.Peers;

/// <summary>A server of HTTP/1.1 on our System.Net: <c>/bytes/N</c> gives that many bytes, a POST to <c>/echo</c> gets its body back.</summary>
internal sealed class HttpPages(int port) : OurServer(port)
{
    private int _requests;

    /// <summary>Gets the number of requests that were answered.</summary>
    public int Requests => Volatile.Read(ref _requests);

    /// <summary>Answers one request after the other over a connection, until the client closes it or asks for that.</summary>
    /// <returns>How many were answered.</returns>
    public static int Answer(OurStream stream)
    {
        int answered = 0;
        while (true)
        {
            (string? first, Dictionary<string, string> fields) = HttpTalk.ReadHead(stream);
            if (first == null)
            {
                return answered;
            }

            if (fields.TryGetValue("Expect", out string? expected) && expected == "100-continue")
            {
                stream.Write("HTTP/1.1 100 Continue\r\n\r\n");
            }

            byte[] sent = HttpTalk.ReadBody(stream, fields);
            string[] words = first.Split(' ');
            byte[]? body = (words[0], words[1]) switch
            {
                ("GET", var path) when path.StartsWith("/bytes/", StringComparison.Ordinal) => Wire.PatternBytes(1, int.Parse(path.AsSpan(7), CultureInfo.InvariantCulture)),
                ("POST", "/echo") => sent,
                _ => null,
            };
            bool isLast = fields.TryGetValue("Connection", out string? connection) && connection.Equals("close", StringComparison.OrdinalIgnoreCase);
            string head = $"HTTP/1.1 {(body == null ? "404 Not Found" : "200 OK")}\r\nContent-Length: {body?.Length ?? 0}\r\n{(isLast ? "Connection: close\r\n" : string.Empty)}\r\n";
            stream.Write([.. Encoding.ASCII.GetBytes(head), .. body ?? []]);
            answered++;
            if (isLast)
            {
                return answered;
            }
        }
    }

    protected override void Serve(OurStream stream) => Interlocked.Add(ref _requests, Answer(stream));
}
