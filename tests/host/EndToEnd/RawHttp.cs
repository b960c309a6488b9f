// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using System.Text;

namespace HostTests.EndToEnd;

/// <summary>What a test does itself when no HTTP client would do it.</summary>
internal static class RawHttp
{
    public static readonly byte[] Get = Encoding.ASCII.GetBytes("GET / HTTP/1.0\r\n\r\n");

    /// <summary>Reads until the other side has closed.</summary>
    public static string ReadToEnd(Socket socket)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        int length;
        while ((length = socket.Receive(buffer)) > 0)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, length));
        }

        return text.ToString();
    }
}
