// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using System.Text;
using HostTests.Driver;
using Iot.Device.Enc28j60;
using TcpIp.Http;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack;

/// <summary>Counters are for who looks: an application reads them and clears them all, and nothing depends on them.</summary>
public sealed class CounterTests : StackTest
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<object[]> CounterClasses => new[] { typeof(TcpIpStack).Assembly, typeof(Enc28j60).Assembly }
        .SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.Name.EndsWith("Counters"))
        .Select(type => new object[] { type });

    [Theory]
    [MemberData(nameof(CounterClasses))]
    public void An_application_can_read_counters_but_not_write_them(Type type)
    {
        Assert.DoesNotContain(type.GetFields(Own), field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly);
        Assert.DoesNotContain(type.GetProperties(Own), property => property.CanWrite);
        Assert.All(type.GetMethods(Own).Where(method => method.IsPublic), method => Assert.NotEqual(typeof(void), method.ReturnType));
        Assert.NotEmpty(type.GetProperties());
    }

    [Theory]
    [MemberData(nameof(CounterClasses))]
    public void Each_counter_is_read_from_a_place_of_its_own(Type type)
    {
        object counters = Activator.CreateInstance(type, nonPublic: true)!;
        uint value = 0;
        foreach (FieldInfo field in type.GetFields(Own).Where(field => field.FieldType == typeof(uint)))
        {
            field.SetValue(counters, ++value);
        }

        HashSet<FieldInfo> read = [];
        foreach (PropertyInfo property in type.GetProperties())
        {
            // what has no place of its own is a sum of others
            if (type.GetField("_" + char.ToLowerInvariant(property.Name[0]) + property.Name[1..], Own) is FieldInfo field)
            {
                Assert.Equal(field.GetValue(counters), property.GetValue(counters));
                read.Add(field);
            }
        }

        // and what has no name of its own is part of a sum
        foreach (FieldInfo field in type.GetFields(Own).Where(field => field.FieldType == typeof(uint) && !read.Contains(field)))
        {
            uint[] before = Read(type, counters);
            field.SetValue(counters, (uint)field.GetValue(counters)! + 1000);
            Assert.Contains(Read(type, counters).Zip(before), pair => pair.First == pair.Second + 1000);
        }
    }

    private static uint[] Read(Type type, object counters)
    {
        return [.. type.GetProperties().Where(property => property.PropertyType == typeof(uint)).Select(property => (uint)property.GetValue(counters)!)];
    }

    [Fact]
    public void Clearing_sets_every_counter_of_the_stack_to_zero()
    {
        TestNetwork net = Begin(configure: c => c.MulticastGroups = 2);
        object[] all =
        [
            net.Stack.Ethernet.Counters, net.Stack.Arp.Counters, net.Stack.IPv4.Counters, net.Stack.Icmp.Counters,
            net.Stack.Igmp.Counters, net.Stack.Udp.Counters, net.Stack.Tcp.Counters,
        ];
        AssertCleared(all, net.Stack.ClearCounters);
    }

    [Fact]
    public void Clearing_sets_every_counter_of_the_web_server_and_of_the_driver_to_zero()
    {
        TestNetwork net = Begin();
        var server = new HttpServer(net.Sockets, WordOrder.LowByteFirst, 80, 1, []);
        AssertCleared([server.Counters], server.ClearCounters);

        using DriverBench bench = DriverBench.Running();
        bench.Driver.Restart();
        bench.Run(10);
        Assert.Equal(1u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested));
        AssertCleared([bench.Driver.Counters], bench.Driver.ClearCounters);
        Assert.Equal(0u, bench.Driver.Counters.Recoveries(Enc28j60Recovery.Requested));
    }

    [Fact]
    public void Who_connected_first_is_accepted_first_though_the_counters_were_cleared_in_between()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 4);
        SocketStatus status = new();
        for (int port = 1001; port <= 1003; port++)
        {
            net.Peer(port: port).Handshake();
        }

        net.Stack.ClearCounters();
        net.Peer(port: 1004).Handshake();
        for (int port = 1001; port <= 1004; port++)
        {
            int socket = net.Accept(listener);
            Assert.True(Enumerable.Range(0, net.Sockets.RowCount).Any(row => net.Sockets.GetStatus(row, status)
                && status.Descriptor == socket && status.RemotePort == port), "not the connection from port " + port);
            net.Sockets.Abort(socket);
        }
    }

    [Fact]
    public void Who_connected_first_is_accepted_first_also_within_a_millisecond_and_in_a_later_row()
    {
        TestNetwork net = Begin();
        int listener = net.Listen(backlog: 4);
        int gone = net.Peer(port: 1001).OpenTo(listener);
        SocketStatus status = new();
        net.Peer(port: 1002).Handshake();
        net.Sockets.Abort(gone);
        net.Peer(port: 1003).Handshake();
        int first = net.Accept(listener);
        Assert.Contains(Enumerable.Range(0, net.Sockets.RowCount), row => net.Sockets.GetStatus(row, status)
            && status.Descriptor == first && status.RemotePort == 1002);
        net.Sockets.Abort(first);
        net.Sockets.Abort(net.Accept(listener));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    public void Clearing_all_counters_at_any_time_changes_nothing_on_the_wire(uint seed)
    {
        (string[] trace, uint counted) = Traffic(seed, clear: false);
        (string[] cleared, uint left) = Traffic(seed, clear: true);
        Assert.Equal(trace, cleared);
        Assert.InRange(trace.Length, 1000, int.MaxValue);

        // the test has done what its name says
        Assert.InRange(counted, 1000u, uint.MaxValue);
        Assert.InRange(left, 0u, 50u);
    }

    [Fact]
    public void Clearing_the_driver_s_counters_at_any_time_changes_nothing_on_the_bus()
    {
        long Transactions(bool clear)
        {
            using DriverBench bench = DriverBench.Running();
            for (int i = 0; i < 400; i++)
            {
                // now and then silence, after which the receiver is tested
                if (i % 100 < 3)
                {
                    bench.Exchange(DriverBench.MakeFrame(60 + i, i));
                }

                bench.Run(499);
                if (clear)
                {
                    bench.Driver.ClearCounters();
                }
            }

            return bench.Chip.Counters.SpiTransactions;
        }

        Assert.Equal(Transactions(clear: false), Transactions(clear: true));
    }

    private static void AssertCleared(object[] all, Action clear)
    {
        foreach (object counters in all)
        {
            foreach (FieldInfo field in counters.GetType().GetFields(Own).Where(field => field.FieldType == typeof(uint)))
            {
                field.SetValue(counters, 7u);
            }
        }

        clear();
        foreach (object counters in all)
        {
            Assert.All(counters.GetType().GetProperties(), counter => Assert.Equal(0u, counter.GetValue(counters)));
        }
    }

    /// <summary>
    /// A web server with too few places and its clients, datagrams whole and in fragments, and echoes, over a bad wire.
    /// </summary>
    private static (string[] Trace, uint Counted) Traffic(uint seed, bool clear)
    {
        LossyLink link = new(seed, c => c.TcpSockets = 8) { Loss = 0.05, Duplication = 0.03, Corruption = 0.02, Jitter = 40 };
        List<string> trace = [];
        link.Trace = trace.Add;
        var server = new HttpServer(
            link.A.Stack.Sockets, WordOrder.LowByteFirst, 80, 2, [new TestPage("/", 5000, WordOrder.LowByteFirst)]);
        SocketLayer b = link.B.Stack.Sockets;
        TestRandom random = new(seed);
        int udp = b.Socket(SocketType.Datagram);
        int echo = b.Socket(SocketType.Echo);
        List<int> clients = [];
        byte[] buffer = new byte[3000];
        byte[] request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        int count = 0;
        uint most = 0;
        link.Run(60_000, Work, () => false);
        return ([.. trace], most);

        void Work()
        {
            server.Poll(link.Now);
            link.WakeAt = link.Now + 50;
            if (count++ % 5 == 0)
            {
                b.SendTo(udp, buffer, 0, random.Below(1800), link.A.Ip, 1000 + random.Below(3));
                b.SendEcho(echo, link.A.Ip, random.Below(1900), 1000);
            }

            if (clients.Count < 5 && random.Below(4) == 0)
            {
                int socket = b.Socket();
                if (socket >= 0)
                {
                    b.Connect(socket, link.A.Ip, 80);
                    clients.Add(socket);
                }
            }

            foreach (int socket in clients.ToArray())
            {
                if (b.GetState(socket) == TcpState.Established && random.Below(3) == 0)
                {
                    b.Write(socket, request, 0, request.Length);
                }

                int read = b.Read(socket, buffer, 0, 1000);
                if (read == 0 || (read < 0 && read != (int)SocketError.WouldBlock && read != (int)SocketError.InProgress))
                {
                    b.Close(socket);
                    clients.Remove(socket);
                }
            }

            TcpCounters a = link.A.Stack.Tcp.Counters;
            most = Math.Max(most, a.SegmentsReceived);
            if (clear)
            {
                link.A.Stack.ClearCounters();
                link.B.Stack.ClearCounters();
                server.ClearCounters();
            }
        }
    }
}
