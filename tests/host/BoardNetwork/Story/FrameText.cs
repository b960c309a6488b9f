// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using HostTests.Stack.Mdns;
using VirtualBoard.Services;

namespace HostTests.BoardNetwork.Story;

/// <summary>Says in a line what a frame says, read from its bytes by the referee. Sequence numbers are told from where each end began.</summary>
internal sealed class FrameText
{
    private const uint Nobody = 0;
    private const int Probe = 255;

    private readonly Dictionary<uint, uint> _begins = [];

    /// <summary>What a frame says; more than one line if it tells many things.</summary>
    public string Of(byte[] frame)
    {
        if (Wire.Get16(frame, 12) == 0x0806)
        {
            return "ARP   " + Arp(frame);
        }

        uint from = Wire.Get32(frame, 26);
        uint to = Wire.Get32(frame, 30);
        int payload = 14 + ((frame[14] & 15) * 4);
        byte[] data = frame[payload..(14 + Wire.Get16(frame, 16))];
        return frame[23] switch
        {
            2 => "IGMP  " + (data[0] == 0x16 ? "member of " : $"{data[0]:X2} ") + Text(Wire.Get32(data, 4)),
            6 => "TCP   " + Tcp(from, data),
            _ => Udp(from, to, data),
        };
    }

    private static string Text(uint address) => IPv4Address.ToString(address);

    private static string Mac(byte[] bytes, int at) => BitConverter.ToString(bytes, at, 6);

    private static string Arp(byte[] frame)
    {
        uint sender = Wire.Get32(frame, 28);
        uint target = Wire.Get32(frame, 38);
        return (frame[21], sender) switch
        {
            (1, Nobody) => $"probe: who has {Text(target)}?",
            (1, _) when sender == target => $"announcement: {Text(sender)} is at {Mac(frame, 22)}",
            (1, _) => $"who has {Text(target)}? Tell {Text(sender)}",
            _ => $"{Text(sender)} is at {Mac(frame, 22)}",
        };
    }

    private static string Udp(uint from, uint to, byte[] datagram)
    {
        byte[] data = datagram[8..];
        int port = Math.Min(Wire.Get16(datagram, 0), Wire.Get16(datagram, 2));
        return port switch
        {
            DhcpMessage.ServerPort => $"DHCP  {Dhcp(data)}",
            DnsQuestion.Port => $"DNS   {Text(from)} to {Text(to)}: {Names(new MdnsPacket(data))}",
            NtpServer.Port => $"NTP   {Text(from)} to {Text(to)}: {Time(data)}",
            _ => $"mDNS  {Names(new MdnsPacket(data))}",
        };
    }

    private static string Dhcp(byte[] data)
    {
        Dictionary<int, byte[]> options = [];
        for (int at = 240; data[at] != 255; at += 2 + data[at + 1])
        {
            options[data[at]] = data[(at + 2)..(at + 2 + data[at + 1])];
        }

        string Address(int option) => Text(Wire.Get32(options[option], 0));
        string Given() => $"{Text(Wire.Get32(data, 16))} for {Wire.Get32(options[DhcpMessage.LeaseTime], 0)} s, netmask {Address(DhcpMessage.SubnetMask)}, "
            + $"router {Address(DhcpMessage.Router)}, DNS server {Address(DhcpMessage.DnsServer)}";
        return (int)options[DhcpMessage.MessageType][0] switch
        {
            DhcpMessage.Discover => $"DISCOVER: {Encoding.ASCII.GetString(options[DhcpMessage.HostName])} wants an address",
            DhcpMessage.Offer => $"OFFER: {Given()}",
            DhcpMessage.Request => $"REQUEST: {Address(DhcpMessage.RequestedAddress)} of {Address(DhcpMessage.ServerIdentifier)}",
            DhcpMessage.Ack => $"ACK: {Given()}",
            int type => "type " + type,
        };
    }

    private static string Names(MdnsPacket packet)
    {
        if (packet.IsResponse)
        {
            IEnumerable<string> records = packet.Sections.SelectMany(s => s).Select(Record);
            return string.Join("\n", records);
        }

        return string.Join("\n", packet.Questions.Select(q => q.Type == Probe ? $"probe: who is {q.Name}?" : $"the address of {q.Name}?"));
    }

    private static string Record(MdnsRecord record) => record.Type switch
    {
        MdnsRecord.A => $"{record.Name} has the address {record.Data}, for {record.Ttl} s",
        MdnsRecord.Ptr => $"{record.Name} leads to {record.Data}",
        MdnsRecord.Srv => $"{record.Name} is at port {record.Data.Replace(" ", " of ")}",
        MdnsRecord.Txt => $"{record.Name} has no text",
        MdnsRecord.Nsec => $"{record.Name} has no other records",
        _ => $"{record.Name} type {record.Type}",
    };

    private static string Time(byte[] data)
    {
        DateTime time = new DateTime(1900, 1, 1).AddSeconds(Wire.Get32(data, 40));
        return (data[0] & 7) == 3 ? "what time is it?" : $"{time:yyyy-MM-dd HH:mm:ss}, stratum {data[1]}";
    }

    private string Tcp(uint from, byte[] segment)
    {
        int header = segment[12] >> 4 << 2;
        string flags = SeenFrame.Letters(segment[13])
            .Replace("S", "SYN ").Replace("F", "FIN ").Replace("R", "RST ").Replace("P", "PSH ").Replace("A", "ACK ").TrimEnd();
        uint sequence = Wire.Get32(segment, 4);
        if ((segment[13] & SeenFrame.Syn) != 0)
        {
            _begins[from] = sequence;
        }

        uint other = _begins.FirstOrDefault(b => b.Key != from).Value;
        StringBuilder text = new($"{flags}, {sequence - _begins[from]}");
        int length = segment.Length - header;
        if (length > 0)
        {
            text.Append($" to {sequence - _begins[from] + length - 1}");
        }

        if ((segment[13] & SeenFrame.Ack) != 0)
        {
            text.Append($", acknowledges {Wire.Get32(segment, 8) - other}");
        }

        text.Append($", window {Wire.Get16(segment, 14)}");
        string line = Encoding.Latin1.GetString(segment, header, length).Split("\r\n")[0];
        return (line.StartsWith("GET", StringComparison.Ordinal) || line.StartsWith("HTTP", StringComparison.Ordinal) ? text.Append(": " + line) : text).ToString();
    }
}
