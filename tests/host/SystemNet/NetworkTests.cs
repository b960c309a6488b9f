// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using System.Reflection;
using ours::nanoFramework.Networking;
using ours::System.Net;
using ours::System.Net.NetworkInformation;
using TcpIp.Threading;

namespace HostTests.SystemNet;

/// <summary>What asks for and sets address, link and name servers is real: it drives this stack.</summary>
[Collection(NetworkCollection.Name)]
public sealed class NetworkTests(LoopbackNetwork network) : IDisposable
{
    private const int Patience = 10000;

    public void Dispose()
    {
        network.Interface.IsLinkUp = true;
        Assert.Equal(0, network.Network.EnableStatic(Wire.Address("10.0.0.1"), Wire.Address("255.255.255.0"), 0));
        Assert.True(network.Network.WaitForAddress(Patience));
        NetworkHelper.Reset();
        Assert.Equal(NetworkHelperStatus.None, NetworkHelper.Status);
    }

    [Fact]
    public void The_helper_takes_an_address_and_waits_for_it()
    {
        Assert.True(NetworkHelper.SetupAndConnectNetwork(new IPConfiguration("10.0.0.7", "255.255.255.0", "10.0.0.254", ["10.0.0.5"])));
        Assert.Equal(NetworkHelperStatus.NetworkIsReady, NetworkHelper.Status);
        Assert.True(NetworkHelper.NetworkReady.WaitOne(0));
        Assert.Equal("10.0.0.7", IPAddress.GetDefaultLocalAddress().ToString());
        NetworkInterface ethernet = NetworkInterface.GetAllNetworkInterfaces()[0];
        Assert.Equal("10.0.0.254", ethernet.IPv4GatewayAddress);
        Assert.Equal(["10.0.0.5"], ethernet.IPv4DnsAddresses);
    }

    [Fact]
    public void Connecting_may_be_tried_again()
    {
        network.Interface.IsLinkUp = false;
        Assert.True(Eventually(() => !network.Network.IsLinkUp));
        for (int i = 0; i < 2; i++)
        {
            using CancellationTokenSource patience = new(150);
            Assert.False(NetworkHelper.SetupAndConnectNetwork(patience.Token));
            Assert.Equal(NetworkHelperStatus.TokenExpiredWaitingIPAddress, NetworkHelper.Status);
        }

        Assert.False(NetworkHelper.SetupAndConnectNetwork(new IPConfiguration("10.0.0", "255.255.255.0", "0.0.0.0")));
        Assert.Equal(NetworkHelperStatus.ExceptionOccurred, NetworkHelper.Status);
        network.Interface.IsLinkUp = true;
        Assert.True(NetworkHelper.SetupAndConnectNetwork());
        Assert.Null(NetworkHelper.HelperException);
        Assert.True(NetworkHelper.SetupAndConnectNetwork(new IPConfiguration("10.0.0.7", "255.255.255.0", "0.0.0.0")));
        Assert.Equal("10.0.0.7", IPAddress.GetDefaultLocalAddress().ToString());
        Assert.Equal(NetworkHelperStatus.NetworkIsReady, NetworkHelper.Status);
        Assert.True(NetworkHelper.NetworkReady.WaitOne(0));
    }

    [Fact]
    public void The_thread_of_the_helper_is_started_once_until_it_is_reset()
    {
        // what does not begin does not count
        Assert.Throws<ArgumentException>(() => NetworkHelper.SetupNetworkHelper(new IPConfiguration("10.0.0", "255.255.255.0", "0.0.0.0")));
        Assert.True(NetworkHelper.SetupAndConnectNetwork());
        NetworkHelper.SetupNetworkHelper();
        Assert.Throws<InvalidOperationException>(() => NetworkHelper.SetupNetworkHelper());
        Assert.True(NetworkHelper.SetupAndConnectNetwork());
        NetworkHelper.Reset();
        NetworkHelper.SetupNetworkHelper();
        Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
    }

    [Fact]
    public void Without_an_address_of_its_own_the_helper_asks_a_server_unless_the_board_has_one()
    {
        NetworkInterface ethernet = NetworkInterface.GetAllNetworkInterfaces()[0];
        ethernet.EnableStaticIPv4Dns(["10.0.0.5"]);
        Assert.True(NetworkHelper.SetupAndConnectNetwork());
        Assert.False(ethernet.IsDhcpEnabled);
        Assert.Equal(["10.0.0.5"], ethernet.IPv4DnsAddresses);

        Assert.True(NetworkHelper.SetupAndConnectNetwork(new IPConfiguration("10.0.0.7", "255.255.255.0", "0.0.0.0")));
        Assert.True(ethernet.IsAutomaticDnsEnabled);
        ethernet.EnableStaticIPv4Dns(["10.0.0.5"]);
        using CancellationTokenSource patience = new(100);
        Assert.False(NetworkHelper.SetupAndConnectNetwork(patience.Token));
        Assert.True(ethernet.IsDhcpEnabled);
        Assert.True(ethernet.IsAutomaticDnsEnabled);
    }

    [Fact]
    public void Without_a_network_the_helper_says_so()
    {
        EthernetInterface before = EthernetInterface.Current;
        EthernetInterface.Current = null!;
        try
        {
            Assert.Throws<NotSupportedException>(() => NetworkHelper.SetupNetworkHelper());
            Assert.Equal(NetworkHelperStatus.FailedNoNetworkInterface, NetworkHelper.Status);
            NetworkHelper.Reset();
            Assert.False(NetworkHelper.SetupAndConnectNetwork());
            Assert.Equal(NetworkHelperStatus.FailedNoNetworkInterface, NetworkHelper.Status);
        }
        finally
        {
            EthernetInterface.Current = before;
        }

        // and it may be asked again when there is one
        NetworkHelper.SetupNetworkHelper();
        Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_cable_that_is_pulled_is_told_and_one_that_is_put_back_too(bool hasThread)
    {
        if (hasThread)
        {
            NetworkHelper.SetupNetworkHelper();
            Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
        }

        // a handler of a program that throws is no reason not to
        NetworkAvailabilityChangedEventHandler throws = (_, _) => throw new InvalidOperationException("no");
        NetworkChange.NetworkAvailabilityChanged += throws;
        try
        {
            Assert.True(NetworkHelper.SetupAndConnectNetwork());
            network.Interface.IsLinkUp = false;
            Assert.True(Eventually(() => NetworkHelper.Status == NetworkHelperStatus.Reconnecting));
            Assert.False(NetworkHelper.NetworkReady.WaitOne(0));
            using CancellationTokenSource patience = new(100);
            Assert.False(NetworkHelper.SetupAndConnectNetwork(patience.Token));
            Assert.Equal(NetworkHelperStatus.TokenExpiredWaitingIPAddress, NetworkHelper.Status);
            network.Interface.IsLinkUp = true;
            Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
            Assert.Equal(NetworkHelperStatus.NetworkIsReady, NetworkHelper.Status);
        }
        finally
        {
            NetworkChange.NetworkAvailabilityChanged -= throws;
        }
    }

    [Fact]
    public void Handlers_are_told_of_the_address_though_one_of_the_link_throws()
    {
        AutoResetEvent told = new(false);
        ManualResetEvent busy = new(false);
        ManualResetEvent goOn = new(false);
        NetworkAddressChangedEventHandler onAddress = (_, _) => told.Set();
        NetworkAvailabilityChangedEventHandler throws = (_, _) =>
        {
            busy.Set();
            goOn.WaitOne(Patience);
            throw new InvalidOperationException("no");
        };
        NetworkChange.NetworkAvailabilityChanged += throws;
        try
        {
            network.Interface.IsLinkUp = false;
            Assert.True(busy.WaitOne(Patience));
            NetworkChange.NetworkAddressChanged += onAddress;
            network.Interface.IsLinkUp = true;
            Assert.True(Eventually(() => network.Network.IsLinkUp));
            NetworkInterface.GetAllNetworkInterfaces()[0].EnableStaticIPv4("10.0.0.9", "255.255.255.0", "0.0.0.0");

            // both are told in one call; and whoever is named meanwhile keeps nobody from it
            NetworkChange.NetworkAddressChanged += onAddress;
            goOn.Set();
            Assert.True(told.WaitOne(Patience));
        }
        finally
        {
            goOn.Set();
            NetworkChange.NetworkAvailabilityChanged -= throws;
            NetworkChange.NetworkAddressChanged -= onAddress;
            NetworkChange.NetworkAddressChanged -= onAddress;
        }
    }

    [Fact]
    public void Handlers_come_and_go_in_many_threads()
    {
        int told = 0;
        Thread[] threads =
        [
            .. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
            {
                NetworkAddressChangedEventHandler[] onAddress = [.. Enumerable.Range(0, 20).Select(i => new NetworkAddressChangedEventHandler((_, _) => told += i))];
                NetworkAvailabilityChangedEventHandler[] onLink = [.. Enumerable.Range(0, 20).Select(i => new NetworkAvailabilityChangedEventHandler((_, _) => told += i))];
                for (int i = 0; i < 2000; i++)
                {
                    Array.ForEach(onAddress, handler => NetworkChange.NetworkAddressChanged += handler);
                    Array.ForEach(onLink, handler => NetworkChange.NetworkAvailabilityChanged += handler);
                    Array.ForEach(onAddress, handler => NetworkChange.NetworkAddressChanged -= handler);
                    Array.ForEach(onLink, handler => NetworkChange.NetworkAvailabilityChanged -= handler);
                }
            })),
        ];
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());

        // who has gone is gone
        foreach (string handlers in new[] { "s_addressChanged", "s_availabilityChanged" })
        {
            Assert.Null(typeof(NetworkChange).GetField(handlers, BindingFlags.NonPublic | BindingFlags.Static)!.GetValue(null));
        }

        Assert.Equal(0, told);
    }

    [Fact]
    public void Once_it_was_ready_the_event_follows_the_address()
    {
        Assert.True(NetworkHelper.SetupAndConnectNetwork());
        NetworkInterface ethernet = NetworkInterface.GetAllNetworkInterfaces()[0];
        ethernet.EnableDhcp();
        Assert.True(Eventually(() => !NetworkHelper.NetworkReady.WaitOne(0)));
        ethernet.EnableStaticIPv4("10.0.0.1", "255.255.255.0", "0.0.0.0");
        Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
    }

    [Fact]
    public void The_helper_waits_in_a_thread_of_its_own()
    {
        network.Interface.IsLinkUp = false;
        Assert.True(Eventually(() => !network.Network.IsLinkUp));
        NetworkHelper.SetupNetworkHelper(requiresDateTime: true);
        Assert.False(NetworkHelper.NetworkReady.WaitOne(300));
        Assert.Equal(NetworkHelperStatus.Started, NetworkHelper.Status);
        network.Interface.IsLinkUp = true;
        Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
        Assert.Equal(NetworkHelperStatus.NetworkIsReady, NetworkHelper.Status);
    }

    [Fact]
    public void The_helper_sets_an_address_in_its_thread()
    {
        IPConfiguration configuration = new("10.0.0", "255.255.255.0", "0.0.0.0");
        configuration.IPAddress = "10.0.0.8";
        configuration.IPSubnetMask = "255.255.0.0";
        configuration.IPGatewayAddress = "10.0.0.253";
        configuration.IPDns = ["10.0.0.6"];
        Assert.Equal(("10.0.0.8", "255.255.0.0", "10.0.0.253"), (configuration.IPAddress, configuration.IPSubnetMask, configuration.IPGatewayAddress));
        Assert.Equal(["10.0.0.6"], configuration.IPDns);
        NetworkHelper.SetupNetworkHelper(configuration);
        Assert.True(NetworkHelper.NetworkReady.WaitOne(Patience));
        NetworkInterface ethernet = NetworkInterface.GetAllNetworkInterfaces()[0];
        Assert.Equal(("10.0.0.8", "255.255.0.0", "10.0.0.253"), (ethernet.IPv4Address, ethernet.IPv4SubnetMask, ethernet.IPv4GatewayAddress));
        Assert.Equal(["10.0.0.6"], ethernet.IPv4DnsAddresses);
    }

    [Fact]
    public void A_token_ends_the_wait()
    {
        network.Interface.IsLinkUp = false;
        Assert.True(Eventually(() => !network.Network.IsLinkUp));
        using CancellationTokenSource patience = new(200);
        Assert.False(NetworkHelper.SetupAndConnectNetwork(patience.Token));
        Assert.Equal(NetworkHelperStatus.TokenExpiredWaitingIPAddress, NetworkHelper.Status);
        Assert.False(NetworkHelper.NetworkReady.WaitOne(0));
    }

    [Fact]
    public void What_went_wrong_is_kept()
    {
        Assert.False(NetworkHelper.SetupAndConnectNetwork(new IPConfiguration("10.0.0", "255.255.255.0", "0.0.0.0")));
        Assert.Equal(NetworkHelperStatus.ExceptionOccurred, NetworkHelper.Status);
        Assert.IsType<ArgumentException>(NetworkHelper.HelperException);
    }

    [Fact]
    public void Handlers_are_told_of_link_and_address()
    {
        // not disposed of: a handler may still be told when the test has failed
        AutoResetEvent addressChanged = new(false);
        AutoResetEvent linkChanged = new(false);
        bool isAvailable = true;
        NetworkAddressChangedEventHandler onAddress = (_, _) => addressChanged.Set();
        NetworkAvailabilityChangedEventHandler onLink = (_, e) =>
        {
            isAvailable = e.IsAvailable;
            linkChanged.Set();
        };
        NetworkChange.NetworkAddressChanged += onAddress;
        NetworkChange.NetworkAvailabilityChanged += onLink;
        NetworkAPStationChangedEventHandler onStation = (_, _) => Assert.Fail("there is no radio");
        NetworkChange.NetworkAPStationChanged += onStation;
        NetworkChange.NetworkAPStationChanged -= onStation;
        network.Interface.IsLinkUp = false;

        // what the test before has changed may be told first
        Assert.True(Eventually(() => linkChanged.WaitOne(0) && !isAvailable));
        Assert.False(NetworkInterface.GetIsNetworkAvailable());
        network.Interface.IsLinkUp = true;
        Assert.True(linkChanged.WaitOne(Patience));
        Assert.True(isAvailable);
        addressChanged.Reset();
        NetworkInterface.GetAllNetworkInterfaces()[0].EnableStaticIPv4("10.0.0.9", "255.255.255.0", "0.0.0.0");
        Assert.True(addressChanged.WaitOne(Patience));
        Assert.Equal("10.0.0.9", NetworkInterface.GetAllNetworkInterfaces()[0].IPv4Address);

        NetworkChange.NetworkAddressChanged -= onAddress;
        NetworkChange.NetworkAvailabilityChanged -= onLink;
        NetworkInterface.GetAllNetworkInterfaces()[0].EnableStaticIPv4("10.0.0.1", "255.255.255.0", "0.0.0.0");
        Assert.False(addressChanged.WaitOne(300));
    }

    [Fact]
    public void A_server_is_asked_for_an_address()
    {
        NetworkInterface ethernet = NetworkInterface.GetAllNetworkInterfaces()[0];
        ethernet.EnableStaticIPv4Dns(["10.0.0.5"]);
        while (network.Interface.HasOutbound)
        {
            network.Interface.TakeSent();
        }

        ethernet.EnableDhcp();
        Assert.True(ethernet.IsDhcpEnabled);
        Assert.True(ethernet.IsAutomaticDnsEnabled);

        // a DHCPDISCOVER, from port 68 to port 67 of all
        Assert.True(Eventually(() => network.Interface.HasOutbound && network.Interface.TakeSent() is { Length: > 280 } frame && frame[23] == 17 && frame[35] == 68 && frame[37] == 67));
        ethernet.RenewDhcpLease();
        ethernet.EnableStaticIPv4("10.0.0.1", "255.255.255.0", "0.0.0.0");
        Assert.False(ethernet.IsDhcpEnabled);
    }

    [Fact]
    public void A_name_that_nobody_knows()
    {
        // no server is named: nobody can tell
        NetworkInterface.GetAllNetworkInterfaces()[0].EnableAutomaticDns();
        for (int i = 0; i < network.Network.MaximumDnsServers; i++)
        {
            network.Network.SetDnsServer(i, 0);
        }

        Assert.Equal(11002, Assert.Throws<ours::System.Net.Sockets.SocketException>(() => Dns.GetHostEntry("example.org")).ErrorCode);
        Assert.Equal(10022, Assert.Throws<ours::System.Net.Sockets.SocketException>(() => Dns.GetHostEntry("no name..at all")).ErrorCode);
    }

    private static bool Eventually(Func<bool> condition)
    {
        for (int i = 0; i < 500; i++)
        {
            if (condition())
            {
                return true;
            }

            Thread.Sleep(10);
        }

        return false;
    }
}
