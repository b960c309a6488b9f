// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Properties;

/// <summary>Frames of random bytes, and frames of random but well-formed headers with right checksums, which get further in.</summary>
public sealed class FrameProperties
{
    private long _delivered;
    private long _allocated;

    [Theory]
    [InlineData(WordOrder.LowByteFirst)]
    [InlineData(WordOrder.HighByteFirst)]
    public void Random_frames_harm_nothing(WordOrder order)
    {
        // once to have all code compiled that a frame can reach, once to count
        Property.Check(300, 1500, choices => Throw(choices, order), stream: 60 + (ulong)order);
        _delivered = 0;
        _allocated = 0;
        Property.Check(300, 1500, choices => Throw(choices, order), stream: 60 + (ulong)order);
        Assert.True(_delivered > 20_000, $"{_delivered} frames");
        Assert.Equal(0, _allocated);
    }

    private static byte[] Frame(Choices choices, TestNetwork net, uint known, uint iss)
    {
        byte[] payload = new byte[choices.Pick(0, 1, 7, 8, 20, 28, 60, 200, 1460)];
        TestRandom random = new(choices.Word());
        for (int i = 0; i < payload.Length; i++)
        {
            payload[i] = (byte)random.Next();
        }

        ulong source = choices.Pick(
            net.Client.Mac, net.Gateway.Mac, 0x0200000000EEUL, TestHost.BroadcastMac, TestNetwork.StackMac, 0x0100000000EEUL);
        ulong target = choices.Pick(
            TestNetwork.StackMac, TestNetwork.StackMac, TestNetwork.StackMac, TestHost.BroadcastMac, 0x01005E000001UL);
        uint from = choices.Pick(
            net.Client.Ip, net.Client.Ip, net.Far.Ip, net.Gateway.Ip, 0u, uint.MaxValue, TestNetwork.StackIp, 0x7F000001u);
        uint to = choices.Pick(
            TestNetwork.StackIp, TestNetwork.StackIp, TestNetwork.StackIp, TestNetwork.SubnetBroadcast, uint.MaxValue, 0xE0000001u);
        switch (choices.Below(6))
        {
            case 0:
                int type = choices.Pick(0x0800, 0x0806, 0x86DD, 100, choices.Below(65536));
                return FrameBuilder.Ethernet(target, source, type, payload, choices.OneIn(2));
            case 1:
                ulong sender = choices.Pick(source, 0UL, TestNetwork.StackMac);
                return FrameBuilder.Arp(target, source, choices.Pick(1, 2, 3, 0), sender, from, 0, to);
            case 2:
                int message = choices.Pick(8, 0, 3, 4, 5, 11, 12, 13, choices.Below(256));
                payload = FrameBuilder.Icmp(message, choices.Pick(0, 1, 2, 3, 4), payload);
                return Ip(choices, target, source, from, to, 1, payload);
            case 3:
                payload = payload[..Math.Min(payload.Length, 1400)];
                int? length = choices.OneIn(5) ? choices.Below(70) : null;
                payload = FrameBuilder.Udp(from, to, choices.Pick(1000, 0), choices.Pick(7, 0, 9), payload, length);
                return Ip(choices, target, source, from, to, 17, payload);
            case 4:
                payload = payload[..Math.Min(payload.Length, 1400)];
                byte[]? options = choices.OneIn(3) ? payload[..Math.Min(payload.Length, 40)] : null;
                payload = FrameBuilder.Tcp(
                    from,
                    to,
                    choices.Pick(40000, 1, 0),
                    choices.Pick(80, 1000, 81, 0),
                    known + (uint)choices.Pick(0, 1, -1, 1000, choices.Below(65536)),
                    iss + (uint)choices.Pick(1, 0, 2, 100, choices.Below(65536)),
                    choices.Below(64),
                    choices.Pick(8000, 0, 65535),
                    options,
                    payload,
                    choices.Below(3),
                    choices.OneIn(6) ? choices.Below(16) : null);
                return Ip(choices, target, source, from, to, 6, payload);
            default:
                return Ip(choices, target, source, from, to, choices.Pick(2, 4, 41, 47, choices.Below(256)), payload);
        }
    }

    private static byte[] Ip(Choices choices, ulong target, ulong source, uint from, uint to, int protocol, byte[] payload)
    {
        byte[] some = [(byte)choices.Below(256), (byte)choices.Below(12), 4, 0, (byte)choices.Below(256), 3, 0, 0];
        byte[]? options = choices.OneIn(5) ? some : null;
        byte[] packet = FrameBuilder.Ip(
            from,
            to,
            protocol,
            payload,
            options,
            choices.Pick(64, 0, 1),
            choices.OneIn(20) ? choices.Below(16) : 4,
            choices.OneIn(10) ? choices.Below(16) : null,
            choices.OneIn(10) ? choices.Below(1600) : null,
            choices.OneIn(6) ? choices.Below(65536) : 0,
            id: choices.Below(4));
        return FrameBuilder.Ethernet(target, source, 0x0800, packet, choices.OneIn(2));
    }

    private void Throw(Choices choices, WordOrder order)
    {
        TestNetwork net = new(order, c => c.TcpTimeWait = 1000, seed: choices.Word());
        net.Listen();
        int echo = net.Sockets.Socket(SocketType.Datagram);
        net.Sockets.Bind(echo, 7);
        TcpPeer peer = net.Peer(1000, 40000);
        int socket = peer.OpenTo(net.Listen(1000));
        uint iss = peer.StackIss;
        byte[] buffer = new byte[2000];
        DatagramSource source = new();
        peer.AnyMac = true;
        while (!choices.IsUsedUp)
        {
            byte[] frame = Frame(choices, net, peer.Iss + 1, iss);
            long before = net.AllocatedInPoll;
            net.Deliver(frame.Length > 1514 ? frame[..1514] : frame);
            _delivered++;

            // behind the 64th frame the wire itself makes buffers
            _allocated += net.FramesSent < 64 ? net.AllocatedInPoll - before : 0;
            Invariants.Check(net.Stack, net.Configuration);
            net.Sockets.Read(socket, buffer, 0, buffer.Length);
            net.Sockets.ReceiveFrom(echo, buffer, 0, buffer.Length, source);
            net.Packets.Clear();
            net.Arps.Clear();
            peer.TakeAll();
            if (choices.OneIn(3))
            {
                net.Advance(choices.Pick(1, 100, 3000, 60000));
            }
        }

        // the neighbours may have been lied to: they say who they are
        net.Advance(25_000);
        net.Deliver(FrameBuilder.Arp(
            TestHost.BroadcastMac, net.Client.Mac, 1, net.Client.Mac, net.Client.Ip, 0, TestNetwork.StackIp));
        net.AssertAlive();
        peer.TakeAll();
        net.Finish();
    }
}
