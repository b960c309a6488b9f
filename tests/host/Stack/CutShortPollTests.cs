// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Sockets;

namespace HostTests.Stack;

/// <summary>
/// An exception of the driver's in the midst of a poll, or memory that has run out there, costs what was in hand: no other connection waits for
/// it, and nobody is slow for ever after.
/// </summary>
public sealed class CutShortPollTests
{
    private const int Port = 80;
    private const int Connections = 4;

    // there and back, and a turn
    private const int AtOnce = 25;

    // the time after which a segment is repeated that was lost with the exception
    private const int ByTimer = 1500;

    public static TheoryData<int> Places()
    {
        var places = new TheoryData<int>();
        for (int i = 0; i < Connections; i++)
        {
            places.Add(i);
        }

        return places;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_other_connections_do_not_wait_for_the_one_that_was_in_hand(int place)
    {
        Network network = new();
        network.Write();
        Assert.True(network.IsCutShort(place));
        network.Run(AtOnce);
        Assert.True(network.Arrived.Count(n => n == 1) >= Connections - 1, string.Join(' ', network.Arrived));

        network.Run(ByTimer);
        Assert.All(network.Arrived, n => Assert.Equal(1, n));
        network.AllIsAsBefore();
    }

    /// <summary>The timers were being looked at when it happened: all were due, and none is forgotten.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void Timers_that_were_due_run_all_the_same(int place)
    {
        Network network = new();
        network.Write();
        network.IsDeaf = true;
        network.Run(50);
        network.IsDeaf = false;

        // nothing has arrived, so all four are repeated at one time
        Assert.True(network.IsCutShort(place, 3000));
        network.Run(AtOnce);
        Assert.True(network.Arrived.Count(n => n == 1) >= Connections - 1, string.Join(' ', network.Arrived));
        network.Run(2 * ByTimer);
        Assert.All(network.Arrived, n => Assert.Equal(1, n));
        network.AllIsAsBefore();
    }

    /// <summary>An address that was being probed for is probed for to the end, and announced.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_address_comes_all_the_same(int place)
    {
        LossyLink link = new(8);
        TcpIpStack stack = link.A.Stack;
        Assert.Equal(0, stack.Configure(Wire.Address("10.0.0.5"), link.A.Stack.IPv4.Netmask, 0, ConflictPolicy.Probe));
        uint announced = stack.Arp.Counters.AnnouncementsSent;
        link.A.Interface.SendsBeforeFault = place;
        Assert.Throws<InvalidOperationException>(() => link.Run(20_000, () => { }, () => false));
        stack.LookAtAll();
        Assert.True(link.Run(10_000, () => { }, () => stack.Arp.AddressState == AddressState.InUse));
        link.Run(5000, () => { }, () => false);
        Assert.InRange(stack.Arp.Counters.AnnouncementsSent, announced + 1, announced + 2);
    }

    private sealed class Network
    {
        private readonly LossyLink _link = new(7);
        private readonly int[] _clients = new int[Connections];
        private readonly int[] _servers = new int[Connections];
        private readonly byte[] _byte = new byte[1];

        public Network()
        {
            SocketLayer a = _link.A.Stack.Sockets;
            SocketLayer b = _link.B.Stack.Sockets;
            int listener = b.Socket();
            b.Bind(listener, Port);
            b.Listen(listener, Connections);
            for (int i = 0; i < Connections; i++)
            {
                int client = _clients[i] = a.Socket();
                a.Connect(client, _link.B.Ip, Port);
                int server = -1;
                Assert.True(_link.Run(1000, () => server = server < 0 ? b.Accept(listener) : server, () => server >= 0));
                _servers[i] = server;
            }

            _link.Run(1000, () => { }, () => false);
        }

        /// <summary>How many bytes have arrived for each.</summary>
        public int[] Arrived { get; } = new int[Connections];

        public bool IsDeaf { get; set; }

        public void Write() => Array.ForEach(_clients, c => Assert.Equal(1, _link.A.Stack.Sockets.Write(c, _byte, 0, 1)));

        public void Run(int milliseconds)
        {
            _link.Loss = IsDeaf ? 1 : 0;
            _link.Run(milliseconds, Read, () => false);
        }

        public bool IsCutShort(int place, int milliseconds = 10)
        {
            _link.A.Interface.SendsBeforeFault = place;
            try
            {
                Run(milliseconds);
                return false;
            }
            catch (InvalidOperationException)
            {
                _link.A.Stack.LookAtAll();
                return true;
            }
        }

        public void AllIsAsBefore()
        {
            for (int i = 0; i < 3; i++)
            {
                Array.Clear(Arrived);
                Write();
                Run(AtOnce);
                Assert.All(Arrived, n => Assert.Equal(1, n));
                Run(500);
            }
        }

        private void Read()
        {
            for (int i = 0; i < Connections; i++)
            {
                int count = _link.B.Stack.Sockets.Read(_servers[i], _byte, 0, 1);
                Arrived[i] += Math.Max(count, 0);
            }
        }
    }
}
