// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Properties;

/// <summary>
/// Applications that call anything at any time, also with tickets that are no longer good, on two stacks that can reach each other. A
/// small model knows which tickets are good, and what the calls say that no network is needed for.
/// </summary>
public sealed class SocketCallProperties
{
    private const int Ports = 2;

    private static readonly FieldInfo s_dueAt = typeof(TcpIpStack).GetField("_dueAt", BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Dictionary<string, int> _successes = [];

    [Fact]
    public void Calls_in_any_order_say_what_they_document_and_keep_everything_together()
    {
        Property.Check(150, 1200, choices => Run(choices, null, false), stream: 40);

        // a run in which nothing ever works would prove nothing
        string[] calls =
        [
            "Socket", "Bind", "Listen", "Accept", "Connect", "Write", "Read", "Peek", "Consume", "Shutdown", "Close", "Abort",
            "SetNoDelay", "SetKeepAlive", "SetBroadcast", "SendTo", "ReceiveFrom",
        ];
        Assert.All(calls, call => Assert.True(_successes.GetValueOrDefault(call) > 2, call));
    }

    [Fact]
    public void A_poll_that_finds_nothing_to_do_misses_nothing()
    {
        int rests = 0;
        Property.Check(
            100,
            600,
            choices =>
            {
                int[] numbers = [.. Enumerable.Range(0, 600).Select(_ => choices.Below(65536))];
                List<string> story = [];
                List<string> without = [];
                rests += Run(new Choices(numbers), story, false);
                Run(new Choices(numbers), without, true);
                for (int i = 0; i < Math.Min(story.Count, without.Count); i++)
                {
                    Assert.True(story[i] == without[i], string.Join(Environment.NewLine, story[Math.Max(0, i - 20)..i]) + $"\n{story[i]}, but\n{without[i]}");
                }

                Assert.Equal(without.Count, story.Count);
            },
            stream: 41);
        Assert.True(rests > 10_000, $"{rests} polls that found nothing to do");
    }

    /// <summary>Notes what can be seen of a run from outside, and counts the polls that end early; or has none end early.</summary>
    private int Run(Choices choices, List<string>? story, bool restless)
    {
        int rests = 0;
        LossyLink link = new(choices.Word(), c =>
        {
            c.TcpSockets = choices.Pick(5, 2, 3, 8);
            c.UdpSockets = choices.Pick(2, 0, 1);
            c.TcpTimeWait = choices.Pick(60000, 0, 1000);
        });
        link.Trace = story == null ? null : story.Add;
        link.BeforePoll = restless ? stack => s_dueAt.SetValue(stack, link.Now) : null;
        link.AfterPoll = (station, wait) =>
        {
            // a time that is as far away as can be is told as less by a poll that ends early
            story?.Add($"{(station == link.A ? "A" : "B")} at {link.Now}: {Math.Min(wait, 1 << 29)} {station.Stack.NeedsPoll}");
            rests += station.Stack.IsAtRest ? 1 : 0;
        };
        Application[] applications = [new(link, link.A, link.B, choices, _successes), new(link, link.B, link.A, choices, _successes)];
        foreach (Application application in applications)
        {
            application.Begin();
        }

        while (!choices.IsUsedUp)
        {
            applications[choices.Below(2)].Call();
            story?.Add($"called: {link.A.Stack.NeedsPoll} {link.B.Stack.NeedsPoll}");
            if (choices.OneIn(2))
            {
                link.Run(choices.Pick(1, 20, 200, 5000, 70000), () => { }, () => false);
            }

            foreach (LinkStation station in new[] { link.A, link.B })
            {
                Invariants.Check(station.Stack, station.Configuration);
            }
        }

        foreach (Application application in applications)
        {
            application.CloseAll();
        }

        foreach (LinkStation station in new[] { link.A, link.B })
        {
            station.Interface.IsLinkUp = true;
        }

        link.Run(900_000, () => { }, () => false);
        foreach (LinkStation station in new[] { link.A, link.B })
        {
            Invariants.Check(station.Stack, station.Configuration);
            Assert.Equal(0, station.Stack.Tcp.BlocksInUse);
            Assert.Equal(0, Enumerable.Range(0, station.Stack.Pool.Classes).Sum(station.Stack.Pool.InUse));
        }

        return rests;
    }

    private sealed class Application(
        LossyLink link, LinkStation station, LinkStation other, Choices choices, Dictionary<string, int> successes)
    {
        private readonly SocketLayer _sockets = station.Stack.Sockets;
        private readonly List<ModelSocket> _open = [];
        private readonly List<int> _stale = [-1, int.MinValue, int.MaxValue, 0x7F, 0];
        private readonly byte[] _buffer = new byte[3000];
        private readonly WordBuffer _words = new(new string('w', 2000), station.Interface.WordOrder);
        private readonly ReceivedView _view = new();
        private readonly DatagramSource _source = new();

        public void CloseAll()
        {
            foreach (ModelSocket socket in _open.ToArray())
            {
                Assert.Equal(0, _sockets.Close(socket.Descriptor));
            }

            _open.Clear();
        }

        /// <summary>Begins with a listener, mostly, so that there is something to connect to.</summary>
        public void Begin()
        {
            if (choices.OneIn(4))
            {
                return;
            }

            int listener = _sockets.Socket();
            ModelSocket socket = Own(listener, false);
            socket.Port = 80;
            Assert.Equal(0, _sockets.Bind(listener, 80));
            Assert.Equal(0, _sockets.Listen(listener, choices.Pick(1, 2)));
            socket.Listens = true;
            int datagrams = _sockets.Socket(SocketType.Datagram);
            if (datagrams >= 0)
            {
                Own(datagrams, true).Port = 81;
                Assert.Equal(0, _sockets.Bind(datagrams, 81));
            }
        }

        public void Call()
        {
            switch (choices.Below(20))
            {
                case 0:
                case 1:
                    Open(SocketType.Stream);
                    break;
                case 2:
                    Open(SocketType.Datagram);
                    break;
                case 3:
                case 4:
                    Bind();
                    break;
                case 5:
                    Listen();
                    break;
                case 6:
                case 7:
                    Accept();
                    break;
                case 8:
                case 9:
                    Connect();
                    break;
                case 10:
                case 11:
                    Write();
                    break;
                case 12:
                    (int d, _) = Any(s => s.HasPeer);
                    Said("Read", d, _sockets.Read(d, _buffer, 0, choices.Pick(1, 100, 3000)));
                    break;
                case 13:
                    Look();
                    break;
                case 14:
                    (d, _) = Any(s => s.HasPeer);
                    Said("Shutdown", d, _sockets.Shutdown(d), datagram: false);
                    break;
                case 15:
                    if (choices.OneIn(2))
                    {
                        End("Close", _sockets.Close);
                    }

                    break;
                case 16:
                    if (choices.OneIn(3))
                    {
                        End("Abort", _sockets.Abort);
                    }

                    break;
                case 17:
                    Options();
                    break;
                case 18:
                    Datagrams();
                    break;
                default:
                    Surroundings();
                    break;
            }
        }

        private (int Descriptor, ModelSocket? Socket) Any(Predicate<ModelSocket>? likely = null)
        {
            List<ModelSocket> fitting = _open.FindAll(likely ?? (_ => true));
            if (fitting.Count > 0 && !choices.OneIn(5))
            {
                ModelSocket socket = choices.Pick([.. fitting]);
                return (socket.Descriptor, socket);
            }

            if (_open.Count > 0 && !choices.OneIn(8))
            {
                ModelSocket any = choices.Pick([.. _open]);
                return (any.Descriptor, any);
            }

            int stale = choices.Pick([.. _stale]);

            // a ticket that was made up may fit by chance
            ModelSocket? lucky = _open.Find(s => s.Descriptor == stale);
            return (stale, lucky);
        }

        /// <summary>
        /// Whatever the call said must be documented, and it says BadDescriptor where the ticket is bad, OperationNotSupported where the socket is
        /// of another kind, and only there.
        /// </summary>
        private void Said(string call, int descriptor, int result, bool? datagram = null)
        {
            ModelSocket? socket = _open.Find(s => s.Descriptor == descriptor);
            string said = result < 0 ? ((SocketError)result).ToString() : result.ToString();
            choices.Note($"{(station == link.A ? "A" : "B")} {link.Now} {call}({descriptor}) = {said}");
            DocumentedResults.Instance.Check(call, result);
            bool bad = socket == null;
            bool foreign = socket != null && datagram is bool kind && kind != socket.IsDatagram;
            Assert.True(bad == (result == (int)SocketError.BadDescriptor), $"{call} of a {(bad ? "bad" : "good")} ticket says {said}");
            Assert.True(foreign == (result == (int)SocketError.OperationNotSupported), $"{call} of a socket that is {(foreign ? "not " : string.Empty)}for it says {said}");
            if (result >= 0 || result == (int)SocketError.InProgress)
            {
                successes[call] = successes.GetValueOrDefault(call) + 1;
            }
        }

        private void Open(SocketType type)
        {
            int result = _sockets.Socket(type);
            choices.Note($"{(station == link.A ? "A" : "B")} Socket({type}) = {result}");
            DocumentedResults.Instance.Check("Socket", result);
            if (result >= 0)
            {
                Own(result, type == SocketType.Datagram);
                successes["Socket"] = successes.GetValueOrDefault("Socket") + 1;
            }
            else
            {
                // those that nobody holds may be in use too, but not if there are none
                int mine = _open.Count(s => s.IsDatagram == (type == SocketType.Datagram));
                int all = type == SocketType.Datagram ? station.Configuration.UdpSockets : station.Configuration.TcpSockets;
                Assert.True(mine == all || (type == SocketType.Stream && station.Stack.Tcp.BlocksInUse == all));
            }
        }

        private ModelSocket Own(int descriptor, bool isDatagram)
        {
            Assert.DoesNotContain(_open, s => s.Descriptor == descriptor);
            Assert.DoesNotContain(descriptor, _stale.Skip(5));
            ModelSocket socket = new(descriptor, isDatagram);
            _open.Add(socket);
            return socket;
        }

        private void Bind()
        {
            (int descriptor, ModelSocket? socket) = Any();
            int port = choices.OneIn(10) ? choices.Pick(-1, 65536, int.MaxValue) : 80 + choices.Below(Ports);
            int result = _sockets.Bind(descriptor, port);
            Said("Bind", descriptor, result);
            if (socket == null)
            {
                return;
            }

            if (port is < 1 or > 65535)
            {
                Assert.Equal(SocketError.InvalidArgument, (SocketError)result);
            }
            else if (socket.Port != 0 || (!socket.IsFresh && !socket.IsDatagram))
            {
                Assert.Equal(SocketError.InvalidState, (SocketError)result);
            }
            else if (!socket.IsDatagram)
            {
                bool taken = _open.Exists(s => !s.IsDatagram && s.Port == port && !s.HasPeer);
                Assert.Equal(taken ? SocketError.AddressInUse : SocketError.Success, (SocketError)result);
            }

            if (result == 0)
            {
                socket.Port = port;
            }
        }

        private void Listen()
        {
            (int descriptor, ModelSocket? socket) = Any(s => s.IsFresh && s.Port != 0);
            int backlog = choices.Pick(1, 2, 0, -5, 1000);
            int result = _sockets.Listen(descriptor, backlog);
            Said("Listen", descriptor, result, datagram: false);
            if (socket is { IsDatagram: false })
            {
                Assert.Equal(
                    backlog < 1 ? SocketError.InvalidArgument
                        : socket.IsFresh && socket.Port != 0 ? SocketError.Success : SocketError.InvalidState,
                    (SocketError)result);
                socket.Listens |= result == 0;
            }
        }

        private void Accept()
        {
            (int descriptor, ModelSocket? socket) = Any(s => s.Listens);
            int result = _sockets.Accept(descriptor);
            Said("Accept", descriptor, result, datagram: false);
            if (socket is { IsDatagram: false, Listens: false })
            {
                Assert.Equal(SocketError.InvalidState, (SocketError)result);
            }

            if (result >= 0)
            {
                ModelSocket accepted = Own(result, false);
                accepted.Port = socket!.Port;
                accepted.HasPeer = true;
            }
        }

        private void Connect()
        {
            (int descriptor, ModelSocket? socket) = Any(s => s.IsFresh);
            uint address = choices.OneIn(8)
                ? choices.Pick(0u, uint.MaxValue, station.Ip, Wire.Address("224.0.0.1"), Wire.Address("10.0.0.77"), Wire.Address("8.8.8.8"))
                : other.Ip;
            int port = choices.OneIn(12) ? choices.Pick(0, 65536) : 80 + choices.Below(Ports);
            int result = _sockets.Connect(descriptor, address, port);
            Said("Connect", descriptor, result);
            if (socket is not { IsDatagram: false })
            {
                return;
            }

            if (port is < 1 or > 65535 || address is 0 or uint.MaxValue || address >> 28 == 14)
            {
                Assert.Equal(SocketError.InvalidArgument, (SocketError)result);
            }
            else if (!socket.IsFresh)
            {
                Assert.Contains((SocketError)result, new[] { SocketError.InvalidState, SocketError.IsConnected });
            }
            else if (!station.Interface.IsLinkUp && address != station.Ip)
            {
                Assert.Equal(SocketError.NetworkDown, (SocketError)result);
            }
            else if (address == Wire.Address("8.8.8.8"))
            {
                Assert.Equal(SocketError.NetworkUnreachable, (SocketError)result);
            }
            else
            {
                Assert.Contains((SocketError)result, new[] { SocketError.InProgress, SocketError.AddressInUse });
                socket.HasPeer = result == (int)SocketError.InProgress;

                // a socket that could not connect has a port now all the same, so it can be asked no more about Bind
                socket.Port = socket.Port != 0 ? socket.Port : -1;
            }
        }

        private void Write()
        {
            (int descriptor, ModelSocket? socket) = Any(s => s.HasPeer);
            int count = choices.Pick(1, 0, 100, 1460, 3000);
            if (choices.OneIn(3))
            {
                int offset = choices.Pick(0, 2, 1998, 1, -2, 5000);
                int result = _sockets.Write(descriptor, _words, offset);
                Said("Write", descriptor, result, datagram: false);
                Assert.True(result <= 2000 - offset || result <= 0);
                return;
            }

            if (socket?.Listens == true)
            {
                Assert.Equal(SocketError.NotConnected, (SocketError)_sockets.Write(descriptor, _buffer, 0, 1));
            }

            int written = choices.OneIn(10)
                ? _sockets.Write(descriptor, _buffer, choices.Pick(-1, 1, 3001), 3000)
                : _sockets.Write(descriptor, _buffer, 0, count);
            Said("Write", descriptor, written);
            Assert.True(written <= count || written < 0);
        }

        private void Look()
        {
            (int descriptor, _) = Any(s => s.HasPeer);
            int shown = _sockets.Peek(descriptor, _view);
            Said("Peek", descriptor, shown);
            int count = choices.Pick(shown, 0, 1, -1, 10000);
            int result = _sockets.Consume(descriptor, count);
            Said("Consume", descriptor, result);
            Assert.True(result == 0 || shown <= 0 || count > shown || count < 0, "what was shown cannot be consumed");
        }

        private void End(string call, Func<int, int> end)
        {
            (int descriptor, ModelSocket? socket) = Any();
            int result = end(descriptor);
            Said(call, descriptor, result);
            if (socket != null)
            {
                Assert.Equal(0, result);
                _open.Remove(socket);
                _stale.Add(descriptor);
            }
        }

        private void Options()
        {
            (int descriptor, _) = Any();
            Said("SetNoDelay", descriptor, _sockets.SetNoDelay(descriptor, choices.OneIn(2)), datagram: false);
            Said("SetKeepAlive", descriptor, _sockets.SetKeepAlive(descriptor, choices.Pick(0, 1000, 30000, 1, -5)), datagram: false);
            Said("SetBroadcast", descriptor, _sockets.SetBroadcast(descriptor, choices.OneIn(2)), datagram: true);
        }

        private void Datagrams()
        {
            (int descriptor, _) = Any(s => s.IsDatagram);
            uint address = choices.Pick(other.Ip, other.Ip, uint.MaxValue, station.Ip, 0u, Wire.Address("10.0.0.77"));
            int count = choices.Pick(1, 0, 1472, 1473, 3000);
            if (choices.OneIn(3))
            {
                Bind();
            }

            Said("SendTo", descriptor, _sockets.SendTo(descriptor, _buffer, 0, count, address, 80 + choices.Below(Ports)), datagram: true);
            int received = _sockets.ReceiveFrom(descriptor, _buffer, 0, choices.Pick(3000, 0, 10), _source);
            Said("ReceiveFrom", descriptor, received, datagram: true);
        }

        private void Surroundings()
        {
            station.Interface.IsLinkUp = choices.Below(8) != 7;

            (int descriptor, ModelSocket? socket) = Any();
            Assert.True(socket != null || _sockets.GetState(descriptor) == TcpState.Closed);
            Assert.Equal(socket == null, _sockets.GetError(descriptor) == SocketError.BadDescriptor);
            SocketStatus status = new();
            int rows = 0;
            for (int row = 0; row < _sockets.Count; row++)
            {
                rows += _sockets.GetStatus(row, status) ? 1 : 0;
            }

            Assert.Equal(station.Stack.Tcp.BlocksInUse, rows);
        }
    }
}
