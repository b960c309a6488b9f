// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Dhcp;
using TcpIp.Threading;

namespace HostTests.Stack.Threading;

/// <summary>Address, name servers and link, asked and set by threads; and how a network is made.</summary>
[Collection(SystemNet.NetworkCollection.Name)]
public sealed class EthernetInterfaceTests
{
    private static readonly uint s_mask = Wire.Address("255.255.255.0");

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Random_numbers_are_those_that_are_named_or_the_controllers_or_the_runtimes(bool isNamed, bool controllerHasSome)
    {
        using VirtualLan lan = new(1);
        Drawn named = new();
        Drawn controllers = new();
        EthernetConfiguration configuration = new() { Threads = lan.A.Threads, Random = isNamed ? named : null! };
        TestInterface network = new(WordOrder.LowByteFirst, 0x020000000009);
        RandomController controller = new(network, lan.A.Threads, controllerHasSome ? controllers : null);
        _ = new EthernetInterface(controller, configuration);
        Assert.Equal(isNamed, named.Count > 0);
        Assert.Equal(!isNamed && controllerHasSome, controllers.Count > 0);
    }

    /// <summary>A driver that throws ends no network: the thread goes on, and the exception can be asked for.</summary>
    [Fact]
    public void The_network_thread_outlives_exceptions()
    {
        using VirtualLan lan = new(21);
        InvalidOperationException fault = new("the bus is gone");
        int left = 3;
        lan.A.Controller.BeforeSleep = () =>
        {
            if (left-- > 0)
            {
                throw fault;
            }
        };
        lan.Start("client", () =>
        {
            SocketHost host = lan.A.Sockets;
            int listener = lan.B.Sockets.OpenStream();
            Assert.Equal(0, lan.B.Sockets.Bind(listener, 0, 7));
            Assert.Equal(0, lan.B.Sockets.Listen(listener, 1));
            lan.A.Threads.Sleep(100);
            int handle = host.OpenStream();
            Assert.Equal(0, host.Connect(handle, lan.B.Ip, 7, 5000));
            host.Close(handle);
            lan.B.Sockets.Close(listener);
        });
        lan.World.Run(60000);
        Assert.False(lan.A.Threads.IsLocked);
        Assert.Equal(3, lan.A.Network.Faults);
        Assert.Same(fault, lan.A.Network.LastFault);
        Assert.Equal(0, lan.B.Network.Faults);
    }

    /// <summary>A listener that throws is told of the next change all the same.</summary>
    [Fact]
    public void A_listener_may_throw()
    {
        using VirtualLan lan = new(22);
        InvalidOperationException fault = new("no");
        int told = 0;
        lan.Start("all", () =>
        {
            EthernetInterface network = lan.A.Network;
            network.SetListener(_ =>
            {
                told++;
                throw fault;
            });
            lan.A.Interface.IsLinkUp = false;
            lan.A.Threads.Sleep(2000);
            Assert.Equal(1, told);
            lan.A.Interface.IsLinkUp = true;
            lan.A.Threads.Sleep(2000);
            Assert.Equal(2, told);
            Assert.Equal(2, network.Faults);
            Assert.Same(fault, network.LastFault);
        });
        lan.World.Run(60000);
    }

    /// <summary>A listener that has its own thread aborted: the next one gets another.</summary>
    [Fact]
    public void A_listener_whose_thread_ends_does_not_keep_the_next_one_from_being_told()
    {
        using VirtualLan lan = new(23);
        int told = 0;
        lan.Start("all", () =>
        {
            EthernetInterface network = lan.A.Network;
            network.SetListener(_ => lan.World.Current.AbortAt = 1);
            lan.A.Interface.IsLinkUp = false;
            lan.A.Threads.Sleep(2000);
            network.SetListener(_ => told++);
            lan.A.Interface.IsLinkUp = true;
            lan.A.Threads.Sleep(2000);
            Assert.Equal(1, told);
        });
        lan.Run(60000);
    }

    [Fact]
    public void An_address_is_leased_names_are_found_and_the_lease_is_given_back()
    {
        using VirtualLan lan = new(1, Configure) { Strict = false };
        VirtualServices services = new(lan, lan.B);
        services.Names["printer.example"] = Wire.Address("10.0.0.77");
        services.Start();
        EthernetInterface network = lan.A.Network;
        lan.Start("application", () =>
        {
            Assert.True(network.IsDhcpEnabled);
            Assert.False(network.WaitForAddress(100));
            Assert.True(network.WaitForAddress(30000));
            Assert.InRange(lan.World.Elapsed, 1000, 20000);
            Assert.Equal(services.Leased, network.Address);
            Assert.Equal(s_mask, network.Netmask);
            Assert.Equal(lan.B.Ip, network.Gateway);
            Assert.Equal(lan.B.Ip, network.GetDnsServer(0));
            Assert.False(network.AreDnsServersFixed);
            Assert.Equal(0, network.Sockets.Resolve("printer.example", 5000, out uint address));
            Assert.Equal(Wire.Address("10.0.0.77"), address);
            Assert.Equal((int)SocketError.HostNotFound, network.Sockets.Resolve("nobody.example", 5000, out _));

            int granted = services.Granted;
            Assert.Equal(0, network.RenewLease());
            lan.A.Threads.Sleep(1500);
            Assert.Equal(granted + 1, services.Granted);
            Assert.Equal(0, network.ReleaseLease());
            lan.A.Threads.Sleep(3000);
            Assert.Equal(1, services.Released);
            Assert.Equal(0u, network.Address);
            Assert.False(network.IsDhcpEnabled);
            Assert.Equal((int)SocketError.InvalidState, network.ReleaseLease());
            Assert.Equal(0, network.EnableDhcp());
            Assert.True(network.WaitForAddress(30000));
        });
        lan.Run(200000, expectNothingLeft: false);
    }

    [Fact]
    public void A_fixed_address_takes_the_place_of_a_lease_and_servers_that_are_named_stay()
    {
        using VirtualLan lan = new(2, Configure) { Strict = false };
        VirtualServices services = new(lan, lan.B);
        services.Start();
        EthernetInterface network = lan.A.Network;
        lan.Start("application", () =>
        {
            Assert.Equal(0, network.SetDnsServer(0, Wire.Address("9.9.9.9")));
            Assert.True(network.AreDnsServersFixed);
            Assert.True(network.WaitForAddress(30000));
            Assert.Equal(Wire.Address("9.9.9.9"), network.GetDnsServer(0));
            network.UseDnsServersOfLease();
            Assert.Equal(lan.B.Ip, network.GetDnsServer(0));
            Assert.Equal((int)SocketError.InvalidAddress, network.EnableStatic(0, s_mask, 0));
            Assert.Equal((int)SocketError.InvalidNetmask, network.EnableStatic(lan.A.Ip, 0xFF00FF00, 0));
            Assert.True(network.IsDhcpEnabled);
            Assert.Equal(0, network.EnableStatic(lan.A.Ip, s_mask, lan.B.Ip));
            Assert.False(network.IsDhcpEnabled);
            Assert.Equal(lan.A.Ip, network.Address);
            Assert.Equal((int)SocketError.InvalidState, network.RenewLease());
            Assert.Equal((int)SocketError.InvalidArgument, network.SetDnsServer(99, 0));
            int handle = network.Sockets.OpenDatagram();
            Assert.Equal(3, network.Sockets.SendTo(handle, new byte[3], 0, 3, lan.B.Ip, 5, 1000));
            Assert.Equal(lan.A.Ip, network.Sockets.GetLocalAddress(handle) | lan.A.Ip);
            network.Sockets.Close(handle);
        });
        lan.Run(100000, expectNothingLeft: false);
    }

    [Fact]
    public void Changes_are_told_on_a_thread_of_their_own_that_may_wait()
    {
        using VirtualLan lan = new(3);
        EthernetInterface network = lan.A.Network;
        List<int> told = [];
        lan.Start("application", () =>
        {
            lan.A.Threads.Sleep(100);
            network.SetListener(changes =>
            {
                told.Add(changes);
                network.Sockets.Close(network.Sockets.OpenStream());
                lan.A.Threads.Sleep(50);
            });
            lan.A.Threads.Sleep(2000);
            Assert.Empty(told);
            lan.A.Interface.IsLinkUp = false;
            lan.A.Threads.Sleep(2000);
            Assert.Equal([EthernetInterface.LinkChange], told);
            Assert.False(network.IsLinkUp);
            lan.A.Interface.IsLinkUp = true;
            lan.A.Threads.Sleep(2000);
            Assert.Equal(2, told.Count);
            Assert.True(network.IsLinkUp);
            network.EnableStatic(Wire.Address("10.0.0.50"), s_mask, 0);
            lan.A.Threads.Sleep(2000);
            Assert.Equal(EthernetInterface.AddressChange, told[2]);
            network.SetListener(null!);
            network.EnableStatic(lan.A.Ip, s_mask, 0);
            lan.A.Threads.Sleep(2000);
            Assert.Equal(3, told.Count);
        });
        lan.Run(100000);
    }

    /// <summary>As System.Net does whenever a handler is added.</summary>
    [Fact]
    public void A_change_is_not_lost_when_a_listener_is_named_again()
    {
        using VirtualLan lan = new(24);
        EthernetInterface network = lan.A.Network;
        List<int> told = [];
        List<int> toldNext = [];
        lan.Start("application", () =>
        {
            lan.A.Threads.Sleep(100);
            network.SetListener(changes =>
            {
                told.Add(changes);
                lan.A.Threads.Sleep(1000);
            });
            network.EnableStatic(Wire.Address("10.0.0.50"), s_mask, 0);
            lan.A.Threads.Sleep(100);

            // the listener is at work
            Assert.Equal([EthernetInterface.AddressChange], told);
            network.EnableStatic(lan.A.Ip, s_mask, 0);
            network.SetListener(toldNext.Add);
            lan.A.Threads.Sleep(2000);
            Assert.Single(told);
            Assert.Equal([EthernetInterface.AddressChange], toldNext);

            // what nobody wanted to know is not told to who comes later
            network.SetListener(changes => lan.A.Threads.Sleep(1000));
            network.EnableStatic(Wire.Address("10.0.0.50"), s_mask, 0);
            lan.A.Threads.Sleep(100);
            network.EnableStatic(lan.A.Ip, s_mask, 0);
            network.SetListener(null!);
            network.SetListener(toldNext.Add);
            lan.A.Threads.Sleep(2000);
            Assert.Single(toldNext);
        });
        lan.Run(100000);
    }

    [Fact]
    public void Name_servers_are_all_named_or_none()
    {
        using VirtualLan lan = new(25);
        EthernetInterface network = lan.A.Network;
        uint server = Wire.Address("10.0.0.5");
        Assert.Equal(0, network.SetDnsServers([server, server + 1]));
        Assert.True(network.AreDnsServersFixed);
        Assert.Equal((server, server + 1), (network.GetDnsServer(0), network.GetDnsServer(1)));
        network.UseDnsServersOfLease();
        Assert.Equal((int)SocketError.InvalidAddress, network.SetDnsServers([server + 2, Wire.Address("224.0.0.1")]));
        Assert.Equal((int)SocketError.InvalidArgument, network.SetDnsServers(null!));
        Assert.Equal((server, server + 1), (network.GetDnsServer(0), network.GetDnsServer(1)));
        Assert.False(network.AreDnsServersFixed);
        Assert.Equal(0, network.SetDnsServers([server + 3]));
        Assert.Equal((server + 3, 0u), (network.GetDnsServer(0), network.GetDnsServer(1)));
        Assert.Equal(0, network.SetDnsServers([.. Enumerable.Repeat(server, network.MaximumDnsServers + 1)]));
        Assert.Equal(server, network.GetDnsServer(network.MaximumDnsServers - 1));
    }

    /// <summary>Whoever asks for one and waits then must not be told of the one that goes.</summary>
    [Fact]
    public void An_address_is_gone_when_a_server_was_asked_for_another()
    {
        using VirtualLan lan = new(28, c => c.Dhcp = new DhcpConfiguration());
        EthernetInterface network = lan.A.Network;
        lan.Start("application", () =>
        {
            Assert.True(network.WaitForAddress(5000));
            Assert.Equal(0, network.EnableDhcp());
            Assert.Equal(0u, network.Address);
            Assert.False(network.WaitForAddress(0));
        });
        lan.Run(60000, expectNothingLeft: false);
    }

    [Fact]
    public void The_address_that_the_configuration_has_is_known()
    {
        using VirtualLan lan = new(26, c => c.Dhcp = new DhcpConfiguration());
        EthernetInterface network = lan.A.Network;
        Assert.True(network.IsAddressOfConfiguration);
        Assert.Equal(0, network.EnableStatic(Wire.Address("10.0.0.50"), s_mask, 0));
        Assert.False(network.IsAddressOfConfiguration);
        Assert.Equal(0, network.EnableStatic(lan.A.Ip, s_mask, 0));
        Assert.True(network.IsAddressOfConfiguration);
        Assert.Equal(0, network.EnableDhcp());
        Assert.False(network.IsAddressOfConfiguration);
        using VirtualLan leased = new(27, Configure);
        Assert.False(leased.A.Network.IsAddressOfConfiguration);
    }

    [Fact]
    public void Without_a_link_a_connection_is_waited_for_a_while_and_one_that_comes_in_time_is_made()
    {
        using VirtualLan lan = new(4);
        SocketHost host = lan.A.Sockets;
        lan.Start("application", () =>
        {
            int listener = lan.B.Sockets.OpenStream();
            lan.B.Sockets.Bind(listener, 0, 7);
            lan.B.Sockets.Listen(listener, 1);
            lan.A.Interface.IsLinkUp = false;
            lan.A.Threads.Sleep(1500);
            int handle = host.OpenStream();
            Assert.Equal((int)SocketError.NetworkDown, host.Connect(handle, lan.B.Ip, 7, 0));
            long beganAt = lan.World.Elapsed;
            Assert.Equal((int)SocketError.NetworkDown, host.Connect(handle, lan.B.Ip, 7, 300));
            Assert.InRange(lan.World.Elapsed - beganAt, 300, 320);
            beganAt = lan.World.Elapsed;
            Assert.Equal((int)SocketError.NetworkDown, host.Connect(handle, lan.B.Ip, 7, SocketHost.Forever));
            Assert.InRange(lan.World.Elapsed - beganAt, 15000, 15050);
            lan.World.At(2000, () => lan.A.Interface.IsLinkUp = true);
            Assert.Equal(0, host.Connect(handle, lan.B.Ip, 7, SocketHost.Forever));
            host.Close(handle);
            lan.B.Sockets.Close(listener);
        });
        lan.Run(100000);
    }

    [Fact]
    public void A_name_that_cannot_be_found_says_why_and_in_its_time()
    {
        using VirtualLan lan = new(5, c => c.DnsServer = Wire.Address("10.0.0.2")) { Strict = false };
        SocketHost host = lan.A.Sockets;
        VirtualServices services = new(lan, lan.B) { Thinking = 400 };
        services.Names["slow.example"] = Wire.Address("10.0.0.5");
        services.Start();
        int found = 0;
        for (int i = 0; i < 4; i++)
        {
            int number = i;
            services.Names[$"host{i}.example"] = lan.B.Ip + 100 + (uint)i;

            // more at once than there are places
            lan.Start("asker " + i, () =>
            {
                lan.A.Threads.Sleep(3000);
                Assert.Equal(0, host.Resolve($"host{number}.example", 20000, out uint address));
                Assert.Equal(lan.B.Ip + 100 + (uint)number, address);
                found++;
            });
        }

        lan.Start("application", () =>
        {
            Assert.Equal(0, host.Resolve("10.0.0.7", 0, out uint address));
            Assert.Equal(Wire.Address("10.0.0.7"), address);
            Assert.Equal((int)SocketError.InvalidArgument, host.Resolve("no..name", 1000, out _));
            long beganAt = lan.World.Elapsed;
            Assert.Equal((int)SocketError.WouldBlock, host.Resolve("slow.example", 100, out _));
            Assert.InRange(lan.World.Elapsed - beganAt, 100, 130);
            Assert.Equal(0, host.Resolve("slow.example", SocketHost.Forever, out address));
            Assert.Equal(Wire.Address("10.0.0.5"), address);
        });
        lan.Run(100000, expectNothingLeft: false);
        Assert.Equal(4, found);
    }

    [Fact]
    public void A_question_leaves_at_once_and_one_that_is_given_up_makes_room_for_the_next()
    {
        using VirtualLan lan = new(8, c =>
        {
            c.DnsServer = Wire.Address("10.0.0.2");
            c.Dns.Lookups = 1;
        }) { Strict = false };
        SocketHost host = lan.A.Sockets;
        VirtualServices services = new(lan, lan.B) { Ignored = "silent.example" };
        services.Names["known.example"] = lan.B.Ip;
        services.Names["other.example"] = lan.B.Ip;
        services.Start();
        lan.Start("application", () =>
        {
            // the network thread sleeps for as long as it ever does
            lan.A.Threads.Sleep(10500);
            AssertQuick(lan, () => host.Resolve("known.example", SocketHost.Forever, out _));
            Assert.Equal((int)SocketError.WouldBlock, host.Resolve("silent.example", 50, out _));
            AssertQuick(lan, () => host.Resolve("other.example", SocketHost.Forever, out _));
        });
        lan.Run(100000, expectNothingLeft: false);
    }

    [Fact]
    public void Without_a_name_server_a_name_is_for_later()
    {
        using VirtualLan lan = new(6);
        lan.Start("application", () =>
            Assert.Equal((int)SocketError.TryAgain, lan.A.Sockets.Resolve("host.example", SocketHost.Forever, out _)));
        lan.Run(100000);
    }

    [Fact]
    public void Use_makes_the_one_network_and_says_what_is_wrong()
    {
        VirtualWorld world = new(7);
        VirtualThreads threads = new(world, "board");
        TestInterface wire = new(WordOrder.LowByteFirst, 0x020000000001);
        SulkingController controller = new(wire, threads) { Complaint = "It is not wired." };
        EthernetConfiguration Fixed() => new() { Threads = threads, Address = Wire.Address("10.0.0.1"), Netmask = s_mask };

        // a process has one: that of the tests of System.Net steps back meanwhile
        EthernetInterface? before = EthernetInterface.Current;
        EthernetInterface.Current = null!;
        Assert.Throws<ArgumentNullException>(() => EthernetInterface.Use(null!, Fixed()));
        Assert.Contains("not wired", Assert.Throws<InvalidOperationException>(() => EthernetInterface.Use(controller, Fixed())).Message, StringComparison.Ordinal);
        Assert.Null(EthernetInterface.Current);
        controller.Complaint = null;
        Assert.Throws<ArgumentException>(() => EthernetInterface.Use(controller, With(Fixed(), c => c.Waiters = 0)));
        Assert.Throws<ArgumentException>(() => EthernetInterface.Use(controller, With(Fixed(), c => c.Stack = null!)));
        Assert.Throws<ArgumentException>(() => EthernetInterface.Use(controller, With(Fixed(), c => c.Netmask = 0xFF00FF00)));
        Assert.Throws<ArgumentException>(() => EthernetInterface.Use(controller, With(Fixed(), c =>
        {
            c.Address = 0;
            c.Dhcp = null!;
        })));
        Assert.Null(EthernetInterface.Current);
        EthernetInterface network = EthernetInterface.Use(controller, Fixed());
        try
        {
            Assert.Same(network, EthernetInterface.Current);
            Assert.Equal(wire.MacAddress, network.MacAddress);
            Assert.Equal(1, controller.Started);
            Assert.Contains("already", Assert.Throws<InvalidOperationException>(() => EthernetInterface.Use(controller, Fixed())).Message, StringComparison.Ordinal);
        }
        finally
        {
            network.Stop();
        }

        Assert.Null(EthernetInterface.Current);
        EthernetInterface.Current = before!;
        world.Dismiss();
    }

    private static void AssertQuick(VirtualLan lan, Func<int> call)
    {
        long beganAt = lan.World.Elapsed;
        Assert.Equal(0, call());
        Assert.InRange(lan.World.Elapsed - beganAt, 0, 100);
    }

    private static EthernetConfiguration With(EthernetConfiguration configuration, Action<EthernetConfiguration> change)
    {
        change(configuration);
        return configuration;
    }

    /// <summary>The first board asks for its address, the other one has it.</summary>
    private static void Configure(EthernetConfiguration configuration)
    {
        configuration.Stack.UdpSockets = 6;
        if (configuration.Address == Wire.Address("10.0.0.1"))
        {
            configuration.Address = 0;
            configuration.Dhcp = new DhcpConfiguration { LinkLocal = false };
        }
    }

    private sealed class SulkingController(TestInterface network, HostThreads threads) : PolledController(network, threads)
    {
        public string? Complaint { get; set; }

        public int Started { get; private set; }

        public override string Find() => Complaint!;

        public override void Start(FramePool pool) => Started++;
    }

    private sealed class Drawn : RandomSource
    {
        public int Count { get; private set; }

        public override uint Next() => (uint)++Count * 2654435761;
    }

    private sealed class RandomController(TestInterface network, HostThreads threads, RandomSource? random) : PolledController(network, threads)
    {
        public override RandomSource CreateRandom() => random!;
    }
}
