// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Sockets;
using TcpIp.Tcp;

namespace HostTests.Stack.Net;

/// <summary>Calls that wait: what they wait for, how long, and how they end when it does not come.</summary>
public sealed class WaitingSocketsTests : NetTest
{
    private readonly byte[] _buffer = new byte[20000];

    [Theory]
    [InlineData(WordOrder.LowByteFirst, WordOrder.LowByteFirst)]
    [InlineData(WordOrder.HighByteFirst, WordOrder.LowByteFirst)]
    public void Connect_write_read_close(WordOrder order, WordOrder theirOrder)
    {
        WaitingNetwork net = Begin(order, theirOrder);
        EchoPartner echo = new(net);
        net.Partner = echo;
        foreach (int length in new[] { 1, 2, 999, 15000 })
        {
            byte[] data = Wire.PatternBytes(length, length);
            int socket = net.Layer.Socket();
            Assert.Equal(0, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, 5000));
            int sent = 0;
            int read = 0;
            while (read < length)
            {
                // more than the windows of both ends hold would never be read back
                int part = Math.Min(3000, length - sent);
                Assert.Equal(part, net.Sockets.Write(socket, data, sent, part, 5000));
                sent += part;
                while (read < sent)
                {
                    int count = net.Sockets.Read(socket, _buffer, read, length - read, 5000);
                    Assert.InRange(count, 1, length - read);
                    read += count;
                }
            }

            Assert.Equal(data, _buffer[..length]);
            Assert.Equal(0, net.Sockets.Close(socket, 5000));
            Assert.Equal(TcpState.Closed, net.Layer.GetState(socket));
        }

        net.Runner.Wait(1000);
        Assert.Equal(4, echo.Served);
    }

    [Fact]
    public void Write_waits_for_a_reader_as_slow_as_it_is()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        byte[] data = Wire.PatternBytes(5, 20000);
        int read = 0;
        net.Partner = new ScriptedPartner(now =>
        {
            // 300 bytes every 10 ms
            int count = now % 10 == 0 ? net.Theirs.Sockets.Read(theirs, _buffer, read, Math.Min(300, _buffer.Length - read)) : 0;
            read += Math.Max(count, 0);
        });
        Assert.Equal(data.Length, net.Sockets.Write(socket, data, 0, data.Length, 60000));
        Assert.Equal(0, net.Sockets.Close(socket, 60000));
        net.Runner.Wait(1000);
        Assert.Equal(data.Length, read);
        Assert.Equal(data, _buffer[..read]);
        Assert.InRange(net.Elapsed, 600, 20000);
    }

    [Fact]
    public void What_was_laid_out_at_start_up_is_written_whole()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        string text = new('w', 9001);
        int read = 0;
        net.Partner = new ScriptedPartner(_ => read += Math.Max(net.Theirs.Sockets.Read(theirs, _buffer, read, 500), 0));
        Assert.Equal(9001, net.Sockets.Write(socket, new WordBuffer(text, net.Ours.Pool.Order), 60000));
        net.Runner.Wait(1000);
        Assert.Equal(text, System.Text.Encoding.ASCII.GetString(_buffer, 0, read));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, null, 1000));
    }

    [Fact]
    public void What_is_written_leaves_before_the_call_returns()
    {
        WaitingNetwork net = Begin();
        (int socket, int _) = net.Connect();
        uint sent = net.OurInterface.Sent;
        Assert.Equal(3, net.Sockets.Write(socket, [1, 2, 3], 0, 3, 1000));
        Assert.Equal(sent + 1, net.OurInterface.Sent);
        Assert.False(net.Ours.NeedsPoll);
    }

    [Fact]
    public void Accept_waits_for_a_client()
    {
        WaitingNetwork net = Begin();
        int listener = net.OurListener(80);
        int theirs = -1;
        net.Partner = new ScriptedPartner(_ =>
        {
            if (theirs < 0 && net.Elapsed >= 500)
            {
                theirs = net.Theirs.Sockets.Socket();
                net.Theirs.Sockets.Connect(theirs, WaitingNetwork.OurAddress, 80);
            }
        });
        int accepted = net.Sockets.Accept(listener, 10000);
        Assert.True(accepted >= 0);
        Assert.InRange(net.Elapsed, 500, 520);
        Assert.Equal(1, net.Theirs.Sockets.Write(theirs, [42], 0, 1));
        Assert.Equal(1, net.Sockets.Read(accepted, _buffer, 0, 10, 1000));
        Assert.Equal(42, _buffer[0]);
    }

    [Fact]
    public void Zero_copy_calls_wait_too()
    {
        WaitingNetwork net = Begin();
        EchoPartner echo = new(net);
        net.Partner = echo;
        int socket = net.Layer.Socket();
        SendView outgoing = new();
        ReceivedView incoming = new();
        Assert.Equal(0, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, 5000));
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(10, net.Sockets.Reserve(socket, 10, outgoing, 5000));
            outgoing.WriteDecimal(-i);
            Assert.Equal(outgoing.Written, net.Sockets.Commit(socket, outgoing.Written));
        }

        string text = "";
        while (!text.EndsWith("-19", StringComparison.Ordinal))
        {
            int count = net.Sockets.Peek(socket, incoming, 5000);
            Assert.True(count > 0);
            Assert.Equal(count, incoming.CopyTo(0, _buffer, 0, count));
            text += System.Text.Encoding.ASCII.GetString(_buffer, 0, count);
            Assert.Equal(0, net.Layer.Consume(socket, count));
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 20).Select(i => (-i).ToString())), text);
    }

    [Fact]
    public void Datagrams_are_waited_for()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        int socket = net.Layer.Socket(SocketType.Datagram);
        DatagramSource source = new();
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, source, 200));
        Assert.Equal(200, net.Elapsed);
        Assert.Equal(5, net.Sockets.SendTo(socket, [1, 2, 3, 4, 5], 0, 5, WaitingNetwork.TheirAddress, 7, 1000));
        Assert.Equal(5, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, source, 1000));
        Assert.Equal([1, 2, 3, 4, 5], _buffer[..5]);
        Assert.Equal((WaitingNetwork.TheirAddress, 7), (source.Address, source.Port));

        // connected, and refused where nobody listens
        Assert.Equal(0, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 9, 1000));
        Assert.Equal(1, net.Sockets.Write(socket, [1], 0, 1, 1000));
        Assert.Equal((int)SocketError.ConnectionRefused, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, source, 1000));
        Assert.Equal(0, net.Sockets.Close(socket, 1000));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Close(socket, 1000));
    }

    [Fact]
    public void A_lost_ARP_request_is_repeated_while_an_answer_is_waited_for()
    {
        WaitingNetwork net = Begin();
        net.Partner = new EchoPartner(net);
        int socket = net.Layer.Socket(SocketType.Datagram);

        // let both have said who they are
        net.Runner.Wait(3000);
        int before = net.Now;
        net.OurInterface.LoseEvery = 1;
        Assert.Equal(1, net.Sockets.SendTo(socket, [1], 0, 1, WaitingNetwork.TheirAddress, 7, 1000));
        net.OurInterface.LoseEvery = 0;
        Assert.Equal(1, net.Sockets.ReceiveFrom(socket, _buffer, 0, 100, new DatagramSource(), 5000));
        Assert.InRange(net.Now - before, 900, 1200);
        net.Layer.Close(socket);
    }

    [Fact]
    public void Refused_by_a_port_that_nobody_listens_on()
    {
        WaitingNetwork net = Begin();
        Assert.Equal(SocketError.ConnectionRefused, Connect(net, WaitingNetwork.TheirAddress, 5000));
        Assert.InRange(net.Elapsed, 0, 20);
    }

    [Fact]
    public void Unreachable_where_nobody_answers_ARP()
    {
        WaitingNetwork net = Begin();
        Assert.Equal(SocketError.HostUnreachable, Connect(net, WaitingNetwork.NobodysAddress, StackRunner.Forever));
        Assert.InRange(net.Elapsed, 2000, 6000);
    }

    [Fact]
    public void Unreachable_without_a_gateway()
    {
        WaitingNetwork net = Begin();
        Assert.Equal(SocketError.NetworkUnreachable, Connect(net, WaitingNetwork.FarAddress, 5000));
        Assert.Equal(0, net.Elapsed);
    }

    [Fact]
    public void A_peer_that_never_answers_times_out_by_TCPs_own_clock()
    {
        WaitingNetwork net = Begin(configure: c => c.TcpConnectTimeout = 30000);
        MakeKnown(net);
        net.OurInterface.LoseEvery = 1;
        Assert.Equal(SocketError.TimedOut, Connect(net, WaitingNetwork.TheirAddress, StackRunner.Forever));
        Assert.InRange(net.Elapsed, 29000, 70000);
    }

    [Fact]
    public void The_callers_time_may_be_over_before_and_then_it_may_wait_on()
    {
        WaitingNetwork net = Begin();
        MakeKnown(net);
        net.TheirListener(8);
        int socket = net.Layer.Socket();
        int before = net.Now;
        net.OurInterface.LoseEvery = 1;
        Assert.Equal((int)SocketError.InProgress, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 8, 500));
        Assert.Equal(500, net.Now - before);
        net.OurInterface.LoseEvery = 0;
        Assert.Equal(0, net.Sockets.WaitConnected(socket, 5000));
        Assert.InRange(net.Now - before, 900, 1200);
        Assert.Equal((int)SocketError.IsConnected, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 8, 500));
    }

    [Fact]
    public void A_read_ends_with_its_time_and_the_connection_lives_on()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        int before = net.Now;
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Read(socket, _buffer, 0, 10, 750));
        Assert.Equal(750, net.Now - before);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Peek(socket, new ReceivedView(), 250));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Read(socket, _buffer, 0, 10, 0));
        Assert.Equal(1000, net.Now - before);
        net.Theirs.Sockets.Write(theirs, [9], 0, 1);
        Assert.Equal(1, net.Sockets.Read(socket, _buffer, 0, 10, 1000));
    }

    [Fact]
    public void A_write_that_does_not_end_in_time_says_how_much_was_taken()
    {
        WaitingNetwork net = Begin();
        (int socket, int _) = net.Connect();
        int before = net.Now;

        // nobody reads: their window and our send queue are filled
        int taken = net.Sockets.Write(socket, _buffer, 0, _buffer.Length, 3000);
        Assert.InRange(taken, 2000, 15000);
        Assert.InRange(net.Now - before, 3000, 3001);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Write(socket, _buffer, 0, 10000, 100));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Reserve(socket, 10, new SendView(), 100));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Write(socket, new WordBuffer("text", WordOrder.LowByteFirst), 100));
        Assert.InRange(net.Now - before, 3300, 3303);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Close(socket, 500));
        Assert.Equal(TcpState.Closed, net.Layer.GetState(socket));
    }

    [Fact]
    public void A_reset_ends_a_read_and_a_write()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        net.Partner = new ScriptedPartner(_ =>
        {
            if (net.Elapsed > 300)
            {
                net.Theirs.Sockets.Abort(theirs);
            }
        });
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Read(socket, _buffer, 0, 10, 5000));
        Assert.InRange(net.Elapsed, 300, 330);
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Write(socket, _buffer, 0, 10, 5000));
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Close(socket, 5000));
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Read(socket, _buffer, 0, 10, 5000));
    }

    [Fact]
    public void A_reset_ends_a_write_that_waits()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        net.Partner = new ScriptedPartner(_ =>
        {
            if (net.Elapsed > 300)
            {
                net.Theirs.Sockets.Abort(theirs);
            }
        });
        Assert.Equal((int)SocketError.ConnectionReset, net.Sockets.Write(socket, _buffer, 0, _buffer.Length, 5000));
        Assert.InRange(net.Elapsed, 300, 330);
    }

    [Fact]
    public void A_peer_that_is_gone_times_out_while_a_close_waits()
    {
        WaitingNetwork net = Begin(configure: c => c.TcpUserTimeout = 20000);
        (int socket, int _) = net.Connect();
        net.OurInterface.LoseEvery = 1;
        Assert.Equal(10, net.Sockets.Write(socket, _buffer, 0, 10, 1000));
        Assert.Equal((int)SocketError.TimedOut, net.Sockets.Close(socket, StackRunner.Forever));
        Assert.InRange(net.Elapsed, 20000, 60000);
    }

    [Fact]
    public void After_shutdown_nothing_is_written_and_the_end_is_read()
    {
        WaitingNetwork net = Begin();
        (int socket, int theirs) = net.Connect();
        Assert.Equal(0, net.Layer.Shutdown(socket));
        Assert.Equal((int)SocketError.Shutdown, net.Sockets.Write(socket, _buffer, 0, 1, 1000));
        Assert.Equal((int)SocketError.Shutdown, net.Sockets.Reserve(socket, 1, new SendView(), 1000));
        net.Theirs.Sockets.Close(theirs);
        Assert.Equal(0, net.Sockets.Read(socket, _buffer, 0, 10, 1000));
        Assert.Equal(0, net.Sockets.Close(socket, 1000));
    }

    [Fact]
    public void No_frame_is_waited_for_until_there_is_one()
    {
        WaitingNetwork net = Begin();
        (int socket, int _) = net.Connect();
        int datagrams = net.Layer.Socket(SocketType.Datagram);
        List<Frame> all = Drain(net.Ours.Pool);
        int before = net.Now;
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Write(socket, _buffer, 0, 10, 200));
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.Reserve(socket, 10, new SendView(), 200));
        Assert.Equal((int)SocketError.NoBufferSpace, net.Sockets.SendTo(datagrams, _buffer, 0, 10, WaitingNetwork.TheirAddress, 7, 200));
        Assert.Equal(600, net.Now - before);
        net.Runner.Background =
        [
            new ScriptedPartner(_ =>
            {
                all.ForEach(net.Ours.Pool.Return);
                all.Clear();
            }),
        ];
        Assert.Equal(10, net.Sockets.Write(socket, _buffer, 0, 10, 200));
        net.Layer.Close(datagrams);
    }

    [Fact]
    public void Misuse_is_refused_at_once()
    {
        WaitingNetwork net = Begin();
        int socket = net.Layer.Socket();
        DatagramSource source = new();
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Read(socket, _buffer, 0, 1, StackRunner.Forever));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.Write(socket, _buffer, 0, 1, StackRunner.Forever));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.WaitConnected(socket, StackRunner.Forever));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Accept(socket, StackRunner.Forever));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 0, StackRunner.Forever));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, null, 0, 1, StackRunner.Forever));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, _buffer, -1, 1, StackRunner.Forever));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, _buffer, 0, -1, StackRunner.Forever));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.SendTo(socket, _buffer, 0, 1, WaitingNetwork.TheirAddress, 7, StackRunner.Forever));
        Assert.Equal((int)SocketError.OperationNotSupported, net.Sockets.ReceiveFrom(socket, _buffer, 0, 1, source, StackRunner.Forever));
        Assert.Equal((int)SocketError.InvalidState, net.Sockets.Commit(socket, 1));

        // a time that is none
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, -2));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.WaitConnected(socket, -2));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Accept(socket, -2));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Read(socket, _buffer, 0, 1, -2));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Write(socket, _buffer, 0, 1, -2));
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.Close(socket, -2));
        Assert.Equal((int)SocketError.InvalidArgument, net.Runner.Wait(-2));
        Assert.Equal(TcpState.Closed, net.Layer.GetState(socket));
        Assert.Equal(0, net.Elapsed);
        Assert.Equal(0, net.Sockets.Close(socket, 1000));

        int listener = net.OurListener(80);
        int other = net.Layer.Socket();
        Assert.Equal((int)SocketError.AddressInUse, net.Layer.Bind(other, 80));
        Assert.Equal((int)SocketError.NotConnected, net.Sockets.WaitConnected(listener, StackRunner.Forever));
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.Accept(listener, 100));
        Assert.Equal(0, net.Sockets.Close(listener, 1000));
    }

    [Fact]
    public void A_socket_that_is_closed_in_the_background_ends_the_wait()
    {
        WaitingNetwork net = Begin();
        (int socket, int _) = net.Connect();
        net.Runner.Background = [new ScriptedPartner(_ => net.Layer.Abort(socket))];
        Assert.Equal((int)SocketError.BadDescriptor, net.Sockets.Read(socket, _buffer, 0, 1, StackRunner.Forever));
    }

    [Fact]
    public void The_address_is_waited_for_while_it_is_probed()
    {
        WaitingNetwork net = Begin(configure: c => c.ProbeAddress = true);
        Assert.Equal((int)SocketError.WouldBlock, net.Sockets.WaitForAddress(100));
        int socket = net.Layer.Socket();
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Layer.Connect(socket, WaitingNetwork.TheirAddress, 7));
        Assert.Equal((int)SocketError.AddressNotAvailable, net.Sockets.Connect(socket, WaitingNetwork.TheirAddress, 7, 100));
        Assert.Equal(0, net.Sockets.WaitForAddress(StackRunner.Forever));
        Assert.InRange(net.Elapsed, 3000, 9000);
        Assert.Equal(WaitingNetwork.OurAddress, net.Ours.IPv4.Address);
        Assert.Equal((int)SocketError.InvalidArgument, net.Sockets.WaitForAddress(-2));
    }

    private static SocketError Connect(WaitingNetwork net, uint address, int timeout)
    {
        int socket = net.Layer.Socket();
        int result = net.Sockets.Connect(socket, address, 80, timeout);
        net.Layer.Close(socket);
        return (SocketError)result;
    }

    /// <summary>Has ARP done its work, so that what is lost later is TCP's.</summary>
    private static void MakeKnown(WaitingNetwork net) => Assert.Equal(SocketError.ConnectionRefused, Connect(net, WaitingNetwork.TheirAddress, 1000));
}
