// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using System.Security.Cryptography;
using TcpIp.Sockets;
using SocketError = TcpIp.SocketError;

namespace HostTests.EndToEnd;

/// <summary>
/// An application on the stack that sends much over one connection and receives much, and the kernel's program that does the same. Both
/// compare what came with what was sent.
/// </summary>
internal sealed class KernelTransfer
{
    private const int Chunk = 16384;

    private readonly SocketLayer _sockets;
    private readonly byte[] _toSend;
    private readonly byte[] _buffer = new byte[Chunk];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly bool _receiveFirst;
    private int _written;
    private bool _shut;

    /// <summary>A transfer over a connection of the stack.</summary>
    /// <param name="sockets">The stack's calls.</param>
    /// <param name="descriptor">The connection, which may be opening still.</param>
    /// <param name="toSend">What to send.</param>
    /// <param name="receiveFirst">Whether to send only when the other side has ended; else both go on at once.</param>
    public KernelTransfer(SocketLayer sockets, int descriptor, byte[] toSend, bool receiveFirst)
    {
        _sockets = sockets;
        _toSend = toSend;
        _receiveFirst = receiveFirst;
        Descriptor = descriptor;
    }

    /// <summary>Gets the connection.</summary>
    public int Descriptor { get; }

    /// <summary>Gets the bytes that came.</summary>
    public int Received { get; private set; }

    /// <summary>Gets the hash of what came, when all has come.</summary>
    public byte[]? Hash { get; private set; }

    /// <summary>Gets a value indicating whether both directions have ended.</summary>
    public bool IsDone => Hash is not null && _shut;

    /// <summary>Bytes that are the same for the same seed.</summary>
    public static byte[] CreatePayload(int seed, int length)
    {
        byte[] payload = new byte[length];
        new Random(seed).NextBytes(payload);
        return payload;
    }

    /// <summary>Does what can be done now.</summary>
    /// <returns>Whether all is done, and the descriptor closed.</returns>
    public bool Step()
    {
        if (IsDone)
        {
            return true;
        }

        Receive();
        if (Hash is not null || !_receiveFirst)
        {
            Send();
        }

        if (IsDone)
        {
            Assert.Equal(0, _sockets.Close(Descriptor));
        }

        return IsDone;
    }

    /// <summary>What the kernel's program does: all is received and all is sent, one after the other or at once.</summary>
    /// <param name="socket">A connection of the kernel.</param>
    /// <param name="toSend">What to send.</param>
    /// <param name="sendFirst">Whether to send all before anything is received; else both at once, or if null to receive first.</param>
    /// <returns>The hash of what came.</returns>
    public static byte[] RunPartner(Socket socket, byte[] toSend, bool? sendFirst)
    {
        Thread? sender = null;
        Exception? failure = null;
        void SendAll()
        {
            try
            {
                Send(socket, toSend);
            }
            catch (SocketException e)
            {
                failure = e;
            }
        }

        if (sendFirst == true)
        {
            SendAll();
        }
        else if (sendFirst == false)
        {
            sender = new Thread(SendAll) { IsBackground = true };
            sender.Start();
        }

        byte[] hash = failure is null ? ReceiveToEnd(socket) : [];
        sender?.Join();
        if (sendFirst is null)
        {
            SendAll();
        }

        return failure is null ? hash : throw failure;
    }

    private static void Send(Socket socket, byte[] bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += socket.Send(bytes, sent, Math.Min(Chunk, bytes.Length - sent), SocketFlags.None);
        }

        socket.Shutdown(SocketShutdown.Send);
    }

    private static byte[] ReceiveToEnd(Socket socket)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[Chunk];
        int length;
        while ((length = socket.Receive(buffer)) > 0)
        {
            hash.AppendData(buffer, 0, length);
        }

        return hash.GetHashAndReset();
    }

    private void Receive()
    {
        while (Hash is null)
        {
            int length = _sockets.Read(Descriptor, _buffer, 0, _buffer.Length);
            if (length is (int)SocketError.WouldBlock or (int)SocketError.InProgress)
            {
                return;
            }

            Assert.True(length >= 0, $"Read after {Received} bytes: {(SocketError)length}, {_sockets.GetState(Descriptor)}");
            _hash.AppendData(_buffer, 0, length);
            Received += length;
            if (length == 0)
            {
                Hash = _hash.GetHashAndReset();
            }
        }
    }

    private void Send()
    {
        while (_written < _toSend.Length)
        {
            int length = _sockets.Write(Descriptor, _toSend, _written, Math.Min(Chunk, _toSend.Length - _written));
            if (length is (int)SocketError.WouldBlock or (int)SocketError.InProgress or (int)SocketError.NoBufferSpace)
            {
                return;
            }

            Assert.True(length > 0, $"Write after {_written} bytes: {(SocketError)length}, {_sockets.GetState(Descriptor)}");
            _written += length;
        }

        if (!_shut)
        {
            Assert.Equal(0, _sockets.Shutdown(Descriptor));
            _shut = true;
        }
    }
}
