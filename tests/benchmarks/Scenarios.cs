// Licensed under the MIT license. See LICENSE in the repository root.

using HostTests.Support;
using TcpIp;

namespace Benchmarks;

/// <summary>
/// What strangers may send, and what the stack of default sizes counts of it, by layer and reason. Time is virtual, and everything
/// comes from a seed: the same in every run.
/// </summary>
internal sealed class Scenarios
{
    private const ulong OurMac = 0x020000000001;
    private const ulong TheirMac = 0x020000000002;
    private const uint Us = 0x0A000001;
    private const uint Them = 0x0A000002;

    private readonly ScriptedLink _link = new();
    private readonly TcpIpStack _stack;
    private readonly Random _random = new(28);
    private int _now = 1000;

    private Scenarios()
    {
        _stack = new TcpIpStack(new StackConfiguration(), _link, new FixedRandom(1));
        _stack.Poll(_now);
        _stack.Configure(Us, 0xFFFFFF00, 0);
        Pass(5000);
        int listener = _stack.Sockets.Socket();
        _stack.Sockets.Bind(listener, 80);
        _stack.Sockets.Listen(listener, 2);
        Deliver(FrameBuilder.Arp(0xFFFFFFFFFFFF, TheirMac, 1, TheirMac, Them, 0, Us));
        Pass(10);
    }

    public static void Print()
    {
        Console.WriteLine("Counters of a stack of default sizes, by scenario: what moved, and why something was dropped");
        Console.WriteLine();
        Console.WriteLine("| scenario | counters |");
        Console.WriteLine("|---|---|");
        Run("100 echoes of 56 bytes", s => s.Times(100, 10, i => FromThem(1, FrameBuilder.Echo(1, i, new byte[56]))));
        Run("an echo of 1900 bytes in two fragments, 10 times", s => s.Times(10, 10, s.Fragments));
        Run("100 first fragments of datagrams that never end", s => s.Times(100, 1000, i => Packet(17, new byte[512], 0x2000, i)));
        Run("100 fragments that lie over each other", s => s.Times(100, 10, i => Packet(17, new byte[16], i % 2 == 0 ? 0x2000 : 0x2001, i / 2)));
        Run("SYNs to 1000 closed ports", s => s.Times(1000, 1, i => Tcp(40000, 1000 + i, 2)));
        Run("datagrams to 1000 closed ports in a second", s => s.Times(1000, 1, i => FromThem(17, Udp(1000 + i))));
        Run("1000 SYNs from as many hosts, never completed", s => s.Times(1000, 1, i => TcpFrom(Them + 1 + (uint)(i % 200), 2000 + i, 80, 2)));
        Run("100 packets each with a bad IPv4, ICMP, UDP and TCP checksum", s => s.Times(400, 1, Spoilt));
        Run("packets from impossible sources, 20 of each", s => s.Times(140, 1, i => From(s_sources[i % 7])));
        Run("1000 ARP requests for others, from as many hosts", s => s.Times(1000, 1, i => Arp(Them + (uint)i, Us + 99)));
        Run("somebody else announces our address, 100 times in 10 s", s => s.Times(100, 100, _ => Arp(Us, Us)));
        Run("1000 frames of random bytes", s => s.Times(1000, 1, _ => s.Noise()));
    }

    private static readonly uint[] s_sources = [0, Us, 0x7F000001, 0xE0000001, 0xFFFFFFFF, 0x0A0000FF, 0xF0000001];

    private static void Run(string name, Action<Scenarios> scenario)
    {
        var run = new Scenarios();
        var report = new CounterReport(run._stack);
        scenario(run);
        run.Pass(100);
        Console.WriteLine($"| {name} | {report.Text()}; without a place {run._link.NoPlace} |");
    }

    private static byte[] FromThem(int protocol, byte[] payload) => Frame(FrameBuilder.Ip(Them, Us, protocol, payload));

    private static byte[] From(uint source) => Frame(FrameBuilder.Ip(source, Us, 1, FrameBuilder.Echo(1, 1, new byte[8])));

    private static byte[] Frame(byte[] packet) => FrameBuilder.Ethernet(OurMac, TheirMac, 0x0800, packet);

    private static byte[] Packet(int protocol, byte[] payload, int flagsAndOffset, int id)
    {
        return Frame(FrameBuilder.Ip(Them, Us, protocol, payload, flagsAndOffset: flagsAndOffset, id: id));
    }

    private static byte[] Udp(int port) => FrameBuilder.Udp(Them, Us, 999, port, new byte[20]);

    private static byte[] Tcp(int port, int ourPort, int flags) => TcpFrom(Them, port, ourPort, flags);

    private static byte[] TcpFrom(uint source, int port, int ourPort, int flags)
    {
        return Frame(FrameBuilder.Ip(source, Us, 6, FrameBuilder.Tcp(source, Us, port, ourPort, 7777, 0, flags, 8192)));
    }

    private static byte[] Arp(uint sender, uint target) => FrameBuilder.Arp(0xFFFFFFFFFFFF, TheirMac, 1, TheirMac + sender, sender, 0, target);

    private static byte[] Spoilt(int i)
    {
        byte[] frame = (i % 4) switch
        {
            0 => FromThem(1, FrameBuilder.Echo(1, i, new byte[56])),
            1 => FromThem(1, FrameBuilder.Echo(1, i, new byte[56])),
            2 => FromThem(17, Udp(53)),
            _ => Tcp(40000, 80, 2),
        };

        // the IPv4 header, or what stands behind it
        frame[i % 4 == 0 ? 22 : 42] ^= 0x55;
        return frame;
    }

    private void Fragments(int i)
    {
        byte[] message = FrameBuilder.Echo(1, i, new byte[1892]);
        Deliver(Packet(1, message[..1480], 0x2000, i));
        Deliver(Packet(1, message[1480..], 1480 / 8, i));
    }

    private byte[] Noise()
    {
        var frame = new byte[_random.Next(14, 1514)];
        _random.NextBytes(frame);
        Wire.Put48(frame, 0, OurMac);
        Wire.Put16(frame, 12, 0x0800);
        return frame;
    }

    private void Times(int count, int every, Func<int, byte[]> frame) => Times(count, every, i => Deliver(frame(i)));

    private void Times(int count, int every, Action<int> act)
    {
        for (int i = 0; i < count; i++)
        {
            act(i);
            Pass(every);
        }
    }

    private void Deliver(byte[] frame) => _link.Deliver(frame);

    private void Pass(int milliseconds)
    {
        int end = _now + milliseconds;
        while (true)
        {
            int wait = _stack.Poll(_now);
            if (_now >= end && wait > 0 && !_stack.NeedsPoll)
            {
                return;
            }

            _now += Math.Max(0, Math.Min(wait, end - _now));
        }
    }
}
