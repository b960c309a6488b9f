// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.Stack.Dhcp;

/// <summary>A message of a server, byte by byte: a good one unless something is changed.</summary>
internal sealed class DhcpAnswer
{
    public const int Offer = 2;
    public const int Ack = 5;
    public const int Nak = 6;

    private readonly byte[] _head = new byte[240];

    public DhcpAnswer(int type, uint xid, uint address)
    {
        _head[0] = 2;
        _head[1] = 1;
        _head[2] = 6;
        Wire.Put32(_head, 4, xid);
        Wire.Put32(_head, 16, address);
        Wire.Put48(_head, 28, TestNetwork.StackMac);
        Wire.Put32(_head, 236, 0x63825363);
        Set(53, (byte)type);
    }

    /// <summary>Gets the fixed part, to be spoilt.</summary>
    public byte[] Head => _head;

    /// <summary>Gets the options in their order; of one code there may be several.</summary>
    public List<(int Code, byte[] Value)> Options { get; } = [];

    /// <summary>Gets or sets what stands behind the last option.</summary>
    public byte[] Tail { get; set; } = [255];

    public static byte[] Number(uint value)
    {
        byte[] bytes = new byte[4];
        Wire.Put32(bytes, 0, value);
        return bytes;
    }

    public static byte[] Addresses(params string[] addresses) => [.. addresses.SelectMany(a => Number(Wire.Address(a)))];

    public DhcpAnswer Set(int code, params byte[] value)
    {
        Options.RemoveAll(o => o.Code == code);
        Options.Add((code, value));
        return this;
    }

    public DhcpAnswer Set(int code, uint number) => Set(code, Number(number));

    public DhcpAnswer Set(int code, string text) => Set(code, Encoding.ASCII.GetBytes(text));

    public DhcpAnswer Remove(int code)
    {
        Options.RemoveAll(o => o.Code == code);
        return this;
    }

    /// <summary>Moves options into a field, and says so.</summary>
    public DhcpAnswer Overload(int overload, int fieldStart, int fieldLength, params int[] codes)
    {
        byte[] moved = Pack(Options.Where(o => codes.Contains(o.Code)));
        Options.RemoveAll(o => codes.Contains(o.Code));
        byte[] field = [.. moved, 255, .. new byte[fieldLength - moved.Length - 1]];
        field.CopyTo(_head, fieldStart);
        return Set(52, (byte)overload);
    }

    public byte[] ToBytes() => [.. _head, .. Pack(Options), .. Tail];

    private static byte[] Pack(IEnumerable<(int Code, byte[] Value)> options) =>
        [.. options.SelectMany(o => o.Code == 0 ? [0] : (byte[])[(byte)o.Code, (byte)o.Value.Length, .. o.Value])];
}
