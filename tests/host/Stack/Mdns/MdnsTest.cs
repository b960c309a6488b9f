// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Mdns;

namespace HostTests.Stack.Mdns;

/// <summary>What all tests of the responder share: a link with others on it, and what the responder says, each message checked by the referee.</summary>
public abstract class MdnsTest : StackTest
{
    internal const string Host = "board.local";
    internal const string Kind = "_http._tcp.local";
    internal const string Service = "Board page._http._tcp.local";
    internal const string MetaName = "_services._dns-sd._udp.local";
    internal const string ReverseName = "50.1.168.192.in-addr.arpa";
    internal const int Any = 255;
    internal const int In = 1;
    internal const int Qu = 0x8001;

    internal static readonly uint Group = Wire.Address("224.0.0.251");
    internal static readonly MdnsRecord Address = new(Host, MdnsRecord.A, Qu, 120, "192.168.1.50");
    internal static readonly MdnsRecord Reverse = new(ReverseName, MdnsRecord.Ptr, Qu, 120, Host);
    internal static readonly MdnsRecord HostOnly = new(Host, MdnsRecord.Nsec, Qu, 120, Host + " 000140");
    internal static readonly MdnsRecord OfKind = new(Kind, MdnsRecord.Ptr, In, 4500, Service);
    internal static readonly MdnsRecord Place = new(Service, MdnsRecord.Srv, Qu, 120, "80 " + Host);
    internal static readonly MdnsRecord Text = new(Service, MdnsRecord.Txt, Qu, 4500, "\u0006path=/");
    internal static readonly MdnsRecord ServiceOnly = new(Service, MdnsRecord.Nsec, Qu, 4500, Service + " 00050000800040");
    internal static readonly MdnsRecord Meta = new(MetaName, MdnsRecord.Ptr, In, 4500, Kind);

    internal TestNetwork Net { get; private set; } = null!;

    internal MdnsResponder Responder { get; private set; } = null!;

    /// <summary>Gets what the responder has said to all, and to some.</summary>
    internal List<MdnsPacket> Said { get; } = [];

    internal List<SeenFrame> Alone { get; } = [];

    internal IEnumerable<MdnsPacket> Probes => Said.Where(p => !p.IsResponse);

    internal void Start(Action<MdnsConfiguration>? configure = null, WordOrder order = WordOrder.LowByteFirst, uint seed = 1)
    {
        Net = Begin(order, c => c.MulticastGroups = 2, seed);
        Net.TimesToLive.Add(255);
        Net.TimesToLive.Add(1);
        Said.Clear();
        Alone.Clear();
        MdnsConfiguration configuration = new() { Services = [new MdnsService { Name = "Board page", Text = ["path=/"] }] };
        configure?.Invoke(configuration);
        Responder = new MdnsResponder(Net.Stack, new TestRandom(seed + 100), configuration);
        Net.Application = Responder.Poll;
        Net.Listener = frame =>
        {
            if (frame.IsUdp && frame.IpDestination == Group)
            {
                Assert.Equal(5353, frame.DestinationPort);
                Said.Add(new MdnsPacket(frame));
            }
            else if (frame.IsUdp && frame.SourcePort == 5353)
            {
                Assert.Equal(255, frame.Ttl);
                Alone.Add(frame);
            }
        };
        Responder.Start();
    }

    /// <summary>The same, until the names are ours and all records may be told again.</summary>
    internal void StartEstablished(Action<MdnsConfiguration>? configure = null, WordOrder order = WordOrder.LowByteFirst, uint seed = 1)
    {
        Start(configure, order, seed);
        Net.Advance(3200);
        Assert.Equal(MdnsState.Established, Responder.State);
        Said.Clear();
    }

    /// <summary>Has somebody say something to the group.</summary>
    internal void Hear(byte[] message, uint? from = null, int fromPort = 5353, uint? to = null)
    {
        uint source = from ?? Net.Client.Ip;
        uint destination = to ?? Group;
        byte[] packet = FrameBuilder.Ip(source, destination, 17, FrameBuilder.Udp(source, destination, fromPort, 5353, message), ttl: 255);
        ulong mac = destination == Group ? 0x01005E0000FBul : TestNetwork.StackMac;
        Net.Deliver(FrameBuilder.Ethernet(mac, Net.Client.Mac, 0x0800, packet));
    }

    /// <summary>Has somebody ask all.</summary>
    internal void Ask(string name, int type, int dnsClass = In, params MdnsRecord[] known) => Hear(MdnsPacket.Query([(name, type, dnsClass)], known));
}
