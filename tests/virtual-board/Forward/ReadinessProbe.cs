// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp;
using TcpIp.Sockets;
using TcpIp.Tcp;
using VirtualBoard.Packets;

namespace VirtualBoard.Forward;

/// <summary>Opens and closes a connection to the board until that works.</summary>
internal sealed class ReadinessProbe(SocketLayer sockets, BoardWatch board, int port)
{
    private const int RetryAfter = 100;

    // an address that the board has given up does not answer
    private const int Patience = 2000;

    private int _descriptor = -1;
    private int _beganAt;
    private int? _tryAt;

    /// <summary>Whether the board has accepted a connection.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>Goes on with it.</summary>
    /// <returns>Whether anything was done.</returns>
    public bool Step(int now)
    {
        if (_descriptor < 0)
        {
            if (board.Station is not Station station || (_tryAt is int at && now - at < 0))
            {
                return false;
            }

            _beganAt = now;
            _descriptor = sockets.Socket();
            sockets.Connect(_descriptor, station.Address, port);
            return true;
        }

        if (sockets.GetState(_descriptor) == TcpState.Established)
        {
            HasAnswered = true;
            sockets.Close(_descriptor);
        }
        else if (sockets.GetError(_descriptor) == SocketError.Success && now - _beganAt < Patience)
        {
            return false;
        }
        else
        {
            sockets.Abort(_descriptor);
        }

        _descriptor = -1;
        _tryAt = now + RetryAfter;
        return true;
    }
}
