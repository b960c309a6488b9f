// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Ladder.Language;

/// <summary>A socket of the application. What it writes and reads is the test pattern, from the first byte of the stream on.</summary>
internal sealed class LadderSocket(int descriptor)
{
    private long _written;
    private long _read;

    public int Descriptor { get; } = descriptor;

    public int Write(SocketLayer sockets, int count)
    {
        int result = sockets.Write(Descriptor, Wire.PatternBytes(1 + _written, count), 0, count);
        if (result > 0)
        {
            _written += result;
        }

        return result;
    }

    public int Read(SocketLayer sockets, int count, out string? wrong)
    {
        wrong = null;
        byte[] buffer = new byte[count];
        int result = sockets.Read(Descriptor, buffer, 0, count);
        for (int i = 0; i < result && wrong == null; i++)
        {
            if (buffer[i] != Wire.Pattern(1 + _read + i))
            {
                wrong = $"byte {1 + _read + i} of the stream is {buffer[i]:X2} instead of {Wire.Pattern(1 + _read + i):X2}";
            }
        }

        if (result > 0)
        {
            _read += result;
        }

        return result;
    }
}
