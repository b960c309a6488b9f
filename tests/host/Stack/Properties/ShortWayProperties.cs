// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Ethernet;
using TcpIp.Sockets;
using Xunit.Abstractions;

namespace HostTests.Stack.Properties;

/// <summary>
/// The short way in does what the long way does: two runs with the same choices, one with it and one without, send the same frames at the
/// same time, give the same results and count the same. What arrives is what the stacks send each other, lost, repeated, late and spoilt,
/// and what somebody else makes of it: options, fragments, flags, lengths, other addresses, with right sums and with wrong ones.
/// </summary>
public sealed class ShortWayProperties(ITestOutputHelper output)
{
    private const int Length = 500;

    private static readonly FieldInfo[] s_protocols =
    [
        typeof(EthernetLayer).GetField("_arp", BindingFlags.Instance | BindingFlags.NonPublic)!,
        typeof(EthernetLayer).GetField("_ipv4", BindingFlags.Instance | BindingFlags.NonPublic)!,
    ];

    [Fact]
    public void The_short_way_and_the_long_way_say_the_same()
    {
        int taken = 0;
        int declined = 0;
        Property.Check(
            60,
            Length,
            choices =>
            {
                int[] numbers = [.. Enumerable.Range(0, Length).Select(_ => choices.Below(65536))];
                Story with = new(new Choices(numbers), isShort: true);
                Story without = new(new Choices(numbers), isShort: false);
                for (int i = 0; i < Math.Min(with.Lines.Count, without.Lines.Count); i++)
                {
                    Assert.True(
                        with.Lines[i] == without.Lines[i],
                        string.Join('\n', with.Lines.Skip(i - 20).Take(20)) + $"\nshort: {with.Lines[i]}\nlong:  {without.Lines[i]}");
                }

                Assert.Equal(without.Lines.Count, with.Lines.Count);
                Assert.Equal(0, without.Taken);
                taken += with.Taken;
                declined += with.Declined;
            },
            stream: 52);

        output.WriteLine($"{taken + declined} frames came in, {taken} of them by the short way");

        // two runs that nothing happened in would prove nothing
        Assert.InRange(taken, 2_000, int.MaxValue);
        Assert.InRange(declined, 500, int.MaxValue);
    }

    /// <summary>What was seen of a run from outside.</summary>
    private sealed class Story
    {
        private const int Port = 80;
        private const int DatagramPort = 81;

        private readonly Choices _choices;
        private readonly LossyLink _link;
        private readonly List<byte[]> _seen = [];
        private readonly byte[] _buffer = new byte[3000];
        private readonly DatagramSource _source = new();

        public Story(Choices choices, bool isShort)
        {
            _choices = choices;
            _link = new LossyLink(choices.Word(), c =>
            {
                c.TcpSockets = choices.Pick(6, 3);
                c.TcpTimeWait = choices.Pick(60000, 1000);
                c.FrameCapacities[^1] = choices.Pick(1514, 1600);
            })
            {
                Loss = choices.Pick(0, 0, 0.05),
                Duplication = choices.Pick(0, 0.05),
                Corruption = choices.Pick(0, 0.05),
                Jitter = choices.Pick(0, 30),
                MssLimit = choices.Pick(0, 0, 600),
            };
            _link.AfterPoll = (station, wait) => Lines.Add($"{Name(station)} at {_link.Now}: {Math.Min(wait, 1 << 29)} {station.Stack.NeedsPoll}");
            _link.Tap = (station, seen) =>
            {
                _seen.Add(seen.Bytes);
                Lines.Add($"{Name(station)} sends {Convert.ToHexString(seen.Bytes)}");
            };
            foreach (LinkStation station in new[] { _link.A, _link.B })
            {
                foreach (FieldInfo protocol in s_protocols)
                {
                    var way = (EthernetProtocol)protocol.GetValue(station.Stack.Ethernet)!;
                    protocol.SetValue(station.Stack.Ethernet, new CountingWay(way, this, isShort));
                }
            }

            Run();
        }

        public List<string> Lines { get; } = [];

        public int Taken { get; private set; }

        public int Declined { get; private set; }

        private string Name(LinkStation station) => station == _link.A ? "A" : "B";

        private void Run()
        {
            LinkStation[] stations = [_link.A, _link.B];
            List<int>[] sockets = [[], []];
            for (int i = 0; i < 2; i++)
            {
                SocketLayer layer = stations[i].Stack.Sockets;
                int listener = layer.Socket();
                layer.Bind(listener, Port);
                layer.Listen(listener, 2);
                int datagrams = layer.Socket(SocketType.Datagram);
                layer.Bind(datagrams, DatagramPort);
                sockets[i].Add(listener);
                sockets[i].Add(datagrams);
            }

            while (!_choices.IsUsedUp)
            {
                int who = _choices.Below(2);
                Call(stations[who], stations[1 - who], sockets[who]);
                if (_choices.OneIn(3))
                {
                    SendAmong(stations[_choices.Below(2)]);
                }

                _link.Run(_choices.Pick(0, 1, 10, 40, 300, 5000), () => { }, () => false);
                foreach (LinkStation station in stations)
                {
                    Invariants.Check(station.Stack, station.Configuration);
                }
            }

            foreach (LinkStation station in stations)
            {
                station.Interface.Busy = false;
            }

            _link.Run(300_000, () => { }, () => false);
            foreach (LinkStation station in stations)
            {
                TcpIpStack stack = station.Stack;
                foreach (object counters in new object[]
                {
                    stack.Ethernet.Counters, stack.Arp.Counters, stack.IPv4.Counters, stack.Icmp.Counters, stack.Udp.Counters, stack.Tcp.Counters,
                })
                {
                    IEnumerable<string> counts = counters.GetType().GetProperties().Select(p => $"{p.Name}={p.GetValue(counters)}");
                    Lines.Add($"{Name(station)} {counters.GetType().Name} {string.Join(' ', counts)}");
                }
            }
        }

        private void Call(LinkStation station, LinkStation other, List<int> sockets)
        {
            SocketLayer layer = station.Stack.Sockets;
            int socket = _choices.Pick([.. sockets]);
            int result = 0;
            int call = _choices.Below(12);
            switch (call)
            {
                case 0:
                case 1:
                    result = layer.Socket();
                    if (result >= 0)
                    {
                        sockets.Add(result);
                        result = layer.Connect(result, other.Ip, Port);
                    }

                    break;
                case 2:
                case 3:
                    result = layer.Accept(sockets[0]);
                    if (result >= 0)
                    {
                        sockets.Add(result);
                    }

                    break;
                case 4:
                case 5:
                case 6:
                    result = layer.Write(socket, _buffer, 0, _choices.Pick(1, 100, 1460, 3000));
                    break;
                case 7:
                case 8:
                    result = layer.Read(socket, _buffer, 0, _choices.Pick(1, 100, 3000));
                    break;
                case 9:
                    result = layer.Shutdown(socket);
                    break;
                case 10:
                    result = _choices.OneIn(2)
                        ? layer.SendTo(sockets[1], _buffer, 0, _choices.Pick(0, 1, 500, 1472, 2000), other.Ip, _choices.Pick(DatagramPort, 9))
                        : layer.ReceiveFrom(sockets[1], _buffer, 0, 3000, _source);
                    break;
                default:
                    if (_choices.OneIn(3) && sockets.Count > 2)
                    {
                        result = _choices.OneIn(2) ? layer.Close(sockets[^1]) : layer.Abort(sockets[^1]);
                        sockets.RemoveAt(sockets.Count - 1);
                    }

                    station.Interface.Busy = _choices.OneIn(6);
                    break;
            }

            Lines.Add($"{Name(station)} {call} = {result}");
        }

        /// <summary>A frame that was seen comes again, spoilt in one way or another.</summary>
        private void SendAmong(LinkStation to)
        {
            LinkStation from = to == _link.A ? _link.B : _link.A;
            ulong fromMac = to == _link.A ? 0x02000000000Bul : 0x02000000000Aul;
            byte[] frame = _choices.OneIn(5)
                ? FrameBuilder.Arp(
                    _choices.Pick(0xFFFFFFFFFFFFul, to == _link.A ? 0x02000000000Aul : 0x02000000000Bul), fromMac, 1, fromMac, from.Ip, 0, to.Ip)
                : _seen.Count == 0 || _choices.OneIn(6)
                ? FrameBuilder.Ethernet(
                    to == _link.A ? 0x02000000000Aul : 0x02000000000Bul,
                    0x02000000000C,
                    0x0800,
                    FrameBuilder.Ip(to.Ip ^ 3, to.Ip, 1, FrameBuilder.Echo(1, 2, new byte[_choices.Pick(0, 1, 56, 1472)])))
                : [.. _seen[^(1 + _choices.Below(Math.Min(_seen.Count, 12)))]];
            bool repair = !_choices.OneIn(4);
            switch (_choices.Below(14))
            {
                case 0:
                    frame[_choices.Below(frame.Length)] ^= (byte)(1 << _choices.Below(8));
                    break;
                case 1:
                    frame[14 + _choices.Below(Math.Min(frame.Length - 14, 40))] = (byte)_choices.Below(256);
                    break;
                case 2:
                    frame = AddOptions(frame);
                    break;
                case 3:
                    frame[20] = (byte)_choices.Pick(0x20, 0x80, 0x00, 0x1F);
                    frame[21] = (byte)_choices.Pick(0, 1, 5);
                    break;
                case 4:
                    Array.Resize(ref frame, _choices.Pick(14, 33, 34, 53, 60, 64, 1514, 1515, 1600));
                    break;
                case 5:
                    frame[_choices.Below(12)] = (byte)_choices.Pick(0xFF, 0x01, 0x00);
                    break;
                case 6:
                    Wire.Put32(frame, 26, _choices.Pick(0u, uint.MaxValue, to.Ip, to.Ip | 255, 0x7F000001u, 0xE0000001u, 0x08080808u, 0x0B0000FFu));
                    break;
                case 7:
                    Wire.Put32(frame, 30, _choices.Pick(0u, uint.MaxValue, to.Ip | 255, 0xE0000001u, to.Ip + 1));
                    break;
                case 8:
                    Wire.Put16(frame, 16, _choices.Pick(0, 19, 20, 21, 39, 40, 41, frame.Length - 14, frame.Length - 13, 65535));
                    break;
                case 9:
                    frame[23] = (byte)_choices.Pick(1, 2, 6, 17, 99);
                    break;
                case 10:
                    if (frame.Length > 47)
                    {
                        frame[46] = (byte)(_choices.Below(16) << 4);
                    }

                    break;
                case 11:
                    // as it is
                    break;
                case 12:
                    frame[_choices.Below(Math.Min(frame.Length, 42))] ^= (byte)(1 << _choices.Below(8));
                    break;
                default:
                    if (frame.Length > 47)
                    {
                        frame[47] = (byte)_choices.Below(256);
                    }

                    break;
            }

            if (frame.Length <= to.Configuration.FrameCapacities[^1])
            {
                Lines.Add($"to {Name(to)}: {Convert.ToHexString(frame)}");
                to.Interface.Deliver(repair ? FrameBuilder.Repair(frame) : frame);
            }
        }

        private byte[] AddOptions(byte[] frame)
        {
            // no operations, or some that are none; or a source route
            byte[] options = _choices.Pick<byte[]>([1, 1, 1, 0], [0, 7, 7, 7], [7, 1, 1, 1], [131, 3, 4, 0]);
            if (frame.Length < 34 || frame.Length > 1500 || Wire.Get16(frame, 12) != 0x0800 || frame[14] != 0x45)
            {
                return frame;
            }

            byte[] longer = [.. frame[..34], .. options, .. frame[34..]];
            longer[14] = 0x46;
            Wire.Put16(longer, 16, Wire.Get16(frame, 16) + 4);
            return longer;
        }

        private sealed class CountingWay(EthernetProtocol way, Story story, bool isShort) : EthernetProtocol
        {
            internal override void Receive(Frame frame, bool toMany) => way.Receive(frame, toMany);

            internal override bool TryReceive(Frame frame, ushort[] station)
            {
                if (!isShort)
                {
                    return false;
                }

                ushort[] before = [.. frame.Words];
                int length = frame.Length;
                bool taken = way.TryReceive(frame, station);
                if (taken)
                {
                    story.Taken++;
                    return true;
                }

                // who declines has changed nothing
                Assert.Equal(length, frame.Length);
                Assert.Equal(before, frame.Words);
                story.Declined++;
                return false;
            }
        }
    }
}
