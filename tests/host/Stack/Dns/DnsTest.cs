// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dns;

namespace HostTests.Stack.Dns;

/// <summary>What all tests of the resolver share: a network with servers, and the questions, each checked by the referee.</summary>
public abstract class DnsTest : StackTest
{
    internal static readonly uint FirstServer = Wire.Address("192.168.1.53");
    internal static readonly uint SecondServer = Wire.Address("192.168.1.54");
    internal static readonly uint Somebody = Wire.Address("203.0.113.80");

    internal TestNetwork Net { get; private set; } = null!;

    internal DnsResolver Resolver { get; private set; } = null!;

    /// <summary>Gets what was asked.</summary>
    internal List<DnsQuestion> Asked { get; } = [];

    internal DnsQuestion Last => Asked[^1];

    /// <summary>Gets or sets what the servers say; null is silence.</summary>
    internal Func<DnsQuestion, DnsAnswer?>? Says { get; set; }

    internal void Start(
        Action<DnsConfiguration>? configure = null,
        Action<StackConfiguration>? stack = null,
        uint seed = 1,
        int servers = 1,
        WordOrder order = WordOrder.LowByteFirst)
    {
        Net = Begin(order, stack, seed);
        Net.TimesToLive.Add(255);
        Net.AddHost(0x020000000053, FirstServer);
        Net.AddHost(0x020000000054, SecondServer);
        DnsConfiguration configuration = new();
        configure?.Invoke(configuration);
        Resolver = new DnsResolver(Net.Stack, new TestRandom(seed + 100), configuration);
        Assert.Equal(0, servers > 0 ? Resolver.SetServer(0, FirstServer) : 0);
        Assert.Equal(0, servers > 1 ? Resolver.SetServer(1, SecondServer) : 0);
        Net.Application = Resolver.Poll;
        Net.Listener = frame =>
        {
            if (frame.IsUdp && frame.DestinationPort is 53 or 5353)
            {
                DnsQuestion question = new(frame);
                Asked.Add(question);
                if (Says?.Invoke(question) is { } answer)
                {
                    Send(answer.ToBytes(), question);
                }
            }
        };
    }

    /// <summary>Has the server that was asked, or somebody else, say something.</summary>
    internal void Send(byte[] message, DnsQuestion question, uint? from = null, int? fromPort = null, int? toPort = null)
    {
        uint source = from ?? (question.Frame!.IsToGroup ? Net.Client.Ip : question.Frame.IpDestination);
        byte[] datagram = FrameBuilder.Udp(source, TestNetwork.StackIp, fromPort ?? question.Frame!.DestinationPort, toPort ?? question.Port, message);
        Net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000000053, 0x0800, FrameBuilder.Ip(source, TestNetwork.StackIp, 17, datagram)));
    }

    /// <summary>Looks a name up, and lets pass what time it takes.</summary>
    /// <returns>The address, or the error.</returns>
    internal object LookUp(string name, int limit = 100_000)
    {
        int lookup = Resolver.Begin(name);
        return lookup < 0 ? (SocketError)lookup : Await(lookup, limit);
    }

    internal object Await(int lookup, int limit = 100_000)
    {
        uint address;
        int result = (int)SocketError.WouldBlock;
        Net.Poll();
        for (int passed = 0; (result = Resolver.GetResult(lookup, out address)) == (int)SocketError.WouldBlock && passed < limit; passed += 10)
        {
            Net.Advance(10);
        }

        Assert.Equal((int)SocketError.BadDescriptor, result == (int)SocketError.WouldBlock ? (int)SocketError.BadDescriptor : Resolver.GetResult(lookup, out _));
        return result == 0 ? IPv4Address.ToString(address) : (SocketError)result;
    }
}
