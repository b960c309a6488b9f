// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net;
using System.Net.Sockets;

namespace VirtualBoard.WayOut;

/// <summary>One exchange of datagrams between a port of the board and a peer, over a socket of the PC.</summary>
internal sealed class DatagramFlow : IDisposable
{
    private readonly Socket _socket;
    private readonly Action<byte[]> _received;
    private readonly Action _refused;

    /// <summary>Opens the socket.</summary>
    /// <param name="peer">Whom the board talks to.</param>
    /// <param name="received">Takes what the peer sends, on any thread.</param>
    /// <param name="refused">Called, on any thread, when the peer has nobody on this port.</param>
    /// <exception cref="SocketException">The PC has no way there.</exception>
    public DatagramFlow(IPEndPoint peer, Action<byte[]> received, Action refused)
    {
        _received = received;
        _refused = refused;
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            _socket.Connect(peer);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _ = ReceiveAsync();
    }

    /// <summary>When it was last used, in milliseconds.</summary>
    public long UsedAt { get; set; }

    /// <summary>The frame that was sent last: an error quotes it.</summary>
    public byte[] LastFrame { get; set; } = [];

    /// <summary>Sends a datagram.</summary>
    public void Send(ReadOnlySpan<byte> data)
    {
        try
        {
            _socket.Send(data);
        }
        catch (SocketException)
        {
            // the peer has refused an earlier one
            _refused();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (true)
        {
            try
            {
                int length = await _socket.ReceiveAsync(buffer, SocketFlags.None).ConfigureAwait(false);
                _received(buffer[..length]);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused)
            {
                _refused();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
