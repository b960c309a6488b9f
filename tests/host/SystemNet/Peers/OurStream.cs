// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Text;
using ours::System.Net;
using ours::System.Net.Sockets;

namespace HostTests.SystemNet.Peers;

/// <summary>A connection of our System.Net: what a library makes of <c>Dns</c>, <c>Socket</c> and <c>NetworkStream</c>.</summary>
internal sealed class OurStream : IDisposable
{
    private const int Patience = 20_000;
    private const int LongestLine = 1000;

    private readonly NetworkStream _stream;
    private readonly byte[] _buffer = new byte[2000];
    private int _held;
    private int _taken;

    /// <summary>Connects.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    public OurStream(string host, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = Patience, SendTimeout = Patience };
        try
        {
            socket.Connect(new IPEndPoint(Dns.GetHostEntry(host).AddressList[0], port));
            _stream = new NetworkStream(socket, true);
        }
        catch
        {
            socket.Close();
            throw;
        }
    }

    /// <summary>Takes a connection that was accepted.</summary>
    public OurStream(Socket accepted)
    {
        _stream = new NetworkStream(accepted, true);
    }

    /// <summary>Gets the next byte, or -1 at the end.</summary>
    public int ReadByte() => _taken < _held || Fill() ? _buffer[_taken++] : -1;

    /// <summary>Reads so many bytes; fails if the end comes first.</summary>
    public byte[] ReadExactly(int length)
    {
        byte[] bytes = new byte[length];
        int read = 0;
        while (read < length)
        {
            if (_taken == _held && !Fill())
            {
                throw new EndOfStreamException($"after {read} of {length} bytes");
            }

            int count = Math.Min(length - read, _held - _taken);
            Array.Copy(_buffer, _taken, bytes, read, count);
            _taken += count;
            read += count;
        }

        return bytes;
    }

    /// <summary>Reads what there is, at least a byte; null at the end.</summary>
    public byte[]? ReadSome()
    {
        if (_taken == _held && !Fill())
        {
            return null;
        }

        byte[] bytes = _buffer[_taken.._held];
        _taken = _held;
        return bytes;
    }

    /// <summary>Reads to CR LF; null at the end.</summary>
    public string? ReadLine()
    {
        StringBuilder line = new();
        int value = ReadByte();
        while (value != '\n')
        {
            if (value < 0)
            {
                return line.Length == 0 ? null : throw new EndOfStreamException($"within a line: {line}");
            }

            line.Append((char)value);
            Assert.True(line.Length < LongestLine, "no line ends");
            value = ReadByte();
        }

        return line.ToString().TrimEnd('\r');
    }

    public void Write(byte[] bytes) => _stream.Write(bytes, 0, bytes.Length);

    public void Write(string text) => Write(Encoding.ASCII.GetBytes(text));

    public void Dispose() => _stream.Close();

    private bool Fill()
    {
        _taken = 0;
        _held = _stream.Read(_buffer, 0, _buffer.Length);
        return _held > 0;
    }
}
