// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Firmware;

namespace HostTests.EndToEnd;

/// <summary>
/// Who looks at the page, as a browser does: it asks for the status every two seconds over a connection that it keeps, and again over another if
/// that one has ended before anything of the answer came; and it holds one in reserve that says nothing.
/// </summary>
/// <param name="connect">Makes a connection.</param>
internal sealed class Viewer(Func<Socket> connect) : IDisposable
{
    private const int Interval = 2000;

    private static readonly byte[] s_request = Encoding.ASCII.GetBytes($"GET {StatusApi.StatusPath} HTTP/1.1\r\nHost: board\r\n\r\n");

    private readonly byte[] _buffer = new byte[65536];
    private Socket? _connection;
    private Socket? _spare;

    /// <summary>The longest time that an answer took, from the wish to its end.</summary>
    public TimeSpan LongestWait { get; private set; }

    /// <summary>Answers that came.</summary>
    public int Answers { get; private set; }

    /// <summary>Connections that ended before an answer, which was asked for again then.</summary>
    public int Repeated { get; private set; }

    /// <summary>Looks for a while.</summary>
    public void Look(TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < time)
        {
            if (_spare is null || HasEnded(_spare))
            {
                _spare?.Dispose();
                _spare = connect();
            }

            var wait = Stopwatch.StartNew();
            while (!TryAsk())
            {
                Repeated++;
            }

            LongestWait = wait.Elapsed > LongestWait ? wait.Elapsed : LongestWait;
            Answers++;
            Thread.Sleep(Math.Max(0, Interval - (int)wait.ElapsedMilliseconds));
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _spare?.Dispose();
    }

    private static bool HasEnded(Socket socket)
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) && socket.Receive(new byte[1], SocketFlags.Peek) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private bool TryAsk()
    {
        if (_connection is null || HasEnded(_connection))
        {
            _connection?.Dispose();
            _connection = connect();
        }

        int length = 0;
        try
        {
            _connection.Send(s_request);
            do
            {
                int count = _connection.Receive(_buffer, length, _buffer.Length - length, SocketFlags.None);
                if (count == 0)
                {
                    break;
                }

                length += count;
            }
            while (!IsWhole(length));
        }
        catch (SocketException e) when (e.SocketErrorCode is System.Net.Sockets.SocketError.ConnectionReset or System.Net.Sockets.SocketError.Shutdown)
        {
            // a request may cross the end of its connection
        }

        if (!IsWhole(length))
        {
            string text = Encoding.Latin1.GetString(_buffer, 0, length);
            Assert.True(length == 0 || text.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), text);
            _connection.Dispose();
            _connection = null;
            return false;
        }

        if (Encoding.Latin1.GetString(_buffer, 0, length).Contains("\r\nConnection: close", StringComparison.Ordinal))
        {
            _connection.Dispose();
            _connection = null;
        }

        return true;
    }

    private bool IsWhole(int length)
    {
        string text = Encoding.Latin1.GetString(_buffer, 0, length);
        return text.StartsWith("HTTP/1.1 200 OK\r\n", StringComparison.Ordinal) && (text.EndsWith("]}\n", StringComparison.Ordinal) || text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal));
    }
}
