// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Support;

/// <summary>
/// A frame that the stack has sent, taken apart by the referee. Making one checks all that must be right about any frame that
/// leaves: lengths, checksums, addresses, reserved bits.
/// </summary>
internal sealed class SeenFrame
{
    public const int Fin = 1;
    public const int Syn = 2;
    public const int Rst = 4;
    public const int Psh = 8;
    public const int Ack = 16;
    public const int Urg = 32;

    /// <param name="timesToLive">Those that the test lets the stack send; 64 if it says nothing.</param>
    /// <param name="joined">Whether the referee has made it of fragments, so that it may be longer than a frame.</param>
    public SeenFrame(byte[] bytes, int time, ulong stackMac, uint stackIp, ICollection<int>? timesToLive = null, bool joined = false)
    {
        Bytes = bytes;
        Time = time;

        // a last fragment may be as short as a byte, everything else has an ARP packet or a transport header
        Assert.InRange(bytes.Length, 35, joined ? 65535 + 14 : 1514);
        Destination = Wire.Get48(bytes, 0);
        Type = Wire.Get16(bytes, 12);
        Assert.Equal(stackMac, Wire.Get48(bytes, 6));
        if (IsArp)
        {
            ReadArp(stackMac, stackIp);
        }
        else
        {
            Assert.Equal(0x0800, Type);
            ReadIp(stackIp, timesToLive ?? [64]);
        }
    }

    public byte[] Bytes { get; }

    public int Time { get; }

    public ulong Destination { get; }

    public int Type { get; }

    public bool IsArp => Type == 0x0806;

    public bool IsIcmp => !IsArp && Protocol == 1;

    public bool IsIgmp => !IsArp && Protocol == 2;

    public bool IsToGroup => !IsArp && IpDestination >> 28 == 14;

    /// <summary>Gets the type of an IGMP message.</summary>
    public int IgmpType => IpPayload[0];

    /// <summary>Gets the group that an IGMP message is about.</summary>
    public uint IgmpGroup => Wire.Get32(IpPayload, 4);

    public bool IsUdp => !IsArp && Protocol == 17;

    public bool IsTcp => !IsArp && Protocol == 6;

    public int ArpOperation { get; private set; }

    public uint ArpSenderIp { get; private set; }

    public ulong ArpTargetMac { get; private set; }

    public uint ArpTargetIp { get; private set; }

    public uint IpSource { get; private set; }

    public uint IpDestination { get; private set; }

    public int Protocol { get; private set; }

    public int Ttl { get; private set; }

    public int Id { get; private set; }

    public bool MoreFragments { get; private set; }

    /// <summary>Gets the fragment's offset in bytes.</summary>
    public int FragmentOffset { get; private set; }

    /// <summary>Gets a value indicating whether it is part of a datagram: then only its IP header is taken apart.</summary>
    public bool IsFragment => MoreFragments || FragmentOffset != 0;

    public byte[] IpPayload { get; private set; } = [];

    public int IcmpType => IpPayload[0];

    public int IcmpCode => IpPayload[1];

    /// <summary>Gets what follows the first 8 bytes of an ICMP message.</summary>
    public byte[] IcmpData => IpPayload[8..];

    public int SourcePort { get; private set; }

    public int DestinationPort { get; private set; }

    public uint Seq { get; private set; }

    public uint AckNumber { get; private set; }

    public int Flags { get; private set; }

    public int Window { get; private set; }

    public byte[] Options { get; private set; } = [];

    public byte[] Text { get; private set; } = [];

    /// <summary>Gets the sequence numbers that the segment takes: its text, SYN and FIN.</summary>
    public int SequenceLength => Text.Length + ((Flags & Syn) != 0 ? 1 : 0) + ((Flags & Fin) != 0 ? 1 : 0);

    /// <summary>Gets the flags as letters in the order S F R P A.</summary>
    public string FlagText => Letters(Flags);

    /// <summary>Gets the value of the MSS option, or null where it is not there.</summary>
    public int? Mss => Options.Length >= 4 && Options[0] == 2 && Options[1] == 4 ? Wire.Get16(Options, 2) : null;

    public static string Letters(int flags)
    {
        (int Bit, char Letter)[] letters = [(Syn, 'S'), (Fin, 'F'), (Rst, 'R'), (Psh, 'P'), (Ack, 'A'), (Urg, 'U')];
        return new string([.. letters.Where(l => (flags & l.Bit) != 0).Select(l => l.Letter)]);
    }

    public static int FlagsOf(string letters)
    {
        int flags = 0;
        foreach (char letter in letters)
        {
            int bit = "FSRPAU".IndexOf(letter);
            Assert.True(bit >= 0 || letter == '-', "unknown flag " + letter);
            flags |= bit >= 0 ? 1 << bit : 0;
        }

        return flags;
    }

    public override string ToString()
    {
        if (IsArp)
        {
            return $"ARP {ArpOperation} for {ArpTargetIp:X8} to {Destination:X12}";
        }

        return IsTcp
            ? $"TCP {FlagText} seq={Seq} ack={AckNumber} win={Window} len={Text.Length} t={Time}"
            : $"IP {Protocol} to {IpDestination:X8}, {IpPayload.Length} bytes";
    }

    private void ReadArp(ulong stackMac, uint stackIp)
    {
        Assert.Equal(42, Bytes.Length);
        Assert.Equal(1, Wire.Get16(Bytes, 14));
        Assert.Equal(0x0800, Wire.Get16(Bytes, 16));
        Assert.Equal(0x0604, Wire.Get16(Bytes, 18));
        ArpOperation = Wire.Get16(Bytes, 20);
        Assert.Equal(stackMac, Wire.Get48(Bytes, 22));
        ArpSenderIp = Wire.Get32(Bytes, 28);
        Assert.True(ArpSenderIp == stackIp || (ArpSenderIp == 0 && ArpOperation == 1), "an ARP packet of a stranger's address");
        ArpTargetMac = Wire.Get48(Bytes, 32);
        ArpTargetIp = Wire.Get32(Bytes, 38);
    }

    private void ReadIp(uint stackIp, ICollection<int> timesToLive)
    {
        // only IGMP has an option
        Protocol = Bytes[23];
        int header = IsIgmp ? 24 : 20;
        Assert.Equal(0x40 | (header / 4), Bytes[14]);
        Assert.Equal(Bytes.Length - 14, Wire.Get16(Bytes, 16));
        Id = Wire.Get16(Bytes, 18);
        int flags = Wire.Get16(Bytes, 20);
        Assert.Equal(0, flags & 0x8000);
        MoreFragments = (flags & 0x2000) != 0;
        FragmentOffset = (flags & 0x1FFF) * 8;
        Assert.True(!IsFragment || (flags & 0x4000) == 0, "a fragment that must not be fragmented");
        Assert.Equal(0xFFFF, Wire.Sum(Bytes, 14, header));
        Ttl = Bytes[22];
        IpSource = Wire.Get32(Bytes, 26);
        IpDestination = Wire.Get32(Bytes, 30);
        // whoever asks for an address has none (RFC 1122 section 3.2.1.3 (a))
        bool asks = IpSource == 0 && IpDestination == uint.MaxValue && IsUdp;
        Assert.True(IpSource == stackIp || asks, "a packet from a stranger's address");
        Assert.NotEqual(127u, IpDestination >> 24);
        IpPayload = Bytes[(14 + header)..];
        if (IsToGroup)
        {
            Assert.Equal(0x01005E000000ul | (IpDestination & 0x7FFFFF), Destination);
            Assert.InRange(Ttl, 1, 255);
        }
        else
        {
            Assert.Contains(Ttl, timesToLive);
        }

        if (IsFragment)
        {
            Assert.True(!MoreFragments || IpPayload.Length % 8 == 0, "a fragment cut in the middle of 8 bytes");
            return;
        }

        Assert.True(Bytes.Length >= 42, "no room for any transport header");
        if (IsIgmp)
        {
            Assert.Equal(1, Ttl);
            Assert.Equal(0x94040000u, Wire.Get32(Bytes, 34));
            Assert.Equal(8, IpPayload.Length);
            Assert.Equal(0xFFFF, Wire.Sum(IpPayload, 0, 8));
            Assert.Equal(0, IpPayload[1]);
        }
        else if (IsIcmp)
        {
            Assert.True(IpPayload.Length >= 8);
            Assert.Equal(0xFFFF, Wire.Sum(IpPayload, 0, IpPayload.Length));
        }
        else if (IsUdp)
        {
            ReadUdp();
        }
        else
        {
            Assert.Equal(6, Protocol);
            ReadTcp();
        }
    }

    private void ReadUdp()
    {
        byte[] datagram = IpPayload;
        Assert.True(datagram.Length >= 8);
        Assert.Equal(datagram.Length, Wire.Get16(datagram, 4));
        Assert.NotEqual(0, Wire.Get16(datagram, 6));
        Assert.Equal(0xFFFF, Wire.Sum(datagram, 0, datagram.Length, Wire.PseudoHeader(IpSource, IpDestination, 17, datagram.Length)));
        SourcePort = Wire.Get16(datagram, 0);
        DestinationPort = Wire.Get16(datagram, 2);
        Assert.NotEqual(0, SourcePort);
        Assert.NotEqual(0, DestinationPort);
        Text = datagram[8..];
    }

    private void ReadTcp()
    {
        byte[] segment = IpPayload;
        Assert.True(segment.Length >= 20);
        Assert.Equal(0xFFFF, Wire.Sum(segment, 0, segment.Length, Wire.PseudoHeader(IpSource, IpDestination, 6, segment.Length)));
        SourcePort = Wire.Get16(segment, 0);
        DestinationPort = Wire.Get16(segment, 2);
        Assert.NotEqual(0, SourcePort);
        Assert.NotEqual(0, DestinationPort);
        Seq = Wire.Get32(segment, 4);
        AckNumber = Wire.Get32(segment, 8);
        int header = segment[12] >> 4 << 2;
        Assert.InRange(header, 20, segment.Length);
        Assert.Equal(0, Wire.Get16(segment, 12) & 0x0FC0);
        Flags = segment[13] & 0x3F;
        Window = Wire.Get16(segment, 14);
        Assert.Equal(0, Wire.Get16(segment, 18));
        Options = segment[20..header];
        Text = segment[header..];
        bool sackAlone = Options is [1, 1, 5, ..] && Text.Length == 0 && Options.Length == 2 + Options[3];
        Assert.True((Flags & Syn) != 0 || Options.Length == 0 || sackAlone, "options outside a SYN, and not SACK of a mere acknowledgment");
        Assert.True((Flags & Ack) != 0 || AckNumber == 0, "an acknowledgment number without its flag");
    }
}
