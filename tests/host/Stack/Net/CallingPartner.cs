// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Net;

/// <summary>
/// A client at the other end: connects, writes four bytes, closes its direction and reads them back, so many times. It allocates
/// nothing when it works.
/// </summary>
internal sealed class CallingPartner(WaitingNetwork network, int port, int calls) : IBackgroundWork
{
    private readonly SocketLayer _sockets = network.Theirs.Sockets;
    private readonly byte[] _question = "ping"u8.ToArray();
    private readonly byte[] _answer = new byte[10];
    private int _socket = -1;
    private bool _asked;
    private int _calls = calls;

    /// <summary>Gets the number of calls that got their four bytes back.</summary>
    public int Answered { get; private set; }

    /// <summary>Gets the number of calls that went wrong.</summary>
    public int Failed { get; private set; }

    /// <summary>Calls more often.</summary>
    public void Add(int more) => _calls += more;

    public int Poll(int now)
    {
        if (_socket < 0)
        {
            if (_calls > 0 && (_socket = _sockets.Socket()) >= 0)
            {
                _calls--;
                _asked = false;
                _sockets.Connect(_socket, WaitingNetwork.OurAddress, port);
            }

            return 0;
        }

        if (!_asked)
        {
            int written = _sockets.Write(_socket, _question, 0, 4);
            if (written == (int)SocketError.InProgress)
            {
                return 0;
            }

            _asked = written == 4;
            Failed += _asked ? 0 : 1;
            _sockets.Shutdown(_socket);
        }

        int read = _sockets.Read(_socket, _answer, 0, _answer.Length);
        if (read == (int)SocketError.WouldBlock)
        {
            return 0;
        }

        if (read == 4 && _answer[0] == _question[0] && _answer[3] == _question[3])
        {
            Answered++;
        }
        else
        {
            Failed++;
        }

        _sockets.Close(_socket);
        _socket = -1;
        return 0;
    }
}
