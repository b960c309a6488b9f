// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using TcpIp.Sockets;

namespace HostTests.Support;

/// <summary>
/// A server that takes every connection at once, answers the request with a page and lets go: how long a client waits is then the
/// stack's doing alone.
/// </summary>
internal sealed class StreetServer
{
    private readonly SocketLayer _sockets;
    private readonly List<(int Socket, int Sent)> _open = [];
    private readonly byte[] _page;
    private readonly byte[] _buffer = new byte[2000];

    public StreetServer(Street street, int port = 80, int backlog = 8, int pageLength = 400, bool speaksFirst = false)
    {
        _sockets = street.Stack.Sockets;
        _page = Encoding.ASCII.GetBytes(new string('x', pageLength));
        SpeaksFirst = speaksFirst;
        Listener = _sockets.Socket();
        _sockets.Bind(Listener, port);
        _sockets.Listen(Listener, backlog);
        street.Programs.Add(Poll);
    }

    public int Listener { get; }

    public bool SpeaksFirst { get; }

    /// <summary>Gets or sets a value indicating whether connections are taken at all.</summary>
    public bool Accepts { get; set; } = true;

    public int Accepted { get; private set; }

    private int Poll(int now)
    {
        int socket = Accepts ? _sockets.Accept(Listener) : -1;
        while (socket >= 0)
        {
            Accepted++;
            _open.Add((socket, -1));
            socket = _sockets.Accept(Listener);
        }

        int wait = int.MaxValue;
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            (int connection, int sent) = _open[i];
            if (sent < 0)
            {
                int count = SpeaksFirst ? 1 : _sockets.Read(connection, _buffer, 0, _buffer.Length);
                if (count == (int)SocketError.WouldBlock)
                {
                    continue;
                }

                sent = count > 0 ? 0 : _page.Length;
            }

            int written = sent < _page.Length ? _sockets.Write(connection, _page, sent, _page.Length - sent) : 0;
            sent += Math.Max(written, 0);
            _open[i] = (connection, sent);
            if (sent == _page.Length || (written < 0 && written != (int)SocketError.WouldBlock && written != (int)SocketError.NoBufferSpace))
            {
                _sockets.Close(connection);
                _open.RemoveAt(i);
            }
            else
            {
                wait = 10;
            }
        }

        return wait;
    }
}
