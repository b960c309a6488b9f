// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;
using System.Text;

namespace VirtualBoard.Capture;

/// <summary>
/// Writes packets in the format pcapng (draft-ietf-opsawg-pcapng): a section header, interfaces whose times count nanoseconds, and enhanced packet blocks.
/// </summary>
public sealed class PcapNgWriter : IDisposable
{
    private const uint SectionHeaderBlock = 0x0A0D0D0A;
    private const uint InterfaceDescriptionBlock = 1;
    private const uint EnhancedPacketBlock = 6;
    private const uint ByteOrderMagic = 0x1A2B3C4D;
    private const ushort LinkTypeEthernet = 1;
    private const byte NanosecondResolution = 9;
    private const uint CrcErrorFlag = 1u << 24;

    private const int EndOfOptions = 0;
    private const int Comment = 1;
    private const int SectionOs = 3;
    private const int SectionApplication = 4;
    private const int InterfaceName = 2;
    private const int InterfaceDescription = 3;
    private const int InterfaceSpeed = 8;
    private const int InterfaceResolution = 9;
    private const int PacketFlags = 2;

    private readonly Stream _stream;
    private byte[] _block = new byte[2048];
    private int _length;
    private int _interfaces;

    /// <summary>Starts a file.</summary>
    /// <param name="stream">Where to; it is disposed with the writer.</param>
    /// <param name="application">Who writes it.</param>
    public PcapNgWriter(Stream stream, string application)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        BeginBlock(SectionHeaderBlock);
        Put32(ByteOrderMagic);
        Put16(1);
        Put16(0);

        // The section's length is not known yet: -1.
        Put32(uint.MaxValue);
        Put32(uint.MaxValue);
        PutText(SectionOs, Environment.OSVersion.VersionString);
        PutText(SectionApplication, application);
        EndBlock();
    }

    /// <summary>Describes an interface.</summary>
    /// <returns>Its number, for <see cref="WritePacket"/>.</returns>
    public int AddInterface(string name, string description, long bitsPerSecond)
    {
        BeginBlock(InterfaceDescriptionBlock);
        Put16(LinkTypeEthernet);
        Put16(0);

        // no limit to the length of packets
        Put32(0);
        PutText(InterfaceName, name);
        PutText(InterfaceDescription, description);
        Put16(InterfaceSpeed);
        Put16(8);
        Put32((uint)bitsPerSecond);
        Put32((uint)(bitsPerSecond >> 32));
        PutBytes(InterfaceResolution, [NanosecondResolution]);
        EndBlock();
        return _interfaces++;
    }

    /// <summary>Writes one packet.</summary>
    /// <param name="interfaceNumber">The interface.</param>
    /// <param name="timeNs">Nanoseconds since 1970.</param>
    /// <param name="frame">The frame without check sequence.</param>
    /// <param name="direction">Which way it went.</param>
    /// <param name="isDamaged">Whether its check sequence was wrong.</param>
    /// <param name="comment">What a reader should know about it.</param>
    public void WritePacket(
        int interfaceNumber,
        long timeNs,
        ReadOnlySpan<byte> frame,
        PacketDirection direction,
        bool isDamaged = false,
        string? comment = null)
    {
        BeginBlock(EnhancedPacketBlock);
        Put32((uint)interfaceNumber);
        Put32((uint)(timeNs >> 32));
        Put32((uint)timeNs);
        Put32((uint)frame.Length);
        Put32((uint)frame.Length);
        PutPadded(frame);
        Put16(PacketFlags);
        Put16(4);
        Put32((uint)direction | (isDamaged ? CrcErrorFlag : 0));
        if (comment is not null)
        {
            PutText(Comment, comment);
        }

        EndBlock();
    }

    /// <summary>Hands everything on to the file.</summary>
    public void Flush() => _stream.Flush();

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void BeginBlock(uint type)
    {
        _length = 0;
        Put32(type);

        // place for the length
        Put32(0);
    }

    private void EndBlock()
    {
        Put32(EndOfOptions);
        uint total = (uint)_length + 4;
        Put32(total);
        BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4), total);
        _stream.Write(_block, 0, _length);
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _block.Length)
        {
            Array.Resize(ref _block, Math.Max(_block.Length * 2, _length + count));
        }

        Span<byte> taken = _block.AsSpan(_length, count);
        _length += count;
        return taken;
    }

    private void Put16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), (ushort)value);

    private void Put32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    private void PutText(int option, string text) => PutBytes(option, Encoding.UTF8.GetBytes(text));

    private void PutBytes(int option, ReadOnlySpan<byte> bytes)
    {
        Put16(option);
        Put16(bytes.Length);
        PutPadded(bytes);
    }

    private void PutPadded(ReadOnlySpan<byte> bytes)
    {
        Span<byte> target = Take((bytes.Length + 3) & ~3);
        bytes.CopyTo(target);
        target[bytes.Length..].Clear();
    }
}
