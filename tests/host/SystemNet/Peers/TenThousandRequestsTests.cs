// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Device.Spi;
using System.Text;
using HostTests.EndToEnd;
using HostTests.Stack.Threading;
using Iot.Device.Enc28j60;
using ours::System.Net;
using ours::System.Net.Sockets;
using TcpIp.Link;
using TcpIp.Threading;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using SocketError = TcpIp.SocketError;

namespace HostTests.SystemNet.Peers;

/// <summary>
/// A server of our System.Net, on a board with the chip's model, and a board that asks it ten thousand times. Threads and time are a
/// <see cref="VirtualWorld"/>'s, so that a run can be repeated.
/// </summary>
[Collection(EndToEndCollection.Name)]
public sealed class TenThousandRequestsTests
{
    private const int Port = 80;
    private const int Clients = 4;
    private const int Requests = 10_000;
    private const int Patience = 20_000;
    private const int PageLength = 300;

    [Fact]
    public void Nothing_is_left_behind()
    {
        using ChipLan lan = new(5);
        Socket listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Any, Port));
        listener.Listen(Clients);
        for (int i = 0; i < Clients; i++)
        {
            lan.World.Start(
                "server " + i,
                () =>
                {
                    while (true)
                    {
                        using OurStream stream = new(listener.Accept());
                        try
                        {
                            HttpPages.Answer(stream);
                        }
                        catch (SocketException reset) when (reset.ErrorCode == 10054)
                        {
                            // one of those who do not wait for their answer
                        }
                    }
                },
                serves: true);
        }

        Tally tally = new();
        int left = Clients;
        string before = string.Empty;
        string after = string.Empty;
        lan.World.Start("watcher", () =>
        {
            // the link comes up, and the servers come to wait
            lan.Client.Threads.Sleep(5000);
            before = lan.Describe();
            while (left > 0)
            {
                lan.Client.Threads.Sleep(100);
            }

            lan.Client.Threads.Sleep(5000);
            after = lan.Describe();
        });
        for (int i = 0; i < Clients; i++)
        {
            int number = i;
            lan.World.Start("client " + i, () =>
            {
                lan.Client.Threads.Sleep(6000);
                Ask(lan.Client.Sockets, lan.ServerAddress, number, Requests / Clients, tally);
                left--;
            });
        }

        lan.World.Run(100_000_000);
        Assert.Equal(Requests, tally.Answered + tally.Reset);
        Assert.InRange(tally.Closed, 200, Requests);
        Assert.InRange(tally.ClosedByServer, 200, Requests);
        Assert.InRange(tally.Reset, 200, Requests);
        Assert.Equal(before, after);
        Assert.Contains("1 handles, 4 waiting", after, StringComparison.Ordinal);
        Assert.True(lan.Chip.Violations.Count == 0, lan.Chip.Violations.ToString());
        listener.Close();
    }

    /// <summary>Asks over connections of one to 20 requests. Most are closed, some by the server, some reset with an answer under way.</summary>
    private static void Ask(SocketHost host, uint server, int seed, int count, Tally tally)
    {
        TestRandom random = new((uint)seed + 100);
        byte[] page = Wire.PatternBytes(1, PageLength);
        byte[] buffer = new byte[600];
        int asked = 0;
        while (asked < count)
        {
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, server, Port, Patience));
            int end = Math.Min(count, asked + 1 + random.Below(20));
            while (asked < end)
            {
                asked++;
                bool isLast = asked == end;
                int way = isLast ? random.Below(3) : 0;
                byte[] request = Encoding.ASCII.GetBytes($"GET /bytes/{PageLength} HTTP/1.1\r\n{(way == 1 ? "Connection: close\r\n" : string.Empty)}\r\n");
                Assert.Equal(request.Length, host.Send(handle, request, 0, request.Length, Patience));
                if (way == 2)
                {
                    tally.Reset++;
                    Assert.Equal(0, host.SetOption(handle, HostOption.Linger, 0));
                    break;
                }

                int expected = $"HTTP/1.1 200 OK\r\nContent-Length: {PageLength}\r\n{(way == 1 ? "Connection: close\r\n" : string.Empty)}\r\n".Length + PageLength;
                int received = 0;
                while (received < expected)
                {
                    int length = host.Receive(handle, buffer, received, buffer.Length - received, false, Patience);
                    Assert.True(length > 0, $"{length}");
                    received += length;
                }

                Assert.Equal(expected, received);
                Assert.Equal(page, buffer[(expected - PageLength)..expected]);
                tally.Answered++;
                if (way == 1)
                {
                    tally.ClosedByServer++;
                    Assert.Equal(0, host.Receive(handle, buffer, 0, buffer.Length, false, Patience));
                }
            }

            tally.Closed++;
            host.Close(handle);
        }
    }

    /// <summary>What became of the requests and connections. One thread runs at a time.</summary>
    private sealed class Tally
    {
        public int Answered { get; set; }

        public int Reset { get; set; }

        public int Closed { get; set; }

        public int ClosedByServer { get; set; }
    }

    /// <summary>A board with the chip's model, whose network is this process's one, and another board on the same wire.</summary>
    private sealed class ChipLan : IEthernetPort, IDisposable
    {
        private const int MillisecondNs = 1_000_000;
        private const int SpiBus = 2;
        private const int ChipSelect = 5;
        private const int CheckSequence = 4;

        private readonly VirtualClock _clock = new();
        private readonly VirtualThreads _threads;
        private readonly EthernetInterface _network;

        public ChipLan(uint seed)
        {
            World = new VirtualWorld(seed) { Haste = 0.2, Check = Carry };
            Client = new Stack.Threading.VirtualBoard(World, 2);
            _threads = new VirtualThreads(World, "server");
            ServerAddress = Wire.Address("10.0.0.1");
            Chip = new Enc28j60Chip(_clock, new ChipOptions()) { Port = this };
            BoardHardware board = new();
            board.Spi.RequirePinFunctions = false;
            board.Spi.Attach(SpiBus, ChipSelect, Chip);
            BoardHardware.Current = board;
            SpiConnectionSettings spi = new(SpiBus, ChipSelect) { ClockFrequency = Enc28j60.MaximumSpiClockFrequency, Mode = Enc28j60.DefaultSpiMode };
            Enc28j60 driver = new(SpiDevice.Create(spi), new MacAddress([2, 0, 0, 0, 0, 1]));
            EthernetConfiguration configuration = new()
            {
                Threads = _threads,
                Random = new TestRandom(seed),
                Dhcp = null,
                Address = ServerAddress,
                Netmask = Wire.Address("255.255.255.0"),
            };
            configuration.Stack.GuardFrames = true;
            _network = EthernetInterface.Use(new Enc28j60Controller(driver, _threads), configuration);
        }

        public VirtualWorld World { get; }

        public Enc28j60Chip Chip { get; }

        public Stack.Threading.VirtualBoard Client { get; }

        public uint ServerAddress { get; }

        /// <summary>What must be the same before and after.</summary>
        public string Describe()
        {
            FramePool pool = _network.Stack.Pool;
            string frames = string.Join(' ', Enumerable.Range(0, pool.Classes).Select(c => $"{pool.Total(c) - pool.InUse(c)}/{pool.Total(c)}"));
            return $"{_network.Sockets.OpenHandles} handles, {_network.Owner.Waiting} waiting, frames {frames}, "
                + $"{_network.Stack.Tcp.Blocks.Count(b => b.Attached)} connections, {pool.DoubleReturns} returned twice; "
                + $"client: {Client.Sockets.OpenHandles} handles, {Client.Network.Owner.Waiting} waiting";
        }

        /// <summary>The chip has sent.</summary>
        public void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs)
        {
            byte[] frame = frameWithFcs[..^CheckSequence].ToArray();
            World.At(1, () =>
            {
                Client.Interface.Deliver(frame);
                Client.Controller.Interrupt();
            });
        }

        public void Dispose()
        {
            World.Dismiss();
            _network.Stop();
        }

        /// <summary>The other board has sent; and the chip's time is not behind the world's.</summary>
        private void Carry()
        {
            _clock.AdvanceTo(World.Elapsed * MillisecondNs);
            while (Client.Interface.HasOutbound)
            {
                byte[] frame = Client.Interface.TakeSent();
                byte[] padded = new byte[Math.Max(frame.Length, 60)];
                frame.CopyTo(padded, 0);
                World.At(1, () => Chip.Deliver(padded));
            }
        }
    }
}
