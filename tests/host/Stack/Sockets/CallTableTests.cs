// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Icmp;
using TcpIp.Sockets;
using TcpIp.Tcp;
using TcpIp.Udp;

namespace HostTests.Stack.Sockets;

/// <summary>
/// Which call is allowed in which state of which kind of socket: each call is made of each kind in each state, and is answered as the tables
/// say, the one in the code and the one that stack/README.md shows.
/// </summary>
public sealed class CallTableTests : StackTest
{
    private static readonly CallMatrix s_streams = CallMatrix.Read("CLOSED, new");
    private static readonly CallMatrix s_datagrams = CallMatrix.Read("without a port");
    private static readonly CallMatrix s_echoes = CallMatrix.Read("idle");

    [Theory]
    [InlineData("CLOSED, new")]
    [InlineData("LISTEN")]
    [InlineData("SYN-SENT")]
    [InlineData("SYN-RECEIVED")]
    [InlineData("ESTABLISHED")]
    [InlineData("FIN-WAIT-1")]
    [InlineData("FIN-WAIT-2")]
    [InlineData("CLOSE-WAIT")]
    [InlineData("CLOSING")]
    [InlineData("LAST-ACK")]
    [InlineData("TIME-WAIT")]
    [InlineData("CLOSED, with a port")]
    [InlineData("CLOSED, both have closed")]
    [InlineData("CLOSED, failed")]
    public void A_stream_answers_each_call_as_its_state_has_it_RFC9293_3_10(string state)
    {
        foreach (string call in s_streams.Calls)
        {
            TestNetwork net = Begin();
            SendView reserved = new();
            int socket = SocketStates.Stream(net, state, open => net.Sockets.Reserve(open, 10, reserved));
            int result = call == "Commit" && reserved.Frame == null ? Unreserved(net, socket) : SocketCalls.Make(net, socket, call);
            AssertAnswer(s_streams.Cell(state, call), result, SocketError.ConnectionReset, $"{call} in {state}");
            net.Sockets.Close(socket);
        }
    }

    [Theory]
    [InlineData("without a port")]
    [InlineData("with a port")]
    [InlineData("with a peer")]
    public void A_datagram_socket_answers_each_call_as_its_state_has_it(string state)
    {
        foreach (string call in s_datagrams.Calls)
        {
            TestNetwork net = Begin();
            int socket = SocketStates.Datagram(net, state);
            if (call.StartsWith("Commit", StringComparison.Ordinal))
            {
                Assert.Equal(10, net.Sockets.Reserve(socket, 10, new SendView()));
            }

            AssertAnswer(s_datagrams.Cell(state, call), SocketCalls.Make(net, socket, call), SocketError.Success, $"{call} {state}");
            net.Sockets.Close(socket);
        }
    }

    [Theory]
    [InlineData("idle")]
    [InlineData("waiting")]
    [InlineData("answered")]
    public void An_echo_socket_answers_each_call_as_its_state_has_it(string state)
    {
        foreach (string call in s_echoes.Calls)
        {
            TestNetwork net = Begin();
            int socket = SocketStates.Echo(net, state);
            AssertAnswer(s_echoes.Cell(state, call), SocketCalls.Make(net, socket, call), SocketError.Success, $"{call} {state}");
            net.Sockets.Close(socket);
        }
    }

    [Fact]
    public void The_table_in_the_code_is_the_one_in_the_README()
    {
        (string Call, int Column)[] streamCalls =
        [
            ("Bind", CallTable.Bind), ("Listen", CallTable.Listen), ("Accept", CallTable.Accept), ("Connect", CallTable.Connect),
            ("Write", CallTable.Send), ("Read", CallTable.Receive), ("Shutdown", CallTable.Shutdown),
        ];
        foreach (string state in s_streams.States)
        {
            TcpControlBlock block = SocketStates.StreamBlock(state);
            Assert.All(streamCalls, c => Assert.Equal(s_streams.Cell(state, c.Call), Text(CallTable.Answer(c.Column, block), block.Error, c.Call)));
        }

        (string Call, int Column)[] datagramCalls =
        [
            ("Bind", CallTable.BindDatagram), ("Connect", CallTable.ConnectDatagram), ("Write", CallTable.SendToPeer), ("SendTo", CallTable.SendToAnybody),
        ];
        foreach (string state in s_datagrams.States)
        {
            UdpControlBlock block = new(0)
            {
                LocalPort = state == "without a port" ? 0 : 7,
                RemotePort = state == "with a peer" ? 9 : 0,
            };
            Assert.All(datagramCalls, c => Assert.Equal(s_datagrams.Cell(state, c.Call), Text(CallTable.Answer(c.Column, block), default, c.Call)));
        }

        foreach ((string state, EchoState[] under) in SocketStates.EchoStates)
        {
            foreach (EchoState one in under)
            {
                EchoControlBlock block = new(0) { State = one };
                Assert.Equal(s_echoes.Cell(state, "SendEcho"), Text(CallTable.Answer(CallTable.SendEcho, block), default, "SendEcho"));
                Assert.Equal(s_echoes.Cell(state, "ReceiveEcho"), Text(CallTable.Answer(CallTable.ReceiveEcho, block), default, "ReceiveEcho"));
            }
        }
    }

    [Theory]
    [InlineData(SocketType.Stream)]
    [InlineData(SocketType.Datagram)]
    [InlineData(SocketType.Echo)]
    public void A_call_that_a_kind_of_socket_does_not_have_is_refused_whatever_its_arguments(SocketType kind)
    {
        TestNetwork net = Begin();
        int socket = net.Sockets.Socket(kind);
        foreach (string call in SocketCalls.All)
        {
            int result = SocketCalls.Make(net, socket, call);
            bool has = CallMatrix.KindsOf(call).Contains(kind);
            Assert.True(has == (result != (int)SocketError.OperationNotSupported), $"{call} of a {kind} socket says {(SocketError)result}");
            Assert.NotEqual((int)SocketError.BadDescriptor, result);
            if (call is "Close" or "Abort")
            {
                socket = net.Sockets.Socket(kind);
            }
        }

        if (kind == SocketType.Echo)
        {
            Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Bind(socket, -1));
            Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.Connect(socket, 0, 0));
        }

        net.Sockets.Close(socket);
    }

    [Fact]
    public void Each_call_that_names_a_socket_is_in_the_list_of_calls_and_says_BadDescriptor_of_one_that_is_none()
    {
        TestNetwork net = Begin();
        IEnumerable<string> named = typeof(SocketLayer).GetMethods()
            .Where(m => m.GetParameters() is [{ Name: "descriptor" }, ..] && m.ReturnType == typeof(int) && m.Name != nameof(SocketLayer.Cancel))
            .Select(m => m.Name).Distinct();
        Assert.Equal(named.Order(), SocketCalls.All.Order());
        foreach (string call in SocketCalls.All)
        {
            Assert.True(SocketCalls.Make(net, 0, call) == (int)SocketError.BadDescriptor, call);
            Assert.True(SocketCalls.Make(net, 127, call) == (int)SocketError.BadDescriptor, call);
        }
    }

    private static int Unreserved(TestNetwork net, int socket)
    {
        // it could never reserve anything: that it says so is what the table means
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 10));
        return SocketCalls.Make(net, socket, "Reserve");
    }

    private static string Text(int answer, SocketError why, string call)
    {
        bool end = call == "Read" && answer == CallTable.Ok;
        return answer == CallTable.Done || end ? CallMatrix.Zero
            : answer == CallTable.Ok ? CallMatrix.Allowed
            : why != SocketError.Success && answer == (int)why ? CallMatrix.Why
            : ((SocketError)answer).ToString();
    }

    private static void AssertAnswer(string cell, int result, SocketError why, string call)
    {
        string said = result < 0 ? ((SocketError)result).ToString() : result.ToString();
        bool right = cell switch
        {
            CallMatrix.Allowed => result >= 0 || result == (int)SocketError.InProgress,
            CallMatrix.Zero => result == 0,
            CallMatrix.Why => result == (int)why,
            _ => said == cell,
        };
        Assert.True(right, $"{call} says {said}, the table {cell}");
    }
}
