// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Runtime.CompilerServices;
using HostTests.Stack.Threading;
using ours::System.Net;
using ours::System.Net.Sockets;
using TcpIp.Threading;
using Board = HostTests.Stack.Threading.VirtualBoard;

namespace HostTests.SystemNet.Threads;

/// <summary>
/// Threads of two boards that do what they like with sockets and streams which others use and close, over a wire that loses, repeats and reorders. The
/// wire, the order of the threads and what they do come from one seed.
/// </summary>
internal static class CrowdPlay
{
    [ThreadStatic]
    private static int s_objects;

    /// <summary>Plays.</summary>
    /// <param name="seed">The seed.</param>
    /// <returns>Turns of threads, frames on the wire, calls that did what they were asked for, calls that threw, and objects made by sending, receiving and
    /// polling.</returns>
    public static long[] Play(uint seed)
    {
        InstrumentedAssemblies.Hook(() => s_objects++);
        EthernetInterface? before = EthernetInterface.Current;
        try
        {
            TestRandom draw = new(seed * 37);
            double loss = draw.Chance(0.3) ? 0 : draw.Below(20) / 100.0;
            int waiters = 1 + draw.Below(6);
            using VirtualLan lan = new(seed, c => Configure(c, waiters)) { Loss = loss, Duplication = loss / 3, Jitter = draw.Below(30) };
            Score score = new();
            Stage(lan, score, seed, draw);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            foreach (Board board in new[] { lan.A, lan.B })
            {
                Assert.False(board.Threads.IsLocked);
                Assert.Equal(0, board.Network.Owner.Waiting);
                Assert.Equal(0, board.Network.Faults);
                Assert.Equal(0, board.Sockets.OpenHandles);
                Assert.DoesNotContain(board.Network.Stack.Tcp.Blocks, b => b.Attached);
                Assert.DoesNotContain(board.Network.Stack.Udp.Blocks, b => b.Attached);
                AbortPlay.Rest(lan, board.Network.Stack);
            }

            return [lan.World.Turns, lan.Frames, score.Done, score.Refused, score.Objects];
        }
        finally
        {
            EthernetInterface.Current = before!;
        }
    }

    /// <summary>By itself, so that nothing here keeps a socket alive.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Stage(VirtualLan lan, Score score, uint seed, TestRandom draw)
    {
        Crowd[] crowds = [new Crowd(lan, lan.A, "10.0.0.2", seed, score), new Crowd(lan, lan.B, "10.0.0.1", seed + 1000, score)];
        foreach (Crowd crowd in crowds)
        {
            crowd.Start(3 + draw.Below(4));
        }

        lan.World.Run(500000);
    }

    private static void Configure(EthernetConfiguration configuration, int waiters)
    {
        configuration.Waiters = waiters;
        configuration.Stack = new StackConfiguration { GuardFrames = true, TcpSockets = 8, UdpSockets = 5, MulticastGroups = 2, TcpTimeWait = 5000, TcpUserTimeout = 20000 };
    }

    private sealed class Score
    {
        public long Done { get; set; }

        public long Refused { get; set; }

        public long Objects { get; set; }
    }

    /// <summary>Threads of one board, and the sockets that they share.</summary>
    private sealed class Crowd(VirtualLan lan, Board board, string other, uint seed, Score score)
    {
        private const int FirstPort = 1000;
        private const int Ports = 3;
        private const int Steps = 70;
        private const int Slack = 200;

        private static readonly int[] s_errors = [10004, 10013, 10022, 10024, 10035, 10036, 10040, 10045, 10048, 10049, 10050, 10051, 10053, 10054, 10055, 10056, 10057, 10058, 10060, 10061, 10065];

        private readonly TestRandom _draw = new(seed);
        private readonly List<Socket> _sockets = [];
        private readonly List<NetworkStream> _streams = [];
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
            byte[] buffer = new byte[1200];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            for (int i = 0; i < Steps && !_isClosing; i++)
            {
                try
                {
                    Step(buffer, ref from);
                    score.Done++;
                }
                catch (SocketException exception)
                {
                    Assert.Contains(exception.ErrorCode, s_errors);
                    score.Refused++;
                }
                catch (ObjectDisposedException)
                {
                    score.Refused++;
                }
                catch (IOException exception)
                {
                    // a stream over what is no connection, or a write whose time is over
                    Assert.True(exception.InnerException is null or ObjectDisposedException or SocketException, $"{exception}");
                    score.Refused++;
                }
            }

            _atWork--;
        }

        /// <summary>Whoever waits for ever ends with his socket.</summary>
        private void Close()
        {
            board.Threads.Sleep(1000 + _draw.Below(15000));
            _isClosing = true;
            while (_atWork > 0 || _sockets.Count > 0 || _streams.Count > 0)
            {
                while (_streams.Count > 0)
                {
                    Take(_streams, 0).Close();
                }

                while (_sockets.Count > 0)
                {
                    Take(_sockets, 0).Close();
                }

                board.Threads.Sleep(10);
            }
        }

        private static T Take<T>(List<T> list, int at)
        {
            T taken = list[at];
            list.RemoveAt(at);
            return taken;
        }

        private void Step(byte[] buffer, ref EndPoint from)
        {
            if (_sockets.Count == 0)
            {
                Keep(Make(SocketType.Stream));
                return;
            }

            Socket socket = _sockets[_draw.Below(_sockets.Count)];
            int count = 1 + _draw.Below(buffer.Length - 1);
            IPEndPoint peer = new(IPAddress.Parse(_draw.Chance(0.1) ? "127.0.0.1" : other), FirstPort + _draw.Below(Ports));
            SocketFlags peek = _draw.Chance(0.2) ? SocketFlags.Peek : SocketFlags.None;
            switch (_draw.Below(24))
            {
                case 0:
                case 1:
                    Keep(Make(SocketType.Stream));
                    break;
                case 2:
                    Keep(Make(SocketType.Dgram));
                    break;
                case 3:
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, _draw.Chance(0.5));
                    socket.Bind(new IPEndPoint(IPAddress.Any, _draw.Chance(0.2) ? 0 : peer.Port));
                    break;
                case 4:
                    socket.Listen(1 + _draw.Below(3));
                    break;
                case 5:
                    Keep(socket.Accept());
                    break;
                case 6:
                    socket.Connect(peer);
                    break;
                case 7:
                case 8:
                    Lean(socket.SendTimeout, () => socket.Send(buffer, 0, count, SocketFlags.None));
                    break;
                case 9:
                case 10:
                    Lean(socket.ReceiveTimeout, () => socket.Receive(buffer, 0, count, peek));
                    break;
                case 11:
                    int timeout = socket.ReceiveTimeout;
                    long beganAt = lan.World.Elapsed;
                    socket.ReceiveFrom(buffer, 0, count, peek, ref from);
                    Assert.True(timeout == 0 || lan.World.Elapsed - beganAt <= timeout + Slack);
                    break;
                case 12:
                    Lean(socket.SendTimeout, () => socket.SendTo(buffer, 0, count, SocketFlags.None, peer));
                    break;
                case 13:
                    SelectMode mode = (SelectMode)_draw.Below(3);
                    int patience = _draw.Chance(0.2) ? -1 : _draw.Below(2000000);
                    Lean(patience < 0 ? 0 : patience / 1000, () => socket.Poll(patience, mode) ? 1 : 0);
                    break;
                case 14:
                    socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Linger, _draw.Below(4) - 1);
                    break;
                case 15:
                    socket.ReceiveTimeout = _draw.Below(3) * _draw.Below(2000);
                    socket.SendTimeout = _draw.Below(3) * _draw.Below(2000);
                    break;
                case 16:
                    Assert.InRange(socket.Available, 0, int.MaxValue);
                    Assert.True(socket.LocalEndPoint == null || ((IPEndPoint)socket.LocalEndPoint).Port > 0);
                    break;
                case 17:
                    Assert.True(!socket.Connected || ((IPEndPoint)socket.RemoteEndPoint).Port > 0);
                    break;
                case 18:
                    socket = Keep(Make(SocketType.Stream));
                    socket.Connect(peer);
                    break;
                case 19:
                    byte[] group = [224, 0, 0, 251, 0, 0, 0, 0];
                    socket.SetSocketOption(SocketOptionLevel.IP, _draw.Chance(0.6) ? SocketOptionName.AddMembership : SocketOptionName.DropMembership, group);
                    socket.SendTo(buffer, 0, count, SocketFlags.None, new IPEndPoint(IPAddress.Parse("224.0.0.251"), peer.Port));
                    break;
                case 20:
                    _streams.Add(new NetworkStream(socket, _draw.Chance(0.5)));
                    break;
                case 21:
                    Use(buffer, count);
                    break;
                case 22:
                    if (_streams.Count > 0)
                    {
                        Take(_streams, _draw.Below(_streams.Count)).Close();
                    }

                    break;
                default:
                    _sockets.Remove(socket);
                    socket.Close();
                    break;
            }
        }

        private void Use(byte[] buffer, int count)
        {
            if (_streams.Count == 0)
            {
                return;
            }

            NetworkStream stream = _streams[_draw.Below(_streams.Count)];
            switch (_draw.Below(3))
            {
                case 0:
                    Lean(Math.Max(stream.ReadTimeout, 0), () => stream.Read(buffer, 0, count));
                    break;
                case 1:
                    int patience = Math.Max(stream.WriteTimeout, 0);
                    Lean(patience, () =>
                    {
                        stream.Write(buffer, 0, count);
                        return count;
                    });
                    break;
                default:
                    Assert.True(!stream.DataAvailable || stream.Length >= 0);
                    break;
            }
        }

        /// <summary>A call that may take so long, and makes no object.</summary>
        private void Lean(int timeout, Func<int> call)
        {
            long beganAt = lan.World.Elapsed;
            int objects = s_objects;
            try
            {
                Assert.InRange(call(), 0, 1200);
                score.Objects += s_objects - objects;
            }
            finally
            {
                Assert.True(timeout == 0 || lan.World.Elapsed - beganAt <= timeout + Slack, $"it took {lan.World.Elapsed - beganAt} ms of {timeout}");
            }
        }

        private Socket Make(SocketType type)
        {
            // a board is a process of its own, and here both are in one
            EthernetInterface.Current = board.Network;
            return new Socket(AddressFamily.InterNetwork, type, type == SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        }

        private Socket Keep(Socket socket)
        {
            _sockets.Add(socket);
            return socket;
        }
    }
}
