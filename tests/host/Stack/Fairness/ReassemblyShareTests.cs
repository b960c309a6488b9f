// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;

namespace HostTests.Stack.Fairness;

/// <summary>Who sends fragments without end delays others by milliseconds; two honest senders do not spoil each other's datagrams.</summary>
public sealed class ReassemblyShareTests : FairnessTest
{
    private const int Udp = 17;
    private const int Icmp = 1;
    private const int More = 0x2000;

    private static readonly byte[] s_echo = FrameBuilder.Echo(7, 1, Wire.PatternBytes(0, 2000));

    /// <summary>Fragments without end, and a datagram of two fragments once a second, back to back as on a wire of 10 Mbit/s.</summary>
    [Theory]
    [InlineData("first", 100, false)]
    [InlineData("first", 100, true)]
    [InlineData("first", 200, true)]
    [InlineData("first", 500, false)]
    [InlineData("first", 500, true)]
    [InlineData("first of one", 100, true)]
    [InlineData("first of one", 500, true)]
    [InlineData("last", 100, true)]
    [InlineData("last", 500, true)]
    [InlineData("two of three", 100, true)]
    [InlineData("two of three", 200, true)]
    [InlineData("small", 500, true)]
    public void Honest_datagrams_come_through_a_flood_of_fragments(string kind, int rate, bool random)
    {
        TestNetwork net = BeginSized("default");
        Flood flood = new(net, kind, rate, random);
        int heard = 0;
        int silence = 0;
        for (int t = 0; t < 20000; t++)
        {
            net.Advance(1);
            flood.Pass(t);
            if (t % 1000 == 500)
            {
                Send(net, net.Client, t / 1000, 0);
                flood.Pass(t + 0.5);
                Send(net, net.Client, t / 1000, 1);
            }

            int answers = Answers(net, net.Client);
            heard += answers;
            silence = answers > 0 ? 0 : silence + 1;
            Assert.True(silence <= 2000, $"nothing for two seconds, {t} ms after the start");
        }

        Assert.True(heard >= 18, $"{heard} of 20");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    public void Two_senders_whose_fragments_come_in_turns_are_both_answered(int flooded)
    {
        TestNetwork net = BeginSized("default");
        Flood flood = new(net, "first", flooded, true);
        TestHost other = net.AddHost(0x020000000011, Wire.Address("192.168.1.11"));
        int[] heard = new int[2];
        for (int t = 0; t < 10000; t++)
        {
            net.Advance(1);
            flood.Pass(t);
            if (t % 1000 == 500)
            {
                Send(net, net.Client, t / 1000, 0);
                Send(net, other, t / 1000, 0);
                net.Advance(1);
                t++;
                Send(net, net.Client, t / 1000, 1);
                Send(net, other, t / 1000, 1);
            }

            heard[0] += Answers(net, net.Client);
            heard[1] += Answers(net, other);
            net.Packets.Clear();
        }

        Assert.True(heard.Min() >= 9, $"{heard[0]} and {heard[1]} of 10");
    }

    [Fact]
    public void Fragments_that_wait_take_half_of_the_frames_of_their_size_at_most_and_are_gone_in_milliseconds()
    {
        TestNetwork net = BeginSized("default");
        FramePool pool = net.Stack.Pool;
        for (int i = 0; i < 30; i++)
        {
            Strike(net, i, 1400, More);
            Assert.True(pool.FreeLargest() >= 2);
        }

        Assert.True(pool.FreeLargest() < 5, "none waited");
        net.Advance(50);
        Assert.Equal(5, pool.FreeLargest());
        Assert.True(Ping(net));
    }

    [Fact]
    public void A_large_datagram_that_nobody_reads_gives_way_after_a_second()
    {
        TestNetwork net = BeginSized("default");
        Assert.True(Ping(net));
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, 7));
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, new byte[2000]);
        Piece(net, net.Client, Udp, datagram[..1480], 1, More);
        Piece(net, net.Client, Udp, datagram[1480..], 1, 185);
        Assert.Equal(2000, net.Sockets.GetAvailable(socket));

        // within the second it keeps the buffer, and what comes meanwhile may wait for it
        net.Advance(900);
        Send(net, net.Client, 2, 0);
        Send(net, net.Client, 2, 1);
        Assert.Equal(0, Answers(net, net.Client));
        Assert.Equal(2000, net.Sockets.GetAvailable(socket));
        net.Advance(200);
        Assert.Equal(1, Answers(net, net.Client));
        Assert.Equal(0, net.Sockets.GetAvailable(socket));
    }

    [Fact]
    public void What_waits_for_the_buffer_goes_on_at_once_when_the_application_has_read()
    {
        TestNetwork net = BeginSized("default");
        Assert.True(Ping(net));
        int socket = net.Sockets.Socket(SocketType.Datagram);
        Assert.Equal(0, net.Sockets.Bind(socket, 7));
        byte[] datagram = FrameBuilder.Udp(net.Client.Ip, TestNetwork.StackIp, 4000, 7, new byte[2000]);
        Piece(net, net.Client, Udp, datagram[..1480], 1, More);
        Piece(net, net.Client, Udp, datagram[1480..], 1, 185);
        Send(net, net.Client, 2, 0);
        Send(net, net.Client, 2, 1);
        Assert.Equal(0, Answers(net, net.Client));
        Assert.Equal(2000, net.Sockets.ReceiveFrom(socket, new byte[2000], 0, 2000, new DatagramSource()));
        net.Poll();
        Assert.Equal(1, Answers(net, net.Client));
    }

    private static void Send(TestNetwork net, TestHost from, int id, int piece)
    {
        byte[] part = piece == 0 ? s_echo[..1480] : s_echo[1480..];
        Piece(net, from, Icmp, part, 50000 + id, piece == 0 ? More : 185);
    }

    private static void Strike(TestNetwork net, int i, int length, int flagsAndOffset)
    {
        byte[] packet = FrameBuilder.Ip(
            Wire.Address("192.168.1.100") + (uint)(i % 50), TestNetwork.StackIp, Udp, new byte[length], flagsAndOffset: flagsAndOffset, id: i & 0x7FFF);
        net.DeliverIp(net.Client, packet);
    }

    private static void Piece(TestNetwork net, TestHost from, int protocol, byte[] bytes, int id, int flagsAndOffset) =>
        net.DeliverIp(from, FrameBuilder.Ip(from.Ip, TestNetwork.StackIp, protocol, bytes, flagsAndOffset: flagsAndOffset, id: id));

    private static int Answers(TestNetwork net, TestHost host) =>
        net.Packets.RemoveAll(p => p.IsIcmp && p.IcmpType == 0 && p.IpDestination == host.Ip && p.IcmpData.Length == 2000);

    private sealed class Flood(TestNetwork net, string kind, int rate, bool random)
    {
        private readonly Random _random = new(rate + kind.Length);
        private double _next = rate > 0 ? 0.25 : double.MaxValue;
        private int _sent;

        public void Pass(double time)
        {
            while (_next <= time)
            {
                _next += (random ? -Math.Log(1 - _random.NextDouble()) : 1) * 1000 / rate;
                _sent++;
                int source = kind == "first of one" ? 50 * _sent : _sent;
                switch (kind)
                {
                    case "last":
                        Strike(net, source, 600, 185);
                        break;
                    case "small":
                        Strike(net, source, 16, More);
                        break;
                    case "two of three":
                        Strike(net, source, 800, More);
                        Strike(net, source, 600, More | 100);
                        break;
                    default:
                        Strike(net, source, 1400, More);
                        break;
                }
            }
        }
    }
}
