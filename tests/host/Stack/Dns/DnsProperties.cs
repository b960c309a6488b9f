// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Stack.Properties;
using TcpIp.Dns;

namespace HostTests.Stack.Dns;

/// <summary>Whatever is said to the resolver, it goes on, allocates nothing and loses no frame, and in the end hears an honest server.</summary>
public sealed class DnsProperties
{
    private long _allocated;
    private int _said;
    private uint _found;
    private uint _dropped;

    [Fact]
    public void H14_H15_X69_Whatever_is_said_harms_nothing()
    {
        // once to have all code compiled, once to count
        Property.Check(100, 300, Listen, stream: 91);
        _allocated = 0;
        Property.Check(100, 300, Listen, stream: 91);
        Assert.True(_said > 1000, $"{_said} messages");
        Assert.True(_found > 100, $"{_found} found");
        Assert.True(_dropped > 300, $"{_dropped} dropped");
        Assert.Equal(0, _allocated);
    }

    private void Listen(Choices choices)
    {
        TestNetwork net = new(WordOrder.LowByteFirst, seed: choices.Word());
        net.TimesToLive.Add(255);
        uint server = Wire.Address("192.168.1.53");
        net.AddHost(0x020000000053, server);
        DnsResolver resolver = new(net.Stack, new TestRandom(choices.Word()), new DnsConfiguration { CacheEntries = choices.Below(3) });
        resolver.SetServer(0, server);
        List<DnsQuestion> asked = [];
        net.Application = resolver.Poll;
        net.Listener = frame =>
        {
            if (frame.IsUdp && frame.DestinationPort is 53 or 5353)
            {
                asked.Add(new DnsQuestion(frame));
            }
        };
        List<int> lookups = [];
        string[] names = ["a.example.org", "b.example.org", "printer.local", "x"];
        while (!choices.IsUsedUp)
        {
            switch (choices.Below(8))
            {
                case 0 or 1:
                    lookups.Add(resolver.Begin(choices.Pick(names)));
                    break;
                case 2 when lookups.Count > 0:
                    resolver.Cancel(lookups[choices.Below(lookups.Count)]);
                    break;
                case 3:
                    net.Interface.IsLinkUp = !net.Interface.IsLinkUp || choices.OneIn(2);
                    break;
                default:
                    for (int i = choices.Below(3); i >= 0 && asked.Count > 0; i--)
                    {
                        DnsQuestion question = asked[^(1 + choices.Below(Math.Min(asked.Count, 3)))];
                        uint source = question.Frame!.IsToGroup ? net.Client.Ip : server;
                        byte[] datagram = FrameBuilder.Udp(source, TestNetwork.StackIp, question.Frame.DestinationPort, question.Port, Message(choices, question));
                        net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000000053, 0x0800, FrameBuilder.Ip(source, TestNetwork.StackIp, 17, datagram)));
                        _said++;
                    }

                    break;
            }

            net.Advance(choices.Pick(0, 0, 1, 100, 1000, 5000));
            lookups.RemoveAll(lookup => resolver.GetResult(lookup, out _) != (int)SocketError.WouldBlock);
            Assert.True(resolver.Poll(net.Now) >= 0);
        }

        // an honest server is believed in the end
        lookups.ForEach(resolver.Cancel);
        resolver.ClearCache();
        net.Interface.IsLinkUp = true;
        net.Listener += frame =>
        {
            if (frame.IsUdp && frame.DestinationPort == 53)
            {
                byte[] datagram = FrameBuilder.Udp(server, TestNetwork.StackIp, 53, frame.SourcePort, asked[^1].Answer().Address("203.0.113.80").ToBytes());
                net.Interface.Deliver(FrameBuilder.Ethernet(TestNetwork.StackMac, 0x020000000053, 0x0800, FrameBuilder.Ip(server, TestNetwork.StackIp, 17, datagram)));
            }
        };
        int last = resolver.Begin("honest.example.org");
        net.Advance(2000);
        Assert.Equal(0, resolver.GetResult(last, out uint address));
        Assert.Equal(Wire.Address("203.0.113.80"), address);
        _allocated += net.AllocatedInPoll;
        _found += resolver.Counters.Found;
        _dropped += resolver.Counters.Malformed + resolver.Counters.NotOurs;
        net.Finish();
    }

    private static byte[] Message(Choices choices, DnsQuestion question)
    {
        DnsAnswer answer = question.Answer();
        answer.Flags = choices.Pick(0x8180, 0x8180, 0x8183, 0x8182, 0x8400, (int)choices.Word() & 0xFDFF);
        TestRandom random = new(choices.Word());
        for (int i = choices.Below(5); i > 0; i--)
        {
            byte[] name = choices.Pick(DnsAnswer.TheName, DnsAnswer.Name(question.Name), DnsAnswer.Name("c.example.org"), [0xC0, (byte)random.Next()]);
            switch (choices.Below(4))
            {
                case 0:
                    answer.Address("203.0.113.80", (uint)choices.Below(100), name);
                    break;
                case 1:
                    answer.Add(DnsAnswer.Record(name, DnsAnswer.Cname, choices.Pick(DnsAnswer.Name("c.example.org"), [0xC0, (byte)random.Next()], [1, 65, 0xC0, 12])));
                    break;
                case 2:
                    answer.Nothing(0, (uint)choices.Below(100));
                    break;
                default:
                    byte[] data = new byte[choices.Below(40)];
                    for (int n = 0; n < data.Length; n++)
                    {
                        data[n] = (byte)random.Next();
                    }

                    answer.Add(DnsAnswer.Record(name, choices.Pick(1, 2, 5, 6, 28, 41), data), choices.Below(3));
                    break;
            }
        }

        byte[] message = answer.ToBytes();
        for (int i = choices.Pick(0, 0, 1, 2, 10, 100); i > 0; i--)
        {
            message[choices.OneIn(3) ? random.Below(message.Length) : Math.Min(12 + random.Below(message.Length), message.Length - 1)] = (byte)random.Next();
        }

        return choices.OneIn(4) ? message[..choices.Below(message.Length + 1)] : message;
    }
}
