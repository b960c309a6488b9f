// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Text;

namespace VirtualBoard.Tap;

/// <summary>struct ifreq of Linux: a name and whatever the call is about.</summary>
internal sealed class InterfaceRequest
{
    public const int LongestName = 15;

    private const int Size = 40;
    private const int Content = 16;
    private const int SocketAddress = Content + 4;

    public InterfaceRequest(string name)
    {
        Bytes = new byte[Size];
        Encoding.ASCII.GetBytes(name, Bytes);
    }

    public byte[] Bytes { get; }

    /// <summary>The name, which the kernel may have filled in.</summary>
    public string Name => Encoding.ASCII.GetString(Bytes, 0, Array.IndexOf(Bytes, (byte)0));

    public short Flags
    {
        get => BitConverter.ToInt16(Bytes, Content);
        set => BitConverter.TryWriteBytes(Bytes.AsSpan(Content), value);
    }

    public uint Address
    {
        get => BinaryPrimitives.ReadUInt32BigEndian(Bytes.AsSpan(SocketAddress));
        set
        {
            Bytes.AsSpan(Content).Clear();
            BitConverter.TryWriteBytes(Bytes.AsSpan(Content), (short)LinuxCalls.InternetFamily);
            BinaryPrimitives.WriteUInt32BigEndian(Bytes.AsSpan(SocketAddress), value);
        }
    }
}
