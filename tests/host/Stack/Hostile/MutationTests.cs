// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp.Frames;
using Xunit;

namespace HostTests.Stack.Hostile;

/// <summary>
/// Good frames, spoilt by a machine (input 72 of tcpip-behaviours.md): each byte changed, cut off at each place, each length a
/// little wrong, with checksums as they fall and with checksums put right so that the damage gets further in.
/// </summary>
public sealed class MutationTests : StackTest
{
    public static TheoryData<string, WordOrder> Frames()
    {
        TheoryData<string, WordOrder> data = [];
        foreach (string name in new[] { "arp", "echo", "echo with options", "syn", "text", "fin", "udp", "first fragment", "last fragment" })
        {
            data.Add(name, WordOrder.LowByteFirst);
            data.Add(name, WordOrder.HighByteFirst);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void H72_a_spoilt_frame_throws_nothing_leaks_nothing_and_the_next_good_one_is_served(string name, WordOrder order)
    {
        int count = 0;
        TestNetwork? net = null;
        foreach (Func<byte[], byte[]> mutation in Mutations(Build(name, Prepare(new TestNetwork(order)))))
        {
            // a new stack now and then, for some mutations change what it knows
            if (count++ % 40 == 0)
            {
                net?.Finish();
                net = new TestNetwork(order, c => c.TcpSockets = c.TcpSynQueue = 60);
                net.Listen(backlog: 50);
            }

            TcpPeer peer = net!.Peer(port: 41000 + count);
            peer.AnyMac = true;
            peer.Handshake();
            net.Deliver(mutation(Build(name, peer)));
            net.Packets.Clear();
            net.AssertAlive();
            net.Advance(50);
        }

        net!.Finish();
        Assert.InRange(count, 200, 3000);
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void H72_a_spoilt_frame_allocates_nothing(string name, WordOrder order)
    {
        TestNetwork net = Begin(order);
        net.Interface.WarmUp();
        TcpPeer peer = Prepare(net);
        List<byte[]> frames = [.. Mutations(Build(name, peer)).Select(m => m(Build(name, peer)))];
        for (int pass = 0; pass < 3; pass++)
        {
            long before = net.AllocatedInPoll;
            foreach (byte[] frame in frames)
            {
                net.Deliver(frame);
                net.Packets.Clear();
                net.Arps.Clear();
                net.Advance(7);
            }

            if (pass == 2)
            {
                Assert.Equal(0, net.AllocatedInPoll - before);
            }
        }

        peer.TakeAll();
        net.AssertAlive();
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(4u)]
    public void H72_several_bytes_at_once_with_right_checksums(uint seed)
    {
        TestRandom random = new(seed);
        TestNetwork net = Begin(seed % 2 == 0 ? WordOrder.LowByteFirst : WordOrder.HighByteFirst, c => c.TcpSockets = 30);
        net.Listen(backlog: 20);
        string[] names = ["arp", "echo", "echo with options", "syn", "text", "fin", "udp", "first fragment", "last fragment"];
        for (int i = 0; i < 3000; i++)
        {
            TcpPeer peer = net.Peer(port: 20000 + i);
            peer.AnyMac = true;
            if (i % 10 == 0)
            {
                peer.Send("S");
                peer.TakeAll();
            }

            peer.StackIss = random.Next();
            byte[] frame = Build(names[random.Below(names.Length)], peer);
            for (int n = 1 + random.Below(4); n > 0; n--)
            {
                frame[12 + random.Below(frame.Length - 12)] = (byte)random.Next();
            }

            if (Wire.Get16(frame, 12) == 0x0800)
            {
                FrameBuilder.Repair(frame);
            }

            net.Deliver(frame);
            net.Packets.Clear();
            net.Advance(random.Below(300));
            if (i % 100 == 99)
            {
                net.AssertAlive();
            }
        }
    }

    private static TcpPeer Prepare(TestNetwork net)
    {
        net.Listen();
        TcpPeer peer = net.Peer();
        peer.AnyMac = true;
        peer.Handshake();
        return peer;
    }

    private static byte[] Build(string name, TcpPeer peer)
    {
        uint client = Wire.Address("192.168.1.10");
        const ulong Mac = 0x020000000010;
        byte[] nops = [1, 1, 1, 1, 7, 3, 4, 0];
        byte[] echo = FrameBuilder.Echo(1, 2, Wire.PatternBytes(0, 31));
        byte[] datagram = FrameBuilder.Udp(client, TestNetwork.StackIp, 1000, 2000, Wire.PatternBytes(0, 31));
        switch (name)
        {
            case "arp":
                return FrameBuilder.Arp(TestHost.BroadcastMac, Mac, 1, Mac, client, 0, TestNetwork.StackIp);
            case "echo":
                return FrameBuilder.Ethernet(TestNetwork.StackMac, Mac, 0x0800, FrameBuilder.Ip(client, TestNetwork.StackIp, 1, echo));
            case "echo with options":
                return FrameBuilder.Ethernet(
                    TestNetwork.StackMac, Mac, 0x0800, FrameBuilder.Ip(client, TestNetwork.StackIp, 1, echo, options: nops));
            case "udp":
                return FrameBuilder.Ethernet(TestNetwork.StackMac, Mac, 0x0800, FrameBuilder.Ip(client, TestNetwork.StackIp, 17, datagram));
            case "first fragment":
                return FrameBuilder.Ethernet(
                    TestNetwork.StackMac, Mac, 0x0800, FrameBuilder.Ip(client, TestNetwork.StackIp, 1, echo[..24], flagsAndOffset: 0x2000));
            case "last fragment":
                return FrameBuilder.Ethernet(
                    TestNetwork.StackMac, Mac, 0x0800, FrameBuilder.Ip(client, TestNetwork.StackIp, 1, echo[24..], flagsAndOffset: 3));
            case "syn":
                return peer.Build("S", seq: -1000, options: [2, 4, 5, 180, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0]);
            case "text":
                return peer.Build("PA", seq: 1, length: 40);
            default:
                return peer.Build("FA", seq: 1, length: 3);
        }
    }

    private static IEnumerable<Func<byte[], byte[]>> Mutations(byte[] good)
    {
        bool ip = Wire.Get16(good, 12) == 0x0800;
        for (int i = 0; i < good.Length; i++)
        {
            int place = i;
            foreach (int change in new[] { 0xFF, 0x01, 0x80 })
            {
                yield return frame => Change(frame, place, change);
                if (ip && place >= 14)
                {
                    yield return frame => FrameBuilder.Repair(Change(frame, place, change));
                }
            }

            yield return frame => frame[..place];
        }

        if (!ip)
        {
            yield break;
        }

        foreach (int by in new[] { -1000, -20, -9, -8, -4, -2, -1, 1, 2, 4, 8, 20, 1000 })
        {
            // the IP total length; and the frame cut off there, so that both agree
            yield return frame => FrameBuilder.Repair(Longer(frame, by));
            yield return frame => Longer(frame, by);
            yield return frame => FrameBuilder.Repair(Cut(Longer(frame, by)));
        }

        for (int words = 0; words < 16; words++)
        {
            int value = words;
            yield return frame => FrameBuilder.Repair(Nibble(frame, 14, value, low: true));
            yield return frame => FrameBuilder.Repair(Nibble(frame, 46, value, low: false));
        }
    }

    private static byte[] Change(byte[] frame, int place, int change)
    {
        frame[place] ^= (byte)change;
        return frame;
    }

    private static byte[] Longer(byte[] frame, int by)
    {
        Wire.Put16(frame, 16, Math.Max(0, Wire.Get16(frame, 16) + by));
        return frame;
    }

    private static byte[] Cut(byte[] frame) => frame[..Math.Min(frame.Length, 14 + Wire.Get16(frame, 16))];

    private static byte[] Nibble(byte[] frame, int place, int value, bool low)
    {
        frame[place] = (byte)(low ? (frame[place] & 0xF0) | value : (frame[place] & 0x0F) | (value << 4));
        return frame;
    }
}
