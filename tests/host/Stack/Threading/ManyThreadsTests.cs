// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>
/// Threads that call what they like of sockets that others use and close, over a wire that loses, repeats and reorders: nobody waits for ever,
/// each wait ends in its time, and nothing is left behind. A seed that fails fails again.
/// </summary>
public sealed class ManyThreadsTests
{
    private const int FirstPort = 1000;
    private const int Ports = 3;

    public static TheoryData<uint> Seeds => [.. Enumerable.Range(1, 24).Select(i => (uint)i)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_threads_do_nobody_waits_for_ever_and_nothing_is_left(uint seed)
    {
        (long turns, int frames) = Play(seed);
        Assert.True(turns > 1000, $"{turns} turns");
        Assert.True(frames > 5, $"{frames} frames");
    }

    [Fact]
    public void The_same_seed_plays_the_same_way() => Assert.Equal(Play(77), Play(77));

    /// <summary>As many clients at once as there are waiters, or twice as many, send to a server that has a thread for each, and get all back.</summary>
    [Theory]
    [InlineData(1, 0.0, 8)]
    [InlineData(2, 0.05, 8)]
    [InlineData(3, 0.2, 8)]
    [InlineData(4, 0.1, 2)]
    [InlineData(5, 0.1, 1)]
    public void Each_client_gets_back_what_it_sent(uint seed, double loss, int waiters)
    {
        const int Clients = 4;
        const int Length = 6000;
        using VirtualLan lan = new(seed, c => c.Waiters = waiters) { Loss = loss, Duplication = loss / 4, Jitter = loss > 0 ? 20 : 0, Strict = false };
        SocketHost server = lan.A.Sockets;
        int listener = server.OpenStream();
        Assert.Equal(0, server.Bind(listener, 0, FirstPort));
        Assert.Equal(0, server.Listen(listener, Clients));
        int left = Clients;
        for (int i = 0; i < Clients; i++)
        {
            int number = i;
            lan.Start("server " + i, () =>
            {
                int handle = server.Accept(listener, SocketHost.Forever);
                Assert.True(handle >= 0, $"{handle}");
                byte[] buffer = new byte[700];
                int count;
                while ((count = server.Receive(handle, buffer, 0, buffer.Length, false, SocketHost.Forever)) > 0)
                {
                    Assert.Equal(count, server.Send(handle, buffer, 0, count, SocketHost.Forever));
                }

                Assert.Equal(0, count);
                server.Close(handle);
                if (--left == 0)
                {
                    server.Close(listener);
                }
            });
            lan.Start("client " + i, () =>
            {
                SocketHost host = lan.B.Sockets;
                int handle = host.OpenStream();
                Assert.Equal(0, host.Connect(handle, lan.A.Ip, FirstPort, SocketHost.Forever));
                byte[] sent = Wire.PatternBytes(number * 1000, Length);
                int received = 0;
                byte[] back = new byte[Length];
                for (int at = 0; at < Length; at += 1500)
                {
                    Assert.Equal(1500, host.Send(handle, sent, at, 1500, SocketHost.Forever));
                    while (received < at + 1500)
                    {
                        int count = host.Receive(handle, back, received, Length - received, false, 600000);
                        Assert.True(count > 0, $"{count}");
                        received += count;
                    }
                }

                Assert.Equal(sent, back);
                host.Shutdown(handle, SocketHost.Sending);
                Assert.Equal(0, host.Receive(handle, back, 0, 1, false, 600000));
                host.Close(handle);
            });
        }

        lan.Run(3000000);
    }

    private static (long Turns, int Frames) Play(uint seed)
    {
        TestRandom draw = new(seed * 31);
        double loss = draw.Chance(0.3) ? 0 : draw.Below(25) / 100.0;
        int waiters = 1 + draw.Below(6);
        using VirtualLan lan = new(seed, c => Configure(c, waiters)) { Loss = loss, Duplication = loss / 3, Jitter = draw.Below(30) };
        Crowd[] crowds = [new Crowd(lan, lan.A, lan.B, seed), new Crowd(lan, lan.B, lan.A, seed + 1000)];
        foreach (Crowd crowd in crowds)
        {
            crowd.Start(3 + draw.Below(5));
        }

        lan.Run(400000);
        long turns = lan.World.Turns;
        int frames = lan.Frames;
        LeaveAlone(lan);
        return (turns, frames);
    }

    private static void Configure(EthernetConfiguration configuration, int waiters)
    {
        configuration.Waiters = waiters;
        configuration.Stack = new StackConfiguration { GuardFrames = true, TcpSockets = 8, UdpSockets = 4, TcpTimeWait = 5000, TcpUserTimeout = 20000 };
    }

    /// <summary>When all has been closed and time has gone by, all places and frames are free.</summary>
    private static void LeaveAlone(VirtualLan lan)
    {
        foreach (TcpIpStack stack in new[] { lan.A.Network.Stack, lan.B.Network.Stack })
        {
            int now = lan.World.Now;
            for (int i = 0; i < 2000 && (stack.Tcp.BlocksInUse > 0 || stack.Tcp.SynQueue.InUse > 0); i++)
            {
                now += Math.Clamp(stack.Poll(now), 1, 1000);
            }

            for (int i = 0; i < 10; i++)
            {
                now += 1000;
                stack.Poll(now);
            }

            Assert.Equal(0, stack.Tcp.BlocksInUse);
            Assert.DoesNotContain(stack.Udp.Blocks, b => b.Attached);
            int total = Enumerable.Range(0, stack.Pool.Classes).Sum(stack.Pool.Total);
            Assert.Equal(total, stack.Pool.Free);
        }
    }

    /// <summary>Threads of one board, and the sockets that they share.</summary>
    private sealed class Crowd(VirtualLan lan, VirtualBoard board, VirtualBoard other, uint seed)
    {
        private const int Steps = 60;
        private const int Slack = 200;

        private readonly TestRandom _draw = new(seed);
        private readonly SocketHost _host = board.Sockets;
        private readonly List<int> _handles = [];
        private bool _isClosing;
        private int _atWork;

        public void Start(int threads)
        {
            _atWork = threads;
            for (int i = 0; i < threads; i++)
            {
                lan.Start($"{board.Ip & 255}/{i}", Work);
            }

            lan.Start($"{board.Ip & 255}/closer", Close);
        }

        private void Work()
        {
            for (int i = 0; i < Steps && !_isClosing; i++)
            {
                Step();
            }

            _atWork--;
        }

        /// <summary>Whoever waits for ever ends with his socket.</summary>
        private void Close()
        {
            board.Threads.Sleep(1000 + _draw.Below(30000));
            _isClosing = true;
            while (_atWork > 0 || _handles.Count > 0)
            {
                while (_handles.Count > 0)
                {
                    int handle = _handles[0];
                    _handles.RemoveAt(0);
                    _host.SetOption(handle, HostOption.Linger, -1);
                    _host.Close(handle);
                }

                board.Threads.Sleep(10);
            }
        }

        private void Step()
        {
            byte[] buffer = new byte[1200];
            int handle = _handles.Count == 0 ? Keep(_host.OpenStream()) : _handles[_draw.Below(_handles.Count)];
            int timeout = _draw.Below(5) switch { 0 => SocketHost.Forever, 1 => 0, _ => _draw.Below(3000) };
            int count = 1 + _draw.Below(buffer.Length - 1);
            int port = FirstPort + _draw.Below(Ports);
            long beganAt = lan.World.Elapsed;
            int kind = _draw.Below(20);
            int result = kind switch
            {
                0 or 1 => Keep(_host.OpenStream()),
                2 => Keep(_host.OpenDatagram()),
                3 => _host.Bind(handle, 0, _draw.Chance(0.2) ? 0 : port),
                4 => _host.Listen(handle, 1 + _draw.Below(3)),
                5 => Keep(_host.Accept(handle, timeout)),
                6 => _host.Connect(handle, _draw.Chance(0.1) ? board.Ip : other.Ip, port, timeout),
                7 or 8 or 9 => _host.Send(handle, buffer, 0, count, timeout),
                10 or 11 => _host.Receive(handle, buffer, 0, count, _draw.Chance(0.2), timeout),
                12 => _host.ReceiveFrom(handle, buffer, 0, count, _draw.Chance(0.2), timeout, new uint[2]),
                13 => _host.SendTo(handle, buffer, 0, count, other.Ip, port, timeout),
                14 => _host.Poll(handle, _draw.Below(3), timeout < 0 ? -1 : timeout * 1000),
                15 => _host.Shutdown(handle, _draw.Below(3)),
                16 => _host.SetOption(handle, HostOption.Linger, _draw.Below(4) - 1),
                17 => _host.GetAvailable(handle),
                18 => ConnectAnew(port, timeout),
                _ => Drop(handle),
            };
            Assert.True(result >= (int)SocketError.TryAgain, $"call {kind} says {result}");
            if (timeout >= 0 && kind is (>= 5 and <= 14) or 18)
            {
                Assert.True(lan.World.Elapsed - beganAt <= timeout + Slack, $"call {kind} took {lan.World.Elapsed - beganAt} ms of {timeout}");
            }
        }

        private int ConnectAnew(int port, int timeout)
        {
            int handle = Keep(_host.OpenStream());
            return handle < 0 ? handle : _host.Connect(handle, other.Ip, port, timeout);
        }

        private int Keep(int handle)
        {
            if (handle >= 0)
            {
                _handles.Add(handle);
            }

            return handle;
        }

        private int Drop(int handle)
        {
            _handles.Remove(handle);
            return _host.Close(handle);
        }
    }
}
