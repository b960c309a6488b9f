// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.IPv4;

/// <summary>Our place in the network: which addresses, masks and gateways are taken (RFC 1122 section 3.2.1.3).</summary>
public sealed class NetworkTests : StackTest
{
    [Theory]
    [InlineData("127.0.0.1", "255.0.0.0", "0.0.0.0")]
    [InlineData("0.0.0.1", "255.255.255.0", "0.0.0.0")]
    [InlineData("224.0.0.1", "255.255.255.0", "0.0.0.0")]
    [InlineData("240.0.0.1", "255.255.255.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.0", "0.0.0.0")]
    [InlineData("192.168.1.255", "255.255.255.0", "0.0.0.0")]
    [InlineData("192.168.1.0", "255.255.255.0", "0.0.0.0")]
    [InlineData("192.168.1.50", "255.0.255.0", "0.0.0.0")]
    [InlineData("192.168.1.50", "0.255.255.255", "0.0.0.0")]
    [InlineData("192.168.1.50", "255.255.255.0", "192.168.1.50")]
    [InlineData("192.168.1.50", "255.255.255.0", "192.168.1.255")]
    [InlineData("192.168.1.50", "255.255.255.0", "127.0.0.1")]
    [InlineData("192.168.1.50", "255.255.255.0", "192.168.2.1")]
    [InlineData("192.168.1.50", "255.255.255.0", "10.0.0.1")]
    [InlineData("192.168.1.50", "255.255.255.128", "192.168.1.254")]
    [InlineData("192.168.1.50", "255.255.255.0", "224.0.0.1")]
    public void B6_a_network_that_cannot_be_is_refused_and_changes_nothing(string ip, string mask, string gateway)
    {
        TestNetwork net = Begin();
        net.Advance(10000);
        net.Announcements.Clear();
        SocketError wrong = mask is "255.0.255.0" or "0.255.255.255" ? SocketError.InvalidNetmask
            : gateway == "0.0.0.0" ? SocketError.InvalidAddress : SocketError.InvalidGateway;
        Assert.Equal((int)wrong, net.Stack.Configure(Wire.Address(ip), Wire.Address(mask), Wire.Address(gateway)));
        net.Advance(10000);
        Assert.Empty(net.Announcements);
        Assert.Equal(
            (TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp),
            (net.Stack.IPv4.Address, net.Stack.IPv4.Netmask, net.Stack.IPv4.Gateway));
        net.AssertAlive();
    }

    [Theory]
    [InlineData("10.0.0.0", "255.255.255.254", "10.0.0.1")]
    [InlineData("10.0.0.1", "255.255.255.255", "10.9.9.9")]
    [InlineData("10.0.0.255", "255.255.0.0", "10.0.1.0")]
    [InlineData("10.0.0.1", "0.0.0.0", "0.0.0.0")]
    public void B25_unusual_networks_are_taken(string ip, string mask, string gateway)
    {
        TestNetwork net = Begin();
        Assert.Equal(0, net.Stack.Configure(Wire.Address(ip), Wire.Address(mask), Wire.Address(gateway)));
        Assert.Equal(Wire.Address(ip), net.Stack.IPv4.Address);
        net.Poll();
        Assert.Equal(0, net.Stack.Configure(TestNetwork.StackIp, TestNetwork.Netmask, TestNetwork.GatewayIp));
    }
}
