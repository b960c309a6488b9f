// Licensed under the MIT license. See LICENSE in the repository root.

using System.Buffers.Binary;

namespace VirtualBoard.Services;

/// <summary>A DHCP message as a server reads and writes it (RFC 2131 section 2, RFC 2132).</summary>
internal sealed class DhcpMessage
{
    public const int ServerPort = 67;
    public const int ClientPort = 68;

    // types, option 53
    public const int Discover = 1;
    public const int Offer = 2;
    public const int Request = 3;
    public const int Decline = 4;
    public const int Ack = 5;
    public const int Nak = 6;
    public const int Release = 7;
    public const int Inform = 8;

    // options
    public const int SubnetMask = 1;
    public const int Router = 3;
    public const int DnsServer = 6;
    public const int HostName = 12;
    public const int DomainName = 15;
    public const int NtpServer = 42;
    public const int RequestedAddress = 50;
    public const int LeaseTime = 51;
    public const int MessageType = 53;
    public const int ServerIdentifier = 54;
    private const int End = 255;
    private const int Pad = 0;

    // fields
    private const byte BootRequest = 1;
    private const byte BootReply = 2;
    private const int Flags = 10;
    private const int ClientAddressField = 12;
    private const int YourAddress = 16;
    private const int ClientHardware = 28;
    private const int Cookie = 236;
    private const int Options = 240;
    private const uint MagicCookie = 0x63825363;
    private const int ShortestMessage = 300;
    private const int LongestMessage = 548;
    private const byte EthernetType = 1;
    private const byte MacLength = 6;

    private readonly byte[] _bytes = new byte[LongestMessage];
    private int _length;

    /// <summary>The message as it goes over the wire.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Math.Max(_length, ShortestMessage));

    public int Type => Find(MessageType) is [byte type] ? type : 0;

    /// <summary>The client's MAC address.</summary>
    public ulong Client => Packets.Station.ReadMac(_bytes.AsSpan(ClientHardware));

    /// <summary>The address that the client has, ciaddr.</summary>
    public uint ClientAddress => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(ClientAddressField));

    /// <summary>The address that the server gives, yiaddr.</summary>
    public uint GivenAddress => BinaryPrimitives.ReadUInt32BigEndian(_bytes.AsSpan(YourAddress));

    /// <summary>Whether the client wants the answer to go to all.</summary>
    public bool WantsBroadcast => (_bytes[Flags] & 0x80) != 0;

    /// <summary>Reads what a client has sent.</summary>
    /// <returns>The message, or null if it is none.</returns>
    public static DhcpMessage? Read(ReadOnlySpan<byte> data)
    {
        if (data.Length < Options || data.Length > LongestMessage || data[0] != BootRequest || data[1] != EthernetType || data[2] != MacLength
            || BinaryPrimitives.ReadUInt32BigEndian(data[Cookie..]) != MagicCookie)
        {
            return null;
        }

        var message = new DhcpMessage();
        data.CopyTo(message._bytes);
        message._length = data.Length;
        return message;
    }

    /// <summary>Begins the answer to a message.</summary>
    /// <param name="type">What it says.</param>
    /// <param name="address">The address that the client is given, or 0.</param>
    public DhcpMessage Answer(int type, uint address)
    {
        var answer = new DhcpMessage { _length = Options };
        _bytes.AsSpan(0, Cookie).CopyTo(answer._bytes);
        answer._bytes[0] = BootReply;

        // sname and file are the server's, and so is secs
        answer._bytes.AsSpan(ClientHardware + 16, Cookie - ClientHardware - 16).Clear();
        answer._bytes.AsSpan(8, 2).Clear();
        BinaryPrimitives.WriteUInt32BigEndian(answer._bytes.AsSpan(YourAddress), address);
        BinaryPrimitives.WriteUInt32BigEndian(answer._bytes.AsSpan(Cookie), MagicCookie);
        return answer.Add(MessageType, [(byte)type]);
    }

    /// <summary>Adds an option.</summary>
    public DhcpMessage Add(int option, ReadOnlySpan<byte> value)
    {
        _bytes[_length++] = (byte)option;
        _bytes[_length++] = (byte)value.Length;
        value.CopyTo(_bytes.AsSpan(_length));
        _length += value.Length;
        return this;
    }

    /// <summary>Adds an option that is a number or an address.</summary>
    public DhcpMessage Add(int option, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return Add(option, bytes);
    }

    /// <summary>Ends the options.</summary>
    public DhcpMessage Finish()
    {
        _bytes[_length++] = End;
        return this;
    }

    /// <summary>An option that is an address, or 0 if it is not there.</summary>
    public uint FindAddress(int option)
    {
        ReadOnlySpan<byte> value = Find(option);
        return value.Length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
    }

    /// <summary>An option, empty if it is not there.</summary>
    public ReadOnlySpan<byte> Find(int option)
    {
        int at = Options;
        while (at < _length && _bytes[at] != End)
        {
            if (_bytes[at] == Pad)
            {
                at++;
            }
            else if (at + 1 >= _length || at + 2 + _bytes[at + 1] > _length)
            {
                break;
            }
            else if (_bytes[at] == option)
            {
                return _bytes.AsSpan(at + 2, _bytes[at + 1]);
            }
            else
            {
                at += 2 + _bytes[at + 1];
            }
        }

        return default;
    }
}
