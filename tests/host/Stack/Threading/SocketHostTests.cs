// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Arp;
using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>Each call of the host by itself, between two boards on a wire that does no harm.</summary>
public sealed class SocketHostTests
{
    private const int Port = 7;

    [Fact]
    public void Connect_accept_send_and_receive()
    {
        using VirtualLan lan = new(1);
        byte[] received = new byte[5000];
        lan.Start("server", () =>
        {
            SocketHost host = lan.A.Sockets;
            int listener = Listen(host);
            Assert.Equal(0, host.SetOption(listener, HostOption.NoDelay, 1));
            Assert.Equal(0, host.SetOption(listener, HostOption.TimeToLive, 65));
            int handle = host.Accept(listener, SocketHost.Forever);
            Assert.True(handle >= 0, $"{handle}");

            // what the stack gives on with a connection its options tell
            Assert.Equal((1, 65), (Option(host, handle, HostOption.NoDelay), Option(host, handle, HostOption.TimeToLive)));
            Assert.Equal(lan.B.Ip, host.GetRemoteAddress(handle));
            Assert.Equal(lan.A.Ip, host.GetLocalAddress(handle));
            Assert.Equal(Port, host.GetLocalPort(handle));
            int length = 0;
            int count;
            while ((count = host.Receive(handle, received, length, received.Length - length, false, SocketHost.Forever)) > 0)
            {
                length += count;
            }

            Assert.Equal(0, count);
            Assert.Equal(4000, length);
            Assert.Equal(0, host.Close(handle));
            Assert.Equal(0, host.Close(listener));
        });
        lan.Start("client", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, lan.A.Ip, Port, SocketHost.Forever));
            Assert.True(host.IsConnected(handle));
            Assert.Equal(4000, host.Send(handle, Wire.PatternBytes(0, 4000), 0, 4000, SocketHost.Forever));
            Assert.Equal(0, host.Close(handle));
        });
        lan.Run(60000);
        Assert.Equal(Wire.PatternBytes(0, 4000), received[..4000]);
    }

    [Fact]
    public void A_wait_ends_in_its_time_and_says_so()
    {
        using VirtualLan lan = new(2);
        lan.Start("all", () =>
        {
            SocketHost host = lan.A.Sockets;
            byte[] buffer = new byte[10];
            int listener = Listen(host);
            Assert.Equal((int)SocketError.WouldBlock, host.Accept(listener, 0));
            AssertTakes(lan, 300, () => Assert.Equal((int)SocketError.WouldBlock, host.Accept(listener, 300)));
            AssertTakes(lan, 20, () => Assert.Equal(0, host.Poll(listener, SocketHost.PollRead, 20000)));
            AssertTakes(lan, 1, () => Assert.Equal(0, host.Poll(listener, SocketHost.PollRead, 1)));
            int datagrams = host.OpenDatagram();
            Assert.Equal((int)SocketError.NotConnected, host.Receive(datagrams, buffer, 0, 10, false, SocketHost.Forever));
            Assert.Equal(0, host.Bind(datagrams, 0, 0));
            AssertTakes(lan, 700, () => Assert.Equal((int)SocketError.WouldBlock, host.Receive(datagrams, buffer, 0, 10, false, 700)));
            Assert.Equal((int)SocketError.InvalidArgument, host.Receive(datagrams, buffer, 0, 10, false, -2));
            Assert.Equal(0, host.Close(datagrams));
            Assert.Equal((int)SocketError.BadDescriptor, host.Receive(datagrams, buffer, 0, 10, false, SocketHost.Forever));
            host.Close(listener);
        });
        lan.Run(60000);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(1)]
    public void Closing_ends_every_wait_at_once_with_ConnectionAborted(int waiters)
    {
        using VirtualLan lan = new(3, c => c.Waiters = waiters);
        SocketHost host = lan.A.Sockets;
        int listener = Listen(host);
        int stream = 0;
        int datagrams = host.OpenDatagram();
        Assert.Equal(0, host.Bind(datagrams, 0, 9));
        long closedAt = 0;
        int ended = 0;
        void Wait(string name, Func<byte[], int> call) => lan.Start(name, () =>
        {
            Assert.Equal((int)SocketError.ConnectionAborted, call(new byte[10000]));
            Assert.InRange(lan.World.Elapsed - closedAt, 0, waiters == 1 ? 12 : 5);
            ended++;
        });

        lan.Start("client", () =>
        {
            int other = lan.B.Sockets.OpenStream();
            Assert.Equal(0, lan.B.Sockets.Connect(other, lan.A.Ip, Port, SocketHost.Forever));
            lan.A.Threads.Sleep(8000);
            lan.B.Sockets.Close(other);
        });
        lan.Start("first", () =>
        {
            stream = host.Accept(listener, SocketHost.Forever);
            Wait("accept", _ => host.Accept(listener, SocketHost.Forever));
            Wait("receive", b => host.Receive(stream, b, 0, 10, false, SocketHost.Forever));
            Wait("receive too", b => host.Receive(stream, b, 0, 10, true, SocketHost.Forever));
            Wait("poll", _ => host.Poll(stream, SocketHost.PollRead, -1));
            Wait("send", b =>
            {
                // the peer never reads: a part goes, then it waits
                int sent;
                while ((sent = host.Send(stream, b, 0, b.Length, SocketHost.Forever)) > 0)
                {
                }

                return sent;
            });
            Wait("datagram", b => host.Receive(datagrams, b, 0, 10, false, SocketHost.Forever));
            lan.A.Threads.Sleep(3000);
            Assert.Equal(waiters == 1 ? 1 : 6, lan.A.Network.Owner.Waiting);
            closedAt = lan.World.Elapsed;
            Assert.Equal(0, host.Close(stream));
            Assert.Equal(0, host.Close(listener));
            Assert.Equal(0, host.Close(datagrams));
        });
        lan.Run(60000);
        Assert.Equal(6, ended);
    }

    [Fact]
    public void Loopback_needs_no_wire_and_hardly_any_time()
    {
        using VirtualLan lan = new(4);
        SocketHost host = lan.A.Sockets;
        int listener = Listen(host);
        lan.Start("server", () =>
        {
            int handle = host.Accept(listener, SocketHost.Forever);
            byte[] buffer = new byte[100];
            int count = host.Receive(handle, buffer, 0, 100, false, SocketHost.Forever);
            Assert.Equal(count, host.Send(handle, buffer, 0, count, SocketHost.Forever));
            host.Close(handle);
        });
        lan.Start("client", () =>
        {
            // the network thread sleeps for as long as it ever does, and is woken
            lan.A.Threads.Sleep(10500);
            byte[] buffer = new byte[100];
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, Wire.Address("127.0.0.1"), Port, SocketHost.Forever));
            Assert.Equal(50, host.Send(handle, buffer, 0, 50, SocketHost.Forever));
            Assert.Equal(50, host.Receive(handle, buffer, 0, 100, false, SocketHost.Forever));
            Assert.InRange(lan.World.Elapsed, 10500, 10560);
            Assert.Equal(0, host.Receive(handle, buffer, 0, 100, false, SocketHost.Forever));
            host.Close(handle);
            host.Close(listener);
        });
        lan.Run(60000);
    }

    [Fact]
    public void What_is_sent_has_left_when_the_call_returns()
    {
        using VirtualLan lan = new(5);
        lan.Start("client", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenDatagram();
            Assert.Equal(4, host.SendTo(handle, new byte[4], 0, 4, lan.A.Ip, 9, 0));
            int asked = lan.Frames;
            Assert.True(asked > 0, "an ARP request");
            lan.B.Threads.Sleep(100);
            int before = lan.Frames;
            long elapsed = lan.World.Elapsed;
            Assert.Equal(4, host.SendTo(handle, new byte[4], 0, 4, lan.A.Ip, 9, 0));
            Assert.True(lan.Frames > before, "a datagram");
            Assert.InRange(lan.World.Elapsed - elapsed, 0, 8);
            Assert.InRange(host.GetLocalPort(handle), 49152, 65535);
            Assert.Equal((int)SocketError.ConnectionRefused, Refused(host, lan.A.Ip));
            host.Close(handle);
        });
        lan.Run(60000);
    }

    [Fact]
    public void Datagrams_tell_their_sender_and_can_be_looked_at_first()
    {
        using VirtualLan lan = new(6);
        int port = 0;
        lan.Start("server", () =>
        {
            SocketHost host = lan.A.Sockets;
            int handle = host.OpenDatagram();
            Assert.Equal(0, host.Bind(handle, lan.A.Ip, 9));
            Assert.Equal(lan.A.Ip, host.GetLocalAddress(handle));
            byte[] buffer = new byte[10];
            uint[] source = new uint[2];
            Assert.Equal(1, host.Poll(handle, SocketHost.PollRead, -1));
            Assert.Equal(6, host.GetAvailable(handle));
            Assert.Equal(6, host.ReceiveFrom(handle, buffer, 0, 10, true, SocketHost.Forever, source));
            Assert.Equal((int)SocketError.InvalidArgument, host.ReceiveFrom(handle, buffer, 0, 10, true, SocketHost.Forever, new uint[1]));
            Assert.Equal(4, host.ReceiveFrom(handle, buffer, 0, 4, false, SocketHost.Forever, source));
            Assert.Equal(0, host.GetAvailable(handle));
            Assert.Equal(lan.B.Ip, source[0]);
            Assert.Equal((uint)port, source[1]);
            Assert.Equal(4, host.SendTo(handle, buffer, 0, 4, source[0], (int)source[1], SocketHost.Forever));
            host.Close(handle);
        });
        lan.Start("client", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenDatagram();
            Assert.Equal(0, host.Connect(handle, lan.A.Ip, 9, 0));
            Assert.True(host.IsConnected(handle));
            port = host.GetLocalPort(handle);
            byte[] buffer = Wire.PatternBytes(5, 6);
            Assert.Equal(6, host.Send(handle, buffer, 0, 6, SocketHost.Forever));
            byte[] back = new byte[10];
            Assert.Equal(4, host.Receive(handle, back, 0, 10, false, 5000));
            Assert.Equal(buffer[..4], back[..4]);
            host.Close(handle);
        });
        lan.Run(60000);
    }

    [Fact]
    public void Shutting_down_the_receiving_side_ends_a_wait_with_0_and_the_other_side_goes_on()
    {
        using VirtualLan lan = new(7);
        lan.Start("server", () =>
        {
            SocketHost host = lan.A.Sockets;
            int listener = Listen(host);
            int handle = host.Accept(listener, SocketHost.Forever);
            bool ended = false;
            lan.Start("reader", () =>
            {
                Assert.Equal(0, host.Receive(handle, new byte[10], 0, 10, false, SocketHost.Forever));
                ended = true;
            });
            lan.A.Threads.Sleep(100);
            Assert.Equal((int)SocketError.InvalidArgument, host.Shutdown(handle, 3));
            Assert.Equal((int)SocketError.NotConnected, host.Shutdown(listener, SocketHost.Receiving));
            Assert.Equal(0, host.Shutdown(handle, SocketHost.Receiving));
            lan.A.Threads.Sleep(10);
            Assert.True(ended);
            Assert.Equal(1, host.Poll(handle, SocketHost.PollRead, 0));
            Assert.Equal(10, host.Send(handle, new byte[10], 0, 10, SocketHost.Forever));
            Assert.Equal(0, host.Shutdown(handle, SocketHost.Sending));
            Assert.Equal((int)SocketError.Shutdown, host.Send(handle, new byte[10], 0, 10, SocketHost.Forever));
            host.Close(handle);
            host.Close(listener);
        });
        lan.Start("client", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, lan.A.Ip, Port, SocketHost.Forever));
            byte[] buffer = new byte[100];
            Assert.Equal(10, host.Receive(handle, buffer, 0, 100, false, SocketHost.Forever));
            Assert.Equal(0, host.Receive(handle, buffer, 0, 100, false, SocketHost.Forever));

            // the peer is gone: ready to read, and nothing there
            Assert.Equal(1, host.Poll(handle, SocketHost.PollRead, 0));
            Assert.Equal(0, host.GetAvailable(handle));
            host.Close(handle);
        });
        lan.Run(60000);
    }

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, (int)SocketError.ConnectionReset, 0)]
    [InlineData(20, 0, 0)]
    public void Linger_decides_what_becomes_of_what_the_peer_has_not_acknowledged(int linger, int end, int closed)
    {
        using VirtualLan lan = new(8) { Delay = 50 };
        lan.Start("server", () =>
        {
            SocketHost host = lan.A.Sockets;
            int listener = Listen(host);
            int handle = host.Accept(listener, SocketHost.Forever);
            lan.A.Threads.Sleep(2000);
            byte[] buffer = new byte[100];
            int result;
            while ((result = host.Receive(handle, buffer, 0, 100, false, SocketHost.Forever)) > 0)
            {
            }

            Assert.Equal(end, result);
            host.Close(handle);
            host.Close(listener);
        });
        lan.Start("client", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, lan.A.Ip, Port, SocketHost.Forever));
            Assert.Equal(0, host.SetOption(handle, HostOption.Linger, linger));

            // the server has taken it: one that is reset before that is not there any more
            lan.B.Threads.Sleep(200);
            Assert.Equal(1000, host.Send(handle, new byte[1000], 0, 1000, SocketHost.Forever));
            long beganAt = lan.World.Elapsed;
            Assert.Equal(closed, host.Close(handle));
            Assert.InRange(lan.World.Elapsed - beganAt, linger > 0 ? 90 : 0, linger > 0 ? 400 : 5);
            Assert.Equal((int)SocketError.BadDescriptor, host.Close(handle));
        });
        lan.Run(200000);
    }

    [Fact]
    public void Closing_with_time_to_linger_waits_no_longer_than_that()
    {
        using VirtualLan lan = new(9);
        lan.Start("all", () =>
        {
            SocketHost host = lan.B.Sockets;
            int listener = Listen(lan.A.Sockets);
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, lan.A.Ip, Port, SocketHost.Forever));
            Assert.Equal(0, host.SetOption(handle, HostOption.Linger, 3));
            lan.Loss = 1;
            Assert.Equal(1000, host.Send(handle, new byte[1000], 0, 1000, SocketHost.Forever));
            AssertTakes(lan, 3000, () => Assert.Equal((int)SocketError.WouldBlock, host.Close(handle)));
            lan.A.Sockets.Close(listener);
        });
        lan.Run(200000);
    }

    /// <summary>Over loopback the peer may have acknowledged before the thread waits for it.</summary>
    [Fact]
    public void Closing_with_time_to_linger_does_not_wait_for_what_is_acknowledged()
    {
        for (uint seed = 1; seed <= 50; seed++)
        {
            using VirtualLan lan = new(seed) { Strict = false };
            lan.World.Haste = 0;
            lan.Start("all", () =>
            {
                SocketHost host = lan.A.Sockets;
                int listener = Listen(host);
                int handle = host.OpenStream();
                Assert.Equal(0, host.Connect(handle, Wire.Address("127.0.0.1"), Port, SocketHost.Forever));
                Assert.Equal(0, host.SetOption(handle, HostOption.Linger, 20));
                lan.A.Threads.Sleep(1000);
                long beganAt = lan.World.Elapsed;
                Assert.Equal(0, host.Close(handle));
                Assert.InRange(lan.World.Elapsed - beganAt, 0, 5);
                host.Close(host.Accept(listener, SocketHost.Forever));
                host.Close(listener);
            });
            lan.Run(60000);
        }
    }

    /// <summary>Whoever waits goes on even if the chip is gone for good: nothing that comes later would let him go.</summary>
    [Fact]
    public void Closing_ends_waits_though_the_driver_throws()
    {
        using VirtualLan lan = new(17);
        SocketHost host = lan.A.Sockets;
        InvalidOperationException fault = new("the bus is gone");
        int ended = 0;
        lan.Start("peer", () =>
        {
            int other = lan.B.Sockets.OpenStream();
            Assert.Equal(0, lan.B.Sockets.Connect(other, lan.A.Ip, Port, SocketHost.Forever));
            lan.B.Threads.Sleep(5000);
            lan.B.Sockets.Close(other);
        });
        lan.Start("all", () =>
        {
            int listener = Listen(host);
            int stream = host.Accept(listener, SocketHost.Forever);
            foreach (Func<int> wait in new Func<int>[]
            {
                () => host.Accept(listener, SocketHost.Forever),
                () => host.Receive(stream, new byte[1], 0, 1, false, SocketHost.Forever),
                () => host.Poll(stream, SocketHost.PollRead, -1),
            })
            {
                lan.Start("waits", () =>
                {
                    Assert.Equal((int)SocketError.ConnectionAborted, wait());
                    ended++;
                });
            }

            lan.A.Threads.Sleep(1000);
            Assert.Equal(3, lan.A.Network.Owner.Waiting);
            lan.A.Interface.Fault = fault;
            Assert.Same(fault, Assert.Throws<InvalidOperationException>(() => host.Close(stream)));
            Assert.Same(fault, Record.Exception(() => host.Close(listener)) ?? fault);
            Assert.Equal((int)SocketError.BadDescriptor, host.Close(stream));
            lan.A.Threads.Sleep(1000);
            Assert.Equal(3, ended);
            lan.A.Interface.Fault = null;
        });
        lan.World.Run(60000);
        Assert.Same(fault, lan.A.Network.LastFault);
        Assert.Equal(0, host.OpenHandles);
    }

    /// <summary>What has come in is there, and that no poll comes to its end must not keep it from those who wait.</summary>
    [Fact]
    public void Who_waits_for_what_has_come_goes_on_though_the_driver_throws_in_the_same_poll()
    {
        using VirtualLan lan = new(18);
        SocketHost host = lan.A.Sockets;
        lan.Start("peer", () =>
        {
            int other = lan.B.Sockets.OpenStream();
            Assert.Equal(0, lan.B.Sockets.Connect(other, lan.A.Ip, Port, SocketHost.Forever));
            lan.B.Threads.Sleep(1000);
            lan.A.Interface.EmptyFault = new InvalidOperationException("the bus is gone");
            Assert.Equal(9, lan.B.Sockets.Send(other, new byte[9], 0, 9, SocketHost.Forever));
            lan.B.Threads.Sleep(5000);
            lan.A.Interface.EmptyFault = null;
            lan.B.Sockets.Close(other);
        });
        lan.Start("all", () =>
        {
            int listener = Listen(host);
            int stream = host.Accept(listener, SocketHost.Forever);
            Assert.Equal(1, host.Poll(stream, SocketHost.PollRead, -1));
            Assert.InRange(lan.World.Elapsed, 1000, 2000);
            Assert.Equal(9, host.GetAvailable(stream));
            lan.A.Threads.Sleep(10000);
            host.Close(stream);
            host.Close(listener);
        });
        lan.World.Run(60000);
        Assert.InRange(lan.A.Network.Faults, 1, int.MaxValue);
    }

    /// <summary>The driver throws in the call that sends: what was written leaves all the same, for whoever polls next looks at everything.</summary>
    [Fact]
    public void What_was_being_sent_when_the_driver_threw_is_sent_by_the_next_poll()
    {
        using VirtualLan lan = new(19) { Strict = false };
        SocketHost host = lan.A.Sockets;
        lan.Start("peer", () =>
        {
            int other = lan.B.Sockets.OpenStream();
            Assert.Equal(0, lan.B.Sockets.Connect(other, lan.A.Ip, Port, SocketHost.Forever));
            Assert.Equal(9, lan.B.Sockets.Receive(other, new byte[9], 0, 9, false, 5000));
            Assert.InRange(lan.World.Elapsed, 1000, 2100);
            lan.B.Sockets.Close(other);
        });
        lan.Start("all", () =>
        {
            int listener = Listen(host);
            int stream = host.Accept(listener, SocketHost.Forever);
            lan.A.Threads.Sleep(1000);
            lan.A.Interface.SendsBeforeFault = 0;
            Assert.Throws<InvalidOperationException>(() => host.Send(stream, new byte[9], 0, 9, SocketHost.Forever));
            lan.A.Threads.Sleep(10000);
            host.Close(stream);
            host.Close(listener);
        });
        lan.World.Run(60000);
        Assert.Equal(1, lan.A.Network.Faults);
    }

    /// <summary>The driver throws in the network thread, while an address is being probed for.</summary>
    [Fact]
    public void An_address_that_the_network_thread_was_probing_for_comes_though_the_driver_throws()
    {
        using VirtualLan lan = new(20) { Strict = false };
        TcpIpStack stack = lan.A.Network.Stack;
        lan.Start("all", () =>
        {
            lan.A.Threads.Sleep(1000);
            lan.A.Network.Owner.Enter();
            Assert.Equal(0, stack.Configure(lan.A.Ip + 100, stack.IPv4.Netmask, 0, ConflictPolicy.Probe));
            lan.A.Network.Owner.Hurry();
            lan.A.Network.Owner.Leave();
            lan.A.Interface.SendsBeforeFault = 1;
            lan.A.Threads.Sleep(15_000);
            Assert.Equal(AddressState.InUse, stack.Arp.AddressState);
        });
        lan.World.Run(60000);
        Assert.Equal(1, lan.A.Network.Faults);
        Assert.NotNull(lan.A.Network.LastFault);
    }

    /// <summary>Closed between two of its steps, a call says what it says when it was closed while it waited.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_socket_that_is_closed_in_the_midst_of_a_call_ends_it_with_ConnectionAborted(bool sends)
    {
        HashSet<int> results = [];
        for (uint seed = 1; seed <= 50; seed++)
        {
            using VirtualLan lan = new(seed) { Strict = false };
            SocketHost host = lan.A.Sockets;
            int handle = host.OpenStream();
            int frames = int.MaxValue;
            lan.Start("peer", () =>
            {
                SocketHost peer = lan.B.Sockets;
                int listener = Listen(peer);
                int other = peer.Accept(listener, 3000);
                lan.B.Threads.Sleep(100);
                peer.Close(other);
                peer.Close(listener);
            });
            lan.Start("calls", () =>
            {
                lan.A.Threads.Sleep(50);
                int result = host.Connect(handle, lan.B.Ip, Port, 5000);
                if (sends)
                {
                    Assert.Equal(0, result);
                    frames = lan.Frames;
                    result = host.Send(handle, new byte[20000], 0, 20000, 5000);
                }

                results.Add(result);
            });
            lan.Start("closes", () =>
            {
                lan.A.Threads.Sleep(50);

                // the first of the call's steps has begun what has a port, or sent a part
                while (sends ? lan.Frames <= frames : host.GetLocalPort(handle) <= 0)
                {
                    Assert.False(host.IsListening(handle));
                }

                host.Close(handle);
            });
            lan.Run(60000);
        }

        Assert.Equal([(int)SocketError.ConnectionAborted], results);
    }

    [Fact]
    public void A_connection_that_nobody_takes_is_refused_and_one_that_nobody_answers_times_out()
    {
        using VirtualLan lan = new(10, c => c.Stack.TcpConnectTimeout = 20000);
        lan.Start("all", () =>
        {
            SocketHost host = lan.B.Sockets;
            int handle = host.OpenStream();
            Assert.Equal((int)SocketError.ConnectionRefused, host.Connect(handle, lan.A.Ip, Port, SocketHost.Forever));
            Assert.Equal((int)SocketError.ConnectionRefused, Option(host, handle, HostOption.Error));
            Assert.Equal(1, host.Poll(handle, SocketHost.PollError, 0));
            Assert.False(host.IsConnected(handle));
            Assert.Equal((0u, 0), (host.GetRemoteAddress(handle), host.GetRemotePort(handle)));
            host.Close(handle);
            lan.Loss = 1;
            handle = host.OpenStream();
            AssertTakes(lan, 500, () => Assert.Equal((int)SocketError.InProgress, host.Connect(handle, lan.A.Ip, Port, 500)));
            Assert.Equal((0u, 0), (host.GetRemoteAddress(handle), host.GetRemotePort(handle)));
            Assert.Equal(0, host.Poll(handle, SocketHost.PollWrite, 0));
            Assert.Equal(0, host.Poll(handle, SocketHost.PollError, 0));
            Assert.Equal(1, host.Poll(handle, SocketHost.PollError, -1));
            Assert.InRange(lan.World.Elapsed, 19000, 70000);
            host.Close(handle);
        });
        lan.Run(200000);
    }

    [Fact]
    public void What_is_bound_to_a_loopback_address_only_the_board_itself_reaches()
    {
        using VirtualLan lan = new(11);
        SocketHost host = lan.A.Sockets;
        uint loopback = Wire.Address("127.0.0.1");
        lan.Start("all", () =>
        {
            int listener = host.OpenStream();
            Assert.Equal((int)SocketError.AddressNotAvailable, host.Bind(listener, lan.B.Ip, Port));
            Assert.Equal(0, host.Bind(listener, loopback, Port));
            Assert.Equal(0, host.Listen(listener, 2));
            Assert.Equal(loopback, host.GetLocalAddress(listener));
            int datagrams = host.OpenDatagram();
            Assert.Equal(0, host.Bind(datagrams, loopback, 9));

            int stranger = lan.B.Sockets.OpenStream();
            Assert.Equal((int)SocketError.ConnectionRefused, lan.B.Sockets.Connect(stranger, lan.A.Ip, Port, SocketHost.Forever));
            Assert.Equal((int)SocketError.WouldBlock, host.Accept(listener, 50));
            int strange = lan.B.Sockets.OpenDatagram();
            Assert.Equal(3, lan.B.Sockets.SendTo(strange, new byte[3], 0, 3, lan.A.Ip, 9, SocketHost.Forever));
            Assert.Equal(0, host.Poll(datagrams, SocketHost.PollRead, 100000));
            Assert.Equal(3, lan.B.Sockets.SendTo(strange, new byte[3], 0, 3, lan.A.Ip, 9, SocketHost.Forever));
            Assert.Equal((int)SocketError.WouldBlock, host.Receive(datagrams, new byte[9], 0, 9, false, 100));

            int friend = host.OpenStream();
            Assert.Equal(0, host.Connect(friend, loopback, Port, SocketHost.Forever));
            int accepted = host.Accept(listener, SocketHost.Forever);
            Assert.True(accepted >= 0);
            int friendly = host.OpenDatagram();
            Assert.Equal(3, host.SendTo(friendly, new byte[3], 0, 3, loopback, 9, SocketHost.Forever));
            Assert.Equal(3, host.Receive(datagrams, new byte[9], 0, 9, false, 100));

            // what was bound to our address goes along with it
            int along = host.OpenDatagram();
            Assert.Equal(0, host.Bind(along, lan.A.Ip, 10));
            Assert.Equal(0, lan.A.Network.EnableStatic(lan.A.Ip + 100, lan.A.Configuration.Netmask, 0));
            Assert.Equal(lan.A.Ip + 100, host.GetLocalAddress(along));
            Assert.Equal(loopback, host.GetLocalAddress(listener));
            foreach (int handle in new[] { listener, datagrams, friend, accepted, friendly, along })
            {
                Assert.Equal(0, host.Close(handle));
            }

            lan.B.Sockets.Close(stranger);
            lan.B.Sockets.Close(strange);
        });
        lan.Run(60000);
    }

    [Fact]
    public void Listening_and_whether_somebody_waits_are_questions_that_change_nothing()
    {
        using VirtualLan lan = new(12);
        SocketHost host = lan.A.Sockets;
        lan.Start("all", () =>
        {
            int listener = host.OpenStream();
            Assert.False(host.IsListening(listener));
            Assert.Equal(0, host.Bind(listener, 0, 0));
            Assert.Equal(0, host.Listen(listener, 2));
            Assert.True(host.IsListening(listener));
            Assert.False(host.HasConnectionWaiting(listener));
            int client = lan.B.Sockets.OpenStream();
            Assert.Equal(0, lan.B.Sockets.Connect(client, lan.A.Ip, host.GetLocalPort(listener), SocketHost.Forever));
            Assert.Equal(1, host.Poll(listener, SocketHost.PollRead, -1));
            Assert.True(host.HasConnectionWaiting(listener));
            Assert.True(host.HasConnectionWaiting(listener));
            Assert.Equal(0, host.GetAvailable(listener));
            int handle = host.Accept(listener, 0);
            Assert.True(handle >= 0);
            Assert.False(host.HasConnectionWaiting(listener));
            Assert.False(host.HasConnectionWaiting(handle));
            Assert.Equal(lan.B.Sockets.GetLocalPort(client), host.GetRemotePort(handle));
            Assert.Equal(3, host.OpenHandles + lan.B.Sockets.OpenHandles);
            lan.B.Sockets.Close(client);
            host.Close(handle);
            host.Close(listener);
            Assert.False(host.IsListening(listener));
            Assert.False(host.HasConnectionWaiting(listener));
        });
        lan.Run(60000);
    }

    [Fact]
    public void Options_are_kept_and_checked()
    {
        using VirtualLan lan = new(13, c => c.Stack.MulticastGroups = 2);
        SocketHost host = lan.A.Sockets;
        int stream = host.OpenStream();
        int datagrams = host.OpenDatagram();
        Assert.Equal(1, Option(host, stream, HostOption.Type));
        Assert.Equal(2, Option(host, datagrams, HostOption.Type));
        Assert.Equal(-1, Option(host, stream, HostOption.Linger));
        Assert.Equal(64, Option(host, stream, HostOption.TimeToLive));
        Assert.Equal(1, Option(host, datagrams, HostOption.MulticastTimeToLive));
        Assert.Equal(2920, Option(host, stream, HostOption.ReceiveBuffer));
        Assert.Equal(4380, Option(host, stream, HostOption.SendBuffer));
        AssertKept(host, stream, HostOption.NoDelay, 1);
        AssertKept(host, stream, HostOption.KeepAlive, 1);
        AssertKept(host, stream, HostOption.Linger, 5);
        AssertKept(host, stream, HostOption.TimeToLive, 9);
        AssertKept(host, datagrams, HostOption.ReuseAddress, 1);
        AssertKept(host, datagrams, HostOption.ExclusiveAddressUse, 1);
        AssertKept(host, datagrams, HostOption.SendTimeout, 100);
        AssertKept(host, datagrams, HostOption.ReceiveTimeout, 100);
        AssertKept(host, datagrams, HostOption.MulticastTimeToLive, 4);
        AssertKept(host, datagrams, HostOption.MulticastLoopback, 1);
        AssertKept(host, datagrams, HostOption.MulticastInterface, (int)lan.A.Ip);
        AssertKept(host, datagrams, HostOption.Broadcast, 1);
        AssertKept(host, datagrams, HostOption.DontFragment, 1);
        Assert.Equal((int)SocketError.MessageTooLong, host.SendTo(datagrams, new byte[1473], 0, 1473, lan.B.Ip, 9, 0));
        Assert.Equal(0, host.SetOption(datagrams, HostOption.DontFragment, 0));
        Assert.NotEqual((int)SocketError.MessageTooLong, host.SendTo(datagrams, new byte[1473], 0, 1473, lan.B.Ip, 9, 0));
        Assert.Equal((int)SocketError.OperationNotSupported, host.SetOption(datagrams, HostOption.NoDelay, 1));
        Assert.Equal((int)SocketError.OperationNotSupported, host.SetOption(datagrams, HostOption.Linger, 1));
        Assert.Equal((int)SocketError.OperationNotSupported, host.SetOption(stream, HostOption.Broadcast, 1));
        Assert.Equal((int)SocketError.OperationNotSupported, host.SetOption(stream, HostOption.DontFragment, 1));
        Assert.Equal((int)SocketError.InvalidArgument, host.SetOption(stream, HostOption.TimeToLive, 256));
        Assert.Equal((int)SocketError.InvalidArgument, host.SetOption(stream, HostOption.ReceiveTimeout, -1));
        Assert.Equal((int)SocketError.InvalidArgument, host.SetOption(stream, HostOption.Linger, -2));
        Assert.Equal((int)SocketError.InvalidArgument, host.SetOption(stream, HostOption.Type, 1));
        Assert.Equal((int)SocketError.InvalidArgument, host.GetOption(stream, HostOption.Error + 1, out _));
        Assert.Equal((int)SocketError.AddressNotAvailable, host.SetOption(datagrams, HostOption.MulticastInterface, (int)lan.B.Ip));
        uint group = Wire.Address("224.0.0.251");
        Assert.Equal((int)SocketError.AddressNotAvailable, host.JoinGroup(datagrams, group, lan.B.Ip));
        Assert.Equal(0, host.JoinGroup(datagrams, group, lan.A.Ip));
        Assert.Equal((int)SocketError.InvalidState, host.JoinGroup(datagrams, group, 0));
        Assert.Equal(0, host.LeaveGroup(datagrams, group));
        Assert.Equal(0, host.Close(stream));
        Assert.Equal(0, host.Close(datagrams));
        Assert.Equal((int)SocketError.BadDescriptor, host.GetOption(stream, HostOption.Type, out _));
        Assert.Equal((int)SocketError.BadDescriptor, host.SetOption(stream, HostOption.NoDelay, 1));
        Assert.Equal((int)SocketError.BadDescriptor, host.LeaveGroup(datagrams, group));

        // the next owner of the place does not inherit
        stream = host.OpenStream();
        Assert.Equal(-1, Option(host, stream, HostOption.Linger));
        Assert.Equal(0, Option(host, stream, HostOption.NoDelay));
        host.Close(stream);
    }

    [Fact]
    public void A_handle_of_an_earlier_socket_is_refused_by_every_call()
    {
        using VirtualLan lan = new(14);
        SocketHost host = lan.A.Sockets;
        int old = host.OpenStream();
        Assert.Equal(0, host.Close(old));
        int next = host.OpenStream();
        Assert.NotEqual(old, next);
        byte[] buffer = new byte[10];
        foreach (int handle in new[] { old, -1, -200, int.MaxValue, 127 })
        {
            const int Bad = (int)SocketError.BadDescriptor;
            Assert.Equal(Bad, host.Bind(handle, 0, 5));
            Assert.Equal(Bad, host.Listen(handle, 1));
            Assert.Equal(Bad, host.Accept(handle, SocketHost.Forever));
            Assert.Equal(Bad, host.Connect(handle, lan.B.Ip, 5, SocketHost.Forever));
            Assert.Equal(Bad, host.Send(handle, buffer, 0, 5, SocketHost.Forever));
            Assert.Equal(Bad, host.SendTo(handle, buffer, 0, 5, lan.B.Ip, 5, SocketHost.Forever));
            Assert.Equal(Bad, host.Receive(handle, buffer, 0, 5, false, SocketHost.Forever));
            Assert.Equal(Bad, host.ReceiveFrom(handle, buffer, 0, 5, false, SocketHost.Forever, new uint[2]));
            Assert.Equal(Bad, host.Poll(handle, SocketHost.PollRead, -1));
            Assert.Equal(Bad, host.Shutdown(handle, SocketHost.Both));
            Assert.Equal(Bad, host.GetAvailable(handle));
            Assert.Equal(Bad, host.GetLocalPort(handle));
            Assert.Equal(Bad, host.GetRemotePort(handle));
            Assert.Equal(0u, host.GetLocalAddress(handle));
            Assert.Equal(0u, host.GetRemoteAddress(handle));
            Assert.False(host.IsConnected(handle));
            Assert.Equal(Bad, host.Close(handle));
        }

        Assert.Equal((int)SocketError.InvalidArgument, host.Poll(next, 3, 0));
        Assert.Equal(0, host.Close(next));
    }

    [Fact]
    public void Sockets_run_out_with_an_error_and_come_back()
    {
        using VirtualLan lan = new(15, c => c.Stack = new StackConfiguration { TcpSockets = 2, UdpSockets = 1 });
        SocketHost host = lan.A.Sockets;
        int first = host.OpenStream();
        int second = host.OpenStream();
        Assert.Equal((int)SocketError.TooManyOpenSockets, host.OpenStream());
        int datagrams = host.OpenDatagram();
        Assert.Equal((int)SocketError.TooManyOpenSockets, host.OpenDatagram());
        Assert.Equal(3, host.OpenHandles);
        host.Close(first);
        first = host.OpenStream();
        Assert.True(first >= 0);
        host.Close(first);
        host.Close(second);
        host.Close(datagrams);
    }

    private static int Refused(SocketHost host, uint address)
    {
        int handle = host.OpenDatagram();
        Assert.Equal(0, host.Connect(handle, address, 11, SocketHost.Forever));
        Assert.Equal(4, host.Send(handle, new byte[4], 0, 4, SocketHost.Forever));
        int result = host.Receive(handle, new byte[4], 0, 4, false, SocketHost.Forever);
        host.Close(handle);
        return result;
    }

    private static int Option(SocketHost host, int handle, HostOption option)
    {
        Assert.Equal(0, host.GetOption(handle, option, out int value));
        return value;
    }

    private static void AssertKept(SocketHost host, int handle, HostOption option, int value)
    {
        Assert.Equal(0, host.SetOption(handle, option, value));
        Assert.Equal(value, Option(host, handle, option));
    }

    private static void AssertTakes(VirtualLan lan, int milliseconds, Action action)
    {
        long beganAt = lan.World.Elapsed;
        action();
        Assert.InRange(lan.World.Elapsed - beganAt, milliseconds, milliseconds + 30);
    }

    private static int Listen(SocketHost host, int port = Port)
    {
        int listener = host.OpenStream();
        Assert.Equal(0, host.Bind(listener, 0, port));
        Assert.Equal(0, host.Listen(listener, 2));
        Assert.True(host.IsListening(listener));
        return listener;
    }
}
