// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Sockets;

/// <summary>A row of the socket table: what it says of a socket, and nothing of what the same object said before.</summary>
public sealed class StatusTests : StackTest
{
    private static readonly PropertyInfo[] s_properties = typeof(SocketStatus).GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static readonly string[] s_endpoints =
    [
        nameof(SocketStatus.Descriptor), nameof(SocketStatus.Type), nameof(SocketStatus.State), nameof(SocketStatus.LocalPort),
        nameof(SocketStatus.RemoteAddress), nameof(SocketStatus.RemotePort),
    ];

    [Theory]
    [InlineData("new")]
    [InlineData("listening")]
    [InlineData("connected")]
    [InlineData("reset")]
    [InlineData("half-open")]
    [InlineData("datagram")]
    public void Nothing_stays_of_the_row_before(string kind)
    {
        TestNetwork net = Begin();
        int row = Row(net, kind);
        SocketStatus status = new();
        string?[] rows = [.. Enumerable.Range(1, 3).Select(filling =>
        {
            foreach (PropertyInfo property in s_properties)
            {
                Type type = property.PropertyType;
                object value = type.IsEnum ? Enum.ToObject(type, filling) : Convert.ChangeType(filling * 1000, type);
                property.GetSetMethod(nonPublic: true)!.Invoke(status, [value]);
            }

            Assert.True(net.Sockets.GetStatus(row, status));
            return string.Join(' ', s_properties.Select(property => property.GetValue(status)));
        })];
        Assert.Equal(rows[0], rows[1]);
        Assert.Equal(rows[0], rows[2]);
    }

    [Theory]
    [InlineData("new")]
    [InlineData("listening")]
    [InlineData("reset")]
    public void Without_a_connection_there_is_nothing_to_tell_of_one(string kind)
    {
        TestNetwork net = Begin();
        SocketStatus status = new();
        Assert.True(net.Sockets.GetStatus(Row(net, kind), status));
        Assert.Equal(kind == "listening" ? TcpState.Listen : TcpState.Closed, status.State);
        Assert.Equal(SocketType.Stream, status.Type);
        foreach (PropertyInfo property in s_properties.Where(property => !s_endpoints.Contains(property.Name)))
        {
            long expected = property.Name.EndsWith("Timer", StringComparison.Ordinal) ? SocketStatus.NotRunning : 0;
            Assert.True(expected == Convert.ToInt64(property.GetValue(status)), $"{property.Name} is {property.GetValue(status)}");
        }
    }

    [Fact]
    public void A_connection_shows_its_repetitions_and_is_not_kept_alive_while_it_repeats()
    {
        TestNetwork net = Begin();
        int socket = net.Peer().OpenTo(net.Listen());
        SocketStatus status = new();
        net.Sockets.SetKeepAlive(socket, 5000);
        net.Poll();
        Assert.True(net.Sockets.GetStatus(socket & 0x7F, status));
        Assert.Equal((0, 5000, SocketStatus.NotRunning), (status.Retransmissions, status.KeepAliveTimer, status.RetransmissionTimer));
        net.Write(socket, "text");
        net.Advance(3500);
        Assert.True(net.Sockets.GetStatus(socket & 0x7F, status));
        Assert.Equal((2, SocketStatus.NotRunning, 3500), (status.Retransmissions, status.KeepAliveTimer, status.RetransmissionTimer));
        net.Sockets.Abort(socket);
    }

    [Theory]
    [InlineData(2, 2)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-1, 0)]
    [InlineData(-500, 0)]
    public void A_timer_whose_time_has_come_has_nothing_left(int due, int left)
    {
        SocketStatus status = new();
        status.Set(new TcpControlBlock(0) { SendTimer = SendTimerKind.Retransmission, RetransmitAt = unchecked(int.MaxValue + due) }, int.MaxValue);
        Assert.Equal(left, status.RetransmissionTimer);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void A_connection_that_is_being_opened_shows_how_often_our_SYN_was_repeated(int retransmits, int shown)
    {
        SocketStatus status = new();
        status.Set(new TcpHalfOpen { Retransmits = retransmits }, 0);
        Assert.Equal((shown, 0), (status.Retransmissions, status.LocalPort));
    }

    [Fact]
    public void A_row_is_told_to_somebody()
    {
        TestNetwork net = Begin();
        net.Listen();
        Assert.False(net.Sockets.GetStatus(0, null!));
        Assert.True(net.Sockets.GetStatus(0, new SocketStatus()));
    }

    private static int Row(TestNetwork net, string kind)
    {
        switch (kind)
        {
            case "new":
                return net.Sockets.Socket() & 0x7F;

            case "listening":
                return net.Listen() & 0x7F;

            case "half-open":
                net.Listen();
                net.Peer().Send("S");
                return net.Sockets.RowCount - net.Configuration.TcpSynQueue;

            case "datagram":
                return net.Sockets.Socket(SocketType.Datagram) & 0x7F;

            default:
                TcpPeer peer = net.Peer();
                int socket = peer.OpenTo(net.Listen());
                net.Write(socket, "text");
                net.Advance(3500);
                if (kind == "reset")
                {
                    peer.Send("R");
                }

                return socket & 0x7F;
        }
    }
}
